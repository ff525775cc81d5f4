//! The registry of facts: the tables that are only ever added to, with all their columns. What the journal names and digests, the ids that a
//! transaction draws, the proof of `settled verify`, the triggers of the schema and the order of a copy come from it; `tests/store.rs` holds
//! it against the schema on both engines.

use crate::journal::Kind;

/// A name in German and in English.
type Words = (&'static str, &'static str);

/// Columns by name and kind.
type Columns = &'static [(&'static str, Kind)];

/// A table of facts.
#[derive(Debug)]
pub struct Fact {
    /// The table.
    pub name: &'static str,
    /// What one of its numbers is called in German and in English: `payment 3`, `the postings of booking 7`.
    pub words: Words,
    /// Its columns, in the order of the schema. By the first one lines of the journal name its rows.
    pub columns: Columns,
    /// How many of the columns, from the first, put its rows in order: one where each row has a number of its own.
    order: usize,
}

impl Fact {
    /// A table whose rows have an `id` of their own, drawn one after the other without holes.
    const fn own(name: &'static str, words: Words, columns: Columns) -> Fact {
        Fact { name, words, columns, order: 1 }
    }

    /// A table whose rows hang on the row named by the first column and are written in its transaction, in the order of the second.
    const fn hanging(name: &'static str, words: Words, columns: Columns) -> Fact {
        Fact { name, words, columns, order: 2 }
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

    /// Tells whether values of these kinds are one row of it.
    pub(super) fn takes(&self, kinds: &[Kind]) -> bool {
        let bound = |kind: Kind| if kind == Kind::Hashed { Kind::Bytes } else { kind };
        self.columns.iter().map(|(_, kind)| bound(*kind)).eq(kinds.iter().copied())
    }

    /// Returns the statement that adds rows, up to `values`.
    pub(super) fn insert(&self) -> String {
        let columns: Vec<&str> = self.columns.iter().map(|(column, _)| *column).collect();
        format!("insert into {} ({})", self.name, columns.join(", "))
    }

    /// Reads all its rows in order, without the bytes that a hash stands for.
    pub(super) fn select(&self) -> String {
        let column = |(name, kind): &(&'static str, Kind)| if *kind == Kind::Hashed { "null" } else { *name };
        let columns: Vec<&str> = self.columns.iter().map(column).collect();
        let order: Vec<&str> = self.order().collect();
        format!("select {} from {} order by {}", columns.join(", "), self.name, order.join(", "))
    }
}

/// Declares the tables, and lists them in the order in which a transaction's lines tell of them.
macro_rules! registry {
    ($($(#[$doc:meta])* $name:ident: $how:ident $table:literal, $german:literal, $english:literal { $($column:ident: $kind:ident),+ })+) => {
        $($(#[$doc])* pub(super) const $name: Fact = Fact::$how($table, ($german, $english), &[$((stringify!($column), Kind::$kind)),+]);)+

        /// All facts that lines of the journal name, in the order of the lines of a transaction.
        pub const FACTS: [&Fact; [$($table),+].len()] = [$(&$name),+];
    };
}

registry! {
    /// The books, made once.
    BOOKS: own "books", "die Bücher", "the books" {
        id: Number, books_key: Text, created_at: Instant
    }
    /// Bytes by their hash.
    BLOB: own "blob", "Datei", "file" {
        id: Number, sha256: Text, bytes: Hashed
    }
    /// What was in force.
    BOOK_VERSION: own "book_version", "Stand", "version" {
        id: Number, book_sha256: Text, configuration_sha256: Text, recorded_at: Instant
    }
    /// Who wrote when.
    RUN: own "run", "Lauf", "run" {
        id: Number, today: Day, started_at: Instant, book_version_id: Number, command: Text, person: Text,
        program: Text
    }
    /// What was done for a day.
    JOB_RUN: own "job_run", "Arbeit", "job run" {
        id: Number, job: Text, due_on: Day, run_id: Number
    }
    /// What was agreed.
    REVISION: own "revision", "Vereinbarung", "revision" {
        id: Number, subject_kind: Text, subject_id: Number, book_version_id: Number, valid_from: Day, model: Text,
        file_sha256: Text
    }
    /// What happened.
    ACT: own "act", "Handlung", "act" {
        id: Number, kind: Text, subject_kind: Text, subject_id: Number, from_on: Day, until_on: Day, reason: Text,
        model: Text, ends_id: Number, once_key: Text, run_id: Number
    }
    /// What was decided.
    DECISION: own "decision", "Entscheidung", "decision" {
        id: Number, subject_kind: Text, subject_id: Number, rule: Text, verdict: Text, facts: Text, next_on: Day,
        run_id: Number
    }
    /// What has a number.
    DOCUMENT: own "document", "Beleg", "document" {
        id: Number, kind: Text, customer_id: Number, number: Text, series: Text, number_period: Text,
        sequence: Number, issued_on: Day, currency: Text, gross: Number, model: Text, run_id: Number
    }
    /// The papers of a document.
    DOCUMENT_FILE: hanging "document_file", "die Dateien von Beleg", "the files of document" {
        document_id: Number, name: Text, sha256: Text
    }
    /// How documents hang together.
    DOCUMENT_LINK: own "document_link", "Belegverknüpfung", "document link" {
        id: Number, from_id: Number, to_id: Number, kind: Text
    }
    /// Periods that are done.
    CONTRACT_PERIOD: own "contract_period", "Vertragszeitraum", "contract period" {
        id: Number, contract_id: Number, starts_on: Day, revision: Number, ends_on: Day, document_id: Number
    }
    /// Files of the bank.
    BANK_FILE: own "bank_file", "Bankdatei", "bank file" {
        id: Number, name: Text, member: Text, sha256: Text, rejected_because: Text, model: Text,
        run_id: Number
    }
    /// Statements of accounts.
    STATEMENT: own "statement", "Auszug", "statement" {
        id: Number, bank_account_id: Number, kind: Text, bank_file_id: Number, reference: Text, sequence: Number,
        from_on: Day, through_on: Day, opening: Number, closing: Number, difference: Number, digest: Text,
        run_id: Number
    }
    /// Lines of accounts.
    ENTRY: own "entry", "Umsatz", "entry" {
        id: Number, bank_account_id: Number, booked_on: Day, fallback_key: Text, ordinal: Number, bank_ref: Text,
        amount: Number
    }
    /// What statements said of entries.
    SIGHTING: hanging "sighting", "die gelesenen Umsätze von Auszug", "the sightings of statement" {
        statement_id: Number, position: Number, entry_id: Number, amount: Number, value_on: Day, details: Number,
        model: Text
    }
    /// Money that moved.
    PAYMENT: own "payment", "Zahlung", "payment" {
        id: Number, paid_into: Text, entry_id: Number, detail: Number, amount: Number, currency: Text,
        booked_on: Day, value_on: Day, payer_iban: Text, end_to_end_id: Text, external_key: Text, model: Text,
        run_id: Number
    }
    /// Decisions to write.
    LETTER: own "letter", "Schreiben", "letter" {
        id: Number, kind: Text, about: Text, round: Number, customer_id: Number, document_id: Number, delivery: Text,
        decided_on: Day, run_id: Number
    }
    /// The invoices in a letter.
    LETTER_ITEM: hanging "letter_item", "die Posten von Schreiben", "the items of letter" {
        letter_id: Number, document_id: Number, stage: Number, round: Number, deadline_on: Day, principal: Number,
        fee: Number, interest: Number
    }
    /// What came of letters.
    LETTER_EVENT: own "letter_event", "Ereignis eines Schreibens", "letter event" {
        id: Number, letter_id: Number, document_id: Number, kind: Text, attempt: Number, happened_at: Instant,
        words: Text, run_id: Number
    }
    /// Mails as they left.
    ATTEMPT: own "attempt", "Zustellversuch", "attempt" {
        id: Number, letter_id: Number, ordinal: Number, message_id: Text, recipients: Text, eml: Bytes,
        started_at: Instant, run_id: Number
    }
    /// Bookings.
    BATCH: own "batch", "Buchung", "booking" {
        id: Number, kind: Text, booked_on: Day, letter_id: Number, reverses_id: Number, run_id: Number
    }
    /// The legs of a booking.
    POSTING: hanging "posting", "die Buchungszeilen von Buchung", "the postings of booking" {
        batch_id: Number, position: Number, account: Text, customer_id: Number, document_id: Number,
        payment_id: Number, amount: Number, currency: Text, value_on: Day
    }
}

/// The journal itself: a fact too, proved by its chain.
pub const JOURNAL: Fact = Fact::own(
    "journal",
    ("Zeile", "line"),
    &[
        ("seq", Kind::Number),
        ("fact", Kind::Text),
        ("first_id", Kind::Number),
        ("last_id", Kind::Number),
        ("digest", Kind::Text),
        ("recorded_at", Kind::Instant),
        ("run_id", Kind::Number),
        ("hash", Kind::Text),
    ],
);

/// Working tables: they follow from the facts and are changed with them.
pub const WORKING: [&str; 14] = [
    "lease",
    "customer",
    "contract",
    "counter",
    "bank_account",
    "bank_account_identifier",
    "entry_uetr",
    "open_payment",
    "concern",
    "outbox",
    "receivable",
    "document_key",
    "customer_key",
    "number_shape",
];
