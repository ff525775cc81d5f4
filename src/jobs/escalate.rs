//! Reminders and dunning letters: for every customer with something overdue, today's decision with its reason (rules D1 to D10).
//!
//! A letter is only numbered, written and queued here. Before it leaves it is decided anew, on what the books then know.

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::account::account_statement;
use super::acts::end_missed_plans;
use super::announce::announce;
use super::customer_case::{Loaded, load};
use super::event::Event;
use super::letters::alarm;
use super::numbered::{Content, Draft, number};
use super::office::{JobError, Office};
use crate::customer::Customer;
use crate::dunning::{
    DunningDocument, DunningLetter, Enclosure, Finding, Gate, HoldReason, ItemFacts, NOTICE_STAGE, Notice,
    NoticeFinding, NoticeItem, NoticeOutcome, Outcome, Plan, Surroundings, decide, effective_due,
};
use crate::journal::canonical;
use crate::shell::crash;
use crate::shell::store::{LetterItemRow, NewDecision, NewLetter, Run, Subject, Tx, Writing};

/// How many customers are decided in one transaction.
const BATCH: i64 = 500;

/// How many letters are stored in one transaction.
const CHUNK: usize = 64;

/// How often letters are decided again because somebody else wrote in between.
const TRIES: usize = 5;

/// The rule of letters that wait for the bank's data.
const BANK_STALE: &str = "D5 bank_stale";

/// The rule under which the books remember whether letters wait for the bank's data.
const BANK_RULE: &str = "bank";

/// The rule of letters that could not be written: a template or the paper fails.
pub const PAPER_RULE: &str = "paper";

/// The rule of letters to a customer whose model in the books cannot be read.
pub const MODEL_RULE: &str = "model";

