//! Who takes part: names, addresses, and how to reach them. The same types serve the business and its customers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A postal address (EN 16931 BG-5, BG-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// A line above the street, such as a department or `c/o` (BT-36, BT-51).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional: Option<String>,
    /// Street and house number, or a post-office box (BT-35, BT-50).
    pub street: String,
    /// Post code (BT-38, BT-53).
    pub postcode: String,
    /// Town (BT-37, BT-52).
    pub city: String,
    /// Country (BT-40, BT-55).
    #[serde(default)]
    pub country: Country,
}

impl Address {
    /// Returns where it lies for VAT.
    pub fn vat_area(&self) -> VatArea {
        let postcode: String = self.postcode.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
        let begins = |with: &[&str]| with.iter().any(|start| postcode.starts_with(start));
        match self.country.code() {
            // Büsingen and Helgoland (§ 1 (2) UStG).
            "DE" if begins(&["78266", "27498"]) => VatArea::Outside(self.country),
            // The Canary Islands, Ceuta, Melilla; Livigno, Campione; the departments overseas; Åland; Athos (Art. 6 of Directive 2006/112/EC).
            "ES" if begins(&["35", "38", "51", "52"]) => VatArea::Outside(self.country),
            "IT" if begins(&["23041", "22061"]) => VatArea::Outside(self.country),
            "FR" if begins(&["97", "986", "987", "988"]) => VatArea::Outside(self.country),
            "FI" if begins(&["22"]) => VatArea::Outside(self.country),
            "GR" if begins(&["63086"]) => VatArea::Outside(self.country),
            // Monaco counts as France (Art. 7), Liechtenstein as Switzerland (their treaty on VAT).
            "MC" => VatArea::Union(Country(*b"FR")),
            "LI" => VatArea::Outside(Country::CH),
            // For goods, Northern Ireland is a part of the Union (Windsor Framework).
            "GB" if begins(&["BT"]) => VatArea::NorthernIreland,
            _ if self.country.is_in_eu() => VatArea::Union(self.country),
            _ => VatArea::Outside(self.country),
        }
    }

    /// Writes the lines below the name as the post wants them; the country only when the letter leaves `from`.
    pub fn lines(&self, from: Country) -> Vec<String> {
        let mut lines: Vec<String> = self.additional.iter().cloned().collect();
        lines.push(self.street.clone());
        lines.push(format!("{} {}", self.postcode, self.city));
        if self.country != from {
            lines.push(self.country.name().to_owned());
        }
        lines
    }
}

/// Where an address lies for VAT: what is a part of a state need not be a part of its territory of VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VatArea {
    /// In the territory of a member state of the Union.
    Union(Country),
    /// In Northern Ireland: in the Union for goods, outside for services.
    NorthernIreland,
    /// Outside of the Union: in another state, or in a part of a member state that does not belong to it for VAT.
    Outside(Country),
}

/// A country by its ISO 3166-1 code of two letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// The text is not a country code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a country code of two letters such as DE")]
pub struct NotACountry(String);

impl Country {
    /// Germany.
    pub const DE: Country = Country(*b"DE");
    /// Austria.
    pub const AT: Country = Country(*b"AT");
    /// Switzerland.
    pub const CH: Country = Country(*b"CH");

    /// Returns the code: `DE`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("two capital letters")
    }

    /// Tells whether it is a member state of the European Union.
    pub fn is_in_eu(&self) -> bool {
        const MEMBERS: [&[u8; 2]; 27] = [
            b"AT", b"BE", b"BG", b"CY", b"CZ", b"DE", b"DK", b"EE", b"ES", b"FI", b"FR", b"GR", b"HR", b"HU", b"IE",
            b"IT", b"LT", b"LU", b"LV", b"MT", b"NL", b"PL", b"PT", b"RO", b"SE", b"SI", b"SK",
        ];
        MEMBERS.contains(&&self.0)
    }

    /// Returns the name for an address, in capitals as the Universal Postal Union wants it; the code where none is known.
    fn name(&self) -> &str {
        match &self.0 {
            b"DE" => "GERMANY",
            b"AT" => "AUSTRIA",
            b"CH" => "SWITZERLAND",
            b"LI" => "LIECHTENSTEIN",
            b"FR" => "FRANCE",
            b"IT" => "ITALY",
            b"NL" => "NETHERLANDS",
            b"BE" => "BELGIUM",
            b"LU" => "LUXEMBOURG",
            b"PL" => "POLAND",
            b"CZ" => "CZECH REPUBLIC",
            b"DK" => "DENMARK",
            b"ES" => "SPAIN",
            b"GB" => "UNITED KINGDOM",
            b"IE" => "IRELAND",
            b"US" => "UNITED STATES OF AMERICA",
            _ => self.code(),
        }
    }
}

impl Default for Country {
    fn default() -> Self {
        Country::DE
    }
}

