//! The field `:86:`: what the bank says of an entry. German and Austrian banks structure it by subfields: a code of three digits, then
//! `?20` to `?29` and `?60` to `?63` for the payer's words, `?30` to `?33` for who he is; others write free text.

use rust_decimal::Decimal;

use super::super::model::Party;
use super::line::amount;
use crate::reference::Iban;

/// What is said of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Details {
    /// The code of the booking (Geschäftsvorfallcode): `166`.
    pub code: Option<String>,
    /// `?00`.
    pub booking_text: Option<String>,
    /// The payer's words, a line each.
    pub lines: Vec<String>,
    pub name: Option<String>,
    /// `?31`, an IBAN or a number.
    pub account: Option<String>,
    pub end_to_end_id: Option<String>,
    pub mandate_id: Option<String>,
    pub ultimate_debtor: Option<String>,
    pub ultimate_creditor: Option<String>,
    /// The original amount of a returned payment, without sign.
    pub original: Option<Decimal>,
    /// What the bank took for it.
    pub charges: Option<Decimal>,
}

impl Details {
    /// Reads the field.
    pub(super) fn read(text: &str) -> Details {
        match subfields(text) {
            Some((code, subfields)) => Details::structured(code, &subfields),
            None => Details { lines: lines(text.lines()), ..Details::default() },
        }
    }

    fn structured(code: &str, subfields: &[(u32, String)]) -> Details {
        let of = |wanted: &[u32]| -> Option<String> {
            let parts = subfields.iter().filter(|(key, _)| wanted.contains(key)).map(|(_, text)| text.as_str());
            let text = parts.collect::<String>().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let words = subfields.iter().filter(|(key, _)| matches!(key, 20..=29 | 60..=63)).map(|(_, text)| text.as_str());
        let mut details = Details {
            code: Some(code.to_owned()),
            booking_text: of(&[0]),
            name: of(&[32, 33]),
            account: of(&[31]).map(|account| account.split_whitespace().collect()),
            ..Details::default()
        };
        details.take_words(words);
        details
    }

    /// The payer's words, and what stands between them under a name of its own: `EREF+`, `SVWZ+`. Each begins a subfield and may go on
    /// in the next (DFÜ-Abkommen, Anlage 3, 8.2.4).
    fn take_words<'t>(&mut self, words: impl Iterator<Item = &'t str>) {
        const NAMES: [&str; 12] =
            ["EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "BREF", "RREF"];
        let mut named: Vec<(&str, Vec<&str>)> = vec![("", Vec::new())];
        for word in words {
            let begins = NAMES.iter().find_map(|name| Some((*name, word.strip_prefix(name)?.strip_prefix('+')?)));
            match begins {
                Some((name, rest)) => named.push((name, vec![rest])),
                None => named.last_mut().expect("there is one").1.push(word),
            }
        }
        for (name, parts) in named {
            let whole = || Some(parts.concat().trim().to_owned()).filter(|text| !text.is_empty());
            match name {
                "" | "SVWZ" => self.lines.extend(lines(parts.into_iter())),
                "EREF" => self.end_to_end_id = whole(),
                "MREF" => self.mandate_id = whole(),
                "ABWA" => self.ultimate_debtor = whole(),
                "ABWE" => self.ultimate_creditor = whole(),
                "OAMT" => self.original = whole().as_deref().and_then(amount),
                "COAM" => self.charges = whole().as_deref().and_then(amount),
                _ => {}
            }
        }
    }

    /// The other party.
    pub(super) fn party(&self) -> Option<Party> {
        let (iban, other_account) = match &self.account {
            Some(account) if account.parse::<Iban>().is_ok() => (Some(account.clone()), None),
            account => (None, account.clone()),
        };
        let party = Party { name: self.name.clone(), iban, other_account };
        (party != Party::default()).then_some(party)
    }
}

fn lines<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<String> {
    lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Takes a structured field apart: three digits, a sign, then two digits and a text, again and again. Line ends are the envelope's.
fn subfields(text: &str) -> Option<(&str, Vec<(u32, String)>)> {
    let (code, rest) = text.trim_start().split_at_checked(3)?;
    let sign = rest.chars().next().filter(|sign| !sign.is_alphanumeric() && !sign.is_whitespace())?;
    if !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let joined: String = rest.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    let mut subfields: Vec<(u32, String)> = Vec::new();
    for part in joined.split(sign).skip(1) {
        let key = part.get(..2).filter(|key| key.bytes().all(|b| b.is_ascii_digit())).and_then(|key| key.parse().ok());
        match (key, subfields.last_mut()) {
            (Some(key), _) => subfields.push((key, part[2..].to_owned())),
            // The sign stands in the text.
            (None, Some((_, text))) => {
                text.push(sign);
                text.push_str(part);
            }
            (None, None) => return None,
        }
    }
    (!subfields.is_empty()).then_some((code, subfields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subfields_are_taken_apart() {
        let details = Details::read(
            "166?00SEPA-GUTSCHRIFT?109248?20EREF+NOTPROVIDED?21SVWZ+RE-2026-00?2212 VIELEN DAN\nK ?60UND GRUSS?30COBADEFFXXX?31DE44500105175407324931?32BECKER GMBH UND SOEHNE, ABT?33EILUNG 3",
        );
        assert_eq!(details.code.as_deref(), Some("166"));
        assert_eq!(details.booking_text.as_deref(), Some("SEPA-GUTSCHRIFT"));
        assert_eq!(details.lines, ["RE-2026-00", "12 VIELEN DANK", "UND GRUSS"]);
        assert_eq!(details.end_to_end_id.as_deref(), Some("NOTPROVIDED"));
        let party = details.party().unwrap();
        assert_eq!(party.name.as_deref(), Some("BECKER GMBH UND SOEHNE, ABTEILUNG 3"));
        assert_eq!(party.iban.as_deref(), Some("DE44500105175407324931"));
    }

    #[test]
    fn returns_name_what_they_give_back() {
        let details =
            Details::read("109?00RUECKLASTSCHRIFT?20EREF+RE-2026-0012?21OAMT+50,00?22COAM+3,00?23SVWZ+AC04?34914");
        assert_eq!(details.end_to_end_id.as_deref(), Some("RE-2026-0012"));
        assert_eq!((details.original, details.charges), (amount("50,00"), amount("3,00")));
        assert_eq!(details.lines, ["AC04"]);
    }

    #[test]
    fn whatever_is_not_structured_is_text() {
        for text in ["Rechnung RE-2026-0012\nvielen Dank", "166", "166 Euro fuer\nRechnung 7", "", "?20 was?", "ÄÖÜ?20"]
        {
            let details = Details::read(text);
            assert_eq!(details.code, None, "{text}");
            assert_eq!(details.lines, text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>(), "{text}");
        }
        // A question mark in the payer's words.
        assert_eq!(Details::read("166?20Was ist das?21Ja?x").lines, ["Was ist das", "Ja?x"]);
    }
}
