//! The owner's pauses: for some days no letters (`settled pause dunning`), or no invoices (`settled pause issuing`); and the word that the
//! clock is right after a long silence.

use chrono::{Days, NaiveDate};

use super::Office;
use super::acts::{acts_of, new_act};
use super::error::JobError;
use crate::dunning::Until;
use crate::fact::{ActFact, Acted, Paused, Resumed, Subject};
use crate::id::ActId;
use crate::refusal::BooksRefusal;
use crate::shell::store::{NewAct, Run, Tx};

/// How long the daemon may have been silent before its clock is doubted (fault 9).
pub(super) const SILENCE: Days = Days::new(60);

/// Returns the last day of the pause that is in force on a day: of several the longest.
pub async fn in_force(tx: &mut Tx, what: Paused, today: NaiveDate) -> Result<Option<Until>, JobError> {
    let acts = acts_of(tx, Subject::Books).await?;
    let live = live(&acts, what, today);
    Ok(live.iter().map(|act| act.until_on).max_by_key(|until| until.unwrap_or(NaiveDate::MAX)))
}

/// The pauses that are in force.
fn live(acts: &[Acted], what: Paused, today: NaiveDate) -> Vec<&Acted> {
    acts.iter().filter(|act| act.fact == ActFact::Pause { what } && act.holds_on(today, acts)).collect()
}

/// Pauses dunning or issuing through a day.
///
/// # Errors
/// When that day is over, or the books fail.
pub async fn pause(
    office: &Office,
    run: &Run,
    what: Paused,
    until_on: NaiveDate,
    reason: &str,
) -> Result<(), JobError> {
    if until_on < run.today {
        return Err(JobError::refused(BooksRefusal::DayOver { day: until_on }));
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let pause = new_act(&ActFact::Pause { what }, Subject::Books, run.today);
    writing.add_act(NewAct { until_on: Some(until_on), reason: reason.to_owned(), ..pause }).await?;
    Ok(writing.commit().await?)
}

/// Ends the pauses of dunning or issuing. Returns how many there were.
pub async fn resume(office: &Office, run: &Run, what: Paused) -> Result<usize, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let acts = acts_of(&mut writing.tx, Subject::Books).await?;
    let live = live(&acts, what, run.today);
    for act in &live {
        writing.add_act(ending(run, Some(act.id), what.into())).await?;
    }
    writing.commit().await?;
    Ok(live.len())
}

pub(super) fn ending(run: &Run, ends: Option<ActId>, what: Resumed) -> NewAct {
    NewAct { ends, ..new_act(&ActFact::Resume { what }, Subject::Books, run.today) }
}
