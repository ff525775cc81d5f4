//! What came of an attempt: accepted, refused, deferred, unclear, or the settings are wrong.

use chrono::Duration;

use super::attempt::Claim;
use super::letter::{Composed, Whose};
use crate::fact::{DecisionFact, Subject};
use crate::jobs::collections::counted::counted;
use crate::jobs::office::event::{Event, LetterItem};
use crate::jobs::office::{JobError, Office, Transport};
use crate::jobs::records::decision::{MAIL_RULE, latest_by_rule, new_decision};
use crate::language::Language;
use crate::letter::WhenUnclear;
use crate::money::Amount;
use crate::outbox::{LetterEvent, MailTrouble, OutboxState, Outcome, RefusedRecipient, gives_up, next_try};
use crate::question::Obstacle;
use crate::shell::crash;
use crate::shell::smtp::is_mailbox_full;
use crate::shell::store::{Run, Tx, WaitingLetter, Writing};

/// How long the queue rests after the server refused us.
const PAUSE: Duration = Duration::minutes(5);

/// How often the fate of an invoice's mail may be unknown before the owner is asked: it would come again and again.
const UNCLEAR_AT_MOST: usize = 2;

/// Records what came of an attempt.
pub(super) async fn record(
    office: &Office,
    run: &Run,
    letter: &WaitingLetter,
    claim: &Claim,
    outcome: Outcome,
) -> Result<(), JobError> {
    let now = office.clock.now();
    let attempt = Some(claim.attempt);
    let mut writing = office.store.write(run, now).await?;
    if matches!(office.transport, Transport::Folder { counts: false, .. }) {
        // It is a file now, and waits for a server; others have their turn.
        writing.set_outbox(letter.letter_id, OutboxState::Queued, now + Duration::hours(6), None).await?;
        return Ok(writing.commit().await?);
    }
    let event = match outcome {
        Outcome::Accepted { said, refused } => {
            if !refused.is_empty() {
                let words = RefusedRecipient::write(&refused);
                writing.add_event(letter.letter_id, None, LetterEvent::PartlyRefused, attempt, &words).await?;
            }
            writing.add_event(letter.letter_id, None, LetterEvent::Accepted, attempt, &said).await?;
            writing.set_outbox(letter.letter_id, OutboxState::Accepted, now, None).await?;
            mail_state(&mut writing, &DecisionFact::MailLeaves {}).await?;
            counted(office, &mut writing, letter.letter_id).await?;
            sent(letter, &claim.composed)?
        }
        // The owner's own letter is never given up: nobody else would say that it did not arrive.
        Outcome::Refused(words) if letter.customer_id.is_none() => {
            writing.add_event(letter.letter_id, None, LetterEvent::Deferred, attempt, &words).await?;
            writing.set_outbox(letter.letter_id, OutboxState::Deferred, next_try(claim.attempt, now), None).await?;
            failed(letter, "deferred", &words)
        }
        Outcome::Deferred(words) | Outcome::Unreachable(MailTrouble { said: words, .. }) => {
            let attempts = writing.tx.attempts_of(letter.letter_id).await?;
            let first = attempts.first().map_or(now, |attempt| attempt.started_at);
            if gives_up(first, now, is_mailbox_full(&words)) {
                refuse(office, &mut writing, letter, attempt, &words).await?;
                failed(letter, "refused", &words)
            } else {
                writing.add_event(letter.letter_id, None, LetterEvent::Deferred, attempt, &words).await?;
                writing.set_outbox(letter.letter_id, OutboxState::Deferred, next_try(claim.attempt, now), None).await?;
                failed(letter, "deferred", &words)
            }
        }
        Outcome::Refused(words) => {
            refuse(office, &mut writing, letter, attempt, &words).await?;
            failed(letter, "refused", &words)
        }
        Outcome::Unclear(words) => {
            unclear(office, &mut writing, letter, attempt, &words).await?;
            failed(letter, "unclear", &words)
        }
        Outcome::Misconfigured(MailTrouble { fault, said: words }) => {
            writing.add_event(letter.letter_id, None, LetterEvent::Deferred, attempt, &words).await?;
            writing.set_outbox(letter.letter_id, OutboxState::Deferred, now + PAUSE, None).await?;
            mail_state(&mut writing, &DecisionFact::MailMisconfigured { fault, words: words.clone() }).await?;
            failed(letter, "misconfigured", &words)
        }
    };
    crash::point("before recording");
    writing.commit().await?;
    crash::point("after recording");
    office.tell(run.today, &event);
    Ok(())
}