/// Decides for every customer with an invoice that is to be looked at. Returns how many letters were queued.
///
/// # Errors
/// When the books fail, or no worker can be started to typeset the letters.
pub async fn escalate(office: &Office, run: &Run) -> Result<usize, JobError> {
    let (mut after, mut letters) = (0, 0);
    while !office.is_stopping() {
        let customers = office.store.read().await?.customers_to_look_at(run.today, after, BATCH).await?;
        let Some(last) = customers.last() else { break };
        after = *last;
        letters += decide_for(office, run, &customers).await?;
    }
    if office.config.dunning.announce {
        announce(office, run).await?;
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

/// Decides for customers: what is no letter is recorded at once, letters are written and queued. Returns how many.
///
/// # Errors
/// When the books fail, or no worker can be started to typeset the letters.
pub async fn decide_for(office: &Office, run: &Run, customers: &[i64]) -> Result<usize, JobError> {
    let with_letters = record_others(office, run, customers).await?;
    let mut letters = 0;
    for chunk in with_letters.chunks(CHUNK) {
        let mut tries = 0;
        letters += loop {
            match write_letters(office, run, chunk).await? {
                Some(count) => break count,
                None if tries < TRIES => tries += 1,
                None => return Err(JobError::damaged("a customer whose case never rests")),
            }
        };
    }
    Ok(letters)
}

/// Decides for customers and records what is no letter. Returns those who get one.
async fn record_others(office: &Office, run: &Run, customers: &[i64]) -> Result<Vec<i64>, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (mut events, mut with_letters) = (Vec::new(), Vec::new());
    for customer in customers {
        let decided = match decided(office, &mut writing.tx, *customer, run.today).await {
            // One who cannot be read keeps nobody else from a letter.
            Err(error @ JobError::Model { .. }) => {
                events.extend(unreadable(&mut writing, *customer, &error.to_string()).await?);
                continue;
            }
            decided => decided?,
        };
        let Some((loaded, plan)) = decided else { continue };
        events.extend(end_missed_plans(&mut writing, &loaded).await?);
        if plan.letter.is_some() {
            with_letters.push(*customer);
        } else {
            events.extend(record_plan(&mut writing, &loaded, &plan).await?);
            if let Some(notice) = &plan.notice {
                queue_notice(office, &mut writing, &loaded, notice).await?;
            }
        }
    }
    crash::point("before escalating");
    writing.commit().await?;
    crash::point("after escalating");
    events.iter().for_each(|event| office.tell(run.today, event));
    Ok(with_letters)
}

/// Holds all letters to a customer whom the program cannot read: what is open is looked at again tomorrow, and the owner is told.
async fn unreadable(writing: &mut Writing<'_>, customer: i64, why: &str) -> Result<Option<Event>, JobError> {
    let (tomorrow, mut news) = (writing.today() + Days::new(1), false);
    for row in writing.tx.open_receivables_of(customer).await? {
        writing.look_at(row.document_id, Some(tomorrow)).await?;
        let decision = NewDecision {
            subject: Subject::document(row.document_id),
            rule: MODEL_RULE.to_owned(),
            verdict: "held".to_owned(),
            facts: canonical(&json!({ "reason": why })),
            next_on: None,
        };
        news |= writing.decide(decision).await?;
    }
    if !news {
        return Ok(None);
    }
    alarm(writing, "unreadable").await?;
    let about = format!("letters to {}", writing.tx.customer(customer).await?.number);
    Ok(Some(Event::LetterFailed { about, outcome: "held".to_owned(), words: why.to_owned() }))
}

/// Queues a notice before the due date, unless one still waits to leave. It has no number and no paper; its text is written when it leaves.
async fn queue_notice(
    office: &Office,
    writing: &mut Writing<'_>,
    loaded: &Loaded,
    notice: &Notice,
) -> Result<(), JobError> {
    if writing.tx.notices_under_way(loaded.id).await? > 0 {
        return Ok(());
    }
    let letter = NewLetter {
        kind: "notice",
        about: about(&loaded.customer, writing.today()),
        customer: Some(loaded.id),
        document: None,
        delivery: loaded.customer.delivery.name(),
        not_before: office.send_window().next(writing.now()),
    };
    writing.add_letter(letter, notice_items(notice)).await?;
    Ok(())
}

/// Decides for a customer; nothing while a letter is under way: one at a time, so it is settled first.
async fn decided(
    office: &Office,
    tx: &mut Tx,
    customer: i64,
    today: NaiveDate,
) -> Result<Option<(Loaded, Plan)>, JobError> {
    if !tx.dunning_under_way(customer).await?.is_empty() {
        return Ok(None);
    }
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today, business_days: &business_days, rates: &rates };
    let loaded = load(office, tx, customer, today).await?;
    let plan = decide(&loaded.case, around);
    Ok(Some((loaded, plan)))
}

/// Writes the letters of some customers with no transaction open, then decides once more, and stores them in one transaction.
/// Nothing when somebody else wrote in between, so that they are to be decided anew.
async fn write_letters(office: &Office, run: &Run, customers: &[i64]) -> Result<Option<usize>, JobError> {
    let mut tx = office.store.read().await?;
    let (mut plans, mut drafts) = (Vec::new(), Vec::new());
    for customer in customers {
        let Some((loaded, plan)) = decided(office, &mut tx, *customer, run.today).await? else { continue };
        if let Some(letter) = &plan.letter {
            drafts.push(draft(office, &mut tx, &loaded, letter, run.today).await?);
        }
        plans.push((loaded, plan));
    }
    drop(tx);
    let (numbered, unwritten) = number(office, run.today, drafts).await?;

    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (mut events, mut letters) = (Vec::new(), 0);
    for (before, plan) in &plans {
        let now = decided(office, &mut writing.tx, before.id, run.today).await?;
        let Some((loaded, _)) = now.filter(|(l, p)| p == plan && l.customer == before.customer) else {
            return Ok(None);
        };
        match unwritten.iter().find(|(draft, _)| draft.customer == loaded.id) {
            Some((draft, why)) => events.extend(not_written(&mut writing, &loaded, plan, draft, why).await?),
            None => {
                events.extend(record_plan(&mut writing, &loaded, plan).await?);
                letters += usize::from(plan.letter.is_some());
            }
        }
    }
    if !unwritten.is_empty() {
        alarm(&mut writing, "letters_held").await?;
    }
    if !numbered.store(office, &mut writing).await? {
        return Ok(None);
    }
    crash::point("before queueing letters");
    writing.commit().await?;
    crash::point("after queueing letters");
    events.iter().for_each(|event| office.tell(run.today, event));
    Ok(Some(letters))
}

