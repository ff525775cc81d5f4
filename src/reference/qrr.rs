//! The Swiss QR reference: 26 digits and a check digit, modulo 10 recursive.

use std::fmt;

/// A valid QR reference of 27 digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QrReference(String);

impl QrReference {
    /// Completes up to 26 digits, padded on the left with zeros, by their check digit.
    ///
    /// Returns nothing for anything but 1 to 26 digits.
    pub fn of_digits(digits: &str) -> Option<QrReference> {
        let fits = (1..=26).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| {
            let padded = format!("{digits:0>26}");
            let check = check_digit(&padded);
            QrReference(format!("{padded}{check}"))
        })
    }

    /// Reads a reference as printed; a shorter one is padded on the left (rule M3). Nothing when the check digit fails.
    pub fn parse(text: &str) -> Option<QrReference> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.is_empty() || digits.len() > 27 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let padded = format!("{digits:0>27}");
        let (body, check) = padded.split_at(26);
        (check_digit(body).to_string() == check).then_some(QrReference(padded))
    }

    /// Returns the digits in the groups in which they are printed: two, then five each.
    pub fn grouped(&self) -> String {
        let (first, rest) = self.0.split_at(2);
        let groups = rest.as_bytes().chunks(5).map(|group| std::str::from_utf8(group).expect("digits"));
        std::iter::once(first).chain(groups).collect::<Vec<_>>().join(" ")
    }

    /// Returns the 27 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the check digit of a row of digits, modulo 10 recursive.
fn check_digit(digits: &str) -> u32 {
    const TABLE: [u32; 10] = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
    let carry = digits.bytes().fold(0, |carry, digit| TABLE[((u32::from(digit - b'0') + carry) % 10) as usize]);
    (10 - carry) % 10
}

impl fmt::Display for QrReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_modulo_10_recursive() {
        assert_eq!(QrReference::of_digits("20260012").unwrap().as_str(), "000000000000000000202600126");
        assert_eq!(
            QrReference::parse("21 00000 00003 13947 14300 09017").unwrap().as_str(),
            "210000000003139471430009017"
        );
        assert_eq!(QrReference::parse("202600126").unwrap().as_str(), "000000000000000000202600126");
        assert!(QrReference::parse("202600127").is_none());
        assert!(QrReference::of_digits("").is_none());
    }
}
