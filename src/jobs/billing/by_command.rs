//! What the owner does with a contract by command: it is ended, paused, or a period of it is skipped. The file stays his; `release` takes
//! it back.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::ended::invoiced;
use super::release::{reckon_anew, recurring};
use crate::fact::{ActFact, Acted, Subject};
use crate::id::ContractId;
use crate::jobs::office::acts::{acts_of, new_act};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::by_command;
use crate::jobs::records::name::{Named, find};
use crate::recurring::{AfterEnd, Contract, ContractKind, MOST_PERIODS, Period, after_end};
use crate::refusal::DocumentRefusal;
use crate::shell::store::{NewAct, Run, Writing};

/// The day on which a contract is looked at next, after something was done with it; nothing: it is not invoiced any more.
pub type NextOn = Option<NaiveDate>;

/// Ends a contract with a last day of service; an end by command before it is replaced. Returns what is invoiced beyond it already.
///
/// # Errors
/// When it is no recurring contract, or the book ends it earlier; when the books fail.
pub async fn end(
    office: &Office,
    run: &Run,
    name: &str,
    last_day: NaiveDate,
    reason: &str,
) -> Result<(NextOn, Vec<AfterEnd>), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let Known { named, id, contract, acts, .. } = known(&mut writing, name).await?;
    if let Some(last) = contract.last_day().filter(|last| *last < last_day) {
        return Err(JobError::refused(DocumentRefusal::EndsBefore { contract: named.name, last_day: last }));
    }
    let before = acts.iter().rfind(|act| matches!(act.fact, ActFact::End { .. }) && !act.is_ended(&acts));
    let act = new_act(&ActFact::End { last_day }, named.subject, run.today);
    let act = NewAct { reason: reason.to_owned(), ends: before.map(|act| act.id), ..act };
    writing.add_act(act).await?;
    let next_on = reckon_anew(office, &mut writing, &named, id).await?;
    let periods = writing.tx.periods_of(id).await?;
    let contract = contract.under(&by_command(&acts_of(&mut writing.tx, named.subject).await?));
    let beyond = after_end(&contract, &invoiced(&mut writing.tx, &periods).await?);
    writing.commit().await?;
    Ok((next_on, beyond))
}

/// Pauses a contract: what begins from the first through the last day, or until it is released, is skipped.
///
/// # Errors
/// When it is no recurring contract, or the days are over or turned; when the books fail.
pub async fn pause(
    office: &Office,
    run: &Run,
    name: &str,
    (from, until): (NaiveDate, Option<NaiveDate>),
    reason: &str,
) -> Result<NextOn, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let Known { named, id, .. } = known(&mut writing, name).await?;
    if let Some(until) = until.filter(|day| *day < from) {
        return Err(JobError::refused(DocumentRefusal::PauseTurned { from, until }));
    }
    if let Some(day) = until.filter(|day| *day < run.today) {
        return Err(JobError::refused(DocumentRefusal::DayOver { day }));
    }
    let act = new_act(&ActFact::ContractPaused, named.subject, from);
    writing.add_act(NewAct { until_on: until, reason: reason.to_owned(), ..act }).await?;
    let next_on = reckon_anew(office, &mut writing, &named, id).await?;
    writing.commit().await?;
    Ok(next_on)
}

/// Skips a period of a contract: the one that a day of service lies in, else the next one that is not invoiced. Returns it.
///
/// # Errors
/// When it is no recurring contract, or has no such period, or that is done; when the books fail.
pub async fn skip(
    office: &Office,
    run: &Run,
    name: &str,
    day: Option<NaiveDate>,
    reason: &str,
) -> Result<(NextOn, Period), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let Known { named, id, contract, acts, done } = known(&mut writing, name).await?;
    let in_force = contract.under(&by_command(&acts));
    let billed = contract.billed_through.unwrap_or(NaiveDate::MIN);
    let is_done = |period: &Period| period.ends_on <= billed || done.contains(&period.starts_on);
    let refused = |refusal| Err(JobError::refused(refusal));
    let period = match day {
        Some(day) => match in_force.period_of(day) {
            None => return refused(DocumentRefusal::NoPeriod { contract: named.name, day }),
            Some(period) if is_done(&period) => {
                let starts_on = period.starts_on;
                return refused(DocumentRefusal::PeriodDone { contract: named.name, starts_on });
            }
            Some(period) => period,
        },
        None => {
            let mut ahead = in_force.periods().take(MOST_PERIODS).filter(|period| !is_done(period));
            match ahead.find(|period| !in_force.is_free(period)) {
                None => return refused(DocumentRefusal::NoPeriodLeft { contract: named.name }),
                Some(period) => period,
            }
        }
    };
    let act = new_act(&ActFact::Skip { starts_on: period.starts_on }, named.subject, run.today);
    let act = NewAct { until_on: Some(period.ends_on.max(run.today)), reason: reason.to_owned(), ..act };
    writing.add_act(act).await?;
    let next_on = reckon_anew(office, &mut writing, &named, id).await?;
    writing.commit().await?;
    Ok((next_on, period))
}

/// A recurring contract with all that is done with it by command.
struct Known {
    named: Named,
    id: ContractId,
    /// As the book says.
    contract: Contract,
    acts: Vec<Acted>,
    /// The first days of the periods that are invoiced or skipped.
    done: BTreeSet<NaiveDate>,
}

async fn known(writing: &mut Writing<'_>, name: &str) -> Result<Known, JobError> {
    let named = find(&mut writing.tx, name).await?;
    let Subject::Contract(id) = named.subject else {
        return Err(JobError::refused(DocumentRefusal::NoContract { name: named.name }));
    };
    if writing.tx.contract(id).await?.kind != ContractKind::Recurring {
        return Err(JobError::refused(DocumentRefusal::NoContract { name: named.name }));
    }
    let Some((contract, done)) = recurring(writing, &named, id).await? else {
        return Err(JobError::refused(DocumentRefusal::ContractGone { contract: named.name }));
    };
    let acts = acts_of(&mut writing.tx, named.subject).await?;
    Ok(Known { named, id, contract, acts, done })
}
