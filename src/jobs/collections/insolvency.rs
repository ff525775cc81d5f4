//! Insolvent customers: no letters and no invoices.

use chrono::NaiveDate;

use crate::fact::{ActFact, SubjectKind};
use crate::id::ActId;
use crate::jobs::office::acts::{acts_of, new_act};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::{ending, look_again};
use crate::jobs::records::name::{Named, find};
use crate::refusal::{CustomerRefusal, NameRefusal};
use crate::shell::store::{Run, Tx};

/// Records that a customer is insolvent from a day on: no letters and no invoices.
///
/// # Errors
/// When there is no such customer, it is known already, or the day is yet to come.
pub async fn insolvent(office: &Office, run: &Run, number: &str, since: NaiveDate) -> Result<Named, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (named, known) = customer_for_insolvency(&mut writing.tx, number).await?;
    if let Some((_, since)) = known {
        return Err(JobError::refused(CustomerRefusal::InsolventSince { number: number.to_owned(), since }));
    }
    if since > run.today {
        return Err(JobError::refused(CustomerRefusal::InsolventAhead { day: since }));
    }
    let act = new_act(&ActFact::Insolvent, named.subject, since);
    writing.add_act(act).await?;
    look_again(&mut writing, &named).await?;
    writing.commit().await?;
    Ok(named)
}

/// Records that a customer is insolvent no more, or never was.
///
/// # Errors
/// When the customer is not.
pub async fn solvent(office: &Office, run: &Run, number: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (named, known) = customer_for_insolvency(&mut writing.tx, number).await?;
    let Some((act, _)) = known else {
        return Err(JobError::refused(CustomerRefusal::NotInsolvent { number: number.to_owned() }));
    };
    writing.add_act(ending(&named, run.today, "insolvency ended", Some(act))).await?;
    look_again(&mut writing, &named).await?;
    Ok(writing.commit().await?)
}

/// Finds a customer, and the act that says that it is insolvent, with its first day.
async fn customer_for_insolvency(tx: &mut Tx, number: &str) -> Result<(Named, Option<(ActId, NaiveDate)>), JobError> {
    let named = find(tx, number).await?;
    if named.subject.kind() != SubjectKind::Customer {
        return Err(JobError::refused(NameRefusal::NoCustomer { name: number.to_owned() }));
    }
    let acts = acts_of(tx, named.subject).await?;
    let known = acts.iter().find(|act| act.fact == ActFact::Insolvent && !act.is_ended(&acts));
    let known = known.map(|act| (act.id, act.from_on));
    Ok((named, known))
}
