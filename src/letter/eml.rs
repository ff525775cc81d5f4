//! The mail itself: headers, text, HTML and attachments, by lettre's builder. Everything that lettre would draw by chance (date,
//! boundaries, id) is given, so the same facts make the same bytes.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, Body, Mailbox, MultiPart, SinglePart};

use super::page::Page;
use crate::journal::sha256;
use crate::language::Language;
use crate::party::{Email, one_line};

/// A mail to be composed.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Its id, without angle brackets: letters, digits, `.`, `-` and one `@`.
    pub message_id: String,
    /// When it leaves.
    pub date: DateTime<Utc>,
    /// From whom: name and address.
    pub from: (String, Email),
    /// Where answers go, if not to the sender.
    pub reply_to: Option<Email>,
    /// To whom: name and addresses.
    pub to: (String, Vec<Email>),
    /// Who gets a copy.
    pub cc: Vec<Email>,
    /// The subject.
    pub subject: String,
    /// The content.
    pub page: Page,
    /// Its language.
    pub language: Language,
    /// The mail that it follows, such as the invoice's.
    pub in_reply_to: Option<String>,
    /// Its attachments.
    pub attachments: Vec<Attachment>,
}

/// An attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file's name.
    pub name: String,
    /// The media type: `application/pdf`.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Why a mail could not be composed.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Nobody to send it to.
    #[error("there is no address to send it to")]
    NoRecipient,
    /// An address that lettre does not take.
    #[error("`{0}` is not an address that mail can be sent to")]
    Address(String),
    /// A media type that is none.
    #[error("`{0}` is not a media type")]
    MediaType(String),
    /// Anything else that the builder says.
    #[error("the mail could not be composed")]
    Builder(#[source] lettre::error::Error),
}

/// `Auto-Submitted: auto-generated` (RFC 3834): no out-of-office answers, please.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Composes a mail.
///
/// # Errors
/// When an address or media type is none, or nobody is to get it.
pub fn compose(mail: &Mail) -> Result<Vec<u8>, MailError> {
    let (name, recipients) = &mail.to;
    let subject = one_line(&mail.subject);
    if recipients.is_empty() {
        return Err(MailError::NoRecipient);
    }
    let mut builder = Message::builder()
        .message_id(Some(format!("<{}>", mail.message_id)))
        .date(SystemTime::from(mail.date))
        .from(mailbox(Some(&mail.from.0), &mail.from.1)?)
        .header(AutoSubmitted)
        .subject(subject.as_str());
    for address in recipients {
        builder = builder.to(mailbox(Some(name), address)?);
    }
    for address in &mail.cc {
        builder = builder.cc(mailbox(None, address)?);
    }
    if let Some(address) = &mail.reply_to {
        builder = builder.reply_to(mailbox(Some(&mail.from.0), address)?);
    }
    if let Some(id) = &mail.in_reply_to {
        builder = builder.in_reply_to(format!("<{id}>")).references(format!("<{id}>"));
    }
    // Boundaries follow from the id, so that they are the same each time and stand in no text.
    let boundary = |place: &str| format!("=_{}-{place}", &sha256(mail.message_id.as_bytes())[..24]);
    let content = MultiPart::alternative()
        .boundary(boundary("text"))
        .singlepart(SinglePart::plain(mail.page.text()))
        .singlepart(SinglePart::html(mail.page.html(&subject, mail.language.tag())));
    let mut whole = MultiPart::mixed().boundary(boundary("all")).multipart(content);
    for attachment in &mail.attachments {
        let media_type = ContentType::parse(&attachment.media_type)
            .map_err(|_| MailError::MediaType(attachment.media_type.clone()))?;
        whole = whole.singlepart(Part::new(one_line(&attachment.name)).body(encoded(&attachment.bytes), media_type));
    }
    Ok(builder.multipart(whole).map_err(MailError::Builder)?.formatted())
}

fn mailbox(name: Option<&str>, address: &Email) -> Result<Mailbox, MailError> {
    // The builder panics on control characters in names.
    let name = name.map(one_line).filter(|name| !name.is_empty());
    let address = address.as_str().parse().map_err(|_| MailError::Address(address.to_string()))?;
    Ok(Mailbox::new(name, address))
}

