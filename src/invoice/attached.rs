//! Files that go with an invoice, such as a time sheet (BG-24), as the owner names them.

use serde::{Deserialize, Serialize};

use super::model::Attachment;

/// How many bytes the files of one invoice may have together. A mail carries them up to three times: beside the invoice, in its PDF and in
/// the XML in that; many mailboxes take 25 MB and no more.
pub const MOST_BYTES: u64 = 4_000_000;

/// A file that goes with each invoice. Its bytes are kept when the book is applied: who changes the file later applies it anew.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachedFile {
    /// Where it lies, from the folder of the book on: `papers/time-sheet.pdf`.
    pub file: String,
    /// What it is (BT-123).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The hash of its bytes as they were when the book was applied. Nobody writes it into a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// What forms of files EN 16931 knows (BT-125), by the ends of their names, with what they begin with as far as that is told.
const FORMS: &[(&str, &str, &[u8])] = &[
    ("pdf", "application/pdf", b"%PDF-"),
    ("png", "image/png", b"\x89PNG"),
    ("jpg", "image/jpeg", b"\xff\xd8"),
    ("jpeg", "image/jpeg", b"\xff\xd8"),
    ("csv", "text/csv", b""),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet", b"PK"),
];

/// What is wrong with a file that is to go with an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFault {
    /// Its path leads out of the book.
    Outside,
    /// Its form is none of those that e-invoices carry.
    Form,
    /// There is none.
    Missing,
    /// It cannot be read: nobody lets us, or it is a folder.
    Unread,
    /// There is nothing in it.
    Empty,
    /// Its bytes are not those that its name says.
    OtherForm,
}

impl AttachedFile {
    /// Returns the file's name, without folders.
    pub fn name(&self) -> &str {
        self.file.rsplit('/').next().unwrap_or_default()
    }

    /// Returns what the name says of the bytes.
    ///
    /// # Errors
    /// When the path leads out of the book, or e-invoices do not carry files of this form.
    pub fn media_type(&self) -> Result<&'static str, FileFault> {
        let is_inside = !self.file.contains(['\\', ':'])
            && self.file.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        if !is_inside {
            return Err(FileFault::Outside);
        }
        self.form().map(|(_, media_type, _)| *media_type).ok_or(FileFault::Form)
    }

    fn form(&self) -> Option<&'static (&'static str, &'static str, &'static [u8])> {
        let end = self.name().rsplit_once('.')?.1.to_ascii_lowercase();
        FORMS.iter().find(|(of, ..)| *of == end)
    }

    /// Judges the bytes of the file.
    ///
    /// # Errors
    /// When there are none, or not those that the name says.
    pub fn judge(&self, bytes: &[u8]) -> Result<(), FileFault> {
        let begins = self.form().map_or(&b""[..], |(.., begins)| begins);
        match () {
            () if bytes.is_empty() => Err(FileFault::Empty),
            () if !bytes.starts_with(begins) => Err(FileFault::OtherForm),
            () => Ok(()),
        }
    }

    /// Says it as a document does; nothing where its bytes were never kept.
    pub(super) fn attachment(&self) -> Option<Attachment> {
        Some(Attachment {
            name: self.name().to_owned(),
            media_type: self.media_type().ok()?.to_owned(),
            description: self.description.clone(),
            sha256: self.sha256.clone()?,
        })
    }
}
