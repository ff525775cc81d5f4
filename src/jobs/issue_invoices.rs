//! Invoices for everything that is due: drafted, numbered, typeset, and stored in chunks, each in one transaction with its number.
//!
//! First everything is validated, then the survivors are numbered, then they are typeset with no transaction open; what fails
//! drops out, and its successors are numbered again. The counter moves from exactly the value read, so there are no gaps.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::json;

use super::by_hand::note_issued;
use super::credit::settle_with_credit;
use super::customer_case::insolvent_since;
use super::event::Event;
use super::letters::alarm;
use super::numbering::next_sequence;
use super::office::{JobError, Office};
use crate::calendar::EARLIEST;
use crate::customer::Customer;
use crate::document::Paper;
use crate::dunning::{effective_due, first_look};
use crate::id::{CustomerId, DocumentId};
use crate::invoice::{Document, Draft, OneOff};
use crate::journal::canonical;
use crate::ledger::{self, ReceivableState};
use crate::letter;
use crate::matching::document_keys;
use crate::money::Amount;
use crate::recurring::{Contract, Due, Period, due};
use crate::reference::{Series, shape_of};
use crate::shell::crash;
use crate::shell::store::{
    DueContract, NewDecision, NewDocument, NewLetter, ReceivableRow, Run, StoreError, Subject, Writing,
};

/// How many documents are stored in one transaction, at least.
const CHUNK: usize = 64;

/// How often a chunk is done again because somebody else wrote in between.
const TRIES: usize = 5;

/// The series of invoices in the books.
pub const SERIES: &str = "invoice";

/// Issues everything that is due. Returns how many invoices.
///
/// # Errors
/// When the books or the typesetter fail; what was stored before stays.
pub async fn issue_invoices(office: &Office, run: &Run) -> Result<usize, JobError> {
    let mut after = (EARLIEST, 0);
    let mut issued = 0;
    while !office.is_stopping() {
        let limit = i64::try_from(CHUNK).unwrap_or(i64::MAX);
        let contracts = office.store.read().await?.due_contracts(run.today, after, limit).await?;
        let Some(last) = contracts.last() else { return Ok(issued) };
        after = (last.next_on, last.id);
        let contracts: Vec<i64> = contracts.iter().map(|contract| contract.id).collect();
        issued += issue_chunk(office, run, &contracts).await?;
    }
    Ok(issued)
}

/// Issues one contract or one-off invoice, whatever its day. Returns how many invoices.
///
/// # Errors
/// When the books or the typesetter fail.
pub async fn issue_now(office: &Office, run: &Run, contract: i64) -> Result<usize, JobError> {
    let count = issue_chunk(office, run, &[contract]).await?;
    note_issued(office, run).await?;
    Ok(count)
}

/// What is to be done for a contract.
struct Work<'c> {
    row: &'c DueContract,
    customer: Customer,
    dunning_policy: Option<String>,
    drafts: Vec<(Period, Draft)>,
    next_on: Option<NaiveDate>,
}

/// Why nothing is issued of a contract.
struct Held {
    rule: &'static str,
    reason: String,
    missed: usize,
}

async fn issue_chunk(office: &Office, run: &Run, contracts: &[i64]) -> Result<usize, JobError> {
    let mut tries = 0;
    loop {
        match try_chunk(office, run, contracts).await {
            // Another writer took the number or invoiced the period: look again.
            Err(JobError::Store(StoreError::Refused { rule, .. }))
                if tries < TRIES && matches!(rule.as_str(), "document_sequence_key" | "contract_period_key") =>
            {
                tries += 1;
            }
            Ok(None) if tries < TRIES => tries += 1,
            Ok(None) => return Err(JobError::Store(StoreError::Damaged("the books never rest".to_owned()))),
            Ok(Some(count)) => return Ok(count),
            Err(error) => return Err(error),
        }
    }
}

