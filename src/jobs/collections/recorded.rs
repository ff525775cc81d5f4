//! What was decided of a customer is recorded when it changes, so that `why` can tell it.

use chrono::{Days, NaiveDate};

use super::case::Loaded;
use super::numbered::Draft;
use crate::dunning::{
    DunningDocument, DunningLetter, Earned, Finding, Gate, HoldReason, NoticeFinding, NoticeOutcome, Outcome, Plan,
};
use crate::fact::{DecisionFact, NoticeFact, Passed, Subject};
use crate::id::CustomerId;
use crate::jobs::office::JobError;
use crate::jobs::office::event::Event;
use crate::jobs::records::alarm::alarm;
use crate::jobs::records::decision::{MODEL_RULE, PAPER_RULE, new_decision};
use crate::letter::Alarm;
use crate::money::Amount;
use crate::question::Obstacle;
use crate::shell::store::Writing;

/// Holds all letters to a customer whom the program cannot read: what is open is looked at again tomorrow, and the owner is told.
pub(super) async fn unreadable(
    writing: &mut Writing<'_>,
    customer: CustomerId,
    why: Obstacle,
) -> Result<Option<Event>, JobError> {
    let (tomorrow, mut news) = (writing.today() + Days::new(1), false);
    for row in writing.tx.open_receivables_of(customer).await? {
        writing.look_at(row.document_id, Some(tomorrow)).await?;
        let fact = DecisionFact::Unreadable { reason: why.clone() };
        let decision = new_decision(Subject::Document(row.document_id), MODEL_RULE, &fact, None);
        news |= writing.decide(decision).await?;
    }
    if !news {
        return Ok(None);
    }
    alarm(writing, Alarm::Unreadable).await?;
    let about = writing.tx.customer(customer).await?.number;
    Ok(Some(Event::LetterFailed { about, outcome: "held".to_owned(), words: why }))
}

/// Records what was decided for a customer. Returns what is news.
pub(super) async fn record_plan(
    writing: &mut Writing<'_>,
    loaded: &Loaded,
    plan: &Plan,
) -> Result<Vec<Event>, JobError> {
    let mut events = Vec::new();
    for finding in &plan.findings {
        events.extend(record(writing, loaded, finding, plan).await?);
    }
    rest(writing, loaded).await?;
    Ok(events)
}

/// Records that a letter could not be written: its invoices are looked at again tomorrow, and the owner is told (fault 30).
pub(super) async fn not_written(
    writing: &mut Writing<'_>,
    loaded: &Loaded,
    plan: &Plan,
    draft: &Draft<DunningDocument>,
    why: &Obstacle,
) -> Result<Vec<Event>, JobError> {
    let tomorrow = writing.today() + Days::new(1);
    let (mut events, mut news) = (Vec::new(), false);
    for finding in &plan.findings {
        if finding.outcome != Outcome::InLetter {
            events.extend(record(writing, loaded, finding, plan).await?);
            continue;
        }
        writing.look_at(finding.document, Some(tomorrow)).await?;
        let fact = DecisionFact::Unwritten { stage: finding.stage, reason: why.clone() };
        let decision = new_decision(Subject::Document(finding.document), PAPER_RULE, &fact, None);
        news |= writing.decide(decision).await?;
    }
    rest(writing, loaded).await?;
    let (about, outcome) = (format!("{} {}", draft.kind, draft.about), "held".to_owned());
    events.extend(news.then(|| Event::LetterFailed { about, outcome, words: why.clone() }));
    Ok(events)
}

/// Records what was found for an invoice, and when to look again. Returns what is news.
async fn record(
    writing: &mut Writing<'_>,
    loaded: &Loaded,
    finding: &Finding,
    plan: &Plan,
) -> Result<Option<Event>, JobError> {
    let document = finding.document;
    let number = loaded.documents.get(&finding.document).map(|document| document.number.clone()).unwrap_or_default();
    writing.look_at(document, finding.next_on).await?;
    let (rule, fact, next_on) = match &finding.outcome {
        Outcome::Settled => return Ok(None),
        // Looked at again on every sending day; that is no new decision.
        Outcome::Undelivered => ("D1".to_owned(), DecisionFact::Undelivered { stage: finding.stage }, None),
        Outcome::Waiting => {
            let covered_through = plan.notice.as_ref().and_then(|notice| notice.covered_through);
            // A notice that is held is looked at again on every sending day; that is no new decision.
            let is_held = |notice: &NoticeFinding| matches!(notice.outcome, NoticeOutcome::Held { .. });
            let next_on = finding.next_on.filter(|_| !finding.notice.as_ref().is_some_and(is_held));
            ("D2".to_owned(), waiting(finding, covered_through), next_on)
        }
        Outcome::LastStage => ("D2".to_owned(), DecisionFact::LastStage { stage: finding.stage - 1 }, None),
        // Looked at again on every sending day; that is no new decision.
        Outcome::Held { reason, about, leaves_on } => (reason.rule(), held_fact(finding, about, *leaves_on), None),
        Outcome::InLetter => ("D2".to_owned(), in_letter(finding, plan.letter.as_ref())?, finding.next_on),
    };
    let news = writing.decide(new_decision(Subject::Document(document), rule, &fact, next_on)).await?;
    // Who watches hears of what is held, once.
    let Outcome::Held { reason, about, leaves_on } = &finding.outcome else { return Ok(None) };
    Ok(news.then(|| held(loaded, finding, number, *reason, about, *leaves_on)))
}

