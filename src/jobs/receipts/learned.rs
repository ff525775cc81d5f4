//! What a customer is found by when a payment comes in: number, accounts, the words of the name, and the contracts that a standing
//! order may quote.

use chrono::NaiveDate;

use crate::fact::{ActFact, Acted, Subject};
use crate::id::CustomerId;
use crate::jobs::office::JobError;
use crate::jobs::office::Office;
use crate::jobs::office::acts::{acts_of, new_act};
use crate::jobs::records::customer::named;
use crate::matching::KeyKind;
use crate::reference::Iban;
use crate::refusal::CustomerRefusal;
use crate::shell::store::{NewAct, Run, Writing};

/// An account that was learned of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnedAccount {
    /// The IBAN.
    pub iban: String,
    /// The day.
    pub on: NaiveDate,
    /// By what.
    pub reason: String,
}

/// Returns the accounts that were learned and not forgotten, oldest first.
pub fn learned(acts: &[Acted]) -> Vec<LearnedAccount> {
    let mut learned: Vec<LearnedAccount> = Vec::new();
    for act in acts {
        if let ActFact::LearnIban { iban } = &act.fact {
            learned.push(LearnedAccount { iban: iban.clone(), on: act.from_on, reason: act.reason.clone() });
        }
        if let ActFact::ForgetIban { iban, .. } = &act.fact {
            learned.retain(|account| account.iban != *iban);
        }
    }
    learned
}

/// Remembers an account as a customer's: what was forgotten by command is not learned again. Tells whether it is new.
pub async fn learn_iban(
    writing: &mut Writing<'_>,
    customer: CustomerId,
    iban: &str,
    reason: &str,
) -> Result<bool, JobError> {
    let known = writing.tx.ibans_of([&customer]).await?;
    if known.iter().any(|row| row.key == iban) {
        return Ok(false);
    }
    let acts = acts_of(&mut writing.tx, Subject::Customer(customer)).await?;
    let forgotten = acts.iter().filter_map(|act| {
        let ActFact::ForgetIban { iban: forgotten, with_assignment } = &act.fact else { return None };
        (forgotten == iban).then_some(*with_assignment)
    });
    let forgotten: Vec<bool> = forgotten.collect();
    // What went with the assignment that had taught it may be taught by another.
    if !forgotten.iter().all(|with_assignment| *with_assignment) {
        return Ok(false);
    }
    let once_key = Some(format!("learn {} {iban} {}", customer.get(), forgotten.len()));
    let fact = ActFact::LearnIban { iban: iban.to_owned() };
    let act = NewAct { once_key, ..about(&fact, customer, reason, writing.today()) };
    let learned = writing.add_act(act).await?.is_some();
    if learned {
        writing.add_customer_key(customer, KeyKind::Iban, iban).await?;
    }
    Ok(learned)
}

/// Forgets an account that only assignments had taught which were taken back. Tells whether it was one.
pub async fn unlearn_iban(writing: &mut Writing<'_>, customer: CustomerId, iban: &str) -> Result<bool, JobError> {
    let acts = acts_of(&mut writing.tx, Subject::Customer(customer)).await?;
    let is_learned = learned(&acts).iter().any(|account| account.iban == iban);
    if !is_learned || writing.tx.has_paid_from(customer, iban).await? {
        return Ok(false);
    }
    let fact = ActFact::ForgetIban { iban: iban.to_owned(), with_assignment: true };
    forget(writing, customer, iban, about(&fact, customer, "unassigned", writing.today())).await?;
    Ok(true)
}

async fn forget(writing: &mut Writing<'_>, customer: CustomerId, iban: &str, act: NewAct) -> Result<(), JobError> {
    writing.add_act(act).await?;
    Ok(writing.drop_customer_key(customer, KeyKind::Iban, iban).await?)
}

/// An act about an account of a customer.
fn about(fact: &ActFact, customer: CustomerId, reason: &str, on: NaiveDate) -> NewAct {
    NewAct { reason: reason.to_owned(), ..new_act(fact, Subject::Customer(customer), on) }
}

/// Forgets an account that was learned of a customer: payments from it are his no more, and it is not learned again by itself.
///
/// # Errors
/// When it was not learned, or stands in the book.
pub async fn forget_iban(
    office: &Office,
    run: &Run,
    customer: &str,
    iban: &Iban,
    reason: &str,
) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (row, agreed) = named(&mut writing.tx, customer).await?;
    if agreed.ibans.contains(iban) {
        return Err(JobError::refused(CustomerRefusal::IbanInBook {
            iban: iban.grouped(),
            number: customer.to_owned(),
        }));
    }
    let acts = acts_of(&mut writing.tx, Subject::Customer(row.id)).await?;
    if !learned(&acts).iter().any(|account| account.iban == iban.as_str()) {
        return Err(JobError::refused(CustomerRefusal::IbanNotLearned {
            iban: iban.grouped(),
            number: customer.to_owned(),
        }));
    }
    let fact = ActFact::ForgetIban { iban: iban.as_str().to_owned(), with_assignment: false };
    let act = about(&fact, row.id, reason, run.today);
    forget(&mut writing, row.id, iban.as_str(), act).await?;
    Ok(writing.commit().await?)
}
