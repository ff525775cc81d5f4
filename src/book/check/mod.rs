//! What the types cannot say: entries that name each other, days that cannot be, customers that cannot be written to, and amounts
//! that nobody means.

mod adjustments;
mod attachments;
mod contract;
mod customer;
mod items;
mod quote;

use chrono::NaiveDate;

use super::bounds::Complaints;
use super::claims::unfit_policies;
use super::context::CheckContext;
use super::mistake::Mistake;
use super::read::{Book, Entry};
use crate::customer::Customer;
use crate::money::Currency;

/// Checks the book as a whole, as it holds on a day and as it will by what is written ahead. What was mended to be read is checked as far as
/// it goes.
pub fn check(book: &Book, context: &CheckContext<'_>, today: NaiveDate) -> Vec<Mistake> {
    let mut found = Vec::new();
    let mut checked = |of: Checker<'_>| found.extend(of.complaints.into_found());
    for entry in book.customers.values() {
        let mut checker = Checker::of(entry, book, context);
        checker.dated(&entry.value);
        checker.customer_on(&entry.value, today);
        for change in entry.value.changes_after(today) {
            checker.customer_on(&entry.value.on(change.day), change.day);
        }
        checked(checker);
    }
    for entry in book.contracts.values() {
        let mut checker = Checker::of(entry, book, context);
        checker.contract(&entry.value);
        checked(checker);
    }
    for entry in book.one_offs.values() {
        let mut checker = Checker::of(entry, book, context);
        checker.one_off(&entry.value);
        checked(checker);
    }
    for entry in book.quotes.values() {
        let mut checker = Checker::of(entry, book, context);
        checker.quote(&entry.value);
        checked(checker);
    }
    found.extend(unfit_policies(book, context));
    found
}

struct Checker<'a> {
    book: &'a Book,
    context: &'a CheckContext<'a>,
    complaints: Complaints<'a>,
}

impl<'a> Checker<'a> {
    fn of<T>(entry: &'a Entry<T>, book: &'a Book, context: &'a CheckContext<'a>) -> Checker<'a> {
        let told = entry.mended.iter().copied();
        let complaints = Complaints::of(&entry.source.path, &entry.source.text, context.language, told);
        Checker { book, context, complaints }
    }

    /// Returns the customer by number, and says where there is none. One whose file is broken has its own mistakes: nothing is said, and
    /// nothing is known of it.
    fn customer_of(&mut self, number: &str) -> Option<&'a Customer> {
        match self.book.customers.get(number) {
            Some(entry) => entry.mended.is_empty().then_some(&entry.value),
            None => {
                if !self.book.may_be_illegible(super::EntryKind::Customer, number) {
                    self.complaints.wrong(
                        &["customer"],
                        (
                            format!("einen Kunden {number} gibt es im Buch nicht."),
                            format!("there is no customer {number} in the book."),
                        ),
                        (
                            "Berichtigen Sie die Nummer, oder legen Sie den Kunden unter book/customers/ an.",
                            "Correct the number, or add the customer in book/customers/.",
                        ),
                    );
                }
                None
            }
        }
    }

    fn policy(&mut self, name: Option<&str>) {
        let known: Vec<&str> = self.context.policies.iter().map(|policy| policy.name).collect();
        if let Some(name) = name.filter(|name| !known.contains(name)) {
            let known = known.join(", ");
            self.complaints.wrong(
                &["dunning_policy"],
                (format!("eine Mahnregel `{name}` gibt es nicht."), format!("there is no dunning policy `{name}`.")),
                (format!("Die Konfiguration hat: {known}."), format!("The configuration has: {known}.")),
            );
        }
    }

    fn currency(&mut self, currency: Option<Currency>) {
        if let Some(currency) = currency.filter(|currency| !self.context.currencies.contains(currency)) {
            self.complaints.wrong(
                &["currency"],
                (
                    format!("kein Bankkonto in {currency} ist eingerichtet; so könnte niemand zahlen."),
                    format!("no bank account in {currency} is configured, so nobody could pay."),
                ),
                (
                    "Ergänzen Sie in settled.toml ein `[[bank_account]]` in dieser Währung.",
                    "Add a `[[bank_account]]` in that currency to settled.toml.",
                ),
            );
        }
    }

    fn term(&mut self, term_days: Option<u32>) {
        if let Some(days) = term_days {
            self.complaints.whole(&["term_days"], days, 0..=365, TERM, 14);
        }
    }

    /// A former number that is the present one, or another's, renames nothing.
    fn renamed<T>(
        &mut self,
        number: &str,
        former: Option<&str>,
        others: &std::collections::BTreeMap<String, Entry<T>>,
    ) {
        let Some(former) = former else { return };
        if former == number {
            self.complaints.without_effect(
                &["renamed_from"],
                ("es ist die jetzige Nummer", "it is the present number"),
                ("Nennen Sie die Nummer davor, oder lassen Sie es weg.", "Name the number before, or leave it out."),
            );
        } else if let Some(other) = others.get(former) {
            let file = &other.source.path;
            self.complaints.wrong(
                &["renamed_from"],
                (
                    format!("die Nummer {former} gibt es noch, in {file}; zwei Einträge können nicht derselbe sein."),
                    format!("the number {former} is still there, in {file}; two entries cannot be the same."),
                ),
                ("Nennen Sie die Nummer davor, oder lassen Sie es weg.", "Name the number before, or leave it out."),
            );
        }
    }
}

/// Why days to pay have bounds; the configuration has the same.
pub const TERM: (&str, &str) = (
    "eine Rechnung, die später als nach einem Jahr fällig ist, ist vertippt",
    "an invoice that is due after more than a year is mistyped",
);

/// Why a tolerance has bounds; the configuration has the same.
pub const TOLERANCE: (&str, &str) = (
    "mehr ist keine Bankgebühr und kein Rest, sondern ein Teil der Rechnung, der verloren ginge",
    "more is no bank fee and no rest, but a part of the invoice that would be lost",
);
