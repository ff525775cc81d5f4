//! What is charged for, as the owner writes it: a name, a quantity, a price that may change on a day.

use chrono::NaiveDate;
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

    /// Tells whether the line costs nothing on a day.
    pub fn is_free_on(&self, day: NaiveDate) -> bool {
        let is_nothing = self.quantity.is_zero()
            || self.discount_percent == Some(Decimal::ONE_HUNDRED)
            || self.allowances.iter().any(Adjustment::is_all)
            || self.price_on(day).is_ok_and(|price| price.is_zero());
        is_nothing && self.charges.is_empty()
    }
}
