//! A mistake in a file: where, what, why, and what to do, in the owner's language.

use std::fmt;
use std::ops::Range;

use serde::Serialize;
use toml::de::{DeTable, DeValue};

use crate::language::Language;

/// A mistake in a file that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The file, as the owner knows it; or the variable of the environment.
    pub file: String,
    /// Where in the file; nothing when it is about the whole file.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// What is wrong and why, as a sentence.
    pub what: String,
    /// What was expected there.
    pub expected: Option<String>,
    /// What to do.
    pub advice: Option<String>,
    /// The language of all these words.
    #[serde(skip)]
    pub language: Language,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// How many characters are wrong.
    pub width: usize,
    /// The line itself.
    pub text: String,
}

impl Mistake {
    /// Names a mistake about a whole file.
    pub fn in_file(language: Language, file: &str, what: impl Into<String>) -> Mistake {
        let what = spelled(language, what.into());
        Mistake { file: file.to_owned(), place: None, what, expected: None, advice: None, language }
    }

    /// Adds the place of a key, such as `["line", "0", "vat"]`, or of the nearest table around it that the text has.
    #[must_use]
    pub fn at_key(mut self, text: &str, path: &[&str]) -> Mistake {
        let span = (1..=path.len()).rev().find_map(|length| span_of(text, &path[..length]));
        self.place = span.map(|span| Place::of(text, span));
        self
    }

    /// Adds the place of the first such word, where the text has it.
    #[must_use]
    pub fn at_word(mut self, text: &str, word: &str) -> Mistake {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let is_whole = |at: &usize| !text[..*at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part);
        let at = text.match_indices(word).map(|(at, _)| at).find(is_whole);
        self.place = at.map(|at| Place::of(text, at..at + word.len()));
        self
    }

    /// Adds the place of a range of bytes.
    #[must_use]
    pub fn at_range(mut self, text: &str, range: Range<usize>) -> Mistake {
        self.place = Some(Place::of(text, range));
        self
    }

    /// Adds what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Mistake {
        self.expected = Some(spelled(self.language, expected.into()));
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Mistake {
        self.advice = Some(spelled(self.language, advice.into()));
        self
    }
}

/// Spells words of ours as the owner's place does. What is quoted is the owner's, and stays.
fn spelled(language: Language, words: String) -> String {
    let part = |(place, part): (usize, &str)| {
        let is_quoted = place % 2 == 1;
        if is_quoted { part.to_owned() } else { language.spelled(part.to_owned()) }
    };
    words.split('`').enumerate().map(part).collect::<Vec<_>>().join("`")
}

impl Place {
    /// Finds the place of a range of bytes.
    pub(super) fn of(text: &str, span: Range<usize>) -> Place {
        let start = span.start.min(text.len());
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = span.end.clamp(start, line_end);
        Place {
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            width: text[start..end].chars().count().max(1),
            text: text[line_start..line_end].trim_end().to_owned(),
        }
    }
}

/// Finds the bytes of a value by its path; places in lists are numbers.
#[expect(clippy::wildcard_enum_match_arm, reason = "only tables and lists of TOML hold other values")]
fn span_of(text: &str, path: &[&str]) -> Option<Range<usize>> {
    let (table, _) = DeTable::parse_recoverable(text);
    let (first, rest) = path.split_first()?;
    let mut value = table.get_ref().get(*first)?;
    for part in rest {
        value = match value.get_ref() {
            DeValue::Table(table) => table.get(*part)?,
            DeValue::Array(list) => list.get(part.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value.span())
}

/// Tells whether a file says something of a key.
pub fn is_written(text: &str, path: &[&str]) -> bool {
    span_of(text, path).is_some()
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            None => write!(f, "{}: {}", self.file, self.what)?,
            Some(place) => {
                writeln!(f, "{}:{}: {}\n", self.file, place.line, self.what)?;
                writeln!(f, "  {:>4} | {}", place.line, place.text)?;
                let marks = "^".repeat(place.width);
                write!(f, "       | {:indent$}{marks}", "", indent = place.column - 1)?;
                if let Some(expected) = &self.expected {
                    write!(f, " {} {expected}", self.language.say("erwartet:", "expected"))?;
                }
                writeln!(f)?;
            }
        }
        if let (None, Some(expected)) = (&self.place, &self.expected) {
            write!(f, " {} {expected}.", self.language.say("Erwartet:", "Expected"))?;
        }
        if let Some(advice) = &self.advice {
            write!(f, "\n{advice}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_path_and_else_the_table_around_it() {
        let text = "a = 1\n[[line]]\nvat = \"x\"\n";
        let place = |path: &[&str]| {
            Mistake::in_file(Language::En, "f", "wrong").at_key(text, path).place.map(|p| (p.line, p.column, p.width))
        };
        assert_eq!(place(&["line", "0", "vat"]), Some((3, 7, 3)));
        assert_eq!(place(&["line", "0", "price"]), Some((2, 1, 8)));
        assert_eq!(place(&["b"]), None);
    }

    #[test]
    fn a_swiss_owner_reads_ss_and_what_he_wrote_himself() {
        let told = |tag| {
            let language = Language::by_tag(tag).unwrap();
            let mistake = Mistake::in_file(language, "settled.toml", "zwei Konten heißen `Straße`.");
            mistake.expected("größer als 0").advice("Schließen Sie eines von `Maß`.").to_string()
        };
        let own = "settled.toml: zwei Konten heißen `Straße`. Erwartet: größer als 0.\nSchließen Sie eines von `Maß`.";
        assert_eq!(told("de"), own);
        let swiss =
            "settled.toml: zwei Konten heissen `Straße`. Erwartet: grösser als 0.\nSchliessen Sie eines von `Maß`.";
        assert_eq!(told("de-CH"), swiss);
    }
}
