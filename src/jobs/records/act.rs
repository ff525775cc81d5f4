//! Acts in force: releases, plans, insolvency, handover.

use chrono::NaiveDate;

use super::name::Named;
use crate::dunning::{PaymentPlan, Until};
use crate::jobs::office::error::JobError;
use crate::shell::store::{ActRow, NewAct, Writing};

/// The decision on the customer's letters is made anew at the next run.
pub(crate) async fn look_again(writing: &mut Writing<'_>, named: &Named) -> Result<(), JobError> {
    if let Some(customer) = named.customer {
        writing.look_at_customer(customer, writing.today()).await?;
    }
    Ok(())
}

pub(crate) fn ending(named: &Named, today: NaiveDate, reason: &str, ends: Option<i64>) -> NewAct {
    NewAct {
        kind: "release",
        subject: named.subject,
        from_on: today,
        until_on: None,
        reason: reason.to_owned(),
        model: None,
        ends,
        once_key: None,
    }
}

/// Returns the payment plan of a promise; nothing when it names a day only.
///
/// # Errors
/// When the books hold something that is no plan.
pub fn plan_of(act: &ActRow) -> Result<Option<PaymentPlan>, JobError> {
    let plan = act.model.as_deref().filter(|_| act.kind == "promise").map(serde_json::from_str);
    plan.transpose().map_err(JobError::model(format!("the act {}", act.id)))
}

/// Returns the first day of a customer's insolvency, if nothing has ended it.
pub fn insolvent_since(acts: &[ActRow]) -> Option<NaiveDate> {
    let ended = |act: &ActRow| acts.iter().any(|other| other.ends_id == Some(act.id));
    acts.iter().filter(|act| act.kind == "insolvent" && !ended(act)).map(|act| act.from_on).min()
}

/// Returns the day on which an invoice was handed over, if nothing has ended that.
pub fn handed_over_on(acts: &[ActRow]) -> Option<NaiveDate> {
    let ended = |act: &ActRow| acts.iter().any(|other| other.ends_id == Some(act.id));
    acts.iter().find(|act| act.kind == "handover" && !ended(act)).map(|act| act.from_on)
}

/// Returns how long acts of a kind are in force from a day on: the longest of them.
pub fn in_force(acts: &[ActRow], kind: &str, today: NaiveDate) -> Option<Until> {
    let live: Vec<Until> =
        acts.iter().filter(|act| act.kind == kind && act.holds_on(today, acts)).map(|act| act.until_on).collect();
    if live.is_empty() { None } else { Some(live.into_iter().reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten()) }
}

/// Returns the last first day of a period that the owner released from the brake.
pub fn released_through(acts: &[crate::shell::store::ActRow]) -> Option<NaiveDate> {
    let models = acts.iter().filter(|act| act.kind == "release").filter_map(|act| act.model.as_deref());
    let through = models.filter_map(|model| {
        let model: serde_json::Value = serde_json::from_str(model).ok()?;
        model["through"].as_str()?.parse().ok()
    });
    through.max()
}
