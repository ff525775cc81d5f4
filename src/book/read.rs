//! Reading the book: TOML files to customers, contracts, one-off invoices and quotes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::de::DeserializeOwned;

use super::mistake::Mistake;
use super::reading::read_whole;
use crate::customer::Customer;
use crate::invoice::{AttachedFile, FileFault, OneOff, Quote};
use crate::language::Language;
use crate::recurring::{Contract, ContractKind};

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
    /// `quotes/`.
    Quote,
}

impl EntryKind {
    /// All of them, in the order in which they are read.
    pub const ALL: [EntryKind; 4] = [EntryKind::Customer, EntryKind::Recurring, EntryKind::OneOff, EntryKind::Quote];

    /// Returns the folder's name.
    pub const fn folder(self) -> &'static str {
        match self {
            EntryKind::Customer => "customers",
            EntryKind::Recurring => "recurring",
            EntryKind::OneOff => "invoices",
            EntryKind::Quote => "quotes",
        }
    }

    /// Returns what an entry is to be invoiced as; nothing: it is whom to.
    pub const fn contract(self) -> Option<ContractKind> {
        match self {
            EntryKind::Customer => None,
            EntryKind::Recurring => Some(ContractKind::Recurring),
            EntryKind::OneOff => Some(ContractKind::Once),
            EntryKind::Quote => Some(ContractKind::Quote),
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
    /// The lines of the mistakes that were mended so that it could be read; such an entry is good for looking for further mistakes only.
    pub mended: Vec<usize>,
}

/// A file that goes with invoices, as it lies in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// The hash of its bytes.
    pub sha256: String,
    /// How many they are.
    pub bytes: u64,
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
    /// Quotes by their number in the book.
    pub quotes: BTreeMap<String, Entry<Quote>>,
    /// What lies where an entry names a file that goes with its invoices, by that name.
    pub files: BTreeMap<String, Result<FoundFile, FileFault>>,
    /// Files of which nothing came, each with its number as far as that can be read.
    pub illegible: Vec<(EntryKind, Option<String>)>,
}

impl Book {
    /// Tells whether an entry may stand in a file that could not be read: nothing is said of its absence.
    pub fn may_be_illegible(&self, kind: EntryKind, number: &str) -> bool {
        self.illegible.iter().any(|(of, unread)| *of == kind && unread.as_deref().is_none_or(|unread| unread == number))
    }
}

impl Book {
    /// Returns the files that go with invoices, as its entries name them; what leads out of the book, or could not be carried, is no such file.
    pub fn attached(&self) -> BTreeSet<AttachedFile> {
        let of_contracts = self.contracts.values().flat_map(|entry| &entry.value.attachments);
        let of_one_offs = self.one_offs.values().flat_map(|entry| &entry.value.attachments);
        let named = of_contracts.chain(of_one_offs).filter(|attached| attached.media_type().is_ok());
        named.cloned().collect()
    }

    /// Returns what holds on a day of what was written ahead.
    #[must_use]
    pub fn on(mut self, day: NaiveDate) -> Book {
        self.customers.values_mut().for_each(|entry| entry.value = entry.value.on(day));
        self
    }

    /// Notes what lies where its entries name files: from here on they mean these bytes.
    pub fn with_files(mut self, files: BTreeMap<String, Result<FoundFile, FileFault>>) -> Book {
        let of_contracts = self.contracts.values_mut().flat_map(|entry| &mut entry.value.attachments);
        let of_one_offs = self.one_offs.values_mut().flat_map(|entry| &mut entry.value.attachments);
        for attached in of_contracts.chain(of_one_offs) {
            let found = files.get(&attached.file).and_then(|found| found.as_ref().ok());
            attached.sha256 = found.map(|found| found.sha256.clone());
        }
        self.files = files;
        self
    }
}

