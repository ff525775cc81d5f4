//! The facts: one registry of the tables that are only ever added to. The journal's lines and their digests, the ids that a transaction
//! draws, the proof of `settled verify`, the triggers of the schema and the order of a copy all come from it; `tests/store.rs` holds it
//! against the schema.
//!
//! All facts go in through [`Adding::add`], which digests what it binds. Each transaction ends with one line of the journal for each table
//! that it added to. A line names rows by the first column of their table: their own `id`, or the id of what they hang on and were written
//! with. So the line alone selects exactly the rows that it covers.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Utc};

use super::db::{FactRow, Sql, Tx, statements};
use super::error::StoreError;
use crate::journal::Kind::{Bytes, Day, Hashed, Instant, Number, Text};
use crate::journal::{Canonical as _, Digest, Field, GENESIS, Kind, Line, Span};

statements! {
    HEAD = Sql::both("select seq, hash from journal order by seq desc limit 1");
    SPANS = Sql::both("select seq, first_id, last_id, digest from journal where fact = $1 order by first_id");
    BLOB_KNOWN = Sql::both("select id from blob where sha256 = $1");
}

/// A table of facts.
#[derive(Debug)]
pub struct Fact {
    /// The table.
    pub name: &'static str,
    /// What one of its numbers is called: `payment 3`, `the postings of booking 7`.
    pub word: &'static str,
    /// Its columns, in the order of the schema. By the first one lines of the journal name its rows.
    pub columns: &'static [(&'static str, Kind)],
    /// How many of the columns, from the first, put its rows in order: one where each row has a number of its own.
    order: usize,
}

impl Fact {
    /// A table whose rows have an `id` of their own, drawn one after the other without holes.
    const fn own(name: &'static str, word: &'static str, columns: &'static [(&'static str, Kind)]) -> Fact {
        Fact { name, word, columns, order: 1 }
    }

    /// A table whose rows hang on the row named by the first column and are written in its transaction, in the order of the second.
    const fn hanging(name: &'static str, word: &'static str, columns: &'static [(&'static str, Kind)]) -> Fact {
        Fact { name, word, columns, order: 2 }
    }

    /// Tells whether each row has a number of its own.
    pub fn is_numbered(&self) -> bool {
        self.order == 1
    }

    /// Returns the columns that put its rows in order.
    pub fn order(&self) -> impl Iterator<Item = &'static str> {
        self.columns[..self.order].iter().map(|(column, _)| *column)
    }

    /// Returns the triggers that keep its rows on SQLite; on PostgreSQL one function keeps those of all tables.
    pub fn triggers(&self) -> [String; 2] {
        ["update", "delete"].map(|verb| {
            let name = self.name;
            format!(
                "create trigger {name}_{verb} before {verb} on {name} begin select raise(abort, '{name}_stays'); end"
            )
        })
    }

    fn takes(&self, kinds: &[Kind]) -> bool {
        let bound = |kind: Kind| if kind == Hashed { Bytes } else { kind };
        self.columns.iter().map(|(_, kind)| bound(*kind)).eq(kinds.iter().copied())
    }

    fn insert(&self) -> String {
        let columns: Vec<&str> = self.columns.iter().map(|(column, _)| *column).collect();
        format!("insert into {} ({})", self.name, columns.join(", "))
    }

    /// Reads all its rows in order, without the bytes that a hash stands for.
    fn select(&self) -> String {
        let column = |(name, kind): &(&'static str, Kind)| if *kind == Hashed { "null" } else { *name };
        let columns: Vec<&str> = self.columns.iter().map(column).collect();
        let order: Vec<&str> = self.order().collect();
        format!("select {} from {} order by {}", columns.join(", "), self.name, order.join(", "))
    }
}

/// The books, made once.
pub(super) const BOOKS: Fact =
    Fact::own("books", "the books", &[("id", Number), ("books_key", Text), ("created_at", Instant)]);
/// Bytes by their hash.
pub(super) const BLOB: Fact = Fact::own("blob", "file", &[("id", Number), ("sha256", Text), ("bytes", Hashed)]);
/// What was in force.
pub(super) const BOOK_VERSION: Fact = Fact::own(
    "book_version",
    "version",
    &[("id", Number), ("book_sha256", Text), ("configuration_sha256", Text), ("recorded_at", Instant)],
);
/// Who wrote when.
pub(super) const RUN: Fact = Fact::own(
    "run",
    "run",
    &[
        ("id", Number),
        ("today", Day),
        ("started_at", Instant),
        ("book_version_id", Number),
        ("command", Text),
        ("person", Text),
        ("program", Text),
    ],
);
/// What was done for a day.
pub(super) const JOB_RUN: Fact =
    Fact::own("job_run", "job run", &[("id", Number), ("job", Text), ("due_on", Day), ("run_id", Number)]);
