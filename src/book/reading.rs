//! A TOML file read to its end: every mistake in it is named, and what is left of it is read as far as it goes.
//!
//! The reader of TOML stops at the first value that does not fit. So the table is mended and read again: a key that is not known is taken
//! out, something that fits takes the place of what does not, or is added where it is missing. What was put there is marked by a place
//! behind the end of the text, so that nothing is ever said of it. A mended value is good for nothing but to look for further
//! mistakes.

#![expect(clippy::wildcard_enum_match_arm, reason = "only tables and lists of TOML hold other values")]

use std::collections::BTreeSet;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue, Deserializer, Error};

use super::mistake::Mistake;
use super::words::{from_toml, missing};
use crate::language::Language;

/// The most mistakes of a file that are named.
const MOST: usize = 100;

/// What came of reading a file.
#[derive(Debug, Clone)]
pub struct Reading<T> {
    /// What the file says; with mistakes, what of it can be checked further; nothing when that is too little.
    pub value: Option<T>,
    /// What is wrong in it.
    pub mistakes: Vec<Mistake>,
    /// The number that the file gives itself, as far as it can be read.
    pub number: Option<String>,
}

/// Reads a file to its end.
pub fn read_whole<T: DeserializeOwned>(file: &str, text: &str, language: Language) -> Reading<T> {
    let (mut table, broken) = DeTable::parse_recoverable(text);
    let number = table.get_ref().get("number").and_then(|value| value.get_ref().as_str()).map(str::to_owned);
    let mut found = Found { file, text, language, lines: BTreeSet::new(), mistakes: Vec::new() };
    broken.iter().for_each(|error| found.add(error));
    let is_broken = !found.mistakes.is_empty();
    let mut behind = text.len() + 1;
    let value = loop {
        match T::deserialize(Deserializer::from(table.clone())) {
            Ok(value) => break Some(value),
            Err(_) if found.mistakes.len() >= MOST || behind > text.len() + 20 * MOST => break None,
            Err(error) => {
                let of_ours = error.span().is_some_and(|span| span.start > text.len());
                // In a line that cannot be read may stand what seems to be missing.
                let may_be_there = is_broken && missing(&error).is_some();
                if !of_ours && !may_be_there {
                    found.add(&error);
                }
                match mended::<T>(&table, &error, behind) {
                    Some(mended) => table = mended,
                    None => break None,
                }
                behind += 1;
            }
        }
    };
    if value.is_none() && found.mistakes.is_empty() {
        // Never silent: what cannot be read has a reason.
        if let Err(error) = T::deserialize(Deserializer::from(table)) {
            found.add(&error);
        }
    }
    let mut mistakes = found.mistakes;
    mistakes.sort_by_key(|mistake| mistake.place.as_ref().map_or(0, |place| place.line));
    Reading { value, mistakes, number }
}

/// The mistakes of a file, one for each line.
struct Found<'a> {
    file: &'a str,
    text: &'a str,
    language: Language,
    lines: BTreeSet<(usize, Option<String>)>,
    mistakes: Vec<Mistake>,
}

impl Found<'_> {
    fn add(&mut self, error: &Error) {
        let mistake = from_toml(self.file, self.text, error, self.language);
        let line = mistake.place.as_ref().map_or(0, |place| place.line);
        // Several keys may be missing of one table.
        if self.lines.insert((line, missing(error).map(str::to_owned))) {
            self.mistakes.push(mistake);
        }
    }
}

type Value = Spanned<DeValue<'static>>;

/// Something at a place of a table that can be mended.
enum Target {
    /// The table itself.
    Table,
    /// A value of the table, by its key.
    Value(String),
    /// An element of a list of the table.
    Element(String, usize),
}