/// Reads all files of the book; mistakes are told in the owner's language.
pub fn read(files: Vec<(EntryKind, SourceFile)>, language: Language) -> (Book, Vec<Mistake>) {
    let (mut book, mut mistakes) = (Book::default(), Vec::new());
    for (kind, file) in files {
        let unread = match kind {
            EntryKind::Customer => add(&mut book.customers, file, |c| &c.number, language, &mut mistakes),
            EntryKind::Recurring => add(&mut book.contracts, file, |c| &c.number, language, &mut mistakes),
            EntryKind::OneOff => add(&mut book.one_offs, file, |o| &o.number, language, &mut mistakes),
            EntryKind::Quote => add(&mut book.quotes, file, |q| &q.number, language, &mut mistakes),
        };
        book.illegible.extend(unread.err().map(|number| (kind, number)));
    }
    mistakes.extend(taken(&book, language));
    (book, mistakes)
}

/// Finds numbers that two entries have of which each is invoiced.
fn taken(book: &Book, language: Language) -> Vec<Mistake> {
    let contracts = book.contracts.iter().map(|(number, entry)| (number, &entry.source));
    let one_offs = book.one_offs.iter().map(|(number, entry)| (number, &entry.source));
    let quotes = book.quotes.iter().map(|(number, entry)| (number, &entry.source));
    let (mut first, mut mistakes) = (BTreeMap::<&String, &SourceFile>::new(), Vec::new());
    for (number, source) in contracts.chain(one_offs).chain(quotes) {
        let Some(other) = first.get(number) else {
            first.insert(number, source);
            continue;
        };
        let what = language.say(
            format!("die Nummer {number} ist in {} vergeben.", other.path),
            format!("the number {number} is taken by {}.", other.path),
        );
        let advice = language.say(
            "Verträge, einzelne Rechnungen und Angebote teilen sich die Nummern; geben Sie hier eine andere.",
            "Contracts, one-off invoices and quotes share their numbers; give this one another.",
        );
        let mistake = Mistake::in_file(language, &source.path, what);
        mistakes.push(mistake.at_key(&source.text, &["number"]).advice(advice));
    }
    mistakes
}

/// Adds what a file says.
///
/// # Errors
/// When nothing came of it: the number, as far as it can be read.
fn add<T: DeserializeOwned>(
    to: &mut BTreeMap<String, Entry<T>>,
    file: SourceFile,
    number: fn(&T) -> &str,
    language: Language,
    mistakes: &mut Vec<Mistake>,
) -> Result<(), Option<String>> {
    let mut reading = read_whole::<T>(&file.path, &file.text, language);
    let mut mended: Vec<usize> =
        reading.mistakes.iter().map(|mistake| mistake.place.as_ref().map_or(0, |place| place.line)).collect();
    mistakes.append(&mut reading.mistakes);
    let Some(value) = reading.value else { return Err(reading.number) };
    let key = number(&value).to_owned();
    if reading.number.as_ref() != Some(&key) {
        // The number itself was mended, so it could be any.
        return Err(None);
    }
    if !is_number(&key) {
        let what = language.say(
            format!("`{key}` kann keine Nummer im Buch sein."),
            format!("`{key}` cannot be a number in the book."),
        );
        let expected = language.say(
            "1 bis 30 Buchstaben, Ziffern und - / . _, eine Ziffer ist dabei",
            "1 to 30 letters, digits and - / . _, a digit among them",
        );
        let mistake = Mistake::in_file(language, &file.path, what).at_key(&file.text, &["number"]).expected(expected);
        mended.push(mistake.place.as_ref().map_or(0, |place| place.line));
        mistakes.push(mistake);
    }
    if let Some(other) = to.get(&key) {
        let what = language.say(
            format!("die Nummer {key} ist in {} vergeben.", other.source.path),
            format!("the number {key} is taken by {}.", other.source.path),
        );
        let advice = language.say("Geben Sie einem der beiden eine andere Nummer.", "Give one of both another number.");
        let mistake = Mistake::in_file(language, &file.path, what);
        mistakes.push(mistake.at_key(&file.text, &["number"]).advice(advice));
        return Ok(());
    }
    to.insert(key, Entry { value, source: file, mended });
    Ok(())
}

/// Tells whether a text can be a number of the book: it appears on papers and in payers' texts.
fn is_number(text: &str) -> bool {
    (1..=30).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.' | '_'))
        && text.contains(|c: char| c.is_ascii_digit())
}
