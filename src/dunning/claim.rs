//! What is claimed of an invoice as of a day, whether or not a letter has said so: for the insolvency administrator.

use chrono::NaiveDate;

use super::case::{Item, Surroundings};
use super::decide::effective_due;
use super::interest::{Accrual, accrue, default_start};
use crate::money::Amount;

/// The claim on an invoice as of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The principal that was open at the end of the day, by value date.
    pub principal: Amount,
    /// The default interest through the day, less what was paid of it.
    pub interest: Amount,
    /// What the interest is made of.
    pub accrual: Accrual,
    /// Interest is left out because a base rate is not known: the first day without one.
    pub rate_unknown_on: Option<NaiveDate>,
}

/// Reckons the claim on an invoice as of a day: what was open then, and interest through that day by the policy's rule, from the day on
/// which default began (rule D6). Without a letter, default by reminder has not begun.
pub fn claim(item: &Item, as_of: NaiveDate, around: Surroundings<'_>) -> Claim {
    let principal: Amount = item.movements.iter().filter(|m| m.value_on <= as_of).map(|m| m.amount).sum();
    let (mut accrual, mut rate_unknown_on) = (Accrual::default(), None);
    if let Some(rule) = &item.policy.interest {
        let due = effective_due(item.issued_on, item.due_on, item.redelivered_on, around.business_days);
        let start = default_start(item, due, as_of, around.business_days);
        match accrue(&item.movements, rule, around.rates, start, as_of) {
            Ok(sum) => accrual = sum,
            Err(unknown) => rate_unknown_on = Some(unknown.day),
        }
    }
    let interest = (accrual.amount - item.interest_paid).max(Amount::ZERO);
    Claim { principal, interest, accrual, rate_unknown_on }
}
