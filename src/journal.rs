//! The journal: a chain of lines, each with a digest over the facts that one transaction added to one table, so that nothing in the books
//! can be changed, taken away or slipped in unseen.
//!
//! A line names the facts by table and numbers. Its hash is `sha256(previous hash, seq, recorded at, fact, first id, last id, digest, run)`
//! in the canonical form of [`Digest::row`], in which the facts are digested too: when they are written, from the very values that are
//! bound, and when they are proved, from the rows that are read back ([`Follower`]).

use std::borrow::Cow;
use std::io::{self, Write};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
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

    /// Feeds a row: how many fields it has, then each with its sort and length. Absent fields at the end do not count, so a column that a
    /// later version of the schema adds leaves the digests of older rows as they were.
    pub fn row(&mut self, fields: &[Field<'_>]) {
        let absent = fields.iter().rev().take_while(|field| matches!(field, Field::Absent)).count();
        let fields = &fields[..fields.len() - absent];
        self.0.update((fields.len() as u64).to_be_bytes());
        for field in fields {
            match field {
                Field::Absent => self.0.update([0]),
                Field::Number(number) => {
                    self.0.update([1]);
                    self.0.update(number.to_be_bytes());
                }
                Field::Text(text) => {
                    self.0.update([2]);
                    self.feed(text.as_bytes());
                }
                Field::Bytes(bytes) => {
                    self.0.update([3]);
                    self.feed(bytes);
                }
            }
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

/// The value of a column in canonical form: the same on both databases, bound or read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field<'v> {
    /// None.
    Absent,
    /// A number.
    Number(i64),
    /// A text, a day or an instant.
    Text(Cow<'v, str>),
    /// Bytes.
    Bytes(Cow<'v, [u8]>),
}

impl Field<'_> {
    /// A civil day: ISO text.
    pub fn day(day: NaiveDate) -> Field<'static> {
        Field::Text(Cow::Owned(day.to_string()))
    }

    /// An instant, as sqlx writes it on SQLite.
    pub fn instant(instant: DateTime<Utc>) -> Field<'static> {
        Field::Text(Cow::Owned(instant.to_rfc3339_opts(SecondsFormat::AutoSi, false)))
    }
}

/// What a column of a fact holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number: an id, an amount in minor units.
    Number,
    /// A text.
    Text,
    /// A civil day.
    Day,
    /// An instant.
    Instant,
    /// Bytes.
    Bytes,
    /// Bytes whose hash stands in another column of the row; they are proved by it, and are no part of the digest.
    Hashed,
}

/// A value with a canonical form.
pub trait Canonical {
    /// What kind of column it goes into.
    const KIND: Kind;

    /// Returns its canonical form.
    fn field(&self) -> Field<'_>;
}

impl Canonical for i64 {
    const KIND: Kind = Kind::Number;

    fn field(&self) -> Field<'_> {
        Field::Number(*self)
    }
}

impl Canonical for String {
    const KIND: Kind = Kind::Text;

    fn field(&self) -> Field<'_> {
        Field::Text(Cow::Borrowed(self))
    }
}

impl Canonical for NaiveDate {
    const KIND: Kind = Kind::Day;

    fn field(&self) -> Field<'_> {
        Field::day(*self)
    }
}

impl Canonical for DateTime<Utc> {
    const KIND: Kind = Kind::Instant;

    fn field(&self) -> Field<'_> {
        Field::instant(*self)
    }
}

impl Canonical for Vec<u8> {
    const KIND: Kind = Kind::Bytes;

    fn field(&self) -> Field<'_> {
        Field::Bytes(Cow::Borrowed(self))
    }
}

impl<T: Canonical> Canonical for Option<T> {
    const KIND: Kind = T::KIND;

    fn field(&self) -> Field<'_> {
        self.as_ref().map_or(Field::Absent, T::field)
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

/// A line of the journal: the facts that one transaction added to one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place in the chain, from 1 without holes.
    pub seq: i64,
    /// The table.
    pub fact: String,
    /// The first number of the facts.
    pub first_id: i64,
    /// The last number of the facts.
    pub last_id: i64,
    /// The digest over every column of every row that bears one of these numbers, in order.
    pub digest: String,
    /// When it was written, in canonical form.
    pub recorded_at: String,
    /// In which run; nothing: before there was a run to name.
    pub run_id: Option<i64>,
}

