//! The book read from its folder.

use std::io;
use std::path::Path;

use crate::book::{Book, EntryKind, Mistake, SourceFile, check, read};
use crate::jobs::office::{JobError, Office};
use crate::journal::Digest;
use crate::shell::config::Config;
use crate::shell::files;

/// A book that was read, with its mistakes.
#[derive(Debug, Clone)]
pub struct ReadBook {
    /// What could be read.
    pub book: Book,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
    /// A hash over all files.
    pub sha256: String,
}

/// Reads and checks the book in the configuration's folder.
///
/// # Errors
/// When a folder or file cannot be read.
pub fn read_book(config: &Config) -> Result<ReadBook, JobError> {
    let mut files = Vec::new();
    for kind in [EntryKind::Customer, EntryKind::Recurring, EntryKind::OneOff] {
        let folder = config.paths.book.join(kind.folder());
        files.extend(read_folder(&folder, kind).map_err(JobError::File)?);
    }
    let digest = files.iter().fold(Digest::new(), |digest, (_, file)| digest.text(&file.path).text(&file.text));
    let (book, mut mistakes) = read(files);
    mistakes.extend(check(&book, &config.check_context()));
    Ok(ReadBook { book, mistakes, sha256: digest.end() })
}

/// Reads the files of a folder, by name; a folder that is not there is empty.
fn read_folder(folder: &Path, kind: EntryKind) -> io::Result<Vec<(EntryKind, SourceFile)>> {
    let mut found = Vec::new();
    for path in files::list(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".toml") || name.starts_with('.') {
            continue;
        }
        let bytes = files::read(&path)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        found.push((kind, SourceFile { path: format!("book/{}/{name}", kind.folder()), text }));
    }
    Ok(found)
}

/// Tells whether the book differs from the one that was applied.
///
/// # Errors
/// When book or books cannot be read.
pub async fn is_changed(office: &Office) -> Result<bool, JobError> {
    let book = read_book(&office.config)?;
    let applied = office.store.version().await?.map(|(_, book, _)| book).unwrap_or_default();
    Ok(book.sha256 != applied && !(book.book == Book::default() && applied == crate::journal::sha256(b"")))
}