/// Mends the table at the place of an error, so that reading comes further; nothing when nothing helps.
fn mended<'t, T: DeserializeOwned>(
    table: &Spanned<DeTable<'t>>,
    error: &Error,
    behind: usize,
) -> Option<Spanned<DeTable<'t>>> {
    let span = error.span().unwrap_or_else(|| table.span());
    let message = error.message().trim();
    let new_place = behind..behind;
    let try_it = |change: &dyn Fn(&mut DeTable<'t>, &Target), gone: Option<&str>| {
        let mut anew = table.clone();
        let mut changed = false;
        let root_span = table.span();
        change_at(anew.get_mut(), root_span, &span, &mut |table, target| {
            if !changed {
                change(table, target);
                changed = true;
            }
        });
        if !changed {
            return Err(None);
        }
        match T::deserialize(Deserializer::from(anew.clone())) {
            Ok(_) => Ok(anew),
            Err(next) => {
                let same = next.span().as_ref() == Some(&new_place) && missing(&next).is_none();
                let is_missed = gone.is_some() && missing(&next) == gone && !same;
                let stands_still = next.span() == error.span() && next.message() == error.message();
                if same || is_missed || stands_still { Err(Some(next)) } else { Ok(anew) }
            }
        }
    };
    if let Some(key) = missing(error) {
        return fitting(|value| {
            let value = Spanned::new(new_place.clone(), value);
            try_it(
                &|table, target| {
                    if let Some(table) = inner(table, target) {
                        table.insert(Spanned::new(new_place.clone(), key.to_owned().into()), value.clone());
                    }
                },
                None,
            )
        });
    }
    // A block too many or too few: `[line]` for `[[line]]`, `[[email]]` for `[email]`.
    let other_form = try_it(
        &|table, target| {
            if let Some(value) = value_at(table, target) {
                let old = std::mem::replace(value.get_mut(), DeValue::Boolean(false));
                *value.get_mut() = match old {
                    DeValue::Table(inner) => {
                        DeValue::Array([Spanned::new(span.clone(), DeValue::Table(inner))].into_iter().collect())
                    }
                    DeValue::Array(list) if list.len() == 1 => {
                        list.into_iter().next().map_or(DeValue::Boolean(false), Spanned::into_inner)
                    }
                    other => other,
                };
            }
        },
        None,
    );
    if let Ok(anew) = other_form {
        return Some(anew);
    }
    // A key that is not known has no value that fits.
    let fits = (!message.starts_with("unknown field"))
        .then(|| {
            fitting(|value| {
                try_it(
                    &|table, target| {
                        if let Some(old) = value_at(table, target) {
                            *old = Spanned::new(new_place.clone(), value.clone());
                        }
                    },
                    None,
                )
            })
        })
        .flatten();
    if fits.is_some() {
        return fits;
    }
    let key = key_at(table, &span);
    let without = try_it(
        &|table, target| match target {
            Target::Table => {}
            Target::Value(key) => {
                table.remove(key.as_str());
            }
            Target::Element(key, place) => {
                if let Some(DeValue::Array(list)) = table.get_mut(key.as_str()).map(Spanned::get_mut) {
                    let left = list.iter().enumerate().filter(|(at, _)| at != place).map(|(_, value)| value.clone());
                    *list = left.collect();
                }
            }
        },
        key.as_deref(),
    );
    without.ok()
}

/// Tries what might fit where something is needed: a text, a number, a day, a table; a word that the reader itself names.
fn fitting<'t>(
    mut try_it: impl FnMut(DeValue<'t>) -> Result<Spanned<DeTable<'t>>, Option<Error>>,
) -> Option<Spanned<DeTable<'t>>> {
    let text = |text: &'static str| DeValue::String(text.into());
    let mut candidates: Vec<DeValue<'t>> = vec![
        text("1"),
        DeValue::Integer(DeInteger::default()),
        text("2026-01-01"),
        text("month"),
        text("a@b.example"),
        text("DE02120300000000202051"),
        DeValue::Table(DeTable::new()),
        DeValue::Array(Vec::<Value>::new().into_iter().collect()),
        DeValue::Boolean(false),
    ];
    candidates.reverse();
    while let Some(value) = candidates.pop() {
        match try_it(value) {
            Ok(anew) => return Some(anew),
            Err(Some(next)) => {
                let message = next.message();
                let word = message.strip_prefix("unknown variant `").and_then(|rest| rest.split('`').nth(2));
                if let Some(word) = word.filter(|_| candidates.len() < 20) {
                    candidates.push(DeValue::String(word.to_owned().into()));
                }
            }
            Err(None) => return None,
        }
    }
    None
}

