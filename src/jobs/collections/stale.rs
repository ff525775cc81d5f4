//! Letters that wait for something of which the owner hears at once, such as bank data that are too old to remind anybody.

use crate::dunning::HoldReason;
use crate::fact::{DecisionFact, Subject, VerdictKind};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::alarm::alarm;
use crate::jobs::records::decision::{latest_by_rule, new_decision};
use crate::letter::Alarm;
use crate::shell::store::Run;

/// Remembers of each gate whether letters wait for it, and tells the owner the same day when they begin to, where its entry says so. What
/// was remembered is compared, not what was held before: the sender may have held the first of them, or a crash may have come between.
pub(super) async fn note_staleness(office: &Office, run: &Run) -> Result<(), JobError> {
    let mut tx = office.store.read().await?;
    let held = tx.standing(VerdictKind::Held).await?;
    let mut news = Vec::new();
    for reason in HoldReason::all() {
        let Some(told) = reason.told_at_once() else { continue };
        let waits = held.iter().any(|held| HoldReason::by_rule(&held.rule) == Some(reason));
        let fact = if waits { DecisionFact::LettersWait {} } else { DecisionFact::LettersLeave {} };
        let last = latest_by_rule(&mut tx, Subject::Books, told.rule).await?;
        if last.map_or(waits, |last| last.fact != fact) {
            news.push((told.rule, fact, waits.then_some(reason)));
        }
    }
    drop(tx);
    if news.is_empty() {
        return Ok(());
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    for (rule, fact, told) in news {
        writing.add_decision(new_decision(Subject::Books, rule, &fact, None)).await?;
        if let Some(told) = told {
            alarm(&mut writing, Alarm::Gate(told)).await?;
        }
    }
    Ok(writing.commit().await?)
}
