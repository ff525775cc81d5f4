//! What a payer wrote, in a form that can be searched (rule M2).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::model::Payment;
use crate::reference::squeeze;

/// The searched texts of a payment: remittance and end-to-end id, equal in rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// Each text, normalised.
    pub plain: Vec<String>,
    /// Each text, letters and digits only.
    pub squeezed: Vec<String>,
    /// Whether the first text is the remittance, not the end-to-end id alone.
    has_remittance: bool,
}

/// How many characters of a text are searched. A remittance has 140, with structured parts a few thousand; more is hostile (fault 29).
const MOST: usize = 10_000;

impl Texts {
    /// Makes the texts of a payment.
    pub fn of(payment: &Payment) -> Texts {
        let searched = |text: &str| match text.char_indices().nth(MOST) {
            Some((end, _)) => normalise(&text[..end]),
            None => normalise(text),
        };
        let mut remittance = searched(&payment.remittance.join("\n"));
        let mut end_to_end = payment.end_to_end_id.as_deref().map(searched).unwrap_or_default();
        if let Some(tagged) = untag(&remittance) {
            remittance = tagged.text;
            if end_to_end.trim().is_empty() {
                end_to_end = tagged.end_to_end;
            }
        }
        if end_to_end.trim() == "NOTPROVIDED" {
            end_to_end.clear();
        }
        let has_remittance = !remittance.trim().is_empty();
        let plain: Vec<String> = [remittance, end_to_end].into_iter().filter(|text| !text.trim().is_empty()).collect();
        let squeezed = plain.iter().map(|text| squeeze(text)).collect();
        Texts { plain, squeezed, has_remittance }
    }

    /// Tells whether a text, by its place, is what the payer wrote, not the end-to-end id.
    pub(super) fn is_remittance(&self, place: usize) -> bool {
        place == 0 && self.has_remittance
    }

    /// Returns what the payer wrote, letters and digits only.
    pub(super) fn squeezed_remittance(&self) -> &str {
        if self.has_remittance { &self.squeezed[0] } else { "" }
    }
}

/// Normalises: NFKC, capitals, umlauts written out, other diacritics dropped, everything odd a blank. The result is ASCII.
pub fn normalise(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    if text.is_ascii() {
        text.chars().for_each(|c| push(&mut normal, c));
    } else {
        // Umlauts are written out before decomposition takes their dots away; composed and decomposed ones alike.
        text.nfkc().for_each(|c| match c {
            'ä' | 'Ä' => normal.push_str("AE"),
            'ö' | 'Ö' => normal.push_str("OE"),
            'ü' | 'Ü' => normal.push_str("UE"),
            'ß' | 'ẞ' => normal.push_str("SS"),
            c if c.is_ascii() => push(&mut normal, c),
            c => c.nfd().filter(|part| !is_combining_mark(*part)).for_each(|part| push(&mut normal, part)),
        });
    }
    normal
}

fn push(to: &mut String, c: char) {
    let c = match c {
        'ø' | 'Ø' => 'O',
        'ł' | 'Ł' => 'L',
        c => c.to_ascii_uppercase(),
    };
    let kept = c.is_ascii_alphanumeric()
        || matches!(c, '-' | '/' | '.' | '_' | ':' | ',' | ';' | '#' | '+' | '&' | '(' | ')' | '\'' | '\n');
    to.push(if kept { c } else { ' ' });
}

/// The tags of the German banks' purpose text (DFÜ-Abkommen, Anlage 3).
const TAGS: [&str; 16] = [
    "EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "BREF", "RREF", "IBAN", "BIC",
    "PURP", "ANAM",
];

struct Tagged {
    text: String,
    end_to_end: String,
}

/// Takes the tags out: the text is what stands before the first one, and what `SVWZ+` holds.
fn untag(text: &str) -> Option<Tagged> {
    let bytes = text.as_bytes();
    let mut tags: Vec<(usize, &str)> = Vec::new();
    for (at, _) in text.match_indices('+') {
        let tag = TAGS.iter().find(|tag| text[..at].ends_with(**tag));
        if let Some(tag) = tag {
            let start = at - tag.len();
            if start == 0 || !bytes[start - 1].is_ascii_alphanumeric() {
                tags.push((start, tag));
            }
        }
    }
    let first = tags.first()?.0;
    let mut tagged = Tagged { text: text[..first].to_owned(), end_to_end: String::new() };
    for (place, (start, tag)) in tags.iter().enumerate() {
        let end = tags.get(place + 1).map_or(text.len(), |(next, _)| *next);
        let content = &text[start + tag.len() + 1..end];
        match *tag {
            "SVWZ" => {
                if !tagged.text.is_empty() {
                    tagged.text.push('\n');
                }
                tagged.text.push_str(content);
            }
            "EREF" => tagged.end_to_end = content.trim().to_owned(),
            _ => {}
        }
    }
    Some(tagged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_normalised() {
        for (text, expected) in [
            ("Übung ré-2026", "UEBUNG RE-2026"),
            ("Größe №42", "GROESSE NO42"),
            ("Łukasz Søren", "LUKASZ SOREN"),
            ("a\u{308}b", "AEB"),
            ("x=y*z", "X Y Z"),
        ] {
            assert_eq!(normalise(text), expected);
        }
    }

    #[test]
    fn purpose_tags_are_taken_out() {
        let payment = |lines: &[&str], end_to_end: Option<&str>| Payment {
            remittance: lines.iter().map(|l| (*l).to_owned()).collect(),
            end_to_end_id: end_to_end.map(str::to_owned),
            ..Payment::default()
        };
        let table: [(&[&str], Option<&str>, &[&str]); 5] = [
            (&["EREF+NOTPROVIDED SVWZ+RECHNUN", "G 12"], None, &["RECHNUN\nG 12"]),
            (&["Gutschrift EREF+RE-1 MREF+M7 SVWZ+Miete IBAN+DE1"], None, &["GUTSCHRIFT \nMIETE ", "RE-1"]),
            (&["XSVWZ+a"], None, &["XSVWZ+A"]),
            (&["Danke"], Some("NOTPROVIDED"), &["DANKE"]),
            (&["EREF+A"], Some("B"), &["B"]),
        ];
        for (lines, end_to_end, expected) in table {
            assert_eq!(Texts::of(&payment(lines, end_to_end)).plain, expected, "{lines:?}");
        }
    }
}
