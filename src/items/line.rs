//! A line with everything decided: quantity, price, VAT rate.

use rust_decimal::Decimal;

use super::Vat;
use crate::money::{Amount, Currency, NotAnAmount, percent_of};

/// An allowance or a charge: a share of the amount, or an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modifier {
    /// Percent of the amount it modifies.
    Percent(Decimal),
    /// An amount in the document's currency.
    Amount(Amount),
}

impl Modifier {
    /// Returns what it takes off or adds to an amount, rounded to the minor unit.
    pub fn of(self, amount: Amount) -> Amount {
        match self {
            Modifier::Percent(percent) => percent_of(amount, percent),
            Modifier::Amount(amount) => amount,
        }
    }
}

/// Whether unit prices are without or with VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PriceMode {
    /// Without VAT.
    #[default]
    Net,
    /// With VAT; it is taken out of the sum of each rate (rule T5).
    Gross,
}

/// A line whose price and VAT rate are decided (EN 16931 BG-25).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedLine {
    /// Invoiced quantity (BT-129).
    pub quantity: Decimal,
    /// Item price (BT-146, or with VAT in gross mode); up to six decimals.
    pub unit_price: Decimal,
    /// The quantity that the price is for (BT-149); never zero.
    pub base_quantity: Decimal,
    /// VAT category and rate (BT-151, BT-152).
    pub vat: Vat,
    /// Allowances of the line (BG-27).
    pub allowances: Vec<Modifier>,
    /// Charges of the line (BG-28).
    pub charges: Vec<Modifier>,
}

impl PricedLine {
    /// Returns the line's amount (BT-131 in net mode): round(quantity × price / base quantity), then allowances and charges,
    /// each rounded (rule T1).
    ///
    /// # Errors
    /// When the amount is beyond what the books hold.
    pub fn amount(&self, currency: Currency) -> Result<Amount, NotAnAmount> {
        let product = self.quantity.checked_mul(self.unit_price).and_then(|p| p.checked_div(self.base_quantity));
        let product =
            product.ok_or_else(|| NotAnAmount::TooLarge(format!("{} × {}", self.quantity, self.unit_price)))?;
        let gross = Amount::rounded(product, currency)?;
        let allowances: Amount = self.allowances.iter().map(|m| m.of(gross)).sum();
        let charges: Amount = self.charges.iter().map(|m| m.of(gross)).sum();
        Ok(gross - allowances + charges)
    }
}
