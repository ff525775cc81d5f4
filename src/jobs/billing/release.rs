//! The owner lets a contract's waiting periods be issued, or skips them for good.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::fact::{ActFact, Agreement, DecisionFact};
use crate::id::ContractId;
use crate::jobs::office::acts::new_act;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreement_in;
use crate::jobs::records::decision::latest;
use crate::jobs::records::name::Named;
use crate::question::ContractHold;
use crate::recurring::{Due, due};
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
    if let Some(last) = latest(&mut writing.tx, named.subject).await?
        && let DecisionFact::ContractHeld { reason, .. } = &last.fact
        && ContractHold::by_rule(&last.rule) != Some(ContractHold::ManyPeriods)
    {
        return Err(JobError::refused(DocumentRefusal::NotReleased {
            contract: named.name.clone(),
            why: Box::new(reason.clone()),
        }));
    }
    let row = writing.tx.contract_for_issue(contract, today).await?;
    let Some(model) = row.model else { return Ok(Released::Nothing) };
    let Agreement::Recurring(agreed) = agreement_in(&model, &named.name)? else { return Ok(Released::Nothing) };
    let done: BTreeSet<NaiveDate> =
        writing.tx.periods_of(contract).await?.into_iter().map(|period| period.starts_on).collect();
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
