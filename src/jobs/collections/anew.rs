//! A letter that is about to leave is decided once more on what the books know then.

use super::case::{Loaded, load};
use super::draft;
use crate::dunning::{Notice, NoticeOutcome, Outcome as Found, Plan, Surroundings, decide};
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::office::event::Event;
use crate::jobs::records::letter::is_notice;
use crate::shell::store::{LetterItemRow, Run, WaitingLetter, Writing};

pub(crate) enum Anew {
    /// The letter is as it was decided.
    Letter(Box<Loaded>),
    /// The notice is as it was decided.
    Notice(Box<Loaded>, Notice),
    /// Withdrawn; what follows for the customer is to be decided.
    Gone { customer: i64, event: Box<Event> },
}

/// Decides a notice, reminder or dunning letter anew, on what the books know now.
pub(crate) async fn decide_anew(
    office: &Office,
    writing: &mut Writing<'_>,
    run: &Run,
    letter: &WaitingLetter,
) -> Result<Anew, JobError> {
    let customer = letter.customer_id.ok_or_else(|| JobError::damaged("a dunning letter to nobody"))?;
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today: run.today, business_days: &business_days, rates: &rates };
    let loaded = load(office, &mut writing.tx, customer, run.today).await?;
    let plan = decide(&loaded.case, around);
    let was = writing.tx.items_of(letter.letter_id).await?;
    let same = |mut is: Vec<LetterItemRow>| {
        is.sort_by_key(|item| item.document_id);
        was.len() == is.len()
            && was.iter().zip(&is).all(|(was, is)| {
                (was.document_id, was.stage, was.deadline_on, was.principal, was.fee, was.interest)
                    == (is.document_id, is.stage, is.deadline_on, is.principal, is.fee, is.interest)
            })
    };
    let reason = match plan.notice.as_ref().filter(|_| is_notice(letter)) {
        Some(notice) if same(draft::notice_items(notice)) => {
            return Ok(Anew::Notice(Box::new(loaded), notice.clone()));
        }
        Some(_) => "written anew".to_owned(),
        None if is_notice(letter) => why_no_notice(&plan, &was),
        None if plan.letter.as_ref().is_some_and(|decided| same(draft::items(decided))) => {
            return Ok(Anew::Letter(Box::new(loaded)));
        }
        None => reason_of(&plan),
    };
    writing.add_event(letter.letter_id, None, "withdrawn", None, &reason).await?;
    writing.set_outbox(letter.letter_id, "withdrawn", writing.now(), None).await?;
    // If the program ends here, the next run decides.
    writing.look_at_customer(customer, run.today).await?;
    let event = Event::LetterWithdrawn { about: letter.about.clone(), reason };
    Ok(Anew::Gone { customer, event: Box::new(event) })
}

/// Why a letter that was queued does not leave as it was.
fn reason_of(plan: &Plan) -> String {
    let held = plan.findings.iter().find_map(|finding| match &finding.outcome {
        Found::Held { reason, .. } => Some(reason.name()),
        _ => None,
    });
    match (&plan.letter, held) {
        (Some(_), _) => "written anew".to_owned(),
        (None, Some(reason)) => reason.to_owned(),
        (None, None) => "no longer due".to_owned(),
    }
}

/// Why a notice that was queued does not leave.
fn why_no_notice(plan: &Plan, was: &[LetterItemRow]) -> String {
    let own = plan.findings.iter().filter(|finding| was.iter().any(|item| item.document_id == finding.document.get()));
    let held = own.filter_map(|finding| finding.notice.as_ref()).find_map(|notice| match &notice.outcome {
        NoticeOutcome::Held(gate) => Some(gate.reason.name()),
        _ => None,
    });
    held.unwrap_or("no longer due").to_owned()
}
