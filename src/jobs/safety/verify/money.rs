//! Money: bookings that sum to zero, payments whose every cent is somewhere, invoices that are open for what their postings say.

use std::collections::BTreeSet;

use super::check::{Check, PAGE};
use super::repair::Repair;
use crate::fact::{Subject, VerdictKind};
use crate::id::{CustomerId, PaymentId};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::decision::latest;
use crate::jobs::records::document::document_in;
use crate::language::Language;
use crate::ledger::{Receivable, ReceivableState};
use crate::matching::Because;
use crate::money::{Amount, Currency};
use crate::shell::store::{PaymentProof, ReceivableProof, ReceivableRow, Tx};

fn money(amount: Amount, currency: Currency) -> String {
    amount.with_currency(currency, Language::En)
}

/// Every booking sums to zero in each currency.
pub(super) async fn bookings(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new("bookings", "bookings: each sums to zero");
    check.counted = usize::try_from(tx.last_id("batch").await?).unwrap_or(0);
    for (batch, currency, sum) in tx.unbalanced_batches().await? {
        check.damaged(format!("booking {} is off by {}", batch.get(), money(sum, currency)));
    }
    for batch in tx.unsealed_batches().await? {
        check.damaged(format!("there are postings of booking {}, which is gone", batch.get()));
    }
    Ok(check)
}

/// Every payment: what was booked of it is what it is over, and what lies on `payer` is what is undecided.
pub(super) async fn payments(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new("payments", "payments: every cent is assigned, credit, given up, or undecided");
    let mut after = None;
    loop {
        let page = tx.payment_proofs(after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(check) };
        after = Some(last.id);
        for proof in &page {
            check.counted += 1;
            payment(tx, proof, &mut check).await?;
        }
    }
}

async fn payment(tx: &mut Tx, proof: &PaymentProof, check: &mut Check) -> Result<(), JobError> {
    let name = proof.id;
    let said = |amount: Amount| money(amount, proof.currency);
    let open = proof.open_amount.unwrap_or_default();
    let is_untouched = proof.money.is_zero() && proof.on_payer.is_zero();
    if is_untouched && proof.verdict.is_some_and(VerdictKind::books_nothing) {
        if !open.is_zero() {
            let words = format!("{name} concerns no invoice, but {} of it are undecided", said(open));
            check.stray(words, Repair::OpenPayment { payment: proof.id, open: Amount::ZERO, currency: proof.currency });
        }
        return Ok(());
    }
    // Before it was tried for the first time nothing is booked of it.
    let undecided = if is_untouched && proof.verdict.is_none() { proof.amount } else { -proof.on_payer };
    if !is_untouched && proof.money != proof.amount {
        check.damaged(format!("{name} is over {}, but {} are booked of it", said(proof.amount), said(proof.money)));
    }
    if is_untouched && proof.verdict.is_some() {
        check.damaged(format!("{name} over {} is decided, but nothing is booked of it", said(proof.amount)));
        return Ok(());
    }
    if undecided != open {
        let words = format!("{name}: {} are undecided, the list of open payments says {}", said(undecided), said(open));
        let repair = Repair::OpenPayment { payment: proof.id, open: undecided, currency: proof.currency };
        check.stray(words, repair);
    }
    if !open.is_zero() {
        concerned(tx, proof.id, check).await?;
    }
    Ok(())
}

/// The customers whose letters an undecided payment holds are those of the decision that stands.
async fn concerned(tx: &mut Tx, payment: PaymentId, check: &mut Check) -> Result<(), JobError> {
    // Where the owner decided last, no verdict of the matcher says whom the payment concerns.
    let last = latest(tx, Subject::Payment(payment)).await?;
    let Some(matched) = last.as_ref().and_then(|last| last.fact.matched()) else { return Ok(()) };
    let due: BTreeSet<(CustomerId, Because)> = matched.concerns.iter().copied().collect();
    let known = tx.concerned(payment).await?;
    let same = known.len() == due.len() && known.iter().all(|(id, because)| due.contains(&(*id, *because)));
    if !same {
        let words = format!("{payment} holds the letters of other customers than was decided");
        check.stray(words, Repair::Concerns { payment, customers: due.into_iter().collect() });
    }
    Ok(())
}

