//! Whose money it is: the customer by number, account or name (rungs R5 and R6).

use std::ops::Range;

use super::model::{KnownCustomer, Payment};
use super::number::{Gap, Seek, find, is_separator};
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

/// Tells whether a customer's number stands in a text.
fn named_by_number(texts: &Texts, customer: &KnownCustomer) -> bool {
    let parts = segments(&customer.number);
    texts.plain.iter().any(|text| !customer_numbers(text, &Seek::literal(&parts)).is_empty())
}

/// Finds the places of a customer's number, or of all numbers of a shape (rule M4 Customer number): it stands alone, and one that is short
/// behind a word for customer.
pub(super) fn customer_numbers(text: &str, number: &[Seek<'_>]) -> Vec<Range<usize>> {
    let length = |digits: bool| number.iter().filter(|s| s.is_digits() == digits).map(|s| s.len()).sum::<usize>();
    let (digits, letters) = (length(true), length(false));
    let is_long = if letters > 0 { digits + letters >= SHORTEST_MIXED } else { digits >= SHORTEST_DIGITS };
    let mut places = if digits > 0 { find(text, number, Gap::None) } else { Vec::new() };
    places.retain(|place| stands_alone(text, place) && (is_long || is_behind_word_for_customer(text, place.start)));
    places
}

/// The fewest letters and digits of a number that counts wherever it stands.
const SHORTEST_MIXED: usize = 4;

/// The fewest digits of one without letters.
const SHORTEST_DIGITS: usize = 6;

/// Neither a letter nor a digit stands directly before or behind, and no `.` or `-` with a digit behind: it is no part of anything.
fn stands_alone(text: &str, place: &Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let before = place.start.checked_sub(1).map(|at| bytes[at]);
    let behind = bytes.get(place.end);
    let goes_on =
        matches!(behind, Some(b'.' | b'-')) && bytes.get(place.end + 1).is_some_and(|next| next.is_ascii_digit());
    !before.is_some_and(|b| b.is_ascii_alphanumeric()) && !behind.is_some_and(u8::is_ascii_alphanumeric) && !goes_on
}

/// What words for customer begin with.
const CUSTOMER_WORDS: [&str; 5] = ["KD", "KND", "KUNDE", "CUSTOMER", "DEBITOR"];

/// What may stand between such a word and the number.
const NUMBER_WORDS: [&str; 4] = ["NR", "NO", "NUMMER", "NUMBER"];

/// Tells whether a word for customer stands before a place: `KUNDENNUMMER: `, `KD.-NR. `.
fn is_behind_word_for_customer(text: &str, at: usize) -> bool {
    let is_customer = |word: &str| CUSTOMER_WORDS.iter().any(|known| word.starts_with(known));
    let Some((word, start)) = word_before(text, at) else { return false };
    is_customer(word)
        || NUMBER_WORDS.contains(&word) && word_before(text, start).is_some_and(|(word, _)| is_customer(word))
}

/// Returns the word before a place, up to three separators away, and where it begins.
fn word_before(text: &str, at: usize) -> Option<(&str, usize)> {
    let bytes = &text.as_bytes()[..at];
    let separators = bytes.iter().rev().take_while(|b| is_separator(**b)).count();
    let end = at.checked_sub(separators).filter(|_| separators <= 3)?;
    let letters = bytes[..end].iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    (letters > 0).then(|| (&text[end - letters..end], end - letters))
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

/// Tells whether a payer's name and a customer's have a word of four letters or more in common: it may be his money.
pub fn shares_a_word(payer: &str, customer: &str) -> bool {
    let wanted = name_words(customer);
    name_words(payer).iter().any(|word| word.len() >= SHORTEST_SHARED && wanted.contains(word))
}

/// The fewest letters of a word that two names may have in common by more than chance.
const SHORTEST_SHARED: usize = 4;

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
    fn a_customers_number_stands_alone_and_a_short_one_behind_a_word() {
        for (text, number, is_named) in [
            ("KUNDE K-1001 DANKE", "K-1001", true),
            ("K1001", "K-1001", true),
            ("XK-1001", "K-1001", false),
            ("K-1001X", "K-1001", false),
            ("K-1001-2", "K-1001", false),
            ("MIETE HAUS K 1", "K-1", false),
            ("KUNDENNUMMER: K-1", "K-1", true),
            ("WEG 1 10115 BERLIN", "10115", false),
            ("KD.-NR. 10115", "10115", true),
            ("KDNR10115", "10115", false),
            ("KDNR 10115", "10115", true),
            ("TEL 1234567", "1234567", true),
            ("20.101150", "101150", false),
            ("KUNDE MUSTER", "MUSTER", false),
        ] {
            let parts = segments(number);
            assert_eq!(!customer_numbers(text, &Seek::literal(&parts)).is_empty(), is_named, "{number} in {text:?}");
        }
    }

    #[test]
    fn names_share_a_word_that_is_no_legal_form() {
        let table = [
            ("Heinz Becker", "Becker GmbH", true),
            ("JAGER, ANNA", "Jäger & Söhne KG", true),
            ("Petra Huber", "Becker GmbH", false),
            ("Max Bär", "Bär GmbH", false),
            ("Nord Unternehmergesellschaft", "Becker Unternehmergesellschaft", false),
        ];
        for (payer, customer, shares) in table {
            assert_eq!(shares_a_word(payer, customer), shares, "{payer} / {customer}");
        }
    }

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
