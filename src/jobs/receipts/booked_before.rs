//! What an earlier payment booked, for one that returns it.

use std::collections::BTreeSet;

use crate::id::{DocumentId, PaymentId};
use crate::jobs::office::error::JobError;
use crate::ledger::{Account, BatchKind};
use crate::matching::{Allocation, Booked, Candidate, Payment};
use crate::money::Amount;
use crate::shell::store::{PostingRow, Tx};

/// Returns the earlier payments that a return may give back, the newest first: by the bank's reference, by end-to-end id, or on a named
/// document. `money_in`: money that had gone out comes back.
///
/// # Errors
/// When the books fail.
pub async fn booked_before(
    tx: &mut Tx,
    payment: &Payment,
    money_in: bool,
    named: &[Candidate],
) -> Result<Vec<Booked>, JobError> {
    let mut ids: Vec<(i64, Option<String>)> = Vec::new();
    let original = payment.amount - payment.charges;
    let original = if money_in { -original } else { original };
    if let Some(reference) = &payment.original_bank_ref {
        let payments = tx.payments_by_ref(reference, original.minor()).await?;
        ids.extend(payments.into_iter().map(|id| (id, Some(reference.clone()))));
    }
    if let Some(id) = &payment.end_to_end_id {
        ids.extend(tx.payments_by_end_to_end(id, original.minor()).await?.into_iter().map(|id| (id, None)));
    }
    for document in named {
        ids.extend(tx.payments_on(document.id.get()).await?.into_iter().map(|id| (id, None)));
    }
    let mut booked: Vec<Booked> = Vec::new();
    for (id, bank_ref) in ids {
        if booked.iter().any(|b| b.payment == Some(PaymentId::from(id))) {
            continue;
        }
        let legs = allocated_legs(tx, id).await?;
        let is_there = !legs.is_empty() || tx.open_payment(id).await?.is_some();
        let is_other_way = |amount: i64| (amount < 0) == money_in;
        let Some(row) = tx.payment(id).await?.filter(|row| is_other_way(row.amount) && is_there) else { continue };
        booked.push(Booked {
            payment: Some(PaymentId::from(id)),
            bank_ref,
            end_to_end_id: row.end_to_end_id,
            amount: Amount::from_minor(row.amount).abs(),
            allocations: allocations(&legs),
        });
    }
    booked.sort_by_key(|booked| std::cmp::Reverse(booked.payment));
    Ok(booked)
}

/// Returns the legs of the live allocations of a payment.
async fn allocated_legs(tx: &mut Tx, payment: i64) -> Result<Vec<PostingRow>, JobError> {
    let mut legs = Vec::new();
    for batch in tx.live_batches_of(payment).await?.into_iter().filter(|batch| batch.kind == BatchKind::Allocation) {
        legs.extend(tx.legs_of(batch.id).await?);
    }
    Ok(legs)
}

/// Returns what each document got, out of the legs that booked it. A discount is a leg of its own, so the principal is what the
/// document lost less that.
fn allocations(legs: &[PostingRow]) -> Vec<Allocation> {
    let documents: BTreeSet<i64> = legs.iter().filter_map(|leg| leg.document_id).collect();
    let of = |document: i64, account: Account| -> Amount {
        let own = legs.iter().filter(|leg| leg.document_id == Some(document) && leg.account == account);
        own.map(|leg| Amount::from_minor(leg.amount)).sum()
    };
    let shares = documents.into_iter().map(|document| {
        let discount = of(document, Account::Discount);
        Allocation {
            document: DocumentId::from(document),
            principal: -of(document, Account::Principal) - discount,
            discount,
            fees: -of(document, Account::Fee),
            interest: -of(document, Account::Interest),
        }
    });
    shares.collect()
}
