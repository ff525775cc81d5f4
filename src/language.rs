//! The languages of letters and summaries, and how each writes amounts and days.

use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A language that letters are written in, and the place whose German it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Tag", into = "Tag")]
pub enum Language {
    /// German: `1.190,00`, `26.01.2026`.
    De(Place),
    /// English: `1,190.00`, `26 Jan 2026`.
    En,
}

/// Where German is written: words and days are the same, amounts and a few spellings are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// `1.190,00 EUR`.
    Germany,
    /// `1.190,00 EUR`; a VAT id is called UID.
    Austria,
    /// `CHF 1’190.00`; VAT is called MWST, and ß is written ss.
    Switzerland,
}

/// A language as files and books name it (BCP 47).
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Tag {
    #[serde(rename = "de")]
    De,
    #[serde(rename = "de-AT")]
    DeAt,
    #[serde(rename = "de-CH")]
    DeCh,
    #[serde(rename = "en")]
    En,
}

impl From<Tag> for Language {
    fn from(tag: Tag) -> Language {
        match tag {
            Tag::De => Language::GERMAN,
            Tag::DeAt => Language::De(Place::Austria),
            Tag::DeCh => Language::De(Place::Switzerland),
            Tag::En => Language::En,
        }
    }
}

impl From<Language> for Tag {
    fn from(language: Language) -> Tag {
        match language {
            Language::De(Place::Germany) => Tag::De,
            Language::De(Place::Austria) => Tag::DeAt,
            Language::De(Place::Switzerland) => Tag::DeCh,
            Language::En => Tag::En,
        }
    }
}

impl Default for Language {
    fn default() -> Language {
        Language::GERMAN
    }
}

impl Language {
    /// German as it is written in Germany.
    pub const GERMAN: Language = Language::De(Place::Germany);

    /// All languages.
    pub const ALL: [Language; 4] =
        [Language::GERMAN, Language::De(Place::Austria), Language::De(Place::Switzerland), Language::En];

    /// Returns the ISO 639-1 code: `de`, wherever it is written.
    pub const fn code(self) -> &'static str {
        match self {
            Language::De(_) => "de",
            Language::En => "en",
        }
    }

    /// Returns the name in files, books and mails: `de`, `de-AT`, `de-CH`, `en`.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::De(Place::Germany) => "de",
            Language::De(Place::Austria) => "de-AT",
            Language::De(Place::Switzerland) => "de-CH",
            Language::En => "en",
        }
    }

    /// Returns the country whose German it is, where the language names one.
    pub const fn region(self) -> Option<&'static str> {
        match self {
            Language::De(Place::Austria) => Some("AT"),
            Language::De(Place::Switzerland) => Some("CH"),
            Language::De(Place::Germany) | Language::En => None,
        }
    }

    /// Finds a language by its name.
    pub fn by_tag(tag: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// Returns the language as a business in a country writes it: German is that of its country, unless the place is named.
    pub fn of_business_in(self, country: &str) -> Language {
        match (self, country) {
            (Language::De(Place::Germany), "AT") => Language::De(Place::Austria),
            (Language::De(Place::Germany), "CH" | "LI") => Language::De(Place::Switzerland),
            _ => self,
        }
    }

    /// Spells German words of ours as the place does: Switzerland knows no ß. Names keep theirs.
    pub fn spelled(self, words: String) -> String {
        match self {
            Language::De(Place::Switzerland) => words.replace('ß', "ss"),
            Language::De(_) | Language::En => words,
        }
    }

    /// Puts a currency beside an amount: `1.190,00 EUR`, `CHF 1’190.00`.
    pub fn with_currency(self, amount: &str, currency: &str) -> String {
        match self {
            Language::De(Place::Switzerland) => format!("{currency} {amount}"),
            Language::De(_) | Language::En => format!("{amount} {currency}"),
        }
    }

    /// Chooses what is said in this language.
    pub fn say<T>(self, german: T, english: T) -> T {
        match self {
            Language::De(_) => german,
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
            Language::De(Place::Germany | Place::Austria) => ('.', ','),
            Language::De(Place::Switzerland) => ('’', '.'),
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
            Language::De(_) => day.format("%d.%m.%Y").to_string(),
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
            Language::De(_) => ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"],
            Language::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        };
        names[day.num_days_from_monday() as usize]
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
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
    fn amounts_and_days_are_written_as_the_language_and_its_place_do() {
        let table = [
            ("0.00", "0,00", "0.00", "0.00"),
            ("-0.05", "-0,05", "-0.05", "-0.05"),
            ("1190.00", "1.190,00", "1’190.00", "1,190.00"),
            ("-1234567.89", "-1.234.567,89", "-1’234’567.89", "-1,234,567.89"),
            ("12.5", "12,5", "12.5", "12.5"),
            ("1000", "1.000", "1’000", "1,000"),
        ];
        let [german, austrian, swiss, english] = Language::ALL;
        for (value, in_germany, in_switzerland, in_english) in table {
            let value: Decimal = value.parse().unwrap();
            assert_eq!([german, austrian].map(|language| language.number(value)), [in_germany, in_germany]);
            assert_eq!([swiss, english].map(|language| language.number(value)), [in_switzerland, in_english]);
        }
        let day = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        assert_eq!([german, austrian, swiss].map(|language| language.day(day)), ["05.01.2026"; 3]);
        assert_eq!(english.day(day), "5 Jan 2026");
        assert_eq!(german.weekday(day.weekday()), "Mo");
        assert_eq!(german.with_currency("5,00", "EUR"), "5,00 EUR");
        assert_eq!(swiss.with_currency("5.00", "CHF"), "CHF 5.00");
        assert_eq!([german, swiss].map(|language| language.spelled("Grüße".to_owned())), ["Grüße", "Grüsse"]);
    }

    #[test]
    fn a_language_is_found_by_its_name() {
        for language in Language::ALL {
            assert_eq!(Language::by_tag(language.tag()), Some(language));
            assert_eq!(serde_json::to_value(language).unwrap(), language.tag());
            assert_eq!(serde_json::from_value::<Language>(language.tag().into()).unwrap(), language);
        }
        assert_eq!(Language::by_tag("de-DE"), None);
        assert_eq!(Language::default().of_business_in("CH").tag(), "de-CH");
        assert_eq!(Language::default().of_business_in("DE").tag(), "de");
        assert_eq!(Language::En.of_business_in("CH"), Language::En);
        assert_eq!(Language::De(Place::Austria).of_business_in("CH").tag(), "de-AT");
    }
}
