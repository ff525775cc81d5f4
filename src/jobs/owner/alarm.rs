//! The mail that tells the owner at once what cannot wait for the summary.

use super::status::status;
use crate::dunning::HoldReason;
use crate::jobs::office::{JobError, Office};
use crate::letter::{Alarm, Block, Page, Text, hello};
use crate::shell::store::Tx;

/// Writes the mail of an alarm: what it is about, and all that needs the owner.
///
/// # Errors
/// When the books fail, or this program does not know the alarm.
pub async fn text(office: &Office, tx: &mut Tx, about: &str) -> Result<Text, JobError> {
    let alarm = about.split(' ').next().and_then(Alarm::by_name);
    let alarm = alarm.ok_or_else(|| JobError::damaged(format!("the alarm `{about}`")))?;
    let status = status(office, tx).await?;
    let language = office.config.owner.language;
    let waiting = |reason: HoldReason| {
        status.held.iter().filter(|group| group.reason == reason).map(|group| group.numbers.len()).sum()
    };
    let (subject, opening) = alarm.words(language, waiting);
    let mut blocks = vec![Block::Paragraph(hello(language).to_owned()), Block::Paragraph(opening.to_owned())];
    blocks.extend(status.questions.iter().map(|question| Block::todo(question, language)));
    Ok(Text { subject, page: Page { blocks } })
}