/// Finds what stands at a span, and changes it.
fn change_at<'t>(
    table: &mut DeTable<'t>,
    own: Range<usize>,
    span: &Range<usize>,
    change: &mut dyn FnMut(&mut DeTable<'t>, &Target),
) {
    if own == *span {
        change(table, &Target::Table);
        return;
    }
    let hit = table.iter().find_map(|(key, value)| {
        if key.span() == *span || value.span() == *span {
            return Some(Target::Value(key.get_ref().to_string()));
        }
        let DeValue::Array(list) = value.get_ref() else { return None };
        let place = list.iter().position(|element| element.span() == *span)?;
        Some(Target::Element(key.get_ref().to_string(), place))
    });
    if let Some(target) = hit {
        change(table, &target);
        return;
    }
    for (_, value) in table.iter_mut() {
        let own = value.span();
        match value.get_mut() {
            DeValue::Table(inner) => change_at(inner, own, span, change),
            DeValue::Array(list) => {
                for element in list.iter_mut() {
                    let own = element.span();
                    if let DeValue::Table(inner) = element.get_mut() {
                        change_at(inner, own, span, change);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Returns the key of what stands at a span.
fn key_at(table: &Spanned<DeTable<'_>>, span: &Range<usize>) -> Option<String> {
    let mut found = None;
    change_at(table.clone().get_mut(), table.span(), span, &mut |_, target| {
        if let Target::Value(key) | Target::Element(key, _) = target {
            found.get_or_insert_with(|| key.clone());
        }
    });
    found
}

/// Returns the table that a target means.
fn inner<'a, 't>(table: &'a mut DeTable<'t>, target: &Target) -> Option<&'a mut DeTable<'t>> {
    if matches!(target, Target::Table) {
        return Some(table);
    }
    match value_at(table, target)?.get_mut() {
        DeValue::Table(inner) => Some(inner),
        _ => None,
    }
}

/// Returns the value that a target means.
fn value_at<'a, 't>(table: &'a mut DeTable<'t>, target: &Target) -> Option<&'a mut Spanned<DeValue<'t>>> {
    match target {
        Target::Table => None,
        Target::Value(key) => table.get_mut(key.as_str()),
        Target::Element(key, place) => match table.get_mut(key.as_str())?.get_mut() {
            DeValue::Array(list) => list.get_mut(*place),
            _ => None,
        },
    }
}

/// Returns the owner's language, as far as the configuration can be read; German where it says nothing, as the country of the business
/// writes it.
pub fn language_of(text: &str) -> Language {
    let (table, _) = DeTable::parse_recoverable(text);
    let word = |path: &[&str]| {
        let (key, tables) = path.split_last()?;
        let table = tables.iter().try_fold(table.get_ref(), |table, name| table.get(*name)?.get_ref().as_table())?;
        table.get(*key)?.get_ref().as_str()
    };
    let language = word(&["owner", "language"]).and_then(Language::by_tag).unwrap_or_default();
    language.of_business_in(word(&["business", "address", "country"]).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only what the reader says of it counts")]
    struct Sample {
        name: String,
        term_days: Option<u32>,
        country: Option<crate::party::Country>,
        #[serde(default)]
        line: Vec<Line>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only what the reader says of it counts")]
    struct Line {
        email: crate::party::Email,
        pause: Option<u32>,
    }

    fn mistakes(text: &str, language: Language) -> Vec<String> {
        read_whole::<Sample>("becker.toml", text, language).mistakes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_mistake_names_place_reason_and_remedy() {
        assert_eq!(
            mistakes("name = \"Becker\"\nterm_days = \"14 Tage\"\n", Language::En),
            ["becker.toml:2: `term_days = \"14 Tage\"` is not a whole number.\n\
             \n     2 | term_days = \"14 Tage\"\n       |             ^^^^^^^^^ expected a number such as 14\n"]
        );
        assert_eq!(
            mistakes("name = \"Becker\"\nterm_days = \"14 Tage\"\n", Language::GERMAN),
            ["becker.toml:2: `term_days = \"14 Tage\"` ist keine ganze Zahl.\n\
             \n     2 | term_days = \"14 Tage\"\n       |             ^^^^^^^^^ erwartet: eine Zahl wie 14\n"]
        );
    }

    #[test]
    fn every_mistake_of_a_file_is_named_and_nothing_twice() {
        let table: &[(&str, &[&str])] = &[
            ("name = \"Becker\"", &[]),
            ("nme = \"Becker\"", &["the key `name` is missing", "the key `nme` is not known"]),
            (
                "name = 7\nterm_days = \"x\"\ncountry = \"Germany\"\nmore = 1\n",
                &[
                    "`name = 7` is not a text",
                    "`term_days = \"x\"`",
                    "`Germany` is not a country",
                    "`more` is not known",
                ],
            ),
            ("name = \"B\"\n[line]\nemail = \"a@b.de\"\n", &["Write `[[line]]`"]),
            (
                "name = \"B\"\n[line]\nemail = \"a@b\"\npuase = 3\n",
                &["Write `[[line]]`", "`a@b` is not an e-mail", "Did you mean `pause`?"],
            ),
            (
                "name = \"B\"\n[[line]]\nemail = \"a\"\n[[line]]\npause = true\n[[line]]\nemail = 5\n",
                &["`a` is not an e-mail", "the key `email` is missing", "`pause = true`", "`email = 5`"],
            ),
            ("name = Becker\nterm_days = \"x\"\n", &["a text stands in quotes", "`term_days = \"x\"`"]),
            ("name = \"B\"\nname = \"C\"\nterm_days = -1\n", &["is written twice", "`term_days = -1`"]),
            ("name = \"B\nterm_days = 14\n", &["second quote is missing"]),
        ];
        for (text, expected) in table {
            let found = mistakes(text, Language::En);
            assert_eq!(found.len(), expected.len(), "{text}\n{found:#?}");
            for words in *expected {
                assert!(found.iter().any(|mistake| mistake.contains(words)), "{text} has no `{words}`: {found:#?}");
            }
        }
    }
}
