//! Customers and what was agreed with them.

use crate::customer::Customer;
use crate::invoice::Document;
use crate::jobs::office::error::JobError;
use crate::recurring::Contract;
use crate::shell::store::{CustomerRow, Tx};

pub(crate) async fn agreed(tx: &mut Tx, customer: i64) -> Result<Customer, JobError> {
    let row = tx.customer(customer).await?;
    serde_json::from_str(&row.model).map_err(JobError::model(format!("the customer {}", row.number)))
}

/// Finds a customer by the number, with what was agreed.
///
/// # Errors
/// In words, when there is none; when the books fail.
pub async fn named(tx: &mut Tx, number: &str) -> Result<(CustomerRow, Customer), JobError> {
    let row = tx.customer_by_number(number).await?;
    let row =
        row.ok_or_else(|| JobError::Refused(format!("there is no customer {number}; see `settled customer list`")))?;
    let agreed = serde_json::from_str(&row.model).map_err(JobError::model(format!("the customer {}", row.number)))?;
    Ok((row, agreed))
}

/// Returns the dunning policy that the document's contract names.
///
/// # Errors
/// When the books fail.
pub async fn contract_policy(tx: &mut Tx, document: &Document) -> Result<Option<String>, JobError> {
    let Some(number) = &document.contract else { return Ok(None) };
    let Some(row) = tx.agreement_by_number(number).await? else { return Ok(None) };
    let Some(model) = row.model else { return Ok(None) };
    if row.kind == "once" {
        let one_off: crate::invoice::OneOff = serde_json::from_str(&model).map_err(JobError::model(number.clone()))?;
        return Ok(one_off.dunning_policy);
    }
    let contract: Contract = serde_json::from_str(&model).map_err(JobError::model(number.clone()))?;
    Ok(contract.dunning_policy)
}
