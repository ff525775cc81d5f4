//! The field `:86:`: what the bank says of an entry. German and Austrian banks structure it by subfields: a code of three digits, then
//! `?20` to `?29` and `?60` to `?63` for the payer's words, `?30` to `?33` for who he is; others write free text. In either, names such as
//! `EREF+` and `SVWZ+` say what the words after them are.

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
    /// `?31` or `?38`, an IBAN or a number.
    pub account: Option<String>,
    pub end_to_end_id: Option<String>,
    pub mandate_id: Option<String>,
    pub ultimate_debtor: Option<String>,
    pub ultimate_creditor: Option<String>,
    pub purpose: Option<String>,
    /// The original amount of a returned payment, without sign.
    pub original: Option<Decimal>,
    /// What the bank took for it.
    pub charges: Option<Decimal>,
    /// What stands in subfields that have no meaning by the rules, such as `?35`.
    pub others: Option<String>,
}

/// What the payer's words are called where they are more than words (DFÜ-Abkommen, Anlage 3, 8.2.4, and what banks add to it).
const NAMES: [&str; 17] = [
    "EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "BREF", "RREF", "IBAN", "BIC",
    "PURP", "ANAM", "MTLG",
];

impl Details {
    /// Reads the field.
    pub(super) fn read(text: &str) -> Details {
        let mut details = Details::default();
        match subfields(text) {
            Some((code, subfields)) => details.structured(code, &subfields),
            None => details.take_words(&text.lines().collect::<Vec<_>>()),
        }
        details
    }

    fn structured(&mut self, code: &str, subfields: &[(u32, String)]) {
        let of = |wanted: fn(&u32) -> bool, between: &str| -> Option<String> {
            let parts: Vec<&str> =
                subfields.iter().filter(|(key, _)| wanted(key)).map(|(_, text)| text.as_str()).collect();
            Some(parts.join(between).trim().to_owned()).filter(|text| !text.is_empty())
        };
        let words: Vec<&str> =
            subfields.iter().filter(|(key, _)| is_words(*key)).map(|(_, text)| text.as_str()).collect();
        self.take_words(&words);
        self.code = Some(code.to_owned());
        self.booking_text = of(|key| *key == 0, "");
        self.name = of(|key| matches!(key, 32 | 33), "").or(self.name.take());
        let account = of(|key| *key == 31, "").or_else(|| of(|key| *key == 38, ""));
        self.account = account.map(|account| account.split_whitespace().collect()).or(self.account.take());
        // 10, 30 and 34 are for the banks: number of the batch, bank code, reason of the clearing.
        self.others = of(|key| !is_words(*key) && !matches!(key, 0 | 10 | 30..=34 | 38), " ");
    }

    /// The payer's words, and what stands between them under a name of its own: `EREF+`, `SVWZ+`. By the rules each name begins a
    /// subfield; some banks write one behind the other and break them, and even the names, where a subfield is full. So the words are
    /// joined first. The payer's own words keep their line ends: whether one stood between two letters is known to nobody.
    fn take_words(&mut self, segments: &[&str]) {
        let joined = segments.concat();
        let ends: Vec<usize> = segments
            .iter()
            .scan(0, |end, segment| {
                *end += segment.len();
                Some(*end)
            })
            .collect();
        let named = named(&joined, &ends);
        let first = named.first().map_or(joined.len(), |(_, begin, _)| *begin);
        self.lines = lines(&joined, &ends, 0, first);
        for (place, (name, _, begin)) in named.iter().enumerate() {
            let end = named.get(place + 1).map_or(joined.len(), |(_, begin, _)| *begin);
            let (mut value, mut rest) = (joined[*begin..end].trim(), None);
            match *name {
                // The payer's words, and the bank's message.
                "SVWZ" | "MTLG" => rest = Some(*begin),
                "EREF" | "KREF" | "MREF" => {
                    let length = reference_length(&joined[*begin..end], *begin, &ends);
                    (value, rest) = (joined[*begin..begin + length].trim(), Some(begin + length));
                }
                // Behind what has no blanks the payer's words may go on.
                "IBAN" | "BIC" | "PURP" => {
                    let length = joined[*begin..end].find(char::is_whitespace).unwrap_or(end - begin);
                    (value, rest) = (&joined[*begin..begin + length], Some(begin + length));
                }
                _ => {}
            }
            if let Some(rest) = rest {
                self.lines.extend(lines(&joined, &ends, rest, end));
            }
            self.take(name, value);
        }
    }