/// Encodes an attachment as it stands in the mail.
fn encoded(bytes: &[u8]) -> Body {
    Body::new_with_encoding(bytes.to_vec(), ContentTransferEncoding::Base64).expect("base64 takes any bytes")
}

/// What stands for an attachment in a stored mail.
fn marker(hash: &str) -> String {
    format!("%settled-attachment sha256={hash}%")
}

/// Takes the attachments out of a composed mail: the store keeps their bytes once, by hash.
pub fn skeleton(eml: &[u8], attachments: &[Attachment]) -> Vec<u8> {
    attachments.iter().fold(eml.to_vec(), |eml, attachment| {
        let body = encoded(&attachment.bytes).into_vec();
        replace(&eml, &body, marker(&sha256(&attachment.bytes)).as_bytes())
    })
}

/// Puts the attachments back: byte for byte the mail that left. `bytes_of` finds bytes by their hash.
pub fn rebuild(skeleton: &[u8], hashes: &[String], bytes_of: impl Fn(&str) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    hashes.iter().try_fold(skeleton.to_vec(), |eml, hash| {
        let body = encoded(&bytes_of(hash)?).into_vec();
        Some(replace(&eml, marker(hash).as_bytes(), &body))
    })
}

/// Replaces every occurrence of some bytes.
fn replace(text: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = find(rest, what) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(with);
        rest = &rest[at + what.len()..];
    }
    out.extend_from_slice(rest);
    out
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    if what.is_empty() { None } else { text.windows(what.len()).position(|window| window == what) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            message_id: "abc.1@muster.example".into(),
            date: "2026-02-02T08:00:00Z".parse().unwrap(),
            from: ("Müller & Söhne".into(), "rechnung@muster.example".parse().unwrap()),
            reply_to: None,
            to: ("Evil\r\nBcc: x@y.de".into(), vec!["kunde@acme.example".parse().unwrap()]),
            cc: vec!["kopie@acme.example".parse().unwrap()],
            subject: "Rechnung RE-1\r\nBcc: evil@x.example".into(),
            page: Page::of_text("Guten Tag,\n\n  Betrag  1,00 EUR\n"),
            language: Language::GERMAN,
            in_reply_to: Some("inv.1@muster.example".into()),
            attachments: vec![Attachment {
                name: "RE-1.pdf".into(),
                media_type: "application/pdf".into(),
                bytes: vec![0x25; 5000],
            }],
        }
    }

    #[test]
    fn the_same_mail_has_the_same_bytes_and_no_injected_header() {
        let eml = compose(&mail()).unwrap();
        assert_eq!(eml, compose(&mail()).unwrap());
        let text: String = String::from_utf8_lossy(&eml).chars().take(2000).collect();
        assert!(!text.contains("\r\nBcc:"), "{text}");
        for header in [
            "Message-ID: <abc.1@muster.example>",
            "Auto-Submitted: auto-generated",
            "In-Reply-To: <inv.1@muster.example>",
            "Date: Mon, 02 Feb 2026 08:00:00 +0000",
        ] {
            assert!(text.contains(header), "{header}: {text}");
        }
    }

    #[test]
    fn a_stored_mail_is_rebuilt_byte_for_byte() {
        let mail = mail();
        let eml = compose(&mail).unwrap();
        let stored = skeleton(&eml, &mail.attachments);
        assert!(stored.len() + 6000 < eml.len());
        let hash = sha256(&mail.attachments[0].bytes);
        assert_eq!(
            rebuild(&stored, std::slice::from_ref(&hash), |h| (h == hash).then(|| mail.attachments[0].bytes.clone())),
            Some(eml)
        );
        assert_eq!(rebuild(&stored, &[hash], |_| None), None);
    }

    #[test]
    fn a_mail_to_nobody_is_refused() {
        let mut mail = mail();
        mail.to.1.clear();
        assert!(matches!(compose(&mail), Err(MailError::NoRecipient)));
    }
}
