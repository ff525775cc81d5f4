//! The series of numbers: each number is given once, in one series, and reads as a number.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};

use crate::book::Complaints;
use crate::language::Language;
use crate::reference::{CreditorReference, Series};
use crate::shell::config::business::Numbering;

pub(super) fn check(numbering: &Numbering, complaints: &mut Complaints<'_>) {
    for (kind, settings) in numbering {
        let series = &settings.series;
        if let Some(next) = settings.next {
            next_in_bounds(kind, series, next, complaints);
        }
        if let Some(number) = days().find_map(|day| (1..=31).map(|n| series.number(day, n)).find(|n| is_a_day(n))) {
            complaints.wrong(
                &["numbering", kind, "series"],
                (
                    format!("`{}` gibt Nummern wie {number}, die sich wie ein Tag lesen; in Zahlungstexten stehen viele Tage.", series.pattern()),
                    format!("`{}` gives numbers such as {number} that read as a day; texts of payments hold many days.", series.pattern()),
                ),
                (
                    "Nehmen Sie drei Ziffern, `{seq:03}`, oder lassen Sie den Monat weg: `series = \"RE-{year}-{seq:04}\"`.",
                    "Take three digits, `{seq:03}`, or leave out the month: `series = \"RE-{year}-{seq:04}\"`.",
                ),
            );
        }
    }
    let all: Vec<(&String, &Series)> = numbering.iter().map(|(kind, settings)| (kind, &settings.series)).collect();
    for (place, (kind, series)) in all.iter().enumerate() {
        for (other_kind, other) in &all[..place] {
            let taken = keys(other);
            let Some(key) = keys(series).into_iter().find(|key| taken.contains(key)) else { continue };
            complaints.wrong(
                &["numbering", kind, "series"],
                (
                    format!("`{}` und `{}` ({other_kind}) geben dieselbe Nummer {key}, Trennzeichen zählen nicht; die zweite ließe sich nie vergeben.", series.pattern(), other.pattern()),
                    format!("`{}` and `{}` ({other_kind}) give the same number {key}, separators do not count; the second one could never be given.", series.pattern(), other.pattern()),
                ),
                ("Geben Sie jeder Folge einen eigenen Anfang aus Buchstaben.", "Give each a prefix of its own."),
            );
        }
    }
}

/// `next` is one more than the last number; its successors must still fit into a payment reference.
fn next_in_bounds(kind: &str, series: &Series, next: i64, complaints: &mut Complaints<'_>) {
    let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default();
    let fits = |next: i64| CreditorReference::of_number(&series.number(day, next)).is_some();
    let most = (0..=14).map(|digits| 10_i64.pow(digits)).take_while(|most| fits(*most)).last().unwrap_or(1) - 1;
    if !(1..=most).contains(&next) {
        let number = series.number(day, next);
        complaints.wrong(
            &["numbering", kind, "next"],
            (
                format!(
                    "`next` ist {next}, das gäbe {number}; möglich ist 1 bis {}.",
                    Language::GERMAN.number(most.into())
                ),
                format!("`next` is {next}, which gives {number}; it can be 1 to {}.", Language::En.number(most.into())),
            ),
            ("Schreiben Sie eins mehr als Ihre letzte Nummer.", "Write one more than your last number."),
        );
    }
}

/// Returns days of some years: a first of each month, and a last one.
fn days() -> impl Iterator<Item = NaiveDate> {
    (2020..2040).flat_map(|year| (1..=12).filter_map(move |month| NaiveDate::from_ymd_opt(year, month, 28)))
}

/// Returns the keys of numbers that a series gives, as payments are looked up by them: without separators, in capitals.
fn keys(series: &Series) -> BTreeSet<String> {
    const SEQUENCES: [i64; 8] = [1, 9, 12, 123, 999, 1_234, 9_999, 12_345];
    let squeezed = |number: String| number.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    days()
        .flat_map(|day| SEQUENCES.map(|sequence| squeezed(series.number(day, sequence)).to_ascii_uppercase()))
        .collect()
}

/// Tells whether a number, without the letters it begins with, reads as a day: `2026-03-12`, `12.03.2026`, `20260312`. Separators do not
/// count, as they do not where payments are matched.
fn is_a_day(number: &str) -> bool {
    let rest = number.trim_start_matches(|c: char| !c.is_ascii_digit());
    if rest.contains(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    let parts: Vec<&str> = rest.split(|c: char| !c.is_ascii_digit()).collect();
    match parts[..] {
        [whole] if whole.len() == 8 => ["%Y%m%d", "%d%m%Y"].iter().any(|form| is_recent(whole, form)),
        [first, second, third] => {
            let plain = format!("{first}-{second}-{third}");
            match (first.len(), second.len(), third.len()) {
                (4, 1..=2, 1..=2) => is_recent(&plain, "%Y-%m-%d"),
                (1..=2, 1..=2, 4) => is_recent(&plain, "%d-%m-%Y") || is_recent(&plain, "%m-%d-%Y"),
                _ => false,
            }
        }
        _ => false,
    }
}

fn is_recent(text: &str, form: &str) -> bool {
    NaiveDate::parse_from_str(text, form).is_ok_and(|day| (2000..2100).contains(&day.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_read_as_a_day_are_known() {
        let table = [
            ("RE-{year}-{seq:04}", false),
            ("{year}{seq:04}", false), // 20260012 has no month 00
            ("{year}{seq:05}", false),
            ("R{seq}", false),
            ("{year}-{month}-{seq:02}", true),
            ("RE-{year}-{month}-{seq:02}", true),
            ("{year}-{month}-{seq}", true),
            ("{year}{month}{seq:02}", true),
            ("{seq:02}.{month}.{year}", true),
            ("{year}/{seq:02}/{month}", true),
            ("{year}-{month}-{seq:03}", false),
            ("{year}-{month}/{seq:02}", true),
            ("{year}-{month}{seq:02}", false),
        ];
        for (pattern, reads) in table {
            let series: Series = pattern.parse().unwrap();
            let found = days().any(|day| (1..=31).any(|n| is_a_day(&series.number(day, n))));
            assert_eq!(found, reads, "{pattern}");
        }
    }
}