impl Line {
    /// Returns the hash of the line that follows `previous`.
    pub fn hash(&self, previous: &str) -> String {
        let text = |text| Field::Text(Cow::Borrowed(text));
        let mut digest = Digest::new();
        digest.row(&[
            text(previous),
            Field::Number(self.seq),
            text(&self.recorded_at),
            text(&self.fact),
            Field::Number(self.first_id),
            Field::Number(self.last_id),
            text(&self.digest),
            self.run_id.field(),
        ]);
        digest.end()
    }
}

/// What a line says of a table, without its place in the chain of hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The line.
    pub seq: i64,
    /// The first number of the facts.
    pub first: i64,
    /// The last number of the facts.
    pub last: i64,
    /// The digest over them.
    pub digest: String,
}

/// How the facts of a table differ from what the journal says of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Rows that no line names.
    Unnamed {
        /// The first number.
        first: i64,
        /// The last number.
        last: i64,
    },
    /// Rows that a line names, and that are not there.
    Gone {
        /// The line.
        seq: i64,
        /// The first number.
        first: i64,
        /// The last number.
        last: i64,
    },
    /// Rows of which at least one is not what was written; of rows that hang on a number, one may be missing or too many.
    Changed {
        /// The line.
        seq: i64,
        /// The first number.
        first: i64,
        /// The last number.
        last: i64,
    },
}

/// Follows the rows of a table in order, beside the lines of the journal that name them.
pub struct Follower<'l> {
    /// The lines still to come, the one in hand first; by number.
    lines: &'l [Span],
    /// Whether each number is one row: else several rows may hang on a number, or none.
    numbered: bool,
    digest: Digest,
    /// The number that the next row of the line should bear.
    next: i64,
    /// Whether any row of the line was seen.
    any: bool,
    /// Whether any row of the line is gone.
    short: bool,
    found: Vec<Difference>,
}

