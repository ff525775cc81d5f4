//! The book read from its folder.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use chrono::NaiveDate;
use serde::Serialize;

use crate::book::{
    Book, EntryKind, FoundFile, Mistake, SourceFile, Unread, WhyUnread, check, read, text_of,
    unprintable as paper_cannot_show,
};
use crate::document::Glyphs;
use crate::invoice::{AttachedFile, FileFault, MOST_BYTES};
use crate::jobs::office::{JobError, Office};
use crate::journal::{Digest, sha256};
use crate::language::Language;
use crate::refusal::BooksRefusal;
use crate::shell::config::Config;
use crate::shell::files;

/// A book that was read, with its mistakes.
#[derive(Debug, Clone)]
pub struct ReadBook {
    /// What could be read.
    pub book: Book,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
    /// What lies there and is not read.
    pub unread: Vec<Unread>,
    /// A hash over all files.
    pub sha256: String,
}

/// Reads and checks the book in the configuration's folder, as it holds on a day.
///
/// # Errors
/// When a folder or file cannot be read.
pub fn read_book(config: &Config, today: NaiveDate) -> Result<ReadBook, JobError> {
    read_book_with(config, &[], today)
}

/// Reads and checks the book as it would be with further customers.
///
/// # Errors
/// When a folder or file cannot be read.
pub fn read_book_with(config: &Config, customers: &[SourceFile], today: NaiveDate) -> Result<ReadBook, JobError> {
    let language = config.owner.language;
    let (mut sources, mut mistakes, mut illegible) = (Vec::new(), Vec::new(), Vec::new());
    for kind in EntryKind::ALL {
        for (path, bytes) in files_of(&config.paths.book, kind)? {
            match text_of(&path, bytes, language) {
                Ok(text) => sources.push((kind, SourceFile { path, text })),
                Err(mistake) => {
                    mistakes.push(*mistake);
                    illegible.push((kind, None));
                }
            }
        }
    }
    sources.extend(customers.iter().map(|file| (EntryKind::Customer, file.clone())));
    let digest = sources.iter().fold(Digest::new(), |digest, (_, file)| digest.text(&file.path).text(&file.text));
    let (book, wrong) = read(sources, language);
    let mut book = book.on(today);
    book.illegible.append(&mut illegible);
    let book = book.clone().with_files(found_files(&config.paths.book, &book));
    let digest = book
        .files
        .iter()
        .fold(digest, |digest, (file, found)| digest.text(file).text(found.as_ref().map_or("", |found| &found.sha256)));
    mistakes.extend(wrong);
    mistakes.extend(check(&book, &config.check_context(), today));
    mistakes.extend(unprintable(&book, language));
    let unread = unread(&config.paths.book, &book)?;
    Ok(ReadBook { book, mistakes, unread, sha256: digest.end() })
}

/// Returns the files of a folder that are read, by name: path and bytes. A folder that is not there is empty.
fn files_of(book: &Path, kind: EntryKind) -> Result<Vec<(String, Vec<u8>)>, JobError> {
    let mut found = Vec::new();
    for path in files::list(&book.join(kind.folder())).map_err(JobError::File)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".toml") && !name.starts_with('.') && !files::is_folder(&path) {
            found.push((format!("book/{}/{name}", kind.folder()), files::read(&path).map_err(JobError::File)?));
        }
    }
    Ok(found)
}

/// Looks at the files that go with invoices.
fn found_files(folder: &Path, book: &Book) -> BTreeMap<String, Result<FoundFile, FileFault>> {
    book.attached().into_iter().map(|attached| (attached.file.clone(), found_file(folder, &attached))).collect()
}

/// Looks at a file. One that is too large is not read.
fn found_file(folder: &Path, attached: &AttachedFile) -> Result<FoundFile, FileFault> {
    let path = folder.join(&attached.file);
    let fault = |error: io::Error| {
        if error.kind() == io::ErrorKind::NotFound { FileFault::Missing } else { FileFault::Unread }
    };
    let size = files::size(&path).map_err(fault)?;
    if size > MOST_BYTES && !files::is_folder(&path) {
        return Ok(FoundFile { sha256: String::new(), bytes: size });
    }
    let bytes = files::read(&path).map_err(fault)?;
    attached.judge(&bytes)?;
    Ok(FoundFile { sha256: sha256(&bytes), bytes: size })
}

/// Returns the bytes of a file that goes with invoices, as they were read when the book was.
///
/// # Errors
/// When it cannot be read, or is another one by now.
pub(super) fn bytes_of(config: &Config, attached: &AttachedFile) -> Result<Vec<u8>, JobError> {
    let bytes = files::read(&config.paths.book.join(&attached.file)).map_err(JobError::File)?;
    if Some(sha256(&bytes)) == attached.sha256 {
        return Ok(bytes);
    }
    Err(JobError::refused(BooksRefusal::FileChanged { file: attached.file.clone() }))
}

/// Finds what lies in the book and is not read. Files that go with invoices are, wherever they lie.
fn unread(folder: &Path, book: &Book) -> Result<Vec<Unread>, JobError> {
    if !files::is_folder(folder) {
        return Ok(vec![Unread { path: folder.display().to_string(), why: WhyUnread::NoBook }]);
    }
    let mut unread = Vec::new();
    for path in files::list_all(folder).map_err(JobError::File)? {
        let within = path.strip_prefix(folder).unwrap_or(&path);
        if within.to_str().is_some_and(|name| book.files.contains_key(name)) {
            continue;
        }
        let mut parts: Vec<String> = within.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let name = parts.pop().unwrap_or_default();
        if let Some(why) = Unread::of(&parts, &name) {
            unread.push(Unread { path: format!("book/{}", within.display()), why });
        }
    }
    Ok(unread)
}

/// Finds what no paper can show: an invoice with it could not be typeset on the day when it is due.
fn unprintable(book: &Book, language: Language) -> Vec<Mistake> {
    let glyphs = Glyphs::of_papers();
    let customers = book.customers.values();
    let customers = customers.filter_map(|entry| unprintable_in(&glyphs, &entry.source, &entry.value, language));
    let contracts = book.contracts.values();
    let contracts = contracts.filter_map(|entry| unprintable_in(&glyphs, &entry.source, &entry.value, language));
    let one_offs = book.one_offs.values();
    let one_offs = one_offs.filter_map(|entry| unprintable_in(&glyphs, &entry.source, &entry.value, language));
    let quotes = book.quotes.values();
    let quotes = quotes.filter_map(|entry| unprintable_in(&glyphs, &entry.source, &entry.value, language));
    customers.chain(contracts).chain(one_offs).chain(quotes).collect()
}

/// Finds the first character of what a file says that no paper can show. A comment in the file may hold what it likes.
pub(super) fn unprintable_in(
    glyphs: &Glyphs,
    file: &SourceFile,
    said: &impl Serialize,
    language: Language,
) -> Option<Mistake> {
    let missing = glyphs.missing(&serde_json::to_string(said).unwrap_or_default())?;
    Some(paper_cannot_show(file, missing, language))
}

/// Tells whether a book differs from the one that was applied.
///
/// # Errors
/// When the books cannot be read.
pub async fn is_changed(office: &Office, book: &ReadBook) -> Result<bool, JobError> {
    let applied = office.store.version().await?.map(|(_, book, _)| book).unwrap_or_default();
    Ok(book.sha256 != applied && !(book.book == Book::default() && applied == crate::journal::sha256(b"")))
}
