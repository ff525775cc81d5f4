//! What a bank file says (pass 1): a plain file or an archive is opened, its documents are read and proved, without the books. What cannot be
//! read is refused in words.

use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use crate::journal::Hashing;
use crate::shell::dropfolder;
use crate::statement;
use crate::statement::proof::{Proved, Prover};
use crate::statement::{ArchiveError, ArchiveLimits, Charset, Member, Message, NotRead, ReadError, Sink, Unbooked};

/// The largest plain file that is read.
const LARGEST_FILE: u64 = 2 << 30;

/// One XML document: a file, or a member of an archive.
pub struct Document {
    /// The member's name; empty for a plain file.
    pub member: String,
    /// The hash of its bytes.
    pub sha256: String,
    /// The message.
    pub message: Message,
    /// Its statements, proved.
    pub proved: Vec<Proved>,
    pub(super) source: Source,
    pub(super) charset: Charset,
}

/// Where its bytes are; they are read as a stream, each time anew.
#[derive(Clone)]
pub(super) enum Source {
    File(PathBuf),
    Member(PathBuf, Member),
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub why: NotRead,
    /// Whether it may only be unfinished.
    pub unfinished: bool,
    /// The statements that it may hold all the same.
    pub unbooked: Vec<Unbooked>,
    /// Whether it is something else, not a bad statement.
    is_foreign: bool,
}

impl Refusal {
    fn new(why: NotRead) -> Refusal {
        Refusal { why, unfinished: false, unbooked: vec![Unbooked::default()], is_foreign: false }
    }
}

/// What was read of a file.
#[derive(Default)]
pub struct BankFile {
    /// The documents that could be read.
    pub documents: Vec<Document>,
    /// The members of an archive that should be statements and could not be read.
    pub refused: Vec<Unread>,
    /// The members of an archive that pretend to be nothing else: a list for people, a letter.
    pub others: Vec<Unread>,
}

/// A document that was not read, or not booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The member's name; empty for a plain file.
    pub member: String,
    /// The hash of its bytes; empty where they cannot be unpacked.
    pub sha256: String,
    /// Why.
    pub why: NotRead,
    /// The statements that it may hold; none where it is certainly no statement.
    pub unbooked: Vec<Unbooked>,
}

impl Unread {
    /// Names it: the file, and the member in it.
    pub fn name(&self, file: &str) -> String {
        if self.member.is_empty() { file.to_owned() } else { format!("{file} ({})", self.member) }
    }
}

/// Reads and proves a file without touching the books (pass 1).
///
/// # Errors
/// When nothing of it can be read.
pub fn read_file(path: &Path) -> Result<BankFile, Refusal> {
    let mut file = dropfolder::open(path).map_err(|cause| Refusal::new(NotRead::NotOpened(cause.to_string())))?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    if size > LARGEST_FILE {
        return Err(Refusal::new(NotRead::TooLarge { size, most: LARGEST_FILE }));
    }
    let first = first_bytes(&mut file).map_err(|cause| Refusal::new(NotRead::NoBytes(cause.to_string())))?;
    if statement::is_archive(&first) {
        return read_archive(path, &file);
    }
    let document = read_document(String::new(), Source::File(path.to_owned()))?;
    Ok(BankFile { documents: vec![document], ..BankFile::default() })
}

/// Reads what tells an encoding or an archive.
fn first_bytes(from: &mut dyn Read) -> std::io::Result<Vec<u8>> {
    let mut first = Vec::with_capacity(512);
    from.take(512).read_to_end(&mut first)?;
    Ok(first)
}

/// Reads the members of an archive; bad ones are refused one by one.
fn read_archive(path: &Path, file: impl Read + Seek) -> Result<BankFile, Refusal> {
    let refuse = |error: ArchiveError| Refusal {
        unfinished: error == ArchiveError::Unfinished,
        ..Refusal::new(NotRead::Archive(error))
    };
    let members = statement::members(BufReader::new(file), ArchiveLimits::default()).map_err(refuse)?;
    let mut read = BankFile::default();
    for member in members {
        let name = member.name.clone();
        let source = Source::Member(path.to_owned(), member);
        match read_document(name.clone(), source.clone()) {
            Ok(document) => read.documents.push(document),
            Err(refusal) => {
                let is_other = refusal.is_foreign && is_companion(&name);
                let sha256 = source.hash().unwrap_or_default();
                let unread = Unread { member: name, sha256, why: refusal.why, unbooked: refusal.unbooked };
                if is_other { &mut read.others } else { &mut read.refused }.push(unread);
            }
        }
    }
    if read.documents.is_empty() {
        // What is made to stand beside statements is none.
        let unbooked = read.refused.iter().flat_map(|unread| unread.unbooked.clone()).collect();
        read.refused.append(&mut read.others);
        let members = read.refused.into_iter().map(|unread| (unread.member, unread.why)).collect();
        return Err(Refusal { unbooked, ..Refusal::new(NotRead::NoMember(members)) });
    }
    Ok(read)
}

