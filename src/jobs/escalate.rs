//! Reminders and dunning letters: for every customer with something overdue, today's decision with its reason (rules D1 to D10).
//!
//! A letter is only queued here. Before it leaves it is decided anew, on what the books then know.

use serde_json::json;

use super::acts::end_missed_plans;
use super::customer_case::{Loaded, load};
use super::event::Event;
use super::letters::alarm;
use super::office::{JobError, Office};
use crate::customer::Customer;
use crate::dunning::{DunningLetter, Finding, HoldReason, Outcome, Plan, Surroundings, decide};
use crate::journal::canonical;
use crate::shell::crash;
use crate::shell::store::{LetterItemRow, NewDecision, NewLetter, Run, Subject, Writing};

/// How many customers are decided in one transaction.
const BATCH: i64 = 500;

/// The rule of letters that wait for the bank's data.
const BANK_STALE: &str = "D5 bank_stale";

/// The rule under which the books remember whether letters wait for the bank's data.
const BANK_RULE: &str = "bank";

/// Decides for every customer with an invoice that is to be looked at. Returns how many letters were queued.
///
/// # Errors
/// When the books fail.
pub async fn escalate(office: &Office, run: &Run) -> Result<usize, JobError> {
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today: run.today, business_days: &business_days, rates: &rates };
    let (mut after, mut letters) = (0, 0);
    while !office.is_stopping() {
        let customers = office.store.read().await?.customers_to_look_at(run.today, after, BATCH).await?;
        let Some(last) = customers.last() else { break };
        after = *last;
        let mut writing = office.store.write(run, office.clock.now()).await?;
        let mut events = Vec::new();
        for customer in customers {
            // One letter at a time: what is under way is settled first.
            if !writing.tx.dunning_under_way(customer).await?.is_empty() {
                continue;
            }
            let loaded = load(office, &mut writing.tx, customer, run.today).await?;
            events.extend(end_missed_plans(&mut writing, &loaded).await?);
            let plan = decide(&loaded.case, around);
            events.extend(record_plan(office, &mut writing, &loaded, &plan).await?);
            letters += usize::from(plan.letter.is_some());
            rest(&mut writing, &loaded, run.today).await?;
        }
        crash::point("before escalating");
        writing.commit().await?;
        crash::point("after escalating");
        events.iter().for_each(|event| office.tell(run.today, event));
    }
    note_staleness(office, run).await?;
    Ok(letters)
}

