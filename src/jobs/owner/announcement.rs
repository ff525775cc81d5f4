//! The mail that tells the owner what leaves tomorrow.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::fact::{DecisionFact, VerdictKind};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::decision::{Standing, standing};
use crate::letter::{Announced, Text, announcement};
use crate::money::Amount;
use crate::shell::store::{StandingRow, Tx};

/// Writes the mail that announces the letters of a day, as the books know them now.
pub async fn text(office: &Office, tx: &mut Tx, about: &str) -> Result<Text, JobError> {
    let day: NaiveDate =
        about.parse().map_err(|_| JobError::damaged(format!("the announcement of a day `{about}`")))?;
    let mut letters = Vec::new();
    for Standing { row, fact } in standing(tx, VerdictKind::Announced).await? {
        if let DecisionFact::Announced { stage, name, on, last_deadline, total } = fact
            && on == day
        {
            letters.push(announced(row, stage, name, last_deadline, total)?);
        }
    }
    Ok(announcement(day, &letters, office.config.owner.language))
}

/// An announced letter as the mail says it.
fn announced(
    invoice: StandingRow,
    stage: usize,
    name: String,
    last_deadline: Option<NaiveDate>,
    total: Decimal,
) -> Result<Announced, JobError> {
    let currency = invoice.currency;
    let total = Amount::exact(total, currency)
        .map_err(|error| JobError::damaged(format!("the letter on {}: {error}", invoice.number)))?;
    Ok(Announced {
        number: invoice.number,
        customer: invoice.customer_name,
        stage: i64::try_from(stage).unwrap_or(i64::MAX),
        stage_name: Some(name),
        total,
        currency,
        due_on: invoice.due_on,
        last_deadline,
    })
}
