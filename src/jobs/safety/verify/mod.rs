//! The proof: the journal's chain is whole and its facts are as they were written, every cent of every payment is somewhere, every
//! statement adds up, and the working tables say what follows from the facts. What is wrong in a working table can be repaired; a
//! fact never.

mod anchor;
mod bank;
mod check;
mod facts;
mod keys;
mod money;
mod repair;
mod work;

pub use self::anchor::{Anchor, NotAnAnchor};
pub use self::check::{Check, Wrong};
use crate::jobs::office::{JobError, Office};
use crate::shell::store::{Run, StoreError, Tx};
use crate::told::{Flaw, Looked};

/// What was proved, and what is wrong.
#[derive(Debug, Clone)]
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

    /// Returns all that is wrong.
    pub fn wrong(&self) -> impl Iterator<Item = &Wrong> {
        self.checks.iter().flat_map(|check| &check.wrong)
    }
}

/// Proves the books, in one snapshot; `anchor` is a place in the journal that must be there.
///
/// # Errors
/// When the books cannot be read. That they are wrong is no failure.
pub async fn verify(office: &Office, tx: &mut Tx, anchor: Option<&Anchor>) -> Result<Proof, JobError> {
    let (journal, head) = facts::journal(tx, anchor).await?;
    let checks = vec![
        journal,
        readable(Looked::Papers {}, facts::bytes(tx).await)?,
        readable(Looked::Numbers {}, facts::numbers(tx).await)?,
        readable(Looked::Bookings {}, money::bookings(tx).await)?,
        readable(Looked::Payments {}, money::payments(tx).await)?,
        readable(Looked::Invoices {}, money::receivables(office, tx).await)?,
        readable(Looked::Entries {}, bank::statements(tx).await)?,
        readable(Looked::Accounts {}, bank::chains(tx).await)?,
        readable(Looked::Letters {}, work::letters(tx).await)?,
        readable(Looked::Contracts {}, work::agreements(office, tx).await)?,
        readable(Looked::Book {}, facts::book(tx).await)?,
        readable(Looked::Keys {}, keys::keys(tx).await)?,
    ];
    Ok(Proof { checks, head })
}

/// A check that met something unreadable in the books is off by that; the others go on.
fn readable(looked: Looked, check: Result<Check, JobError>) -> Result<Check, JobError> {
    match check {
        Err(error @ (JobError::Model { .. } | JobError::Store(StoreError::Damaged(_)))) => {
            let mut check = Check::new(looked);
            check.damaged(Flaw::Unreadable { why: error.to_string() });
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
