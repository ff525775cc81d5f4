//! What a failure on the way to the server is about: found out from the kind of the error as far as it has one, since its words are for
//! people.

use std::error::Error as _;
use std::io;

use lettre::transport::smtp::Error;
use rustls::CertificateError;

use crate::outbox::{MailFault, MailTrouble, Outcome};

/// Judges a failure before any recipient was named: it is about us, and no letter can leave.
pub(super) fn about_us(error: &Error, phase: &str) -> Outcome {
    let trouble = MailTrouble::new(of_connection(error), format!("{phase}: {}", in_words(error)));
    let passes_by_itself = matches!(trouble.fault, MailFault::HostUnknown | MailFault::NotReached | MailFault::Other)
        && !(error.is_permanent() || error.is_tls() || error.is_client() || of_tls(error).is_some());
    if error.is_transient() || passes_by_itself {
        Outcome::Unreachable(trouble)
    } else {
        Outcome::Misconfigured(trouble)
    }
}

/// Judges a refusal of the login.
pub(super) fn about_login(error: &Error) -> Outcome {
    if error.is_permanent() || error.is_client() {
        let fault = if error.is_client() { MailFault::LoginNotOffered } else { MailFault::LoginRefused };
        Outcome::Misconfigured(MailTrouble::new(fault, format!("the server refused the login: {}", in_words(error))))
    } else {
        about_us(error, "the login")
    }
}

/// Judges a refusal of the sender, or of everything that a stranger sends.
pub(super) fn about_sender(error: &Error, logged_in: bool) -> Outcome {
    if !error.is_permanent() {
        return about_us(error, "MAIL");
    }
    let fault = if wants_login(error, logged_in) { MailFault::LoginWanted } else { MailFault::SenderRefused };
    Outcome::Misconfigured(MailTrouble::new(fault, format!("MAIL: {}", in_words(error))))
}

/// Tells whether a refusal is for want of a login. Some servers say so only when a recipient is named; the address is right all the same.
pub(super) fn wants_login(error: &Error, logged_in: bool) -> bool {
    let said = error.to_string().to_lowercase();
    // RFC 4954, section 6: 530 is the code for it; relays of old say it in words.
    let is_530 = error.status().is_some_and(|code| code.to_string() == "530");
    is_530 || !logged_in && error.is_permanent() && (said.contains("authentication") || said.contains("relay"))
}

/// A certificate that does not fit, or no TLS at all, is no failure of the network that passes by itself.
fn of_connection(error: &Error) -> MailFault {
    match of_tls(error) {
        Some(rustls::Error::InvalidCertificate(reason)) => return of_certificate(reason),
        // What came is no record of TLS: a greeting in clear.
        Some(rustls::Error::InvalidMessage(_)) => return MailFault::BeginsInClear,
        Some(_) => return MailFault::Other,
        None => {}
    }
    if error.is_response() {
        return MailFault::NoMailServer;
    }
    if error.is_client() && error.to_string().contains("STARTTLS") {
        return MailFault::NoEncryption;
    }
    let Some(cause) = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>()) else {
        return MailFault::Other;
    };
    // The resolver's failure has no kind of its own.
    let is_lookup = cause.to_string().contains("failed to lookup address information");
    if is_lookup { MailFault::HostUnknown } else { MailFault::NotReached }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all else that the crate finds wrong makes the certificate bad")]
fn of_certificate(reason: &CertificateError) -> MailFault {
    match reason {
        CertificateError::UnknownIssuer => MailFault::CertificateUntrusted,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            MailFault::CertificateOfAnother
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => MailFault::CertificateExpired,
        _ => MailFault::CertificateBad,
    }
}

/// Tells whether a server speaks TLS from the first byte, by what a try came to: also a certificate that does not fit is one.
pub(super) fn speaks_tls<T>(tried: &Result<T, Error>) -> bool {
    match tried {
        Ok(_) => true,
        Err(error) => matches!(of_tls(error), Some(rustls::Error::InvalidCertificate(_))) || error.status().is_some(),
    }
}

/// Finds the failure of TLS below an error.
fn of_tls(error: &Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| {
        let inside = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause.downcast_ref().or_else(|| inside.and_then(|inner| inner.downcast_ref()))
    })
}

fn causes<'e>(error: &'e Error) -> impl Iterator<Item = &'e (dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&'e (dyn std::error::Error + 'static)| (*cause).source())
}

/// Says an error with its causes.
pub(super) fn in_words(error: &Error) -> String {
    let mut said = error.to_string();
    for cause in causes(error) {
        let more = cause.to_string();
        if !said.contains(&more) {
            said = format!("{said}: {more}");
        }
    }
    said
}
