//! A waiting letter is claimed: decided anew, composed, its attempt committed.

use chrono::Duration;

use super::attempt::Claim;
use super::compose::compose;
use super::copies::Copies;
use super::outcome::{failed, refuse};
use crate::jobs::collections::anew::Anew;
use crate::jobs::collections::escalate;
use crate::jobs::office::{JobError, Office, Transport};
use crate::letter;
use crate::outbox::{LetterEvent, OutboxState, message_id, next_try};
use crate::party::Email;
use crate::shell::crash;
use crate::shell::issue_journal::Line;
use crate::shell::store::{Run, WaitingLetter};

/// Claims a letter: composes it, which decides it anew where it asks for payment, and records the attempt. Nothing when it is not to
/// leave now.
pub(super) async fn claim(
    office: &Office,
    run: &Run,
    letter: &WaitingLetter,
    copies: &Copies,
) -> Result<Option<Claim>, JobError> {
    let now = office.clock.now();
    let mut writing = office.store.write(run, now).await?;
    let outbox = writing.tx.outbox(letter.letter_id).await?;
    if !outbox.state.may_be_sent() {
        return Ok(None);
    }
    let composed = match compose(office, &mut writing, run, letter, copies).await? {
        Anew::Stands(composed) => composed,
        Anew::Gone { customer, event } => {
            writing.commit().await?;
            office.tell(run.today, &event);
            escalate::decide_for(office, run, &[customer]).await?;
            return Ok(None);
        }
    };
    let (kind, domain) = (letter.kind.name(), office.mail_from().domain());
    let mail_id = message_id(&office.books_key, kind, &letter.about, letter.round, domain);
    let whole = composed.and_then(|composed| {
        let mail = composed.mail(office, &mail_id, now);
        letter::compose(&mail).map(|eml| (composed, eml)).map_err(|error| error.to_string())
    });
    let (composed, eml) = match whole {
        Ok(whole) => whole,
        Err(words) => {
            refuse(office, &mut writing, letter, None, &words).await?;
            writing.commit().await?;
            office.tell(run.today, &failed(letter, "refused", &words));
            return Ok(None);
        }
    };
    let hash = composed.attachments.first().map(|attachment| crate::journal::sha256(&attachment.bytes));
    let mut claim = Claim { attempt: 0, message_id: mail_id, composed, eml, hash };
    if matches!(office.transport, Transport::Folder { counts: false, .. }) {
        // Nothing is recorded, for nothing is delivered.
        return Ok(Some(claim));
    }
    let addresses: Vec<&str> = claim.composed.recipients().map(Email::as_str).collect();
    let stored = letter::skeleton(&claim.eml, &claim.composed.attachments);
    claim.attempt = writing.add_attempt(letter.letter_id, &claim.message_id, &addresses.join(", "), stored).await?;
    writing
        .set_outbox(letter.letter_id, OutboxState::Sending, now, Some(&crate::shell::system::host_and_process()))
        .await?;
    crash::point("before claiming");
    writing.commit().await?;
    crash::point("after claiming");
    if let Some(journal) = &office.issue_journal {
        let line = Line {
            books: office.books_key.clone(),
            kind: kind.to_owned(),
            about: letter.about.clone(),
            sha256: claim.hash.clone(),
            message_id: Some(claim.message_id.clone()),
            number: None,
        };
        if let Err(cause) = journal.append(&line) {
            // The letter has certainly not left.
            let words = "the issue journal cannot be written";
            put_back(office, run, letter, claim.attempt, words).await?;
            return Err(JobError::io(words)(cause));
        }
    }
    Ok(Some(claim))
}

/// Has a letter wait that was not tried, because something about it in the books cannot be read. The owner is asked as long as it does.
pub(super) async fn wait(office: &Office, run: &Run, letter: &WaitingLetter, words: &str) -> Result<(), JobError> {
    let now = office.clock.now();
    let mut writing = office.store.write(run, now).await?;
    let last = writing.tx.events_of(letter.letter_id).await?.pop();
    if last.is_none_or(|last| last.kind != LetterEvent::Deferred || last.words != words) {
        writing.add_event(letter.letter_id, None, LetterEvent::Deferred, None, words).await?;
    }
    writing.set_outbox(letter.letter_id, OutboxState::Deferred, now + Duration::hours(6), None).await?;
    writing.commit().await?;
    office.tell(run.today, &failed(letter, "deferred", words));
    Ok(())
}

/// Takes a claim back: the letter has certainly not left, and is tried again.
async fn put_back(
    office: &Office,
    run: &Run,
    letter: &WaitingLetter,
    attempt: i64,
    words: &str,
) -> Result<(), JobError> {
    let now = office.clock.now();
    let mut writing = office.store.write(run, now).await?;
    writing.add_event(letter.letter_id, None, LetterEvent::Deferred, Some(attempt), words).await?;
    writing.set_outbox(letter.letter_id, OutboxState::Deferred, next_try(attempt, now), None).await?;
    Ok(writing.commit().await?)
}
