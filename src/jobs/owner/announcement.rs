//! The mail that tells the owner what leaves tomorrow.

use chrono::NaiveDate;
use serde_json::Value;

use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::decision::word;
use crate::language::Language;
use crate::letter::{Block, Page, Text};
use crate::money::{Amount, Currency};
use crate::question::{Money, Question};
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
    for row in rows {
        blocks.push(Block::todo(&announced(row)?, language));
    }
    blocks.push(Block::Paragraph(closing.to_owned()));
    Ok(Text { subject, page: Page { blocks } })
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Asks about a letter: which it is, over how much, and why it is due.
fn announced(row: StandingRow) -> Result<Question, JobError> {
    let facts: Value = serde_json::from_str(&row.facts).unwrap_or_default();
    let currency: Currency =
        row.currency.parse().map_err(|_| JobError::damaged(format!("the currency of {}", row.number)))?;
    let total = facts["total"].as_str().and_then(|total| Amount::parse(total, currency).ok());
    let amount = total.ok_or_else(|| JobError::damaged(format!("the announcement of {}", row.number)))?;
    Ok(Question::LetterAnnounced {
        number: row.number,
        name: row.customer_name,
        stage: facts["stage"].as_i64().unwrap_or(1),
        stage_name: facts["name"].as_str().map(str::to_owned),
        total: Money { amount, currency },
        due_on: row.due_on,
        last_deadline: facts["last_deadline"].as_str().and_then(|day| day.parse().ok()),
    })
}
