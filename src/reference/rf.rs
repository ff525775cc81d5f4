//! The creditor reference of ISO 11649: `RF`, two check digits, up to 21 letters or digits.

use std::fmt;

use super::squeeze;

/// A valid creditor reference, without blanks: `RF34RE20260012`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CreditorReference(String);

impl CreditorReference {
    /// Derives the reference of a document from its number (rule M3): the check digits are 98 − (body + `RF00`) mod 97.
    ///
    /// Returns nothing when the number has no letter or digit, or more than 21.
    pub fn of_number(number: &str) -> Option<CreditorReference> {
        let body = squeeze(number);
        if body.is_empty() || body.len() > 21 || !body.is_ascii() {
            return None;
        }
        let check = 98 - mod_97(body.bytes().chain(*b"RF00"));
        Some(CreditorReference(format!("RF{check:02}{body}")))
    }

    /// Reads a reference as printed, in groups or not; nothing when its check digits fail.
    pub fn parse(text: &str) -> Option<CreditorReference> {
        let squeezed = squeeze(text);
        is_valid(&squeezed).then_some(CreditorReference(squeezed))
    }

    /// Returns it without blanks, for programs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Writes it in groups of four, for people: `RF34 RE20 2600 12`.
    pub fn grouped(&self) -> String {
        group(&self.0)
    }
}

/// Tells whether a squeezed text is a reference whose check digits are right: rotated by four, it is 1 modulo 97.
pub(super) fn is_valid(squeezed: &str) -> bool {
    let bytes = squeezed.as_bytes();
    (5..=25).contains(&bytes.len())
        && bytes.starts_with(b"RF")
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && mod_97(bytes[4..].iter().chain(&bytes[..4]).copied()) == 1
}

/// Returns the remainder modulo 97 (ISO 7064), letters counting from A = 10 to Z = 35.
pub(super) fn mod_97(characters: impl Iterator<Item = u8>) -> u32 {
    characters.fold(0, |rest, c| match c {
        b'0'..=b'9' => (rest * 10 + u32::from(c - b'0')) % 97,
        _ => (rest * 100 + u32::from(c.to_ascii_uppercase() - b'A') + 10) % 97,
    })
}

/// Groups characters by four.
pub(super) fn group(text: &str) -> String {
    text.as_bytes().chunks(4).map(|four| std::str::from_utf8(four).expect("ASCII")).collect::<Vec<_>>().join(" ")
}

impl fmt::Display for CreditorReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_follows_from_the_number() {
        let reference = CreditorReference::of_number("RE-2026-0012").unwrap();
        assert_eq!(reference.as_str(), "RF34RE20260012");
        assert_eq!(reference.grouped(), "RF34 RE20 2600 12");
        assert_eq!(CreditorReference::parse("rf34 re20 2600 12"), Some(reference));
        assert_eq!(CreditorReference::of_number("RE-2026-000000000000000012"), None);
        assert_eq!(CreditorReference::of_number("-"), None);
    }

    #[test]
    fn a_typing_error_is_caught() {
        assert!(CreditorReference::parse("RF34RE20260021").is_none());
        assert!(CreditorReference::parse("RF18539007547034").is_some());
        for wrong in ["", "RF", "RF34", "XX34RE20260012", "RFA4RE20260012"] {
            assert!(CreditorReference::parse(wrong).is_none(), "{wrong}");
        }
    }
}