impl FromStr for Country {
    type Err = NotACountry;

    fn from_str(text: &str) -> Result<Self, NotACountry> {
        match <[u8; 2]>::try_from(text.as_bytes()) {
            Ok(code @ [b'A'..=b'Z', b'A'..=b'Z']) => Ok(Country(code)),
            _ => Err(NotACountry(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Country {
    type Error = NotACountry;

    fn try_from(text: String) -> Result<Self, NotACountry> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> String {
        country.code().to_owned()
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Where a party receives e-invoices (BT-34, BT-49).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElectronicAddress {
    /// The list that it is from: `EM` e-mail, `0204` Leitweg-ID, `9930` German VAT id.
    pub scheme: String,
    /// The address.
    pub id: String,
}

/// An e-mail address that a mail can really be sent to.
///
/// Narrower than RFC 5322 on purpose: no comments, no quoted local part, no address literal, and a domain with a dot. What
/// people mistype is caught when the book is checked, not when the mail bounces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// The text is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an e-mail address such as rechnung@example.com")]
pub struct NotAnEmail(String);

impl Email {
    /// Returns the address: `rechnung@example.com`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').expect("an address has an @").1
    }
}

impl FromStr for Email {
    type Err = NotAnEmail;

    fn from_str(text: &str) -> Result<Self, NotAnEmail> {
        let valid = text.split_once('@').is_some_and(|(local, domain)| {
            let local_fits = !local.is_empty()
                && local.len() <= 64
                && local.split('.').all(|atom| !atom.is_empty())
                && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
            let domain_fits = domain.len() <= 253
                && domain.contains('.')
                && domain.split('.').all(|label| {
                    !label.is_empty()
                        && label.len() <= 63
                        && !label.starts_with('-')
                        && !label.ends_with('-')
                        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                });
            local_fits && domain_fits
        });
        if valid { Ok(Email(text.to_owned())) } else { Err(NotAnEmail(text.to_owned())) }
    }
}

impl TryFrom<String> for Email {
    type Error = NotAnEmail;

    fn try_from(text: String) -> Result<Self, NotAnEmail> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Removes what a single line of text must not hold: control characters and the marks that turn the direction of writing.
///
/// Names come from files and imports; a line break in one would break a mail's header (fault 27).
pub fn one_line(text: &str) -> String {
    let kept = text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    let kept: String = kept
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_cannot_be_written_to_are_refused() {
        for good in ["a@b.de", "rechnung+2026@xn--mller-kva.de", "o'neill@example.co.uk"] {
            assert!(good.parse::<Email>().is_ok(), "{good}");
        }
        for wrong in [
            "",
            "a",
            "a@b",
            "a b@c.de",
            "\"a b\"@c.de",
            "a@[127.0.0.1]",
            "a@b..de",
            "a.@b.de",
            "a@b.de\r\nBcc: x@y.de",
            "käufer@müller.de",
            "a@b@c.de",
            "a@-b.de",
        ] {
            assert!(wrong.parse::<Email>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_letter_abroad_names_the_country() {
        let address = Address {
            additional: Some("c/o Muster".into()),
            street: "Ringstrasse 1".into(),
            postcode: "1010".into(),
            city: "Wien".into(),
            country: Country::AT,
        };
        assert_eq!(address.lines(Country::AT), ["c/o Muster", "Ringstrasse 1", "1010 Wien"]);
        assert_eq!(address.lines(Country::DE)[3], "AUSTRIA");
    }

    #[test]
    fn for_vat_some_places_lie_elsewhere() {
        let country = |code: &str| -> Country { code.parse().unwrap() };
        let table = [
            ("AT", "1010", VatArea::Union(Country::AT)),
            ("DE", "27498", VatArea::Outside(Country::DE)),
            ("DE", "27499", VatArea::Union(Country::DE)),
            ("ES", "35001", VatArea::Outside(country("ES"))),
            ("GR", "630 86", VatArea::Outside(country("GR"))),
            ("MC", "98000", VatArea::Union(country("FR"))),
            ("LI", "9490", VatArea::Outside(Country::CH)),
            ("GB", "bt1 5gs", VatArea::NorthernIreland),
            ("GB", "SW1A 1AA", VatArea::Outside(country("GB"))),
        ];
        for (code, postcode, area) in table {
            let address = Address {
                additional: None,
                street: "1".into(),
                postcode: postcode.into(),
                city: "-".into(),
                country: country(code),
            };
            assert_eq!(address.vat_area(), area, "{code} {postcode}");
        }
    }

    #[test]
    fn a_name_stays_on_its_line() {
        assert_eq!(one_line("Evil\r\nBcc: x@y.de"), "Evil Bcc: x@y.de");
        assert_eq!(one_line("  A \u{202e}B\u{0}  C "), "A B C");
    }
}
