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

/// Returns the day that is meant by year, month and day: banks count every month with thirty days, so that value dates such as 30 February
/// are in circulation; the last day of the month is meant. Nothing where there is no such month, or the day is beyond 31.
pub fn day_meant(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    match day {
        29..=31 => first.with_day(day).or_else(|| Some(last_of_month(first))),
        _ => first.with_day(day),
    }
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

    #[test]
    fn a_day_that_no_month_has_is_its_last_one() {
        let table = [
            ((2026, 2, 30), Some("2026-02-28")),
            ((2024, 2, 30), Some("2024-02-29")),
            ((2026, 2, 29), Some("2026-02-28")),
            ((2026, 4, 31), Some("2026-04-30")),
            ((2026, 1, 31), Some("2026-01-31")),
            ((2026, 2, 32), None),
            ((2026, 2, 0), None),
            ((2026, 13, 1), None),
        ];
        for ((year, month, of_month), expected) in table {
            assert_eq!(day_meant(year, month, of_month), expected.map(day), "{year}-{month}-{of_month}");
        }
    }
}
