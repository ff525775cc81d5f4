//! Commands that list and show: payments, customers, invoices.

mod customer;
mod customers;
mod invoices;
mod payments;
mod whole;

use chrono::NaiveDate;

pub use self::customer::customer;
pub use self::customers::customers;
pub use self::invoices::{invoice, invoices};
pub use self::payments::payments;
use super::outcome::Failure;
use crate::jobs::office::currency;
use crate::language::Language;
use crate::money::Amount;

fn text(amount: i64, code: &str) -> Result<String, Failure> {
    Ok(Amount::from_minor(amount).with_currency(currency(code)?, Language::En))
}

fn plain(amount: i64, code: &str) -> Result<String, Failure> {
    Ok(Amount::from_minor(amount).plain(currency(code)?))
}

fn day(day: NaiveDate) -> String {
    Language::En.day(day)
}

/// Cuts a text that is longer than a line has room for.
fn shortened(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length - 1).collect();
    format!("{}…", kept.trim_end())
}