/// Records what was decided for a customer. Returns what is news.
async fn record_plan(writing: &mut Writing<'_>, loaded: &Loaded, plan: &Plan) -> Result<Vec<Event>, JobError> {
    let mut events = Vec::new();
    for finding in &plan.findings {
        events.extend(record(writing, loaded, finding, plan).await?);
    }
    rest(writing, loaded).await?;
    Ok(events)
}

/// Records that a letter could not be written: its invoices are looked at again tomorrow, and the owner is told (fault 30).
async fn not_written(
    writing: &mut Writing<'_>,
    loaded: &Loaded,
    plan: &Plan,
    draft: &Draft,
    why: &str,
) -> Result<Vec<Event>, JobError> {
    let tomorrow = writing.today() + Days::new(1);
    let (mut events, mut news) = (Vec::new(), false);
    for finding in &plan.findings {
        if finding.outcome != Outcome::InLetter {
            events.extend(record(writing, loaded, finding, plan).await?);
            continue;
        }
        writing.look_at(finding.document.get(), Some(tomorrow)).await?;
        let decision = NewDecision {
            subject: Subject::document(finding.document.get()),
            rule: PAPER_RULE.to_owned(),
            verdict: "held".to_owned(),
            facts: canonical(&json!({ "stage": finding.stage, "reason": why })),
            next_on: None,
        };
        news |= writing.decide(decision).await?;
    }
    rest(writing, loaded).await?;
    let (about, outcome) = (format!("{} {}", draft.kind, draft.about), "held".to_owned());
    events.extend(news.then(|| Event::LetterFailed { about, outcome, words: why.to_owned() }));
    Ok(events)
}

