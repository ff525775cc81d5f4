//! An amount of money in minor units.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use super::currency::Currency;
use super::round::round_to;
use crate::language::Language;

/// An amount in minor units (cents) of a currency that stands beside it.
///
/// Whatever enters the books is bounded by [`Amount::LIMIT`], so sums of a lifetime of entries cannot overflow; the
/// operators check all the same and stop the job rather than wrap around.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(i64);

/// Why a text or a number is not an amount of the currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[error("{}", self.words(Language::En))]
pub enum NotAnAmount {
    /// It is not a plain decimal number.
    Syntax(String),
    /// It has more decimals than the currency.
    Decimals(String, Currency),
    /// Its only mark stands before three digits: thousands, or decimals.
    Ambiguous(String, String, String),
    /// It is beyond anything that an account of a business holds.
    TooLarge(String),
}

impl NotAnAmount {
    /// Says it in a language.
    pub fn words(&self, language: Language) -> String {
        match self {
            NotAnAmount::Syntax(text) => language.say(
                format!("`{text}` ist kein Betrag wie 1190,00"),
                format!("`{text}` is not an amount such as 1190.00"),
            ),
            NotAnAmount::Decimals(text, currency) => language.say(
                format!("`{text}` hat mehr Nachkommastellen, als {currency} hat"),
                format!("`{text}` has more decimals than {currency} has"),
            ),
            NotAnAmount::Ambiguous(text, thousands, decimal) => language.say(
                format!(
                    "`{text}` kann {thousands} oder {} heißen; schreiben Sie das gemeinte mit zwei Nachkommastellen",
                    decimal.replace('.', ",")
                ),
                format!("`{text}` may be {thousands} or {decimal}; write the one that is meant with two decimals"),
            ),
            NotAnAmount::TooLarge(text) => {
                language.say(format!("`{text}` ist zu groß"), format!("`{text}` is too large"))
            }
        }
    }
}

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);
    /// The largest amount that may enter: ten trillion in a currency with cents.
    pub const LIMIT: i64 = 1_000_000_000_000_000;

    /// Makes an amount of whole minor units.
    pub const fn from_minor(minor: i64) -> Amount {
        Amount(minor)
    }

    /// Returns the minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Reads a plain decimal number (`1190.00`, `-5`): exact, no rounding.
    ///
    /// # Errors
    /// When it is no number, has more decimals than the currency (other than zeros), or is beyond [`Amount::LIMIT`].
    pub fn parse(text: &str, currency: Currency) -> Result<Amount, NotAnAmount> {
        let value = Decimal::from_str_exact(text.trim()).map_err(|_| NotAnAmount::Syntax(text.to_owned()))?;
        Amount::exact(value, currency)
    }

    /// Takes over a number that is already whole in minor units.
    ///
    /// # Errors
    /// When it has more decimals than the currency, or is beyond [`Amount::LIMIT`].
    pub fn exact(value: Decimal, currency: Currency) -> Result<Amount, NotAnAmount> {
        let amount = Amount::rounded(value, currency)?;
        if amount.decimal(currency) == value {
            Ok(amount)
        } else {
            Err(NotAnAmount::Decimals(value.to_string(), currency))
        }
    }

    /// Rounds a number to the minor unit, half away from zero.
    ///
    /// # Errors
    /// When it is beyond [`Amount::LIMIT`].
    pub fn rounded(value: Decimal, currency: Currency) -> Result<Amount, NotAnAmount> {
        let too_large = || NotAnAmount::TooLarge(value.to_string());
        let mut scaled = round_to(value, currency.exponent());
        scaled.set_scale(0).map_err(|_| too_large())?;
        let minor = scaled.to_i64().ok_or_else(too_large)?;
        if minor.abs() > Amount::LIMIT { Err(too_large()) } else { Ok(Amount(minor)) }
    }

    /// Returns the number with as many decimals as the currency has.
    pub fn decimal(self, currency: Currency) -> Decimal {
        Decimal::new(self.0, currency.exponent())
    }

    /// Returns the absolute value.
    pub const fn abs(self) -> Amount {
        Amount(self.0.abs())
    }

    /// Tells whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Tells whether it is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Tells whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Writes it for programs: `1190.00`.
    pub fn plain(self, currency: Currency) -> String {
        self.decimal(currency).to_string()
    }

    /// Writes it for people of a language: `1.190,00`.
    pub fn text(self, currency: Currency, language: Language) -> String {
        language.number(self.decimal(currency))
    }

    /// Writes it with its currency: `1.190,00 EUR`, `CHF 1’190.00`.
    pub fn with_currency(self, currency: Currency, language: Language) -> String {
        language.with_currency(&self.text(currency, language), currency.code())
    }
}

impl Add for Amount {
    type Output = Amount;

    fn add(self, other: Amount) -> Amount {
        Amount(self.0.checked_add(other.0).expect("amounts are bounded where they enter"))
    }
}

impl Sub for Amount {
    type Output = Amount;

    fn sub(self, other: Amount) -> Amount {
        Amount(self.0.checked_sub(other.0).expect("amounts are bounded where they enter"))
    }
}

impl Neg for Amount {
    type Output = Amount;

    fn neg(self) -> Amount {
        Amount(-self.0)
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Amount) {
        *self = *self + other;
    }
}

impl SubAssign for Amount {
    fn sub_assign(&mut self, other: Amount) {
        *self = *self - other;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Amount {
        amounts.fold(Amount::ZERO, Amount::add)
    }
}

impl fmt::Display for Amount {
    /// Writes the minor units; people and programs get [`Amount::text`] and [`Amount::plain`], which know the currency.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_exact_or_refused() {
        let table = [
            ("1190.00", "EUR", Ok(119_000)),
            ("1190", "EUR", Ok(119_000)),
            ("-5.1", "EUR", Ok(-510)),
            ("0012.500", "EUR", Ok(1250)),
            ("100", "JPY", Ok(100)),
            ("1.234", "TND", Ok(1234)),
            ("1.234", "EUR", Err("decimals")),
            ("1,50", "EUR", Err("syntax")),
            ("1e3", "EUR", Err("syntax")),
            ("", "EUR", Err("syntax")),
            ("99999999999999.00", "EUR", Err("large")),
        ];
        for (text, currency, expected) in table {
            let got = Amount::parse(text, currency.parse().unwrap()).map(Amount::minor).map_err(|e| match e {
                NotAnAmount::Syntax(_) | NotAnAmount::Ambiguous(..) => "syntax",
                NotAnAmount::Decimals(..) => "decimals",
                NotAnAmount::TooLarge(_) => "large",
            });
            assert_eq!(got, expected, "{text} {currency}");
        }
    }

    #[test]
    fn writing_keeps_the_decimals_of_the_currency() {
        assert_eq!(Amount::from_minor(119_000).plain(Currency::EUR), "1190.00");
        assert_eq!(Amount::from_minor(-5).with_currency(Currency::EUR, Language::GERMAN), "-0,05 EUR");
        assert_eq!(Amount::from_minor(100).plain("JPY".parse().unwrap()), "100");
    }
}
