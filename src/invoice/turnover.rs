//! From when e-invoices are a duty, by the turnover of the business (§ 27 (38) UStG).

use chrono::{Datelike as _, Days, NaiveDate};
use rust_decimal::Decimal;

/// The first day of supplies between businesses in Germany that must be invoiced electronically: who had more than
/// [`LARGE_TURNOVER`] the year before, and all others (§ 27 (38) UStG).
const OBLIGED_FROM: [(i32, u32, u32); 2] = [(2027, 1, 1), (2028, 1, 1)];

/// The turnover up to which the later day counts, in euro: that of the year before the earlier one (§ 27 (38) no. 2 UStG).
const LARGE_TURNOVER: i64 = 800_000;

/// How long before its first day, and after it, the owner is told of the duty without having asked.
const TOLD_FOR: Days = Days::new(6 * 7);

/// What the business says of its turnover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turnover {
    /// How much, in euro.
    pub amount: Decimal,
    /// Of which calendar year; nothing: it was not said.
    pub year: Option<i32>,
}

fn limit(place: usize) -> NaiveDate {
    let (year, month, day) = OBLIGED_FROM[place];
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the law")
}

/// Returns the first day of supplies that must be invoiced electronically, as far as it can be known on a day: the turnover of an earlier
/// year than the one that decides foretells it, and is worth nothing once that one is over. Where nothing is known, the earlier day counts,
/// for everybody takes an e-invoice.
pub(super) fn obliged_from(turnover: Option<Turnover>, on: NaiveDate) -> NaiveDate {
    let is_small = turnover.is_some_and(|turnover| {
        let counts = on < limit(0) || turnover.year.is_none_or(|year| year >= deciding_year());
        counts && turnover.amount <= Decimal::from(LARGE_TURNOVER)
    });
    limit(usize::from(is_small))
}

/// Returns the year whose turnover decides.
fn deciding_year() -> i32 {
    OBLIGED_FROM[0].0 - 1
}

/// Returns the first day of the duty, where it is near enough to be spoken of.
pub(super) fn near(turnover: Option<Turnover>, today: NaiveDate) -> Option<NaiveDate> {
    let from = obliged_from(turnover, today);
    (from - TOLD_FOR..from + TOLD_FOR).contains(&today).then_some(from)
}

/// Returns the year whose turnover has to be asked for: the one that decides, in the year after it, and where nothing was said from
/// shortly before on.
pub(super) fn asked_of(turnover: Option<Turnover>, today: NaiveDate) -> Option<i32> {
    let year = deciding_year();
    let since = if turnover.is_some() { limit(0) } else { limit(0) - TOLD_FOR };
    let is_said = turnover.is_some_and(|turnover| turnover.year.is_some_and(|of| of >= year));
    ((since..limit(1)).contains(&today) && !is_said).then_some(year)
}

/// Returns the calendar year whose turnover is known on a day: the last that is over.
pub fn turnover_year(today: NaiveDate) -> i32 {
    today.year() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The turnover that was said, of which year, today; then the first day of the duty, whether it is spoken of, and the year asked for.
    #[test]
    fn turnover_and_day_say_from_when_the_duty_holds() {
        let (first, second) = ("2027-01-01", "2028-01-01");
        let table = [
            (None, None, "2026-11-19", first, false, None),
            (None, None, "2026-11-20", first, true, Some(2026)),
            (None, None, "2027-02-11", first, true, Some(2026)),
            (None, None, "2027-02-12", first, false, Some(2026)),
            (None, None, "2028-01-01", first, false, None),
            // What was said of an earlier year foretells, until the year that decides is over.
            (Some("640000"), Some(2025), "2026-12-31", second, false, None),
            (Some("640000"), Some(2025), "2027-01-01", first, true, Some(2026)),
            (Some("640000"), Some(2026), "2027-01-01", second, false, None),
            (Some("640000"), Some(2026), "2027-11-20", second, true, None),
            (Some("640000"), Some(2027), "2028-01-02", second, true, None),
            (Some("640000"), None, "2026-12-31", second, false, None),
            (Some("640000"), None, "2027-01-02", second, false, Some(2026)),
            (Some("800000"), Some(2026), "2027-06-01", second, false, None),
            (Some("800000.01"), Some(2026), "2027-06-01", first, false, None),
            (Some("900000"), Some(2025), "2026-12-01", first, true, None),
            (Some("900000"), Some(2025), "2027-01-04", first, true, Some(2026)),
        ];
        for (amount, year, today, from, near, asked) in table {
            let turnover = amount.map(|amount| Turnover { amount: amount.parse().unwrap(), year });
            let today = day(today);
            let told = (obliged_from(turnover, today), super::near(turnover, today), asked_of(turnover, today));
            assert_eq!(told, (day(from), near.then(|| day(from)), asked), "{amount:?} {year:?} {today}");
        }
    }
}
