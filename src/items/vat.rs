//! VAT: the categories of EN 16931, and the classes that the book names, resolved to a rate by the date of supply.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::party::Country;

/// A VAT category (UNCL 5305, EN 16931 BT-118, BT-151), in the order in which groups are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VatCategory {
    /// Reverse charge: the recipient owes the tax (§ 13b UStG).
    AE,
    /// Exempt, for instance a small business (§ 19 UStG).
    E,
    /// Export outside the EU.
    G,
    /// Intra-community supply (§ 6a UStG).
    K,
    /// Not subject to VAT; has no rate at all (BR-O-05).
    O,
    /// Standard: taxed at a rate.
    S,
    /// Taxed at zero.
    Z,
}

impl VatCategory {
    /// Finds a category by its code (UNCL 5305).
    pub fn by_code(code: &str) -> Option<VatCategory> {
        use VatCategory::{AE, E, G, K, O, S, Z};
        [AE, E, G, K, O, S, Z].into_iter().find(|category| category.to_string() == code)
    }

    /// Returns why there is no tax, in the words that the law of the seller's country asks for (BT-120); nothing for taxed categories.
    pub fn exemption_reason(self, country: Country, language: Language) -> Option<&'static str> {
        let (german, english) = match self {
            VatCategory::S | VatCategory::Z => return None,
            VatCategory::E => return Some(small_business_note(country, language)),
            VatCategory::AE => ("Steuerschuldnerschaft des Leistungsempfängers", "Reverse charge"),
            VatCategory::K => {
                ("Steuerfreie innergemeinschaftliche Lieferung", "Intra-community supply, exempt from VAT")
            }
            VatCategory::G => ("Steuerfreie Ausfuhrlieferung", "Export, exempt from VAT"),
            VatCategory::O => ("Nicht steuerbar", "Not subject to VAT"),
        };
        Some(language.say(german, english))
    }
}

/// Returns the law by which a small business in a country bears no VAT.
pub const fn small_business_law(country: Country, language: Language) -> &'static str {
    match (country, language) {
        (Country::DE, _) => "§ 19 UStG",
        (Country::AT, Language::De(_)) => "§ 6 Abs. 1 Z 27 UStG 1994",
        (Country::AT, Language::En) => "§ 6 (1) no. 27 UStG 1994",
        (Country::CH, Language::De(_)) => "Art. 10 Abs. 2 MWSTG",
        (Country::CH, Language::En) => "Art. 10 (2) MWSTG",
        (_, Language::De(_)) => "Art. 284 der Richtlinie 2006/112/EG",
        (_, Language::En) => "Art. 284 of Directive 2006/112/EC",
    }
}

const fn small_business_note(country: Country, language: Language) -> &'static str {
    match (country, language) {
        (Country::DE, Language::De(_)) => "Steuerfrei nach § 19 UStG (Kleinunternehmer)",
        (Country::DE, Language::En) => "Exempt from VAT under § 19 UStG (small business)",
        (Country::AT, Language::De(_)) => "Steuerfrei nach § 6 Abs. 1 Z 27 UStG 1994 (Kleinunternehmer)",
        (Country::AT, Language::En) => "Exempt from VAT under § 6 (1) no. 27 UStG 1994 (small business)",
        // Who is not registered does not even speak of a tax that was left out (Art. 27 (1) MWSTG).
        (Country::CH, Language::De(_)) => "Nicht mehrwertsteuerpflichtig (Art. 10 Abs. 2 MWSTG)",
        (Country::CH, Language::En) => "Not registered for VAT (Art. 10 (2) MWSTG)",
        (_, Language::De(_)) => "Steuerfrei nach Art. 284 der Richtlinie 2006/112/EG (Kleinunternehmer)",
        (_, Language::En) => "Exempt from VAT under Art. 284 of Directive 2006/112/EC (small business)",
    }
}

impl fmt::Display for VatCategory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The VAT of a line: category and rate in percent (zero but for S).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Vat {
    /// The category.
    pub category: VatCategory,
    /// The rate in percent.
    pub rate: Decimal,
}

impl PartialOrd for Vat {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Vat {
    /// By category, then the higher rate first: the order of the VAT breakdown (cases: BG-23).
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.category.cmp(&other.category).then(other.rate.cmp(&self.rate))
    }
}

/// What the book says of a line's VAT; the rate follows from the country of the business and the date of supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VatClass {
    /// The standard rate.
    #[default]
    Standard,
    /// The reduced rate.
    Reduced,
    /// The rate between both: 13 % in Austria, 3.8 % for lodging in Switzerland.
    Intermediate,
    /// Taxed at zero.
    Zero,
    /// Exempt, above all small businesses.
    Exempt,
    /// Reverse charge.
    ReverseCharge,
    /// Intra-community supply.
    IntraCommunity,
    /// Export.
    Export,
    /// Not subject to VAT.
    Outside,
}

/// No rate is known for the class in this country on this day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{}", self.words(Language::En))]
pub struct NoRate {
    /// The class asked for.
    pub class: VatClass,
    /// The country of the business.
    pub country: Country,
    /// The date of supply.
    pub day: NaiveDate,
}

impl NoRate {
    /// Says it in a language: a sentence without capital and full stop.
    pub fn words(&self, language: Language) -> String {
        let (class, country, day) = (self.class.name(), self.country.code(), language.day(self.day));
        language.say(
            format!("für {country} ist am {day} kein Umsatzsteuersatz `{class}` bekannt"),
            format!("no `{class}` VAT rate is known for {country} on {day}"),
        )
    }
}

