//! What stands in the cells of a table: amounts, days, and texts that fit.

use chrono::NaiveDate;

use crate::language::Language;
use crate::money::{Amount, Currency};

/// Writes an amount of the books with its currency, for people.
pub fn text(amount: i64, currency: Currency) -> String {
    Amount::from_minor(amount).with_currency(currency, Language::En)
}

/// Writes an amount of the books for programs.
pub fn plain(amount: i64, currency: Currency) -> String {
    Amount::from_minor(amount).plain(currency)
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
