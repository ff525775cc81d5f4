//! Bank data that are too old to remind anybody: noted, and told to the owner.

use crate::fact::DecisionFact;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::alarm::alarm;
use crate::jobs::records::decision::{BANK_RULE, latest_by_rule, new_decision};
use crate::shell::store::{Run, Subject};

/// The rule of letters that wait for the bank's data.
const BANK_STALE: &str = "D5 bank_stale";

/// Remembers whether letters wait for the bank's data, and tells the owner the same day when they begin to. What was remembered is
/// compared, not what was held before: the sender may have held the first of them, or a crash may have come between.
pub(super) async fn note_staleness(office: &Office, run: &Run) -> Result<(), JobError> {
    let mut tx = office.store.read().await?;
    let stale = tx.standing("held").await?.iter().any(|held| held.rule == BANK_STALE);
    let fact = if stale { DecisionFact::BankStale {} } else { DecisionFact::BankFresh {} };
    let last = latest_by_rule(&mut tx, Subject::BOOKS, BANK_RULE).await?;
    drop(tx);
    if last.map_or(!stale, |last| last.fact == fact) {
        return Ok(());
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    writing.add_decision(new_decision(Subject::BOOKS, BANK_RULE, &fact, None)).await?;
    if stale {
        alarm(&mut writing, "bank_stale").await?;
    }
    Ok(writing.commit().await?)
}
