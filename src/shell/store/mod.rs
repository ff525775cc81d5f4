//! The store: the books on SQLite or PostgreSQL, in plain SQL, one file for each concept. Whatever it does may fail because the database cannot
//! be reached, is locked too long, or holds what cannot be ([`StoreError`]); an `Errors` section names what else can be refused.

mod acts;
mod agreements;
mod bank;
mod books;
mod db;
mod documents;
mod error;
mod facts;
mod fork;
mod letters;
mod lookups;
mod open;
mod overview;
mod payments;
mod postings;
mod proof;
mod registry;
mod trouble;
mod words;

pub use acts::{ActRow, DecisionRow, NewAct, NewDecision};
pub use agreements::{AgreementRow, AppliedCustomerRow, ContractRow, CustomerRow, DueContract, OwnersWord};
pub use bank::{
    AccountRow, EntryRow, NewEntry, NewStatement, RefusedFile, SightingRow, StatementLink, StatementRow,
    UnbookedFileRow, WantedAccount,
};
pub use books::{Run, Writing};
pub use db::{Args, Db, FactRow, Record, Sql, Tx, Value};
pub use documents::{DocumentFileRow, DocumentRow, LinkRow, NewDocument, PeriodRow};
pub use error::StoreError;
pub use letters::{
    Allowed, AttemptRow, EventRow, LetterItemRow, LetterRow, NewLetter, NewLetterItem, OutboxRow, TroubledLetter,
    WaitingLetter,
};
pub use lookups::{CandidateRow, CustomerKeyRow};
pub use open::Store;
pub use overview::{CustomerBalance, InvoiceRow, MovementRow, PaymentLine, StandingRow};
pub use payments::{DoubtedRow, MoneyOutRow, NewPayment, OpenPaymentRow, PaymentRow, UndecidedRow, UntriedRow};
pub use postings::{BatchRow, PostingRow, ReceivableRow, TakenBackRow};
pub use proof::{
    EntryOff, OutboxOff, PaymentProof, PieceSum, Reading, ReceivableProof, Sequence, SightingProof, StatementOff,
};
pub use registry::{FACTS, Fact, JOURNAL, WORKING};
pub use trouble::Trouble;

/// All statements of the store, by the name of their file; a test prepares every one on both engines.
pub fn statements() -> Vec<(&'static str, &'static str, Sql)> {
    let files = [
        ("acts", acts::STATEMENTS),
        ("agreements", agreements::STATEMENTS),
        ("bank", bank::STATEMENTS),
        ("books", books::STATEMENTS),
        ("documents", documents::STATEMENTS),
        ("facts", facts::STATEMENTS),
        ("letters", letters::STATEMENTS),
        ("lookups", lookups::STATEMENTS),
        ("overview", overview::STATEMENTS),
        ("payments", payments::STATEMENTS),
        ("postings", postings::STATEMENTS),
        ("proof", proof::STATEMENTS),
    ];
    files.into_iter().flat_map(|(file, all)| all.iter().map(move |(name, sql)| (file, *name, *sql))).collect()
}
