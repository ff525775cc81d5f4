//! Reading the book: TOML files to customers, contracts and one-off invoices.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::mistake::{Mistake, from_toml};
use crate::customer::Customer;
use crate::invoice::OneOff;
use crate::recurring::Contract;

/// A file of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path, relative to the configuration: `book/customers/becker.toml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Which folder a file lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// `customers/`.
    Customer,
    /// `recurring/`.
    Recurring,
    /// `invoices/`.
    OneOff,
}

impl EntryKind {
    /// All of them, in the order in which they are read.
    pub const ALL: [EntryKind; 3] = [EntryKind::Customer, EntryKind::Recurring, EntryKind::OneOff];

    /// Returns the folder's name.
    pub const fn folder(self) -> &'static str {
        match self {
            EntryKind::Customer => "customers",
            EntryKind::Recurring => "recurring",
            EntryKind::OneOff => "invoices",
        }
    }
}

/// An entry of the book, with the file that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<T> {
    /// What it says.
    pub value: T,
    /// Where it says so.
    pub source: SourceFile,
}

/// The book: what could be read of it, by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// Customers by number.
    pub customers: BTreeMap<String, Entry<Customer>>,
    /// Recurring contracts by number.
    pub contracts: BTreeMap<String, Entry<Contract>>,
    /// One-off invoices by their number in the book.
    pub one_offs: BTreeMap<String, Entry<OneOff>>,
}

/// Reads all files of the book.
pub fn read(files: Vec<(EntryKind, SourceFile)>) -> (Book, Vec<Mistake>) {
    let (mut book, mut mistakes) = (Book::default(), Vec::new());
    for (kind, file) in files {
        let read = match kind {
            EntryKind::Customer => add(&mut book.customers, file, |customer| &customer.number),
            EntryKind::Recurring => add(&mut book.contracts, file, |contract| &contract.number),
            EntryKind::OneOff => add(&mut book.one_offs, file, |one_off| &one_off.number),
        };
        mistakes.extend(read.err().map(|mistake| *mistake));
    }
    for (number, entry) in &book.one_offs {
        if let Some(contract) = book.contracts.get(number) {
            let what = format!("the number {number} is taken by the contract in {}.", contract.source.path);
            let advice = "Contracts and one-off invoices share their numbers; give this one another.";
            mistakes.push(
                Mistake::in_file(&entry.source.path, what).at_key(&entry.source.text, &["number"]).advice(advice),
            );
        }
    }
    (book, mistakes)
}

fn add<T: DeserializeOwned>(
    to: &mut BTreeMap<String, Entry<T>>,
    file: SourceFile,
    number: fn(&T) -> &str,
) -> Result<(), Box<Mistake>> {
    let value: T = toml::from_str(&file.text).map_err(|error| Box::new(from_toml(&file.path, &file.text, &error)))?;
    let key = number(&value).to_owned();
    if !is_number(&key) {
        let mistake = Mistake::in_file(&file.path, format!("`{key}` cannot be a number in the book."))
            .at_key(&file.text, &["number"])
            .expected("1 to 30 letters, digits and - / . _");
        return Err(Box::new(mistake));
    }
    if let Some(other) = to.get(&key) {
        let mistake = Mistake::in_file(&file.path, format!("the number {key} is taken by {}.", other.source.path))
            .at_key(&file.text, &["number"])
            .advice("Give one of both another number.");
        return Err(Box::new(mistake));
    }
    to.insert(key, Entry { value, source: file });
    Ok(())
}

/// Tells whether a text can be a number of the book: it appears on papers and in payers' texts.
fn is_number(text: &str) -> bool {
    (1..=30).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.' | '_'))
        && text.contains(|c: char| c.is_ascii_digit())
}
