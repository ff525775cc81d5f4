//! VAT in the currency in which it is declared (BT-6, BT-111), where an invoice is in another one.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::{date, last_of_month};
use crate::money::{Currency, decimal, round_to};
use crate::party::Country;

/// The VAT of a document in the currency in which it is declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxCurrency {
    /// The currency (BT-6).
    pub currency: Currency,
    /// All VAT in it (BT-111).
    pub vat: Decimal,
    /// The rate that it was converted at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<VatExchangeRate>,
}

/// What one unit of a currency is worth in that of the tax office, for some days, as the owner writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VatExchangeRate {
    /// The currency of the invoices.
    pub currency: Currency,
    /// The first day.
    #[serde(with = "date")]
    pub from: NaiveDate,
    /// The last day; nothing: the last of its month.
    #[serde(default, with = "date::option", skip_serializing_if = "Option::is_none")]
    pub through: Option<NaiveDate>,
    /// What one unit is worth.
    #[serde(with = "decimal")]
    pub rate: Decimal,
    /// Who says so: "BMF", "BAZG".
    pub source: String,
}

impl VatExchangeRate {
    /// Returns the last day for which it counts.
    pub fn through(&self) -> NaiveDate {
        self.through.unwrap_or_else(|| last_of_month(self.from))
    }

    /// Tells whether it counts for a day.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        (self.from..=self.through()).contains(&day)
    }
}

/// No rate is known that VAT could be converted at. It names the month, not the day, so that who waits for it is told once and not each day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the VAT is to be shown in {to}, and settled.toml has no [[vat_exchange_rate]] of {from} for {month}; add one and have settled read the file anew", month = day.format("%Y-%m")
)]
pub struct NoExchangeRate {
    /// The currency of the invoice.
    pub from: Currency,
    /// That of the tax office.
    pub to: Currency,
    /// The day whose rate counts.
    pub day: NaiveDate,
}

/// Returns the currency in which a business declares its VAT.
pub fn tax_currency_of(country: Country) -> Currency {
    if country == Country::CH { Currency::CHF } else { Currency::EUR }
}

/// Converts the VAT of an invoice. Where there is none, or the invoice is in the currency of the tax office, nothing is to be converted.
///
/// In the EU the rate of the day counts on which the tax arises: that of the supply, or of an invoice that comes before (Art. 91 (2) of
/// Directive 2006/112/EC, § 16 (6) UStG); in Switzerland that of the invoice (Art. 40 (1) MWSTG, Art. 45 MWSTV).
///
/// # Errors
/// When no rate counts for that day.
pub(super) fn in_tax_currency(
    (currency, vat): (Currency, Decimal),
    country: Country,
    (issued_on, service_through): (NaiveDate, NaiveDate),
    rates: &[VatExchangeRate],
) -> Result<Option<TaxCurrency>, NoExchangeRate> {
    let to = tax_currency_of(country);
    if currency == to || vat.is_zero() {
        return Ok(None);
    }
    let day = if country == Country::CH { issued_on } else { issued_on.min(service_through) };
    let rate = rates.iter().find(|rate| rate.currency == currency && rate.counts_on(day));
    let rate = rate.ok_or(NoExchangeRate { from: currency, to, day })?;
    let vat = round_to(vat * rate.rate, to.exponent());
    Ok(Some(TaxCurrency { currency: to, vat, rate: Some(rate.clone()) }))
}
