//! A number behind a word for invoice that is none of ours: the payer may mean another bill (rule M6b.3).

use super::date::{is_month, reads_as_date};

/// Tells whether a text names an invoice that is none of the chosen ones; `chosen` are the digits of each, with and without the leading
/// zeros of the last segment.
pub(super) fn names_foreign_invoice(text: &str, chosen: &[(String, String)]) -> bool {
    words(text)
        .filter(|(word, _)| is_invoice_word(word))
        .filter_map(|(_, end)| number_behind(&text[end..]))
        .any(|number| number.is_invoice() && !number.is_one_of(chosen))
}

/// The words of a text, and where each ends.
fn words(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let start = at + rest.find(|c: char| c.is_ascii_alphabetic())?;
        let length = text[start..].bytes().take_while(u8::is_ascii_alphabetic).count();
        at = start + length;
        Some((&text[start..at], at))
    })
}

fn is_invoice_word(word: &str) -> bool {
    ["RECHN", "INV", "BELEG"].iter().any(|start| word.starts_with(start))
        || word.starts_with("RG") && word.len() <= 4
        || ["RENR", "RNR", "RE", "R", "FAKTURA"].contains(&word)
}

/// A number as written: `2025-118`, with what stands behind it.
struct Number<'t> {
    written: &'t str,
    behind: &'t str,
}

/// Reads the number behind a word for invoice, past `NR` and up to four letters of its own: ` NR. R-2025-118`.
fn number_behind(text: &str) -> Option<Number<'_>> {
    let separated = |text: &'_ str| text.trim_start_matches([' ', '\n', '.', ':', '#', '-', '/']).len();
    let mut rest = &text[text.len() - separated(text)..];
    let behind_word = ["NUMMER", "NR", "NO"].into_iter().find_map(|word| rest.strip_prefix(word));
    if let Some(behind) = behind_word.filter(|behind| !behind.starts_with(|c: char| c.is_ascii_alphabetic())) {
        rest = &behind[behind.len() - separated(behind)..];
    }
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    if (1..=4).contains(&letters) && rest[letters..].starts_with(['-', '/', '.', '_']) {
        rest = &rest[letters + 1..];
    }
    let mut end = 0;
    for (at, c) in rest.char_indices() {
        match c {
            '0'..='9' => end = at + 1,
            '-' | '/' | '.' | '_' if at == end && at > 0 => {}
            _ => break,
        }
    }
    (end > 0).then(|| Number { written: &rest[..end], behind: &rest[end..] })
}

impl Number<'_> {
    fn runs(&self) -> Vec<&str> {
        self.written.split(|c: char| !c.is_ascii_digit()).collect()
    }

    /// Three digits at least, and no amount, no date, no year and no month.
    fn is_invoice(&self) -> bool {
        let runs = self.runs();
        let is_year = |run: &str| run.len() == 4 && run.starts_with("20");
        let is_period = match runs[..] {
            [year] => is_year(year),
            [first, second] => is_month(first) && is_year(second) || is_year(first) && is_month(second),
            _ => false,
        };
        // Six digits alone are a number here.
        let is_date = reads_as_date(self.written) && !(runs.len() == 1 && self.written.len() == 6);
        runs.concat().len() >= 3 && !self.is_amount(&runs) && !is_date && !is_period
    }

    /// Two decimals: `119.00`, `1.190,00`.
    fn is_amount(&self, runs: &[&str]) -> bool {
        let decimals = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count() == 2;
        let is_whole = |runs: &[&str]| runs.iter().skip(1).all(|run| run.len() == 3);
        let only_dots = !self.written.contains(['-', '/', '_']);
        let with_comma = self.behind.strip_prefix(',').is_some_and(decimals) && is_whole(runs);
        let with_dot = matches!(runs, [whole @ .., last] if !whole.is_empty() && last.len() == 2 && is_whole(whole));
        only_dots && (with_comma || with_dot)
    }

    /// It holds the digits of a chosen document, or is their beginning, or, without leading zeros, their end.
    fn is_one_of(&self, chosen: &[(String, String)]) -> bool {
        let digits = self.runs().concat();
        let end = digits.trim_start_matches('0');
        chosen.iter().flat_map(|(full, short)| [full, short]).any(|own| {
            own.len() >= 6 && digits.contains(own.as_str()) || own.starts_with(&digits) || own.ends_with(end)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_behind_a_word_for_invoice_may_be_of_somebody_else() {
        let chosen = [("20260012".to_owned(), "202612".to_owned())];
        for (text, is_foreign) in [
            ("RECHNUNG R-2025-118 VOM 01.10.2025", true),
            ("RECHNUNG NR. 4711", true),
            ("RG 4711", true),
            ("RGNR. 2025/0007", true),
            ("INVOICE NO 123456", true),
            ("BELEG 100200300", true),
            ("RECHNUNG NR. 012 VOM 1.2.2026", false),
            ("RECHNUNG 2026-0012", false),
            ("RECHNUNG 2026", false),
            ("RECHNUNG 02/2026", false),
            ("RECHNUNG 01.02.2026", false),
            ("RECHNUNG 119,00 EUR", false),
            ("RECHNUNG 1.190,00 EUR", false),
            ("RECHNUNG 119.00", false),
            ("RECHNUNG 12", false),
            ("RECHNUNG VOM 1.2.", false),
            ("MIETE 4711", false),
            ("GRE 4711", false),
        ] {
            assert_eq!(names_foreign_invoice(text, &chosen), is_foreign, "{text}");
        }
    }
}
