//! Questions about money: undecided payments, the last stage, refunds, credit, limitation.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

use crate::dunning::HoldReason;
use crate::fact::{ActFact, DecisionFact, Fact as _, Subject, VerdictKind};
use crate::id::{CustomerId, PaymentId};
use crate::jobs::collections::costs_left::is_pursued;
use crate::jobs::collections::foresee::leaves_undecided;
use crate::jobs::collections::late_discount::undecided_rest;
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::{JobError, Office};
use crate::jobs::owner::undecided::{CANDIDATES, undecided};
use crate::jobs::records::decision::Standing;
use crate::jobs::records::document::model;
use crate::jobs::records::payment::verdict_of;
use crate::matching::{Rung, Verdict};
use crate::money::Amount;
use crate::party::Country;
use crate::question::{ExpiringClaim, LateRest, Leaving, Money, Question};
use crate::shell::store::{ReceivableRow, Tx};

/// The month from which claims that expire at the end of the year are listed.
const OCTOBER: u32 = 10;

/// Payment plans that a missed instalment has ended, until the owner has answered.
pub(super) async fn missed(tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let mut questions = Vec::new();
    for (number, name, act) in tx.missed_plans().await? {
        let act = ActFact::read(&act).map_err(JobError::model(format!("the plan of {number}")))?;
        let ActFact::InstalmentMissed { due_on, amount, currency } = act else { continue };
        let amount = Amount::exact(amount, currency);
        let amount = amount.map_err(|error| JobError::damaged(format!("the plan of {number}: {error}")))?;
        let instalment = Money { amount, currency };
        questions.push(Question::InstalmentMissed { number, name, instalment, due_on });
    }
    Ok(questions)
}

/// Costs and interest that are left of paid invoices, until the owner has decided.
pub(super) async fn costs_left(tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let mut questions = Vec::new();
    for row in tx.costs_left().await? {
        if is_pursued(&acts_of(tx, Subject::Document(row.id)).await?) {
            continue;
        }
        let costs = Money { amount: row.open_fee + row.open_interest, currency: row.currency };
        questions.push(Question::CostsLeft { number: row.number, name: row.customer_name, costs });
    }
    Ok(questions)
}

/// Returns what is asked of an invoice's late discount; nothing where none is left, or the owner has answered.
///
/// # Errors
/// When the books hold something that cannot be read; it is named.
pub async fn discount_late(office: &Office, tx: &mut Tx, row: &ReceivableRow) -> Result<Option<Question>, JobError> {
    let document = model(tx, row.document_id).await?;
    let legs = tx.legs_of_document(row.document_id).await?;
    let Some(late) = undecided_rest(office, tx, row, &document, &legs).await? else {
        return Ok(None);
    };
    let customer = tx.customer(row.customer_id).await?;
    let rest = Money { amount: late.rest, currency: row.currency };
    let rests = vec![LateRest { number: row.number.clone(), rest }];
    Ok(Some(Question::DiscountsLate { customer: customer.number, name: customer.name, rests }))
}

/// Gathers what is asked of late discounts: one question for each customer.
///
/// # Errors
/// When the books hold something that cannot be read; it is named.
pub(super) async fn discounts_late(office: &Office, tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let mut by_customer: BTreeMap<CustomerId, Question> = BTreeMap::new();
    for id in tx.partly_paid(None).await? {
        let row = tx.receivable(id).await?;
        let Some(found) = discount_late(office, tx, &row).await? else { continue };
        match (by_customer.get_mut(&row.customer_id), found) {
            (Some(Question::DiscountsLate { rests, .. }), Question::DiscountsLate { rests: more, .. }) => {
                rests.extend(more);
            }
            (_, found) => {
                by_customer.insert(row.customer_id, found);
            }
        }
    }
    Ok(by_customer.into_values().collect())
}

/// Refunds that the owner drew and the bank has not shown yet.
pub(super) async fn refunds(tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let mut questions = Vec::new();
    for row in tx.open_refunds().await? {
        let money = Money { amount: -row.open_principal, currency: row.currency };
        questions.push(Question::RefundOpen { number: row.number, name: row.customer_name, money });
    }
    Ok(questions)
}

