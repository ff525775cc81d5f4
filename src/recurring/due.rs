//! What of a contract is to be invoiced today (rules R4 and R5).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::contract::Contract;
use super::rhythm::Period;
use crate::calendar::BusinessDays;

/// What a contract asks for on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// Nothing before this day; nothing at all when it is absent.
    Nothing {
        /// The day on which the next period is to be invoiced.
        next_on: Option<NaiveDate>,
    },
    /// These periods, oldest first, one invoice each; then look again on `next_on`.
    Issue {
        /// The periods.
        periods: Vec<Period>,
        /// The day on which the next period after them is to be invoiced.
        next_on: Option<NaiveDate>,
    },
    /// More periods were missed than the brake lets through: a wrong clock, or an old backup. The owner releases them.
    Held {
        /// The periods that wait.
        missed: Vec<Period>,
    },
}

/// Says what of a contract is to be invoiced on `today`.
///
/// `done` holds the first days of the periods that are invoiced or skipped; `released_through` the last first day that the
/// owner released from the brake.
pub fn due(
    contract: &Contract,
    done: &BTreeSet<NaiveDate>,
    released_through: Option<NaiveDate>,
    today: NaiveDate,
    business_days: &BusinessDays,
) -> Due {
    let rhythm = contract.rhythm();
    let billed_through = contract.billed_through.unwrap_or(NaiveDate::MIN);
    let mut waiting = Vec::new();
    let mut next_on = None;
    for period in contract.periods().filter(|p| p.ends_on > billed_through && !done.contains(&p.starts_on)) {
        let scheduled_on = rhythm.scheduled_on(&period, business_days);
        if scheduled_on > today {
            next_on = Some(scheduled_on);
            break;
        }
        waiting.push(period);
    }
    let braked = waiting.iter().filter(|p| released_through.is_none_or(|through| p.starts_on > through)).count();
    if braked > usize::try_from(contract.max_catch_up).unwrap_or(usize::MAX) {
        Due::Held { missed: waiting }
    } else if waiting.is_empty() {
        Due::Nothing { next_on }
    } else {
        Due::Issue { periods: waiting, next_on }
    }
}
