//! From which day an invoice counts as overdue (rule D1).

use chrono::{Days, NaiveDate};

use super::case::Item;
use crate::calendar::BusinessDays;

/// How many days after its date an invoice may arrive without moving its term: a weekend moves nothing.
const LATE: Days = Days::new(3);

/// Returns the day from which an invoice counts as overdue (rule D1): its due date, or the full term from the day on which it reached
/// the customer late or anew; rolled to a business day (§ 193 BGB, Art. 78 OR, § 903 ABGB).
pub fn effective_due(
    issued_on: NaiveDate,
    due_on: NaiveDate,
    term_from: Option<NaiveDate>,
    business_days: &BusinessDays,
) -> NaiveDate {
    let due = term_from.map_or(due_on, |day| due_on.max(day + (due_on - issued_on)));
    business_days.next(due)
}

/// Tells whether an invoice that first reaches its customer on a day is late, so that its term runs from then on.
pub fn arrives_late(issued_on: NaiveDate, delivered_on: NaiveDate) -> bool {
    delivered_on > issued_on + LATE
}

impl Item {
    /// Returns the day from which the invoice counts as overdue.
    pub fn effective_due(&self, business_days: &BusinessDays) -> NaiveDate {
        let late = self.delivered_on.filter(|day| arrives_late(self.issued_on, *day));
        effective_due(self.issued_on, self.due_on, self.redelivered_on.or(late), business_days)
    }

    /// Returns the last day on which a payment is in time: the deadline of the last letter, or the day on which the invoice is due.
    pub(super) fn payable_by(&self, business_days: &BusinessDays) -> NaiveDate {
        self.sent.last().map_or_else(|| self.effective_due(business_days), |letter| letter.deadline_on)
    }

    /// Tells whether the invoice is still on its way for the first time: it has no due date yet, so nothing is held either.
    pub(super) fn is_on_its_way(&self) -> bool {
        self.delivered_on.is_none() && !self.obstacles.undelivered
    }
}

pub(super) fn days(n: u32) -> Days {
    Days::new(u64::from(n))
}