/// Customers who owe what was credited to them: the payment that it came from is gone, the credit was paid out.
pub(super) async fn owed_credit(tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let mut questions = Vec::new();
    for (customer, name, code, credit) in tx.all_credit().await? {
        let owed = Money { amount: -credit, currency: code };
        if owed.amount.is_positive() {
            questions.push(Question::CreditOwed { customer, name, owed });
        }
    }
    Ok(questions)
}

/// Claims that expire at the end of the year, from October on: three years after the end of the year in which they arose (§§ 195, 199
/// BGB). A claim may arise with the service, before the invoice: the earlier of both counts here.
pub(super) async fn limitation(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Option<Question>, JobError> {
    if today.month() < OCTOBER || office.config.business.address.country != Country::DE {
        return Ok(None);
    }
    let arose = today.year() - 3;
    let mut claims = Vec::new();
    for row in tx.open_invoices().await? {
        if !row.open_principal.is_positive() || !(arose..=arose + 1).contains(&row.issued_on.year()) {
            continue;
        }
        let service_through = model(tx, row.id).await?.service_through;
        if service_through.min(row.issued_on).year() == arose {
            let open = Money { amount: row.open_principal, currency: row.currency };
            claims.push(ExpiringClaim { number: row.number, open });
        }
    }
    Ok((!claims.is_empty()).then_some(Question::ClaimsExpire { year: today.year(), claims }))
}

/// Undecided payments; those that hold nobody's letters first, for nothing else reminds of them.
pub(super) async fn payments(
    office: &Office,
    tx: &mut Tx,
    held_letters: &[Standing],
) -> Result<Vec<Question>, JobError> {
    let mut payments = Vec::new();
    for line in tx.payment_lines(true).await? {
        let verdict = verdict_of(tx, line.id).await?;
        let holds = verdict.as_ref().is_some_and(|verdict| !verdict.concerns.is_empty());
        payments.push((holds, line, verdict));
    }
    payments.sort_by_key(|(holds, line, _)| (*holds, line.id));
    let mut questions = Vec::new();
    for (_, line, verdict) in payments {
        let leaves = leaving(office, tx, line.id, verdict.as_ref(), held_letters).await?;
        questions.push(undecided(tx, &line, verdict.as_ref(), leaves).await?);
    }
    Ok(questions)
}

/// Finds the letters that leave although a payment is undecided: those that it holds for a time, and those on invoices of its amount that
/// are earned after that time.
pub async fn leaving(
    office: &Office,
    tx: &mut Tx,
    payment: PaymentId,
    verdict: Option<&Verdict>,
    held_letters: &[Standing],
) -> Result<Vec<Leaving>, JobError> {
    let name = payment.to_string();
    let held =
        held_letters.iter().filter(|held| HoldReason::by_rule(&held.row.rule) == Some(HoldReason::UnallocatedCredit));
    let ends = held.filter_map(|held| {
        let DecisionFact::Held { about, leaves_on: Some(on), .. } = &held.fact else { return None };
        (*about == name).then(|| Leaving { number: held.row.number.clone(), on: *on })
    });
    let mut leaves: Vec<Leaving> = ends.collect();
    // What nothing but the amount speaks for; all else is held until it is decided.
    let by_amount = verdict.filter(|verdict| verdict.rung.is_some_and(Rung::is_by_amount));
    let waiting = tx.open_payment(payment).await?;
    if let (Some(verdict), Some(waiting)) = (by_amount, waiting) {
        for candidate in verdict.candidates.iter().take(CANDIDATES) {
            let number = tx.document(*candidate).await?.number;
            if leaves.iter().any(|letter| letter.number == number) {
                continue;
            }
            let on = leaves_undecided(office, tx, *candidate, &waiting).await?;
            leaves.extend(on.map(|on| Leaving { number, on }));
        }
    }
    leaves.sort_by(|a, b| (a.on, &a.number).cmp(&(b.on, &b.number)));
    Ok(leaves)
}

/// Invoices of which the last letter was sent and nothing came in.
pub(super) async fn last_stage(tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let mut questions = Vec::new();
    for row in tx.standing(VerdictKind::LastStage).await? {
        let open = Money { amount: row.open_principal, currency: row.currency };
        questions.push(Question::LastStage { number: row.number, name: row.customer_name, open });
    }
    Ok(questions)
}
