//! A contract that the payer quotes instead of an invoice: by its number, or by what his standing order says year after year.

use std::ops::Range;

use super::evidence::Hit;
use super::model::KnownContract;
use super::number::{Gap, Seek, find};
use super::text::{Texts, normalise};
use crate::reference::{segments, squeeze};

/// The shortest text of a standing order that is looked for: shorter ones stand in other texts by chance.
const SHORTEST_PAYER_TEXT: usize = 4;

/// A contract with the place that quotes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted<'c> {
    pub contract: &'c KnownContract,
    pub hit: Hit,
    pub quote: String,
}

/// Finds the contracts that a text quotes, each once.
pub(super) fn quoted<'c>(texts: &Texts, contracts: &'c [KnownContract]) -> Vec<Quoted<'c>> {
    contracts.iter().filter_map(|contract| texts.plain.iter().find_map(|text| quote(text, contract))).collect()
}

fn quote<'c>(text: &str, contract: &'c KnownContract) -> Option<Quoted<'c>> {
    let found = |hit, place: Range<usize>| Quoted { contract, hit, quote: text[place].to_owned() };
    let parts = segments(&contract.number);
    let has_prefix = parts.first().is_some_and(|segment| !segment.digits);
    let digits: usize = parts.iter().filter(|s| s.digits).map(|s| s.text.len()).sum();
    if has_prefix || digits >= 6 {
        let place = find(text, &Seek::literal(&parts), Gap::None).into_iter().next();
        if let Some(place) = place {
            return Some(found(Hit::Contract, place));
        }
    }
    let key = contract.payer_text.as_deref().map(payer_text_key)?;
    let (_, place) = windows(text, key.len()).find(|(window, _)| *window == key)?;
    Some(found(Hit::PayerText, place))
}

/// Returns the key of a payer's text: letters and digits as the matcher sees them. Nothing is found by one that is too short.
pub fn payer_text_key(text: &str) -> String {
    let key = squeeze(&normalise(text));
    if key.len() >= SHORTEST_PAYER_TEXT { key } else { String::new() }
}

/// The pieces of a normalised text with so many letters and digits that begin and end with a word; banks may have put blanks and
/// line ends between.
pub(super) fn windows(text: &str, length: usize) -> impl Iterator<Item = (String, Range<usize>)> {
    let bytes = text.as_bytes();
    let begins = move |at: usize| {
        bytes[at].is_ascii_alphanumeric()
            && at.checked_sub(1).is_none_or(|before| !bytes[before].is_ascii_alphanumeric())
    };
    let window = move |start: usize| {
        let mut own = (start..bytes.len()).filter(|at| bytes[*at].is_ascii_alphanumeric());
        let end = own.by_ref().nth(length.checked_sub(1)?)? + 1;
        let goes_on = bytes.get(end).is_some_and(|next| same_class(bytes[end - 1], *next));
        (!goes_on).then(|| (squeeze(&text[start..end]), start..end))
    };
    (0..bytes.len()).filter(move |at| begins(*at)).filter_map(window)
}

/// Tells whether two characters are both digits or both letters: then a word or number goes on.
fn same_class(one: u8, next: u8) -> bool {
    one.is_ascii_digit() && next.is_ascii_digit() || one.is_ascii_alphabetic() && next.is_ascii_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::CustomerId;
    use crate::matching::Payment;

    #[test]
    fn a_contract_is_quoted_by_number_or_by_the_text_of_a_standing_order() {
        let contract = |number: &str, payer_text: Option<&str>| KnownContract {
            number: number.to_owned(),
            customer: CustomerId::from(1),
            payer_text: payer_text.map(str::to_owned),
        };
        let hall = contract("V-12", Some("Wartung Halle 2"));
        type Row<'a> = (&'a str, &'a KnownContract, Option<(Hit, &'a str)>);
        let table: [Row<'_>; 9] = [
            ("Dauerauftrag V-12", &hall, Some((Hit::Contract, "V-12"))),
            ("Vertrag V 12, danke", &hall, Some((Hit::Contract, "V 12"))),
            ("V-123", &hall, None),
            ("Wartung Halle 2", &hall, Some((Hit::PayerText, "WARTUNG HALLE 2"))),
            ("RE-2025-0007 WARTUNG HAL\nLE 2 MUSTER", &hall, Some((Hit::PayerText, "WARTUNG HAL\nLE 2"))),
            ("Wartung Halle 21", &hall, None),
            ("Altwartung Halle 2", &hall, None),
            ("Miete", &contract("7", Some("Miete")), Some((Hit::PayerText, "MIETE"))),
            ("7 ab", &contract("7", Some("ab")), None),
        ];
        for (text, contract, expected) in table {
            let payment = Payment { remittance: vec![text.to_owned()], ..Payment::default() };
            let found = quoted(&Texts::of(&payment), std::slice::from_ref(contract));
            let found = found.first().map(|quoted| (quoted.hit, quoted.quote.as_str()));
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
