//! Letters to the owner.

use chrono::NaiveDate;

use crate::jobs::office::error::JobError;
use crate::shell::store::{NewLetter, Writing};

/// Queues a letter to the owner: the summary of a week, or an alarm.
///
/// # Errors
/// When the books fail.
pub async fn to_owner(writing: &mut Writing<'_>, kind: &'static str, about: String) -> Result<(), JobError> {
    let not_before = writing.now();
    let letter = NewLetter { kind, about, customer: None, document: None, delivery: "mail", not_before };
    writing.add_letter(letter, Vec::new()).await?;
    Ok(())
}

/// Returns what the alarm of a kind on a day is about.
pub fn alarm_about(kind: &str, today: NaiveDate) -> String {
    format!("{kind} {today}")
}

/// Queues a mail to the owner that something needs him at once; one a day of each kind.
///
/// # Errors
/// When the books fail.
pub async fn alarm(writing: &mut Writing<'_>, kind: &str) -> Result<(), JobError> {
    let about = alarm_about(kind, writing.today());
    if writing.tx.letters_about("alarm", &about).await?.is_empty() {
        to_owner(writing, "alarm", about).await?;
    }
    Ok(())
}
