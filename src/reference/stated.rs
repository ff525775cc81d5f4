//! A reference within a text that says more: `Bitte angeben: RF18 5390 0754 7034`.

use super::squeeze;

/// No reference is longer (a QR reference), so none has more words.
const LONGEST: usize = 27;

/// Finds the first reference in a text, in groups or not, beginning and ending with a word. `parse` gets it without what separates its
/// groups. The longest counts: a shorter one inside it is right by chance.
pub fn stated<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).map(squeeze).filter(|w| !w.is_empty()).collect();
    let from = |from: usize| {
        let longest = words.len().min(from + LONGEST);
        (from + 1..=longest).rev().find_map(|to| parse(&words[from..to].concat()))
    };
    (0..words.len()).find_map(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{CreditorReference, QrReference};

    #[test]
    fn a_reference_is_found_in_a_text_that_says_more() {
        for (text, expected) in [
            ("RF18539007547034", Some("RF18539007547034")),
            ("rf18 5390 0754 7034", Some("RF18539007547034")),
            ("Bitte angeben: RF18 5390 0754 7034, Rechnung 12", Some("RF18539007547034")),
            ("Ref:RF34RE20260012/Becker", Some("RF34RE20260012")),
            ("Größe RF34 RE20 2600 12 ß", Some("RF34RE20260012")),
            ("RF34 RE20 2600 21", None),
            ("XRF34RE20260012", None),
            ("", None),
        ] {
            let found = stated(text, CreditorReference::parse);
            assert_eq!(found.as_ref().map(CreditorReference::as_str), expected, "{text}");
        }
        let in_full = |text: &str| QrReference::parse(text).filter(|reference| reference.as_str() == text);
        let found = stated("QR-Referenz 21 00000 00003 13947 14300 09017 vom 1.2.", in_full);
        assert_eq!(found.unwrap().as_str(), "210000000003139471430009017");
        assert!(stated("Rechnung 2026-0012", in_full).is_none());
    }
}
