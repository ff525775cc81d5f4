//! The journal of what left: number, hash and Message-ID, written and synced before a letter leaves, outside the database's
//! folder; and the numbers of papers that a person is to deliver, written once they are in the books. After an old backup was restored it knows what the books forgot (fault 34).

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A line: one letter that was about to leave, or lies ready for a person to deliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The key of the books.
    pub books: String,
    /// What kind of letter.
    pub kind: String,
    /// The letter's natural key: the number of an invoice.
    pub about: String,
    /// The hash of the document that it carries.
    pub sha256: Option<String>,
    /// Its Message-ID; nothing when a person delivers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The number of the document that a person delivers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// The journal.
#[derive(Debug, Clone)]
pub struct IssueJournal {
    file: PathBuf,
}

impl IssueJournal {
    /// Names the journal; the file is made with its first line.
    pub fn new(file: &Path) -> IssueJournal {
        IssueJournal { file: file.to_owned() }
    }

    /// Appends a line and waits until the disk has it.
    ///
    /// # Errors
    /// When it cannot be written; then the letter must not leave.
    pub fn append(&self, line: &Line) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::options().create(true).read(true).append(true).open(&self.file)?;
        let mut text = String::new();
        // A line that a crash cut short stays alone; it never let its letter leave.
        if !ends_a_line(&mut file)? {
            text.push('\n');
        }
        text.push_str(&serde_json::to_string(line).map_err(io::Error::other)?);
        text.push('\n');
        file.write_all(text.as_bytes())?;
        file.sync_data()
    }

    /// Returns the last line, if there is one. A line that was cut short by a crash never let its letter leave.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last(&self) -> io::Result<Option<Line>> {
        let mut file = match File::open(&self.file) {
            Ok(file) => file,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(cause),
        };
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(64 << 10)))?;
        let lines = BufReader::new(file).lines().map_while(Result::ok);
        Ok(lines.filter_map(|line| serde_json::from_str(&line).ok()).last())
    }
}

/// Tells whether a file is empty or ends with a line end.
fn ends_a_line(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_whole_line_counts() {
        let folder = tempfile::tempdir().unwrap();
        let journal = IssueJournal::new(&folder.path().join("journal/issue.ndjson"));
        assert_eq!(journal.last().unwrap(), None);
        let line = |about: &str| Line {
            books: "b".into(),
            kind: "invoice".into(),
            about: about.into(),
            sha256: None,
            message_id: Some(format!("{about}@x")),
            number: None,
        };
        journal.append(&line("RE-1")).unwrap();
        journal.append(&line("RE-2")).unwrap();
        let mut file = File::options().append(true).open(&journal.file).unwrap();
        file.write_all(b"{\"books\":\"b\",\"ki").unwrap();
        assert_eq!(journal.last().unwrap(), Some(line("RE-2")));
        journal.append(&line("RE-3")).unwrap();
        assert_eq!(journal.last().unwrap(), Some(line("RE-3")), "what was cut short spoils nothing");
    }
}
