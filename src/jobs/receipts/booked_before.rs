//! What an earlier payment booked or waits for, for one that returns it.

use std::collections::BTreeSet;

use crate::id::{DocumentId, PaymentId};
use crate::jobs::office::JobError;
use crate::jobs::records::payment::verdict_of;
use crate::ledger::{Account, BatchKind};
use crate::matching::{Allocation, Booked, Candidate, HeldBecause, Payment};
use crate::money::Amount;
use crate::shell::store::{PostingRow, Tx};

/// Returns what a return gives back, with the sign of the money that moved then; `money_in`: money that had gone out comes back.
fn original_amount(payment: &Payment, money_in: bool) -> Amount {
    let amount = payment.amount - payment.charges;
    if money_in { -amount } else { amount }
}

/// Returns the payments that a return names by the bank's reference, or by end-to-end id and amount; each with the reference. They may be
/// decided or not.
pub async fn referred(
    tx: &mut Tx,
    payment: &Payment,
    money_in: bool,
) -> Result<Vec<(PaymentId, Option<String>)>, JobError> {
    let original = original_amount(payment, money_in);
    let mut ids: Vec<(PaymentId, Option<String>)> = Vec::new();
    if let Some(reference) = &payment.original_bank_ref {
        let payments = tx.payments_by_ref(reference, original).await?;
        ids.extend(payments.into_iter().map(|id| (id, Some(reference.clone()))));
    }
    if let Some(id) = &payment.end_to_end_id {
        ids.extend(tx.payments_by_end_to_end(id, original).await?.into_iter().map(|id| (id, None)));
    }
    Ok(ids)
}

/// Returns the earlier payments that a return may give back, the newest first: those that it refers to, and those that were booked on a
/// document that it names or wait for one. Who was not tried yet is not there yet, and what a person must look at first is no payment
/// so far (rule M1).
///
/// # Errors
/// When the books cannot be read, or hold a payment that is none.
pub async fn booked_before(
    tx: &mut Tx,
    payment: &Payment,
    money_in: bool,
    referred: Vec<(PaymentId, Option<String>)>,
    named: &[Candidate],
) -> Result<Vec<Booked>, JobError> {
    let mut ids = referred;
    for document in named {
        ids.extend(tx.payments_on(document.id).await?.into_iter().map(|id| (id, None)));
    }
    if let Some(currency) = payment.currency.filter(|_| !named.is_empty()) {
        let original = original_amount(payment, money_in);
        let waiting = tx.waiting_with_amount(currency, original).await?;
        ids.extend(waiting.into_iter().map(|id| (id, None)));
    }
    let mut booked: Vec<Booked> = Vec::new();
    for (id, bank_ref) in ids {
        if booked.iter().any(|b| b.payment == Some(id)) {
            continue;
        }
        let is_other_way = |amount: Amount| amount.is_negative() == money_in;
        let Some(row) = tx.payment(id).await?.filter(|row| is_other_way(row.amount)) else { continue };
        let allocations = allocations(&allocated_legs(tx, id).await?);
        let documents = if allocations.is_empty() {
            if !waits(tx, id).await? {
                continue;
            }
            meant(tx, id).await?
        } else {
            allocations.iter().map(|allocation| allocation.document).collect()
        };
        booked.push(Booked {
            payment: Some(id),
            booked_on: row.booked_on,
            bank_ref,
            end_to_end_id: row.end_to_end_id,
            amount: row.amount.abs(),
            allocations,
            documents,
        });
    }
    booked.sort_by_key(|booked| std::cmp::Reverse((booked.booked_on, booked.payment)));
    Ok(booked)
}

/// Tells whether a payment was tried, and waits for the owner's word which document it is for.
async fn waits(tx: &mut Tx, payment: PaymentId) -> Result<bool, JobError> {
    let Some(open) = tx.open_payment(payment).await? else { return Ok(false) };
    let is_from_the_ladder = match open.held_because {
        None | Some(HeldBecause::Again | HeldBecause::Unassigned) => true,
        Some(
            HeldBecause::PossibleDuplicate
            | HeldBecause::BatchWithoutDetails
            | HeldBecause::CurrencyMismatch
            | HeldBecause::BankFee
            | HeldBecause::ReturnUnmatched
            | HeldBecause::Failed,
        ) => false,
    };
    Ok(is_from_the_ladder && !tx.on_payer(payment).await?.is_zero())
}

/// The documents that were proposed for a payment that waits, or that it could be for.
async fn meant(tx: &mut Tx, payment: PaymentId) -> Result<Vec<DocumentId>, JobError> {
    let Some(verdict) = verdict_of(tx, payment).await? else { return Ok(Vec::new()) };
    let proposed = verdict.allocations.iter().map(|allocation| allocation.document);
    Ok(proposed.chain(verdict.candidates.iter().copied()).collect())
}

/// Returns the legs of the live allocations of a payment.
async fn allocated_legs(tx: &mut Tx, payment: PaymentId) -> Result<Vec<PostingRow>, JobError> {
    let mut legs = Vec::new();
    for batch in tx.live_batches_of(payment).await?.into_iter().filter(|batch| batch.kind == BatchKind::Allocation) {
        legs.extend(tx.legs_of(batch.id).await?);
    }
    Ok(legs)
}

/// Returns what each document got, out of the legs that booked it. A discount is a leg of its own, so the principal is what the
/// document lost less that.
fn allocations(legs: &[PostingRow]) -> Vec<Allocation> {
    let documents: BTreeSet<DocumentId> = legs.iter().filter_map(|leg| leg.document_id).collect();
    let of = |document: DocumentId, account: Account| -> Amount {
        let own = legs.iter().filter(|leg| leg.document_id == Some(document) && leg.account == account);
        own.map(|leg| leg.amount).sum()
    };
    let shares = documents.into_iter().map(|document| {
        let discount = of(document, Account::Discount);
        Allocation {
            document,
            principal: -of(document, Account::Principal) - discount,
            discount,
            fees: -of(document, Account::Fee),
            interest: -of(document, Account::Interest),
        }
    });
    shares.collect()
}
