//! Handing mails to a server: lettre's low-level connection with a limit on every phase, because the phase of a failure decides
//! whether the mail may have left.
//!
//! Not its transport or pool: a send that is cancelled goes back into the pool with unread answers, and the next mail is lost.

mod fault;

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{sleep, timeout};

use self::fault::{about_login, about_sender, about_us, in_words, speaks_tls, wants_login};
use crate::outbox::{MailFault, MailTrouble, OF_CONTENT, Outcome, RefusedRecipient};

/// A server and how to reach it.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its name, which its certificate must carry.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// TLS from the first byte, or STARTTLS.
    pub implicit_tls: bool,
    /// A certificate authority beside the system's, as PEM.
    pub authority: Option<Vec<u8>>,
    /// User and password.
    pub login: Option<(String, SecretString)>,
    /// The limits of the phases.
    pub limits: Limits,
}

/// How long each phase may take (RFC 5321, 4.5.3.2).
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connecting, greeting and TLS.
    pub connect: Duration,
    /// The greeting, before we look whether the server waits for TLS.
    pub greeting: Duration,
    /// A command.
    pub command: Duration,
    /// The data and the answer to the final dot.
    pub data: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connect: Duration::from_secs(30),
            greeting: Duration::from_secs(2),
            command: Duration::from_secs(120),
            data: Duration::from_secs(600),
        }
    }
}

/// A connection; it is dropped on any doubt.
pub struct Session<'s> {
    server: &'s Server,
    connection: Option<AsyncSmtpConnection>,
}

impl<'s> Session<'s> {
    /// Names a session; it connects with its first mail.
    pub fn new(server: &'s Server) -> Session<'s> {
        Session { server, connection: None }
    }

    /// Hands over one mail in one transaction. Of several addressees one is enough for the mail to count as accepted; those that
    /// were refused are named. A copy alone is not enough.
    pub async fn deliver(&mut self, from: &Address, to: &[Address], copies: &[Address], mail: &[u8]) -> Outcome {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => match connect(self.server).await {
                Ok(connection) => connection,
                Err(outcome) => return outcome,
            },
        };
        let (outcome, usable) = transact(&mut connection, self.server, from, (to, copies), mail).await;
        if usable {
            self.connection = Some(connection);
        } else {
            // Saying goodbye must not take for ever either.
            let _ = timeout(Duration::from_secs(2), connection.quit()).await;
        }
        outcome
    }

    /// Ends the session.
    pub async fn end(mut self) {
        if let Some(mut connection) = self.connection.take() {
            let _ = timeout(Duration::from_secs(5), connection.quit()).await;
        }
    }
}

/// Connects and logs in.
async fn connect(server: &Server) -> Result<AsyncSmtpConnection, Outcome> {
    let unusable = |words: String| Outcome::Misconfigured(MailTrouble::new(MailFault::AuthorityUnreadable, words));
    let silent = |words: &str| Outcome::Unreachable(MailTrouble::new(MailFault::NotReached, words));
    let mut tls = TlsParameters::builder(server.host.clone());
    if let Some(authority) = &server.authority {
        let certificate = Certificate::from_pem(authority);
        tls = tls.add_root_certificate(
            certificate.map_err(|e| unusable(format!("the certificate authority: {}", in_words(&e))))?,
        );
    }
    let tls = tls.build_rustls().map_err(|e| unusable(format!("TLS: {}", in_words(&e))))?;
    let mut connection = match timeout(server.limits.connect, open(server, tls)).await {
        Err(_) => return Err(silent("the server did not answer in time while connecting")),
        Ok(opened) => opened?,
    };
    if let Some((user, password)) = &server.login {
        let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
        let login = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
        match timeout(server.limits.command, login).await {
            Err(_) => return Err(silent("the server did not answer in time to the login")),
            Ok(Err(error)) => return Err(about_login(&error)),
            Ok(Ok(_)) => {}
        }
    }
    Ok(connection)
}

/// Opens a connection that is encrypted.
async fn open(server: &Server, tls: TlsParameters) -> Result<AsyncSmtpConnection, Outcome> {
    let begin = |wrapper| begin(server, wrapper);
    if server.implicit_tls {
        return begin(Some(tls)).await.map_err(|error| about_us(&error, "connecting"));
    }
    let waits_for_tls = async {
        sleep(server.limits.greeting).await;
        speaks_tls(&begin(Some(tls.clone())).await)
    };
    let (greeted, waits_for_tls) = (begin(None), waits_for_tls);
    tokio::pin!(greeted, waits_for_tls);
    // A server that is slow to greet is waited for; one that waits for TLS never greets.
    let greeted = tokio::select! {
        biased;
        greeted = &mut greeted => greeted,
        true = &mut waits_for_tls => {
            let words = "the server did not greet, and answered to TLS";
            return Err(Outcome::Misconfigured(MailTrouble::new(MailFault::BeginsWithTls, words)));
        }
    };
    let encrypted = async {
        let hello = ClientId::default();
        let mut connection = greeted?;
        connection.starttls(tls.clone(), &hello).await?;
        // What was said in clear before TLS may still lie in the buffer: ask again, and take that answer only.
        connection.command(Ehlo::new(hello)).await?;
        Ok(connection)
    };
    let connection = encrypted.await.map_err(|error| about_us(&error, "connecting"))?;
    if !connection.is_encrypted() {
        let words = "the connection is not encrypted";
        return Err(Outcome::Misconfigured(MailTrouble::new(MailFault::NoEncryption, words)));
    }
    Ok(connection)
}

