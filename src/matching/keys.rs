//! The few keys of a payment that are worth looking up, and the keys that documents and customers are found by.
//!
//! Open invoices are never scanned: whatever evidence there can be in a text, it leads to one of these keys, so a payment costs
//! the same with a thousand invoices or a million. [`super::decide`] judges what the keys find; they only must not miss.

use std::collections::BTreeSet;
use std::ops::Range;

use super::contract::windows;
use super::customer::{customer_numbers, name_words};
use super::evidence::MOST_OF_RANGE;
use super::key_kind::KeyKind;
use super::list::list_behind;
use super::model::Payment;
use super::number::{Gap, Seek, find};
use super::text::Texts;
use crate::reference::{CreditorReference, QrReference, digits_of, squeeze};

/// The most document keys of one payment, and as many again for the numbers within a range.
const MOST: usize = 100;

/// What a payment is looked up by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// Keys of documents: (kind, key).
    pub documents: Vec<(KeyKind, String)>,
    /// Keys of customers by number and account: (kind, key). Those by name ([`name_keys`]) are many; they are looked up only
    /// where nothing is named.
    pub customers: Vec<(KeyKind, String)>,
}

/// What texts are searched for: the shapes of the numbers in the books (`A2 D4 D4`), and the lengths of payers' texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shapes {
    /// Of documents.
    pub documents: Vec<String>,
    /// Of customers.
    pub customers: Vec<String>,
    /// Of contracts.
    pub contracts: Vec<String>,
    /// How many letters and digits the texts of standing orders have.
    pub payer_texts: Vec<usize>,
}

/// Returns the keys that a document is found by: `rf`, `qrr`, `number`, and the digits with and without leading zeros of the
/// last segment.
pub fn document_keys(number: &str, rf: Option<&str>, qrr: Option<&str>) -> Vec<(KeyKind, String)> {
    let mut keys = vec![(KeyKind::Number, squeeze(number))];
    keys.extend(rf.filter(|rf| !rf.is_empty()).map(|rf| (KeyKind::Rf, rf.to_owned())));
    keys.extend(qrr.map(|qrr| (KeyKind::Qrr, qrr.to_owned())));
    if let Some((full, short)) = digits_of(number) {
        keys.push((KeyKind::Digits, full.clone()));
        if short != full {
            keys.push((KeyKind::DigitsShort, short));
        }
    }
    keys
}

/// Returns the keys that a reminder or dunning letter is found by: its number, and the creditor reference that follows from it. Not its
/// digits alone: they are those of an invoice as well (E2).
pub fn letter_keys(number: &str) -> Vec<(KeyKind, String)> {
    let reference = CreditorReference::of_number(number).map(|reference| (KeyKind::Rf, reference.as_str().to_owned()));
    [(KeyKind::Number, squeeze(number))].into_iter().chain(reference).collect()
}

/// Returns the key that a customer's name is found by: its words in one order. Nothing for a name without words.
pub fn customer_name_key(name: &str) -> Option<String> {
    let mut words = name_words(name);
    words.sort_unstable();
    words.dedup();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The most words of a payer's name that are combined.
const MOST_WORDS: usize = 8;

/// Returns the keys of all customers whose whole name a payer's name may contain (R6): one for each choice among its words. A
/// look-up by single words would find every Müller in the books.
pub fn name_keys(payer: &str) -> Vec<(KeyKind, String)> {
    let mut words = name_words(payer);
    let whole = (words.len() > MOST_WORDS).then(|| customer_name_key(payer)).flatten();
    words.truncate(MOST_WORDS);
    words.sort_unstable();
    words.dedup();
    let choice = |bits: u32| {
        let chosen =
            words.iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1).map(|(_, word)| word.as_str());
        chosen.collect::<Vec<_>>().join(" ")
    };
    (1..1_u32 << words.len()).map(choice).chain(whole).map(|key| (KeyKind::Name, key)).collect()
}

