//! Acts of the books: read as what they are, and written.

use chrono::NaiveDate;

use super::error::JobError;
use crate::fact::{ActFact, Fact as _, Subject, Unreadable};
use crate::shell::store::{ActRow, NewAct, Tx};

/// An act as the books hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    /// Its id.
    pub id: i64,
    /// What happened.
    pub fact: ActFact,
    /// From which day on.
    pub from_on: NaiveDate,
    /// Up to which day; nothing: until it is ended.
    pub until_on: Option<NaiveDate>,
    /// Why, in the words of the one who did it.
    pub reason: String,
    /// The act that it ends.
    pub ends: Option<i64>,
    /// In which run.
    pub run: i64,
}

impl Acted {
    /// Tells whether the act is in force on a day, among all acts of its subject.
    pub fn holds_on(&self, day: NaiveDate, all: &[Acted]) -> bool {
        self.from_on <= day && self.until_on.is_none_or(|last| last >= day) && !self.is_ended(all)
    }

    /// Tells whether another of its subject's acts has ended it.
    pub fn is_ended(&self, all: &[Acted]) -> bool {
        all.iter().any(|act| act.ends == Some(self.id))
    }
}

impl TryFrom<ActRow> for Acted {
    type Error = JobError;

    fn try_from(row: ActRow) -> Result<Acted, JobError> {
        let what = format!("the act {} ({})", row.id, row.kind.name());
        let fact = ActFact::read(row.model.as_deref().unwrap_or_default()).map_err(JobError::model(&what))?;
        if fact.kind() != row.kind {
            let (is, wanted) = (fact.kind().name(), row.kind.name().to_owned());
            return Err(JobError::Model { what, cause: Unreadable::Kind { is, wanted } });
        }
        let (id, from_on, until_on, reason) = (row.id, row.from_on, row.until_on, row.reason);
        Ok(Acted { id, fact, from_on, until_on, reason, ends: row.ends_id, run: row.run_id })
    }
}

/// Returns all acts on a subject, oldest first.
///
/// # Errors
/// When the books hold an act that cannot be read; it is named.
pub async fn acts_of(tx: &mut Tx, subject: Subject) -> Result<Vec<Acted>, JobError> {
    tx.acts_of(subject).await?.into_iter().map(Acted::try_from).collect()
}

/// Begins an act to be written: from a day on, without an end, and without a reason.
pub fn new_act(fact: &ActFact, subject: Subject, from_on: NaiveDate) -> NewAct {
    NewAct {
        kind: fact.kind(),
        subject,
        from_on,
        until_on: None,
        reason: String::new(),
        model: Some(fact.write()),
        ends: None,
        once_key: None,
    }
}