/// What holds a letter, for the books.
pub(super) fn held_fact(finding: &Finding, about: &str, leaves_on: Option<NaiveDate>) -> DecisionFact {
    let passed = passed(&finding.passed);
    DecisionFact::Held { stage: finding.stage, about: about.to_owned(), passed, leaves_on }
}

fn held(
    loaded: &Loaded,
    finding: &Finding,
    number: String,
    reason: HoldReason,
    about: &str,
    leaves_on: Option<NaiveDate>,
) -> Event {
    Event::LetterHeld {
        number,
        customer: loaded.customer.number.clone(),
        name: loaded.customer.name.clone(),
        stage: finding.stage,
        reason: reason.name().to_owned(),
        about: about.to_owned(),
        leaves_on,
    }
}

/// When a letter is earned, for `why`.
fn waiting(finding: &Finding, covered_through: Option<NaiveDate>) -> DecisionFact {
    let stage = finding.stage;
    let Some(Earned { since, after_days, on }) = finding.earned else { return DecisionFact::Unearned { stage } };
    let notice = finding.notice.as_ref().map(|notice| notice_fact(notice, covered_through));
    DecisionFact::Waiting { stage, since, after_days, earned_on: on, notice }
}

/// What was found of the notice before the due date, for `why`.
fn notice_fact(notice: &NoticeFinding, covered_through: Option<NaiveDate>) -> NoticeFact {
    let earned_on = notice.earned_on;
    match &notice.outcome {
        NoticeOutcome::Waiting => NoticeFact::Waiting { earned_on, next_on: notice.next_on },
        NoticeOutcome::Held { gate, leaves_on } => {
            NoticeFact::Held { earned_on, held: gate.reason, about: gate.saw.clone(), leaves_on: *leaves_on }
        }
        NoticeOutcome::InNotice(gates) => NoticeFact::Written { earned_on, passed: passed(gates), covered_through },
    }
}

/// The gates that let a letter pass and what each saw, for `why`.
fn passed(gates: &[Gate]) -> Vec<Passed> {
    gates.iter().map(|gate| Passed(gate.reason, gate.saw.clone())).collect()
}

/// What a letter says of an invoice, for `why`.
fn in_letter(finding: &Finding, letter: Option<&DunningLetter>) -> Result<DecisionFact, JobError> {
    let item = letter.and_then(|letter| letter.items.iter().find(|item| item.document == finding.document));
    let (Some(letter), Some(item)) = (letter, item) else {
        return Err(JobError::damaged("a letter without the invoice that it is for"));
    };
    let decimal = |amount: Amount| amount.decimal(letter.currency);
    Ok(DecisionFact::Letter {
        stage: finding.stage,
        name: letter.stage_name.clone(),
        deadline: letter.deadline_on,
        principal: decimal(item.principal),
        interest: decimal(item.interest),
        costs: decimal(item.costs),
        covered_through: letter.covered_through,
        rate_unknown_on: item.rate_unknown_on,
        passed: passed(&finding.passed),
        earned_on: finding.earned.map(|earned| earned.on),
    })
}

/// Has the customer's other open invoices, those that are collected, rest until something happens to them.
async fn rest(writing: &mut Writing<'_>, loaded: &Loaded) -> Result<(), JobError> {
    let today = writing.today();
    for row in writing.tx.open_receivables_of(loaded.id).await? {
        let known = loaded.documents.contains_key(&row.document_id);
        if !known && row.next_on.is_some_and(|day| day <= today) {
            writing.look_at(row.document_id, None).await?;
        }
    }
    Ok(())
}
