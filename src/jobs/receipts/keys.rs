//! The look-up keys of a customer: numbers, accounts, words of the name, contracts.

use serde::Deserialize;

use super::learned::learned;
use crate::customer::Customer;
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::error::JobError;
use crate::matching::{customer_name_key, payer_text_key};
use crate::reference::{shape_of, squeeze};
use crate::shell::store::{Subject, Tx};

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
    let acts = acts_of(tx, Subject::customer(id)).await?;
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
