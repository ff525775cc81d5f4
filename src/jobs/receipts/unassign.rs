//! The owner takes a payment's bookings back.

use std::collections::BTreeSet;

use super::credit::{cover, take_back};
use super::decided::{decided, wait};
use super::learned::unlearn_iban;
use super::written_off;
use crate::fact::{Decided, DecisionFact, Matched, Subject};
use crate::id::{CustomerId, PaymentId};
use crate::jobs::bank::proof::prove_again;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::decision::{OWNER_RULE, latest};
use crate::jobs::records::posting::post;
use crate::ledger;
use crate::ledger::{Account, BatchKind, Leg, MoneySource};
use crate::matching::{Because, Decision, HeldBecause};
use crate::money::Amount;
use crate::refusal::{NameRefusal, PaymentRefusal};
use crate::shell::store::{PaymentRow, PostingRow, Run, Writing};

/// Takes the assignments of a payment back, or that it was passed over: its money is undecided again, and nobody but the owner decides
/// it anew. Credit that came from it is taken back from the invoices that it paid. Returns the invoices that are open again.
///
/// # Errors
/// When nothing is assigned of it.
pub async fn unassign(office: &Office, run: &Run, payment: PaymentId, reason: &str) -> Result<Vec<String>, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let row = writing.tx.payment(payment).await?;
    let row = row.ok_or_else(|| JobError::refused(NameRefusal::Payment { payment }))?;
    let (mut freed, mut numbers, mut customers, mut events) = (Amount::ZERO, Vec::new(), Vec::new(), Vec::new());
    let mut credited = Vec::new();
    for batch in writing.tx.live_batches_of(payment).await? {
        if batch.kind != BatchKind::Allocation {
            continue;
        }
        let legs = writing.tx.legs_of(batch.id).await?;
        let legs: Vec<Leg> = legs.iter().map(PostingRow::leg).collect();
        let from = |account: Account| account.is_money() || account == Account::Payer;
        freed += legs.iter().filter(|leg| from(leg.account)).map(|leg| leg.amount).sum();
        let undone = ledger::mirror(batch.id, &legs, BatchKind::Correction, Account::Payer, None, run.today);
        let (_, touched) = post(&mut writing, &undone).await?;
        let mut covered = BTreeSet::new();
        for row in touched {
            if cover(&mut writing, &row).await?.is_some() {
                covered.insert(row.customer_id);
            }
            written_off::restore(&mut writing, &row, batch.run_id).await?;
            writing.look_at(row.document_id, Some(run.today)).await?;
            customers.push((row.customer_id, Because::Candidate));
            if !numbers.contains(&row.number) {
                numbers.push(row.number);
            }
        }
        covered.extend(legs.iter().filter(|leg| leg.account == Account::Credit).filter_map(|leg| leg.customer));
        for customer in covered {
            let currency = row.currency;
            let back =
                take_back(&mut writing, customer, currency, BatchKind::Correction, office.config.waive_below()).await?;
            credited.push(customer);
            for row in back.reopened {
                customers.push((customer, Because::Candidate));
                numbers.push(row.number);
            }
            events.extend(back.events);
        }
    }
    let was_passed_over = freed.is_zero();
    if was_passed_over {
        freed = ask_again(&mut writing, &row).await?;
    }
    match writing.tx.open_payment(payment).await? {
        Some(open) => writing.set_open_payment(payment, open.open_amount + freed).await?,
        None => {
            writing.reopen_payment(payment, freed, row.currency, Some(HeldBecause::Unassigned)).await?;
        }
    }
    if let Some(iban) = &row.payer_iban {
        let owners: BTreeSet<CustomerId> = customers.iter().map(|(customer, _)| *customer).chain(credited).collect();
        for customer in owners {
            unlearn_iban(&mut writing, customer, iban).await?;
        }
    }
    wait(office, &mut writing, &row, row.amount, customers).await?;
    let fact = DecisionFact::Unassigned { documents: numbers.clone(), reason: reason.to_owned() };
    decided(&mut writing, payment, &fact).await?;
    if was_passed_over {
        prove_again(&mut writing, payment).await?;
    }
    writing.commit().await?;
    events.iter().for_each(|event| office.tell(run.today, event));
    Ok(numbers)
}

/// Has a payment wait again that was passed over. Returns its amount.
async fn ask_again(writing: &mut Writing<'_>, row: &PaymentRow) -> Result<Amount, JobError> {
    let payment = row.id;
    let last = latest(&mut writing.tx, Subject::Payment(row.id)).await?;
    // Not a collective entry whose details are payments of their own.
    let passed_over = |last: &Decided| {
        let is_ignored = |matched: &Matched| matched.decision == Decision::Ignore;
        matches!(last.fact, DecisionFact::Ignored { .. }) && last.rule == OWNER_RULE
            || matches!(last.fact, DecisionFact::OwnTransfer(_))
            || last.fact.matched().is_some_and(is_ignored)
    };
    if !last.as_ref().is_some_and(passed_over) {
        return Err(JobError::refused(PaymentRefusal::NothingAssigned { payment }));
    }
    let amount = row.amount;
    let source = MoneySource { payment, account: row.paid_into, currency: row.currency, value_on: row.value_on };
    post(writing, &ledger::receive(source, amount, writing.today())).await?;
    Ok(amount)
}
