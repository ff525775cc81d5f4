//! The number of a document, taken apart: what the matcher looks for in a payer's text.

/// A maximal run of letters or of digits in a number: `RE|2026|0012` has three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The characters.
    pub text: &'a str,
    /// Whether they are digits.
    pub digits: bool,
}

/// Keeps letters and digits only, in capitals: `RE-2026-0012` becomes `RE20260012` (rule M2.4).
pub fn squeeze(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Cuts a number into its segments (rule M4); what separates them is left out.
pub fn segments(number: &str) -> Vec<Segment<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    let class = |c: char| if c.is_ascii_digit() { 2 } else { u8::from(c.is_ascii_alphabetic()) };
    let mut before = 0;
    for (at, c) in number.char_indices().chain([(number.len(), ' ')]) {
        let now = class(c);
        if now != before {
            if before != 0 {
                found.push(Segment { text: &number[start..at], digits: before == 2 });
            }
            start = at;
            before = now;
        }
    }
    found
}

/// Returns the shape of a number: the kind and length of its segments, `RE-2026-0012` → `A2 D4 D4`.
///
/// The few shapes of the numbers in the books say which pieces of a text are worth looking up.
pub fn shape_of(number: &str) -> String {
    let shape = segments(number)
        .iter()
        .map(|s| format!("{}{}", if s.digits { 'D' } else { 'A' }, s.text.len()))
        .collect::<Vec<_>>();
    shape.join(" ")
}

/// Returns the digits of a number with and without the leading zeros of its last segment: `20260012` and `202612`.
///
/// The number without its letter prefix; nothing where other letters stand between the digits.
pub fn digits_of(number: &str) -> Option<(String, String)> {
    let all = segments(number);
    let tail =
        all.strip_prefix(&all[..usize::from(all.first().is_some_and(|s| !s.digits))]).expect("a prefix of itself");
    let last = tail.last()?;
    if tail.iter().any(|s| !s.digits) {
        return None;
    }
    let head: String = tail[..tail.len() - 1].iter().map(|s| s.text).collect();
    Some((format!("{head}{}", last.text), format!("{head}{}", last.text.trim_start_matches('0'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_apart() {
        let table = [
            ("RE-2026-0012", "RE20260012", "A2 D4 D4", Some(("20260012", "202612"))),
            ("2026-12", "202612", "D4 D2", Some(("202612", "202612"))),
            ("R2026/7", "R20267", "A1 D4 D1", Some(("20267", "20267"))),
            ("00017", "00017", "D5", Some(("00017", "17"))),
            ("2026A7", "2026A7", "D4 A1 D1", None),
            ("--", "", "", None),
        ];
        for (number, squeezed, shape, digits) in table {
            assert_eq!(squeeze(number), squeezed);
            assert_eq!(shape_of(number), shape, "{number}");
            let digits = digits.map(|(full, short): (&str, &str)| (full.to_owned(), short.to_owned()));
            assert_eq!(digits_of(number), digits, "{number}");
        }
    }
}