/// Does a chunk once; nothing when the counter moved meanwhile, or the owner said something that may concern it.
async fn try_chunk(office: &Office, run: &Run, contracts: &[i64]) -> Result<Option<usize>, JobError> {
    let mut tx = office.store.read().await?;
    let word = tx.owners_word().await?;
    let mut rows = Vec::with_capacity(contracts.len());
    for contract in contracts {
        rows.push(tx.contract_for_issue(*contract, run.today).await?);
    }
    drop(tx);
    let (mut works, mut held) = (Vec::new(), Vec::new());
    let mut resting = Vec::new();
    for row in &rows {
        let prepared = match prepare(office, run.today, row).await {
            // One that cannot be read keeps nobody else from an invoice.
            Err(error @ JobError::Model { .. }) => {
                Prepared::Held(Held { rule: "model", reason: error.to_string(), missed: 1 })
            }
            prepared => prepared?,
        };
        match prepared {
            Prepared::Work(work) => works.push(*work),
            Prepared::Held(why) => held.push((row, why)),
            Prepared::Nothing(next_on) => resting.push((row, next_on)),
        }
    }

    let series = office.config.series(SERIES);
    let period = series.series.period(run.today);
    let mut tx = office.store.read().await?;
    let (first, counter) = next_sequence(office, &mut tx, SERIES, run.today).await?;
    drop(tx);

    let papers = loop {
        let documents = numbered(&works, &series.series, run.today, first);
        let failed = match check_texts(office, &works, &documents) {
            Some(failed) => Err(failed),
            None => typeset(office, &works, &documents).await?,
        };
        match failed {
            Ok(papers) => break documents.into_iter().zip(papers).collect::<Vec<_>>(),
            Err((place, reason)) => {
                let work = works.remove(place);
                held.push((work.row, Held { rule: "paper", reason, missed: work.drafts.len() }));
            }
        }
    };

    let mut writing = office.store.write(run, office.clock.now()).await?;
    // Typesetting takes its time: what was applied, held or paused meanwhile counts.
    if writing.tx.owners_word().await? != word {
        return Ok(None);
    }
    let mut events = Vec::new();
    for (row, why) in &held {
        events.extend(hold(&mut writing, row, why).await?);
    }
    if !events.is_empty() {
        alarm(&mut writing, "invoices_held").await?;
    }
    for (row, next_on) in resting {
        writing.set_next_on(row.id, next_on).await?;
    }
    let count = papers.len();
    if count > 0 {
        let last = first + i64::try_from(count).unwrap_or(i64::MAX) - 1;
        if !writing.move_counter(SERIES, &period, counter, last).await? {
            return Ok(None);
        }
        let mut papers = papers.into_iter().zip(first..);
        for work in &works {
            for (service, _) in &work.drafts {
                let ((document, pdf), sequence) = papers.next().expect("a paper for each draft");
                let at = (period.clone(), sequence);
                events.extend(store(office, &mut writing, work, service, document, pdf, at).await?);
            }
            writing.set_next_on(work.row.id, work.next_on).await?;
            resume(&mut writing, work).await?;
        }
    }
    crash::point("before issuing");
    writing.commit().await?;
    crash::point("after issuing");
    events.iter().for_each(|event| office.tell(run.today, event));
    Ok(Some(count))
}

enum Prepared<'c> {
    Work(Box<Work<'c>>),
    Held(Held),
    Nothing(Option<NaiveDate>),
}

