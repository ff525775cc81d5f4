//! Money: bookings that sum to zero, payments whose every cent is somewhere, invoices that are open for what their postings say.

use std::collections::BTreeSet;

use super::check::{Check, PAGE};
use super::repair::Repair;
use crate::fact::{Subject, VerdictKind};
use crate::id::{CustomerId, PaymentId};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::decision::latest;
use crate::jobs::records::document::document_in;
use crate::ledger::{Receivable, ReceivableState, TakenBack};
use crate::matching::Because;
use crate::money::Amount;
use crate::question::Money;
use crate::shell::store::{PaymentProof, ReceivableProof, ReceivableRow, Tx};
use crate::told::{Amiss, Flaw, Looked};

/// Every booking sums to zero in each currency.
pub(super) async fn bookings(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(Looked::Bookings {});
    check.counted = usize::try_from(tx.last_id("batch").await?).unwrap_or(0);
    for (batch, currency, sum) in tx.unbalanced_batches().await? {
        check.damaged(Flaw::Unbalanced { booking: batch.get(), off: Money { amount: sum, currency } });
    }
    for batch in tx.unsealed_batches().await? {
        check.damaged(Flaw::Orphans { booking: batch.get() });
    }
    Ok(check)
}

/// Every payment: what was booked of it is what it is over, and what lies on `payer` is what is undecided.
pub(super) async fn payments(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(Looked::Payments {});
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
    let payment = proof.id;
    let money = |amount: Amount| Money { amount, currency: proof.currency };
    let open = proof.open_amount.unwrap_or_default();
    let is_untouched = proof.money.is_zero() && proof.on_payer.is_zero();
    if is_untouched && proof.verdict.is_some_and(VerdictKind::books_nothing) {
        if !open.is_zero() {
            let flaw = Flaw::OpenForNothing { payment, open: money(open) };
            check.stray(flaw, Repair::OpenPayment { payment, open: Amount::ZERO, currency: proof.currency });
        }
        return Ok(());
    }
    // Before it was tried for the first time nothing is booked of it.
    let undecided = if is_untouched && proof.verdict.is_none() { proof.amount } else { -proof.on_payer };
    if !is_untouched && proof.money != proof.amount {
        let (amount, booked) = (money(proof.amount), money(proof.money));
        check.damaged(Flaw::BookedOtherwise { payment, amount, booked });
    }
    if is_untouched && proof.verdict.is_some() {
        check.damaged(Flaw::NotBooked { payment, amount: money(proof.amount) });
        return Ok(());
    }
    if undecided != open {
        let flaw = Flaw::OpenOtherwise { payment, undecided: money(undecided), listed: money(open) };
        let repair = Repair::OpenPayment { payment, open: undecided, currency: proof.currency };
        check.stray(flaw, repair);
    }
    if !open.is_zero() {
        concerned(tx, payment, check).await?;
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
        let repair = Repair::Concerns { payment, customers: due.into_iter().collect() };
        check.stray(Flaw::OtherConcerned { payment }, repair);
    }
    Ok(())
}

/// Every document is open for the sum of its postings, and has the state and stage that follow.
pub(super) async fn receivables(office: &Office, tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(Looked::Invoices {});
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
    let (number, currency) = (proof.number.clone(), proof.currency);
    let money = |amount: Amount| Money { amount, currency };
    let Some(principal) = proof.principal else {
        if proof.known_customer_id.is_some() {
            check.stray(Flaw::NeverOwed { number }, Repair::NoReceivable { document: proof.document_id });
        }
        return Ok(());
    };
    let due = due(office, proof, principal)?;
    if proof.known_customer_id.is_none() {
        let flaw = Flaw::NotListed { number, open: money(principal) };
        check.stray(flaw, Repair::AddReceivable(Box::new(due)));
        return Ok(());
    }
    let mut amiss = Vec::new();
    let open = (proof.open_principal.unwrap_or_default(), due.open_principal);
    if open.0 != open.1 {
        amiss.push(Amiss::Open { says: money(open.0), is: money(open.1) });
    }
    let costs = (proof.open_fee.unwrap_or_default(), due.open_fee);
    if costs.0 != costs.1 {
        amiss.push(Amiss::Costs { says: money(costs.0), is: money(costs.1) });
    }
    let interest = (proof.open_interest.unwrap_or_default(), due.open_interest);
    if interest.0 != interest.1 {
        amiss.push(Amiss::Interest { says: money(interest.0), is: money(interest.1) });
    }
    if proof.state != Some(due.state) {
        amiss.push(Amiss::State { says: proof.state.map_or("", ReceivableState::name), is: due.state.name() });
    }
    let stage = proof.stage.unwrap_or(0);
    if stage != due.stage {
        amiss.push(Amiss::Stage { says: stage, is: due.stage });
    }
    if proof.known_customer_id != Some(due.customer_id) {
        amiss.push(Amiss::OtherCustomer {});
    }
    if !amiss.is_empty() {
        check.stray(Flaw::Receivable { number, amiss }, Repair::Receivable(Box::new(due)));
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
        taken_back: TakenBack {
            cancelled: proof.cancellations > 0,
            credited: proof.credited.unwrap_or_default(),
            written_off: proof.written_off.unwrap_or_default(),
        },
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
