//! The names of letters' files.

use crate::shell::store::WaitingLetter;

/// Returns the name of a letter's file: day, kind and what it is about.
pub fn file_name(letter: &WaitingLetter) -> String {
    let about: String = letter.about.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let about = about.trim_end_matches(&format!("-{}", letter.decided_on)).to_owned();
    let round = if letter.round > 1 { format!("-{}", letter.round) } else { String::new() };
    format!("{}-{}-{about}{round}.eml", letter.decided_on, letter.kind)
}