/// What was agreed.
pub(super) const REVISION: Fact = Fact::own(
    "revision",
    "revision",
    &[
        ("id", Number),
        ("subject_kind", Text),
        ("subject_id", Number),
        ("book_version_id", Number),
        ("valid_from", Day),
        ("model", Text),
        ("file_sha256", Text),
    ],
);
/// What happened.
pub(super) const ACT: Fact = Fact::own(
    "act",
    "act",
    &[
        ("id", Number),
        ("kind", Text),
        ("subject_kind", Text),
        ("subject_id", Number),
        ("from_on", Day),
        ("until_on", Day),
        ("reason", Text),
        ("model", Text),
        ("ends_id", Number),
        ("once_key", Text),
        ("run_id", Number),
    ],
);
/// What was decided.
pub(super) const DECISION: Fact = Fact::own(
    "decision",
    "decision",
    &[
        ("id", Number),
        ("subject_kind", Text),
        ("subject_id", Number),
        ("rule", Text),
        ("verdict", Text),
        ("facts", Text),
        ("next_on", Day),
        ("run_id", Number),
    ],
);
/// What has a number.
pub(super) const DOCUMENT: Fact = Fact::own(
    "document",
    "document",
    &[
        ("id", Number),
        ("kind", Text),
        ("customer_id", Number),
        ("number", Text),
        ("series", Text),
        ("number_period", Text),
        ("sequence", Number),
        ("issued_on", Day),
        ("currency", Text),
        ("gross", Number),
        ("model", Text),
        ("run_id", Number),
    ],
);
/// The papers of a document.
pub(super) const DOCUMENT_FILE: Fact = Fact::hanging(
    "document_file",
    "the files of document",
    &[("document_id", Number), ("name", Text), ("sha256", Text)],
);
/// How documents hang together.
pub(super) const DOCUMENT_LINK: Fact = Fact::own(
    "document_link",
    "document link",
    &[("id", Number), ("from_id", Number), ("to_id", Number), ("kind", Text)],
);
/// Periods that are done.
pub(super) const CONTRACT_PERIOD: Fact = Fact::own(
    "contract_period",
    "contract period",
    &[
        ("id", Number),
        ("contract_id", Number),
        ("starts_on", Day),
        ("revision", Number),
        ("ends_on", Day),
        ("document_id", Number),
    ],
);
/// Files of the bank.
pub(super) const BANK_FILE: Fact = Fact::own(
    "bank_file",
    "bank file",
    &[
        ("id", Number),
        ("name", Text),
        ("member", Text),
        ("sha256", Text),
        ("rejected_because", Text),
        ("run_id", Number),
    ],
);
/// Statements of accounts.
pub(super) const STATEMENT: Fact = Fact::own(
    "statement",
    "statement",
    &[
        ("id", Number),
        ("bank_account_id", Number),
        ("kind", Text),
        ("bank_file_id", Number),
        ("reference", Text),
        ("sequence", Number),
        ("from_on", Day),
        ("through_on", Day),
        ("opening", Number),
        ("closing", Number),
        ("difference", Number),
        ("digest", Text),
        ("run_id", Number),
    ],
);
/// Lines of accounts.
pub(super) const ENTRY: Fact = Fact::own(
    "entry",
    "entry",
    &[
        ("id", Number),
        ("bank_account_id", Number),
        ("booked_on", Day),
        ("fallback_key", Text),
        ("ordinal", Number),
        ("bank_ref", Text),
        ("amount", Number),
    ],
);
/// What statements said of entries.
pub(super) const SIGHTING: Fact = Fact::hanging(
    "sighting",
    "the sightings of statement",
    &[
        ("statement_id", Number),
        ("position", Number),
        ("entry_id", Number),
        ("amount", Number),
        ("value_on", Day),
        ("details", Number),
        ("model", Text),
    ],
);
/// Money that moved.
pub(super) const PAYMENT: Fact = Fact::own(
    "payment",
    "payment",
    &[
        ("id", Number),
        ("paid_into", Text),
        ("entry_id", Number),
        ("detail", Number),
        ("amount", Number),
        ("currency", Text),
        ("booked_on", Day),
        ("value_on", Day),
        ("payer_iban", Text),
        ("end_to_end_id", Text),
        ("external_key", Text),
        ("model", Text),
        ("run_id", Number),
    ],
);
/// Decisions to write.
pub(super) const LETTER: Fact = Fact::own(
    "letter",
    "letter",
    &[
        ("id", Number),
        ("kind", Text),
        ("about", Text),
        ("round", Number),
        ("customer_id", Number),
        ("document_id", Number),
        ("delivery", Text),
        ("decided_on", Day),
        ("run_id", Number),
    ],
);
/// The invoices in a letter.
pub(super) const LETTER_ITEM: Fact = Fact::hanging(
    "letter_item",
    "the items of letter",
    &[
        ("letter_id", Number),
        ("document_id", Number),
        ("stage", Number),
        ("round", Number),
        ("deadline_on", Day),
        ("principal", Number),
        ("fee", Number),
        ("interest", Number),
    ],
);
/// What came of letters.
pub(super) const LETTER_EVENT: Fact = Fact::own(
    "letter_event",
    "letter event",
    &[
        ("id", Number),
        ("letter_id", Number),
        ("document_id", Number),
        ("kind", Text),
        ("attempt", Number),
        ("happened_at", Instant),
        ("words", Text),
        ("run_id", Number),
    ],
);
/// Mails as they left.
pub(super) const ATTEMPT: Fact = Fact::own(
    "attempt",
    "attempt",
    &[
        ("id", Number),
        ("letter_id", Number),
        ("ordinal", Number),
        ("message_id", Text),
        ("recipients", Text),
        ("eml", Bytes),
        ("started_at", Instant),
        ("run_id", Number),
    ],
);
/// Bookings.
pub(super) const BATCH: Fact = Fact::own(
    "batch",
    "booking",
    &[
        ("id", Number),
        ("kind", Text),
        ("booked_on", Day),
        ("letter_id", Number),
        ("reverses_id", Number),
        ("run_id", Number),
    ],
);
/// The legs of a booking.
pub(super) const POSTING: Fact = Fact::hanging(
    "posting",
    "the postings of booking",
    &[
        ("batch_id", Number),
        ("position", Number),
        ("account", Text),
        ("customer_id", Number),
        ("document_id", Number),
        ("payment_id", Number),
        ("amount", Number),
        ("currency", Text),
        ("value_on", Day),
    ],
);

