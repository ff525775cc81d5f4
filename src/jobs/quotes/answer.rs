//! What the customer says to a quote, and for how long he may.

use chrono::NaiveDate;

use super::chain::Chain;
use crate::fact::{ActFact, Subject};
use crate::jobs::office::acts::new_act;
use crate::jobs::office::{JobError, Office};
use crate::shell::store::{NewAct, Run};

/// Records that the customer accepted a quote, with what he chose. Returns its name in the book.
///
/// # Errors
/// When it cannot be accepted.
pub async fn accept(office: &Office, run: &Run, name: &str, choose: &[String]) -> Result<String, JobError> {
    act(office, run, name, "", |chain, today| {
        chain.offer.may_be_accepted(choose, today).map_err(JobError::refused)?;
        Ok(ActFact::Accept { chosen: choose.to_vec() })
    })
    .await
}

/// Records that the customer declined a quote. Returns its name in the book.
///
/// # Errors
/// When it is decided already, or was not sent.
pub async fn decline(office: &Office, run: &Run, name: &str, reason: &str) -> Result<String, JobError> {
    act(office, run, name, reason, |chain, today| {
        chain.offer.may_be_declined(today).map_err(JobError::refused)?;
        Ok(ActFact::Decline)
    })
    .await
}

/// Lets a quote be accepted for longer. Returns its name in the book.
///
/// # Errors
/// When it is decided already, or was not sent; or the day is none.
pub async fn extend(office: &Office, run: &Run, name: &str, until: NaiveDate) -> Result<String, JobError> {
    act(office, run, name, "", |chain, today| {
        chain.offer.may_be_extended(until, today).map_err(JobError::refused)?;
        Ok(ActFact::Extend { valid_until: until })
    })
    .await
}

/// Decides in the transaction that records it: two answers at once are one too many.
async fn act(
    office: &Office,
    run: &Run,
    name: &str,
    reason: &str,
    decide: impl FnOnce(&Chain, NaiveDate) -> Result<ActFact, JobError>,
) -> Result<String, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let today = writing.today();
    let chain = Chain::load(office, &mut writing.tx, name).await?;
    let fact = decide(&chain, today)?;
    let act = new_act(&fact, Subject::Contract(chain.contract), today);
    writing.add_act(NewAct { reason: reason.to_owned(), ..act }).await?;
    writing.commit().await?;
    Ok(chain.name().to_owned())
}
