//! The mail of each kind of letter.

pub mod correction;
pub mod dunning;
pub mod invoice;
pub mod notice;
pub mod offer;
pub mod owner;
pub mod withdrawal;

use chrono::{DateTime, NaiveDate, Utc};

use crate::customer::Customer;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::language::Language;
use crate::letter::{Attachment, LetterKind, Mail, Text};
use crate::money::{Amount, Currency};
use crate::party::Email;
use crate::shell::store::Tx;

/// A letter, composed but for its id and date.
#[derive(Debug, Clone)]
pub struct Composed {
    /// Subject and content.
    pub text: Text,
    /// In which language.
    pub language: Language,
    /// Who sends it; nothing: the sender of all letters.
    pub from: Option<Email>,
    /// To whom: the name.
    pub name: String,
    /// To whom.
    pub to: Vec<Email>,
    /// Who gets a copy.
    pub cc: Vec<Email>,
    /// Whose letter it is.
    pub whose: Whose,
    /// The Message-ID of the mail that it follows.
    pub in_reply_to: Option<String>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// Its number; nothing for a mail that has none of its own.
    pub number: Option<String>,
    /// The highest stage; 0 for everything but reminders and dunning letters.
    pub stage: usize,
    /// The deadline that it sets.
    pub deadline_on: Option<NaiveDate>,
    /// What is to be paid.
    pub total: (Currency, Amount),
    /// The invoices in it: number, stage, and open principal, interest and costs.
    pub items: Vec<(String, usize, [Amount; 3])>,
}

/// Whose letter it is.
#[derive(Debug, Clone)]
pub enum Whose {
    /// A customer's.
    Customer {
        /// The number.
        number: String,
        /// The name.
        name: String,
    },
    /// The owner's, and what is told once it has left.
    Owner(Event),
}

impl Composed {
    /// Returns everybody who gets it.
    pub fn recipients(&self) -> impl Iterator<Item = &Email> {
        self.to.iter().chain(&self.cc)
    }

    /// Gives it id and date.
    pub fn mail(&self, office: &Office, message_id: &str, date: DateTime<Utc>) -> Mail {
        Mail {
            message_id: message_id.to_owned(),
            date,
            from: (
                office.config.business.name.clone(),
                self.from.clone().unwrap_or_else(|| office.mail_from().clone()),
            ),
            reply_to: office.config.mail.reply_to.clone(),
            to: (self.name.clone(), self.to.clone()),
            cc: self.cc.clone(),
            subject: self.text.subject.clone(),
            page: self.text.page.clone(),
            language: self.language,
            in_reply_to: self.in_reply_to.clone(),
            attachments: self.attachments.clone(),
        }
    }
}

/// A letter, or in words why it cannot be written.
pub type Attempted = Result<Composed, String>;

/// Returns the Message-ID of the mail that brought an invoice.
async fn invoice_mail(tx: &mut Tx, number: &str) -> Result<Option<String>, JobError> {
    let Some(round) = tx.letters_about(LetterKind::Invoice, number).await?.pop() else { return Ok(None) };
    Ok(tx.attempts_of(round.id).await?.pop().map(|attempt| attempt.message_id))
}

fn addressee(customer: &Customer) -> String {
    customer.contact.as_ref().map_or_else(|| customer.name.clone(), |contact| contact.name.clone())
}
