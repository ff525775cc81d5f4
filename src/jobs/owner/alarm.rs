//! The mail that tells the owner at once what cannot wait for the summary.

use super::status::status;
use crate::dunning::HoldReason;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::letter::{Block, Page, Text};
use crate::question::Alarm;
use crate::shell::store::Tx;

/// Writes the mail that tells the owner at once what an alarm is about.
///
/// # Errors
/// When the books fail.
pub async fn alarm_text(office: &Office, tx: &mut Tx, about: &str) -> Result<Text, JobError> {
    let status = status(office, tx).await?;
    let language = office.config.owner.language;
    let name = about.split(' ').next().unwrap_or_default();
    let alarm = Alarm::by_name(name).ok_or_else(|| JobError::damaged(format!("the alarm {about}")))?;
    let held = |reason: HoldReason| {
        status.held.iter().filter(|group| group.reason == reason).map(|group| group.numbers.len()).sum()
    };
    let (subject, opening) = (alarm.subject(held, language), alarm.opening(language));
    let hello = language.say("Guten Tag,", "Hello,");
    let mut blocks = vec![Block::Paragraph(hello.to_owned()), Block::Paragraph(opening.to_owned())];
    blocks.extend(status.questions.iter().map(|question| Block::todo(question, language)));
    Ok(Text { subject, page: Page { blocks } })
}
