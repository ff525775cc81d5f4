//! Letters to the owner.

use chrono::NaiveDate;

use crate::customer::Delivery;
use crate::jobs::office::JobError;
use crate::letter::{Alarm, LetterKind};
use crate::shell::store::{NewLetter, Tx, Writing};

/// Queues a letter to the owner: an announcement, the summary of a week, or an alarm.
pub async fn to_owner(writing: &mut Writing<'_>, kind: LetterKind, about: String) -> Result<(), JobError> {
    let letter =
        NewLetter { kind, about, customer: None, document: None, delivery: Delivery::Mail, not_before: writing.now() };
    writing.add_letter(letter, Vec::new()).await?;
    Ok(())
}

/// Tells whether the owner was told on a day.
pub async fn is_told(tx: &mut Tx, alarm: Alarm, today: NaiveDate) -> Result<bool, JobError> {
    Ok(!tx.letters_about(LetterKind::Alarm, &about(alarm, today)).await?.is_empty())
}

/// What the letter of an alarm is about: so there is one a day.
fn about(alarm: Alarm, today: NaiveDate) -> String {
    format!("{} {today}", alarm.name())
}

/// Queues a mail to the owner that something needs him at once; one a day of each kind.
pub async fn alarm(writing: &mut Writing<'_>, alarm: Alarm) -> Result<(), JobError> {
    let today = writing.today();
    if !is_told(&mut writing.tx, alarm, today).await? {
        to_owner(writing, LetterKind::Alarm, about(alarm, today)).await?;
    }
    Ok(())
}
