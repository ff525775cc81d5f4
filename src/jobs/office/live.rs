//! From which day the daemon acts: `golive`.

use chrono::NaiveDate;

use super::Office;
use super::error::JobError;
use crate::shell::store::{NewAct, Run, Subject};

/// Lets the daemon act from today on. Tells whether it did not before.
///
/// # Errors
/// When the books fail.
pub async fn golive(office: &Office, run: &Run) -> Result<bool, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let act = NewAct {
        kind: "golive",
        subject: Subject::BOOKS,
        from_on: run.today,
        until_on: None,
        reason: String::new(),
        model: None,
        ends: None,
        once_key: Some("golive".to_owned()),
    };
    let new = writing.add_act(act).await?.is_some();
    writing.commit().await?;
    Ok(new)
}

impl Office {
    /// Returns the day from which the daemon acts; nothing until `golive` was said.
    ///
    /// # Errors
    /// When the books fail.
    pub async fn live_since(&self) -> Result<Option<NaiveDate>, JobError> {
        let acts = self.store.read().await?.acts_of(Subject::BOOKS).await?;
        Ok(acts.iter().find(|act| act.kind == "golive").map(|act| act.from_on))
    }
}
