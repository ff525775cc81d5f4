//! The owner lets a contract's waiting periods be issued, or skips them for good.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::coming::braked;
use super::due::next_on;
use super::store::resume;
use crate::fact::{ActFact, Acted, Agreement, DecisionFact};
use crate::id::ContractId;
use crate::jobs::office::acts::{acts_of, new_act};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::{by_command, ending, undoable};
use crate::jobs::records::customer::agreement_in;
use crate::jobs::records::decision::latest;
use crate::jobs::records::name::Named;
use crate::question::ContractHold;
use crate::recurring::{Contract, Due, due};
use crate::refusal::DocumentRefusal;
use crate::shell::store::{NewAct, Writing};

/// What a release came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Released {
    /// Holds were ended: how many.
    Holds(usize),
    /// A contract's waiting periods are issued: how many, and how many were skipped for good.
    Periods {
        /// To be issued.
        issued: usize,
        /// Skipped.
        skipped: usize,
    },
    /// What was done with a contract by command is taken back.
    Undone {
        /// How much.
        count: usize,
        /// The day on which the contract is looked at next; nothing: it is not invoiced any more.
        next_on: Option<NaiveDate>,
    },
    /// There was nothing to release.
    Nothing,
}

pub(crate) async fn release_contract(
    office: &Office,
    writing: &mut Writing<'_>,
    named: &Named,
    contract: ContractId,
    skip_until: Option<NaiveDate>,
    reason: &str,
) -> Result<Released, JobError> {
    let today = writing.today();
    let acts = acts_of(&mut writing.tx, named.subject).await?;
    let row = writing.tx.contract_for_issue(contract, today).await?;
    // While too many periods wait at once, a release is about them.
    if skip_until.is_none()
        && !undoable(&acts, today).is_empty()
        && braked(office, &mut writing.tx, &row).await?.is_none()
    {
        return undo(office, writing, named, contract, &acts, reason).await;
    }
    if let Some(last) = latest(&mut writing.tx, named.subject).await?
        && let DecisionFact::ContractHeld { reason, .. } = &last.fact
        && ContractHold::by_rule(&last.rule) != Some(ContractHold::ManyPeriods)
    {
        return Err(JobError::refused(DocumentRefusal::NotReleased {
            contract: named.name.clone(),
            why: Box::new(reason.clone()),
        }));
    }
    let Some((agreed, done)) = recurring(writing, named, contract).await? else { return Ok(Released::Nothing) };
    let agreed = agreed.under(&by_command(&acts));
    let missed = match due(&agreed, &done, None, today, &office.business_days()) {
        Due::Held { missed } | Due::Issue { periods: missed, .. } => missed,
        Due::Nothing { .. } => return Ok(Released::Nothing),
    };
    let (skipped, kept): (Vec<_>, Vec<_>) =
        missed.into_iter().partition(|period| skip_until.is_some_and(|day| period.starts_on < day));
    for period in &skipped {
        writing.add_period(contract, period.starts_on, 1, period.ends_on, None).await?;
    }
    let issued = kept.iter().filter(|period| !agreed.is_free(period)).count();
    let through = kept.iter().chain(&skipped).map(|period| period.starts_on).max();
    let fact = ActFact::ReleasePeriods { through, skipped: skipped.len() };
    let act = NewAct { reason: reason.to_owned(), ..new_act(&fact, named.subject, today) };
    writing.add_act(act).await?;
    writing.set_next_on(contract, Some(today)).await?;
    Ok(Released::Periods { issued, skipped: skipped.len() })
}

/// Takes back what was done with a contract by command, as far as it is not over.
async fn undo(
    office: &Office,
    writing: &mut Writing<'_>,
    named: &Named,
    contract: ContractId,
    acts: &[Acted],
    reason: &str,
) -> Result<Released, JobError> {
    let today = writing.today();
    let undone = undoable(acts, today);
    for act in &undone {
        writing.add_act(ending(named, today, reason, Some(act.id))).await?;
    }
    let next_on = reckon_anew(office, writing, named, contract).await?;
    Ok(Released::Undone { count: undone.len(), next_on })
}

/// Reckons anew on which day something is due of a contract, after something was done with it by command. Returns the day.
pub(super) async fn reckon_anew(
    office: &Office,
    writing: &mut Writing<'_>,
    named: &Named,
    contract: ContractId,
) -> Result<Option<NaiveDate>, JobError> {
    let Some((agreed, done)) = recurring(writing, named, contract).await? else { return Ok(None) };
    let acts = acts_of(&mut writing.tx, named.subject).await?;
    let next_on = next_on(&agreed, &done, &acts, writing.today(), &office.business_days());
    writing.set_next_on(contract, next_on).await?;
    if next_on.is_none_or(|day| day > writing.today()) {
        resume(writing, contract, 0, next_on).await?;
    }
    Ok(next_on)
}

/// Returns what the book says of a recurring contract, and the first days of its periods that are done; nothing when it is none, or gone.
pub(super) async fn recurring(
    writing: &mut Writing<'_>,
    named: &Named,
    contract: ContractId,
) -> Result<Option<(Contract, BTreeSet<NaiveDate>)>, JobError> {
    let row = writing.tx.contract_for_issue(contract, writing.today()).await?;
    let Some(model) = row.model else { return Ok(None) };
    let Agreement::Recurring(agreed) = agreement_in(&model, &named.name)? else { return Ok(None) };
    let done = writing.tx.periods_of(contract).await?.into_iter().map(|period| period.starts_on).collect();
    Ok(Some((agreed, done)))
}
