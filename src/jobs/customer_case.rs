//! A customer's case out of the books: everything that the decision on letters looks at.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::announce::is_unannounced;
use super::office::{self, JobError, Office};
use super::pause::{self, Paused};
use crate::calendar::BusinessDays;
use crate::customer::{Customer, PaymentMeans};
use crate::dunning::{
    BankState, CustomerCase, Instalment, Item, Movement, NOTICE_STAGE, PaymentPlan, PlanState, SentStage, Until,
};
use crate::id::{DocumentId, PaymentId};
use crate::invoice::{Document, DocumentKind, Origin};
use crate::ledger::Account;
use crate::money::{Amount, Currency};
use crate::recurring::Contract;
use crate::shell::store::{AccountRow, ActRow, CustomerRow, EventRow, LetterItemRow, ReceivableRow, Subject, Tx};

/// Business days for which an undecided payment of just the right amount holds a customer's letters (guard, rule c).
const AMOUNT_HOLDS: u32 = 10;

/// A customer with the case and the documents that it is about.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The customer's row.
    pub id: i64,
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
    pub act: i64,
    /// The invoice.
    pub document: DocumentId,
    /// The instalment.
    pub instalment: Instalment,
    /// The currency.
    pub currency: Currency,
}

/// Loads a customer's case for a day: the invoices that letters may ask for.
///
/// # Errors
/// When the books fail.
pub async fn load(office: &Office, tx: &mut Tx, customer: i64, today: NaiveDate) -> Result<Loaded, JobError> {
    let mut loaded = load_all(office, tx, customer, today).await?;
    // What the business collects, or was paid before, is not asked for, unless the bank gave it back (N12).
    if loaded.customer.payment_means != PaymentMeans::Transfer {
        loaded.case.items.retain(|item| item.returned_on.is_some());
        let asked: Vec<DocumentId> = loaded.case.items.iter().map(|item| item.document).collect();
        loaded.documents.retain(|document, _| asked.contains(document));
    }
    Ok(loaded)
}

/// Finds a customer by the number, with what was agreed.
///
/// # Errors
/// In words, when there is none; when the books fail.
pub async fn named(tx: &mut Tx, number: &str) -> Result<(CustomerRow, Customer), JobError> {
    let row = tx.customer_by_number(number).await?;
    let row =
        row.ok_or_else(|| JobError::Refused(format!("there is no customer {number}; see `settled customer list`")))?;
    let agreed = serde_json::from_str(&row.model).map_err(JobError::model(format!("the customer {}", row.number)))?;
    Ok((row, agreed))
}

