//! Base interest rates by day, shipped and extended by the owner (§ 247 BGB, OeNB).

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::policy::{InterestRule, Regime};
use crate::calendar::date;
use crate::money::decimal;

/// The shipped tables: values and the last day that each is complete for.
const SHIPPED: &str = include_str!("base_rates.json");

/// A base rate from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseRate {
    /// The first day.
    #[serde(with = "date")]
    pub from: NaiveDate,
    /// Percent a year.
    #[serde(with = "decimal")]
    pub percent: Decimal,
}

/// The base rates that are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseRates {
    germany: Table,
    austria: Table,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Table {
    rates: Vec<BaseRate>,
    known_through: NaiveDate,
}

/// No base rate is known for a day: the letter carries no interest, and the owner is told (N15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no base rate is known for {day}")]
pub struct UnknownRate {
    /// The first day without a rate.
    pub day: NaiveDate,
}

#[derive(Deserialize)]
struct Shipped {
    germany: ShippedTable,
    austria: ShippedTable,
}

#[derive(Deserialize)]
struct ShippedTable {
    known_through: NaiveDate,
    rates: Vec<BaseRate>,
}

impl BaseRates {
    /// Returns the shipped tables.
    pub fn shipped() -> BaseRates {
        let shipped: Shipped = serde_json::from_str(SHIPPED).expect("the shipped tables are valid");
        let table = |t: ShippedTable| Table { rates: t.rates, known_through: t.known_through };
        BaseRates { germany: table(shipped.germany), austria: table(shipped.austria) }
    }

    /// Makes tables that are complete for ever; both countries the same.
    pub fn complete(mut rates: Vec<BaseRate>) -> BaseRates {
        rates.sort_by_key(|rate| rate.from);
        let table = Table { rates, known_through: NaiveDate::MAX };
        BaseRates { germany: table.clone(), austria: table }
    }

    /// Adds the owner's rates; each extends its table to the end of its half-year.
    #[must_use]
    pub fn extended(mut self, germany: &[BaseRate], austria: &[BaseRate]) -> BaseRates {
        self.germany.extend(germany);
        self.austria.extend(austria);
        self
    }

    /// Returns the rate of a day in percent a year.
    ///
    /// # Errors
    /// When the base rate of that day is not known.
    pub fn on(&self, rule: &InterestRule, day: NaiveDate) -> Result<Decimal, UnknownRate> {
        let points = |tenths: i64| Decimal::new(tenths, 1);
        match rule.regime {
            Regime::DeB2b => Ok(self.germany.on(day)? + points(90)),
            Regime::DeB2c => Ok(self.germany.on(day)? + points(50)),
            Regime::AtB2b => Ok(self.austria.on(first_of_half_year(day))? + points(92)),
            Regime::AtB2c => Ok(points(40)),
            Regime::Ch => Ok(points(50)),
            Regime::Fixed => Ok(rule.percent.unwrap_or_default()),
        }
    }
}

impl Table {
    fn on(&self, day: NaiveDate) -> Result<Decimal, UnknownRate> {
        if day > self.known_through {
            return Err(UnknownRate { day });
        }
        self.rates.iter().rfind(|rate| rate.from <= day).map(|rate| rate.percent).ok_or(UnknownRate { day })
    }

    fn extend(&mut self, rates: &[BaseRate]) {
        for rate in rates {
            self.rates.retain(|known| known.from != rate.from);
            self.rates.push(*rate);
            self.known_through = self.known_through.max(last_of_half_year(rate.from));
        }
        self.rates.sort_by_key(|rate| rate.from);
    }
}

fn first_of_half_year(day: NaiveDate) -> NaiveDate {
    let month = if day.month() <= 6 { 1 } else { 7 };
    NaiveDate::from_ymd_opt(day.year(), month, 1).expect("a first of a month")
}

fn last_of_half_year(day: NaiveDate) -> NaiveDate {
    let (month, last) = if day.month() <= 6 { (6, 30) } else { (12, 31) };
    NaiveDate::from_ymd_opt(day.year(), month, last).expect("a last of a month")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dunning::DayCount;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_rate_is_that_of_the_law_and_the_day() {
        let shipped = BaseRates::shipped();
        let table = [
            (Regime::DeB2b, "2026-02-10", Some("10.27")),
            (Regime::DeB2c, "2024-06-30", Some("8.62")),
            (Regime::DeB2b, "2024-07-01", Some("12.37")),
            (Regime::DeB2b, "2026-07-01", None),
            (Regime::AtB2b, "2025-05-01", Some("11.73")),
            (Regime::AtB2b, "2026-01-01", None),
            (Regime::AtB2c, "2030-01-01", Some("4.0")),
            (Regime::Ch, "2030-01-01", Some("5.0")),
        ];
        for (regime, on, expected) in table {
            let rule = InterestRule { regime, percent: None, day_count: DayCount::ActAct };
            let got = shipped.on(&rule, day(on)).ok().map(|rate| rate.to_string());
            assert_eq!(got.as_deref(), expected, "{regime:?} {on}");
        }
    }

    #[test]
    fn a_line_of_the_owner_extends_the_table_to_the_end_of_its_half_year() {
        let line = BaseRate { from: day("2026-07-01"), percent: "1.50".parse().unwrap() };
        let rates = BaseRates::shipped().extended(&[line], &[]);
        let rule = InterestRule { regime: Regime::DeB2b, percent: None, day_count: DayCount::ActAct };
        assert_eq!(rates.on(&rule, day("2026-12-31")).unwrap().to_string(), "10.50");
        assert_eq!(rates.on(&rule, day("2027-01-01")), Err(UnknownRate { day: day("2027-01-01") }));
    }
}
