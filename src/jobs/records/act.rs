//! Acts in force: releases, plans, insolvency, handover.

use chrono::NaiveDate;

use super::name::Named;
use crate::dunning::Until;
use crate::fact::{ActFact, ActKind, Acted, LateDiscount, Subject};
use crate::id::{ActId, DocumentId};
use crate::invoice::Document;
use crate::jobs::office::JobError;
use crate::jobs::office::acts::{acts_of, new_act};
use crate::matching::DiscountLevel;
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