impl<'l> Follower<'l> {
    /// Begins with the lines of a table, in the order of their numbers. `numbered`: each number is one row.
    pub fn new(lines: &'l [Span], numbered: bool) -> Follower<'l> {
        let next = lines.first().map_or(0, |line| line.first);
        Follower { lines, numbered, digest: Digest::new(), next, any: false, short: false, found: Vec::new() }
    }

    /// Takes the next row in order, by its number.
    pub fn row(&mut self, number: i64, fields: &[Field<'_>]) {
        while self.lines.first().is_some_and(|line| line.last < number) {
            self.end_line();
        }
        let Some(line) = self.lines.first().filter(|line| line.first <= number) else {
            return self.unnamed(number);
        };
        if self.numbered && self.next < number {
            self.found.push(Difference::Gone { seq: line.seq, first: self.next, last: number - 1 });
            self.short = true;
        }
        self.next = number + 1;
        self.any = true;
        self.digest.row(fields);
    }

    /// Ends, and returns what differs.
    pub fn end(mut self) -> Vec<Difference> {
        while !self.lines.is_empty() {
            self.end_line();
        }
        self.found
    }

    fn unnamed(&mut self, number: i64) {
        if let Some(Difference::Unnamed { last, .. }) = self.found.last_mut()
            && number - *last <= 1
        {
            *last = number;
            return;
        }
        self.found.push(Difference::Unnamed { first: number, last: number });
    }

    fn end_line(&mut self) {
        let Some((line, rest)) = self.lines.split_first() else { return };
        let digest = std::mem::take(&mut self.digest).end();
        let Span { seq, first, last, .. } = *line;
        let missing_from = if self.numbered { Some(self.next) } else { (!self.any).then_some(first) };
        if let Some(first) = missing_from.filter(|from| *from <= last) {
            self.found.push(Difference::Gone { seq, first, last });
        } else if !self.short && digest != line.digest {
            self.found.push(Difference::Changed { seq, first, last });
        }
        self.lines = rest;
        self.next = rest.first().map_or(0, |line| line.first);
        (self.any, self.short) = (false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(seq: i64, first_id: i64, last_id: i64, digest: &str) -> Line {
        let (fact, recorded_at) = ("payment".to_owned(), "2026-01-01T06:00:00+00:00".to_owned());
        Line { seq, fact, first_id, last_id, digest: digest.to_owned(), recorded_at, run_id: Some(1) }
    }

    #[test]
    fn every_field_and_the_line_before_count() {
        let first = line(1, 1, 1, "a").hash(GENESIS);
        assert_eq!(first.len(), 64);
        assert_eq!(first, line(1, 1, 1, "a").hash(GENESIS));
        assert_ne!(first, line(1, 1, 1, "b").hash(GENESIS));
        assert_ne!(first, line(2, 1, 1, "a").hash(GENESIS));
        assert_ne!(first, Line { run_id: None, ..line(1, 1, 1, "a") }.hash(GENESIS));
        assert_ne!(line(2, 1, 1, "a").hash(&first), line(2, 1, 1, "a").hash(GENESIS));
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

    fn digest(rows: &[&[Field<'_>]]) -> String {
        let mut digest = Digest::new();
        rows.iter().for_each(|row| digest.row(row));
        digest.end()
    }

    #[test]
    fn rows_and_sorts_are_told_apart_and_a_new_column_changes_nothing() {
        let text = |text: &'static str| Field::Text(text.into());
        let one = || Field::Number(1);
        assert_ne!(digest(&[&[one(), text("a")]]), digest(&[&[one()], &[text("a")]]));
        assert_ne!(digest(&[&[one(), Field::Absent, one()]]), digest(&[&[one(), one(), Field::Absent]]));
        assert_ne!(digest(&[&[text("a")]]), digest(&[&[Field::Bytes(b"a".as_slice().into())]]));
        assert_ne!(digest(&[&[one(), text("")]]), digest(&[&[one(), Field::Absent]]));
        assert_eq!(digest(&[&[one(), text("a")]]), digest(&[&[one(), text("a"), Field::Absent]]));
    }

    /// Follows rows (number, value) beside lines over them as they were written.
    fn follow(lines: &[Span], numbered: bool, rows: &[(i64, i64)]) -> Vec<Difference> {
        let mut follower = Follower::new(lines, numbered);
        rows.iter().for_each(|(number, value)| follower.row(*number, &[number.field(), value.field()]));
        follower.end()
    }

    fn written(seq: i64, first: i64, last: i64, rows: &[(i64, i64)]) -> Span {
        let mut digest = Digest::new();
        let own = rows.iter().filter(|(number, _)| (first..=last).contains(number));
        own.for_each(|(number, value)| digest.row(&[number.field(), value.field()]));
        Span { seq, first, last, digest: digest.end() }
    }

    #[test]
    fn what_is_changed_gone_or_unnamed_is_told_by_its_number() {
        let rows = [(1, 10), (2, 20), (3, 30), (4, 40), (5, 50)];
        let lines = [written(1, 1, 3, &rows), written(2, 4, 5, &rows)];
        let with = |change: fn(&mut Vec<(i64, i64)>)| {
            let mut rows = rows.to_vec();
            change(&mut rows);
            follow(&lines, true, &rows)
        };
        assert_eq!(with(|_| ()), []);
        assert_eq!(with(|rows| rows[1].1 = 21), [Difference::Changed { seq: 1, first: 1, last: 3 }]);
        assert_eq!(with(|rows| rows.retain(|row| row.0 != 2)), [Difference::Gone { seq: 1, first: 2, last: 2 }]);
        assert_eq!(with(|rows| rows.truncate(3)), [Difference::Gone { seq: 2, first: 4, last: 5 }]);
        assert_eq!(with(|rows| rows.extend([(6, 60), (7, 70)])), [Difference::Unnamed { first: 6, last: 7 }]);
        assert_eq!(with(|rows| rows.insert(0, (0, 0))), [Difference::Unnamed { first: 0, last: 0 }]);
        assert_eq!(follow(&[], true, &rows), [Difference::Unnamed { first: 1, last: 5 }]);
    }

    #[test]
    fn rows_that_hang_on_a_number_are_told_by_it() {
        let rows = [(1, 10), (1, 11), (4, 40)];
        let lines = [written(1, 1, 1, &rows), written(2, 3, 4, &rows)];
        assert_eq!(follow(&lines, false, &rows), []);
        assert_eq!(follow(&lines, false, &rows[1..]), [Difference::Changed { seq: 1, first: 1, last: 1 }]);
        assert_eq!(follow(&lines, false, &rows[..2]), [Difference::Gone { seq: 2, first: 3, last: 4 }]);
        let more = [(1, 10), (1, 11), (2, 20), (4, 40), (4, 41)];
        let differ = [Difference::Unnamed { first: 2, last: 2 }, Difference::Changed { seq: 2, first: 3, last: 4 }];
        assert_eq!(follow(&lines, false, &more), differ);
    }
}
