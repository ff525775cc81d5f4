//! A customer's case out of the books: everything that the decision on letters looks at.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::guard::guarding;
use super::late_discount::undecided_rest;
use super::letters::{delivery, is_noticed, is_unannounced, letters};
use crate::customer::{Customer, PaymentMeans};
use crate::dunning::{
    BankState, CustomerCase, CustomerObstacles, Instalment, Item, ItemObstacles, Movement, PlanState, SentStage,
};
use crate::fact::{ActFact, ActKind, Acted, Paused, Subject};
use crate::id::{ActId, CustomerId, DocumentId};
use crate::invoice::Document;
use crate::jobs::bank::waiting::{Waiting, waiting};
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::{JobError, Office, pause};
use crate::jobs::records::account::{accounts, covered_through};
use crate::jobs::records::act::{handed_over_on, in_force, insolvent_since};
use crate::jobs::records::customer::{agreed, contract_policy};
use crate::jobs::records::document::model;
use crate::jobs::records::posting::claimed_on;
use crate::ledger::{Account, ReceivableState};
use crate::money::{Amount, Currency};
use crate::shell::store::{AccountRow, ReceivableRow, Tx};

/// A customer with the case and the documents that it is about.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The customer's row.
    pub id: CustomerId,
    /// What the book says of the customer.
    pub customer: Customer,
    /// The case.
    pub case: CustomerCase,
    /// The documents of its items.
    pub documents: BTreeMap<DocumentId, Document>,
    /// The payment plans of which an instalment was missed, and that nobody has ended yet.
    pub missed: Vec<MissedPlan>,
}

/// A payment plan of which an instalment was missed.
#[derive(Debug, Clone)]
pub struct MissedPlan {
    /// The act that agreed on it.
    pub act: ActId,
    /// The invoice.
    pub document: DocumentId,
    /// The instalment.
    pub instalment: Instalment,
    /// The currency.
    pub currency: Currency,
}

/// Loads a customer's case for a day: the invoices that letters may ask for.
pub async fn load(office: &Office, tx: &mut Tx, customer: CustomerId, today: NaiveDate) -> Result<Loaded, JobError> {
    let mut loaded = load_all(office, tx, customer, today).await?;
    // What the business collects, or was paid before, is not asked for, unless the bank gave it back (N12).
    if loaded.customer.payment_means != PaymentMeans::Transfer {
        loaded.case.items.retain(|item| item.returned_on.is_some());
        let asked: Vec<DocumentId> = loaded.case.items.iter().map(|item| item.document).collect();
        loaded.documents.retain(|document, _| asked.contains(document));
    }
    Ok(loaded)
}