/// Remembers whether letters wait for the bank's data, and tells the owner the same day when they begin to. What was remembered is
/// compared, not what was held before: the sender may have held the first of them, or a crash may have come between.
async fn note_staleness(office: &Office, run: &Run) -> Result<(), JobError> {
    let mut tx = office.store.read().await?;
    let stale = tx.standing("held").await?.iter().any(|held| held.rule == BANK_STALE);
    let verdict = if stale { "stale" } else { "fresh" };
    let last = tx.latest_by_rule(Subject::BOOKS, BANK_RULE).await?;
    drop(tx);
    if last.map_or(!stale, |last| last.verdict == verdict) {
        return Ok(());
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (rule, verdict, facts) = (BANK_RULE.to_owned(), verdict.to_owned(), canonical(&json!({})));
    writing.add_decision(NewDecision { subject: Subject::BOOKS, rule, verdict, facts, next_on: None }).await?;
    if stale {
        alarm(&mut writing, "bank_stale").await?;
    }
    Ok(writing.commit().await?)
}

/// Records what was decided for a customer, and queues the letter if there is one. Returns what is news.
///
/// # Errors
/// When the books fail.
pub async fn record_plan(
    office: &Office,
    writing: &mut Writing<'_>,
    loaded: &Loaded,
    plan: &Plan,
) -> Result<Vec<Event>, JobError> {
    let mut events = Vec::new();
    for finding in &plan.findings {
        events.extend(record(writing, loaded, finding, plan.letter.as_ref()).await?);
    }
    if let Some(letter) = &plan.letter {
        queue(office, writing, loaded, letter).await?;
    }
    Ok(events)
}

/// Records what was found for an invoice, and when to look again. Returns what is news.
async fn record(
    writing: &mut Writing<'_>,
    loaded: &Loaded,
    finding: &Finding,
    letter: Option<&DunningLetter>,
) -> Result<Option<Event>, JobError> {
    let document = finding.document.get();
    let number = loaded.documents.get(&finding.document).map(|document| document.number.clone()).unwrap_or_default();
    writing.look_at(document, finding.next_on).await?;
    let (rule, verdict, facts, next_on) = match &finding.outcome {
        Outcome::Settled => return Ok(None),
        Outcome::Waiting => ("D2".to_owned(), "waiting", waiting(finding), finding.next_on),
        Outcome::LastStage => ("D2".to_owned(), "last_stage", json!({ "stage": finding.stage - 1 }), None),
        // Looked at again on every sending day; that is no new decision.
        Outcome::Held { reason, about } => {
            let facts = json!({ "stage": finding.stage, "about": about, "passed": passed(finding) });
            (format!("D5 {}", reason.name()), "held", facts, None)
        }
        Outcome::InLetter => ("D2".to_owned(), "letter", in_letter(finding, letter), finding.next_on),
    };
    let news = writing
        .decide(NewDecision {
            subject: Subject::document(document),
            rule,
            verdict: verdict.to_owned(),
            facts: canonical(&facts),
            next_on,
        })
        .await?;
    Ok(match &finding.outcome {
        Outcome::Held { reason, about } if news => Some(held(loaded, finding, number, *reason, about)),
        _ => None,
    })
}

fn held(loaded: &Loaded, finding: &Finding, number: String, reason: HoldReason, about: &str) -> Event {
    Event::LetterHeld {
        number,
        customer: loaded.customer.number.clone(),
        name: loaded.customer.name.clone(),
        stage: finding.stage,
        reason: reason.name().to_owned(),
        about: about.to_owned(),
    }
}

/// When a letter is earned, for `why`.
fn waiting(finding: &Finding) -> serde_json::Value {
    let Some(earned) = finding.earned else { return json!({ "stage": finding.stage }) };
    json!({ "stage": finding.stage, "since": earned.since, "after_days": earned.after_days, "earned_on": earned.on })
}

/// The gates that let a letter pass and what each saw, for `why`.
fn passed(finding: &Finding) -> Vec<[&str; 2]> {
    finding.passed.iter().map(|gate| [gate.reason.name(), gate.saw.as_str()]).collect()
}

/// What a letter says of an invoice, for `why`.
fn in_letter(finding: &Finding, letter: Option<&DunningLetter>) -> serde_json::Value {
    let item = letter.and_then(|letter| letter.items.iter().find(|item| item.document == finding.document));
    let (Some(letter), Some(item)) = (letter, item) else { return json!({ "stage": finding.stage }) };
    let plain = |amount: crate::money::Amount| amount.plain(letter.currency);
    json!({
        "stage": finding.stage, "name": letter.stage_name, "deadline": letter.deadline_on,
        "principal": plain(item.principal), "interest": plain(item.interest), "costs": plain(item.costs),
        "covered_through": letter.covered_through, "rate_unknown_on": item.rate_unknown_on, "passed": passed(finding),
        "earned_on": finding.earned.map(|earned| earned.on),
    })
}

/// Queues a letter; the books refuse it while one of its stages is under way.
async fn queue(
    office: &Office,
    writing: &mut Writing<'_>,
    loaded: &Loaded,
    letter: &DunningLetter,
) -> Result<(), JobError> {
    let new = NewLetter {
        kind: kind(letter),
        about: about(&loaded.customer, writing.today()),
        customer: Some(loaded.id),
        document: None,
        delivery: loaded.customer.delivery.name(),
        not_before: office.send_window().next(writing.now()),
    };
    writing.add_letter(new, items(letter)).await?;
    Ok(())
}

/// The kind of a letter: a reminder until a stage above the first is in it.
fn kind(letter: &DunningLetter) -> &'static str {
    if letter.stage == 1 { "reminder" } else { "dunning" }
}

/// What a dunning letter is about: customer and day, so there is one a day.
fn about(customer: &Customer, today: chrono::NaiveDate) -> String {
    format!("{} {today}", customer.number)
}

/// Returns the items of a letter as the books hold them; letter and round are set when it is written.
pub fn items(letter: &DunningLetter) -> Vec<LetterItemRow> {
    let rows = letter.items.iter().map(|item| LetterItemRow {
        letter_id: 0,
        document_id: item.document.get(),
        stage: i64::try_from(item.stage).unwrap_or(i64::MAX),
        round: 0,
        deadline_on: letter.deadline_on,
        principal: item.principal.minor(),
        fee: item.fee.minor(),
        interest: item.interest_total.minor(),
    });
    rows.collect()
}

/// Has the customer's other open invoices, those that are collected, rest until something happens to them.
async fn rest(writing: &mut Writing<'_>, loaded: &Loaded, today: chrono::NaiveDate) -> Result<(), JobError> {
    for row in writing.tx.open_receivables_of(loaded.id).await? {
        let known = loaded.documents.contains_key(&crate::id::DocumentId::from(row.document_id));
        if !known && row.next_on.is_some_and(|day| day <= today) {
            writing.look_at(row.document_id, None).await?;
        }
    }
    Ok(())
}
