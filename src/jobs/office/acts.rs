//! Acts of the books: read as what they are, and written.

use chrono::NaiveDate;

use super::error::JobError;
use crate::fact::{ActFact, Acted, Fact as _, Subject, Unreadable};
use crate::shell::store::{ActRow, NewAct, Tx};

impl TryFrom<ActRow> for Acted {
    type Error = JobError;

    fn try_from(row: ActRow) -> Result<Acted, JobError> {
        let what = format!("the act {} ({})", row.id.get(), row.kind.name());
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
