//! Questions about letters that do not leave or do not arrive.

use chrono::Days;

use crate::fact::{DecisionFact, Subject};
use crate::jobs::office::{JobError, Office, Transport};
use crate::jobs::records::decision::{MAIL_RULE, Standing, latest_by_rule};
use crate::jobs::records::letter::file_name;
use crate::outbox::{LetterEvent, OutboxState, RefusedRecipient, Remedy, answer};
use crate::question::Question;
use crate::shell::store::{Tx, WaitingLetter};

/// How long a letter may be tried again before the owner is asked.
const PATIENCE: Days = Days::new(3);

/// The mail server takes nothing.
pub(super) async fn server(tx: &mut Tx) -> Result<Option<Question>, JobError> {
    let Some(last) = latest_by_rule(tx, Subject::Books, MAIL_RULE).await? else { return Ok(None) };
    let DecisionFact::MailMisconfigured { fault, words } = last.fact else { return Ok(None) };
    Ok(Some(Question::MailRefused { fault, words }))
}

/// Letters that are files only, and those for a person to send.
pub(super) async fn waiting(office: &Office, tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let (by_mail, by_hand): (Vec<WaitingLetter>, Vec<WaitingLetter>) =
        tx.all_waiting_letters().await?.into_iter().partition(|letter| !letter.delivery.is_by_hand());
    let files = if let Transport::Folder { folder: Some(folder), counts: false, .. } = &office.transport {
        by_mail.iter().filter(|letter| folder.join(file_name(letter)).exists()).count()
    } else {
        0
    };
    let files = (files > 0).then_some(Question::FilesOnly { letters: files });
    let letters: Vec<String> = by_hand.into_iter().map(|letter| letter.about).collect();
    let by_hand = (!letters.is_empty()).then_some(Question::ByHand { letters });
    Ok(files.into_iter().chain(by_hand).collect())
}

/// Letters of which nobody knows whether they left, and those that came back.
pub(super) async fn troubled(tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let letters = tx.troubled_letters().await?.into_iter();
    let asked = letters.map(|row| {
        let (letter, name, words) = (row.about, row.customer_name, row.words);
        if row.state == OutboxState::Unclear {
            Question::LetterUnclear { letter, name, words }
        } else {
            let is_unwritten = row.event == LetterEvent::Refused && row.attempt.is_none();
            let remedy = if is_unwritten { Remedy::Unwritten } else { Remedy::of(&words) };
            Question::LetterCameBack { letter, name, words: answer(&words).to_owned(), remedy }
        }
    });
    Ok(asked.collect())
}

/// Letters that a server did not take for all of their addresses.
pub(super) async fn partly_refused(office: &Office, tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let own = office.mail_from().as_str();
    let letters = tx.partly_refused_letters().await?.into_iter();
    let asked = letters.map(|row| {
        let mut recipients = RefusedRecipient::read(&row.words);
        // The copy for the archive goes to ourselves.
        recipients.iter_mut().filter(|one| one.address == own).for_each(|one| one.remedy = Remedy::Sender);
        Question::RecipientRefused { letter: row.about, name: row.customer_name, recipients }
    });
    Ok(asked.collect())
}

/// Letters that could not be written.
pub(super) fn unwritten(held: &[Standing]) -> impl Iterator<Item = Question> {
    held.iter().filter_map(|Standing { row, fact }| {
        let DecisionFact::Unwritten { reason, .. } = fact else { return None };
        Some(Question::LetterUnwritten { number: row.number.clone(), why: reason.clone() })
    })
}

/// Customers that cannot be read.
pub(super) fn unreadable(held: &[Standing]) -> impl Iterator<Item = Question> {
    held.iter().filter_map(|Standing { row, fact }| {
        let DecisionFact::Unreadable { reason } = fact else { return None };
        Some(Question::CustomerUnreadable { number: row.number.clone(), why: reason.clone() })
    })
}

/// Letters that are tried again and again, and those that cannot even be put together.
pub(super) async fn stuck(office: &Office, tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let since = office.clock.now() - PATIENCE;
    let mut questions = Vec::new();
    for letter in tx.all_waiting_letters().await?.into_iter().filter(|letter| letter.state == OutboxState::Deferred) {
        let attempts = tx.attempts_of(letter.letter_id).await?;
        if attempts.first().is_some_and(|first| first.started_at > since) {
            continue;
        }
        let words = tx.events_of(letter.letter_id).await?.pop().map(|event| event.words).unwrap_or_default();
        questions.push(match attempts.len() {
            0 => Question::LetterUnreadable { letter: letter.about, why: words },
            attempts => Question::LetterStuck { letter: letter.about, attempts, words },
        });
    }
    Ok(questions)
}
