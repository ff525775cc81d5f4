//! Any bytes as a bank file, through the door that `settled bank show` and the import use: nothing panics, the second reading
//! says what the first one proved, what is shown is JSON, and what counts as proved adds up in the amounts that the books would hold.

#![no_main]

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use settled::jobs::bank::file::{Document, read_file};
use settled::money::{Amount, Currency};
use settled::statement::proof::{Proof, Proved, Prover};
use settled::statement::{Entry, Sink, Statement, report};
use tempfile::TempDir;

/// Where the bytes become a file; TMPDIR says on which disk.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder for the file"));

/// The second pass: proves once more, and keeps what it was handed.
#[derive(Default)]
struct Again {
    prover: Prover,
    /// The statements with their entries.
    kept: Vec<(Statement, Vec<Entry>)>,
    entries: Vec<Entry>,
}

impl Sink for Again {
    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        self.entries.push(entry.clone());
        self.prover.entry(entry)
    }

    fn statement(&mut self, statement: Statement) -> ControlFlow<()> {
        self.kept.push((statement.clone(), std::mem::take(&mut self.entries)));
        self.prover.statement(statement)
    }
}

fuzz_target!(|bytes: &[u8]| {
    let path: PathBuf = FOLDER.path().join("file");
    std::fs::write(&path, bytes).expect("writing the file");
    match read_file(&path) {
        Ok(read) => read.documents.iter().for_each(check),
        Err(refusal) => assert!(!refusal.words.trim().is_empty(), "a refusal says why"),
    }
});

fn check(document: &Document) {
    let mut again = Again::default();
    let message = document.read(&mut again).expect("what was read once is read again");
    assert_eq!(message, document.message);
    assert_eq!(message.statement_count, document.proved.len());
    assert_eq!(again.prover.proved.len(), document.proved.len());
    for ((first, second), (statement, entries)) in document.proved.iter().zip(&again.prover.proved).zip(&again.kept) {
        assert_eq!(first.statement, second.statement);
        assert_eq!((&first.proof, &first.digest), (&second.proof, &second.digest));
        assert_eq!((first.booked, first.undated), (second.booked, second.undated));
        assert_eq!(entries.len(), statement.entry_count);
        assert_eq!(entries.iter().filter(|entry| entry.is_booked()).count(), statement.booked_count);
        adds_up(first, entries);
    }
    // What `bank show --json` prints.
    let mut written = Vec::new();
    let shown = report::write(&mut written, &[], &Map::new(), |sink| document.read(sink));
    shown.expect("memory takes it").expect("what was read once is read again");
    let shown: Value = serde_json::from_slice(&written).expect("it is JSON");
    assert_eq!(shown["statements"].as_array().map(Vec::len), Some(document.proved.len()));
}

/// Adds up without the prover what it says to be proved.
fn adds_up(proved: &Proved, entries: &[Entry]) {
    let statement = &proved.statement;
    let (opening, closing) = match &proved.proof {
        Proof::Fits { opening, closing } | Proof::ValuedLater { opening, closing } => (*opening, *closing),
        Proof::NoBalances | Proof::Off { .. } | Proof::Unreadable(_) => return,
    };
    let balance = |balance: Option<&settled::statement::Balance>| balance.expect("a balance proves it").clone();
    let (first, last) = (balance(statement.opening_balance()), balance(statement.closing_balance()));
    let currency: Currency = statement.currency.or(last.currency).expect("a currency proves it");
    let amount = |value: Option<Decimal>| Amount::rounded(value.expect("an amount"), currency).expect("within limits");
    let booked: i64 = entries.iter().filter(|entry| entry.is_booked()).map(|entry| amount(entry.amount).minor()).sum();
    assert_eq!(opening, amount(first.amount));
    assert_eq!(opening.minor() + booked, closing.minor(), "opening + booked = closing");
    if let Proof::Fits { .. } = proved.proof {
        assert_eq!(closing, amount(last.amount));
    }
}