/// All facts that lines of the journal name, in the order of the lines of a transaction.
pub const FACTS: [&Fact; 23] = [
    &BOOKS,
    &BLOB,
    &BOOK_VERSION,
    &RUN,
    &JOB_RUN,
    &REVISION,
    &ACT,
    &DECISION,
    &DOCUMENT,
    &DOCUMENT_FILE,
    &DOCUMENT_LINK,
    &CONTRACT_PERIOD,
    &BANK_FILE,
    &STATEMENT,
    &ENTRY,
    &SIGHTING,
    &PAYMENT,
    &LETTER,
    &LETTER_ITEM,
    &LETTER_EVENT,
    &ATTEMPT,
    &BATCH,
    &POSTING,
];

/// The journal itself: a fact too, proved by its chain.
pub const JOURNAL: Fact = Fact::own(
    "journal",
    "line",
    &[
        ("seq", Number),
        ("fact", Text),
        ("first_id", Number),
        ("last_id", Number),
        ("digest", Text),
        ("recorded_at", Instant),
        ("run_id", Number),
        ("hash", Text),
    ],
);

/// Working tables: they follow from the facts and are changed with them.
pub const WORKING: [&str; 13] = [
    "lease",
    "customer",
    "contract",
    "counter",
    "bank_account",
    "bank_account_identifier",
    "open_payment",
    "concern",
    "outbox",
    "receivable",
    "document_key",
    "customer_key",
    "number_shape",
];

/// What a transaction has added to a table since its last line.
struct Added {
    first: i64,
    last: i64,
    digest: Digest,
}

/// The facts that a transaction adds.
#[derive(Default)]
pub(super) struct Adding {
    ids: BTreeMap<&'static str, i64>,
    added: BTreeMap<&'static str, Added>,
}

impl Adding {
    /// Draws the next ids of a table.
    pub(super) async fn draw(
        &mut self,
        tx: &mut Tx,
        table: &'static str,
        count: usize,
    ) -> Result<Range<i64>, StoreError> {
        let last = match self.ids.get(table) {
            Some(last) => *last,
            None => tx.last_id(table).await?,
        };
        let count =
            i64::try_from(count).map_err(|_| StoreError::Damaged(format!("more new rows of {table} than ids")))?;
        self.ids.insert(table, last + count);
        Ok(last + 1..last + 1 + count)
    }

