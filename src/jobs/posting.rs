//! Posting: a batch goes into the books together with what follows from it for every document that it touches.

use std::collections::BTreeSet;

use super::office::JobError;
use crate::id::{BatchId, CustomerId, DocumentId};
use crate::ledger::{Batch, Receivable, ReceivableState};
use crate::money::Amount;
use crate::shell::store::{ReceivableRow, Writing};

/// Posts a batch and brings the receivables up to date. Returns the batch and the receivables that it touched, by document.
///
/// # Errors
/// When the books refuse it.
pub async fn post(writing: &mut Writing<'_>, batch: &Batch) -> Result<(BatchId, Vec<ReceivableRow>), JobError> {
    let id = writing.add_batch(batch).await?;
    let documents: BTreeSet<DocumentId> = batch.legs.iter().filter_map(|leg| leg.document).collect();
    let mut touched = Vec::with_capacity(documents.len());
    for document in documents {
        let mut row = writing.tx.receivable(document.get()).await?;
        let mut receivable = receivable(&row)?;
        batch.legs.iter().for_each(|leg| receivable.apply(leg));
        row.open_principal = receivable.principal.minor();
        row.open_fee = receivable.fee.minor();
        row.open_interest = receivable.interest.minor();
        row.state = receivable.state().name().to_owned();
        if receivable.principal.is_zero() {
            row.next_on = None;
        }
        writing.set_open(&row).await?;
        touched.push(row);
    }
    Ok((id, touched))
}

/// Reads a receivable out of its row.
///
/// # Errors
/// When its currency is none.
pub fn receivable(row: &ReceivableRow) -> Result<Receivable, JobError> {
    Ok(Receivable {
        document: DocumentId::from(row.document_id),
        customer: CustomerId::from(row.customer_id),
        currency: row.currency()?,
        gross: Amount::from_minor(row.gross),
        principal: Amount::from_minor(row.open_principal),
        fee: Amount::from_minor(row.open_fee),
        interest: Amount::from_minor(row.open_interest),
        cancelled: row.state == ReceivableState::Cancelled.name(),
    })
}
