//! The mail that tells the owner what leaves tomorrow.

use chrono::NaiveDate;
use serde_json::Value;

use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::decision::word;
use crate::letter::{Announced, Text, announcement};
use crate::money::{Amount, Currency};
use crate::shell::store::{StandingRow, Tx};

/// Writes the mail that announces the letters of a day, as the books know them now.
///
/// # Errors
/// When the books fail.
pub async fn text(office: &Office, tx: &mut Tx, about: &str) -> Result<Text, JobError> {
    let day: NaiveDate =
        about.parse().map_err(|_| JobError::damaged(format!("the announcement of a day `{about}`")))?;
    let rows = tx.standing("announced").await?;
    let announced = rows.iter().filter(|row| word(&row.facts, "for") == about).map(announced);
    Ok(announcement(day, &announced.collect::<Result<Vec<_>, _>>()?, office.config.owner.language))
}

/// Reads what was recorded of an announced letter.
fn announced(row: &StandingRow) -> Result<Announced, JobError> {
    let facts: Value = serde_json::from_str(&row.facts).unwrap_or_default();
    let currency: Currency =
        row.currency.parse().map_err(|_| JobError::damaged(format!("the currency of {}", row.number)))?;
    Ok(Announced {
        number: row.number.clone(),
        customer: row.customer_name.clone(),
        stage: facts["stage"].as_i64().unwrap_or(1),
        stage_name: facts["name"].as_str().map(str::to_owned),
        total: Amount::parse(facts["total"].as_str().unwrap_or_default(), currency).unwrap_or_default(),
        currency,
        due_on: row.due_on,
        last_deadline: facts["last_deadline"].as_str().and_then(|day| day.parse().ok()),
    })
}
