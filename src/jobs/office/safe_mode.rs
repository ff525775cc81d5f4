//! Safe mode: nothing may be done, because the clock went back or the books are older than what left.

use super::Office;
use super::error::JobError;
use crate::question::Halt;
use crate::shell::issue_journal::{IssueJournal, Line};

impl Office {
    /// Tells why nothing may be done: the clock went back, or the books are older than what left (faults 10, 34).
    ///
    /// # Errors
    /// When books or journal fail.
    pub async fn safe_mode(&self) -> Result<Option<Halt>, JobError> {
        let today = self.day(self.clock.now());
        if let Some(last) = self.store.last_day().await?
            && today.succ_opt().is_some_and(|tomorrow| tomorrow < last)
        {
            return Ok(Some(Halt::ClockBehind { today, last }));
        }
        let Some(line) = self
            .issue_journal
            .as_ref()
            .map(IssueJournal::last)
            .transpose()
            .map_err(JobError::io("reading the issue journal"))?
            .flatten()
        else {
            return Ok(None);
        };
        if line.books != self.books_key {
            return Ok(Some(Halt::OtherBooks {}));
        }
        // What a line names is committed before it is written: books that do not know it are older than the line.
        if !self.knows(&line).await? {
            let journal = self.config.paths.issue_journal.display().to_string();
            return Ok(Some(Halt::OlderBooks { about: line.about, sent: line.message_id.is_some(), journal }));
        }
        Ok(None)
    }

    /// Tells whether the books know what a line of the issue journal names.
    async fn knows(&self, line: &Line) -> Result<bool, JobError> {
        let mut tx = self.store.read().await?;
        if let Some(message_id) = &line.message_id {
            return Ok(tx.knows_attempt(message_id).await?);
        }
        let Some(number) = &line.number else { return Ok(true) };
        let Some(document) = tx.document_by_number(number).await? else { return Ok(false) };
        let files = tx.files_of(document.id).await?;
        // Another paper under the same number is another document.
        Ok(line.sha256.as_ref().is_none_or(|hash| files.iter().any(|file| file.sha256 == *hash)))
    }
}
