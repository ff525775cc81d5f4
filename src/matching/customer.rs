//! Whose money it is, where no document is named (rules R5 and R6).

use super::model::{KnownCustomer, Payment};
use super::number::{Gap, Seek, find};
use super::text::{Texts, normalise};
use super::verdict::Because;
use crate::id::CustomerId;
use crate::reference::segments;

/// The customer that a payment is from, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Payer {
    pub customer: CustomerId,
    /// Number and account point to different customers.
    pub conflict: bool,
}

/// Finds the customer by number in the text, else by account (R5).
pub(super) fn payer(payment: &Payment, texts: &Texts, customers: &[KnownCustomer]) -> Option<Payer> {
    let by_number: Vec<CustomerId> = customers.iter().filter(|c| named_by_number(texts, c)).map(|c| c.id).collect();
    let by_iban = owners_of(payment, customers);
    match (&by_number[..], &by_iban[..]) {
        ([number], accounts) => {
            Some(Payer { customer: *number, conflict: !accounts.is_empty() && !accounts.contains(number) })
        }
        ([], [account]) => Some(Payer { customer: *account, conflict: false }),
        _ => None,
    }
}

/// Returns the customers that the payer's account is known for.
pub(super) fn owners_of(payment: &Payment, customers: &[KnownCustomer]) -> Vec<CustomerId> {
    let Some(iban) = payment.payer_iban.as_deref() else { return Vec::new() };
    customers.iter().filter(|c| c.ibans.iter().any(|known| known == iban)).map(|c| c.id).collect()
}

/// Tells whether a customer's number stands in a text, as E1.
fn named_by_number(texts: &Texts, customer: &KnownCustomer) -> bool {
    let parts = segments(&customer.number);
    let has_prefix = parts.first().is_some_and(|s| !s.digits);
    let digits: usize = parts.iter().filter(|s| s.digits).map(|s| s.text.len()).sum();
    (has_prefix || digits >= 6)
        && texts.plain.iter().any(|text| !find(text, &Seek::literal(&parts), Gap::None).is_empty())
}

/// Returns the customers that the payer's name names in full (R6).
pub(super) fn namesakes<'c>(payment: &Payment, customers: &'c [KnownCustomer]) -> Vec<&'c KnownCustomer> {
    let Some(payer) = payment.payer_name.as_deref() else { return Vec::new() };
    customers.iter().filter(|customer| name_fits(payer, &customer.name)).collect()
}

/// Tells whether a payer's name contains all words of a customer's name.
pub fn name_fits(payer: &str, customer: &str) -> bool {
    let (has, wants) = (name_words(payer), name_words(customer));
    !wants.is_empty() && wants.iter().all(|word| has.contains(word))
}

/// Legal forms and their parts: they say nothing about whose name it is.
const LEGAL_FORMS: &[&str] = &[
    "GMBH",
    "MBH",
    "GGMBH",
    "KGAA",
    "OHG",
    "GBR",
    "PARTG",
    "PARTGMBB",
    "UNTERNEHMERGESELLSCHAFT",
    "HAFTUNGSBESCHRANKT",
    "EWIV",
    "SARL",
    "SAS",
    "SPA",
    "SRL",
    "LTD",
    "LIMITED",
    "LLC",
    "INC",
    "CORP",
    "PLC",
    "UND",
    "AND",
    "THE",
];

/// Returns the words of a name that tell it from others: three letters or more, no legal form, umlauts as plain vowels.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let normal = normalise(name);
    let words = normal.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| word.replace("AE", "A").replace("OE", "O").replace("UE", "U"))
        .filter(|word| word.len() >= 3 && !LEGAL_FORMS.contains(&word.as_str()))
        .collect()
}

/// Why an undecided payment could be from a customer.
pub(super) fn pointers(payment: &Payment, texts: &Texts, customers: &[KnownCustomer]) -> Vec<(CustomerId, Because)> {
    let by_iban = owners_of(payment, customers).into_iter().map(|id| (id, Because::Iban));
    let by_number = customers.iter().filter(|c| named_by_number(texts, c)).map(|c| (c.id, Because::Number));
    let by_name = namesakes(payment, customers).into_iter().map(|c| (c.id, Because::Name));
    by_iban.chain(by_number).chain(by_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_without_legal_forms_and_dots_over_vowels() {
        let table = [
            ("MUELLER BAECKEREI E.K.", "Bäckerei Müller e.K.", true),
            ("Backerei Muller", "Bäckerei Müller e.K.", true),
            ("Müller", "Bäckerei Müller e.K.", false),
            ("Becker GmbH & Co. KG", "Becker GmbH", true),
            ("Irgendwer", "AB GmbH", false),
        ];
        for (payer, customer, fits) in table {
            assert_eq!(name_fits(payer, customer), fits, "{payer} / {customer}");
        }
    }
}
