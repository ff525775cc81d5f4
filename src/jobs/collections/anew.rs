//! A letter that is about to leave is decided once more on what the books know then.

use chrono::NaiveDate;

use super::case::{Loaded, load};
use super::draft;
use crate::dunning::{Notice, NoticeOutcome, Outcome as Found, Plan, Surroundings, WithdrawnFor, decide};
use crate::fact::DocumentFact;
use crate::id::CustomerId;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::outbox::{LetterEvent, OutboxState};
use crate::shell::store::{LetterItemRow, NewLetterItem, Run, Tx, WaitingLetter, Writing};

/// What a queued letter comes to when it is about to leave.
pub(crate) enum Anew<T> {
    /// It is as it was decided.
    Stands(T),
    /// It was withdrawn; what follows for the customer is to be decided.
    Gone { customer: CustomerId, event: Box<Event> },
}

/// Decides a reminder or dunning letter anew.
pub(crate) async fn letter_anew(
    office: &Office,
    writing: &mut Writing<'_>,
    run: &Run,
    letter: &WaitingLetter,
) -> Result<Anew<Box<Loaded>>, JobError> {
    let Looked { loaded, plan, was } = look(office, writing, run, letter).await?;
    if plan.letter.as_ref().is_some_and(|decided| same(&was, draft::items(decided)))
        && !names_closed_account(office, &mut writing.tx, letter, run.today).await?
    {
        return Ok(Anew::Stands(Box::new(loaded)));
    }
    withdraw(writing, run, letter, loaded.id, reason_of(&plan)).await
}

/// Decides a notice before the due date anew.
pub(crate) async fn notice_anew(
    office: &Office,
    writing: &mut Writing<'_>,
    run: &Run,
    letter: &WaitingLetter,
) -> Result<Anew<(Box<Loaded>, Notice)>, JobError> {
    let Looked { loaded, mut plan, was } = look(office, writing, run, letter).await?;
    let reason = match plan.notice.take() {
        Some(notice) if same(&was, draft::notice_items(&notice)) => {
            return Ok(Anew::Stands((Box::new(loaded), notice)));
        }
        Some(_) => WithdrawnFor::WrittenAnew,
        None => why_no_notice(&plan, &was),
    };
    withdraw(writing, run, letter, loaded.id, reason).await
}

/// What the books know of a letter's customer now.
struct Looked {
    loaded: Loaded,
    plan: Plan,
    /// The items of the letter, as they were decided.
    was: Vec<LetterItemRow>,
}

async fn look(
    office: &Office,
    writing: &mut Writing<'_>,
    run: &Run,
    letter: &WaitingLetter,
) -> Result<Looked, JobError> {
    let customer = letter.customer_id.ok_or_else(|| JobError::damaged("a dunning letter to nobody"))?;
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today: run.today, business_days: &business_days, rates: &rates };
    let loaded = load(office, &mut writing.tx, customer, run.today).await?;
    let plan = decide(&loaded.case, around);
    let was = writing.tx.items_of(letter.letter_id).await?;
    Ok(Looked { loaded, plan, was })
}

/// Tells whether the account that a letter asks to pay into was closed since it was written.
pub(crate) async fn names_closed_account(
    office: &Office,
    tx: &mut Tx,
    letter: &WaitingLetter,
    today: NaiveDate,
) -> Result<bool, JobError> {
    let Some(document) = letter.document_id else { return Ok(false) };
    let row = tx.document(document).await?;
    let written = DocumentFact::read_dunning(&row.model);
    let written = written.map_err(JobError::model(format!("the letter {}", row.number)))?;
    Ok(office.config.pay_into(&written.pay_to, written.currency, today) != written.pay_to)
}

/// Tells whether a letter would say the same as it was to say.
fn same(was: &[LetterItemRow], mut is: Vec<NewLetterItem>) -> bool {
    is.sort_by_key(|item| item.document);
    was.len() == is.len()
        && was.iter().zip(&is).all(|(was, is)| {
            (was.document_id, was.stage, was.deadline_on, was.principal, was.fee, was.interest)
                == (is.document, is.stage, is.deadline_on, is.principal, is.fee, is.interest)
        })
}

/// Takes a letter back before it leaves.
async fn withdraw<T>(
    writing: &mut Writing<'_>,
    run: &Run,
    letter: &WaitingLetter,
    customer: CustomerId,
    reason: WithdrawnFor,
) -> Result<Anew<T>, JobError> {
    writing.add_event(letter.letter_id, None, LetterEvent::Withdrawn, None, reason.name()).await?;
    writing.set_outbox(letter.letter_id, OutboxState::Withdrawn, writing.now(), None).await?;
    // If the program ends here, the next run decides.
    writing.look_at_customer(customer, run.today).await?;
    let event = Event::LetterWithdrawn { about: letter.about.clone(), reason: reason.name().to_owned() };
    Ok(Anew::Gone { customer, event: Box::new(event) })
}

/// Why a letter that was queued does not leave as it was.
fn reason_of(plan: &Plan) -> WithdrawnFor {
    let held = plan.findings.iter().find_map(|finding| match &finding.outcome {
        Found::Held { reason, .. } => Some(*reason),
        Found::Settled | Found::Undelivered | Found::Waiting | Found::LastStage | Found::InLetter => None,
    });
    match (&plan.letter, held) {
        (Some(_), _) => WithdrawnFor::WrittenAnew,
        (None, Some(reason)) => WithdrawnFor::Held(reason),
        (None, None) => WithdrawnFor::NoLongerDue,
    }
}

/// Why a notice that was queued does not leave.
fn why_no_notice(plan: &Plan, was: &[LetterItemRow]) -> WithdrawnFor {
    let own = plan.findings.iter().filter(|finding| was.iter().any(|item| item.document_id == finding.document));
    let held = own.filter_map(|finding| finding.notice.as_ref()).find_map(|notice| match &notice.outcome {
        NoticeOutcome::Held { gate, .. } => Some(gate.reason),
        NoticeOutcome::Waiting | NoticeOutcome::InNotice(_) => None,
    });
    held.map_or(WithdrawnFor::NoLongerDue, WithdrawnFor::Held)
}
