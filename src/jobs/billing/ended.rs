//! What was invoiced after the end of a contract.

use crate::fact::{Agreement, Subject};
use crate::jobs::office::JobError;
use crate::jobs::office::acts::acts_of;
use crate::jobs::records::act::by_command;
use crate::jobs::records::customer::agreement_in;
use crate::recurring::{AfterEnd, Invoiced, after_end};
use crate::shell::store::{PeriodRow, Tx};

/// Returns the periods of a contract that were invoiced.
pub async fn invoiced(tx: &mut Tx, periods: &[PeriodRow]) -> Result<Vec<Invoiced>, JobError> {
    let mut invoiced = Vec::new();
    for period in periods {
        let Some(document) = period.document_id else { continue };
        let row = tx.document(document).await?;
        invoiced.push(Invoiced {
            number: row.number,
            starts_on: period.starts_on,
            ends_on: period.ends_on,
            gross: row.gross,
            currency: row.currency,
        });
    }
    Ok(invoiced)
}

/// Finds what was invoiced after the end of contracts: the number of each, and what of its invoices.
pub async fn invoiced_after_end(tx: &mut Tx) -> Result<Vec<(String, AfterEnd)>, JobError> {
    let mut found = Vec::new();
    for row in tx.ended_contracts().await? {
        let Some(model) = &row.model else { continue };
        let contract = match agreement_in(model, &row.number) {
            Ok(Agreement::Recurring(contract)) => contract,
            // What cannot be read is told of where it would be invoiced.
            Ok(Agreement::Once(_) | Agreement::Quote(_)) | Err(JobError::Model { .. }) => continue,
            Err(error) => return Err(error),
        };
        let contract = contract.under(&by_command(&acts_of(tx, Subject::Contract(row.id)).await?));
        let Some(last_day) = contract.last_day() else { continue };
        let mut periods = tx.periods_of(row.id).await?;
        periods.retain(|period| period.ends_on > last_day);
        let invoiced = invoiced(tx, &periods).await?;
        found.extend(after_end(&contract, &invoiced).into_iter().map(|part| (row.number.clone(), part)));
    }
    Ok(found)
}
