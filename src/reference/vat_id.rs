//! VAT ids: the prefix of a state, and digits that prove themselves.
//!
//! An id is refused when its form is not that of its state, or when its check digits are wrong. States publish the forms (Commission,
//! VIES, "structure of VAT identification numbers"); most publish the check digits as well. Where a state gives people ids of
//! another kind, whose check digits are not published or not sure, the form is all that is asked for: whoever is refused wrongly
//! cannot be invoiced at all. Whether an id is really somebody's, only VIES knows, and nobody asks it here.

use std::fmt;
use std::str::FromStr;

use super::rf::mod_97;
use crate::party::Country;

/// A VAT id that may be one, without blanks and dots: `DE129273398`, `CHE107787577MWST`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VatId {
    text: String,
    state: Country,
}

/// The text is no VAT id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAVatId {
    /// It begins with no prefix that VAT ids of the EU or Switzerland have.
    #[error("`{0}` begins with no state of the EU that gives VAT ids, nor with CHE")]
    Prefix(String),
    /// It has not the form of its state's ids.
    #[error("`{text}` has not the form of a VAT id of its state, such as {example}")]
    Form {
        /// What is written.
        text: String,
        /// The form, by an example.
        example: &'static str,
    },
    /// Its check digits are wrong.
    #[error("the check digits of `{0}` are wrong, so a digit is mistyped")]
    CheckDigits(String),
}

impl VatId {
    /// Returns the id without blanks, dots and dashes.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the state that gave it.
    pub fn state(&self) -> Country {
        self.state
    }

    /// Tells whether it is one of Northern Ireland, which is good for goods within the Union.
    pub fn is_northern_irish(&self) -> bool {
        self.text.starts_with("XI")
    }
}

impl fmt::Display for VatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for VatId {
    type Err = NotAVatId;

    fn from_str(written: &str) -> Result<VatId, NotAVatId> {
        let separators = [' ', '\u{a0}', '.', '-', '/'];
        let text: String = written.trim().chars().filter(|c| !separators.contains(c)).collect();
        let text = text.to_ascii_uppercase();
        let of_prefix = |scheme: &&Scheme| text.starts_with(scheme.prefix);
        let scheme = SCHEMES.iter().find(of_prefix).ok_or_else(|| NotAVatId::Prefix(written.to_owned()))?;
        match (scheme.check)(&text[scheme.prefix.len()..]) {
            None => Err(NotAVatId::Form { text: written.to_owned(), example: scheme.example }),
            Some(false) => Err(NotAVatId::CheckDigits(written.to_owned())),
            Some(true) => Ok(VatId { state: scheme.state.parse().expect("the table holds countries"), text }),
        }
    }
}

/// How a state writes its ids.
struct Scheme {
    /// What they begin with.
    prefix: &'static str,
    /// The state's code: Greece writes EL, Northern Ireland is a part of the United Kingdom.
    state: &'static str,
    example: &'static str,
    /// Tells of what stands behind the prefix whether its check digits are right; nothing when its form is not the state's.
    check: fn(&str) -> Option<bool>,
}

const fn scheme(
    prefix: &'static str,
    state: &'static str,
    example: &'static str,
    check: fn(&str) -> Option<bool>,
) -> Scheme {
    Scheme { prefix, state, example, check }
}

const SCHEMES: [Scheme; 29] = [
    scheme("AT", "AT", "ATU13585627", austria),
    scheme("BE", "BE", "BE0403019261", belgium),
    scheme("BG", "BG", "BG175074752", bulgaria),
    scheme("CHE", "CH", "CHE-107.787.577 MWST", switzerland),
    scheme("CY", "CY", "CY10259033P", cyprus),
    scheme("CZ", "CZ", "CZ25123891", czechia),
    scheme("DE", "DE", "DE136695976", germany),
    scheme("DK", "DK", "DK13585628", denmark),
    scheme("EE", "EE", "EE100931558", estonia),
    scheme("EL", "GR", "EL094259216", greece),
    scheme("ES", "ES", "ES54362315K", spain),
    scheme("FI", "FI", "FI20774740", finland),
    scheme("FR", "FR", "FR40303265045", france),
    scheme("HR", "HR", "HR33392005961", croatia),
    scheme("HU", "HU", "HU12892312", hungary),
    scheme("IE", "IE", "IE6433435F", ireland),
    scheme("IT", "IT", "IT00743110157", italy),
    scheme("LT", "LT", "LT119511515", lithuania),
    scheme("LU", "LU", "LU15027442", luxembourg),
    scheme("LV", "LV", "LV40003521600", latvia),
    scheme("MT", "MT", "MT11679112", malta),
    scheme("NL", "NL", "NL004495445B01", netherlands),
    scheme("PL", "PL", "PL8567346215", poland),
    scheme("PT", "PT", "PT501964843", portugal),
    scheme("RO", "RO", "RO18547290", romania),
    scheme("SE", "SE", "SE123456789701", sweden),
    scheme("SI", "SI", "SI50223054", slovenia),
    scheme("SK", "SK", "SK2022749619", slovakia),
    scheme("XI", "GB", "XI980780684", northern_ireland),
];

