//! A mail is handed over: to the server, or into a folder.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::attempt::Claim;
use super::letter::Whose;
use crate::jobs::office::{JobError, Office, Transport};
use crate::jobs::records::letter::file_name;
use crate::letter::LetterKind;
use crate::outbox::{MailFault, MailTrouble, Outcome};
use crate::party::Email;
use crate::shell::config::Encryption;
use crate::shell::files;
use crate::shell::secrets::{self, SecretError};
use crate::shell::smtp::{Limits, Server, Session};
use crate::shell::store::WaitingLetter;
use crate::shell::system::user_name;

/// Hands a letter to the server, or writes it into the folder.
pub(super) async fn hand_over(
    office: &Office,
    letter: &WaitingLetter,
    claim: &Claim,
    session: Option<&mut Session<'_>>,
) -> Result<Outcome, JobError> {
    let Some(session) = session else {
        let Transport::Folder { folder, summaries, .. } = &office.transport else {
            return Ok(Outcome::Misconfigured(MailTrouble::new(MailFault::Other, "there is no mail server")));
        };
        let put = |path: PathBuf, bytes: &[u8]| files::put(&path, bytes).map_err(JobError::File);
        if let Some(folder) = folder {
            put(folder.join(file_name(letter)), &claim.eml)?;
        }
        let is_summary = letter.kind == LetterKind::Summary;
        if let Some(folder) = summaries.as_ref().filter(|_| is_summary) {
            let text = &claim.composed.text;
            let html = text.page.html(&text.subject, claim.composed.language.tag());
            put(folder.join(format!("{}.html", letter.about)), html.as_bytes())?;
        }
        // The answer of a folder is the file's name.
        let name = folder.as_ref().map(|_| file_name(letter)).unwrap_or_default();
        return Ok(Outcome::Accepted { said: name, refused: Vec::new() });
    };
    let address = |email: &Email| email.as_str().parse::<lettre::Address>();
    let from = address(office.mail_from());
    let to: Result<Vec<_>, _> = claim.composed.to.iter().map(address).collect();
    let archive = (office.config.mail.archive && matches!(claim.composed.whose, Whose::Customer { .. }))
        .then(|| office.mail_from());
    let copies: Result<Vec<_>, _> = claim.composed.cc.iter().chain(archive).map(address).collect();
    Ok(match (from, to, copies) {
        (Ok(from), Ok(to), Ok(copies)) => session.deliver(&from, &to, &copies, &claim.eml).await,
        (Err(error), ..) => Outcome::Misconfigured(MailTrouble::new(MailFault::SenderRefused, error.to_string())),
        (_, Err(error), _) | (.., Err(error)) => Outcome::Refused(error.to_string()),
    })
}

/// Reads the server out of the configuration, with its secret.
///
/// # Errors
/// When something of it cannot be read.
pub fn server(office: &Office) -> Result<Server, MailTrouble> {
    let mail = &office.config.mail;
    let authority = mail.ca_file.as_deref().map(files::read).transpose();
    let authority = authority.map_err(|cause| MailTrouble::new(MailFault::AuthorityUnreadable, cause.to_string()))?;
    let password = match (&mail.password_file, &mail.password_credential) {
        (Some(path), _) => Some(secrets::file(path)),
        (None, Some(name)) => Some(secrets::credential(name)),
        (None, None) => None,
    };
    let password = password.transpose().map_err(|error| MailTrouble::new(of_secret(&error), error.to_string()))?;
    Ok(Server {
        host: mail.host.clone().unwrap_or_default(),
        port: mail.port(),
        implicit_tls: mail.encryption == Encryption::Tls,
        authority,
        login: mail.user.clone().zip(password),
        limits: Limits::default(),
    })
}

/// What is wrong with a password that could not be read.
fn of_secret(error: &SecretError) -> MailFault {
    match error {
        SecretError::Unreadable { file, cause } if cause.kind() == ErrorKind::NotFound => {
            MailFault::PasswordMissing { file: file.display().to_string() }
        }
        SecretError::Unreadable { file, .. } => {
            MailFault::PasswordUnreadable { file: file.display().to_string(), user: user_name() }
        }
        SecretError::Open(file) => MailFault::PasswordOpen { file: file.display().to_string() },
        SecretError::NoCredentials(name) => MailFault::CredentialMissing { name: name.clone() },
    }
}
