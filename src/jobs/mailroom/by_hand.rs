//! Letters that a person delivers, by post or in a portal. They wait until `settled letter posted` says that they left, and what they
//! ask for may be paid meanwhile: so each day those that are no longer right are withdrawn. Their numbers are noted outside the books, as
//! those of mails are: a backup that is older than they are would give them again.

use crate::dunning::{Outcome, Surroundings, WithdrawnFor, decide};
use crate::jobs::collections::anew::names_closed_account;
use crate::jobs::collections::case::load;
use crate::jobs::collections::counted::counted;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::outbox::{LetterEvent, OutboxState};
use crate::refusal::LetterRefusal;
use crate::shell::store::{Run, Tx, WaitingLetter, Writing};

/// Finds a letter that has not arrived, by what it is about: an invoice's number, or customer and day.
pub(super) async fn open_letter(tx: &mut Tx, about: &str) -> Result<WaitingLetter, JobError> {
    for letter in tx.all_waiting_letters().await?.into_iter().filter(|letter| letter.about == about) {
        if letter.state != OutboxState::Sending {
            return Ok(letter);
        }
    }
    Err(JobError::refused(LetterRefusal::NoneWaits { about: about.to_owned() }))
}

/// Records that a person delivered a letter, or found an unclear one among the sent mail.
///
/// # Errors
/// When no such letter waits.
pub async fn posted(office: &Office, run: &Run, about: &str) -> Result<WaitingLetter, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let letter = open_letter(&mut writing.tx, about).await?;
    if !letter.delivery.is_by_hand() && letter.state != OutboxState::Unclear {
        return Err(JobError::refused(LetterRefusal::LeavesByMail { about: about.to_owned() }));
    }
    deliver(office, &mut writing, &letter).await?;
    writing.commit().await?;
    Ok(letter)
}

/// Records that an invoice which was queued again has arrived, by whatever way.
///
/// # Errors
/// When it does not wait.
pub async fn delivered(office: &Office, run: &Run, number: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let letter = open_letter(&mut writing.tx, number).await?;
    deliver(office, &mut writing, &letter).await?;
    Ok(writing.commit().await?)
}

/// Takes it that a person delivered all that waits for one: where one looks ahead, nobody can say so.
///
/// # Errors
/// When the books fail.
pub async fn all_posted(office: &Office, run: &Run) -> Result<(), JobError> {
    for letter in office.store.read().await?.all_waiting_letters().await? {
        if letter.delivery.is_by_hand() && letter.state == OutboxState::Queued {
            let mut writing = office.store.write(run, office.clock.now()).await?;
            deliver(office, &mut writing, &letter).await?;
            writing.commit().await?;
        }
    }
    Ok(())
}

async fn deliver(office: &Office, writing: &mut Writing<'_>, letter: &WaitingLetter) -> Result<(), JobError> {
    writing.add_event(letter.letter_id, None, LetterEvent::Posted, None, "by command").await?;
    writing.set_outbox(letter.letter_id, OutboxState::Accepted, writing.now(), None).await?;
    counted(office, writing, letter.letter_id).await
}

/// Withdraws reminders and dunning letters that wait for a person and are not to leave as they are: an invoice in them was paid, in full
/// or in part, or something holds it now. What is still due is decided anew.
pub async fn withdraw_outdated(office: &Office, run: &Run) -> Result<(), JobError> {
    let waiting = office.store.read().await?.all_waiting_letters().await?;
    for letter in &waiting {
        if !waits_for_a_person(letter)? {
            continue;
        }
        let Some(customer) = letter.customer_id else { continue };
        let mut writing = office.store.write(run, office.clock.now()).await?;
        let (business_days, rates) = (office.business_days(), office.base_rates());
        let around = Surroundings { today: run.today, business_days: &business_days, rates: &rates };
        let loaded = match load(office, &mut writing.tx, customer, run.today).await {
            // Who cannot be read is held, and told of, when letters are decided.
            Err(JobError::Model { .. }) => continue,
            loaded => loaded?,
        };
        let plan = decide(&loaded.case, around);
        let mut outdated = None;
        for was in writing.tx.items_of(letter.letter_id).await? {
            let item = loaded.case.items.iter().find(|item| item.document == was.document_id);
            let finding = plan.findings.iter().find(|finding| finding.document == was.document_id);
            let same = item.is_some_and(|item| item.open == was.principal);
            match finding.map(|finding| &finding.outcome) {
                Some(Outcome::Held { reason, .. }) => outdated = Some(WithdrawnFor::Held(*reason)),
                Some(Outcome::Waiting | Outcome::InLetter) if same => {}
                Some(
                    Outcome::Waiting | Outcome::InLetter | Outcome::Settled | Outcome::Undelivered | Outcome::LastStage,
                )
                | None => outdated = Some(WithdrawnFor::NoLongerDue),
            }
        }
        if outdated.is_none() && names_closed_account(office, &mut writing.tx, letter, run.today).await? {
            outdated = Some(WithdrawnFor::WrittenAnew);
        }
        let Some(reason) = outdated.map(WithdrawnFor::name) else { continue };
        writing.add_event(letter.letter_id, None, LetterEvent::Withdrawn, None, reason).await?;
        writing.set_outbox(letter.letter_id, OutboxState::Withdrawn, writing.now(), None).await?;
        writing.look_at_customer(customer, run.today).await?;
        writing.commit().await?;
        office.tell(run.today, &Event::LetterWithdrawn { about: letter.about.clone(), reason: reason.to_owned() });
    }
    Ok(())
}

/// Tells whether a letter is a reminder or dunning letter that a person is to deliver.
fn waits_for_a_person(letter: &WaitingLetter) -> Result<bool, JobError> {
    let by_hand = letter.delivery.is_by_hand() && letter.state == OutboxState::Queued;
    Ok(by_hand && letter.kind.is_dunning())
}