/// Reads a text of digits alone, of one of some lengths.
fn digits(text: &str, lengths: &[usize]) -> Option<Vec<u32>> {
    lengths.contains(&text.len()).then_some(())?;
    text.chars().map(|c| c.to_digit(10)).collect()
}

/// Adds up digits times weights; as many as there are weights.
fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// Reads digits as a number.
fn number(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
}

/// Luhn: every second digit from the right is doubled, and its digits added.
fn luhn(digits: &[u32]) -> u32 {
    let doubled = |(place, digit): (usize, &u32)| if place % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { *digit };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10
}

/// ISO 7064, mod 11,10.
fn mod_11_10(digits: &[u32]) -> bool {
    let (last, rest) = digits.split_last().expect("its length was looked at");
    let product = rest.iter().fold(10, |product, digit| match (digit + product) % 10 {
        0 => 20 % 11,
        sum => sum * 2 % 11,
    });
    (11 - product) % 10 == *last
}

fn austria(rest: &str) -> Option<bool> {
    let d = digits(rest.strip_prefix('U')?, &[8])?;
    let sum: u32 = (0..7).map(|i| if i % 2 == 1 { d[i] * 2 / 10 + d[i] * 2 % 10 } else { d[i] }).sum();
    Some((100 - sum - 4) % 10 == d[7])
}

fn belgium(rest: &str) -> Option<bool> {
    let d = digits(rest, &[10]).filter(|d| d[0] <= 1)?;
    Some((number(&d[..8]) + number(&d[8..])).is_multiple_of(97))
}

