//! The proof: the journal's chain is whole and its facts are as they were written, every cent of every payment is somewhere, every
//! statement adds up, and the working tables say what follows from the facts. What is wrong in a working table can be repaired; a
//! fact never.

mod bank;
mod facts;
mod keys;
mod money;
mod repair;
mod work;

use serde::Serialize;

use self::repair::Repair;
use super::office::{JobError, Office};
use crate::shell::store::{Run, StoreError, Tx};

/// How many rows are looked at at once.
const PAGE: i64 = 1000;

/// A place in the journal that the owner noted down: what the weekly summary ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The line.
    pub seq: i64,
    /// The hash of the chain up to it.
    pub hash: String,
}

/// The text is no place in the journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no place in the journal (expected what a summary ends with, such as 18233:9f2c…, with 64 digits)")]
pub struct NotAnAnchor(String);

impl std::str::FromStr for Anchor {
    type Err = NotAnAnchor;

    fn from_str(text: &str) -> Result<Self, NotAnAnchor> {
        let wrong = || NotAnAnchor(text.to_owned());
        let (seq, hash) = text.split_once(':').ok_or_else(wrong)?;
        let seq = seq.parse().ok().filter(|seq| *seq >= 0).ok_or_else(wrong)?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash { Ok(Anchor { seq, hash: hash.to_ascii_lowercase() }) } else { Err(wrong()) }
    }
}

/// What was proved, and what is wrong.
#[derive(Debug, Clone, Serialize)]
pub struct Proof {
    /// The checks, in order.
    pub checks: Vec<Check>,
    /// The head of the journal: what to note down.
    pub head: String,
}

impl Proof {
    /// Tells whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.wrong.is_empty())
    }

    /// Returns all that is wrong, in words.
    pub fn wrong(&self) -> impl Iterator<Item = &Wrong> {
        self.checks.iter().flat_map(|check| &check.wrong)
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What: `journal`, `payments`.
    pub name: &'static str,
    /// How many.
    pub counted: usize,
    /// What holds, in words, where nothing is wrong.
    pub holds: &'static str,
    /// What is wrong.
    pub wrong: Vec<Wrong>,
    /// What is right and worth knowing, such as a gap between statements.
    pub noted: Vec<String>,
}

impl Check {
    fn new(name: &'static str, holds: &'static str) -> Check {
        Check { name, counted: 0, holds, wrong: Vec::new(), noted: Vec::new() }
    }

    /// A fact is wrong; nobody repairs it.
    fn damaged(&mut self, words: impl Into<String>) {
        self.wrong.push(Wrong::fact(words.into()));
    }

    /// A working table is wrong.
    fn stray(&mut self, words: impl Into<String>, repair: Repair) {
        self.wrong.push(Wrong { words: words.into(), repair: Some(repair) });
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, Serialize)]
pub struct Wrong {
    /// In words.
    pub words: String,
    /// What makes a working table say what follows from the facts; nothing: a fact is damaged.
    #[serde(rename = "repairable", serialize_with = "is_some")]
    repair: Option<Repair>,
}

impl Wrong {
    fn fact(words: String) -> Wrong {
        Wrong { words, repair: None }
    }

    /// Tells whether `--rebuild` repairs it.
    pub fn is_repairable(&self) -> bool {
        self.repair.is_some()
    }
}

fn is_some<S: serde::Serializer>(repair: &Option<Repair>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bool(repair.is_some())
}

/// Proves the books, in one snapshot; `anchor` is a place in the journal that must be there.
///
/// # Errors
/// When the books cannot be read. That they are wrong is no failure.
pub async fn verify(office: &Office, tx: &mut Tx, anchor: Option<&Anchor>) -> Result<Proof, JobError> {
    let (journal, head) = facts::journal(tx, anchor).await?;
    let checks = vec![
        journal,
        readable("papers", facts::bytes(tx).await)?,
        readable("numbers", facts::numbers(tx).await)?,
        readable("bookings", money::bookings(tx).await)?,
        readable("payments", money::payments(tx).await)?,
        readable("invoices", money::receivables(office, tx).await)?,
        readable("entries", bank::statements(tx).await)?,
        readable("accounts", bank::chains(tx).await)?,
        readable("letters", work::letters(tx).await)?,
        readable("contracts", work::agreements(office, tx).await)?,
        readable("book", facts::book(tx).await)?,
        readable("keys", keys::keys(tx).await)?,
    ];
    Ok(Proof { checks, head })
}

/// A check that met something unreadable in the books is off by that; the others go on.
fn readable(name: &'static str, check: Result<Check, JobError>) -> Result<Check, JobError> {
    match check {
        Err(error @ (JobError::Model { .. } | JobError::Store(StoreError::Damaged(_)))) => {
            let mut check = Check::new(name, "");
            check.damaged(error.to_string());
            Ok(check)
        }
        check => check,
    }
}

/// Repairs what is wrong in working tables, and proves the books again. Returns the proof before and after.
///
/// # Errors
/// When the books cannot be read or written; then nothing is changed.
pub async fn rebuild(office: &Office, run: &Run, anchor: Option<&Anchor>) -> Result<(Proof, Proof), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    writing.seal().await?;
    let before = verify(office, &mut writing.tx, anchor).await?;
    for wrong in before.wrong() {
        if let Some(repair) = &wrong.repair {
            repair.make(&mut writing).await?;
        }
    }
    writing.seal().await?;
    let after = verify(office, &mut writing.tx, anchor).await?;
    writing.commit().await?;
    Ok((before, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_a_place_and_a_whole_hash() {
        let hash = "9f2c".repeat(16);
        assert_eq!(format!("12:{hash}").parse(), Ok(Anchor { seq: 12, hash: hash.clone() }));
        for wrong in [hash.clone(), "12:9f2c".to_owned(), format!("-1:{hash}"), format!("12:{}", "z".repeat(64))] {
            assert!(wrong.parse::<Anchor>().is_err(), "{wrong}");
        }
    }
}
