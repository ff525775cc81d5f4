//! What stands in the cells of a table: amounts, days, and texts that fit.

use chrono::NaiveDate;

use super::outcome::Failure;
use crate::jobs::office::currency;
use crate::language::Language;
use crate::money::Amount;

/// Writes an amount of the books with its currency, for people.
///
/// # Errors
/// When the books name a currency that is none.
pub fn text(amount: i64, code: &str) -> Result<String, Failure> {
    Ok(Amount::from_minor(amount).with_currency(currency(code)?, Language::En))
}

/// Writes an amount of the books for programs.
///
/// # Errors
/// When the books name a currency that is none.
pub fn plain(amount: i64, code: &str) -> Result<String, Failure> {
    Ok(Amount::from_minor(amount).plain(currency(code)?))
}

/// Writes a day for people.
pub fn day(day: NaiveDate) -> String {
    Language::En.day(day)
}

/// Cuts a text that is longer than a line has room for.
pub fn shortened(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length - 1).collect();
    format!("{}…", kept.trim_end())
}
