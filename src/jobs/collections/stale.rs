//! Bank data that are too old to remind anybody: noted, and told to the owner.

use serde_json::json;

use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::alarm::alarm;
use crate::jobs::records::decision::BANK_RULE;
use crate::journal::canonical;
use crate::letter::Alarm;
use crate::shell::store::{NewDecision, Run, Subject};

/// The rule of letters that wait for the bank's data.
const BANK_STALE: &str = "D5 bank_stale";

/// Remembers whether letters wait for the bank's data, and tells the owner the same day when they begin to. What was remembered is
/// compared, not what was held before: the sender may have held the first of them, or a crash may have come between.
pub(super) async fn note_staleness(office: &Office, run: &Run) -> Result<(), JobError> {
    let mut tx = office.store.read().await?;
    let stale = tx.standing("held").await?.iter().any(|held| held.rule == BANK_STALE);
    let verdict = if stale { "stale" } else { "fresh" };
    let last = tx.latest_by_rule(Subject::BOOKS, BANK_RULE).await?;
    drop(tx);
    if last.map_or(!stale, |last| last.verdict == verdict) {
        return Ok(());
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (rule, verdict, facts) = (BANK_RULE.to_owned(), verdict.to_owned(), canonical(&json!({})));
    writing.add_decision(NewDecision { subject: Subject::BOOKS, rule, verdict, facts, next_on: None }).await?;
    if stale {
        alarm(&mut writing, Alarm::BankStale).await?;
    }
    Ok(writing.commit().await?)
}
