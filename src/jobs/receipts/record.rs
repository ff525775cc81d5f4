//! Money that no bank file tells of: cash, a card, another account. It is recorded by hand, once, and booked like any other payment.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::assign::{Assigned, Learn, assign_in};
use crate::fact::{Fact as _, PaymentFact, Rest};
use crate::id::PaymentId;
use crate::jobs::office::{JobError, Office};
use crate::ledger::Account;
use crate::money::{Amount, Currency};
use crate::question::Money;
use crate::refusal::PaymentRefusal;
use crate::shell::store::{NewPayment, Run};
use crate::statement::{Entry, Party, Transaction};

/// Where money went that no bank file tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaidBy {
    /// Into the till.
    Cash,
    /// To a card or payment service, which pays it out later.
    Card,
    /// Into an account whose statements settled does not read.
    OtherAccount,
}

impl PaidBy {
    const fn account(self) -> Account {
        match self {
            PaidBy::Cash => Account::Cash,
            PaidBy::Card => Account::Clearing,
            PaidBy::OtherAccount => Account::Bank,
        }
    }
}

/// A payment to be recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// How it was paid.
    pub by: PaidBy,
    /// The day.
    pub on: NaiveDate,
    /// How much, as a decimal.
    pub amount: String,
    /// In which currency.
    pub currency: Currency,
    /// Who paid.
    pub payer: Option<String>,
    /// What there is to say of it; it is searched like the text of a transfer.
    pub note: Option<String>,
    /// The key of another system's line: the same key is recorded once.
    pub key: Option<String>,
}

/// What recording a payment came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The payment.
    pub payment: PaymentId,
    /// The key was recorded before; nothing was booked.
    pub known: bool,
    /// What it was assigned to; nothing where no document was named.
    pub assigned: Option<Assigned>,
}

/// Records a payment, and assigns it to documents where some are named.
///
/// # Errors
/// When amount or day cannot be, the key belongs to another amount, or the documents do not fit; then nothing is recorded.
pub async fn record(
    office: &Office,
    run: &Run,
    recorded: &Recorded,
    documents: &[(String, Option<String>)],
    rest: Rest,
) -> Result<Outcome, JobError> {
    let amount = Amount::typed(&recorded.amount, recorded.currency);
    let amount = amount.map_err(|why| JobError::refused(PaymentRefusal::Amount { why }))?;
    if !amount.is_positive() {
        return Err(JobError::refused(PaymentRefusal::NotPositive {}));
    }
    if recorded.on > run.today {
        return Err(JobError::refused(PaymentRefusal::InFuture { day: recorded.on }));
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    if let Some(key) = &recorded.key
        && let Some((payment, known, currency)) = writing.tx.payment_by_key(key).await?
    {
        if known != amount || currency != recorded.currency {
            return Err(JobError::refused(PaymentRefusal::KeyTaken {
                key: key.clone(),
                payment,
                known: Money { amount: known, currency },
                amount: Money { amount, currency: recorded.currency },
            }));
        }
        return Ok(Outcome { payment, known: true, assigned: None });
    }
    let new = NewPayment {
        paid_into: recorded.by.account(),
        entry: None,
        amount,
        currency: recorded.currency,
        booked_on: recorded.on,
        value_on: recorded.on,
        payer_iban: None,
        end_to_end_id: None,
        external_key: recorded.key.clone(),
        model: Some(PaymentFact::Recorded(as_entry(recorded, amount.decimal(recorded.currency))).write()),
        held_because: None,
    };
    let payment =
        writing.add_payments(vec![new]).await?.pop().ok_or_else(|| JobError::damaged("a payment without id"))?;
    let assigned = if documents.is_empty() {
        None
    } else {
        Some(assign_in(office, &mut writing, payment, documents, rest, Learn::IfNamedAlike).await?)
    };
    writing.commit().await?;
    Ok(Outcome { payment, known: false, assigned })
}

/// Says it in the form of a bank's entry: the matcher and every list read that.
fn as_entry(recorded: &Recorded, amount: Decimal) -> Entry {
    let payer = recorded.payer.clone().map(|name| Party { name: Some(name), ..Party::default() });
    let transaction = Transaction {
        amount: Some(amount),
        currency: Some(recorded.currency),
        debtor: payer,
        ustrd: recorded.note.iter().cloned().collect(),
        ..Transaction::default()
    };
    Entry {
        amount: Some(amount),
        currency: Some(recorded.currency),
        booking_date: Some(recorded.on),
        value_date: Some(recorded.on),
        transactions: vec![transaction],
        ..Entry::default()
    }
}
