//! International bank account numbers (ISO 13616).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::rf::{group, mod_97};

/// A valid IBAN, without blanks.
///
/// Its `Debug` and [`Iban::short`] show the ends only: full account numbers do not belong in logs (fault 44).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Iban(String);

/// The text is not an IBAN, or its check digits fail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an IBAN: {1}")]
pub struct NotAnIban(String, &'static str);

/// Lengths of the countries that our users bank in; elsewhere 15 to 34 characters.
const LENGTHS: [(&str, usize); 12] = [
    ("DE", 22),
    ("AT", 20),
    ("CH", 21),
    ("LI", 21),
    ("LU", 20),
    ("NL", 18),
    ("BE", 16),
    ("FR", 27),
    ("IT", 27),
    ("ES", 24),
    ("PL", 28),
    ("CZ", 24),
];

impl Iban {
    /// Returns it without blanks.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Writes it in groups of four, for people.
    pub fn grouped(&self) -> String {
        group(&self.0)
    }

    /// Writes its ends only, for logs and lists: `DE21…2051`.
    pub fn short(&self) -> String {
        short(&self.0)
    }

    /// Tells whether it is a Swiss QR-IBAN (institution 30000 to 31999), which takes QR references only.
    pub fn is_qr(&self) -> bool {
        matches!(&self.0[..2], "CH" | "LI") && matches!(self.0[4..9].parse(), Ok(30_000..=31_999_u32))
    }
}

/// Makes the IBAN of a German account from bank code and number, as all but a few banks do.
pub fn german_iban(bank: &str, number: &str) -> Option<Iban> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if bank.len() != 8 || number.is_empty() || number.len() > 10 || !digits(bank) || !digits(number) {
        return None;
    }
    let account = format!("{bank}{number:0>10}");
    let check = 98 - mod_97(account.bytes().chain(*b"DE00"));
    format!("DE{check:02}{account}").parse().ok()
}

/// Shortens any account number to its ends, so that a log tells which one without giving it away.
pub(crate) fn short(account: &str) -> String {
    let characters: Vec<char> = account.chars().collect();
    if characters.len() <= 8 {
        return account.to_owned();
    }
    let (head, tail) = (&characters[..4], &characters[characters.len() - 4..]);
    format!("{}…{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

impl FromStr for Iban {
    type Err = NotAnIban;

    fn from_str(text: &str) -> Result<Self, NotAnIban> {
        let iban: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let wrong = |why| Err(NotAnIban(text.to_owned(), why));
        let bytes = iban.as_bytes();
        if !(15..=34).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return wrong("it has 15 to 34 letters and digits");
        }
        if !bytes[..2].iter().all(u8::is_ascii_uppercase) || !bytes[2..4].iter().all(u8::is_ascii_digit) {
            return wrong("it begins with a country and two check digits");
        }
        if LENGTHS.iter().any(|(country, length)| iban.starts_with(country) && iban.len() != *length) {
            return wrong("its length does not fit its country");
        }
        if mod_97(bytes[4..].iter().chain(&bytes[..4]).copied()) != 1 {
            return wrong("its check digits do not fit, so a character is mistyped");
        }
        Ok(Iban(iban))
    }
}

impl TryFrom<String> for Iban {
    type Error = NotAnIban;

    fn try_from(text: String) -> Result<Self, NotAnIban> {
        text.parse()
    }
}

impl From<Iban> for String {
    fn from(iban: Iban) -> String {
        iban.0
    }
}

impl fmt::Debug for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_iban_is_refused() {
        let iban: Iban = "de02 1203 0000 0000 2020 51".parse().unwrap();
        assert_eq!(iban.as_str(), "DE02120300000000202051");
        assert_eq!(iban.grouped(), "DE02 1203 0000 0000 2020 51");
        assert_eq!(format!("{iban:?} {}", iban.short()), "DE02…2051 DE02…2051");
        for wrong in [
            "",
            "DE02",
            "DE02120300000000202052",
            "DE0212030000000020205",
            "1202120300000000202051",
            "DEX2120300000000202051",
        ] {
            assert!(wrong.parse::<Iban>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_german_account_has_its_iban() {
        let iban = |bank, number| german_iban(bank, number).map(|iban| iban.as_str().to_owned());
        assert_eq!(iban("12030000", "202051").as_deref(), Some("DE02120300000000202051"));
        for (bank, number) in [("1203000", "202051"), ("12030000", ""), ("12030000", "12345678901"), ("1203000X", "1")]
        {
            assert_eq!(iban(bank, number), None);
        }
    }

    #[test]
    fn a_qr_iban_is_known_by_its_institution() {
        assert!("CH4431999123000889012".parse::<Iban>().unwrap().is_qr());
        assert!(!"CH9300762011623852957".parse::<Iban>().unwrap().is_qr());
    }
}
