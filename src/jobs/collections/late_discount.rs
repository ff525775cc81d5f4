//! A Skonto that was taken too late: the rest is not dunned before the owner has said whether it is given up or owed, of this invoice or
//! always of the customer (rule M5).

use chrono::NaiveDate;

use crate::fact::{ActFact, DecisionFact, LateDiscount, Rest, Subject};
use crate::id::PaymentId;
use crate::invoice::Document;
use crate::jobs::office::acts::{acts_of, new_act};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::{discount_levels, handed_over_on, late_discount};
use crate::jobs::records::decision::{OWNER_RULE, new_decision};
use crate::jobs::records::document::model;
use crate::jobs::records::posting::post;
use crate::ledger;
use crate::ledger::{Account, MoneySource, Share};
use crate::matching::{DiscountLevel, is_late_discount};
use crate::money::{Amount, Currency};
use crate::refusal::{DocumentRefusal, NameRefusal};
use crate::shell::store::{NewAct, PostingRow, ReceivableRow, Run, Tx, Writing};

/// What a Skonto left open of an invoice that was taken too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateRest {
    /// How much.
    pub rest: Amount,
    /// The payment that left it.
    payment: PaymentId,
    /// Its value date.
    value_on: NaiveDate,
}

/// What the owner decided about, and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The invoice.
    pub number: String,
    /// The rest.
    pub rest: Amount,
    /// Its currency.
    pub currency: Currency,
}

/// Finds the rest that a late discount left of an invoice, whether the owner has answered or not.
fn late_rest(office: &Office, row: &ReceivableRow, levels: &[DiscountLevel], legs: &[PostingRow]) -> Option<LateRest> {
    let (gross, rest) = (row.gross, row.open_principal);
    if !rest.is_positive() || rest >= gross {
        return None;
    }
    let last = legs.iter().rfind(|leg| leg.account == Account::Principal)?;
    let (payment, value_on) = (last.payment_id?, last.value_on);
    if paid_by(payment, legs) != gross - rest {
        return None;
    }
    let config = office.config.matching();
    let (grace, tolerance) = (config.discount_grace_days, config.rounding_tolerance);
    let is_late = is_late_discount(gross, rest, levels, value_on, grace, tolerance);
    is_late.then_some(LateRest { rest, payment, value_on })
}

/// Returns what a payment paid of the principal of a document.
fn paid_by(payment: PaymentId, legs: &[PostingRow]) -> Amount {
    let own = legs.iter().filter(|leg| leg.account == Account::Principal && leg.payment_id == Some(payment));
    own.map(|leg| -leg.amount).sum()
}

/// Finds the rest that a late discount left of an invoice and that the owner has not decided.
///
/// # Errors
/// When the books hold an act that cannot be read; it is named.
pub async fn undecided_rest(
    office: &Office,
    tx: &mut Tx,
    row: &ReceivableRow,
    document: &Document,
    legs: &[PostingRow],
) -> Result<Option<LateRest>, JobError> {
    let levels = discount_levels(tx, row.document_id, document).await?;
    let Some(late) = late_rest(office, row, &levels, legs) else { return Ok(None) };
    for subject in [Subject::Document(row.document_id), Subject::Customer(row.customer_id)] {
        let acts = acts_of(tx, subject).await?;
        if late_discount(&acts) == LateDiscount::Claim || handed_over_on(&acts).is_some() {
            return Ok(None);
        }
    }
    Ok(Some(late))
}

/// Gives up the rest that a late discount left of an invoice: the Skonto counts.
///
/// # Errors
/// When nothing of that kind is open of it, or the books fail.
pub async fn accept(office: &Office, run: &Run, number: &str) -> Result<Answered, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (row, late) = rest_of(office, &mut writing.tx, number).await?;
    let answered = give_up(office, &mut writing, &row, late).await?;
    writing.commit().await?;
    Ok(answered)
}

/// Records that the rest that a late discount left of an invoice is owed.
///
/// # Errors
/// When nothing of that kind is open of it, or the books fail.
pub async fn claim(office: &Office, run: &Run, number: &str, reason: &str) -> Result<Answered, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (row, late) = rest_of(office, &mut writing.tx, number).await?;
    let subject = Subject::Document(row.document_id);
    answer(&mut writing, subject, LateDiscount::Claim, reason).await?;
    writing.look_at_customer(row.customer_id, run.today).await?;
    writing.commit().await?;
    Ok(Answered { number: row.number, rest: late.rest, currency: row.currency })
}

