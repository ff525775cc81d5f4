//! Handing mails to a server: lettre's low-level connection with a limit on every phase, because the phase of a failure decides
//! whether the mail may have left.
//!
//! Not its transport or pool: a send that is cancelled goes back into the pool with unread answers, and the next mail is lost.

use std::error::Error as _;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

use crate::outbox::{OF_CONTENT, Outcome, RefusedRecipient};

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
    /// A command.
    pub command: Duration,
    /// The data and the answer to the final dot.
    pub data: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { connect: Duration::from_secs(30), command: Duration::from_secs(120), data: Duration::from_secs(600) }
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
        let (outcome, usable) = transact(&mut connection, self.server.limits, from, (to, copies), mail).await;
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
    let mut tls = TlsParameters::builder(server.host.clone());
    if let Some(authority) = &server.authority {
        let certificate = Certificate::from_pem(authority)
            .map_err(|e| Outcome::Misconfigured(format!("the certificate authority: {e}")))?;
        tls = tls.add_root_certificate(certificate);
    }
    let tls = tls.build_rustls().map_err(|e| Outcome::Misconfigured(format!("TLS: {e}")))?;
    let hello = ClientId::default();
    let opening = async {
        let address = (server.host.as_str(), server.port);
        let wrapper = server.implicit_tls.then(|| tls.clone());
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(server.limits.connect), &hello, wrapper, None).await?;
        if !server.implicit_tls {
            connection.starttls(tls, &hello).await?;
            // What was said in clear before TLS may still lie in the buffer: ask again, and take that answer only.
            connection.command(Ehlo::new(hello.clone())).await?;
        }
        Ok::<_, lettre::transport::smtp::Error>(connection)
    };
    let mut connection = match timeout(server.limits.connect, opening).await {
        Err(_) => return Err(Outcome::Unreachable("the server did not answer in time while connecting".to_owned())),
        Ok(Err(error)) => return Err(about_us(&error, "connecting")),
        Ok(Ok(connection)) => connection,
    };
    if !connection.is_encrypted() {
        return Err(Outcome::Misconfigured("the server offers no encryption (STARTTLS)".to_owned()));
    }
    if let Some((user, password)) = &server.login {
        let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
        let login = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
        match timeout(server.limits.command, login).await {
            Err(_) => return Err(Outcome::Unreachable("the server did not answer in time to the login".to_owned())),
            Ok(Err(error)) if error.is_permanent() || error.is_client() => {
                return Err(Outcome::Misconfigured(format!("the server refused the login: {error}")));
            }
            Ok(Err(error)) => return Err(about_us(&error, "the login")),
            Ok(Ok(_)) => {}
        }
    }
    Ok(connection)
}

/// One mail; tells also whether the connection may be used again.
async fn transact(
    connection: &mut AsyncSmtpConnection,
    limits: Limits,
    from: &Address,
    (to, copies): (&[Address], &[Address]),
    mail: &[u8],
) -> (Outcome, bool) {
    match timeout(limits.command, connection.command(Mail::new(Some(from.clone()), Vec::new()))).await {
        Err(_) => return (Outcome::Unreachable("the server did not answer in time to MAIL".to_owned()), false),
        Ok(Err(error)) => return (about_us(&error, "MAIL"), false),
        Ok(Ok(_)) => {}
    }
    let mut refused: Vec<RefusedRecipient> = Vec::new();
    let mut accepted = 0;
    for (place, recipient) in to.iter().chain(copies).enumerate() {
        match timeout(limits.command, connection.command(Rcpt::new(recipient.clone(), Vec::new()))).await {
            Err(_) => return (Outcome::Deferred("the server did not answer in time to RCPT".to_owned()), false),
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

/// Judges a failure before any recipient was named: it is about us, and no letter can leave.
fn about_us(error: &lettre::transport::smtp::Error, phase: &str) -> Outcome {
    let said = format!("{phase}: {}", in_words(error));
    if error.is_transient() {
        Outcome::Unreachable(said)
    } else if error.is_permanent() || error.is_tls() || error.is_client() || is_certificate(error) {
        Outcome::Misconfigured(said)
    } else {
        Outcome::Unreachable(said)
    }
}

/// A certificate that does not fit is no failure of the network that passes by itself.
fn is_certificate(error: &lettre::transport::smtp::Error) -> bool {
    let mut cause = error.source();
    while let Some(current) = cause {
        let of_tls = current
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .is_some_and(|inner| inner.is::<rustls::Error>());
        if of_tls || current.is::<rustls::Error>() {
            return true;
        }
        cause = current.source();
    }
    false
}

/// A full mailbox is refused for good by the letter of the standard (5.2.2), but empties in practice.
pub fn is_mailbox_full(said: &str) -> bool {
    said.contains("5.2.2")
        || said.contains("4.2.2")
        || said.to_lowercase().contains("mailbox full")
        || said.to_lowercase().contains("quota")
}

fn in_words(error: &lettre::transport::smtp::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        let more = current.to_string();
        if !said.contains(&more) {
            said = format!("{said}: {more}");
        }
        cause = current.source();
    }
    said
}

fn words(answer: &Response) -> String {
    let lines: Vec<&str> = answer.message().collect();
    format!("{} {}", answer.code(), lines.join(" "))
}
