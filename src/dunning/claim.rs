//! What is claimed of an invoice as of a day, whether or not a letter has said so: for the insolvency administrator.

use chrono::{Days, NaiveDate};

use super::case::{Item, Surroundings};
use super::interest::{Accrual, accrue, default_start};
use crate::money::Amount;

/// The claim on an invoice as of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The principal that was open at the end of the day, by value date.
    pub principal: Amount,
    /// The default interest, less what was paid of it.
    pub interest: Amount,
    /// The last day that interest is reckoned for: the day, or the last one whose base rate is known.
    pub interest_through: NaiveDate,
    /// What the interest is made of.
    pub accrual: Accrual,
    /// Interest of some days is left out because a base rate is not known: the first of them.
    pub rate_unknown_on: Option<NaiveDate>,
}

/// Reckons the claim on an invoice as of a day: what was open then, and interest through that day by the policy's rule, from the day on
/// which default began (rule D6). Without a letter, default by reminder has not begun. From the first day without a base rate on there is
/// none: what is known before is due all the same.
pub fn claim(item: &Item, as_of: NaiveDate, around: Surroundings<'_>) -> Claim {
    let principal: Amount = item.movements.iter().filter(|m| m.value_on <= as_of).map(|m| m.amount).sum();
    let (mut accrual, mut interest_through, mut rate_unknown_on) = (Accrual::default(), as_of, None);
    if let Some(rule) = &item.policy.interest {
        let start = default_start(item, item.effective_due(around.business_days), as_of, around.business_days);
        (accrual, rate_unknown_on) = accrue(&item.movements, rule, around.rates, start, as_of);
        interest_through = rate_unknown_on.map_or(as_of, |unknown| unknown - Days::new(1));
    }
    let interest = (accrual.amount - item.interest_paid).max(Amount::ZERO);
    Claim { principal, interest, interest_through, accrual, rate_unknown_on }
}
