//! Customers and what was agreed with them.

use crate::customer::Customer;
use crate::fact::{Agreement, RevisionFact};
use crate::id::CustomerId;
use crate::invoice::Document;
use crate::jobs::office::JobError;
use crate::refusal::NameRefusal;
use crate::shell::store::{CustomerRow, Tx};

/// Returns what was agreed with the customer of a row.
///
/// # Errors
/// When it cannot be read; the customer is named.
pub fn agreed_in(row: &CustomerRow) -> Result<Customer, JobError> {
    customer_in(&row.model, &row.number)
}

/// Reads what the book said of a customer.
///
/// # Errors
/// When it cannot be read; the customer is named.
pub fn customer_in(model: &str, number: &str) -> Result<Customer, JobError> {
    RevisionFact::read_customer(model).map_err(JobError::model(format!("the customer {number}")))
}

/// Reads what the book said of a contract or a one-off invoice.
///
/// # Errors
/// When it cannot be read; the contract is named.
pub fn agreement_in(model: &str, number: &str) -> Result<Agreement, JobError> {
    RevisionFact::read_agreement(model).map_err(JobError::model(number))
}

pub(crate) async fn agreed(tx: &mut Tx, customer: CustomerId) -> Result<Customer, JobError> {
    agreed_in(&tx.customer(customer).await?)
}

/// Finds a customer by the number, with what was agreed.
///
/// # Errors
/// In words, when there is none; when the books fail.
pub async fn named(tx: &mut Tx, number: &str) -> Result<(CustomerRow, Customer), JobError> {
    let row = tx.customer_by_number(number).await?;
    let row = row.ok_or_else(|| JobError::refused(NameRefusal::Customer { number: number.to_owned() }))?;
    let agreed = agreed_in(&row)?;
    Ok((row, agreed))
}

/// Returns the dunning policy that the document's contract names.
pub async fn contract_policy(tx: &mut Tx, document: &Document) -> Result<Option<String>, JobError> {
    let Some(number) = &document.contract else { return Ok(None) };
    let Some(row) = tx.agreement_by_number(number).await? else { return Ok(None) };
    let Some(model) = row.model else { return Ok(None) };
    Ok(agreement_in(&model, number)?.dunning_policy().map(str::to_owned))
}