/// Every document is open for the sum of its postings, and has the state and stage that follow.
pub(super) async fn receivables(office: &Office, tx: &mut Tx) -> Result<Check, JobError> {
    let mut check =
        Check::new("invoices", "invoices and credit notes: what is open of each is the sum of its postings");
    let mut after = None;
    loop {
        let page = tx.receivable_proofs(after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(check) };
        after = Some(last.document_id);
        for proof in &page {
            check.counted += usize::from(proof.principal.is_some());
            receivable(office, proof, &mut check)?;
        }
    }
}

fn receivable(office: &Office, proof: &ReceivableProof, check: &mut Check) -> Result<(), JobError> {
    let (number, currency) = (&proof.number, proof.currency);
    let Some(principal) = proof.principal else {
        if proof.known_customer_id.is_some() {
            let words = format!("{number} was never owed, but stands among what is open");
            check.stray(words, Repair::NoReceivable { document: proof.document_id });
        }
        return Ok(());
    };
    let due = due(office, proof, principal)?;
    if proof.known_customer_id.is_none() {
        let words = format!("{number} is missing among what is open: {}", money(principal, currency));
        check.stray(words, Repair::AddReceivable(Box::new(due)));
        return Ok(());
    }
    let mut wrong = Vec::new();
    for (what, says, is) in [
        ("open", proof.open_principal, due.open_principal),
        ("costs", proof.open_fee, due.open_fee),
        ("interest", proof.open_interest, due.open_interest),
    ] {
        let says = says.unwrap_or_default();
        if says != is {
            wrong.push(format!("{what} {}, its postings say {}", money(says, currency), money(is, currency)));
        }
    }
    if proof.state != Some(due.state) {
        let says = proof.state.map_or("", ReceivableState::name);
        wrong.push(format!("it is `{says}`, it should be `{}`", due.state.name()));
    }
    if proof.stage.unwrap_or(0) != due.stage {
        wrong.push(format!("stage {}, its letters say {}", proof.stage.unwrap_or(0), due.stage));
    }
    if proof.known_customer_id != Some(due.customer_id) {
        wrong.push("it is another customer's".to_owned());
    }
    if !wrong.is_empty() {
        check.stray(format!("{number}: {}", wrong.join("; ")), Repair::Receivable(Box::new(due)));
    }
    Ok(())
}

/// What the working table should say of a document; it is looked at today.
fn due(office: &Office, proof: &ReceivableProof, principal: Amount) -> Result<ReceivableRow, JobError> {
    let receivable = Receivable {
        document: proof.document_id,
        customer: proof.customer_id,
        currency: proof.currency,
        gross: proof.gross,
        principal,
        fee: proof.fee.unwrap_or_default(),
        interest: proof.interest.unwrap_or_default(),
        cancelled: proof.cancellations > 0,
    };
    let state = receivable.state();
    let is_looked_at = principal.is_positive() && state != ReceivableState::Cancelled;
    let today = office.day(office.clock.now());
    let due_on = match proof.due_on {
        Some(day) => day,
        None => {
            let document = document_in(&proof.model, &proof.number)?;
            office.business_days().next(document.due_on)
        }
    };
    Ok(ReceivableRow {
        document_id: proof.document_id,
        number: proof.number.clone(),
        gross: proof.gross,
        customer_id: proof.customer_id,
        currency: proof.currency,
        open_principal: principal,
        open_fee: receivable.fee,
        open_interest: receivable.interest,
        state,
        due_on,
        stage: proof.reached.unwrap_or(0),
        next_on: is_looked_at.then_some(today),
        issued_on: proof.issued_on,
    })
}
