//! From which day the daemon acts: `golive`.

use chrono::NaiveDate;

use super::Office;
use super::acts::{acts_of, new_act};
use super::error::JobError;
use crate::fact::{ActFact, Subject};
use crate::shell::store::{NewAct, Run};

/// Lets the daemon act from today on. Tells whether it did not before.
pub async fn golive(office: &Office, run: &Run) -> Result<bool, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let golive = new_act(&ActFact::Golive, Subject::Books, run.today);
    let act = NewAct { once_key: Some("golive".to_owned()), ..golive };
    let new = writing.add_act(act).await?.is_some();
    writing.commit().await?;
    Ok(new)
}

impl Office {
    /// Returns the day from which the daemon acts; nothing until `golive` was said.
    pub async fn live_since(&self) -> Result<Option<NaiveDate>, JobError> {
        let acts = acts_of(&mut self.store.read().await?, Subject::Books).await?;
        Ok(acts.iter().find(|act| act.fact == ActFact::Golive).map(|act| act.from_on))
    }
}
