//! What can go wrong with the books, in words.

use super::trouble::Trouble;
use crate::language::Language;

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
    #[error(
        "the books' schema {0} differs from the one this program knows; were they made by another state of settled? Take the settled with which \
         they ran last. Nothing was changed."
    )]
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
    /// The database itself is not as it must be: away, read-only, full, none of ours.
    #[error("{}{} {}", .at.as_ref().map(|at| format!("{at}: ")).unwrap_or_default(), .trouble.words(Language::En), .trouble.advice(Language::En))]
    Unusable {
        /// What is wrong with it.
        trouble: Trouble,
        /// Where it is, without a password; known when the books are opened.
        at: Option<String>,
        /// What the database said.
        #[source]
        cause: Option<sqlx::Error>,
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

/// Rules that a user may meet: the name, the columns by which SQLite names a key, and what it means.
const RULES: &[(&str, &str, &str)] = &[
    ("document_number_key", "document.number", "a document with this number exists"),
    (
        "document_sequence_key",
        "document.series, document.number_period, document.sequence",
        "this number of the series is taken",
    ),
    ("document_cancelled_once", "document_link.to_id", "the document is cancelled already"),
    (
        "contract_period_key",
        "contract_period.contract_id, contract_period.starts_on, contract_period.revision",
        "this period is invoiced or skipped already",
    ),
    ("contract_period_overlap", "", "another invoice of the contract covers some of these days"),
    ("customer_number_key", "customer.number", "a customer with this number exists"),
    ("contract_number_key", "contract.number", "a contract with this number exists"),
    (
        "bank_account_identifier_key",
        "bank_account_identifier.value, bank_account_identifier.currency",
        "another account has this IBAN or number",
    ),
    ("statement_key", "statement.bank_account_id, statement.digest", "this statement is booked already"),
    ("bank_file_once", "bank_file.sha256, bank_file.member", "this file is booked already"),
    (
        "entry_key",
        "entry.bank_account_id, entry.booked_on, entry.fallback_key, entry.ordinal",
        "this entry is booked already",
    ),
    ("letter_key", "letter.kind, letter.about, letter.round", "this letter exists already"),
    ("letter_item_one_live", "", "a letter of this stage is under way for the invoice"),
    ("batch_reverses_key", "batch.reverses_id", "this booking is undone already"),
    ("batch_sums_to_zero", "", "a booking does not sum to zero"),
    ("act_once_key", "act.once_key", "this was done already"),
    ("journal_next", "", "another writer was faster"),
    ("journal_overlap", "", "what hangs on a fact is written with it, not later"),
    ("job_run_key", "job_run.job, job_run.due_on", "this job has run for the day"),
];

impl StoreError {
    /// Adds where the database is, for who opens it.
    pub(super) fn at(self, place: &str) -> StoreError {
        if let StoreError::Unusable { trouble, cause, .. } = self {
            return StoreError::Unusable { trouble, at: Some(place.to_owned()), cause };
        }
        self
    }

    /// Tells whether the configuration names what can never be the books, and no waiting helps.
    pub const fn is_of_configuration(&self) -> bool {
        if let StoreError::Unusable { trouble, .. } = self {
            return trouble.is_of_configuration();
        }
        matches!(self, StoreError::Address(_))
    }

    /// Says it in the owner's language; what only its makers can read is left in English.
    pub fn words(&self, language: Language) -> String {
        match self {
            StoreError::Unusable { trouble, at, cause } => {
                let at = at.as_ref().map(|at| format!("{at}: ")).unwrap_or_default();
                let said = cause.as_ref().map(|cause| format!("\n{}: {cause}", language.say("Antwort", "Answer")));
                format!("{at}{}{}\n{}", trouble.words(language), said.unwrap_or_default(), trouble.advice(language))
            }
            StoreError::Address(address) => language.say(
                format!(
                    "`{address}` ist keine Adresse einer Datenbank; schreiben Sie als `store` unter [paths] \
                     sqlite:///var/lib/settled/settled.db oder postgres://BENUTZER@HOST/DATENBANK"
                ),
                self.to_string(),
            ),
            StoreError::Newer(version) => language.say(
                format!(
                    "die Bücher schrieb ein neueres settled (Schema {version}); installieren Sie dieses, das hiesige würde sie beschädigen"
                ),
                self.to_string(),
            ),
            StoreError::Changed(version) => language.say(
                format!(
                    "das Schema {version} der Bücher ist ein anderes, als dieses Programm kennt; machte sie ein anderer Stand von settled? \
                     Nehmen Sie das settled, mit dem sie zuletzt liefen. Verändert wurde nichts."
                ),
                self.to_string(),
            ),
            StoreError::Busy(_) => language.say(
                "die Datenbank ist beschäftigt oder von einem anderen Programm gesperrt; versuchen Sie es gleich noch einmal".to_owned(),
                format!("{self}; try again in a moment"),
            ),
            StoreError::Damaged(what) => language.say(
                format!("in den Büchern steht etwas, das nicht sein kann: {what}\nSagen Sie: settled verify"),
                format!("{self}\nSay: settled verify"),
            ),
            StoreError::Migration(cause) => format!("{self}: {cause}"),
            StoreError::Database(cause) => format!("{self}: {cause}"),
            StoreError::Refused { .. } => self.to_string(),
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all else that the driver says is the database's failure")]
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let Some(trouble) = Trouble::of(&error) {
            return StoreError::Unusable { trouble, at: None, cause: Some(error) };
        }
        let Some(database) = error.as_database_error() else {
            return match error {
                sqlx::Error::PoolTimedOut => StoreError::Busy(error),
                sqlx::Error::RowNotFound => StoreError::Damaged("a row that others name is not there".to_owned()),
                sqlx::Error::ColumnDecode { index, source } => {
                    StoreError::Damaged(format!("in the column {}, {source}", index.trim_matches('"')))
                }
                _ => StoreError::Database(error),
            };
        };
        let message = database.message();
        if message.contains("database is locked") || message.contains("database table is locked") {
            return StoreError::Busy(error);
        }
        // PostgreSQL names the constraint; on SQLite triggers say its name as their message, and keys name their columns.
        let rule = database.constraint().unwrap_or(message);
        let columns = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or(message);
        if let Some((name, _, sentence)) = RULES.iter().find(|(name, key, _)| rule == *name || columns == *key) {
            return StoreError::Refused { rule: (*name).to_owned(), sentence };
        }
        if rule.ends_with("_stays") {
            return StoreError::Refused { rule: rule.to_owned(), sentence: "a fact is never changed or deleted" };
        }
        StoreError::Database(error)
    }
}
