//! What the books store as JSON: one form for each table, with a version and a tag, written here and read here alone.
//!
//! Every fact reads `{"v":1,"fact":{"pause":{"what":"dunning"}}}`, or `{"v":1,"fact":"hold"}` where the kind needs nothing more. Books are
//! kept for ten years, so `tests/models/v1/` holds a file for each kind, and a test reads all of them for ever. A field that is added
//! later is optional; a form that must become another one gets the next version, and a reader that knows both.
//!
//! What cannot be read is an error that says so, never an empty answer.

mod act;
mod bank_file;
mod decision;
mod document;
mod payment;
mod recorded;
mod revision;
mod sighting;
mod subject;
mod verdict;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use act::{ActFact, ActKind, LateDiscount, Paused, Resumed, WriteoffReason};
pub use bank_file::BankFileFact;
pub use decision::{DecisionFact, Matched, NoticeFact, Passed, Rest};
pub use document::{DocumentFact, Payable};
pub use payment::PaymentFact;
pub use recorded::{Acted, Decided};
pub use revision::{Agreement, RevisionFact};
pub use sighting::SightingFact;
pub use subject::{Subject, SubjectKind};
pub use verdict::VerdictKind;

use crate::journal::canonical;

/// The version of the forms of today.
pub const VERSION: u32 = 1;

/// Why a fact cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is no JSON of this form.
    #[error(transparent)]
    Form(#[from] serde_json::Error),
    /// It is a fact of another kind than its place asks for.
    #[error("it is a {is}, not a {wanted}")]
    Kind {
        /// What it is.
        is: &'static str,
        /// What it should be.
        wanted: String,
    },
}

/// A fact of one table.
pub trait Fact: Serialize + DeserializeOwned {
    /// Writes it as canonical JSON, as it is stored and hashed.
    fn write(&self) -> String {
        canonical(&Written { v: VERSION, fact: self })
    }

    /// Reads it.
    ///
    /// # Errors
    /// When the text is no fact of this table, or of a version that this program does not know.
    fn read(text: &str) -> Result<Self, Unreadable> {
        let Stored { v: Version, fact } = serde_json::from_str(text)?;
        Ok(fact)
    }
}

#[derive(Serialize)]
struct Written<'f, F> {
    v: u32,
    fact: &'f F,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<F> {
    v: Version,
    fact: F,
}

/// The version that was read: one that this program knows.
#[derive(Deserialize)]
#[serde(try_from = "u32")]
struct Version;

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(v: u32) -> Result<Version, String> {
        if v == VERSION { Ok(Version) } else { Err(format!("version {v}; this program reads version {VERSION}")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_fact_says_why() {
        let table = [
            (r#"{"v":1,"fact":"hold"}"#, ""),
            (r#"{"v":2,"fact":"hold"}"#, "version 2; this program reads version 1"),
            (r#"{"fact":"hold"}"#, "missing field `v`"),
            (r#"{"v":1,"fact":"holds"}"#, "unknown variant `holds`"),
            (r#"{"v":1,"fact":{"pause":{}}}"#, "missing field `what`"),
            (r#"{"v":1,"fact":{"pause":{"what":"dunning","who":"me"}}}"#, "unknown field `who`"),
            ("", "EOF"),
        ];
        for (text, expected) in table {
            let said = ActFact::read(text).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(if expected.is_empty() { said.is_empty() } else { said.contains(expected) }, "{text}: {said}");
        }
    }
}
