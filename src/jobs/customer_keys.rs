//! What a customer is found by when a payment comes in: number, accounts, the words of the name, and the contracts that a standing
//! order may quote.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;

use super::office::{JobError, Office};
use crate::customer::Customer;
use crate::matching::{customer_name_key, payer_text_key};
use crate::reference::{Iban, shape_of, squeeze};
use crate::shell::store::{ActRow, NewAct, Run, Subject, Tx};

/// The keys of a customer, and the shapes of what texts are searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerKeys {
    /// The keys: kind and key.
    pub keys: Vec<(&'static str, String)>,
    /// The shapes of numbers, and the lengths of payers' texts: kind and shape.
    pub shapes: Vec<(&'static str, String)>,
}

/// The part of a contract or one-off invoice that a payer may quote.
#[derive(Debug, Deserialize)]
pub struct Quotable {
    /// Its number.
    pub number: String,
    /// What the payer's standing order says.
    pub payer_text: Option<String>,
}

/// Returns everything that a customer is found by: what the book says, and what was learned since.
///
/// # Errors
/// When the books fail.
pub async fn customer_keys(tx: &mut Tx, id: i64, customer: &Customer) -> Result<CustomerKeys, JobError> {
    let mut keys = vec![("customer", squeeze(&customer.number))];
    let mut shapes = vec![("customer", shape_of(&customer.number))];
    keys.extend(customer.ibans.iter().map(|iban| ("iban", iban.as_str().to_owned())));
    keys.extend(customer_name_key(&customer.name).map(|name| ("name", name)));
    let acts = tx.acts_of(Subject::customer(id)).await?;
    keys.extend(learned(&acts).into_iter().map(|account| ("iban", account.iban)));
    for row in tx.agreements_of(id).await? {
        let Some(model) = row.model else { continue };
        let quotable: Quotable = serde_json::from_str(&model).map_err(JobError::model(row.number))?;
        keys.push(("contract", squeeze(&quotable.number)));
        shapes.push(("contract", shape_of(&quotable.number)));
        if let Some(text) = quotable.payer_text.map(|text| payer_text_key(&text)).filter(|key| !key.is_empty()) {
            shapes.push(("payer_text", text.len().to_string()));
            keys.push(("payer_text", text));
        }
    }
    for list in [&mut keys, &mut shapes] {
        list.sort_unstable();
        list.dedup();
    }
    Ok(CustomerKeys { keys, shapes })
}

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
    let of = |kind: &'static str| {
        acts.iter().filter(move |act| act.kind == kind).filter_map(|act| {
            let model: serde_json::Value = serde_json::from_str(act.model.as_deref()?).ok()?;
            let iban = model["iban"].as_str()?.to_owned();
            Some(LearnedAccount { iban, on: act.from_on, reason: act.reason.clone() })
        })
    };
    let forgotten: BTreeSet<String> = of("forget_iban").map(|account| account.iban).collect();
    of("learn_iban").filter(|account| !forgotten.contains(&account.iban)).collect()
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
    let row = writing.tx.customer_by_number(customer).await?;
    let row =
        row.ok_or_else(|| JobError::Refused(format!("there is no customer {customer}; see `settled customer list`")))?;
    let agreed: Customer =
        serde_json::from_str(&row.model).map_err(JobError::model(format!("the customer {}", row.number)))?;
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
    let act = NewAct {
        kind: "forget_iban",
        subject: Subject::customer(row.id),
        from_on: run.today,
        until_on: None,
        reason: reason.to_owned(),
        model: Some(serde_json::json!({ "iban": iban.as_str() }).to_string()),
        ends: None,
        once_key: None,
    };
    writing.add_act(act).await?;
    writing.drop_customer_key(row.id, "iban", iban.as_str()).await?;
    Ok(writing.commit().await?)
}