/// Tells by its name that a member is made to stand beside statements: for people, or by the system that packed it.
fn is_companion(name: &str) -> bool {
    let name = name.to_lowercase();
    let own = name.rsplit('/').next().unwrap_or(&name);
    let ends =
        [".pdf", ".txt", ".csv", ".htm", ".html", ".md", ".png", ".jpg", ".gif", ".doc", ".docx", ".xls", ".xlsx"];
    own.starts_with('.') || ends.iter().any(|end| own.ends_with(end))
}

fn read_document(member: String, source: Source) -> Result<Document, Refusal> {
    let unreadable = |cause: std::io::Error| Refusal::new(NotRead::NoBytes(cause.to_string()));
    let first = source.open(&mut |bytes| first_bytes(bytes)).and_then(|first| first).map_err(unreadable)?;
    if matches!(source, Source::Member(..)) && statement::is_archive(&first) {
        return Err(Refusal { is_foreign: true, ..Refusal::new(NotRead::Nested) });
    }
    let charset = Charset::of(&first);
    let read = |charset| {
        let mut prover = Prover::new();
        let read = source.read(charset, &mut prover);
        (read, prover)
    };
    let (charset, (result, prover)) = match read(charset) {
        (Err(ReadError::Encoding { .. }), _) => (Charset::Recovered, read(Charset::Recovered)),
        other => (charset, other),
    };
    let message = result.map_err(|error| Refusal {
        unfinished: matches!(error, ReadError::Unfinished(_) | ReadError::Empty),
        unbooked: broken_off(&error, &prover),
        is_foreign: matches!(error, ReadError::NotAStatement(_) | ReadError::OtherForm(_)),
        why: NotRead::Document(error),
    })?;
    let sha256 = source.hash().map_err(unreadable)?;
    Ok(Document { member, sha256, message, proved: prover.proved, source, charset })
}

/// Returns the statements that something may hold which could not be read to its end.
fn broken_off(error: &ReadError, so_far: &Prover) -> Vec<Unbooked> {
    match error {
        ReadError::NotAStatement(_) => Vec::new(),
        ReadError::Empty
        | ReadError::Unfinished(_)
        | ReadError::Malformed { .. }
        | ReadError::Encoding { .. }
        | ReadError::Doctype
        | ReadError::TooDeep(_)
        | ReadError::TooLong(_)
        | ReadError::TooMany(..)
        | ReadError::OtherForm(_)
        | ReadError::Amount { .. }
        | ReadError::Stopped
        | ReadError::Io(_) => {
            // What held a whole statement already may go on with any account.
            let is_begun = !so_far.proved.is_empty();
            vec![if is_begun { Unbooked::default() } else { Unbooked::of_account(so_far.begun.clone()) }]
        }
    }
}

impl BankFile {
    /// Returns all statements that it holds or may hold.
    pub fn unbooked(&self) -> Vec<Unbooked> {
        let refused = self.refused.iter().flat_map(|unread| unread.unbooked.clone());
        self.documents.iter().flat_map(Document::unbooked).chain(refused).collect()
    }
}

impl Document {
    /// Returns what its statements tell of, while none of them is booked.
    pub fn unbooked(&self) -> Vec<Unbooked> {
        self.proved.iter().map(Unbooked::of).collect()
    }

    /// Reads it again, entry by entry.
    ///
    /// # Errors
    /// When the file is another one by now, or cannot be read.
    pub fn read(&self, sink: &mut dyn Sink) -> Result<Message, ReadError> {
        self.source.read(self.charset, sink)
    }
}

impl Source {
    /// Hands its bytes to `read`.
    fn open<T>(&self, read: &mut dyn FnMut(&mut dyn Read) -> T) -> std::io::Result<T> {
        match self {
            Source::File(path) => dropfolder::open(path).map(|mut file| read(&mut file)),
            Source::Member(path, member) => {
                let archive = BufReader::new(dropfolder::open(path)?);
                statement::read_member(archive, member, read).map_err(std::io::Error::other)
            }
        }
    }

    pub(super) fn read(&self, charset: Charset, sink: &mut dyn Sink) -> Result<Message, ReadError> {
        self.open(&mut |bytes| statement::read(BufReader::with_capacity(1 << 16, bytes), charset, sink))
            .map_err(|cause| ReadError::Io(cause.to_string()))?
    }

    fn hash(&self) -> std::io::Result<String> {
        self.open(&mut |bytes| {
            let mut hashing = Hashing::new();
            std::io::copy(bytes, &mut hashing).map(|_| hashing.end())
        })?
    }
}

/// Returns the hash of a plain file's bytes; nothing of one that cannot be read, or is too large to be.
pub fn hash_of(path: &Path) -> Option<String> {
    let is_small = dropfolder::size(path).is_some_and(|bytes| bytes <= LARGEST_FILE);
    is_small.then(|| Source::File(path.to_owned()).hash().ok()).flatten()
}
