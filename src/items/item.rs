//! What is charged for, as the owner writes it: a name, a quantity, a price that may change on a day.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Adjustment, Unit, VatClass};
use crate::calendar::date;
use crate::language::Language;
use crate::money::decimal;

/// An item of a contract or of a one-off invoice, as the owner writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What it is (BT-153).
    pub name: String,
    /// More about it (BT-154).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How many.
    #[serde(default = "one", with = "decimal")]
    pub quantity: Decimal,
    /// Quantities from a day on, instead of one quantity; nothing before the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quantities: Vec<QuantityStep>,
    /// A quantity that changes inside a period is charged by days; otherwise it counts from the next period on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prorate: bool,
    /// Of what.
    #[serde(default)]
    pub unit: Unit,
    /// The price of one, without VAT.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Decimal>,
    /// Prices from a day on, instead of one price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<PriceStep>,
    /// Percent off this line.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub discount_percent: Option<Decimal>,
    /// What else is taken off this line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<Adjustment>,
    /// What is added to this line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Adjustment>,
    /// The customer's order that this line belongs to, where it is another than that of the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// The line of the customer's order (BT-132).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_line: Option<String>,
    /// The VAT class.
    #[serde(default)]
    pub vat: VatClass,
    /// The revenue account in the owner's bookkeeping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revenue_account: Option<String>,
}

const fn one() -> Decimal {
    Decimal::ONE
}

/// A quantity from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantityStep {
    /// The first day of service with this quantity.
    #[serde(with = "date")]
    pub from: NaiveDate,
    /// How many; zero for none.
    #[serde(with = "decimal")]
    pub quantity: Decimal,
}

/// Days of service with one quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub through: NaiveDate,
    /// How many.
    pub quantity: Decimal,
}

/// A price from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceStep {
    /// The first day of service at this price.
    #[serde(with = "date")]
    pub from: NaiveDate,
    /// The price of one, without VAT.
    #[serde(with = "decimal")]
    pub unit_price: Decimal,
}

/// No price is in force on the first day of a period (fault 39).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{}", self.words(Language::En))]
pub struct NoPrice {
    /// The line.
    pub line: String,
    /// The first day of the period.
    pub day: NaiveDate,
}

impl NoPrice {
    /// Says it in a language: a sentence without capital and full stop.
    pub fn words(&self, language: Language) -> String {
        let (line, day) = (&self.line, language.day(self.day));
        language.say(
            format!("die Zeile \"{line}\" hat keinen Preis für einen Zeitraum, der am {day} beginnt"),
            format!("line \"{line}\" has no price for a period that begins on {day}"),
        )
    }
}

impl Item {
    /// Returns the price in force on a day: that of the last step at or before it (rule R6).
    ///
    /// # Errors
    /// When no price is in force.
    pub fn price_on(&self, day: NaiveDate) -> Result<Decimal, NoPrice> {
        let step = self.prices.iter().filter(|step| step.from <= day).max_by_key(|step| step.from);
        step.map(|step| step.unit_price)
            .or(self.unit_price.filter(|_| self.prices.is_empty()))
            .ok_or_else(|| NoPrice { line: self.name.clone(), day })
    }

    /// Returns the quantity in force on a day: that of the last step at or before it (rule R6a).
    pub fn quantity_on(&self, day: NaiveDate) -> Decimal {
        if self.quantities.is_empty() {
            return self.quantity;
        }
        let step = self.quantities.iter().filter(|step| step.from <= day).max_by_key(|step| step.from);
        step.map_or(Decimal::ZERO, |step| step.quantity)
    }

    /// Splits days of service where the quantity changes: each stretch with its quantity, without those of nothing. It is one stretch with
    /// the quantity of the first day where changes are not charged by days.
    pub fn stretches(&self, from: NaiveDate, through: NaiveDate) -> Vec<Stretch> {
        let changes = self.quantities.iter().map(|step| step.from);
        let changes = changes.filter(|day| self.prorate && from < *day && *day <= through);
        let mut starts: Vec<NaiveDate> = [from].into_iter().chain(changes).collect();
        starts.sort_unstable();
        // What changes nothing splits nothing.
        starts.dedup_by_key(|day| self.quantity_on(*day));
        let ends = starts.iter().skip(1).map(|next| *next - Days::new(1)).chain([through]);
        let stretch = |(from, through): (&NaiveDate, NaiveDate)| Stretch {
            from: *from,
            through,
            quantity: self.quantity_on(*from),
        };
        starts.iter().zip(ends).map(stretch).filter(|stretch| !stretch.quantity.is_zero()).collect()
    }

    /// Tells whether the line costs nothing for days of service, at the prices of the first.
    pub fn is_free_in(&self, day: NaiveDate, through: NaiveDate) -> bool {
        let is_nothing = self.stretches(day, through).is_empty()
            || self.discount_percent == Some(Decimal::ONE_HUNDRED)
            || self.allowances.iter().any(Adjustment::is_all)
            || self.price_on(day).is_ok_and(|price| price.is_zero());
        is_nothing && self.charges.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_that_changes_splits_the_days_of_service() {
        let item = |more: &str| -> Item {
            toml::from_str(&format!("name = \"Plätze\"\nunit_price = \"10\"\n{more}")).unwrap()
        };
        let steps = "quantities = [{ from = 2026-01-15, quantity = \"5\" }, { from = 2026-04-12, quantity = \"7\" }, \
                     { from = 2026-04-20, quantity = \"7\" }, { from = 2026-04-26, quantity = \"0\" }]";
        let prorated = format!("{steps}\nprorate = true");
        let table = [
            ("quantity = \"3\"", "2026-04-01", "2026-04-30", "01-30: 3"),
            (steps, "2026-04-01", "2026-04-30", "01-30: 5"),
            (steps, "2026-01-01", "2026-01-31", ""),
            (steps, "2026-05-01", "2026-05-31", ""),
            (&prorated, "2026-04-01", "2026-04-30", "01-11: 5, 12-25: 7"),
            (&prorated, "2026-01-01", "2026-01-31", "15-31: 5"),
            (&prorated, "2026-02-01", "2026-02-28", "01-28: 5"),
            (&prorated, "2026-05-01", "2026-05-31", ""),
            // The first and the last day of service belong to it.
            (&prorated, "2026-04-12", "2026-04-12", "12-12: 7"),
            (&prorated, "2026-04-01", "2026-04-12", "01-11: 5, 12-12: 7"),
        ];
        for (more, from, through, expected) in table {
            let stretches = item(more).stretches(from.parse().unwrap(), through.parse().unwrap());
            let words =
                stretches.iter().map(|s| format!("{}-{}: {}", s.from.format("%d"), s.through.format("%d"), s.quantity));
            assert_eq!(words.collect::<Vec<_>>().join(", "), expected, "{more} {from} {through}");
            assert_eq!(item(more).is_free_in(from.parse().unwrap(), through.parse().unwrap()), expected.is_empty());
        }
    }
}