/// Records what becomes of all late discounts of a customer from now on, and of those that nobody has decided. Returns these.
///
/// # Errors
/// When there is no such customer, or the books fail.
pub async fn always(
    office: &Office,
    run: &Run,
    number: &str,
    what: LateDiscount,
    reason: &str,
) -> Result<Vec<Answered>, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let Some(customer) = writing.tx.customer_by_number(number).await? else {
        return Err(JobError::refused(NameRefusal::Customer { number: number.to_owned() }));
    };
    let mut answered = Vec::new();
    for id in writing.tx.partly_paid(Some(customer.id)).await? {
        let row = writing.tx.receivable(id).await?;
        let document = model(&mut writing.tx, id).await?;
        let legs = writing.tx.legs_of_document(id).await?;
        let late = undecided_rest(office, &mut writing.tx, &row, &document, &legs).await?;
        match (late, what) {
            (None, _) | (_, LateDiscount::Ask) => {}
            (Some(late), LateDiscount::Accept) => answered.push(give_up(office, &mut writing, &row, late).await?),
            (Some(late), LateDiscount::Claim) => {
                answered.push(Answered { number: row.number, rest: late.rest, currency: row.currency });
            }
        }
    }
    answer(&mut writing, Subject::Customer(customer.id), what, reason).await?;
    writing.look_at_customer(customer.id, run.today).await?;
    writing.commit().await?;
    Ok(answered)
}

/// Writes an answer, unless it is the one that holds.
async fn answer(writing: &mut Writing<'_>, subject: Subject, what: LateDiscount, reason: &str) -> Result<(), JobError> {
    if late_discount(&acts_of(&mut writing.tx, subject).await?) != what {
        let fact = ActFact::LateDiscount { answer: what };
        let act = NewAct { reason: reason.to_owned(), ..new_act(&fact, subject, writing.today()) };
        writing.add_act(act).await?;
    }
    Ok(())
}

/// Finds an invoice by its number, and what a late discount left of it.
async fn rest_of(office: &Office, tx: &mut Tx, number: &str) -> Result<(ReceivableRow, LateRest), JobError> {
    let Some(document) = tx.document_by_number(number).await? else {
        return Err(JobError::refused(NameRefusal::Invoice { number: number.to_owned() }));
    };
    let row = tx.receivable(document.id).await?;
    let legs = tx.legs_of_document(document.id).await?;
    let document = model(tx, document.id).await?;
    let levels = discount_levels(tx, row.document_id, &document).await?;
    let late = late_rest(office, &row, &levels, &legs);
    let late = late.ok_or_else(|| JobError::refused(DocumentRefusal::NoLateDiscount { number: number.to_owned() }))?;
    Ok((row, late))
}

/// Books the rest as a discount of the payment that left it, so that it comes back with the payment. Small costs go with it.
async fn give_up(
    office: &Office,
    writing: &mut Writing<'_>,
    row: &ReceivableRow,
    late: LateRest,
) -> Result<Answered, JobError> {
    let LateRest { rest, payment, value_on } = late;
    let mut share = Share {
        document: row.document_id,
        customer: row.customer_id,
        principal: Amount::ZERO,
        discount: rest,
        fees: Amount::ZERO,
        interest: Amount::ZERO,
        waived_fees: Amount::ZERO,
        waived_interest: Amount::ZERO,
    };
    let (fee, interest) = (row.open_fee, row.open_interest);
    share.give_up_costs(fee, interest, office.config.waive_below());
    // No money moves: it is where the payment was booked.
    let source = MoneySource { payment, account: Account::Payer, currency: row.currency, value_on };
    let batch = ledger::allocate(source, Amount::ZERO, &[share], None, None, writing.today());
    post(writing, &batch).await?;
    let (documents, undecided) = (vec![row.number.clone()], Amount::ZERO.decimal(row.currency));
    let fact = DecisionFact::Assigned { documents, rest: Rest::Discount, undecided };
    writing.add_decision(new_decision(Subject::Payment(payment), OWNER_RULE, &fact, None)).await?;
    Ok(Answered { number: row.number.clone(), rest, currency: row.currency })
}
