//! What can go wrong with the books, in words.

/// Why the store refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names no engine that we know.
    #[error(
        "`{0}` is not the address of a database; write sqlite:///var/lib/settled/settled.db or postgres://user@host/database"
    )]
    Address(String),
    /// The books were written by a newer program.
    #[error("the books were written by a newer settled (schema {0}); install that version, this one would damage them")]
    Newer(i64),
    /// A migration was changed after it had been applied.
    #[error("the books' schema {0} differs from the one this program knows; was the program patched?")]
    Changed(i64),
    /// The books could not be brought to this program's schema.
    #[error("the books could not be brought to this version's schema")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// A rule of the schema refused the change. Two writers may have met; the job is done again.
    #[error("the books refused: {sentence}")]
    Refused {
        /// The rule's name in the schema.
        rule: String,
        /// What it means.
        sentence: &'static str,
    },
    /// The database is locked by another program, or does not answer in time.
    #[error("the database is busy or locked by another program")]
    Busy(#[source] sqlx::Error),
    /// A row that cannot be: the books are damaged, or from another program.
    #[error("the books hold something that cannot be: {0}")]
    Damaged(String),
    /// Anything else that the database says.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
}

/// Rules that a user may meet, and what they mean.
const SENTENCES: &[(&str, &str)] = &[
    ("document_number_key", "a document with this number exists"),
    ("document_sequence_key", "this number of the series is taken"),
    ("document_cancelled_once", "the document is cancelled already"),
    ("contract_period_key", "this period is invoiced or skipped already"),
    ("contract_period_overlap", "another invoice of the contract covers some of these days"),
    ("customer_number_key", "a customer with this number exists"),
    ("contract_number_key", "a contract with this number exists"),
    ("bank_account_identifier_key", "another account has this IBAN or number"),
    ("statement_key", "this statement is booked already"),
    ("bank_file_once", "this file is booked already"),
    ("entry_key", "this entry is booked already"),
    ("letter_key", "this letter exists already"),
    ("letter_item_one_live", "a letter of this stage is under way for the invoice"),
    ("batch_reverses_key", "this booking is undone already"),
    ("batch_sums_to_zero", "a booking does not sum to zero"),
    ("act_once_key", "this was done already"),
    ("journal_next", "another writer was faster"),
    ("job_run_key", "this job has run for the day"),
];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return match error {
                sqlx::Error::PoolTimedOut => StoreError::Busy(error),
                _ => StoreError::Database(error),
            };
        };
        let message = database.message();
        if message.contains("database is locked") || message.contains("database table is locked") {
            return StoreError::Busy(error);
        }
        // PostgreSQL names the constraint; our triggers on SQLite say its name as their message.
        let rule = database.constraint().unwrap_or(message).to_owned();
        let known = SENTENCES.iter().find(|(name, _)| rule == *name);
        if let Some((name, sentence)) = known {
            return StoreError::Refused { rule: (*name).to_owned(), sentence };
        }
        if rule.ends_with("_stays") {
            return StoreError::Refused { rule, sentence: "a fact is never changed or deleted" };
        }
        StoreError::Database(error)
    }
}