/// Loads a customer's case with all open invoices.
pub async fn load_all(
    office: &Office,
    tx: &mut Tx,
    customer: CustomerId,
    today: NaiveDate,
) -> Result<Loaded, JobError> {
    let agreed = agreed(tx, customer).await?;
    let receivables = tx.open_receivables_of(customer).await?;
    let mut credit: BTreeMap<Currency, Amount> = BTreeMap::new();
    for (currency, amount) in tx.credit_of(customer).await? {
        *credit.entry(currency).or_default() += amount;
    }
    for note in receivables.iter().filter(|row| row.open_principal.is_negative()) {
        // What is to be paid out pays no invoice.
        if tx.document(note.document_id).await?.kind.is_paid_out() {
            continue;
        }
        *credit.entry(note.currency).or_default() -= note.open_principal;
    }
    let accounts = accounts(tx).await?;
    let waiting = waiting(office, tx, today).await?;
    let unallocated_credit = guarding(office, tx, customer).await?;
    let is_undecided = unallocated_credit.as_ref().is_some_and(|payment| payment.holds(today));
    let (mut items, mut documents, mut missed) = (Vec::new(), BTreeMap::new(), Vec::new());
    // Nothing is ever asked for on a cancelled invoice.
    let is_owed = |row: &&ReceivableRow| row.open_principal.is_positive() && row.state != ReceivableState::Cancelled;
    for row in receivables.iter().filter(is_owed) {
        let document = model(tx, row.document_id).await?;
        let returned_on = tx.returned_on(row.document_id).await?;
        let acts = acts_of(tx, Subject::Document(row.document_id)).await?;
        let mut item =
            item(office, tx, customer, row, &acts, &agreed, &document, returned_on, &accounts, &waiting, today).await?;
        match promise(office, &acts, &item, today) {
            Some(Promise::Until(day)) => item.obstacles.promised_until = Some(day),
            // While a payment is undecided, nobody knows that an instalment is missing.
            Some(Promise::Missed(plan)) if !is_undecided => missed.push(plan),
            Some(Promise::Missed(_)) => item.obstacles.promised_until = Some(today),
            None => {}
        }
        items.push(item);
        documents.insert(row.document_id, document);
    }
    let acts = acts_of(tx, Subject::Customer(customer)).await?;
    let case = CustomerCase {
        kind: agreed.kind,
        obstacles: CustomerObstacles {
            insolvent_since: insolvent_since(&acts),
            blocked: in_force(&acts, ActKind::Hold, today),
            paused: pause::in_force(tx, Paused::Dunning, today).await?,
            unallocated_credit,
            credit: credit.into_iter().collect(),
        },
        items,
    };
    Ok(Loaded { id: customer, customer: agreed, case, documents, missed })
}

/// What a customer's word on an invoice comes to on a day.
enum Promise {
    /// No letter through this day.
    Until(NaiveDate),
    /// It was not kept.
    Missed(MissedPlan),
}

/// Looks at the last promise on an invoice: a day, or a payment plan.
fn promise(office: &Office, acts: &[Acted], item: &Item, today: NaiveDate) -> Option<Promise> {
    let is_promise = |act: &&Acted| act.fact.kind() == ActKind::Promise && act.holds_on(today, acts);
    let act = acts.iter().rfind(is_promise)?;
    let ActFact::PaymentPlan(plan) = &act.fact else { return act.until_on.map(Promise::Until) };
    let business_days = office.business_days();
    match plan.state(&item.movements, item.bank.covered_through, &business_days) {
        PlanState::Fulfilled => None,
        // The money of the last day shows in the statement of that day, which comes later.
        PlanState::Kept(next) => Some(Promise::Until(business_days.next(next.due_on).max(today))),
        PlanState::Missed(instalment) => Some(Promise::Missed(MissedPlan {
            act: act.id,
            document: item.document,
            instalment,
            currency: plan.currency,
        })),
    }
}

