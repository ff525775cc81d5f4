//! A number as a person types it: `re-2026-84` means `RE-2026-0084`, and `k1001` means `K-1001`.

use strsim::damerau_levenshtein;

use super::number::{Segment, segments};

/// How far what was typed may be from a number that is named as the nearest: typing errors.
const FARTHEST: usize = 3;

/// How many numbers are named.
const NAMED: usize = 3;

/// What was typed, among the numbers there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// It means this one.
    Means(String),
    /// It may be several: they differ in zeros or marks alone.
    Several(Vec<String>),
    /// It means none; these are the nearest.
    Unknown(Vec<String>),
}

/// Finds what was typed among the numbers there are. Capitals, marks between letters and digits, and zeros before digits make no difference,
/// unless a number is typed exactly.
pub fn typed_number(typed: &str, numbers: impl IntoIterator<Item = String>) -> Typed {
    let (wanted, upper) = (key(typed), typed.to_uppercase());
    let farthest = FARTHEST.min(wanted.len() / 2);
    let (mut same, mut near): (Vec<String>, Vec<([usize; 2], String)>) = (Vec::new(), Vec::new());
    for number in numbers {
        if number == typed {
            return Typed::Means(number);
        }
        let own = key(&number);
        let distance = damerau_levenshtein(&wanted, &own);
        if distance == 0 && !wanted.is_empty() {
            same.push(number);
        } else if (1..=farthest).contains(&distance) {
            near.push(([distance, damerau_levenshtein(&upper, &number.to_uppercase())], number));
        }
    }
    near.sort();
    let least = near.first().map(|(distance, _)| *distance);
    near.retain(|(distance, _)| Some(*distance) == least);
    match same.len() {
        0 => Typed::Unknown(near.into_iter().take(NAMED).map(|(_, number)| number).collect()),
        1 => Typed::Means(same.remove(0)),
        _ => {
            same.sort();
            Typed::Several(same)
        }
    }
}

/// What makes a number: its segments, in capitals and without leading zeros.
fn key(number: &str) -> String {
    let bare = |segment: Segment<'_>| match segment.text.trim_start_matches('0') {
        "" => "0".to_owned(),
        rest if segment.digits => rest.to_owned(),
        _ => segment.text.to_uppercase(),
    };
    segments(number).into_iter().map(bare).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: [&str; 8] =
        ["RE-2026-0084", "RE-2026-0008", "MA-2026-0084", "K-1001", "K-1010", "V-7", "A-1", "A-01"];

    #[test]
    fn a_number_is_found_as_people_type_it() {
        let means = |number: &str| Typed::Means(number.to_owned());
        let unknown = |numbers: &[&str]| Typed::Unknown(numbers.iter().map(|n| (*n).to_owned()).collect());
        let table = [
            ("RE-2026-0084", means("RE-2026-0084")),
            ("re-2026-84", means("RE-2026-0084")),
            ("re 2026/084", means("RE-2026-0084")),
            ("k-1001", means("K-1001")),
            ("K1001", means("K-1001")),
            ("v7", means("V-7")),
            ("A-01", means("A-01")),
            ("a1", Typed::Several(vec!["A-01".to_owned(), "A-1".to_owned()])),
            ("K-1011", unknown(&["K-1001", "K-1010"])),
            ("RE-2026-0085", unknown(&["RE-2026-0084"])),
            ("RE-2026-0048", unknown(&["RE-2026-0008", "RE-2026-0084"])),
            ("Becker", unknown(&[])),
            ("", unknown(&[])),
        ];
        for (typed, expected) in table {
            assert_eq!(typed_number(typed, NUMBERS.map(str::to_owned)), expected, "{typed}");
        }
    }
}
