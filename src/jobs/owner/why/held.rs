//! A letter that is earned and held: which commands solve that, and when it can leave.

use crate::command::line;
use crate::dunning::{HeldLetter, HoldReason, Saw};
use crate::fact::{ActFact, Decided, DecisionFact};
use crate::id::PaymentId;
use crate::jobs::office::JobError;
use crate::jobs::office::Office;
use crate::jobs::office::acts::acts_of;
use crate::jobs::owner::undecided::proposal;
use crate::jobs::records::payment::verdict_of;
use crate::shell::store::Tx;
use crate::told::Next;

/// Returns the commands that solve what an invoice waits for; none where only time does, or where it is solved already.
pub(super) async fn solving(
    office: &Office,
    tx: &mut Tx,
    held: &Decided,
    number: &str,
    customer: &str,
) -> Result<Vec<String>, JobError> {
    if matches!(held.fact, DecisionFact::Unwritten { .. }) {
        return Ok(Vec::new());
    }
    let Some((reason, saw, _)) = held.gate() else {
        return Ok(vec![line(["handover", number]), line(["hold", number, "--reason", "…"])]);
    };
    let today = office.day(office.clock.now());
    let acts = acts_of(tx, held.subject).await?;
    let is_own = acts.iter().any(|act| act.fact == ActFact::Hold && act.holds_on(today, &acts));
    let on_hold = if is_own { number } else { customer };
    let deciding = deciding(tx, reason, saw).await?;
    Ok(reason.commands(&HeldLetter { number, customer, on_hold, saw, deciding: &deciding }))
}

/// Returns when a letter that is held can leave.
pub(super) async fn released_by(tx: &mut Tx, held: &Decided) -> Result<Next, JobError> {
    if matches!(held.fact, DecisionFact::Unwritten { .. }) {
        return Ok(Next::TemplateCorrected);
    }
    let Some((reason, saw, _)) = held.gate() else { return Ok(Next::YourTurn) };
    let waits = !deciding(tx, reason, saw).await?.is_empty();
    let on = if let DecisionFact::Held { leaves_on, .. } = &held.fact { *leaves_on } else { None };
    Ok(Next::Leaves { reason, saw: saw.to_owned(), waits, on })
}

/// Returns the commands that decide the payment that a gate saw: those that are proposed, and that it concerns no invoice.
async fn deciding(tx: &mut Tx, reason: HoldReason, payment: &str) -> Result<Vec<String>, JobError> {
    if reason.saw() != Saw::Payment {
        return Ok(Vec::new());
    }
    let Ok(id) = payment.parse::<PaymentId>() else { return Ok(Vec::new()) };
    let Some(row) = tx.waiting_payment(id).await? else { return Ok(Vec::new()) };
    let verdict = verdict_of(tx, row.id).await?;
    let mut commands = proposal(tx, &row, verdict.as_ref()).await?.commands();
    let ignore = line(["payments", "ignore", payment]);
    if !commands.contains(&ignore) {
        commands.push(ignore);
    }
    Ok(commands)
}