/// Records what was found for an invoice, and when to look again. Returns what is news.
async fn record(
    writing: &mut Writing<'_>,
    loaded: &Loaded,
    finding: &Finding,
    plan: &Plan,
) -> Result<Option<Event>, JobError> {
    let document = finding.document.get();
    let number = loaded.documents.get(&finding.document).map(|document| document.number.clone()).unwrap_or_default();
    writing.look_at(document, finding.next_on).await?;
    let (rule, verdict, facts, next_on) = match &finding.outcome {
        Outcome::Settled => return Ok(None),
        Outcome::Waiting => {
            let covered_through = plan.notice.as_ref().and_then(|notice| notice.covered_through);
            // A notice that is held is looked at again on every sending day; that is no new decision.
            let is_held = |notice: &NoticeFinding| matches!(notice.outcome, NoticeOutcome::Held(_));
            let next_on = finding.next_on.filter(|_| !finding.notice.as_ref().is_some_and(is_held));
            ("D2".to_owned(), "waiting", waiting(finding, covered_through), next_on)
        }
        Outcome::LastStage => ("D2".to_owned(), "last_stage", json!({ "stage": finding.stage - 1 }), None),
        // Looked at again on every sending day; that is no new decision.
        Outcome::Held { reason, about } => {
            let facts = json!({ "stage": finding.stage, "about": about, "passed": passed(finding) });
            (format!("D5 {}", reason.name()), "held", facts, None)
        }
        Outcome::InLetter => ("D2".to_owned(), "letter", in_letter(finding, plan.letter.as_ref()), finding.next_on),
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
fn waiting(finding: &Finding, covered_through: Option<NaiveDate>) -> serde_json::Value {
    let Some(earned) = finding.earned else { return json!({ "stage": finding.stage }) };
    let mut facts = json!({ "stage": finding.stage, "since": earned.since, "after_days": earned.after_days, "earned_on": earned.on });
    if let Some(notice) = &finding.notice {
        facts["notice"] = notice_facts(notice, covered_through);
    }
    facts
}

/// What was found of the notice before the due date, for `why`.
fn notice_facts(notice: &NoticeFinding, covered_through: Option<NaiveDate>) -> serde_json::Value {
    match &notice.outcome {
        NoticeOutcome::Waiting => json!({ "earned_on": notice.earned_on, "next_on": notice.next_on }),
        NoticeOutcome::Held(gate) => {
            json!({ "earned_on": notice.earned_on, "held": gate.reason.name(), "about": gate.saw })
        }
        NoticeOutcome::InNotice(gates) => {
            json!({ "earned_on": notice.earned_on, "passed": saw(gates), "covered_through": covered_through })
        }
    }
}

/// The gates that let a letter pass and what each saw, for `why`.
fn passed(finding: &Finding) -> Vec<[&str; 2]> {
    saw(&finding.passed)
}

fn saw(gates: &[Gate]) -> Vec<[&str; 2]> {
    gates.iter().map(|gate| [gate.reason.name(), gate.saw.as_str()]).collect()
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

/// Makes the draft of a letter that was decided.
async fn draft(
    office: &Office,
    tx: &mut Tx,
    loaded: &Loaded,
    letter: &DunningLetter,
    today: NaiveDate,
) -> Result<Draft, JobError> {
    let business_days = office.business_days();
    let mut facts = Vec::new();
    for item in &letter.items {
        let document = loaded.documents.get(&item.document);
        let document = document.ok_or_else(|| JobError::damaged("a letter on an unknown invoice"))?;
        let case = loaded.case.items.iter().find(|case| case.document == item.document);
        let case = case.ok_or_else(|| JobError::damaged("a letter on an invoice that is not open"))?;
        let due_on = effective_due(case.issued_on, case.due_on, case.redelivered_on, &business_days);
        facts.push(ItemFacts { document, item, interest: case.policy.interest.as_ref(), due_on });
    }
    let document = DunningDocument::of(letter, &facts, &loaded.customer, today);
    let papers = if letter.attach.contains(&Enclosure::AccountStatement) {
        vec![account_statement(tx, loaded, &document).await?]
    } else {
        Vec::new()
    };
    Ok(Draft {
        customer: loaded.id,
        agreed: loaded.customer.clone(),
        kind: kind(letter),
        about: about(&loaded.customer, today),
        content: Content::Dunning(document),
        items: items(letter),
        papers,
    })
}

/// The kind of a letter: a reminder until a stage above the first is in it.
fn kind(letter: &DunningLetter) -> &'static str {
    if letter.stage == 1 { "reminder" } else { "dunning" }
}

/// What a dunning letter is about: customer and day, so there is one a day.
fn about(customer: &Customer, today: NaiveDate) -> String {
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

/// Returns the items of a notice as the books hold them: they claim nothing, and their deadline is the due date.
pub fn notice_items(notice: &Notice) -> Vec<LetterItemRow> {
    let row = |item: &NoticeItem| LetterItemRow {
        letter_id: 0,
        document_id: item.document.get(),
        stage: NOTICE_STAGE,
        round: 0,
        deadline_on: item.due_on,
        principal: item.open.minor(),
        fee: 0,
        interest: 0,
    };
    notice.items.iter().map(row).collect()
}

/// Has the customer's other open invoices, those that are collected, rest until something happens to them.
async fn rest(writing: &mut Writing<'_>, loaded: &Loaded) -> Result<(), JobError> {
    let today = writing.today();
    for row in writing.tx.open_receivables_of(loaded.id).await? {
        let known = loaded.documents.contains_key(&crate::id::DocumentId::from(row.document_id));
        if !known && row.next_on.is_some_and(|day| day <= today) {
            writing.look_at(row.document_id, None).await?;
        }
    }
    Ok(())
}
