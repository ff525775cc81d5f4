//! Units of quantity: UN/ECE Recommendation 20 codes (BT-130), and the words that the book and the paper use.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// A unit by its UN/ECE Rec 20 code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Unit(String);

/// The text is neither a unit's name nor a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a unit (piece, flat, minute, hour, day, week, month, quarter, year, km, m, m2, m3, kg, litre, kwh) nor a UN/ECE code such as HUR"
)]
pub struct NotAUnit(String);

/// Name in the book, code, German and English on paper.
const UNITS: &[(&str, &str, &str, &str)] = &[
    ("piece", "C62", "Stück", "pcs"),
    ("flat", "LS", "pauschal", "flat"),
    ("minute", "MIN", "Min.", "min"),
    ("hour", "HUR", "Std.", "h"),
    ("day", "DAY", "Tage", "days"),
    ("week", "WEE", "Wochen", "weeks"),
    ("month", "MON", "Monate", "months"),
    ("quarter", "QAN", "Quartale", "quarters"),
    ("year", "ANN", "Jahre", "years"),
    ("km", "KMT", "km", "km"),
    ("m", "MTR", "m", "m"),
    ("m2", "MTK", "m²", "m²"),
    ("m3", "MTQ", "m³", "m³"),
    ("kg", "KGM", "kg", "kg"),
    ("litre", "LTR", "l", "l"),
    ("kwh", "KWH", "kWh", "kWh"),
];

/// German and English for exactly one.
const SINGULAR: &[(&str, &str, &str)] = &[
    ("DAY", "Tag", "day"),
    ("WEE", "Woche", "week"),
    ("MON", "Monat", "month"),
    ("QAN", "Quartal", "quarter"),
    ("ANN", "Jahr", "year"),
    ("C62", "Stück", "pc"),
];

impl Unit {
    /// A day: what a prorated period is counted in.
    pub fn day() -> Unit {
        Unit("DAY".to_owned())
    }

    /// A lump sum.
    pub fn flat() -> Unit {
        Unit("LS".to_owned())
    }

    /// Returns the UN/ECE code: `HUR`.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// Returns the word on paper, for one or for many.
    pub fn word(&self, language: Language, one: bool) -> &str {
        let pick = |german: &'static str, english: &'static str| match language {
            Language::De(_) => german,
            Language::En => english,
        };
        let singular = SINGULAR.iter().find(|(code, ..)| one && *code == self.0).map(|(_, de, en)| pick(de, en));
        let plural = || UNITS.iter().find(|(_, code, ..)| *code == self.0).map(|(_, _, de, en)| pick(de, en));
        singular.or_else(plural).unwrap_or(&self.0)
    }
}

impl Default for Unit {
    fn default() -> Self {
        Unit("C62".to_owned())
    }
}

impl TryFrom<String> for Unit {
    type Error = NotAUnit;

    fn try_from(text: String) -> Result<Self, NotAUnit> {
        if let Some((_, code, ..)) = UNITS.iter().find(|(name, code, ..)| *name == text || *code == text) {
            return Ok(Unit((*code).to_owned()));
        }
        let is_code =
            (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if is_code { Ok(Unit(text)) } else { Err(NotAUnit(text)) }
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> String {
        unit.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_codes_and_words() {
        let month = Unit::try_from("month".to_owned()).unwrap();
        assert_eq!(
            (month.code(), month.word(Language::GERMAN, true), month.word(Language::En, false)),
            ("MON", "Monat", "months")
        );
        assert_eq!(Unit::try_from("XPP".to_owned()).unwrap().word(Language::GERMAN, true), "XPP");
        assert!(Unit::try_from("Monat".to_owned()).is_err());
    }
}
