//! A mistake in a file: where, what, why, and what to do.

use std::fmt;
use std::ops::Range;

/// A mistake in a file that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file, as the owner knows it.
    pub file: String,
    /// Where in the file; nothing when it is about the whole file.
    pub place: Option<Place>,
    /// What is wrong, as a sentence.
    pub what: String,
    /// What was expected there.
    pub expected: Option<String>,
    /// What to do.
    pub advice: Option<String>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub fn in_file(file: &str, what: impl Into<String>) -> Mistake {
        Mistake { file: file.to_owned(), place: None, what: what.into(), expected: None, advice: None }
    }

    /// Adds the place of a key, such as `["line", "0", "vat"]`, where the text has it.
    #[must_use]
    pub fn at_key(mut self, text: &str, path: &[&str]) -> Mistake {
        self.place = span_of(text, path).map(|span| Place::of(text, span));
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
        self.expected = Some(expected.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Mistake {
        self.advice = Some(advice.into());
        self
    }
}

impl Place {
    /// Finds the place of a range of bytes.
    fn of(text: &str, span: Range<usize>) -> Place {
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
fn span_of(text: &str, path: &[&str]) -> Option<Range<usize>> {
    use toml::de::{DeTable, DeValue};
    let table = DeTable::parse(text).ok()?;
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
                    write!(f, " expected {expected}")?;
                }
                writeln!(f)?;
            }
        }
        if let (None, Some(expected)) = (&self.place, &self.expected) {
            write!(f, " Expected {expected}.")?;
        }
        if let Some(advice) = &self.advice {
            write!(f, "\n{advice}")?;
        }
        Ok(())
    }
}

/// Turns what the TOML reader says into a mistake.
pub fn from_toml(file: &str, text: &str, error: &toml::de::Error) -> Mistake {
    let message = error.message().trim();
    let place = error.span().map(|span| Place::of(text, span));
    let written = place.as_ref().map(|place| place.text.trim().to_owned()).unwrap_or_default();
    let mut mistake = Mistake { file: file.to_owned(), place, what: String::new(), expected: None, advice: None };
    if let Some((_, expected)) = message.strip_prefix("invalid type: ").and_then(|m| m.rsplit_once(", expected ")) {
        let (kind, example) = in_words(expected);
        mistake.what = format!("`{written}` is not {kind}.");
        mistake.expected = Some(example);
    } else if let Some((_, expected)) =
        message.strip_prefix("invalid value: ").and_then(|m| m.rsplit_once(", expected "))
    {
        let (kind, example) = in_words(expected);
        mistake.what = format!("`{written}` is not {kind}.");
        mistake.expected = Some(example);
    } else if let Some((key, known)) = unknown(message, "unknown field `") {
        mistake.what = format!("the key `{key}` is not known here.");
        mistake.advice = Some(did_you_mean(&key, &known, "Known keys"));
    } else if let Some((word, known)) = unknown(message, "unknown variant `") {
        mistake.what = format!("`{word}` is not one of the possible words.");
        mistake.advice = Some(did_you_mean(&word, &known, "Possible words"));
    } else if let Some(key) = message.strip_prefix("missing field `").and_then(|m| m.strip_suffix('`')) {
        mistake.what = format!("the key `{key}` is missing.");
        mistake.advice = Some(format!(
            "Add `{key} = …`; the commented sample in config/settled.toml and docs/book.md show each key."
        ));
    } else if let Some(day) = german_day(&written) {
        mistake.what = format!("`{written}` is not a day as it is written here.");
        mistake.advice = Some(format!("Write the year first, without quotes: {day}"));
    } else {
        mistake.what = format!("{message}.");
    }
    mistake
}

/// Finds a day such as `01.12.2026` behind a key, and writes it as TOML does.
fn german_day(written: &str) -> Option<String> {
    let (_, value) = written.split_once('=')?;
    let parts: Vec<u32> =
        value.trim().trim_matches('"').split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [day, month, year] = parts[..] else { return None };
    Some(chrono::NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?.to_string())
}

/// Splits `unknown field `x`, expected one of `a`, `b``.
fn unknown(message: &str, begins: &str) -> Option<(String, Vec<String>)> {
    let (key, rest) = message.strip_prefix(begins)?.split_once('`')?;
    let known = rest.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    Some((key.to_owned(), known))
}

/// Says which known word is meant, or all of them where none is near.
pub fn did_you_mean(word: &str, known: &[String], title: &str) -> String {
    let near = known.iter().map(|k| (strsim::damerau_levenshtein(word, k), k)).min();
    match near {
        Some((distance, name)) if distance <= 2.max(word.len() / 3) => format!("Did you mean `{name}`?"),
        _ => format!("{title}: {}.", known.join(", ")),
    }
}

/// Says what a type is in the words of the one who writes the file.
fn in_words(expected: &str) -> (String, String) {
    let words = |kind: &str, example: &str| (kind.to_owned(), example.to_owned());
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => words("a whole number", "a number such as 14"),
        "i32" | "i64" => words("a whole number", "a number such as 14 or -3"),
        "a boolean" => words("true or false", "true or false"),
        "a string" => words("a text in quotes", "a text in quotes such as \"Becker GmbH\""),
        "a sequence" => words("a list", "a list such as [\"a\", \"b\"]"),
        other if other.starts_with("struct ") || other == "a map" => words("a table", "a table with keys of its own"),
        other => words("what is expected here", other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only what the reader says of it counts")]
    struct Sample {
        name: String,
        term_days: Option<u32>,
    }

    fn mistake(text: &str) -> String {
        match toml::from_str::<Sample>(text) {
            Ok(_) => panic!("{text} is valid"),
            Err(error) => from_toml("book/customers/becker.toml", text, &error).to_string(),
        }
    }

    #[test]
    fn a_mistake_names_place_reason_and_remedy() {
        assert_eq!(
            mistake("name = \"Becker\"\nterm_days = \"14 Tage\"\n"),
            "book/customers/becker.toml:2: `term_days = \"14 Tage\"` is not a whole number.\n\
             \n     2 | term_days = \"14 Tage\"\n       |             ^^^^^^^^^ expected a number such as 14\n"
        );
        assert!(mistake("nme = \"Becker\"").ends_with("Did you mean `name`?"));
        assert!(mistake("term_days = 14").contains("the key `name` is missing."));
    }

    #[test]
    fn a_key_is_found_by_its_path() {
        let text = "a = 1\n[[line]]\nvat = \"x\"\n";
        let mistake = Mistake::in_file("f", "wrong").at_key(text, &["line", "0", "vat"]);
        assert_eq!(mistake.place.map(|p| (p.line, p.column, p.width)), Some((3, 7, 3)));
    }
}