    /// Adds rows of a fact: the one way in. They come in their order, behind those that are there.
    ///
    /// # Errors
    /// When a rule of the schema refuses one.
    pub(super) async fn add<R: FactRow>(
        &mut self,
        tx: &mut Tx,
        fact: &'static Fact,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<(), StoreError> {
        debug_assert!(fact.takes(R::KINDS), "a row of {} has other columns", fact.name);
        let added = &mut self.added;
        let rows = rows.into_iter().inspect(|row| row.see(|fields| note(added, fact, fields)));
        Ok(tx.fill(&fact.insert(), rows).await?)
    }

    /// Keeps bytes by their hash; the same bytes twice are one.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn keep_blob(&mut self, tx: &mut Tx, bytes: &[u8]) -> Result<String, StoreError> {
        let sha256 = crate::journal::sha256(bytes);
        let known: Option<(i64,)> = tx.maybe(BLOB_KNOWN, (sha256.clone(),)).await?;
        if known.is_none() {
            let id = self.draw(tx, BLOB.name, 1).await?.start;
            self.add(tx, &BLOB, [(id, sha256.clone(), bytes.to_vec())]).await?;
        }
        Ok(sha256)
    }

    /// Appends the lines of what was added since the last time.
    ///
    /// # Errors
    /// As the database says; two writers at once are told apart by the place in the chain.
    pub(super) async fn seal(&mut self, tx: &mut Tx, now: DateTime<Utc>, run: Option<i64>) -> Result<(), StoreError> {
        if self.added.is_empty() {
            return Ok(());
        }
        let (mut seq, mut hash) = tx.head().await?;
        let mut rows = Vec::with_capacity(self.added.len());
        for fact in FACTS {
            let Some(Added { first, last, digest }) = self.added.remove(fact.name) else { continue };
            seq += 1;
            let Field::Text(recorded_at) = now.field() else { unreachable!("an instant is written as text") };
            let line = Line {
                seq,
                fact: fact.name.to_owned(),
                first_id: first,
                last_id: last,
                digest: digest.end(),
                recorded_at: recorded_at.into_owned(),
                run_id: run,
            };
            hash = line.hash(&hash);
            rows.push((seq, line.fact, first, last, line.digest, now, run, hash.clone()));
        }
        Ok(tx.fill(&JOURNAL.insert(), rows).await?)
    }
}

/// Digests a row that is about to be added.
fn note(added: &mut BTreeMap<&'static str, Added>, fact: &'static Fact, fields: &mut [Field<'_>]) {
    let Some(Field::Number(number)) = fields.first() else { unreachable!("{} is named by a number", fact.name) };
    let number = *number;
    let added =
        added.entry(fact.name).or_insert_with(|| Added { first: number, last: number - 1, digest: Digest::new() });
    let step = number - added.last;
    debug_assert!(if fact.is_numbered() { step == 1 } else { step >= 0 }, "{} {number} comes out of order", fact.name);
    added.last = number;
    for (field, (_, kind)) in fields.iter_mut().zip(fact.columns) {
        if *kind == Hashed {
            *field = Field::Absent;
        }
    }
    added.digest.row(fields);
}

impl Tx {
    /// Returns the head of the journal: its last line and hash.
    pub(super) async fn head(&mut self) -> Result<(i64, String), StoreError> {
        let head: Option<(i64, String)> = self.maybe(HEAD, ()).await?;
        Ok(head.unwrap_or((0, GENESIS.to_owned())))
    }

    /// Returns the last id of a table, 0 where it has no row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_id(&mut self, table: &'static str) -> Result<i64, StoreError> {
        Ok(self.number(format!("select coalesce(max(id), 0) from {table}")).await?)
    }

    /// Has every row of a fact seen, in order: its number, and its values in canonical form.
    ///
    /// # Errors
    /// When the database fails. A value that cannot be is seen as it is.
    pub async fn each_fact(
        &mut self,
        fact: &Fact,
        mut see: impl FnMut(i64, &[Field<'_>]) + Send,
    ) -> Result<(), StoreError> {
        let kinds: Vec<Kind> = fact.columns.iter().map(|(_, kind)| *kind).collect();
        self.each_row(fact.select(), &kinds, |fields| {
            let Some(Field::Number(number)) = fields.first() else {
                unreachable!("{} is named by a number", fact.name)
            };
            see(*number, fields);
        })
        .await?;
        Ok(())
    }

    /// Returns what the journal says of a fact, in the order of its numbers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spans_of(&mut self, fact: &Fact) -> Result<Vec<Span>, StoreError> {
        let rows: Vec<(i64, i64, i64, String)> = self.all(SPANS, (fact.name.to_owned(),)).await?;
        Ok(rows.into_iter().map(|(seq, first, last, digest)| Span { seq, first, last, digest }).collect())
    }
}
