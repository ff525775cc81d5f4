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

impl BaseRate {
    /// Tells whether it begins with a half-year.
    pub fn is_of_a_half_year(&self) -> bool {
        first_of_half_year(self.from) == self.from
    }
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

/// A half-year whose base rate is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MissingRate {
    /// The table: `germany`, `austria`.
    pub table: &'static str,
    /// The first day of the half-year.
    pub from: NaiveDate,
}

impl MissingRate {
    /// Returns the lines to add to the configuration; the number is the owner's to look up.
    pub fn lines(&self) -> [String; 3] {
        [format!("[[base_rates.{}]]", self.table), format!("from = {}", self.from), "percent = \"?\"".to_owned()]
    }
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

    /// Returns a table by its name in the configuration, and the last day that it is complete for.
    pub fn table(&self, name: &str) -> (NaiveDate, &[BaseRate]) {
        let table = if name == "austria" { &self.austria } else { &self.germany };
        (table.known_through, &table.rates)
    }

    /// Makes tables that are complete through a day; both countries the same.
    pub fn known_through(mut rates: Vec<BaseRate>, known_through: NaiveDate) -> BaseRates {
        rates.sort_by_key(|rate| rate.from);
        let table = Table { rates, known_through };
        BaseRates { germany: table.clone(), austria: table }
    }

    /// Adds the owner's rates; each extends its table to the end of its half-year.
    #[must_use]
    pub fn extended(mut self, germany: &[BaseRate], austria: &[BaseRate]) -> BaseRates {
        self.germany.extend(germany);
        self.austria.extend(austria);
        self
    }

    /// Returns the half-years up to that of `today` that a rule needs and that are not known, oldest first.
    pub fn missing(&self, rule: &InterestRule, today: NaiveDate) -> Vec<MissingRate> {
        let (name, table) = match rule.regime {
            Regime::DeB2b | Regime::DeB2c => ("germany", &self.germany),
            Regime::AtB2b => ("austria", &self.austria),
            Regime::AtB2c | Regime::Ch | Regime::Fixed => return Vec::new(),
        };
        let unknown = std::iter::successors(table.known_through.succ_opt(), |day| last_of_half_year(*day).succ_opt());
        let unknown = unknown.take_while(|day| *day <= today);
        unknown.map(|day| MissingRate { table: name, from: first_of_half_year(day) }).collect()
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

    /// Adds the owner's lines. Each makes its half-year known; one that is left out in between stays unknown, with all behind it.
    fn extend(&mut self, rates: &[BaseRate]) {
        for rate in rates {
            self.rates.retain(|known| known.from != rate.from);
            self.rates.push(*rate);
        }
        self.rates.sort_by_key(|rate| rate.from);
        while let Some(next) = self.known_through.succ_opt()
            && rates.iter().any(|rate| first_of_half_year(rate.from) == first_of_half_year(next))
        {
            self.known_through = last_of_half_year(next);
        }
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

    #[test]
    fn a_half_year_that_is_left_out_stays_unknown_and_is_named() {
        let line = |from| BaseRate { from: day(from), percent: "1.50".parse().unwrap() };
        let rule = |regime| InterestRule { regime, percent: None, day_count: DayCount::ActAct };
        let table: &[(&[&str], Regime, &str, &[&str])] = &[
            (&[], Regime::DeB2b, "2026-06-30", &[]),
            (&[], Regime::DeB2c, "2026-07-01", &["2026-07-01"]),
            (&[], Regime::DeB2b, "2027-03-01", &["2026-07-01", "2027-01-01"]),
            (&["2027-01-01"], Regime::DeB2b, "2027-03-01", &["2026-07-01", "2027-01-01"]),
            (&["2027-01-01", "2026-07-01"], Regime::DeB2b, "2027-03-01", &[]),
            (&[], Regime::AtB2b, "2026-01-01", &["2025-07-01", "2026-01-01"]),
            (&[], Regime::Ch, "2030-01-01", &[]),
        ];
        for (lines, regime, today, expected) in table {
            let lines: Vec<BaseRate> = lines.iter().map(|from| line(from)).collect();
            let rates = BaseRates::shipped().extended(&lines, &[]);
            let missing = rates.missing(&rule(*regime), day(today));
            let missing: Vec<String> = missing.iter().map(|missing| missing.from.to_string()).collect();
            assert_eq!(missing, *expected, "{regime:?} on {today} with {lines:?}");
            assert_eq!(rates.on(&rule(*regime), day(today)).is_err(), !expected.is_empty(), "{regime:?} on {today}");
        }
    }
}
