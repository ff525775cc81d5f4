//! Skonto: a discount for paying early.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::{Amount, percent_of, round_to};

/// A Skonto: so many percent off when paid within so many days of the invoice date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discount {
    /// Days from the invoice date.
    pub days: u32,
    /// Percent of the payable amount.
    pub percent: Decimal,
}

/// A Skonto on a document of known amount and date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscountTerm {
    /// The last day on which it may be taken.
    pub until: NaiveDate,
    /// What is taken off: round(payable × percent / 100).
    pub discount: Amount,
    /// What is then to be paid.
    pub pay: Amount,
}

impl Discount {
    /// Returns what the discount means for a document (rule T6).
    pub fn term(self, payable: Amount, issued_on: NaiveDate) -> DiscountTerm {
        let discount = percent_of(payable, self.percent);
        DiscountTerm { until: issued_on + Days::new(u64::from(self.days)), discount, pay: payable - discount }
    }

    /// Writes the line of BT-20 that machines read (XRechnung BR-DE-18); each such line is closed by a line feed.
    pub fn bt_20(self) -> String {
        format!("#SKONTO#TAGE={}#PROZENT={}#", self.days, round_to(self.percent, 2))
    }
}