pub(super) fn failed(letter: &WaitingLetter, outcome: &str, words: &str) -> Event {
    let about = format!("{} {}", letter.kind, letter.about);
    Event::LetterFailed { about, outcome: outcome.to_owned(), words: Obstacle::Words(words.to_owned()) }
}

/// Nothing can leave: the settings are wrong. Said once.
pub(super) async fn misconfigured(office: &Office, run: &Run, trouble: &MailTrouble) -> Result<(), JobError> {
    let fact = DecisionFact::MailMisconfigured { fault: trouble.fault.clone(), words: trouble.said.clone() };
    if !is_news(&mut office.store.read().await?, &fact).await? {
        return Ok(());
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    mail_state(&mut writing, &fact).await?;
    let (words, advice) = (trouble.fault.words(Language::En), trouble.fault.advice(Language::En));
    tracing::error!(said = %trouble.said, %advice, "mail cannot leave: {words}");
    Ok(writing.commit().await?)
}

/// Records whether mail leaves, when that is another than before; the first time only when it does not.
async fn mail_state(writing: &mut Writing<'_>, fact: &DecisionFact) -> Result<(), JobError> {
    if is_news(&mut writing.tx, fact).await? {
        writing.add_decision(new_decision(Subject::Books, MAIL_RULE, fact, None)).await?;
    }
    Ok(())
}

/// Tells whether mail leaves otherwise than before, or does not leave for another reason.
async fn is_news(tx: &mut Tx, fact: &DecisionFact) -> Result<bool, JobError> {
    let fault = |fact: &DecisionFact| {
        if let DecisionFact::MailMisconfigured { fault, .. } = fact { Some(fault.clone()) } else { None }
    };
    let last = latest_by_rule(tx, Subject::Books, MAIL_RULE).await?;
    Ok(last.map_or(*fact != DecisionFact::MailLeaves {}, |last| fault(&last.fact) != fault(fact)))
}

/// The letter certainly did not arrive, and will not: its customer waits for another address.
pub(super) async fn refuse(
    office: &Office,
    writing: &mut Writing<'_>,
    letter: &WaitingLetter,
    attempt: Option<i64>,
    words: &str,
) -> Result<(), JobError> {
    writing.add_event(letter.letter_id, None, LetterEvent::Refused, attempt, words).await?;
    writing.set_outbox(letter.letter_id, OutboxState::Refused, office.clock.now(), None).await?;
    if let Some(customer) = letter.customer_id {
        writing.look_at_customer(customer, writing.today() + chrono::Days::new(1)).await?;
    }
    Ok(())
}

/// Nobody knows whether the letter left. An invoice is the same mail when it comes twice; a dunning letter waits for the owner.
pub(super) async fn unclear(
    office: &Office,
    writing: &mut Writing<'_>,
    letter: &WaitingLetter,
    attempt: Option<i64>,
    words: &str,
) -> Result<(), JobError> {
    let now = office.clock.now();
    writing.add_event(letter.letter_id, None, LetterEvent::Unclear, attempt, words).await?;
    let before = writing.tx.events_of(letter.letter_id).await?;
    let again = before.iter().filter(|event| event.kind == LetterEvent::Unclear).count() > UNCLEAR_AT_MOST;
    let (state, next_at) = match letter.kind.when_unclear() {
        WhenUnclear::LetBe => (OutboxState::Withdrawn, now),
        WhenUnclear::SendAgain if !again => (OutboxState::Deferred, next_try(attempt.unwrap_or(1), now)),
        WhenUnclear::AskOwner | WhenUnclear::SendAgain => (OutboxState::Unclear, now),
    };
    writing.set_outbox(letter.letter_id, state, next_at, None).await?;
    Ok(())
}

/// Tells that a letter left.
fn sent(letter: &WaitingLetter, composed: &Composed) -> Result<Event, JobError> {
    let (number, name) = match &composed.whose {
        Whose::Owner(told) => return Ok(told.clone()),
        Whose::Customer { number, name } => (number, name),
    };
    let (currency, total) = composed.total;
    let item = |(number, stage, [open, interest, fees]): &(String, usize, [Amount; 3])| {
        LetterItem::new(number, *stage, *open, *interest, *fees, currency)
    };
    Ok(Event::LetterSent {
        kind: letter.kind,
        number: composed.number.clone(),
        customer: number.clone(),
        name: name.clone(),
        to: composed.to.iter().map(ToString::to_string).collect(),
        stage: composed.stage,
        deadline: composed.deadline_on,
        total: total.plain(currency),
        currency,
        items: composed.items.iter().map(item).collect(),
        subject: composed.text.subject.clone(),
    })
}
