//! The journal's chain: each line's hash covers the line before, so that nothing in the books can be changed unseen.
//!
//! A line names facts (a kind and a range of ids) and carries a digest over their canonical form; its hash is
//! `sha256(previous hash, seq, recorded at, kind, first id, last id, digest)`, every field led by its length.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// The hash before the first line.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A digest over facts, fed field by field.
#[derive(Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Begins a digest.
    pub fn new() -> Digest {
        Digest::default()
    }

    /// Feeds a field, led by its length, so that fields cannot be shifted into each other.
    #[must_use]
    pub fn text(mut self, field: &str) -> Digest {
        self.feed(field.as_bytes());
        self
    }

    /// Feeds a number.
    #[must_use]
    pub fn number(mut self, field: i64) -> Digest {
        self.feed(&field.to_be_bytes());
        self
    }

    /// Feeds a field that may be absent; absent differs from empty.
    #[must_use]
    pub fn maybe(self, field: Option<&str>) -> Digest {
        match field {
            None => self.number(0),
            Some(text) => self.number(1).text(text),
        }
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    /// Ends the digest: 64 hexadecimal digits.
    pub fn end(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Returns the SHA-256 of bytes: 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The SHA-256 of bytes that come in pieces.
#[derive(Default)]
pub struct Hashing(Sha256);

impl Hashing {
    /// Begins.
    pub fn new() -> Hashing {
        Hashing::default()
    }

    /// Ends: 64 hexadecimal digits, as [`sha256`].
    pub fn end(self) -> String {
        hex(&self.0.finalize())
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a value as canonical JSON: keys in the order of the type, no blanks. Models are stored and hashed in this form.
pub fn canonical(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("models have text keys and no failing parts")
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string");
        text
    })
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'k> {
    /// Its place in the chain, from 1 without holes.
    pub seq: i64,
    /// What the facts are: `document`, `batch`, …
    pub kind: &'k str,
    /// The first id of the facts.
    pub first_id: i64,
    /// The last id; the same as the first but for ranges.
    pub last_id: i64,
    /// The digest over the facts' canonical form.
    pub digest: String,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
}

impl Line<'_> {
    /// Returns the hash of the line that follows `previous`.
    pub fn hash(&self, previous: &str) -> String {
        Digest::new()
            .text(previous)
            .number(self.seq)
            .text(&self.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true))
            .text(self.kind)
            .number(self.first_id)
            .number(self.last_id)
            .text(&self.digest)
            .end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(seq: i64, digest: &str) -> Line<'static> {
        let recorded_at = DateTime::from_timestamp_micros(1_790_000_000_000_000).unwrap();
        Line { seq, kind: "document", first_id: 1, last_id: 1, digest: digest.to_owned(), recorded_at }
    }

    #[test]
    fn every_field_and_the_line_before_count() {
        let first = line(1, "a").hash(GENESIS);
        assert_eq!(first.len(), 64);
        assert_eq!(first, line(1, "a").hash(GENESIS));
        assert_ne!(first, line(1, "b").hash(GENESIS));
        assert_ne!(first, line(2, "a").hash(GENESIS));
        assert_ne!(line(2, "a").hash(&first), line(2, "a").hash(GENESIS));
    }

    #[test]
    fn fields_cannot_be_shifted_into_each_other() {
        assert_ne!(Digest::new().text("ab").text("c").end(), Digest::new().text("a").text("bc").end());
        assert_ne!(Digest::new().maybe(None).end(), Digest::new().maybe(Some("")).end());
        let mut hashing = Hashing::new();
        hashing.write_all(b"ab").and_then(|()| hashing.write_all(b"c")).unwrap();
        assert_eq!(hashing.end(), sha256(b"abc"));
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
