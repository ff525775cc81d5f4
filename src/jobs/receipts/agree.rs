//! What was agreed by phone on an invoice that is issued: a Skonto of it, as if it stood on its paper (rule M5.3).

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::fact::{ActFact, Acted, Subject};
use crate::jobs::office::acts::{acts_of, new_act};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::agreed_discount;
use crate::money::{Amount, Currency, percent_of};
use crate::question::Money;
use crate::refusal::{DocumentRefusal, NameRefusal};
use crate::shell::store::{NewAct, ReceivableRow, Run, Tx};

/// What the customer and the business agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Percent of the gross amount.
    pub percent: Decimal,
    /// The last day on which it may be paid.
    pub until: NaiveDate,
    /// With whom.
    pub with: String,
    /// Why, or what else was said.
    pub reason: String,
}

/// What is to be paid by an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// What pays the invoice in time.
    pub to_pay: Amount,
    /// Its currency.
    pub currency: Currency,
    /// The day on which it is due by its paper.
    pub due_on: NaiveDate,
}

/// Records an agreement on an invoice; it takes the place of the one before.
///
/// # Errors
/// When there is no such invoice, something of it is paid, the percent or the day is not possible, or the books fail.
pub async fn agree(office: &Office, run: &Run, number: &str, agreement: &Agreement) -> Result<Agreed, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let row = invoice(&mut writing.tx, number).await?;
    let refused = |refusal| Err(JobError::refused(refusal));
    if !row.open_principal.is_positive() {
        return refused(DocumentRefusal::NothingOpen { number: row.number });
    }
    if row.open_principal != row.gross {
        let paid = Money { amount: row.gross - row.open_principal, currency: row.currency };
        return refused(DocumentRefusal::AgreedTooLate { number: row.number, paid });
    }
    let percent = agreement.percent;
    if percent <= Decimal::ZERO || percent >= Decimal::ONE_HUNDRED {
        return refused(DocumentRefusal::AgreedPercent { percent: percent.normalize().to_string() });
    }
    if agreement.until < run.today {
        return refused(DocumentRefusal::DayOver { day: agreement.until });
    }
    if agreement.with.trim().is_empty() {
        return refused(DocumentRefusal::AgreedWithNobody {});
    }
    let subject = Subject::Document(row.document_id);
    let before = agreement_in_force(&acts_of(&mut writing.tx, subject).await?).map(|act| act.id);
    let fact = ActFact::Agree { percent, with: agreement.with.trim().to_owned() };
    writing
        .add_act(NewAct {
            until_on: Some(agreement.until),
            reason: agreement.reason.clone(),
            ends: before,
            ..new_act(&fact, subject, run.today)
        })
        .await?;
    writing.look_at_customer(row.customer_id, run.today).await?;
    writing.commit().await?;
    let to_pay = row.gross - percent_of(row.gross, percent);
    Ok(Agreed { to_pay, currency: row.currency, due_on: row.due_on })
}

/// Takes back what was agreed on an invoice.
///
/// # Errors
/// When there is no such invoice, nothing was agreed on it, or the books fail.
pub async fn withdraw(office: &Office, run: &Run, number: &str, reason: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let row = invoice(&mut writing.tx, number).await?;
    let subject = Subject::Document(row.document_id);
    let Some(before) = agreement_in_force(&acts_of(&mut writing.tx, subject).await?).map(|act| act.id) else {
        return Err(JobError::refused(DocumentRefusal::NotAgreed { number: row.number }));
    };
    let act = new_act(&ActFact::AgreementWithdrawn, subject, run.today);
    writing.add_act(NewAct { reason: reason.to_owned(), ends: Some(before), ..act }).await?;
    writing.look_at_customer(row.customer_id, run.today).await?;
    Ok(writing.commit().await?)
}

fn agreement_in_force(acts: &[Acted]) -> Option<&Acted> {
    acts.iter().rfind(|act| agreed_discount(act).is_some() && !act.is_ended(acts))
}

/// Finds an invoice that a customer owes.
async fn invoice(tx: &mut Tx, number: &str) -> Result<ReceivableRow, JobError> {
    let Some(document) = tx.document_by_number(number).await? else {
        return Err(JobError::refused(NameRefusal::Invoice { number: number.to_owned() }));
    };
    if !document.kind.asks_for_payment() {
        return Err(JobError::refused(NameRefusal::NoInvoice { name: number.to_owned() }));
    }
    Ok(tx.receivable(document.id).await?)
}
