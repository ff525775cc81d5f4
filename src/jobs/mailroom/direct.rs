//! Mails to the owner that leave without the books: a test of the settings, and that nothing may be written. They go the way that letters
//! go.

use super::transport::server;
use crate::jobs::office::{JobError, Office};
use crate::letter::{DirectMail, Mail, compose};
use crate::outbox::{Outcome, message_id};
use crate::party::Email;
use crate::refusal::LetterRefusal;
use crate::shell::smtp::Session;

/// Sends the owner a mail that proves the settings. Returns to whom, and what the server made of it.
///
/// # Errors
/// When the mail cannot be composed.
pub async fn mail_test(office: &Office) -> Result<(Email, Outcome), JobError> {
    send(office, DirectMail::Test).await
}

/// Tells the owner that nothing is done until he has looked: the books are not written, so this mail stands in no outbox. Returns to
/// whom, and what the server made of it.
///
/// # Errors
/// When the mail cannot be composed.
pub async fn mail_standstill(office: &Office, why: &str) -> Result<(Email, Outcome), JobError> {
    send(office, DirectMail::Standstill(why)).await
}

async fn send(office: &Office, mail: DirectMail<'_>) -> Result<(Email, Outcome), JobError> {
    let owner = &office.config.owner;
    let to = owner.email.clone();
    let server = match server(office) {
        Ok(server) => server,
        Err(trouble) => return Ok((to, Outcome::Misconfigured(trouble))),
    };
    let (from, now) = (office.mail_from().clone(), office.clock.now());
    let text = mail.text(owner.language);
    let mail = Mail {
        message_id: message_id(&office.books_key, mail.name(), &now.to_rfc3339(), 1, from.domain()),
        date: now,
        from: (office.config.business.name.clone(), from.clone()),
        reply_to: office.config.mail.reply_to.clone(),
        to: (owner.name.clone().unwrap_or_default(), vec![to.clone()]),
        cc: Vec::new(),
        subject: text.subject,
        page: text.page.spelled(&office.program),
        language: owner.language,
        in_reply_to: None,
        attachments: Vec::new(),
    };
    let bytes =
        compose(&mail).map_err(|error| JobError::refused(LetterRefusal::NotComposed { words: error.to_string() }))?;
    let address = |email: &Email| {
        email.as_str().parse().map_err(|_| JobError::refused(LetterRefusal::NoAddress { address: email.to_string() }))
    };
    let (sender, recipient) = (address(&from)?, address(&to)?);
    let mut session = Session::new(&server);
    let outcome = session.deliver(&sender, &[recipient], &[], &bytes).await;
    session.end().await;
    Ok((to, outcome))
}
