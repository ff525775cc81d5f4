//! The mail that tells the owner what leaves tomorrow.

use chrono::NaiveDate;
use serde_json::Value;

use crate::dunning::stage_name;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::decision::word;
use crate::language::Language;
use crate::letter::{Block, Page, Text};
use crate::money::{Amount, Currency};
use crate::shell::store::{StandingRow, Tx};

/// Writes the mail that announces the letters of a day, as the books know them now.
///
/// # Errors
/// When the books fail.
pub async fn text(office: &Office, tx: &mut Tx, day: &str) -> Result<Text, JobError> {
    let language = office.config.owner.language;
    let rows: Vec<StandingRow> =
        tx.standing("announced").await?.into_iter().filter(|row| word(&row.facts, "for") == day).collect();
    let on = day.parse().map_or_else(|_| day.to_owned(), |day: NaiveDate| language.day(day));
    let (subject, hello, opening, closing) = match language {
        Language::De => (
            format!("Angekündigt für {on}: Schreiben zu {}", counted(rows.len(), "Rechnung", "Rechnungen")),
            "Guten Tag,",
            format!("diese Schreiben gehen am {on} hinaus, wenn bis dahin nichts eingeht und Sie nichts anhalten:"),
            "Wenn Sie nichts tun, gehen sie hinaus. Was Sie anhalten, geht hinaus, sobald Sie es mit settled release freigeben.",
        ),
        Language::En => (
            format!("Announced for {on}: letters on {}", counted(rows.len(), "invoice", "invoices")),
            "Hello,",
            format!("these letters leave on {on}, if nothing comes in by then and you hold nothing:"),
            "If you do nothing, they leave. What you hold leaves as soon as you release it with settled release.",
        ),
    };
    let mut blocks = vec![Block::Paragraph(hello.to_owned()), Block::Paragraph(opening)];
    for row in &rows {
        blocks.push(Block::Todo {
            text: described(row, language)?,
            commands: vec![format!("settled hold {}", row.number)],
        });
    }
    blocks.push(Block::Paragraph(closing.to_owned()));
    Ok(Text { subject, page: Page { blocks } })
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Says which letter it is, over how much, and why it is due.
fn described(row: &StandingRow, language: Language) -> Result<String, JobError> {
    let facts: Value = serde_json::from_str(&row.facts).unwrap_or_default();
    let currency: Currency =
        row.currency.parse().map_err(|_| JobError::damaged(format!("the currency of {}", row.number)))?;
    let total = Amount::parse(facts["total"].as_str().unwrap_or_default(), currency).unwrap_or_default();
    let (name, number, total) = (&row.customer_name, &row.number, total.with_currency(currency, language));
    let stage = stage_name(facts["stage"].as_i64().unwrap_or(1), facts["name"].as_str(), language);
    let deadline = facts["last_deadline"].as_str().and_then(|day| day.parse().ok()).map(|day| language.day(day));
    let due_on = language.day(row.due_on);
    Ok(match (language, deadline) {
        (Language::De, None) => format!("{name}, {stage} zu {number} über {total}: fällig war sie am {due_on}."),
        (Language::De, Some(day)) => {
            format!("{name}, {stage} zu {number} über {total}: die Frist des letzten Schreibens lief am {day} ab.")
        }
        (Language::En, None) => format!("{name}, {stage} on {number} over {total}: it was due on {due_on}."),
        (Language::En, Some(day)) => {
            format!("{name}, {stage} on {number} over {total}: the deadline of the last letter was {day}.")
        }
    })
}
