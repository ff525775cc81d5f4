//! Digits that read as a date: they name no invoice by themselves (rule M4 Dates).

/// Tells whether digits, as written, read as a date: one run of eight or six, or three runs. Letters are in no date here.
pub(super) fn reads_as_date(written: &str) -> bool {
    if written.bytes().any(|b| b.is_ascii_alphabetic()) {
        return false;
    }
    let runs: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    match runs[..] {
        [one] => is_run_of_date(one),
        [first, month, last] => is_month(month) && (is_year(first) && is_day(last) || is_day(first) && is_year(last)),
        _ => false,
    }
}

/// YYYYMMDD, DDMMYYYY, YYMMDD or DDMMYY.
fn is_run_of_date(run: &str) -> bool {
    let parts = |lengths: [usize; 3]| {
        let (first, rest) = run.split_at(lengths[0]);
        let (second, third) = rest.split_at(lengths[1]);
        (first, second, third)
    };
    let year_first = |(year, month, day): (&str, &str, &str)| is_year(year) && is_month(month) && is_day(day);
    let day_first = |(day, month, year): (&str, &str, &str)| is_year(year) && is_month(month) && is_day(day);
    match run.len() {
        8 => year_first(parts([4, 2, 2])) || day_first(parts([2, 2, 4])),
        6 => year_first(parts([2, 2, 2])) || day_first(parts([2, 2, 2])),
        _ => false,
    }
}

/// Tells whether digits are a year: 19xx, 20xx or two digits.
pub(super) fn is_year(digits: &str) -> bool {
    digits.len() == 2 || digits.len() == 4 && matches!(&digits[..2], "19" | "20")
}

/// Tells whether one or two digits are a month.
pub(super) fn is_month(digits: &str) -> bool {
    digits.len() <= 2 && digits.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
}

fn is_day(digits: &str) -> bool {
    digits.len() <= 2 && digits.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_read_as_a_date_in_the_forms_of_banks() {
        for (written, expected) in [
            ("20260112", true),
            ("12012026", true),
            ("260112", true),
            ("120126", true),
            ("2026-11-02", true),
            ("2.11.2026", true),
            ("02/11/26", true),
            ("2026/0112", false),
            ("20261312", false),
            ("20260012", false),
            ("20260145", false),
            ("2026-13-02", false),
            ("RE-2026-11-02", false),
            ("1234567", false),
            ("", false),
        ] {
            assert_eq!(reads_as_date(written), expected, "{written:?}");
        }
    }
}
