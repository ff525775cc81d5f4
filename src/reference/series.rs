//! Series of numbers: the pattern that a document's number follows, and when its sequence begins anew.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{CreditorReference, segments};

/// A pattern such as `RE-{year}-{seq:04}`.
///
/// `{year}` and `{month}` are those of the document's day, and the sequence begins anew with each of them (§ 14 (4) no. 4 UStG
/// asks for numbers given once, in one or several series). `{seq:04}` is the sequence, padded to four digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Series {
    pattern: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Year,
    Month,
    Sequence { width: usize },
}

/// Why a text is not a pattern for numbers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotASeries {
    /// A placeholder that does not exist, or a brace that is not closed.
    #[error("`{0}` has an unknown placeholder; known are {{year}}, {{month}} and {{seq:04}}")]
    Placeholder(String),
    /// No `{seq}`, or more than one.
    #[error("`{0}` must have {{seq}} exactly once, such as RE-{{year}}-{{seq:04}}")]
    Sequence(String),
    /// `{month}` without `{year}` would give the same number again a year later.
    #[error("`{0}` has {{month}} without {{year}}, so its numbers would repeat after a year")]
    Month(String),
    /// Its numbers would not fit into a creditor reference.
    #[error(
        "`{0}` gives numbers with more than 21 letters and digits, or with other characters than letters, digits and - / . _"
    )]
    Length(String),
}

impl Series {
    /// Writes the number of a sequence for a day.
    pub fn number(&self, day: NaiveDate, sequence: i64) -> String {
        let mut number = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => number.push_str(text),
                Part::Year => number.push_str(&day.year().to_string()),
                Part::Month => number.push_str(&format!("{:02}", day.month())),
                Part::Sequence { width } => number.push_str(&format!("{sequence:0width$}")),
            }
        }
        number
    }

    /// Returns the period in which the sequence counts on: `2026`, `2026-03`, or nothing when it never begins anew.
    pub fn period(&self, day: NaiveDate) -> String {
        if self.parts.contains(&Part::Month) {
            day.format("%Y-%m").to_string()
        } else if self.parts.contains(&Part::Year) {
            day.year().to_string()
        } else {
            String::new()
        }
    }

    /// Returns the letters that every number begins with: `RE`; nothing when it begins with a digit.
    pub fn prefix(&self) -> String {
        let first = NaiveDate::default();
        let number = self.number(first, 1);
        segments(&number).first().filter(|s| !s.digits).map(|s| s.text.to_ascii_uppercase()).unwrap_or_default()
    }

    /// Returns the pattern as it was written.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }
}

impl FromStr for Series {
    type Err = NotASeries;

    fn from_str(pattern: &str) -> Result<Self, NotASeries> {
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some((text, behind)) = rest.split_once('{') {
            if !text.is_empty() {
                parts.push(Part::Text(text.to_owned()));
            }
            let (name, behind) = behind.split_once('}').ok_or_else(|| NotASeries::Placeholder(pattern.to_owned()))?;
            parts.push(match name {
                "year" => Part::Year,
                "month" => Part::Month,
                "seq" => Part::Sequence { width: 1 },
                _ => {
                    let width =
                        name.strip_prefix("seq:0").and_then(|w| w.parse().ok()).filter(|w| (1..=12).contains(w));
                    Part::Sequence { width: width.ok_or_else(|| NotASeries::Placeholder(pattern.to_owned()))? }
                }
            });
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        if parts.iter().filter(|part| matches!(part, Part::Sequence { .. })).count() != 1 {
            return Err(NotASeries::Sequence(pattern.to_owned()));
        }
        if parts.contains(&Part::Month) && !parts.contains(&Part::Year) {
            return Err(NotASeries::Month(pattern.to_owned()));
        }
        let series = Series { pattern: pattern.to_owned(), parts };
        series.check()
    }
}

impl Series {
    /// Returns a number as long as they get: that of the sequence 999 999.
    pub fn largest(&self) -> String {
        self.number(NaiveDate::default(), 999_999)
    }

    /// Checks what its numbers will look like.
    fn check(self) -> Result<Series, NotASeries> {
        let largest = self.largest();
        let plain = largest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.' | '_'));
        if !plain || CreditorReference::of_number(&largest).is_none() {
            return Err(NotASeries::Length(self.pattern));
        }
        Ok(self)
    }
}

impl TryFrom<String> for Series {
    type Error = NotASeries;

    fn try_from(text: String) -> Result<Self, NotASeries> {
        text.parse()
    }
}

impl From<Series> for String {
    fn from(series: Series) -> String {
        series.pattern
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_pattern() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 9).unwrap();
        let table = [
            ("RE-{year}-{seq:04}", "RE-2026-0012", "2026", "RE"),
            ("{year}/{month}-{seq:03}", "2026/03-012", "2026-03", ""),
            ("R{seq}", "R12", "", "R"),
            ("{year}{seq:04}", "20260012", "2026", ""),
        ];
        for (pattern, number, period, prefix) in table {
            let series: Series = pattern.parse().unwrap();
            assert_eq!(series.number(day, 12), number);
            assert_eq!(series.period(day), period);
            assert_eq!(series.prefix(), prefix);
        }
        assert_eq!("RE-{year}-{seq:04}".parse::<Series>().unwrap().number(day, 12345), "RE-2026-12345");
    }

    #[test]
    fn patterns_that_would_repeat_or_blur_are_refused() {
        for wrong in [
            "RE-{year}",
            "{seq}-{seq}",
            "RE-{moon}-{seq}",
            "RE-{year",
            "{month}-{seq}",
            "RE {seq}",
            "EINELANGERECHNUNGSNUMMER{seq:08}",
            "RE-{seq:x}",
        ] {
            assert!(wrong.parse::<Series>().is_err(), "{wrong}");
        }
    }
}
