//! Acts in force: releases, plans, insolvency, handover.

use chrono::{Days, NaiveDate};

use super::name::Named;
use crate::calendar::LATEST;
use crate::dunning::Until;
use crate::fact::{ActFact, ActKind, Acted, LateDiscount, Subject};
use crate::id::{ActId, DocumentId};
use crate::invoice::Document;
use crate::jobs::office::JobError;
use crate::jobs::office::acts::{acts_of, new_act};
use crate::matching::DiscountLevel;
use crate::recurring::{ByCommand, Pause};
use crate::shell::store::{NewAct, Tx, Writing};

/// The decision on the customer's letters is made anew at the next run.
pub(crate) async fn look_again(writing: &mut Writing<'_>, named: &Named) -> Result<(), JobError> {
    if let Some(customer) = named.customer {
        writing.look_at_customer(customer, writing.today()).await?;
    }
    Ok(())
}

/// Begins an act that ends another, or lets something go on.
pub(crate) fn ending(named: &Named, today: NaiveDate, reason: &str, ends: Option<ActId>) -> NewAct {
    NewAct { reason: reason.to_owned(), ends, ..new_act(&ActFact::Release, named.subject, today) }
}

/// Returns the first day of a customer's insolvency, if nothing has ended it.
pub fn insolvent_since(acts: &[Acted]) -> Option<NaiveDate> {
    acts.iter().filter(|act| act.fact == ActFact::Insolvent && !act.is_ended(acts)).map(|act| act.from_on).min()
}

/// Returns the day on which an invoice was handed over, if nothing has ended that.
pub fn handed_over_on(acts: &[Acted]) -> Option<NaiveDate> {
    acts.iter().find(|act| act.fact.kind() == ActKind::Handover && !act.is_ended(acts)).map(|act| act.from_on)
}

/// Returns what the owner said of late discounts: of a customer, or of one invoice. The last word counts.
pub fn late_discount(acts: &[Acted]) -> LateDiscount {
    let mut answers = acts.iter().rev().filter_map(|act| {
        let ActFact::LateDiscount { answer } = act.fact else { return None };
        Some(answer)
    });
    answers.next().unwrap_or(LateDiscount::Ask)
}

/// Returns the Skonto that an act agrees on: its percent and last day.
pub fn agreed_discount(act: &Acted) -> Option<DiscountLevel> {
    let ActFact::Agree { percent, .. } = act.fact else { return None };
    Some(DiscountLevel { percent, until: act.until_on? })
}

/// Returns the levels of Skonto of an invoice: those on its paper, and what was agreed on since (rule M5.3).
///
/// # Errors
/// When the books hold an act that cannot be read; it is named.
pub async fn discount_levels(tx: &mut Tx, id: DocumentId, document: &Document) -> Result<Vec<DiscountLevel>, JobError> {
    let acts = acts_of(tx, Subject::Document(id)).await?;
    let agreed = acts.iter().filter(|act| !act.is_ended(&acts)).filter_map(agreed_discount);
    Ok(document.discounts.iter().map(DiscountLevel::from).chain(agreed).collect())
}

/// Returns how long acts of a kind are in force from a day on: the longest of them.
pub fn in_force(acts: &[Acted], kind: ActKind, today: NaiveDate) -> Option<Until> {
    let live: Vec<Until> = acts
        .iter()
        .filter(|act| act.fact.kind() == kind && act.holds_on(today, acts))
        .map(|act| act.until_on)
        .collect();
    if live.is_empty() { None } else { Some(live.into_iter().reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten()) }
}

/// Returns the last first day of a period that the owner released from the brake.
pub fn released_through(acts: &[Acted]) -> Option<NaiveDate> {
    let through = acts.iter().filter_map(|act| {
        let ActFact::ReleasePeriods { through, .. } = act.fact else { return None };
        through
    });
    through.max()
}

/// Returns what is in force of what was done with a contract by command. A pause that was released reaches through the day before: what
/// began in it stays skipped (rule R9).
pub fn by_command(acts: &[Acted]) -> ByCommand {
    let mut all = ByCommand::default();
    for act in acts {
        let released_on = acts.iter().find(|other| other.ends == Some(act.id)).map(|other| other.from_on);
        if let (ActFact::End { last_day }, None) = (&act.fact, released_on) {
            all.last_day = Some(all.last_day.map_or(*last_day, |day| day.min(*last_day)));
        } else if let (ActFact::Skip { starts_on }, None) = (&act.fact, released_on) {
            all.pauses.push(Pause { from: *starts_on, to: *starts_on });
        } else if act.fact == ActFact::ContractPaused {
            let last = act.until_on.unwrap_or(LATEST);
            let last = released_on.map_or(last, |day| last.min(day - Days::new(1)));
            if act.from_on <= last {
                all.pauses.push(Pause { from: act.from_on, to: last });
            }
        }
    }
    all
}

/// Returns what was done with a contract by command and can be taken back on a day: its end, and what is not over yet.
pub fn undoable(acts: &[Acted], today: NaiveDate) -> Vec<&Acted> {
    let is_one = |act: &&Acted| {
        matches!(act.fact, ActFact::End { .. } | ActFact::Skip { .. } | ActFact::ContractPaused)
            && !act.is_ended(acts)
            && act.until_on.is_none_or(|last| last >= today)
    };
    acts.iter().filter(is_one).collect()
}