/// A rate: country, class, the first day (year, month, day), and percent.
type Rate = (Country, VatClass, (i32, u32, u32), &'static str);

/// Rates by country and class, each from a day on. § 12 UStG (2020: § 28 UStG), § 10 UStG 1994 (Austria), Art. 25 MWSTG.
const RATES: &[Rate] = &[
    (Country::DE, VatClass::Standard, (2007, 1, 1), "19"),
    (Country::DE, VatClass::Standard, (2020, 7, 1), "16"),
    (Country::DE, VatClass::Standard, (2021, 1, 1), "19"),
    (Country::DE, VatClass::Reduced, (2007, 1, 1), "7"),
    (Country::DE, VatClass::Reduced, (2020, 7, 1), "5"),
    (Country::DE, VatClass::Reduced, (2021, 1, 1), "7"),
    (Country::AT, VatClass::Standard, (1995, 1, 1), "20"),
    (Country::AT, VatClass::Intermediate, (2016, 1, 1), "13"),
    (Country::AT, VatClass::Reduced, (1995, 1, 1), "10"),
    (Country::CH, VatClass::Standard, (2018, 1, 1), "7.7"),
    (Country::CH, VatClass::Standard, (2024, 1, 1), "8.1"),
    (Country::CH, VatClass::Intermediate, (2018, 1, 1), "3.7"),
    (Country::CH, VatClass::Intermediate, (2024, 1, 1), "3.8"),
    (Country::CH, VatClass::Reduced, (2018, 1, 1), "2.5"),
    (Country::CH, VatClass::Reduced, (2024, 1, 1), "2.6"),
];

impl VatClass {
    /// Returns the VAT of the class in a country on a day of supply (rule T8).
    ///
    /// # Errors
    /// When the class is taxed and no rate is known for that day.
    pub fn on(self, country: Country, day: NaiveDate) -> Result<Vat, NoRate> {
        let category = match self {
            VatClass::Standard | VatClass::Reduced | VatClass::Intermediate => VatCategory::S,
            VatClass::Zero => VatCategory::Z,
            VatClass::Exempt => VatCategory::E,
            VatClass::ReverseCharge => VatCategory::AE,
            VatClass::IntraCommunity => VatCategory::K,
            VatClass::Export => VatCategory::G,
            VatClass::Outside => VatCategory::O,
        };
        if category != VatCategory::S {
            return Ok(Vat { category, rate: Decimal::ZERO });
        }
        let in_force = |(at, class, (y, m, d), _): &&Rate| {
            *at == country && *class == self && NaiveDate::from_ymd_opt(*y, *m, *d).is_some_and(|from| from <= day)
        };
        let (.., rate) = RATES.iter().rfind(in_force).ok_or(NoRate { class: self, country, day })?;
        Ok(Vat { category, rate: rate.parse().expect("the table holds numbers") })
    }

    /// Returns the name that the book uses.
    pub const fn name(self) -> &'static str {
        match self {
            VatClass::Standard => "standard",
            VatClass::Reduced => "reduced",
            VatClass::Intermediate => "intermediate",
            VatClass::Zero => "zero",
            VatClass::Exempt => "exempt",
            VatClass::ReverseCharge => "reverse_charge",
            VatClass::IntraCommunity => "intra_community",
            VatClass::Export => "export",
            VatClass::Outside => "outside",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The finding: Austria and Switzerland quoted German law.
    #[test]
    fn a_small_business_quotes_the_law_of_its_own_country() {
        let other: Country = "LU".parse().unwrap();
        for (country, german, english) in [
            (
                Country::DE,
                "Steuerfrei nach § 19 UStG (Kleinunternehmer)",
                "Exempt from VAT under § 19 UStG (small business)",
            ),
            (
                Country::AT,
                "Steuerfrei nach § 6 Abs. 1 Z 27 UStG 1994 (Kleinunternehmer)",
                "Exempt from VAT under § 6 (1) no. 27 UStG 1994 (small business)",
            ),
            (
                Country::CH,
                "Nicht mehrwertsteuerpflichtig (Art. 10 Abs. 2 MWSTG)",
                "Not registered for VAT (Art. 10 (2) MWSTG)",
            ),
            (
                other,
                "Steuerfrei nach Art. 284 der Richtlinie 2006/112/EG (Kleinunternehmer)",
                "Exempt from VAT under Art. 284 of Directive 2006/112/EC (small business)",
            ),
        ] {
            let say = |language| VatCategory::E.exemption_reason(country, language).unwrap();
            assert_eq!([say(Language::GERMAN), say(Language::En)], [german, english]);
        }
    }

    #[test]
    fn the_rate_is_that_of_the_day_of_supply() {
        let table = [
            (Country::DE, VatClass::Standard, "2026-01-31", Some("19")),
            (Country::DE, VatClass::Standard, "2020-12-31", Some("16")),
            (Country::DE, VatClass::Reduced, "2021-01-01", Some("7")),
            (Country::DE, VatClass::Intermediate, "2026-01-31", None),
            (Country::AT, VatClass::Intermediate, "2026-01-31", Some("13")),
            (Country::CH, VatClass::Standard, "2023-12-31", Some("7.7")),
            (Country::CH, VatClass::Standard, "2024-01-01", Some("8.1")),
            (Country::DE, VatClass::ReverseCharge, "2026-01-31", Some("0")),
        ];
        for (country, class, day, rate) in table {
            let got = class.on(country, day.parse().unwrap()).ok().map(|vat| vat.rate.to_string());
            assert_eq!(got.as_deref(), rate, "{country:?} {class:?} {day}");
        }
    }
}
