//! What a letter says when it leaves: text, recipients and attachments, out of the books as they are then.

use chrono::NaiveDate;

use super::letter::invoice::invoice;
use super::letter::withdrawal::withdrawal;
use super::letter::{Attempted, Composed};
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::owner::alarm::alarm_text;
use crate::jobs::owner::{announcement, summary};
use crate::money::Amount;
use crate::shell::store::{Tx, WaitingLetter};

/// Composes a letter that is no dunning letter.
///
/// # Errors
/// When the books fail.
pub async fn letter(
    office: &Office,
    tx: &mut Tx,
    today: NaiveDate,
    letter: &WaitingLetter,
) -> Result<Attempted, JobError> {
    let text = match letter.kind.as_str() {
        "invoice" => return invoice(office, tx, letter).await,
        "withdrawal" => return withdrawal(office, tx, letter).await,
        "summary" => summary::text(office, tx, today).await?,
        "announcement" => announcement::text(office, tx, &letter.about).await?,
        _ => alarm_text(office, tx, &letter.about).await?,
    };
    let owner = &office.config.owner;
    Ok(Ok(Composed {
        text,
        language: owner.language,
        from: None,
        name: owner.name.clone().unwrap_or_default(),
        to: vec![owner.email.clone()],
        cc: Vec::new(),
        to_customer: false,
        customer: (String::new(), String::new()),
        in_reply_to: None,
        attachments: Vec::new(),
        number: None,
        stage: 0,
        deadline_on: None,
        total: (office.config.business.currency, Amount::ZERO),
        items: Vec::new(),
    }))
}
