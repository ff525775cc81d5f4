//! The day on which a contract is looked at next.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::calendar::BusinessDays;
use crate::fact::Acted;
use crate::jobs::records::act::{by_command, released_through};
use crate::recurring::{Contract, Due, due};

/// Returns the day on which something is due of a contract, by what the book says and what was done by command: today when it is due already; nothing when it is done.
pub fn next_on(
    contract: &Contract,
    done: &BTreeSet<NaiveDate>,
    acts: &[Acted],
    today: NaiveDate,
    business_days: &BusinessDays,
) -> Option<NaiveDate> {
    match due(&contract.under(&by_command(acts)), done, released_through(acts), today, business_days) {
        Due::Nothing { next_on } => next_on,
        Due::Issue { .. } | Due::Held { .. } => Some(today),
    }
}
