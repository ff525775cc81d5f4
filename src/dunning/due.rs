//! From which day an invoice counts as overdue (rule D1).

use chrono::{Days, NaiveDate};

use crate::calendar::BusinessDays;

/// Returns the day from which an invoice counts as overdue (rule D1): its due date, or the full term after a new delivery,
/// rolled to a business day.
pub fn effective_due(
    issued_on: NaiveDate,
    due_on: NaiveDate,
    redelivered_on: Option<NaiveDate>,
    business_days: &BusinessDays,
) -> NaiveDate {
    let due = redelivered_on.map_or(due_on, |day| due_on.max(day + (due_on - issued_on)));
    business_days.next(due)
}

pub(super) fn days(n: u32) -> Days {
    Days::new(u64::from(n))
}