/// Connects, and is greeted: in clear, or with TLS from the first byte.
async fn begin(
    server: &Server,
    wrapper: Option<TlsParameters>,
) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
    let address = (server.host.as_str(), server.port);
    AsyncSmtpConnection::connect_tokio1(address, Some(server.limits.connect), &ClientId::default(), wrapper, None).await
}

/// One mail; tells also whether the connection may be used again.
async fn transact(
    connection: &mut AsyncSmtpConnection,
    server: &Server,
    from: &Address,
    (to, copies): (&[Address], &[Address]),
    mail: &[u8],
) -> (Outcome, bool) {
    let (limits, logged_in) = (server.limits, server.login.is_some());
    match timeout(limits.command, connection.command(Mail::new(Some(from.clone()), Vec::new()))).await {
        Err(_) => {
            let words = "the server did not answer in time to MAIL";
            return (Outcome::Unreachable(MailTrouble::new(MailFault::NotReached, words)), false);
        }
        Ok(Err(error)) => return (about_sender(&error, logged_in), false),
        Ok(Ok(_)) => {}
    }
    let mut refused: Vec<RefusedRecipient> = Vec::new();
    let mut accepted = 0;
    for (place, recipient) in to.iter().chain(copies).enumerate() {
        match timeout(limits.command, connection.command(Rcpt::new(recipient.clone(), Vec::new()))).await {
            Err(_) => return (Outcome::Deferred("the server did not answer in time to RCPT".to_owned()), false),
            Ok(Err(error)) if wants_login(&error, logged_in) => {
                let trouble = MailTrouble::new(MailFault::LoginWanted, format!("RCPT: {}", in_words(&error)));
                return (Outcome::Misconfigured(trouble), false);
            }
            Ok(Err(error)) if error.is_permanent() && !is_mailbox_full(&error.to_string()) => {
                refused.push(RefusedRecipient::new(recipient.as_ref(), &in_words(&error)));
            }
            // One address that is not ready yet would make the mail leave twice: the whole mail waits.
            Ok(Err(error)) => return (Outcome::Deferred(in_words(&error)), false),
            Ok(Ok(_)) => accepted += usize::from(place < to.len()),
        }
    }
    if accepted == 0 {
        return (Outcome::Refused(RefusedRecipient::write(&refused).replace('\n', "; ")), false);
    }
    match timeout(limits.command, connection.command(Data)).await {
        Err(_) => return (Outcome::Deferred("the server did not answer in time to DATA".to_owned()), false),
        Ok(Err(error)) if error.is_permanent() => return (of_content(&error), false),
        Ok(Err(error)) => return (Outcome::Deferred(in_words(&error)), false),
        Ok(Ok(answer)) if !answer.has_code(354) => {
            return (Outcome::Deferred(format!("an odd answer to DATA: {}", words(&answer))), false);
        }
        Ok(Ok(_)) => {}
    }
    // From here on nobody knows what became of the mail until the server has answered.
    match timeout(limits.data, connection.message(mail)).await {
        Err(_) => (Outcome::Unclear("the server did not answer in time to the mail".to_owned()), false),
        Ok(Ok(answer)) if answer.has_code(250) => (Outcome::Accepted { said: words(&answer), refused }, true),
        Ok(Ok(answer)) => (Outcome::Unclear(format!("an odd answer to the mail: {}", words(&answer))), false),
        Ok(Err(error)) if error.is_transient() => (Outcome::Deferred(in_words(&error)), false),
        Ok(Err(error)) if error.is_permanent() && is_mailbox_full(&error.to_string()) => {
            (Outcome::Deferred(in_words(&error)), false)
        }
        Ok(Err(error)) if error.is_permanent() => (of_content(&error), false),
        Ok(Err(error)) => (Outcome::Unclear(in_words(&error)), false),
    }
}

/// A refusal after the addresses were taken: it is about the mail.
fn of_content(error: &lettre::transport::smtp::Error) -> Outcome {
    Outcome::Refused(format!("{OF_CONTENT}{}", in_words(error)))
}

/// A full mailbox is refused for good by the letter of the standard (5.2.2), but empties in practice.
pub fn is_mailbox_full(said: &str) -> bool {
    said.contains("5.2.2")
        || said.contains("4.2.2")
        || said.to_lowercase().contains("mailbox full")
        || said.to_lowercase().contains("quota")
}

fn words(answer: &Response) -> String {
    let lines: Vec<&str> = answer.message().collect();
    format!("{} {}", answer.code(), lines.join(" "))
}