    /// Takes what stands under a name; of several the first counts.
    fn take(&mut self, name: &str, value: &str) {
        let to = match name {
            "EREF" => &mut self.end_to_end_id,
            "MREF" => &mut self.mandate_id,
            "ABWA" => &mut self.ultimate_debtor,
            "ABWE" => &mut self.ultimate_creditor,
            "IBAN" => &mut self.account,
            "ANAM" => &mut self.name,
            "PURP" => &mut self.purpose,
            "OAMT" => return self.original = self.original.or(amount(value)),
            "COAM" => return self.charges = self.charges.or(amount(value)),
            _ => return,
        };
        if to.is_none() && !value.is_empty() {
            *to = Some(value.to_owned());
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

/// Finds the names in joined words: which, where it begins, and where what it names begins. A name begins a segment, or stands behind what
/// is neither letter nor digit.
fn named(joined: &str, ends: &[usize]) -> Vec<(&'static str, usize, usize)> {
    let is_apart =
        |at: usize| ends.binary_search(&at).is_ok() || !joined[..at].ends_with(|c: char| c.is_alphanumeric());
    let name_before = |(plus, sign): (usize, &str)| {
        let stands = |name: &&str| joined[..plus].ends_with(*name) && is_apart(plus - name.len());
        let name = NAMES.into_iter().find(stands).filter(|name| is_meant(name, sign, &joined[plus + 1..]))?;
        Some((name, plus - name.len(), plus + 1))
    };
    joined.match_indices(['+', ':']).filter_map(name_before).collect()
}

/// The most letters of a reference in SEPA.
const LONGEST_REFERENCE: usize = 35;

/// How much of what stands behind the name of a reference is the reference. Banks that do not name the payer's words write them into the
/// next segment.
fn reference_length(text: &str, begin: usize, ends: &[usize]) -> usize {
    const NONE: &str = "NOTPROVIDED";
    let blanks = text.len() - text.trim_start().len();
    if text.trim_start().starts_with(NONE) {
        return blanks + NONE.len();
    }
    let fits = |length: &usize| *length > blanks && *length <= blanks + LONGEST_REFERENCE;
    let last = || ends.iter().filter_map(|end| end.checked_sub(begin)).filter(fits).max();
    if text.trim().len() <= LONGEST_REFERENCE { text.len() } else { last().unwrap_or(text.len()) }
}

/// Tells whether a name is followed by its sign and by what it names. "IBAN+BIC" may be the payer's own words.
fn is_meant(name: &str, sign: &str, value: &str) -> bool {
    let letters = |count: usize| value.get(..count).is_some_and(|start| start.bytes().all(|b| b.is_ascii_uppercase()));
    let is_own_sign = if name == "MTLG" { sign == ":" } else { sign == "+" };
    is_own_sign
        && match name {
            "IBAN" => letters(2) && value.get(2..4).is_some_and(|check| check.bytes().all(|b| b.is_ascii_digit())),
            "BIC" => letters(6),
            "PURP" => letters(4),
            _ => true,
        }
}

/// A part of joined words, a line for each segment, without blank ones.
fn lines(joined: &str, ends: &[usize], begin: usize, end: usize) -> Vec<String> {
    let inside = ends.iter().copied().filter(|at| begin < *at && *at < end);
    let starts = std::iter::once(begin).chain(inside.clone());
    let lines = starts.zip(inside.chain([end])).map(|(from, until)| joined[from..until].trim());
    lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Tells whether a subfield holds the payer's words.
const fn is_words(key: u32) -> bool {
    matches!(key, 20..=29 | 60..=63)
}

/// Signs that stand in plain text behind three digits: `100-99`, `150,70`, `123.456`. No bank takes them to part subfields.
const PLAIN: &str = "-,.:;/+()'\"_&%=";

/// Takes a structured field apart: three digits, a sign, then two digits and a text, again and again. Line ends are the envelope's.
fn subfields(text: &str) -> Option<(&str, Vec<(u32, String)>)> {
    let (code, rest) = text.trim_start().split_at_checked(3)?;
    let is_sign = |sign: &char| !sign.is_alphanumeric() && !sign.is_whitespace() && !PLAIN.contains(*sign);
    let sign = rest.chars().next().filter(is_sign)?;
    if !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let joined: String = rest.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    let mut subfields: Vec<(u32, String)> = Vec::new();
    for part in joined.split(sign).skip(1) {
        let key = part.get(..2).filter(|key| key.bytes().all(|b| b.is_ascii_digit())).and_then(|key| key.parse().ok());
        let key = key.filter(|key| matches!(key, 0 | 10 | 20..=39 | 60..=79));
        // The payer's words are numbered upwards.
        let is_back = |last: u32, key: u32| is_words(last) && is_words(key) && key <= last;
        match (key, subfields.last_mut()) {
            (Some(key), Some((last, _))) if !is_back(*last, key) => subfields.push((key, part[2..].to_owned())),
            (Some(key), None) => subfields.push((key, part[2..].to_owned())),
            // The sign stands in the text.
            (_, Some((_, text))) => {
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
    fn names_run_on_inside_the_subfields_and_are_broken_where_one_is_full() {
        // Deutsche Bank and Commerzbank.
        let details = Details::read(
            "109?00SEPA-LASTSCHR. RETOURE CORE?109075/629?20EREF+A1.200080779.\n400143254?21.4961336 KREF+SEPA-DA202006?2201221740-P1 MR\n\
             EF+2?230852HW2723821 CRED+DE41EON0?240000129793 OAMT+11,85 S?25VWZ+SONSTIGE GRUENDE ENDABRECHN?26UNG NR. 500?30CSDBDE71XXX",
        );
        assert_eq!(details.end_to_end_id.as_deref(), Some("A1.200080779.400143254.4961336"));
        assert_eq!(details.mandate_id.as_deref(), Some("20852HW2723821"));
        assert_eq!(details.original, amount("11,85"));
        assert_eq!(details.lines, ["SONSTIGE GRUENDE ENDABRECHN", "UNG NR. 500"]);
        // Oldenburgische Landesbank: words before the first name, and a subfield of its own.
        let details = Details::read(
            "166?00GUTSCHRIFT?100004770?20WOHNBAU GMBH?21EREF+NOTPROVIDED?22SVWZ+RG.?23-NR. 1234567890?31DE99?32WOHNBAU GMBH?35EWE GMBH",
        );
        assert_eq!(details.lines, ["WOHNBAU GMBH", "RG.", "-NR. 1234567890"]);
        assert_eq!(details.others.as_deref(), Some("EWE GMBH"));
        // In free text.
        let details = Details::read("EREF+E1 SVWZ+Wartung\nNovember ABWA+Becker GmbH");
        assert_eq!(details.lines, ["Wartung", "November"]);
        assert_eq!(details.end_to_end_id.as_deref(), Some("E1"));
        assert_eq!(details.ultimate_debtor.as_deref(), Some("Becker GmbH"));
        // Words that have no name of their own, behind a reference.
        let details = Details::read("159?00RETOURE?20EREF+TFNR 40005 00005?21MTLG:Grund nicht spezifizie?22rt");
        assert_eq!(details.end_to_end_id.as_deref(), Some("TFNR 40005 00005"));
        assert_eq!(details.lines, ["Grund nicht spezifizie", "rt"]);
        let details = Details::read("166?20EREF+NOTPROVIDED?21RE-2026-0012?22vielen Dank");
        assert_eq!(details.end_to_end_id.as_deref(), Some("NOTPROVIDED"));
        assert_eq!(details.lines, ["RE-2026-0012", "vielen Dank"]);
        let details = Details::read("166?20EREF+0123456789012345678901?21234567890123?22RE-2026-0012");
        assert_eq!(details.end_to_end_id.as_deref(), Some("0123456789012345678901234567890123"));
        assert_eq!(details.lines, ["RE-2026-0012"]);
        // Whatever the name, the payer's words are not lost.
        let details = Details::read("166?20SVWZ+XEREF+1 IBAN+BIC fehlt?21 IBAN+DE97500105170000000001 RE-7");
        assert_eq!(details.lines, ["XEREF+1 IBAN+BIC fehlt", "RE-7"]);
        assert_eq!(details.account.as_deref(), Some("DE97500105170000000001"));
        assert_eq!(details.end_to_end_id, None);
    }

    #[test]
    fn whatever_is_not_structured_is_text() {
        for text in [
            "Rechnung RE-2026-0012\nvielen Dank",
            "166",
            "166 Euro fuer\nRechnung 7",
            "",
            "?20 was?",
            "ÄÖÜ?20",
            "100-99 RE-2026-0001 BECKER",
            "150,70 EUR RE-2026-0001",
            "123.456.789 RE-2026-0001",
            "123/456/789",
            "100?50 und mehr",
        ] {
            let details = Details::read(text);
            assert_eq!(details.code, None, "{text}");
            assert_eq!(details.lines, text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>(), "{text}");
        }
        // A question mark in the payer's words.
        assert_eq!(Details::read("166?20Was ist das?21Ja?x").lines, ["Was ist das", "Ja?x"]);
        assert_eq!(Details::read("166?20Was?99 Euro?20 Cent?21Ja").lines, ["Was?99 Euro?20 Cent", "Ja"]);
    }
}
