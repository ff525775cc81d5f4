//! What stands in the cells of a table: amounts, and texts that fit.

use crate::language::Language;
use crate::money::{Amount, Currency};

/// Writes an amount of the books with its currency, for people.
pub fn text(amount: i64, currency: Currency, language: Language) -> String {
    Amount::from_minor(amount).with_currency(currency, language)
}

/// Writes an amount of the books for programs.
pub fn plain(amount: i64, currency: Currency) -> String {
    Amount::from_minor(amount).plain(currency)
}

/// Cuts a text that is longer than a line has room for.
pub fn shortened(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length - 1).collect();
    format!("{}…", kept.trim_end())
}