/// Finds out what of a contract is due, and drafts it.
async fn prepare<'c>(office: &Office, today: NaiveDate, row: &'c DueContract) -> Result<Prepared<'c>, JobError> {
    let held = |rule, reason: String, missed| Ok(Prepared::Held(Held { rule, reason, missed }));
    let Some(model) = &row.model else {
        return held("book", "its entry has vanished from the book".to_owned(), 1);
    };
    let mut tx = office.store.read().await?;
    let acts = tx.acts_of(Subject::customer(row.customer_id)).await?;
    if let Some(since) = insolvent_since(&acts).filter(|since| *since <= today) {
        return held("insolvent", format!("the customer is insolvent since {since}; end the contract in the book"), 1);
    }
    let customer: Customer = serde_json::from_str(&row.customer_model)
        .map_err(JobError::model(format!("the customer of {}", row.number)))?;
    let terms = office.terms();
    let done: BTreeSet<NaiveDate> = tx.periods_of(row.id).await?.into_iter().map(|period| period.starts_on).collect();
    if row.kind == "once" {
        let one_off: OneOff = serde_json::from_str(model).map_err(JobError::model(row.number.clone()))?;
        if !done.is_empty() {
            return Ok(Prepared::Nothing(None));
        }
        let (from, through) = (one_off.service_from, one_off.service_through());
        let period = Period { starts_on: from, ends_on: through, full_from: from, full_through: through };
        return Ok(match Draft::of(&one_off.charge(), &customer, &terms, today) {
            Err(error) => Prepared::Held(Held { rule: "draft", reason: error.to_string(), missed: 1 }),
            Ok(draft) => Prepared::Work(Box::new(Work {
                row,
                customer,
                dunning_policy: one_off.dunning_policy,
                drafts: vec![(period, draft)],
                next_on: None,
            })),
        });
    }
    let contract: Contract = serde_json::from_str(model).map_err(JobError::model(row.number.clone()))?;
    let released = released_through(&tx.acts_of(Subject::contract(row.id)).await?);
    let (periods, next_on) = match due(&contract, &done, released, today, &office.business_days()) {
        Due::Nothing { next_on } => return Ok(Prepared::Nothing(next_on)),
        Due::Held { missed } => {
            let (first, last) = (missed[0].starts_on, missed[missed.len() - 1].starts_on);
            let reason = format!(
                "{} periods are due at once, from {first} to {last}; more than {} are not issued without asking",
                missed.len(),
                contract.max_catch_up
            );
            return held("R5", reason, missed.len());
        }
        Due::Issue { periods, next_on } => (periods, next_on),
    };
    let mut drafts = Vec::with_capacity(periods.len());
    for period in periods {
        match Draft::of(&contract.charge(&period), &customer, &terms, today) {
            Ok(draft) => drafts.push((period, draft)),
            Err(error) => return held("draft", error.to_string(), 1),
        }
    }
    Ok(Prepared::Work(Box::new(Work { row, customer, dunning_policy: contract.dunning_policy, drafts, next_on })))
}

/// Returns the last first day of a period that the owner released from the brake.
pub fn released_through(acts: &[crate::shell::store::ActRow]) -> Option<NaiveDate> {
    let models = acts.iter().filter(|act| act.kind == "release").filter_map(|act| act.model.as_deref());
    let through = models.filter_map(|model| {
        let model: serde_json::Value = serde_json::from_str(model).ok()?;
        model["through"].as_str()?.parse().ok()
    });
    through.max()
}

