//! What is taken off or added, as the owner writes it: on a line, or on all of it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Modifier, VatClass};
use crate::money::{Amount, Currency, NotAnAmount, decimal};

/// An allowance or a charge (BG-20, BG-21, BG-27, BG-28): a percentage or an amount, without VAT.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Percent of the line, or of the sum of the lines.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// An amount in the invoice's currency, of a whole period.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// Why (BT-97, BT-104, BT-139, BT-144); nothing: a discount, a surcharge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why, for machines: a code of UNCL 5189 for allowances, of UNCL 7161 for charges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<String>,
    /// The VAT class of an amount that is charged on the whole (BT-102); nothing: that of the lines, which is one then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat: Option<VatClass>,
}

impl Adjustment {
    /// Returns what it takes off or adds in a period of which `share` is charged: days, and days of the whole.
    ///
    /// # Errors
    /// When its amount is beyond what the books hold.
    pub fn modifier(&self, share: Option<(i64, i64)>, currency: Currency) -> Result<Modifier, NotAnAmount> {
        match (self.percent, share) {
            (Some(percent), _) => Ok(Modifier::Percent(percent)),
            (None, None) => Ok(Modifier::Amount(Amount::rounded(self.amount.unwrap_or_default(), currency)?)),
            (None, Some((days, all))) => {
                let amount = self.amount.unwrap_or_default();
                let product = amount.checked_mul(Decimal::from(days)).and_then(|p| p.checked_div(Decimal::from(all)));
                let product = product.ok_or_else(|| NotAnAmount::TooLarge(amount.to_string()))?;
                Ok(Modifier::Amount(Amount::rounded(product, currency)?))
            }
        }
    }

    /// Tells whether it takes off all.
    pub fn is_all(&self) -> bool {
        self.percent == Some(Decimal::ONE_HUNDRED)
    }
}
