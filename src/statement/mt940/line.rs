//! The field `:61:`: a line of the account.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::super::illegible::Illegible;
use super::super::model::ChargeInfo;
use crate::calendar::day_meant;
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
    /// What else stands on its further lines.
    pub words: Option<String>,
}

/// Letters for the direction, whether it is a debit, and whether it takes an earlier booking back. Two letters come before one.
const MARKS: [(&str, bool, bool); 6] = [
    ("RC", true, true),
    ("RD", false, true),
    ("EC", false, false),
    ("ED", true, false),
    ("C", false, false),
    ("D", true, false),
];

impl Line {
    /// Reads a line; its second line may hold original amount and charges.
    ///
    /// # Errors
    /// When day, direction or amount cannot be read: which.
    pub(super) fn read(text: &str) -> Result<Line, Illegible> {
        let (first, more) = text.split_once('\n').unwrap_or((text, ""));
        let (day_of_value, rest) = first.trim().split_at_checked(6).ok_or(Illegible::CutOff)?;
        let no_day = |day: &str| Illegible::Day(day.to_owned());
        let value_on = day(day_of_value).ok_or_else(|| no_day(day_of_value))?;
        let (booked_on, rest) = match rest.split_at_checked(4) {
            // The booking day may be missing; some banks keep its place with blanks or zeros.
            Some(("    " | "0000", rest)) => (value_on, rest),
            Some((day, rest)) if day.bytes().all(|b| b.is_ascii_digit()) => {
                (nearest(day, value_on).ok_or_else(|| no_day(day))?, rest)
            }
            _ => (value_on, rest),
        };
        let rest = rest.trim_start();
        let mark = MARKS.into_iter().find(|(mark, ..)| rest.starts_with(mark));
        let (mark, is_debit, is_reversal) = mark.ok_or(Illegible::NoDirection)?;
        let rest = &rest[mark.len()..];
        // The third letter of the currency may stand here.
        let rest = rest.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(rest).trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.')).unwrap_or(rest.len());
        let (written, rest) = rest.split_at(end);
        let amount = amount(written).ok_or_else(|| Illegible::Amount(written.to_owned()))?;
        let rest = rest.trim_start();
        let (kind, references) = rest.split_at_checked(4).unwrap_or((rest, ""));
        let (customer, bank) = references.split_once("//").unwrap_or((references, ""));
        // `KREF` and `EREF` say that the reference stands in `:86:`.
        let known = |text: &str| {
            let text = text.trim();
            (!matches!(text.trim_end_matches('+'), "" | "NONREF" | "KREF" | "EREF")).then(|| text.to_owned())
        };
        let (original, charges) = (behind(more, "/OCMT/"), behind(more, "/CHGS/"));
        let words = more.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Line {
            value_on,
            booked_on,
            amount: if is_debit && !amount.is_zero() { -amount } else { amount },
            is_reversal,
            kind: kind.trim_end().to_owned(),
            customer_reference: known(customer),
            bank_reference: known(bank),
            words: Some(words).filter(|words| !words.is_empty() && original.is_none() && charges.is_none()),
            original,
            charges,
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

/// Reads a day: `260302`, `260230` for the last day of February.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().ok();
    let year = i32::try_from(number(0..2)?).ok()?;
    day_meant(if year < 80 { 2000 + year } else { 1900 + year }, number(2..4)?, number(4..6)?)
}

/// A charge that the bank took.
pub(super) fn charge(amount: Decimal, currency: Option<Currency>) -> ChargeInfo {
    ChargeInfo { amount: Some(amount), currency, ..ChargeInfo::default() }
}

/// Returns the day of a year, `0302`, that is nearest to another day: `:61:` says month and day of the booking only.
fn nearest(month_and_day: &str, to: NaiveDate) -> Option<NaiveDate> {
    let (month, day) = month_and_day.split_at(2);
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    let years = [to.year(), to.year() - 1, to.year() + 1];
    let days = years.into_iter().filter_map(|year| day_meant(year, month, day));
    days.min_by_key(|day| (*day - to).num_days().abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

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
            ("2603020302CR119,00NTRFNONREF//POS 18", Ok("2026-03-02 2026-03-02 119.00 NTRF - POS 18")),
            ("2603020302DR119,NDDTKREF+//1234", Ok("2026-03-02 2026-03-02 -119 NDDT - 1234")),
            ("2603020302D119,00 NRTIE2E-4711//78", Ok("2026-03-02 2026-03-02 -119.00 NRTI E2E-4711 78")),
            ("260302C1,5NMSCNONREF", Ok("2026-03-02 2026-03-02 1.5 NMSC - -")),
            ("260302    C1,5NMSCNONREF", Ok("2026-03-02 2026-03-02 1.5 NMSC - -")),
            ("260302    DD212,39NMSCNONREF//", Ok("2026-03-02 2026-03-02 -212.39 NMSC - -")),
            ("2603020000C1,5NMSCNONREF", Ok("2026-03-02 2026-03-02 1.5 NMSC - -")),
            ("2601021231RC50,00NRTINONREF", Ok("2026-01-02 2025-12-31 -50.00 back NRTI - -")),
            ("2512310102RD50,00NRTINONREF", Ok("2025-12-31 2026-01-02 50.00 back NRTI - -")),
            ("2603020302C119.00NTRF", Ok("2026-03-02 2026-03-02 119.00 NTRF - -")),
            // Banks give every month thirty days.
            ("2602300301D6,00N024NONREF", Ok("2026-02-28 2026-03-01 -6.00 N024 - -")),
            ("2603010230D6,00N024NONREF", Ok("2026-03-01 2026-02-28 -6.00 N024 - -")),
            ("26030203", Err("it says neither credit nor debit")),
            ("2613020302C1,00NTRF", Err("\"261302\" is no day")),
            ("2603021302C1,00NTRF", Err("\"1302\" is no day")),
            ("2603020302X1,00NTRF", Err("it says neither credit nor debit")),
            ("2603020302CNTRF", Err("its amount \"\" is no number")),
            ("2603020302C1.190,00NTRF", Err("its amount \"1.190,00\" is no number")),
            ("", Err("it is cut off before the end of its value date")),
        ];
        for (text, expected) in table {
            assert_eq!(
                read(text).map_err(|why| why.words(Language::En)),
                expected.map(str::to_owned).map_err(str::to_owned),
                "{text}"
            );
        }
        let returned = Line::read("2603020302DR53,00NRTINONREF\n/OCMT/EUR50,00//CHGS/EUR3,00/").unwrap();
        assert_eq!((returned.original, returned.charges), (amount("50,00"), amount("3,00")));
        assert_eq!(returned.words, None);
        let told = Line::read("2603020302C53,00NMSCNONREF\n Paiement\nRE-2026-0012").unwrap();
        assert_eq!(told.words.as_deref(), Some("Paiement RE-2026-0012"));
    }
}