fn numbered(works: &[Work<'_>], series: &Series, today: NaiveDate, first: i64) -> Vec<Document> {
    let drafts = works.iter().flat_map(|work| &work.drafts);
    drafts.zip(first..).map(|((_, draft), sequence)| draft.clone().numbered(&series.number(today, sequence))).collect()
}

/// Returns the contract that a paper belongs to.
fn place_of(works: &[Work<'_>], paper: usize) -> usize {
    let mut behind = 0;
    works
        .iter()
        .position(|work| {
            behind += work.drafts.len();
            paper < behind
        })
        .expect("every paper has a contract")
}

/// Writes the mail of each invoice once, so that a mistake in a template shows before a number is drawn.
fn check_texts(office: &Office, works: &[Work<'_>], documents: &[Document]) -> Option<(usize, String)> {
    documents.iter().enumerate().find_map(|(paper, document)| {
        let place = place_of(works, paper);
        let context = letter::invoice(document, &works[place].customer, Amount::ZERO);
        let text = office.templates.write("invoice", document.language, &context);
        text.err().map(|error| (place, error.to_string()))
    })
}

/// Papers in the order of their documents, or the first contract whose paper failed, and why.
type Typeset = Result<Vec<Option<Vec<u8>>>, (usize, String)>;

async fn typeset(office: &Office, works: &[Work<'_>], documents: &[Document]) -> Result<Typeset, JobError> {
    let papers: Vec<Paper> = documents.iter().map(|document| Paper::Invoice(Box::new(document.clone()))).collect();
    let rendered = office.renderer.render(&papers, &office.stationery).await;
    let rendered = rendered.map_err(JobError::io("starting a worker to typeset invoices"))?;
    let mut papers = Vec::with_capacity(rendered.len());
    for (paper, result) in rendered.into_iter().enumerate() {
        match result {
            Ok(pdf) => papers.push(pdf),
            Err(error) => return Ok(Err((place_of(works, paper), error.to_string()))),
        }
    }
    Ok(Ok(papers))
}

/// Notes that nothing is issued of a contract; tells it when that is news.
async fn hold(writing: &mut Writing<'_>, row: &DueContract, why: &Held) -> Result<Option<Event>, JobError> {
    let news = writing
        .decide(NewDecision {
            subject: Subject::contract(row.id),
            rule: why.rule.to_owned(),
            verdict: "held".to_owned(),
            facts: canonical(&json!({ "reason": why.reason, "missed": why.missed })),
            next_on: None,
        })
        .await?;
    let event = Event::InvoiceHeld { contract: row.number.clone(), missed: why.missed, reason: why.reason.clone() };
    Ok(news.then_some(event))
}

/// Notes that a contract which was held is issued again.
async fn resume(writing: &mut Writing<'_>, work: &Work<'_>) -> Result<(), JobError> {
    let subject = Subject::contract(work.row.id);
    let held = writing.tx.latest_decision(subject).await?.is_some_and(|last| last.verdict == "held");
    if held {
        let facts = canonical(&json!({ "periods": work.drafts.len() }));
        let (rule, verdict) = ("R4".to_owned(), "issued".to_owned());
        writing.add_decision(NewDecision { subject, rule, verdict, facts, next_on: work.next_on }).await?;
    }
    Ok(())
}

/// Stores one invoice with everything that follows from it.
async fn store(
    office: &Office,
    writing: &mut Writing<'_>,
    work: &Work<'_>,
    service: &Period,
    document: Document,
    pdf: Option<Vec<u8>>,
    (number_period, sequence): (String, i64),
) -> Result<Vec<Event>, JobError> {
    let (amount, currency) = (document.payable(), document.currency);
    let files = pdf.map(|bytes| (file_name(&document.number), bytes)).into_iter().collect();
    let id = writing
        .add_document(NewDocument {
            kind: document.kind.name(),
            customer: work.row.customer_id,
            number: document.number.clone(),
            series: Some((SERIES.to_owned(), number_period, sequence)),
            issued_on: document.issued_on,
            currency: currency.code().to_owned(),
            gross: amount.minor(),
            model: canonical(&document),
            files,
        })
        .await?;
    writing.add_period(work.row.id, service.starts_on, 1, service.ends_on, Some(id)).await?;
    let customer = CustomerId::from(work.row.customer_id);
    writing.add_batch(&ledger::issue(DocumentId::from(id), customer, amount, currency, document.issued_on)).await?;
    let policy = office.policy_for(work.dunning_policy.as_deref(), &work.customer);
    let due_on = effective_due(document.issued_on, document.due_on, None, &office.business_days());
    let first_look = first_look(&policy, document.issued_on, due_on);
    let receivable = ReceivableRow {
        document_id: id,
        number: document.number.clone(),
        gross: amount.minor(),
        customer_id: work.row.customer_id,
        currency: currency.code().to_owned(),
        open_principal: amount.minor(),
        open_fee: 0,
        open_interest: 0,
        state: ReceivableState::Open.name().to_owned(),
        due_on,
        stage: 0,
        next_on: first_look,
        issued_on: document.issued_on,
    };
    writing.add_receivable(&receivable).await?;
    let keys = document_keys(&document.number, Some(&document.pay_to.reference), None);
    writing.add_document_keys(id, &shape_of(&document.number), &keys).await?;
    let letter = NewLetter {
        kind: "invoice",
        about: document.number.clone(),
        customer: Some(work.row.customer_id),
        document: Some(id),
        delivery: work.customer.delivery.name(),
        not_before: office.send_window().next(writing.now()),
    };
    writing.add_letter(letter, Vec::new()).await?;
    let facts = canonical(&json!({
        "contract": work.row.number, "service_from": service.starts_on, "service_through": service.ends_on,
        "scheduled_on": work.row.next_on, "due_on": document.due_on,
    }));
    let (rule, verdict) = ("R4".to_owned(), "issued".to_owned());
    writing
        .add_decision(NewDecision { subject: Subject::document(id), rule, verdict, facts, next_on: first_look })
        .await?;
    // What is open longest comes first; the invoice's mail says what is left for it.
    let settled = settle_with_credit(writing, work.row.customer_id, currency).await?;
    let issued = Event::InvoiceIssued {
        number: document.number,
        customer: document.buyer.number,
        name: document.buyer.name,
        amount: amount.plain(currency),
        currency,
        due_on: document.due_on,
        service_from: document.service_from,
        service_through: document.service_through,
        contract: work.row.number.clone(),
    };
    Ok([issued].into_iter().chain(settled.into_iter().map(|settled| settled.event)).collect())
}

/// Returns the name of a document's PDF.
pub fn file_name(number: &str) -> String {
    format!("{}.pdf", number.replace('/', "-"))
}
