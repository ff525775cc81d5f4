//! The field `:61:`: a line of the account.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::model::ChargeInfo;
use crate::money::Currency;

/// A line of the account: `2603020302CR119,00NTRF NONREF//POS 18`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub value_on: NaiveDate,
    pub booked_on: NaiveDate,
    /// With its sign.
    pub amount: Decimal,
    /// `RC` and `RD`: it takes an earlier one back.
    pub is_reversal: bool,
    /// The kind of booking: `NTRF`.
    pub kind: String,
    pub customer_reference: Option<String>,
    pub bank_reference: Option<String>,
    /// The original amount of a returned payment, without sign.
    pub original: Option<Decimal>,
    /// What the bank took for it.
    pub charges: Option<Decimal>,
}

impl Line {
    /// Reads a line; its second line may hold original amount and charges.
    pub(super) fn read(text: &str) -> Option<Line> {
        let (first, more) = text.split_once('\n').unwrap_or((text, ""));
        let (day_of_value, rest) = first.trim().split_at_checked(6)?;
        let value_on = day(day_of_value)?;
        let (booked_on, rest) = match rest.split_at_checked(4) {
            Some((day, rest)) if day.bytes().all(|b| b.is_ascii_digit()) => {
                let (month, day) = day.split_at(2);
                (nearest(month.parse().ok()?, day.parse().ok()?, value_on)?, rest)
            }
            _ => (value_on, rest),
        };
        let marks = [
            ("RC", true, true),
            ("RD", false, true),
            ("EC", false, false),
            ("ED", true, false),
            ("C", false, false),
            ("D", true, false),
        ];
        let (mark, is_debit, is_reversal) = marks.into_iter().find(|(mark, ..)| rest.starts_with(mark))?;
        let rest = &rest[mark.len()..];
        // The third letter of the currency may stand here.
        let rest = rest.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.')).unwrap_or(rest.len());
        let amount = amount(&rest[..end])?;
        let (kind, references) = rest[end..].split_at_checked(4).unwrap_or((&rest[end..], ""));
        let (customer, bank) = references.split_once("//").unwrap_or((references, ""));
        let known = |text: &str| (!matches!(text.trim(), "" | "NONREF")).then(|| text.trim().to_owned());
        Some(Line {
            value_on,
            booked_on,
            amount: if is_debit && !amount.is_zero() { -amount } else { amount },
            is_reversal,
            kind: kind.to_owned(),
            customer_reference: known(customer),
            bank_reference: known(bank),
            original: behind(more, "/OCMT/"),
            charges: behind(more, "/CHGS/"),
        })
    }
}

/// Finds an amount with its currency behind a word: `/OCMT/EUR50,00`.
fn behind(text: &str, word: &str) -> Option<Decimal> {
    let (_, rest) = text.split_once(word)?;
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.')).unwrap_or(rest.len());
    amount(&rest[..end])
}

/// Reads an amount without sign: `1000,5`, `1000,`. The comma may be missing, or be a point.
pub(super) fn amount(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let (whole, cents) = text.split_once([',', '.']).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 13 || cents.len() > 6 || !digits(whole) || !digits(cents) {
        return None;
    }
    format!("{whole}.{cents}").trim_end_matches('.').parse().ok()
}

/// Reads a day: `260302`.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().ok();
    let year = i32::try_from(number(0..2)?).ok()?;
    NaiveDate::from_ymd_opt(if year < 80 { 2000 + year } else { 1900 + year }, number(2..4)?, number(4..6)?)
}

/// A charge that the bank took.
pub(super) fn charge(amount: Decimal, currency: Option<Currency>) -> ChargeInfo {
    ChargeInfo { amount: Some(amount), currency, ..ChargeInfo::default() }
}

/// Returns the day of a year that is nearest to another day: `:61:` says month and day of the booking only.
fn nearest(month: u32, day: u32, to: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike;
    let years = [to.year(), to.year() - 1, to.year() + 1];
    years
        .into_iter()
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .min_by_key(|d| (*d - to).num_days().abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        let read = |text: &str| {
            Line::read(text).map(|l| {
                format!(
                    "{} {} {}{} {} {} {}",
                    l.value_on,
                    l.booked_on,
                    l.amount,
                    if l.is_reversal { " back" } else { "" },
                    l.kind,
                    l.customer_reference.as_deref().unwrap_or("-"),
                    l.bank_reference.as_deref().unwrap_or("-")
                )
            })
        };
        let table = [
            ("2603020302CR119,00NTRFNONREF//POS 18", Some("2026-03-02 2026-03-02 119.00 NTRF - POS 18")),
            ("2603020302DR119,NDDTKREF//1234", Some("2026-03-02 2026-03-02 -119 NDDT KREF 1234")),
            ("260302C1,5NMSCNONREF", Some("2026-03-02 2026-03-02 1.5 NMSC - -")),
            ("2601021231RC50,00NRTINONREF", Some("2026-01-02 2025-12-31 -50.00 back NRTI - -")),
            ("2512310102RD50,00NRTINONREF", Some("2025-12-31 2026-01-02 50.00 back NRTI - -")),
            ("2603020302C119.00NTRF", Some("2026-03-02 2026-03-02 119.00 NTRF - -")),
            ("26030203", None),
            ("2613020302C1,00NTRF", None),
            ("2603020302X1,00NTRF", None),
            ("2603020302CNTRF", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
        let returned = Line::read("2603020302DR53,00NRTINONREF\n/OCMT/EUR50,00//CHGS/EUR3,00/").unwrap();
        assert_eq!((returned.original, returned.charges), (amount("50,00"), amount("3,00")));
    }
}