#[expect(clippy::too_many_arguments, reason = "all of it was read once for the customer")]
pub(super) async fn item(
    office: &Office,
    tx: &mut Tx,
    customer: CustomerId,
    row: &ReceivableRow,
    acts: &[Acted],
    agreed: &Customer,
    document: &Document,
    returned_on: Option<NaiveDate>,
    accounts: &[(AccountRow, Vec<String>)],
    waiting: &[Waiting],
    today: NaiveDate,
) -> Result<Item, JobError> {
    let delivery = delivery(tx, document).await?;
    let letters = letters(tx, row.document_id).await?;
    let mended = tx.customer_version(customer).await?;
    // A letter that came back is written again when the address is another, or the owner says that it is right.
    let last_came_back = letters.last().and_then(|letter| letter.came_back.as_ref()).filter(|event| {
        Some(event.book_version_id) >= mended
            && !acts.iter().any(|act| act.fact.kind() == ActKind::Release && act.run >= event.run_id)
    });
    let legs = tx.legs_of_document(row.document_id).await?;
    let of = |account: Account| legs.iter().filter(move |leg| leg.account == account);
    let settled = |account: Account| claimed_on(&legs, account).settled;
    let late = undecided_rest(office, tx, row, document, &legs).await?;
    let contract_policy = contract_policy(tx, document).await?;
    let business_days = office.business_days();
    let sent: Vec<SentStage> = letters.iter().filter_map(|letter| letter.counted(&business_days)).collect();
    let next_stage = sent.last().map_or(0, |letter| letter.stage) + 1;
    Ok(Item {
        document: row.document_id,
        number: row.number.clone(),
        issued_on: document.issued_on,
        due_on: document.due_on,
        currency: row.currency,
        default_basis: agreed.default_basis_of(document.default_notice),
        policy: office.policy_for(contract_policy.as_deref(), agreed),
        delivered_on: delivery.delivered_on,
        redelivered_on: delivery.redelivered_on,
        obstacles: ItemObstacles {
            handed_over_on: handed_over_on(acts),
            disputed: in_force(acts, ActKind::Dispute, today).is_some(),
            undelivered: delivery.came_back || last_came_back.is_some(),
            blocked: in_force(acts, ActKind::Hold, today),
            // Looked at when it is known what came in.
            promised_until: None,
            discount_late: late.map(|late| late.rest),
            bank_file_waiting: file_waiting(waiting, accounts, document, today),
            bank_unproved: unproved(accounts, document, today),
            unannounced: is_unannounced(office, tx, row.document_id, next_stage, today).await?,
        },
        returned_on,
        noticed: is_noticed(tx, row.document_id).await?,
        sent,
        // A booking that was undone and its mirror have one value date and add up to nothing.
        movements: of(Account::Principal).map(|leg| Movement { value_on: leg.value_on, amount: leg.amount }).collect(),
        open: row.open_principal,
        costs_paid: settled(Account::Fee),
        interest_paid: settled(Account::Interest),
        bank: bank_state(accounts, document, today),
    })
}

/// Returns all accounts that an invoice may have been paid into: those of its currency that hold letters back, and the one that is
/// printed on it.
fn concerned<'a>(
    accounts: &'a [(AccountRow, Vec<String>)],
    document: &Document,
    today: NaiveDate,
) -> impl Iterator<Item = &'a (AccountRow, Vec<String>)> {
    accounts.iter().filter(move |(account, names)| {
        let printed = names.iter().any(|name| name == document.pay_to.iban.as_str());
        let gates = account.gates_dunning && account.currency == document.currency;
        (printed || gates) && account.closed_on.is_none_or(|day| day > today)
    })
}

/// Names the first file that was received and not booked, and in which the payment of an invoice may be.
fn file_waiting(
    waiting: &[Waiting],
    accounts: &[(AccountRow, Vec<String>)],
    document: &Document,
    today: NaiveDate,
) -> Option<String> {
    let may_pay = |file: &&Waiting| {
        concerned(accounts, document, today).any(|(account, names)| file.may_pay_into(account, names))
    };
    waiting.iter().find(may_pay).map(|file| file.file.clone())
}

/// Names the first account that an invoice may have been paid into and whose entries do not add up. What was over before the invoice holds
/// no payment of it.
fn unproved(accounts: &[(AccountRow, Vec<String>)], document: &Document, today: NaiveDate) -> Option<String> {
    let is_unproved = |row: &AccountRow| row.unproved_through.is_some_and(|day| day >= document.issued_on);
    let mut concerned = concerned(accounts, document, today);
    concerned.find(|(row, _)| is_unproved(row)).map(|(row, _)| row.name.clone())
}

/// How far the statements reach of all accounts that an invoice may have been paid into.
fn bank_state(accounts: &[(AccountRow, Vec<String>)], document: &Document, today: NaiveDate) -> BankState {
    let concerned = concerned(accounts, document, today);
    let reach = |account: &AccountRow| covered_through(account);
    match concerned.min_by_key(|(account, _)| reach(account)) {
        Some((account, _)) => BankState { covered_through: reach(account), weakest: account.name.clone() },
        None => BankState { covered_through: None, weakest: String::new() },
    }
}
