//! The heartbeat of the daemon: a small file outside the books that says when it was last at work. So a wake-up that finds nothing to do
//! writes nothing into the database, and `status` knows all the same when nobody is there any more.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};

/// The name of the file; it lies beside the issue journal.
const NAME: &str = "heartbeat";

/// What follows the time when the daemon has ended in order.
const ENDED: &str = "ended";

/// A sign of the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign {
    /// When it was given.
    pub at: DateTime<Utc>,
    /// The daemon ended then, in order.
    pub is_last: bool,
}

/// The heartbeat.
#[derive(Debug, Clone)]
pub struct Heartbeat {
    file: PathBuf,
}

impl Heartbeat {
    /// Names the heartbeat that lies beside an issue journal; the file is made by the first beat.
    pub fn beside(issue_journal: &Path) -> Heartbeat {
        Heartbeat { file: issue_journal.with_file_name(NAME) }
    }

    /// Says that the daemon is at work.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn beat(&self, now: DateTime<Utc>) -> io::Result<()> {
        self.write(now, "")
    }

    /// Says that the daemon ends.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(&self, now: DateTime<Utc>) -> io::Result<()> {
        self.write(now, ENDED)
    }

    fn write(&self, now: DateTime<Utc>, word: &str) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        let line = format!("{} {word}", now.to_rfc3339_opts(SecondsFormat::Secs, true));
        // Whoever reads meanwhile finds the sign before, or this one.
        let half = self.file.with_extension("part");
        fs::write(&half, format!("{}\n", line.trim_end()))?;
        fs::rename(half, &self.file)
    }

    /// Returns the last sign of the daemon; nothing where there never was one, or where the file says no time.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn last(&self) -> io::Result<Option<Sign>> {
        let text = match fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(cause),
        };
        let mut words = text.split_whitespace();
        let at = words.next().and_then(|at| at.parse().ok());
        Ok(at.map(|at| Sign { at, is_last: words.next() == Some(ENDED) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_beat_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let heart = Heartbeat::beside(&folder.path().join("journal/issue-journal.ndjson"));
        assert_eq!(heart.last().unwrap(), None);
        for instant in ["2026-01-09T13:03:07Z", "2026-01-09T13:03:22Z"] {
            let now = instant.parse().unwrap();
            heart.beat(now).unwrap();
            assert_eq!(heart.last().unwrap(), Some(Sign { at: now, is_last: false }));
        }
        let end = "2026-01-09T13:03:30Z".parse().unwrap();
        heart.end(end).unwrap();
        assert_eq!(heart.last().unwrap(), Some(Sign { at: end, is_last: true }));
        fs::write(folder.path().join("journal/heartbeat"), "").unwrap();
        assert_eq!(heart.last().unwrap(), None, "a disk that ran full");
    }
}
