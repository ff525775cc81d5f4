//! The languages of letters and summaries, and how each writes amounts and days.

use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A language that letters are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// German: `1.190,00`, `26.01.2026`.
    #[default]
    De,
    /// English: `1,190.00`, `26 Jan 2026`.
    En,
}

impl Language {
    /// Returns the ISO 639-1 code, which is also the name of the folder of templates.
    pub const fn code(self) -> &'static str {
        match self {
            Language::De => "de",
            Language::En => "en",
        }
    }

    /// Finds a language by its code.
    pub fn by_code(code: &str) -> Option<Language> {
        [Language::De, Language::En].into_iter().find(|language| language.code() == code)
    }

    /// Chooses what is said in this language.
    pub fn say<T>(self, german: T, english: T) -> T {
        match self {
            Language::De => german,
            Language::En => english,
        }
    }

    /// Says a number of things, by the words for one and for many: "1 Rechnung", "3 invoices".
    pub fn count(self, n: usize, german: (&str, &str), english: (&str, &str)) -> String {
        let (one, many) = self.say(german, english);
        format!("{n} {}", if n == 1 { one } else { many })
    }

    /// Writes a number with this language's separators, as many decimals as it has.
    pub fn number(self, value: Decimal) -> String {
        let (thousands, point) = match self {
            Language::De => ('.', ','),
            Language::En => (',', '.'),
        };
        let plain = value.abs().to_string();
        let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut text = String::with_capacity(plain.len() + 4);
        if value.is_sign_negative() && !value.is_zero() {
            text.push('-');
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place) % 3 == 0 {
                text.push(thousands);
            }
            text.push(digit);
        }
        if !decimals.is_empty() {
            text.push(point);
            text.push_str(decimals);
        }
        text
    }

    /// Writes a day in full: `26.01.2026` or `26 Jan 2026`.
    pub fn day(self, day: NaiveDate) -> String {
        match self {
            Language::De => day.format("%d.%m.%Y").to_string(),
            Language::En => format!("{} {} {}", day.day(), month_short(day.month()), day.year()),
        }
    }

    /// Writes a period: `01.01.2026 – 31.01.2026`.
    pub fn period(self, from: NaiveDate, through: NaiveDate) -> String {
        if from == through { self.day(from) } else { format!("{} – {}", self.day(from), self.day(through)) }
    }

    /// Writes the short name of a weekday: `Mo`, `Mon`.
    pub const fn weekday(self, day: Weekday) -> &'static str {
        let names = match self {
            Language::De => ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"],
            Language::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        };
        names[day.num_days_from_monday() as usize]
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Returns the English short name of a month (1 to 12).
const fn month_short(month: u32) -> &'static str {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    NAMES[(month - 1) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_days_are_written_as_the_language_does() {
        let table = [
            ("0.00", "0,00", "0.00"),
            ("-0.05", "-0,05", "-0.05"),
            ("1190.00", "1.190,00", "1,190.00"),
            ("-1234567.89", "-1.234.567,89", "-1,234,567.89"),
            ("12.5", "12,5", "12.5"),
            ("1000", "1.000", "1,000"),
        ];
        for (value, german, english) in table {
            let value: Decimal = value.parse().unwrap();
            assert_eq!(Language::De.number(value), german);
            assert_eq!(Language::En.number(value), english);
        }
        let day = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        assert_eq!(Language::De.day(day), "05.01.2026");
        assert_eq!(Language::En.day(day), "5 Jan 2026");
        assert_eq!(Language::De.weekday(day.weekday()), "Mo");
    }
}
