//! Finding a number in a text: its segments in order, with separators between, and guards around (rule M4).

use std::ops::Range;

use crate::reference::Segment;

/// A segment to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seek<'a> {
    /// These very characters.
    Literal(&'a str),
    /// So many letters.
    Letters(usize),
    /// So many digits.
    Digits(usize),
}

/// How a number may be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Not at all.
    None,
    /// By exactly one run of blanks or line ends inside one segment (E4).
    OneInside,
}

impl<'a> Seek<'a> {
    /// Looks for the segments of a number.
    pub(super) fn literal(segments: &[Segment<'a>]) -> Vec<Seek<'a>> {
        segments.iter().map(|segment| Seek::Literal(segment.text)).collect()
    }

    pub(super) fn len(self) -> usize {
        match self {
            Seek::Literal(text) => text.len(),
            Seek::Letters(n) | Seek::Digits(n) => n,
        }
    }

    fn fits(self, place: usize, byte: u8) -> bool {
        match self {
            Seek::Literal(text) => text.as_bytes()[place].eq_ignore_ascii_case(&byte),
            Seek::Letters(_) => byte.is_ascii_alphabetic(),
            Seek::Digits(_) => byte.is_ascii_digit(),
        }
    }

    pub(super) fn is_digits(self) -> bool {
        match self {
            Seek::Literal(text) => text.starts_with(|c: char| c.is_ascii_digit()),
            Seek::Letters(_) => false,
            Seek::Digits(_) => true,
        }
    }
}

/// A separator between segments.
pub(super) fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'/' | b'.' | b'_' | b':' | b'#' | b'\n')
}

/// The most separators between two segments.
const MOST_SEPARATORS: usize = 3;

/// Finds all places of a number in a normalised text.
pub(super) fn find(text: &str, number: &[Seek<'_>], gap: Gap) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let Some(first) = number.first() else { return Vec::new() };
    (0..bytes.len())
        .filter(|&at| first.fits(0, bytes[at]) && may_begin(bytes, at, first.is_digits()))
        .filter_map(|at| match_at(bytes, at, number, gap).map(|end| at..end))
        .collect()
}

/// Matches a number that begins at a place; returns its end.
fn match_at(bytes: &[u8], start: usize, number: &[Seek<'_>], gap: Gap) -> Option<usize> {
    let mut at = start;
    let mut broken = false;
    for (order, segment) in number.iter().enumerate() {
        if order > 0 {
            let separators = bytes[at..].iter().take_while(|b| is_separator(**b)).count();
            if separators > MOST_SEPARATORS {
                return None;
            }
            at += separators;
        }
        for place in 0..segment.len() {
            if place > 0 && gap == Gap::OneInside && !broken && matches!(bytes.get(at), Some(b' ' | b'\n')) {
                at += bytes[at..].iter().take_while(|b| matches!(b, b' ' | b'\n')).count();
                broken = true;
            }
            if !bytes.get(at).is_some_and(|byte| segment.fits(place, *byte)) {
                return None;
            }
            at += 1;
        }
    }
    let ends_in_digits = number.last().is_some_and(|segment| segment.is_digits());
    (broken == (gap == Gap::OneInside) && may_end(bytes, at, ends_in_digits)).then_some(at)
}

/// Matches segments, with separators between, that begin at a place and may go on; returns the place behind them and the separators
/// that follow.
pub(super) fn goes_on_with(text: &str, from: usize, segments: &[Seek<'_>]) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    for segment in segments {
        for place in 0..segment.len() {
            at = bytes.get(at).filter(|byte| segment.fits(place, **byte)).map(|_| at + 1)?;
        }
        let separators = bytes[at..].iter().take_while(|b| is_separator(**b)).count();
        at = (separators <= MOST_SEPARATORS).then_some(at + separators)?;
    }
    Some(at)
}

/// The guard before a number: no digit, and no `.` or `-` behind a digit (dates), before digits; nothing it could be a part of
/// before letters.
pub(super) fn may_begin(bytes: &[u8], at: usize, digits: bool) -> bool {
    let Some(before) = at.checked_sub(1).map(|i| bytes[i]) else { return true };
    if !digits {
        return !before.is_ascii_alphanumeric();
    }
    let behind_digit = at.checked_sub(2).is_some_and(|i| bytes[i].is_ascii_digit());
    !(before.is_ascii_digit() || matches!(before, b'.' | b'-') && behind_digit)
}

/// The guard behind a number: no digit, and no `.` or `-` before a digit (dates).
fn may_end(bytes: &[u8], end: usize, digits: bool) -> bool {
    let Some(after) = bytes.get(end) else { return true };
    if !digits {
        return !after.is_ascii_alphanumeric();
    }
    let before_digit = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    !(after.is_ascii_digit() || matches!(after, b'.' | b'-') && before_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::segments;

    fn places(text: &str, number: &str, gap: Gap) -> Vec<String> {
        let parts = segments(number);
        find(text, &Seek::literal(&parts), gap).into_iter().map(|place| text[place].to_owned()).collect()
    }

    #[test]
    fn a_number_is_found_with_its_separators_and_guards() {
        let table = [
            ("RECHNUNG RE-2026-0012 VOM", "RE-2026-0012", Gap::None, vec!["RE-2026-0012"]),
            ("RE 2026 - 0012VOM", "RE-2026-0012", Gap::None, vec!["RE 2026 - 0012"]),
            ("RE20260012", "RE-2026-0012", Gap::None, vec!["RE20260012"]),
            ("MORE-2026-0012", "RE-2026-0012", Gap::None, vec![]),
            ("RE-2026-00123", "RE-2026-0012", Gap::None, vec![]),
            ("RE-2026-0012-13", "RE-2026-0012", Gap::None, vec![]),
            ("RE-2026-0012. DANKE", "RE-2026-0012", Gap::None, vec!["RE-2026-0012"]),
            ("12.2026-12", "2026-12", Gap::None, vec![]),
            ("RE-2026-00\n12 M", "RE-2026-0012", Gap::OneInside, vec!["RE-2026-00\n12"]),
            ("RE-2026-0012", "RE-2026-0012", Gap::OneInside, vec![]),
            ("RE-20 26-00 12", "RE-2026-0012", Gap::OneInside, vec![]),
        ];
        for (text, number, gap, expected) in table {
            assert_eq!(places(text, number, gap), expected, "{number} in {text:?}");
        }
    }
}
