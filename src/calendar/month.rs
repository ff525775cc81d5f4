//! Months, always counted from a fixed day.

use chrono::{Datelike, Days, Months, NaiveDate};

/// Adds months to a day, clamped to the last day of the month: 31 January + 1 is 28 or 29 February (rule R1).
pub fn add_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).expect("the year is in range")
}

/// Returns the last day of the month that contains `day`.
pub fn last_of_month(day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).expect("every month has a first day");
    add_months(first, 1) - Days::new(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_clamped() {
        assert_eq!(add_months(day("2026-01-31"), 1), day("2026-02-28"));
        assert_eq!(add_months(day("2026-01-31"), 2), day("2026-03-31"));
        assert_eq!(add_months(day("2028-02-29"), 12), day("2029-02-28"));
        assert_eq!(last_of_month(day("2028-02-10")), day("2028-02-29"));
    }
}
