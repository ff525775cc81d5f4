//! The mail that tells the owner what leaves tomorrow.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::dunning::stage_name;
use crate::fact::DecisionFact;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::decision::{Standing, standing};
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
    let announced: Vec<Announced> = standing(tx, "announced").await?.into_iter().filter_map(Announced::of).collect();
    let rows: Vec<&Announced> = announced.iter().filter(|row| row.on.to_string() == day).collect();
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
            commands: vec![format!("settled hold {}", row.invoice.number)],
        });
    }
    blocks.push(Block::Paragraph(closing.to_owned()));
    Ok(Text { subject, page: Page { blocks } })
}

/// A letter that was announced on an invoice.
struct Announced {
    invoice: StandingRow,
    stage: usize,
    name: String,
    on: NaiveDate,
    last_deadline: Option<NaiveDate>,
    total: Decimal,
}

impl Announced {
    fn of(standing: Standing) -> Option<Announced> {
        let DecisionFact::Announced { stage, name, on, last_deadline, total } = standing.fact else { return None };
        Some(Announced { invoice: standing.row, stage, name, on, last_deadline, total })
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Says which letter it is, over how much, and why it is due.
fn described(row: &Announced, language: Language) -> Result<String, JobError> {
    let invoice = &row.invoice;
    let currency: Currency =
        invoice.currency.parse().map_err(|_| JobError::damaged(format!("the currency of {}", invoice.number)))?;
    let total = Amount::exact(row.total, currency);
    let total = total.map_err(|error| JobError::damaged(format!("the letter on {}: {error}", invoice.number)))?;
    let (name, number) = (&invoice.customer_name, &invoice.number);
    let total = total.with_currency(currency, language);
    let stage = stage_name(i64::try_from(row.stage).unwrap_or(i64::MAX), Some(&row.name), language);
    let deadline = row.last_deadline.map(|day| language.day(day));
    let due_on = language.day(invoice.due_on);
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
