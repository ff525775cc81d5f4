//! A quote as the owner writes it in `book/quotes/`.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::date;
use crate::items::{Item, Unit, VatClass};
use crate::money::{Currency, decimal};

/// An Angebot: what is offered to a customer, at which price and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// Its name in the book, such as `A-2026-17`. The papers get numbers of their own.
    pub number: String,
    /// The number of the customer.
    pub customer: String,
    /// What it is about: the subject of its papers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The last day on which it can be accepted.
    #[serde(with = "date")]
    pub valid_until: NaiveDate,
    /// Percent off all of it.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub discount_percent: Option<Decimal>,
    /// Days to pay the invoices, where they differ from the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_days: Option<u32>,
    /// The currency, where it differs from the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The customer's order number, where it differs (BT-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// The dunning policy of its invoices, where it differs from the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dunning_policy: Option<String>,
    /// A note on its papers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What is offered.
    #[serde(rename = "line")]
    pub lines: Vec<Position>,
}

/// A position of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Its name in commands: `--line a=3`, `--choose b`.
    pub id: String,
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
    #[serde(with = "decimal")]
    pub unit_price: Decimal,
    /// The VAT class.
    #[serde(default)]
    pub vat: VatClass,
    /// Whether it counts without being chosen.
    #[serde(default, skip_serializing_if = "Role::is_normal")]
    pub role: Role,
    /// The position whose place an alternative takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// The revenue account in the owner's bookkeeping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revenue_account: Option<String>,
}

/// Whether a position counts (rule K1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It is part of what is offered.
    #[default]
    Normal,
    /// It counts when it is chosen.
    Optional,
    /// Chosen, it takes the place of another.
    Alternative,
}

const fn one() -> Decimal {
    Decimal::ONE
}

impl Role {
    /// Tells whether it counts without being chosen.
    pub const fn is_normal(&self) -> bool {
        matches!(self, Role::Normal)
    }
}

impl Position {
    /// Returns what it charges, as contracts and one-off invoices say it.
    pub fn item(&self) -> Item {
        Item {
            quantities: Vec::new(),
            prorate: false,
            name: self.name.clone(),
            description: self.description.clone(),
            quantity: self.quantity,
            unit: self.unit.clone(),
            unit_price: Some(self.unit_price),
            prices: Vec::new(),
            discount_percent: None,
            allowances: Vec::new(),
            charges: Vec::new(),
            order_number: None,
            order_line: None,
            vat: self.vat,
            revenue_account: self.revenue_account.clone(),
        }
    }
}

impl Quote {
    /// Returns a position by its name.
    pub fn position(&self, id: &str) -> Option<&Position> {
        self.lines.iter().find(|line| line.id == id)
    }
}