fn bulgaria(rest: &str) -> Option<bool> {
    let d = digits(rest, &[9, 10])?;
    if d.len() == 10 {
        // People and foreigners: three kinds, one of which it may be.
        return Some(true);
    }
    let check = match weighted(&d, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11 {
        10 => weighted(&d, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10,
        check => check,
    };
    Some(check == d[8])
}

/// The UID with its check digit, with or without the word for VAT.
fn switzerland(rest: &str) -> Option<bool> {
    let words = ["MWST", "TVA", "IVA", "TPV"];
    let uid = words.iter().find_map(|word| rest.strip_suffix(word)).unwrap_or(rest);
    let d = digits(uid, &[9])?;
    Some((11 - weighted(&d, &[5, 4, 3, 2, 7, 6, 5, 4]) % 11) % 11 == d[8])
}

fn cyprus(rest: &str) -> Option<bool> {
    let d = digits(rest.get(..8)?, &[8])?;
    let letter = rest[8..].chars().next().filter(|c| rest.len() == 9 && c.is_ascii_uppercase())?;
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let sum: u32 = d.chunks(2).map(|pair| ODD[pair[0] as usize] + pair[1]).sum();
    Some(u32::from(letter) - u32::from('A') == sum % 26)
}

fn czechia(rest: &str) -> Option<bool> {
    let d = digits(rest, &[8, 9, 10])?;
    Some(match d.len() {
        8 if d[0] == 9 => return None,
        8 => match (11 - weighted(&d, &[8, 7, 6, 5, 4, 3, 2]) % 11) % 11 {
            0 => d[7] == 1,
            check => d[7] == check % 10,
        },
        // People; those born before 1954 have no check digit.
        9 => true,
        _ => number(&d[..9]) % 11 % 10 == u64::from(d[9]),
    })
}

fn germany(rest: &str) -> Option<bool> {
    let d = digits(rest, &[9]).filter(|d| d[0] != 0)?;
    Some(mod_11_10(&d))
}

fn denmark(rest: &str) -> Option<bool> {
    let d = digits(rest, &[8]).filter(|d| d[0] != 0)?;
    Some(weighted(&d, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11))
}

fn estonia(rest: &str) -> Option<bool> {
    let d = digits(rest, &[9])?;
    Some(weighted(&d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10))
}

fn greece(rest: &str) -> Option<bool> {
    let d = digits(rest, &[9])?;
    Some(weighted(&d, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == d[8])
}

fn spain(rest: &str) -> Option<bool> {
    let last = rest.chars().next_back().filter(char::is_ascii_alphanumeric)?;
    let first = rest.chars().next().filter(|_| rest.is_ascii() && rest.len() == 9)?;
    let middle = digits(&rest[1..8], &[7])?;
    let of_person = |lead: u32| {
        let letter = b"TRWAGMYFPDXBNJZSQVHLCKE"[((u64::from(lead) * 10_000_000 + number(&middle)) % 23) as usize];
        last == char::from(letter)
    };
    Some(match first {
        '0'..='9' => of_person(first.to_digit(10)?),
        'K' | 'L' | 'M' | 'X' => of_person(0),
        'Y' => of_person(1),
        'Z' => of_person(2),
        // Companies: a digit or a letter, by the kind of company, about which sources differ.
        'A'..='H' | 'J' | 'N' | 'P'..='S' | 'U'..='W' => {
            let check = (10 - luhn(&[middle.as_slice(), &[0]].concat())) % 10;
            last.to_digit(10) == Some(check) || last == char::from(b"JABCDEFGHI"[check as usize])
        }
        _ => return None,
    })
}

fn finland(rest: &str) -> Option<bool> {
    let d = digits(rest, &[8])?;
    Some(weighted(&d, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11))
}

/// A key and the company's number. Keys with letters are rare, and their rule is not published.
fn france(rest: &str) -> Option<bool> {
    let (key, siren) = rest.split_at_checked(2)?;
    let d = digits(siren, &[9])?;
    let is_key = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() && !matches!(c, 'I' | 'O');
    key.chars().all(is_key).then_some(())?;
    let Ok(key) = key.parse::<u64>() else { return Some(luhn(&d) == 0) };
    // Numbers of Monaco begin with 000 and are no company's number of France.
    let is_company = d[..3] == [0, 0, 0] || luhn(&d) == 0;
    Some(is_company && (number(&d) * 100 + 12) % 97 == key)
}

fn croatia(rest: &str) -> Option<bool> {
    Some(mod_11_10(&digits(rest, &[11])?))
}

fn hungary(rest: &str) -> Option<bool> {
    let d = digits(rest, &[8])?;
    Some(weighted(&d, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10))
}

/// Seven digits, the check letter, and since 2013 perhaps another letter; ids of old have a sign in second place.
fn ireland(rest: &str) -> Option<bool> {
    const LETTERS: &str = "WABCDEFGHIJKLMNOPQRSTUV";
    let letter = |c: char| LETTERS.find(c).and_then(|place| u32::try_from(place).ok());
    let signs: Vec<char> = rest.chars().collect();
    if !matches!(signs.len(), 8 | 9) {
        return None;
    }
    let old = signs[1].to_digit(10).is_none();
    let order: [usize; 7] = if old { [7, 2, 3, 4, 5, 6, 0] } else { [0, 1, 2, 3, 4, 5, 6] };
    if old && !(signs.len() == 8 && (signs[1].is_ascii_uppercase() || matches!(signs[1], '+' | '*'))) {
        return None;
    }
    let d: Vec<u32> = order
        .iter()
        .enumerate()
        .map(|(place, from)| if old && place == 0 { Some(0) } else { signs[*from].to_digit(10) })
        .collect::<Option<_>>()?;
    let more = match signs.get(8) {
        Some(sign) => letter(*sign)? * 9,
        None => 0,
    };
    Some((weighted(&d, &[8, 7, 6, 5, 4, 3, 2]) + more) % 23 == letter(signs[7])?)
}

fn italy(rest: &str) -> Option<bool> {
    let d = digits(rest, &[11])?;
    let province = number(&d[7..10]);
    (matches!(province, 1..=100 | 120 | 121 | 888 | 999) && number(&d[..7]) > 0).then_some(())?;
    Some(luhn(&d) == 0)
}

fn lithuania(rest: &str) -> Option<bool> {
    let d = digits(rest, &[9, 12])?;
    let (last, before) = d.split_last()?;
    (before.last() == Some(&1)).then_some(())?;
    let sum = |shift: u32| -> u32 {
        (0..).zip(before).map(|(place, digit): (u32, _)| (1 + (place + shift) % 9) * digit).sum()
    };
    let check = match sum(0) % 11 {
        10 => sum(2) % 11 % 10,
        check => check,
    };
    Some(check == *last)
}

fn luxembourg(rest: &str) -> Option<bool> {
    let d = digits(rest, &[8])?;
    Some(number(&d[..6]) % 89 == number(&d[6..]))
}

fn latvia(rest: &str) -> Option<bool> {
    let d = digits(rest, &[11])?;
    // People: what is known of their check digits is not sure.
    Some(d[0] <= 3 || weighted(&d, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3)
}

fn malta(rest: &str) -> Option<bool> {
    let d = digits(rest, &[8]).filter(|d| d[0] != 0)?;
    Some(weighted(&d, &[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37))
}

/// Companies by mod 11; sole traders, since 2020, by mod 97 over the whole id (ISO 7064).
fn netherlands(rest: &str) -> Option<bool> {
    let (company, branch) = rest.split_once('B')?;
    let (d, b) = (digits(company, &[9])?, digits(branch, &[2])?);
    (number(&b) > 0 && number(&d) > 0).then_some(())?;
    let sum = weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]);
    Some(sum % 11 == d[8] || mod_97(b"NL".iter().copied().chain(rest.bytes())) == 1)
}

fn poland(rest: &str) -> Option<bool> {
    let d = digits(rest, &[10])?;
    Some(weighted(&d, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == d[9])
}

fn portugal(rest: &str) -> Option<bool> {
    let d = digits(rest, &[9]).filter(|d| d[0] != 0)?;
    Some((11 - weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 == d[8])
}

fn romania(rest: &str) -> Option<bool> {
    let d = digits(rest, &[2, 3, 4, 5, 6, 7, 8, 9, 10]).filter(|d| d[0] != 0)?;
    let weights = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let (last, before) = d.split_last()?;
    Some(weighted(before, &weights[9 - before.len()..]) * 10 % 11 % 10 == *last)
}

/// The number of the company or person, and 01 or a further registration.
fn sweden(rest: &str) -> Option<bool> {
    let d = digits(rest, &[12])?;
    (number(&d[10..]) > 0).then_some(())?;
    Some(luhn(&d[..10]) == 0)
}

fn slovenia(rest: &str) -> Option<bool> {
    let d = digits(rest, &[8]).filter(|d| d[0] != 0)?;
    let check = 11 - weighted(&d, &[8, 7, 6, 5, 4, 3, 2]) % 11;
    Some(check != 11 && check % 10 == d[7])
}

fn slovakia(rest: &str) -> Option<bool> {
    let d = digits(rest, &[10])?;
    Some(number(&d).is_multiple_of(11))
}

/// For goods, Northern Ireland is a part of the EU (Windsor Framework); its ids are those of the United Kingdom.
fn northern_ireland(rest: &str) -> Option<bool> {
    let d = digits(rest, &[9, 12])?;
    let sum = weighted(&d, &[8, 7, 6, 5, 4, 3, 2]) + u32::try_from(number(&d[7..9])).ok()?;
    Some(matches!(sum % 97, 0 | 42 | 55))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_ids_and_a_mistyped_digit_is_told() {
        for scheme in &SCHEMES {
            let id: VatId = scheme.example.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(id.state().code(), scheme.state);
            let place = scheme.example.rfind(|c: char| c.is_ascii_digit()).unwrap() - 2;
            let with = |digit: u32| format!("{}{digit}{}", &scheme.example[..place], &scheme.example[place + 1..]);
            let right = (0..10).filter(|digit| with(*digit).parse::<VatId>().is_ok()).count();
            // Where a sum by 11 has one digit for its check, two sums share one.
            assert!(right <= 2, "{}: {right}", scheme.example);
        }
    }

    #[test]
    fn what_is_no_vat_id_is_told_from_what_is_mistyped() {
        use NotAVatId::{CheckDigits, Form, Prefix};
        for (text, expected) in [
            ("DE 136 695 976", "DE136695976"),
            ("atu13585627", "ATU13585627"),
            ("CHE-107.787.577 MWST", "CHE107787577MWST"),
            ("CHE-107.787.577", "CHE107787577"),
            ("IE9825613N", "IE9825613N"),
            ("IE3628739UA", "IE3628739UA"),
            ("IE8D79739I", "IE8D79739I"),
            ("NL002455799B11", "NL002455799B11"),
            ("FR83404833048", "FR83404833048"),
            ("ESB58378431", "ESB58378431"),
            ("RO19", "RO19"),
            ("SE556188840401", "SE556188840401"),
        ] {
            assert_eq!(text.parse::<VatId>().map(|id| id.to_string()), Ok(expected.to_owned()));
        }
        let refused = |text: &str| text.parse::<VatId>().unwrap_err();
        for text in ["", "nonsense", "US123", "GB980780684", "136695976", "GR094259216", "EU372022452"] {
            assert_eq!(refused(text), Prefix(text.to_owned()));
        }
        for text in [
            "DE",
            "DE12345678",
            "DE1366959760",
            "DE13669597X",
            "AT13585627",
            "ATÜ1358562",
            "FRÄ",
            "ES",
            "IEÄÄÄÄ",
            "CHE1",
            "CY1025903Ä",
        ] {
            assert!(matches!(refused(text), Form { .. }), "{text}");
        }
        for text in ["DE123456789", "DE136695978", "CHE-107.787.578 MWST", "ATU12345678"] {
            assert_eq!(refused(text), CheckDigits(text.to_owned()));
        }
    }
}
