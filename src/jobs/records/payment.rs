//! Payments as the bank told them.

use super::decision::decisions_of;
use crate::fact::PaymentFact;
use crate::jobs::office::error::JobError;
use crate::matching::{Payment, Verdict};
use crate::money::{Amount, Currency};
use crate::shell::store::{PaymentLine, PaymentRow, Subject, Tx};
use crate::statement::Entry;

/// Sees a payment as the matcher does; `amount` is what is undecided of it, signed.
///
/// # Errors
/// When the books hold something that is no payment.
pub fn view(row: &PaymentRow, amount: Amount) -> Result<Payment, JobError> {
    let entry = entry(row)?;
    let currency: Currency = row.currency()?;
    let detail = usize::try_from(row.detail.unwrap_or(0)).unwrap_or(0);
    Ok(Payment::of_entry(&entry, detail, amount, currency, (row.booked_on, row.value_on), row.payer_iban.clone()))
}

/// Returns what tells of a payment, in the form of a bank's entry.
///
/// # Errors
/// When it cannot be read; the payment is named.
pub fn entry(row: &PaymentRow) -> Result<Entry, JobError> {
    PaymentFact::read_entry(&row.model).map_err(JobError::model(format!("the payment P-{}", row.id)))
}

/// Sees a line of the overview as the matcher does.
///
/// # Errors
/// When the books hold something that is no payment.
pub fn seen(line: &PaymentLine) -> Result<Payment, JobError> {
    let row = PaymentRow {
        id: line.id,
        paid_into: String::new(),
        entry_id: None,
        detail: line.detail,
        amount: line.amount,
        currency: line.currency.clone(),
        booked_on: line.booked_on,
        value_on: line.value_on,
        payer_iban: line.payer_iban.clone(),
        end_to_end_id: None,
        model: line.model.clone(),
    };
    view(&row, Amount::from_minor(line.amount))
}

/// Returns what the matcher last said of a payment; nothing when the owner has decided since.
///
/// # Errors
/// When the books fail.
pub async fn verdict_of(tx: &mut Tx, payment: i64) -> Result<Option<Verdict>, JobError> {
    // What the owner did since is no verdict.
    let decisions = decisions_of(tx, Subject::payment(payment)).await?;
    Ok(decisions.iter().rev().find_map(|decided| decided.fact.matched()).cloned().map(Verdict::from))
}
