//! The mail that tells the owner which letters leave on a day, each with the command that holds it.

use chrono::NaiveDate;

use super::context::hello;
use super::page::{Block, Page};
use super::templates::Text;
use crate::command::line;
use crate::dunning::stage_name;
use crate::language::Language;
use crate::money::{Amount, Currency};

/// An invoice whose letter is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Its number.
    pub number: String,
    /// The customer's name.
    pub customer: String,
    /// Its stage in the letter.
    pub stage: i64,
    /// The name of that stage.
    pub stage_name: Option<String>,
    /// What the letter asks for.
    pub total: Amount,
    /// The currency.
    pub currency: Currency,
    /// The day on which it was due.
    pub due_on: NaiveDate,
    /// The deadline of the letter before.
    pub last_deadline: Option<NaiveDate>,
}

/// Writes the announcement of the letters of a day.
pub fn announcement(day: NaiveDate, announced: &[Announced], language: Language) -> Text {
    let day = language.day(day);
    let (subject, opening, closing) = match language {
        Language::De(_) => (
            format!("Angekündigt für {day}: Schreiben zu {}", counted(announced.len(), "Rechnung", "Rechnungen")),
            format!("diese Schreiben gehen am {day} hinaus, wenn bis dahin nichts eingeht und Sie nichts anhalten:"),
            "Wenn Sie nichts tun, gehen sie hinaus. Was Sie anhalten, geht hinaus, sobald Sie es mit settled release freigeben.",
        ),
        Language::En => (
            format!("Announced for {day}: letters on {}", counted(announced.len(), "invoice", "invoices")),
            format!("these letters leave on {day}, if nothing comes in by then and you hold nothing:"),
            "If you do nothing, they leave. What you hold leaves as soon as you release it with settled release.",
        ),
    };
    let mut blocks = vec![Block::Paragraph(hello(language).to_owned()), Block::Paragraph(opening)];
    blocks.extend(announced.iter().map(|invoice| Block::Todo {
        text: described(invoice, language),
        commands: vec![line(["hold", &invoice.number])],
    }));
    blocks.push(Block::Paragraph(closing.to_owned()));
    Text { subject, page: Page { blocks } }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Says which letter it is, over how much, and why it is due.
fn described(invoice: &Announced, language: Language) -> String {
    let Announced { number, customer: name, .. } = invoice;
    let total = invoice.total.with_currency(invoice.currency, language);
    let stage = stage_name(invoice.stage, invoice.stage_name.as_deref(), language);
    let due_on = language.day(invoice.due_on);
    match (language, invoice.last_deadline.map(|day| language.day(day))) {
        (Language::De(_), None) => format!("{name}, {stage} zu {number} über {total}: fällig war sie am {due_on}."),
        (Language::De(_), Some(day)) => {
            format!("{name}, {stage} zu {number} über {total}: die Frist des letzten Schreibens lief am {day} ab.")
        }
        (Language::En, None) => format!("{name}, {stage} on {number} over {total}: it was due on {due_on}."),
        (Language::En, Some(day)) => {
            format!("{name}, {stage} on {number} over {total}: the deadline of the last letter was {day}.")
        }
    }
}
