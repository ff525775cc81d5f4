//! What a customer is found by when a payment comes in: number, accounts, the words of the name, and the contracts that a standing
//! order may quote.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::id::CustomerId;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::customer::named;
use crate::reference::Iban;
use crate::shell::store::{ActRow, NewAct, Run, Subject, Writing};

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
pub fn learned(acts: &[ActRow]) -> Vec<LearnedAccount> {
    let mut learned: Vec<LearnedAccount> = Vec::new();
    for act in acts {
        let Some(iban) = iban_in(act) else { continue };
        match act.kind.as_str() {
            "learn_iban" => learned.push(LearnedAccount { iban, on: act.from_on, reason: act.reason.clone() }),
            "forget_iban" => learned.retain(|account| account.iban != iban),
            _ => {}
        }
    }
    learned
}

fn iban_in(act: &ActRow) -> Option<String> {
    let model: Value = serde_json::from_str(act.model.as_deref()?).ok()?;
    Some(model["iban"].as_str()?.to_owned())
}

/// Remembers an account as a customer's: what was forgotten by command is not learned again. Tells whether it is new.
///
/// # Errors
/// When the books fail.
pub async fn learn_iban(
    writing: &mut Writing<'_>,
    customer: CustomerId,
    iban: &str,
    reason: &str,
) -> Result<bool, JobError> {
    let customer = customer.get();
    let known = writing.tx.ibans_of(&format!("[{customer}]")).await?;
    if known.iter().any(|row| row.key == iban) {
        return Ok(false);
    }
    let acts = writing.tx.acts_of(Subject::customer(customer)).await?;
    let forgotten: Vec<&ActRow> =
        acts.iter().filter(|act| act.kind == "forget_iban" && iban_in(act).as_deref() == Some(iban)).collect();
    if !forgotten.iter().all(|act| is_with_assignment(act)) {
        return Ok(false);
    }
    let once_key = Some(format!("learn {customer} {iban} {}", forgotten.len()));
    let act = NewAct { once_key, ..about("learn_iban", customer, json!({ "iban": iban }), reason, writing.today()) };
    let learned = writing.add_act(act).await?.is_some();
    if learned {
        writing.add_customer_key(customer, "iban", iban).await?;
    }
    Ok(learned)
}

/// Tells whether an account was forgotten with the assignment that had taught it; another assignment may teach it again.
fn is_with_assignment(act: &ActRow) -> bool {
    let model: Option<Value> = act.model.as_deref().and_then(|model| serde_json::from_str(model).ok());
    model.is_some_and(|model| model["with_assignment"] == true)
}

/// Forgets an account that only assignments had taught which were taken back. Tells whether it was one.
///
/// # Errors
/// When the books fail.
pub async fn unlearn_iban(writing: &mut Writing<'_>, customer: i64, iban: &str) -> Result<bool, JobError> {
    let acts = writing.tx.acts_of(Subject::customer(customer)).await?;
    let is_learned = learned(&acts).iter().any(|account| account.iban == iban);
    if !is_learned || writing.tx.has_paid_from(customer, iban).await? {
        return Ok(false);
    }
    let model = json!({ "iban": iban, "with_assignment": true });
    forget(writing, customer, iban, about("forget_iban", customer, model, "unassigned", writing.today())).await?;
    Ok(true)
}

async fn forget(writing: &mut Writing<'_>, customer: i64, iban: &str, act: NewAct) -> Result<(), JobError> {
    writing.add_act(act).await?;
    Ok(writing.drop_customer_key(customer, "iban", iban).await?)
}

/// An act about an account of a customer.
fn about(kind: &'static str, customer: i64, model: Value, reason: &str, on: NaiveDate) -> NewAct {
    NewAct {
        kind,
        subject: Subject::customer(customer),
        from_on: on,
        until_on: None,
        reason: reason.to_owned(),
        model: Some(model.to_string()),
        ends: None,
        once_key: None,
    }
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
        return Err(JobError::Refused(format!(
            "{} stands in the book of {customer} (`ibans`); remove it there and say: settled apply",
            iban.grouped()
        )));
    }
    let acts = writing.tx.acts_of(Subject::customer(row.id)).await?;
    if !learned(&acts).iter().any(|account| account.iban == iban.as_str()) {
        return Err(JobError::Refused(format!(
            "{} was not learned of {customer}; see `settled customer show {customer}`",
            iban.grouped()
        )));
    }
    let act = about("forget_iban", row.id, json!({ "iban": iban.as_str() }), reason, run.today);
    forget(&mut writing, row.id, iban.as_str(), act).await?;
    Ok(writing.commit().await?)
}