/// Loads a customer's case with all open invoices.
///
/// # Errors
/// When the books fail.
pub async fn load_all(office: &Office, tx: &mut Tx, customer: i64, today: NaiveDate) -> Result<Loaded, JobError> {
    let row = tx.customer(customer).await?;
    let agreed: Customer =
        serde_json::from_str(&row.model).map_err(JobError::model(format!("the customer {}", row.number)))?;
    let receivables = tx.open_receivables_of(customer).await?;
    let mut credit: BTreeMap<Currency, Amount> = BTreeMap::new();
    for (currency, amount) in tx.credit_of(customer).await? {
        *credit.entry(office::currency(&currency)?).or_default() += Amount::from_minor(amount);
    }
    for note in receivables.iter().filter(|row| row.open_principal < 0) {
        // What is to be paid out pays no invoice.
        if tx.document(note.document_id).await?.kind == DocumentKind::Refund.name() {
            continue;
        }
        *credit.entry(note.currency()?).or_default() += Amount::from_minor(-note.open_principal);
    }
    let accounts = accounts(tx).await?;
    let unallocated_credit = match tx.concerning(customer).await? {
        Some((payment, _)) => Some(payment),
        None => {
            let since = office.business_days().before(today, AMOUNT_HOLDS);
            tx.concerning_by_amount(customer, since).await?
        }
    };
    let (mut items, mut documents, mut missed) = (Vec::new(), BTreeMap::new(), Vec::new());
    for row in receivables.iter().filter(|row| row.open_principal > 0) {
        let document = tx.document(row.document_id).await?;
        let document: Document =
            serde_json::from_str(&document.model).map_err(JobError::model(format!("the document {}", row.number)))?;
        let returned_on = tx.returned_on(row.document_id).await?;
        let acts = tx.acts_of(Subject::document(row.document_id)).await?;
        let mut item =
            item(office, tx, customer, row, &acts, &agreed, &document, returned_on, &accounts, today).await?;
        match promise(office, &acts, &item, today)? {
            Some(Promise::Until(day)) => item.promised_until = Some(day),
            // While a payment is undecided, nobody knows that an instalment is missing.
            Some(Promise::Missed(plan)) if unallocated_credit.is_none() => missed.push(plan),
            Some(Promise::Missed(_)) => item.promised_until = Some(today),
            None => {}
        }
        items.push(item);
        documents.insert(DocumentId::from(row.document_id), document);
    }
    let acts = tx.acts_of(Subject::customer(customer)).await?;
    let case = CustomerCase {
        kind: agreed.kind,
        insolvent_since: insolvent_since(&acts),
        blocked: in_force(&acts, "hold", today),
        paused: pause::in_force(tx, Paused::Dunning, today).await?,
        unallocated_credit: unallocated_credit.map(|payment| PaymentId::from(payment).to_string()),
        credit: credit.into_iter().collect(),
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
fn promise(office: &Office, acts: &[ActRow], item: &Item, today: NaiveDate) -> Result<Option<Promise>, JobError> {
    let Some(act) = acts.iter().rfind(|act| act.kind == "promise" && act.holds_on(today, acts)) else {
        return Ok(None);
    };
    let Some(plan) = plan_of(act)? else { return Ok(act.until_on.map(Promise::Until)) };
    let business_days = office.business_days();
    Ok(match plan.state(&item.movements, item.bank.covered_through, &business_days) {
        PlanState::Fulfilled => None,
        // The money of the last day shows in the statement of that day, which comes later.
        PlanState::Kept(next) => Some(Promise::Until(business_days.next(next.due_on).max(today))),
        PlanState::Missed(instalment) => Some(Promise::Missed(MissedPlan {
            act: act.id,
            document: item.document,
            instalment,
            currency: plan.currency,
        })),
    })
}

/// Returns the payment plan of a promise; nothing when it names a day only.
///
/// # Errors
/// When the books hold something that is no plan.
pub fn plan_of(act: &ActRow) -> Result<Option<PaymentPlan>, JobError> {
    let plan = act.model.as_deref().filter(|_| act.kind == "promise").map(serde_json::from_str);
    plan.transpose().map_err(JobError::model(format!("the act {}", act.id)))
}

/// Returns the first day of a customer's insolvency, if nothing has ended it.
pub fn insolvent_since(acts: &[ActRow]) -> Option<NaiveDate> {
    let ended = |act: &ActRow| acts.iter().any(|other| other.ends_id == Some(act.id));
    acts.iter().filter(|act| act.kind == "insolvent" && !ended(act)).map(|act| act.from_on).min()
}

/// Returns the day on which an invoice was handed over, if nothing has ended that.
pub fn handed_over_on(acts: &[ActRow]) -> Option<NaiveDate> {
    let ended = |act: &ActRow| acts.iter().any(|other| other.ends_id == Some(act.id));
    acts.iter().find(|act| act.kind == "handover" && !ended(act)).map(|act| act.from_on)
}

#[expect(clippy::too_many_arguments, reason = "all of it was read once for the customer")]
async fn item(
    office: &Office,
    tx: &mut Tx,
    customer: i64,
    row: &ReceivableRow,
    acts: &[ActRow],
    agreed: &Customer,
    document: &Document,
    returned_on: Option<NaiveDate>,
    accounts: &[(AccountRow, Vec<String>)],
    today: NaiveDate,
) -> Result<Item, JobError> {
    let delivery = delivery(tx, document).await?;
    let letters = letters(tx, row.document_id).await?;
    let mended = tx.customer_version(customer).await?;
    // A letter that came back is written again when the address is another, or the owner says that it is right.
    let last_came_back = letters.last().and_then(|letter| letter.came_back.as_ref()).filter(|event| {
        event.book_version_id >= mended && !acts.iter().any(|act| act.kind == "release" && act.run_id >= event.run_id)
    });
    let legs = tx.legs_of_document(row.document_id).await?;
    let of = |account: Account| legs.iter().filter(move |leg| leg.account == account.name());
    let paid = |account: Account| -> Amount {
        of(account).filter(|leg| leg.payment_id.is_some()).map(|leg| Amount::from_minor(-leg.amount)).sum()
    };
    let contract_policy = contract_policy(tx, document).await?;
    let business_days = office.business_days();
    let sent: Vec<SentStage> = letters.iter().filter_map(|letter| letter.counted(&business_days)).collect();
    let next_stage = sent.last().map_or(0, |letter| letter.stage) + 1;
    Ok(Item {
        document: DocumentId::from(row.document_id),
        number: row.number.clone(),
        issued_on: document.issued_on,
        due_on: document.due_on,
        currency: row.currency()?,
        default_basis: agreed.default_basis(),
        policy: office.policy_for(contract_policy.as_deref(), agreed),
        redelivered_on: delivery.redelivered_on,
        undelivered: !delivery.arrived || last_came_back.is_some(),
        disputed: in_force(acts, "dispute", today).is_some(),
        blocked: in_force(acts, "hold", today),
        promised_until: None,
        handed_over_on: handed_over_on(acts),
        returned_on,
        noticed: is_noticed(tx, row.document_id).await?,
        unannounced: is_unannounced(office, tx, row.document_id, next_stage, today).await?,
        sent,
        // A booking that was undone and its mirror have one value date and add up to nothing.
        movements: of(Account::Principal)
            .map(|leg| Movement { value_on: leg.value_on, amount: Amount::from_minor(leg.amount) })
            .collect(),
        open: Amount::from_minor(row.open_principal),
        costs_paid: paid(Account::Fee),
        interest_paid: paid(Account::Interest),
        bank: bank_state(accounts, document, today),
    })
}

/// Returns how long acts of a kind are in force from a day on: the longest of them.
pub fn in_force(acts: &[ActRow], kind: &str, today: NaiveDate) -> Option<Until> {
    let live: Vec<Until> =
        acts.iter().filter(|act| act.kind == kind && act.holds_on(today, acts)).map(|act| act.until_on).collect();
    if live.is_empty() { None } else { Some(live.into_iter().reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten()) }
}

/// Whether an invoice reached its customer.
struct Arrival {
    arrived: bool,
    redelivered_on: Option<NaiveDate>,
}

/// Looks at the rounds of an invoice's own letter. What was taken over from another system was delivered there.
async fn delivery(tx: &mut Tx, document: &Document) -> Result<Arrival, JobError> {
    let rounds = tx.letters_about("invoice", &document.number).await?;
    if rounds.is_empty() {
        return Ok(Arrival { arrived: document.origin == Origin::Imported, redelivered_on: None });
    }
    let (mut arrival, mut came_back) = (Arrival { arrived: false, redelivered_on: None }, false);
    for round in rounds {
        let events = tx.events_of(round.id).await?;
        let undone = events.iter().any(|event| event.undoes);
        let accepted_on = events.iter().find(|event| event.counts).map(|event| event.today);
        arrival.arrived = accepted_on.is_some() && !undone;
        if arrival.arrived && came_back {
            arrival.redelivered_on = accepted_on;
        }
        came_back |= undone;
    }
    Ok(arrival)
}

/// A reminder or dunning letter on an invoice, with what came of it.
struct Letter {
    item: LetterItemRow,
    /// The day it was written.
    decided_on: NaiveDate,
    events: Vec<EventRow>,
    /// The event by which it came back: refused or bounced.
    came_back: Option<EventRow>,
}

impl Letter {
    /// The stage, if the letter counts and nothing undid it. One that a person delivers later than it was written leaves its full term.
    fn counted(&self, business_days: &BusinessDays) -> Option<SentStage> {
        let undone = self.events.iter().any(|event| event.undoes);
        let event = self.events.iter().find(|event| event.counts).filter(|_| !undone)?;
        Some(SentStage {
            stage: usize::try_from(self.item.stage).unwrap_or(0),
            sent_on: event.today,
            deadline_on: business_days.next(self.item.deadline_on + (event.today - self.decided_on)),
            fee: Amount::from_minor(self.item.fee),
        })
    }
}

async fn letters(tx: &mut Tx, document: i64) -> Result<Vec<Letter>, JobError> {
    let mut letters = Vec::new();
    for item in tx.items_on(document).await?.into_iter().filter(|item| item.stage != NOTICE_STAGE) {
        let mut events = tx.events_of(item.letter_id).await?;
        events.retain(|event| event.document_id.is_none_or(|of| of == document));
        // What was withdrawn before it left is no letter.
        if events.iter().any(|event| event.kind == "withdrawn") {
            continue;
        }
        let came_back = events.iter().find(|event| matches!(event.kind.as_str(), "refused" | "bounced")).cloned();
        let decided_on = tx.letter(item.letter_id).await?.decided_on;
        letters.push(Letter { item, decided_on, events, came_back });
    }
    Ok(letters)
}

/// Tells whether a notice on an invoice left, or may have: none is written twice. One that still waits is no notice yet.
async fn is_noticed(tx: &mut Tx, document: i64) -> Result<bool, JobError> {
    for item in tx.items_on(document).await?.iter().filter(|item| item.stage == NOTICE_STAGE) {
        let events = tx.events_of(item.letter_id).await?;
        if events.iter().any(|event| !matches!(event.kind.as_str(), "deferred" | "withdrawn")) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A letter on an invoice that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentLetter {
    /// Which letter.
    pub id: i64,
    /// What it said of the invoice.
    pub sent: SentStage,
}

/// Returns the letters on an invoice that count, oldest first.
///
/// # Errors
/// When the books fail.
pub async fn sent_letters(office: &Office, tx: &mut Tx, document: i64) -> Result<Vec<SentLetter>, JobError> {
    let (letters, business_days) = (letters(tx, document).await?, office.business_days());
    let counted =
        |letter: &Letter| letter.counted(&business_days).map(|sent| SentLetter { id: letter.item.letter_id, sent });
    Ok(letters.iter().filter_map(counted).collect())
}

/// Returns the dunning policy that the document's contract names.
///
/// # Errors
/// When the books fail.
pub async fn contract_policy(tx: &mut Tx, document: &Document) -> Result<Option<String>, JobError> {
    let Some(number) = &document.contract else { return Ok(None) };
    let Some(row) = tx.agreement_by_number(number).await? else { return Ok(None) };
    let Some(model) = row.model else { return Ok(None) };
    if row.kind == "once" {
        let one_off: crate::invoice::OneOff = serde_json::from_str(&model).map_err(JobError::model(number.clone()))?;
        return Ok(one_off.dunning_policy);
    }
    let contract: Contract = serde_json::from_str(&model).map_err(JobError::model(number.clone()))?;
    Ok(contract.dunning_policy)
}

/// Returns all accounts with their identifiers.
///
/// # Errors
/// When the books fail.
pub async fn accounts(tx: &mut Tx) -> Result<Vec<(AccountRow, Vec<String>)>, JobError> {
    let identifiers = tx.identifiers().await?;
    let rows = tx.accounts().await?;
    let own = |id| identifiers.iter().filter(|(.., account)| *account == id).map(|(value, ..)| value.clone()).collect();
    Ok(rows.into_iter().map(|row| (row.clone(), own(row.id))).collect())
}

/// How far the statements reach of all accounts that an invoice may have been paid into: those of its currency that hold letters
/// back, and the one that is printed on it.
fn bank_state(accounts: &[(AccountRow, Vec<String>)], document: &Document, today: NaiveDate) -> BankState {
    let concerned = accounts.iter().filter(|(account, names)| {
        let printed = names.iter().any(|name| name == document.pay_to.iban.as_str());
        let gates = account.gates_dunning && account.currency == document.currency.code();
        (printed || gates) && account.closed_on.is_none_or(|day| day > today)
    });
    let reach = |account: &AccountRow| covered_through(account);
    match concerned.min_by_key(|(account, _)| reach(account)) {
        Some((account, _)) => BankState { covered_through: reach(account), weakest: account.name.clone() },
        None => BankState { covered_through: None, weakest: String::new() },
    }
}

/// Returns how far an account's statements reach; before it was opened, or customers could pay into it, there was nothing to state.
pub fn covered_through(account: &AccountRow) -> Option<NaiveDate> {
    let began = account.opened_on.max(account.receives_from).and_then(|day| day.pred_opt());
    account.covered_through.max(began)
}
