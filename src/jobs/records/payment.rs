//! Payments as the bank told them.

use super::decision::decisions_of;
use crate::fact::{PaymentFact, Subject};
use crate::id::PaymentId;
use crate::jobs::office::JobError;
use crate::matching::{Payment, Verdict};
use crate::money::Amount;
use crate::shell::store::{PaymentLine, PaymentRow, Tx};
use crate::statement::Entry;

/// Sees a payment as the matcher does; `amount` is what is undecided of it, signed.
///
/// # Errors
/// When the books hold something that is no payment.
pub fn view(row: &PaymentRow, amount: Amount) -> Result<Payment, JobError> {
    let entry = entry(row)?;
    let (place, days) = (place(row.detail), (row.booked_on, row.value_on));
    Ok(Payment::of_entry(&entry, place, amount, row.currency, days, row.payer_iban.clone()))
}

/// Returns what tells of a payment, in the form of a bank's entry.
///
/// # Errors
/// When it cannot be read; the payment is named.
pub fn entry(row: &PaymentRow) -> Result<Entry, JobError> {
    told(row.id, &row.model)
}

fn told(payment: PaymentId, model: &str) -> Result<Entry, JobError> {
    PaymentFact::read_entry(model).map_err(JobError::model(format!("the payment {payment}")))
}

/// Which of an entry's details a payment is; the whole of an entry lies in the first place.
fn place(detail: Option<i64>) -> usize {
    usize::try_from(detail.unwrap_or(0)).unwrap_or(0)
}

/// Sees a line of the overview as the matcher does.
///
/// # Errors
/// When the books hold something that is no payment.
pub fn seen(line: &PaymentLine) -> Result<Payment, JobError> {
    let (entry, amount) = (told(line.id, &line.model)?, line.amount);
    let (place, days) = (place(line.detail), (line.booked_on, line.value_on));
    Ok(Payment::of_entry(&entry, place, amount, line.currency, days, line.payer_iban.clone()))
}

/// Returns what the matcher last said of a payment; nothing when the owner has decided since.
pub async fn verdict_of(tx: &mut Tx, payment: PaymentId) -> Result<Option<Verdict>, JobError> {
    // What the owner did since is no verdict.
    let decisions = decisions_of(tx, Subject::Payment(payment)).await?;
    Ok(decisions.iter().rev().find_map(|decided| decided.fact.matched()).cloned().map(Verdict::from))
}
