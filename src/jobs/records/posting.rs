//! Posting: a batch goes into the books together with what follows from it for every document that it touches.

use std::collections::{BTreeSet, HashMap};

use crate::id::{BatchId, DocumentId};
use crate::jobs::office::JobError;
use crate::ledger::{Account, Batch, Leg, Receivable, ReceivableState, TakenBack};
use crate::money::Amount;
use crate::shell::store::{PostingRow, ReceivableRow, TakenBackRow, Writing};

/// Posts a batch and brings the receivables up to date. Returns the batch and the receivables that it touched, by document.
///
/// # Errors
/// When the books refuse it.
pub async fn post(writing: &mut Writing<'_>, batch: &Batch) -> Result<(BatchId, Vec<ReceivableRow>), JobError> {
    let (ids, touched) = post_all(writing, std::slice::from_ref(batch)).await?;
    Ok((ids[0], touched))
}

/// Posts batches, one after the other, and brings the receivables up to date. Returns the batches in order and the receivables
/// that they touched, by document.
///
/// # Errors
/// When the books refuse one.
pub async fn post_all(
    writing: &mut Writing<'_>,
    batches: &[Batch],
) -> Result<(Vec<BatchId>, Vec<ReceivableRow>), JobError> {
    let ids = writing.add_batches(batches).await?;
    let legs: Vec<&Leg> = batches.iter().flat_map(|batch| &batch.legs).collect();
    let documents: BTreeSet<DocumentId> = legs.iter().filter_map(|leg| leg.document).collect();
    if documents.is_empty() {
        return Ok((ids, Vec::new()));
    }
    let mut touched = writing.tx.receivables(&documents).await?;
    let places: HashMap<DocumentId, usize> =
        touched.iter().enumerate().map(|(place, row)| (row.document_id, place)).collect();
    let mut receivables = touched.iter().map(receivable).collect::<Vec<_>>();
    for leg in legs {
        let Some(document) = leg.document else { continue };
        let place = places.get(&document);
        let place = place.ok_or_else(|| JobError::damaged(format!("document {} is owed by nobody", document.get())))?;
        receivables[*place].apply(leg);
    }
    see_taken_back(writing, &mut receivables).await?;
    for (row, receivable) in touched.iter_mut().zip(&receivables) {
        row.open_principal = receivable.principal;
        row.open_fee = receivable.fee;
        row.open_interest = receivable.interest;
        row.state = receivable.state();
        if receivable.principal.is_zero() {
            // Letters that left although the money was there are looked for once.
            row.next_on = Some(writing.today()).filter(|_| row.stage > 0);
        }
    }
    writing.set_open(&touched).await?;
    Ok((ids, touched))
}

/// Looks what takes documents back that are closed.
async fn see_taken_back(writing: &mut Writing<'_>, receivables: &mut [Receivable]) -> Result<(), JobError> {
    let closed = receivables.iter().filter(|r| r.principal.is_zero() && r.gross.is_positive());
    let closed: Vec<DocumentId> = closed.map(|r| r.document).collect();
    for TakenBackRow { document_id, cancellations, credited, written_off } in writing.tx.taken_back(&closed).await? {
        if let Some(own) = receivables.iter_mut().find(|r| r.document == document_id) {
            own.taken_back = TakenBack { cancelled: cancellations > 0, credited, written_off };
        }
    }
    Ok(())
}

/// Brings the state of a document up to date after something took it back that it has no posting of.
///
/// # Errors
/// When nobody owes it.
pub async fn restate(writing: &mut Writing<'_>, document: DocumentId) -> Result<(), JobError> {
    let mut row = writing.tx.receivable(document).await?;
    let mut own = [receivable(&row)];
    see_taken_back(writing, &mut own).await?;
    row.state = own[0].state();
    Ok(writing.set_open(&[row]).await?)
}

/// What became of the costs or the interest of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimed {
    /// What letters claim, less what was taken back with them.
    pub claimed: Amount,
    /// What of it was paid or given up.
    pub settled: Amount,
}

/// Tells what became of an account of a document: its costs or its interest. What is claimed is earned: its batch has a leg on revenue. All
/// else paid it, by money or by credit, or gave it up.
pub fn claimed_on(legs: &[PostingRow], account: Account) -> Claimed {
    let claims: BTreeSet<BatchId> =
        legs.iter().filter(|leg| leg.account == Account::Revenue).map(|leg| leg.batch_id).collect();
    let sum = |is_claim: bool| -> Amount {
        let own = legs.iter().filter(|leg| leg.account == account && claims.contains(&leg.batch_id) == is_claim);
        own.map(|leg| leg.amount).sum()
    };
    Claimed { claimed: sum(true), settled: -sum(false) }
}

/// Reads a receivable out of its row.
pub fn receivable(row: &ReceivableRow) -> Receivable {
    Receivable {
        document: row.document_id,
        customer: row.customer_id,
        currency: row.currency,
        gross: row.gross,
        principal: row.open_principal,
        fee: row.open_fee,
        interest: row.open_interest,
        taken_back: TakenBack { cancelled: row.state == ReceivableState::Cancelled, ..TakenBack::default() },
    }
}
