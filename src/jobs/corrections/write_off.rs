//! Giving up what is open of an invoice, or a part of it, with a reason (rule K11). Nothing is issued; the customer is not told.

use super::Invoice;
use crate::fact::{ActFact, Subject, WriteoffReason};
use crate::jobs::office::acts::new_act;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::posting::post;
use crate::ledger;
use crate::money::{Amount, Currency};
use crate::question::Money;
use crate::refusal::{DocumentRefusal, PaymentRefusal};
use crate::shell::store::Run;

/// What was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenOff {
    /// The invoice.
    pub number: String,
    /// How much.
    pub amount: Amount,
    /// What is still open of it.
    pub open: Amount,
    /// The currency.
    pub currency: Currency,
}

/// Gives up what is open of an invoice, or an amount of that. `corrects_vat`: the tax is corrected with it.
///
/// # Errors
/// When nothing is open of it, or less, or the books fail.
pub async fn write_off(
    office: &Office,
    run: &Run,
    number: &str,
    amount: Option<&str>,
    (reason, corrects_vat): (WriteoffReason, bool),
) -> Result<WrittenOff, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let invoice = Invoice::of(&mut writing.tx, number).await?;
    let (open, currency) = (invoice.standing.open, invoice.standing.currency);
    if !open.is_positive() {
        return Err(JobError::refused(DocumentRefusal::NothingOpen { number: number.to_owned() }));
    }
    let amount = match amount {
        None => open,
        Some(text) => Amount::typed(text, currency).map_err(|why| JobError::refused(PaymentRefusal::Amount { why }))?,
    };
    if !amount.is_positive() || amount > open {
        let (open, asked) = (Money { amount: open, currency }, Money { amount, currency });
        return Err(JobError::refused(DocumentRefusal::WriteoffExceedsOpen { number: number.to_owned(), open, asked }));
    }
    let id = invoice.row.id;
    post(&mut writing, &ledger::write_off(id, invoice.standing.customer, currency, amount, run.today)).await?;
    writing.look_at(id, Some(run.today)).await?;
    let fact = ActFact::Writeoff { reason, amount: amount.decimal(currency), currency, corrects_vat };
    writing.add_act(new_act(&fact, Subject::Document(id), run.today)).await?;
    writing.commit().await?;
    Ok(WrittenOff { number: number.to_owned(), amount, open: open - amount, currency })
}