/// Returns the keys of a payment.
pub fn keys(payment: &Payment, shapes: &Shapes) -> Keys {
    let texts = Texts::of(payment);
    let mut documents = Collected::default();
    for structured in &payment.structured {
        documents.add(KeyKind::Rf, squeeze(&structured.value));
        if let Some(qrr) = QrReference::parse(&structured.value) {
            documents.add(KeyKind::Qrr, qrr.as_str().to_owned());
        }
    }
    for text in &texts.squeezed {
        references_in(text, &mut documents);
    }
    let numbers: Vec<Shape> = shapes.documents.iter().filter_map(|shape| Shape::parse(shape)).collect();
    for text in &texts.plain {
        for shape in &numbers {
            shape.numbers_in(text, &mut documents);
        }
    }
    // Last, for they are many and only warn: digits that stand in a text by chance (the shadow check).
    for text in &texts.squeezed {
        for shape in &numbers {
            shape.digits_in(text, &mut documents);
        }
    }

    let mut customers = Collected::default();
    for text in &texts.plain {
        for shape in shapes.customers.iter().filter_map(|shape| Shape::parse(shape)) {
            for place in customer_numbers(text, &shape.0) {
                customers.add(KeyKind::Customer, squeeze(&text[place]));
            }
        }
        for shape in shapes.contracts.iter().filter_map(|shape| Shape::parse(shape)) {
            for place in find(text, &shape.0, Gap::None) {
                customers.add(KeyKind::Contract, squeeze(&text[place]));
            }
        }
    }
    if let Some(iban) = &payment.payer_iban {
        customers.add(KeyKind::Iban, iban.clone());
    }
    for text in &texts.plain {
        for length in &shapes.payer_texts {
            for (window, _) in windows(text, *length) {
                customers.add(KeyKind::PayerText, window);
            }
        }
    }
    Keys { documents: documents.list, customers: customers.list }
}

/// Keys in the order of their worth, each once.
#[derive(Default)]
struct Collected {
    list: Vec<(KeyKind, String)>,
    seen: BTreeSet<(KeyKind, String)>,
    /// How many of them are numbers within a range, which count for themselves.
    of_ranges: usize,
}

impl Collected {
    fn add(&mut self, kind: KeyKind, key: String) {
        if self.list.len() < MOST + self.of_ranges && !key.is_empty() && self.seen.insert((kind, key.clone())) {
            self.list.push((kind, key));
        }
    }

    /// Adds the numbers between two of a range; `name` makes a key of a sequence.
    fn add_range(&mut self, kind: KeyKind, first: &str, last: &str, name: impl Fn(u64) -> String) {
        let (Ok(first), Ok(last)) = (first.parse::<u64>(), last.parse::<u64>()) else { return };
        if last.saturating_sub(first) > MOST_OF_RANGE {
            return;
        }
        for sequence in first.saturating_add(1)..last {
            let key = (kind, name(sequence));
            if self.of_ranges < MOST && self.seen.insert(key.clone()) {
                self.list.push(key);
                self.of_ranges += 1;
            }
        }
    }
}

/// RF and QRR references anywhere in a squeezed text: all that have the right check digits.
fn references_in(squeezed: &str, keys: &mut Collected) {
    for (at, _) in squeezed.match_indices("RF") {
        let rest = &squeezed[at..];
        // The longest first: a shorter one inside it is right by chance.
        for length in (5..=rest.len().min(25)).rev() {
            if let Some(reference) = CreditorReference::parse(&rest[..length]) {
                keys.add(KeyKind::Rf, reference.as_str().to_owned());
            }
        }
    }
    let bytes = squeezed.as_bytes();
    for window in bytes.windows(27).filter(|window| window.iter().all(u8::is_ascii_digit)) {
        let digits = std::str::from_utf8(window).expect("digits");
        if let Some(reference) = QrReference::parse(digits) {
            keys.add(KeyKind::Qrr, reference.as_str().to_owned());
        }
    }
}

