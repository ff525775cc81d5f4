//! A list of numbers behind a number: `RE-2026-0012 (119,00), 13 UND 14` (rule M4, E5).

use std::ops::Range;

use super::number::{Seek, goes_on_with};

/// What goes on behind a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct List {
    pub numbers: Vec<Listed>,
    /// A bank has broken a number in it: none of it counts.
    pub is_broken: bool,
}

/// A further number of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// The digits of its last segment, as written.
    pub digits: Range<usize>,
    /// All numbers from the one before to this one are meant: `BIS`.
    pub ends_range: bool,
}

/// Reads the list behind a number that ends at a place: again and again a link, then a number, in full or its last digits alone. `width`
/// is the length of the last segment, `others` are the segments before it.
pub(super) fn list_behind(text: &str, from: usize, others: &[Seek<'_>], width: usize) -> List {
    let bytes = text.as_bytes();
    let mut list = List::default();
    let mut at = from;
    while let Some(link) = link(text, at) {
        let start = number_at(text, link.end, others);
        let length = bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
        let end = start + length;
        if !(1..=width).contains(&length) || is_part(bytes, end) {
            break;
        }
        if length < width {
            let blanks = bytes[end..].iter().take_while(|b| matches!(b, b' ' | b'\n')).count();
            if blanks > 0 && bytes.get(end + blanks).is_some_and(u8::is_ascii_digit) {
                return List { numbers: Vec::new(), is_broken: true };
            }
            if bytes[start] == b'0' {
                break;
            }
        }
        list.numbers.push(Listed { digits: start..end, ends_range: link.is_range });
        at = end;
    }
    list
}

/// The place of the last segment of a number written in full, with its prefix or without, or of the digits alone.
fn number_at(text: &str, at: usize, others: &[Seek<'_>]) -> usize {
    let is_digit = |place: &usize| text.as_bytes().get(*place).is_some_and(u8::is_ascii_digit);
    let without_prefix = others.iter().position(|segment| segment.is_digits()).map(|first| &others[first..]);
    let written = [Some(others), without_prefix].into_iter().flatten().filter(|segments| !segments.is_empty());
    written.filter_map(|segments| goes_on_with(text, at, segments)).find(is_digit).unwrap_or(at)
}

/// Digits that go on as a date, a longer number or an amount are no number of a list.
fn is_part(bytes: &[u8], end: usize) -> bool {
    let digits = |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    match bytes.get(end) {
        Some(b'.' | b'-') => digits(end + 1) > 0,
        Some(b',') => digits(end + 1) == 2,
        _ => false,
    }
}

/// What stands between two numbers of a list.
struct Link {
    end: usize,
    is_range: bool,
}

/// Reads a link: one or more of blanks, signs, words, amounts, and days.
fn link(text: &str, from: usize) -> Option<Link> {
    let mut link = Link { end: from, is_range: false };
    while let Some(length) =
        sign(&text[link.end..]).or_else(|| day(&text[link.end..])).or_else(|| amount(&text[link.end..]))
    {
        link.is_range |= text[link.end..].starts_with(THROUGH);
        link.end += length;
    }
    (link.end > from).then_some(link)
}

/// The word of a range.
const THROUGH: &str = "BIS";

/// The length of a sign or a word that links numbers, at the start of a text.
fn sign(text: &str) -> Option<usize> {
    [" ", "\n", ",", "/", "+", "&", ";", "-", "UND", "SOWIE", THROUGH, "U.", "U"]
        .into_iter()
        .find(|sign| text.starts_with(sign))
        .map(str::len)
}

/// The length of a day with its word, at the start of a text: `VOM 01.02.2026`, `V. 1.2.`.
fn day(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("VOM").or_else(|| text.strip_prefix("V."))?.trim_start_matches([' ', '\n']);
    let part = |rest: &mut &str| {
        let length = digits(rest);
        let behind = rest.get(length..)?.strip_prefix('.')?;
        *rest = behind;
        (1..=2).contains(&length).then_some(())
    };
    let mut behind = rest;
    part(&mut behind)?;
    part(&mut behind)?;
    let year = digits(behind);
    let is_year = year == 0 || year == 2 || year == 4 && behind.starts_with("20");
    is_year.then(|| text.len() - behind.len() + year)
}

/// The length of an amount with two decimals, at the start of a text, in brackets or not, with its currency or without.
fn amount(text: &str) -> Option<usize> {
    const CURRENCIES: [&str; 2] = ["EUR", "CHF"];
    let currency = |rest: &str| CURRENCIES.into_iter().find(|code| rest.starts_with(code)).map_or(0, str::len);
    let mut rest = text.strip_prefix('(').unwrap_or(text);
    rest = &rest[currency(rest)..];
    rest = rest.trim_start_matches(' ');
    let whole = digits(rest);
    if whole == 0 {
        return None;
    }
    rest = &rest[whole..];
    while let Some(thousands) = rest.strip_prefix('.').filter(|behind| digits(behind) == 3) {
        rest = &thousands[3..];
    }
    rest = rest.strip_prefix([',', '.']).filter(|decimals| digits(decimals) == 2)?;
    rest = &rest[2..];
    // `01.02.2026` is a day.
    if rest.strip_prefix('.').is_some_and(|behind| digits(behind) > 0) {
        return None;
    }
    let behind = rest.trim_start_matches(' ');
    if currency(behind) > 0 {
        rest = &behind[currency(behind)..];
    }
    rest = rest.strip_prefix(')').unwrap_or(rest);
    Some(text.len() - rest.len())
}

/// How many digits a text begins with.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_go_on_and_end() {
        let others = [Seek::Literal("RE"), Seek::Literal("2026")];
        for (behind, expected) in [
            ("/0013/14", "0013 14"),
            (", 13 UND 14", "13 14"),
            ("\n0013", "0013"),
            (" 0013 0014", "0013 0014"),
            (" (44,10) U. 5 (33,33)", "5"),
            (" EUR 1.044,10 SOWIE 5", "5"),
            (" BIS -0018", "..0018"),
            (" VOM 01.02.2026, 0013 VOM 02.02.2026", "0013"),
            (" V. 1.2., 13", "13"),
            (",0013,0014", "0013 0014"),
            (" UND RE-2026-13", "13"),
            (" UND 2026/0013, 14", "0013 14"),
            ("/12,50 EUR", ""),
            (" 12,50 EUR 0013", "0013"),
            ("/00013", ""),
            (" 01.02.2026", ""),
            (", 0013-14", ""),
            (", 0013, 014, 15", "0013"),
            (", 0013, 00\n14", "broken"),
            (", 1\n3", "broken"),
            (" DANKE 13", ""),
        ] {
            let text = format!("RE-2026-0012{behind}");
            let list = list_behind(&text, 12, &others, 4);
            let numbers: Vec<String> = list
                .numbers
                .iter()
                .map(|n| format!("{}{}", if n.ends_range { ".." } else { "" }, &text[n.digits.clone()]))
                .collect();
            let read = if list.is_broken { "broken".to_owned() } else { numbers.join(" ") };
            assert_eq!(read, expected, "{text:?}");
        }
    }
}