/// A shape of numbers, `A2 D4 D4`.
struct Shape(Vec<Seek<'static>>);

impl Shape {
    fn parse(shape: &str) -> Option<Shape> {
        let segment = |text: &str| -> Option<Seek<'static>> {
            let length = text.get(1..)?.parse().ok()?;
            match text.as_bytes()[0] {
                b'A' => Some(Seek::Letters(length)),
                b'D' => Some(Seek::Digits(length)),
                _ => None,
            }
        };
        let segments: Option<Vec<_>> = shape.split(' ').filter(|part| !part.is_empty()).map(segment).collect();
        segments.filter(|segments| !segments.is_empty()).map(Shape)
    }

    fn full(&self) -> Vec<Seek<'static>> {
        self.0.clone()
    }

    /// The digits behind a letter prefix, where only digits follow.
    fn without_prefix(&self) -> Option<&[Seek<'static>]> {
        let rest = match self.0.first() {
            Some(Seek::Letters(_)) => &self.0[1..],
            _ => &self.0[..],
        };
        (!rest.is_empty() && rest.iter().all(|segment| matches!(segment, Seek::Digits(_)))).then_some(rest)
    }

    /// Numbers of this shape in a text: whole (E1), without prefix (E2), shortened (E3), broken (E4), and lists (E5).
    fn numbers_in(&self, text: &str, keys: &mut Collected) {
        for gap in [Gap::None, Gap::OneInside] {
            for place in find(text, &self.0, gap) {
                let number = squeeze(&text[place.clone()]);
                keys.add(KeyKind::Number, number.clone());
                self.list_in(text, KeyKind::Number, &place, &number, keys);
            }
            if let Some(digits) = self.without_prefix() {
                for place in find(text, digits, gap) {
                    let number = squeeze(&text[place.clone()]);
                    keys.add(KeyKind::Digits, number.clone());
                    self.list_in(text, KeyKind::Digits, &place, &number, keys);
                }
            }
        }
        let (Some(Seek::Letters(_)), Some(Seek::Digits(width))) = (self.0.first(), self.0.last()) else { return };
        for length in (1..*width).rev() {
            let mut shortened = self.full();
            *shortened.last_mut().expect("a last segment") = Seek::Digits(length);
            for place in find(text, &shortened, Gap::None) {
                let digits: String = squeeze(&text[place]).chars().filter(char::is_ascii_digit).collect();
                keys.add(KeyKind::DigitsShort, digits);
            }
        }
    }

    /// The list behind a number: of the same kind, for its prefix is written or left out in all of it.
    fn list_in(&self, text: &str, kind: KeyKind, place: &Range<usize>, number: &str, keys: &mut Collected) {
        let Some((Seek::Digits(width), others)) = self.0.split_last() else { return };
        let (head, first) = number.split_at(number.len() - width);
        let is_written = kind == KeyKind::Number;
        let mut rest = head;
        let others = others.iter().map(|segment| match segment {
            Seek::Letters(_) if !is_written => *segment,
            segment @ (Seek::Letters(_) | Seek::Digits(_) | Seek::Literal(_)) => {
                let (own, behind) = rest.split_at(segment.len());
                rest = behind;
                Seek::Literal(own)
            }
        });
        let others: Vec<Seek<'_>> = others.collect();
        let mut before = first.to_owned();
        for next in list_behind(text, place.end, &others, *width).numbers {
            let padded = format!("{:0>width$}", &text[next.digits]);
            keys.add(kind, format!("{head}{padded}"));
            if next.ends_range {
                keys.add_range(kind, &before, &padded, |sequence| format!("{head}{sequence:0>width$}"));
            }
            before = padded;
        }
    }

    /// All windows of digits as long as the digits of such a number, with or without leading zeros.
    fn digits_in(&self, squeezed: &str, keys: &mut Collected) {
        let Some(digits) = self.without_prefix() else { return };
        let lengths: Vec<usize> = digits.iter().map(|s| if let Seek::Digits(n) = s { *n } else { 0 }).collect();
        let (full, last) = (lengths.iter().sum::<usize>(), lengths[lengths.len() - 1]);
        for length in (6.max(full + 1 - last)..=full).rev() {
            for window in squeezed.as_bytes().windows(length).filter(|w| w.iter().all(u8::is_ascii_digit)) {
                let kind = if length == full { KeyKind::Digits } else { KeyKind::DigitsShort };
                keys.add(kind, std::str::from_utf8(window).expect("digits").to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes() -> Shapes {
        Shapes {
            documents: vec!["A2 D4 D4".to_owned()],
            customers: vec!["A1 D4".to_owned()],
            contracts: vec!["A1 D2".to_owned()],
            payer_texts: vec![13],
        }
    }

    fn document_keys_of(text: &str) -> Vec<String> {
        let payment = Payment { remittance: vec![text.to_owned()], ..Payment::default() };
        keys(&payment, &shapes()).documents.into_iter().map(|(kind, key)| format!("{} {key}", kind.name())).collect()
    }

    #[test]
    fn each_way_to_name_a_document_leads_to_its_key() {
        let table = [
            ("Rechnung RF34 RE20 2600 12", "rf RF34RE20260012"),
            ("RE-2026-0012", "number RE20260012"),
            ("Rg 2026/0012", "digits 20260012"),
            ("RE-2026-12", "digits_short 202612"),
            ("RE-2026-00\n12", "number RE20260012"),
            ("RE-2026-0012/13", "number RE20260013"),
            ("2026/0012 und 14", "digits 20260014"),
            ("RE-2026-0012 bis -0014", "number RE20260013"),
            ("2026/0012 bis 2026/0014", "digits 20260013"),
            ("RE-2026-0012 (119,00)\nund 14", "number RE20260014"),
            ("x20260012x", "digits 20260012"),
        ];
        for (text, key) in table {
            assert!(document_keys_of(text).iter().any(|k| k == key), "{text:?}: {:?}", document_keys_of(text));
        }
    }

    #[test]
    fn a_hostile_text_yields_few_keys() {
        assert!(document_keys_of(&"0123456789 ".repeat(100_000)).len() <= MOST);
        assert!(document_keys_of(&"RE-2026-0001 bis 0100 ".repeat(10_000)).len() <= 2 * MOST);
    }

    #[test]
    fn a_customer_is_found_by_number_contract_account_and_text() {
        let payment = Payment {
            remittance: vec!["Kundin K-1017 V-12 Wartung Halle 2".to_owned()],
            payer_iban: Some("DE1".to_owned()),
            ..Payment::default()
        };
        let expected = [
            (KeyKind::Customer, "K1017"),
            (KeyKind::Contract, "V12"),
            (KeyKind::Iban, "DE1"),
            (KeyKind::PayerText, "WARTUNGHALLE2"),
        ];
        assert_eq!(keys(&payment, &shapes()).customers, expected.map(|(kind, key)| (kind, key.to_owned())));
    }

    #[test]
    fn a_customer_is_found_by_a_payers_name_that_contains_the_whole_name() {
        let long = "Eins Zwei Drei Vier Fünf Sechs Sieben Acht Neun";
        let table = [
            ("Becker GmbH", "Firma Becker", true),
            ("Anna Müller", "MUELLER ANNA UND BEN", true),
            ("Anna Müller", "Ben Müller", false),
            ("Müller Müller", "Müller", true),
            ("", "Becker", false),
            (long, long, true),
        ];
        for (customer, payer, found) in table {
            let by_key =
                customer_name_key(customer).is_some_and(|key| name_keys(payer).contains(&(KeyKind::Name, key)));
            assert_eq!(by_key, found, "{customer:?} {payer:?}");
            assert_eq!(super::super::name_fits(payer, customer), found, "{customer:?} {payer:?}");
        }
        assert!(name_keys(&"Ein Haus am See ".repeat(1000)).len() <= 256);
    }
}
