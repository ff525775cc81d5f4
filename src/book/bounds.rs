//! What is wrong in one file, gathered, and the bounds that every setting keeps: each says why it is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::ops::RangeInclusive;

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use super::mistake::{Mistake, is_written};
use crate::language::Language;
use crate::party::one_line;

/// The same words in German and in English.
pub type Words<T> = (T, T);

/// The mistakes of one file.
#[derive(Debug)]
pub struct Complaints<'a> {
    file: &'a str,
    text: &'a str,
    language: Language,
    /// The lines of mistakes that were told already; what is said of them is an echo.
    told: BTreeSet<usize>,
    /// The variables of the environment that lie over the file: `SETTLED__MAIL__PORT`.
    variables: Vec<&'a str>,
    /// Keys that stand somewhere else in the file, each with the path before it.
    moved: BTreeMap<String, Vec<String>>,
    found: Vec<Mistake>,
}

/// The longest text that must fit on one line of a letter.
const LONGEST_LINE: usize = 200;

impl<'a> Complaints<'a> {
    /// Begins with a file, and the lines of the mistakes that reading it has told.
    pub fn of(file: &'a str, text: &'a str, language: Language, told: impl IntoIterator<Item = usize>) -> Self {
        Complaints {
            file,
            text,
            language,
            told: told.into_iter().collect(),
            variables: Vec::new(),
            moved: BTreeMap::new(),
            found: Vec::new(),
        }
    }

    /// Adds the variables that lie over the file: what they set is told of them.
    #[must_use]
    pub fn over_which(mut self, variables: impl IntoIterator<Item = &'a String>) -> Self {
        self.variables = variables.into_iter().map(String::as_str).collect();
        self
    }

    /// Says where keys stand that are not where they usually are: the path before each.
    pub fn moved_to(&mut self, moved: BTreeMap<String, Vec<String>>) {
        self.moved = moved;
    }

    /// Tells whether file or environment says something of a key.
    pub fn says(&self, path: &[&str]) -> bool {
        self.variable(path).is_some() || is_written(self.text, path)
    }

    fn variable(&self, path: &[&str]) -> Option<&'a str> {
        let name = format!("SETTLED__{}", path.join("__"));
        self.variables.iter().copied().find(|variable| variable.eq_ignore_ascii_case(&name))
    }

    /// Returns the mistakes.
    pub fn into_found(self) -> Vec<Mistake> {
        self.found
    }

    /// Returns the language of the words.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Notes a mistake at a key: what and why, and what to do.
    pub fn wrong(&mut self, path: &[&str], what: Words<impl Into<String>>, advice: Words<impl Into<String>>) {
        let what = self.language.say(what.0.into(), what.1.into());
        let mistake = match self.variable(path) {
            Some(variable) => Mistake::in_file(self.language, variable, what),
            None => {
                let before = path.first().and_then(|key| self.moved.get(*key)).into_iter().flatten();
                let path: Vec<&str> = before.map(String::as_str).chain(path.iter().copied()).collect();
                Mistake::in_file(self.language, self.file, what).at_key(self.text, &path)
            }
        };
        let mistake = mistake.advice(self.language.say(advice.0.into(), advice.1.into()));
        let is_echo = mistake.place.as_ref().is_some_and(|place| self.told.contains(&place.line));
        // What holds today may hold after the next change, too.
        if !is_echo && !self.found.contains(&mistake) {
            self.found.push(mistake);
        }
    }

    /// Notes that something is missing, at a key near it. In a file that could not be read as a whole it may be there all the same.
    pub fn missing(&mut self, near: &[&str], what: Words<impl Into<String>>, advice: Words<impl Into<String>>) {
        if self.told.is_empty() {
            self.wrong(near, what, advice);
        }
    }

    /// Holds a whole number in its bounds.
    pub fn whole(
        &mut self,
        path: &[&str],
        value: impl Into<i64>,
        bounds: RangeInclusive<i64>,
        why: Words<&str>,
        example: impl Display,
    ) {
        let value = value.into();
        if !bounds.contains(&value) {
            self.outside(path, value, (bounds.start(), bounds.end()), why, example);
        }
    }

    /// Holds an amount, a quantity or a rate in its bounds, both included.
    pub fn exact(&mut self, path: &[&str], value: Decimal, bounds: (i64, i64), why: Words<&str>, example: &str) {
        if value < Decimal::from(bounds.0) || value > Decimal::from(bounds.1) {
            self.outside(path, value, bounds, why, format!("\"{example}\""));
        }
    }

    fn outside(
        &mut self,
        path: &[&str],
        value: impl Display,
        (least, most): (impl Display, impl Display),
        why: Words<&str>,
        example: impl Display,
    ) {
        let key = key_of(path);
        self.wrong(
            path,
            (
                format!("`{key}` ist {value}; möglich ist {least} bis {most}: {}.", why.0),
                format!("`{key}` is {value}; it can be {least} to {most}: {}.", why.1),
            ),
            (format!("Schreiben Sie `{key} = {example}`."), format!("Write `{key} = {example}`.")),
        );
    }

    /// Notes a setting that changes nothing: whoever wrote it expects something of it.
    pub fn without_effect(&mut self, path: &[&str], why: Words<&str>, advice: Words<impl Into<String>>) {
        let key = key_of(path);
        self.wrong(
            path,
            (format!("`{key}` bewirkt nichts: {}.", why.0), format!("`{key}` has no effect: {}.", why.1)),
            advice,
        );
    }

    /// Holds a day in the years of which a book can speak.
    pub fn day(&mut self, path: &[&str], day: NaiveDate) {
        if !(1990..2100).contains(&day.year()) {
            self.wrong(
                path,
                (
                    format!(
                        "der {} liegt nicht zwischen 1990 und 2099; da ist eine Ziffer vertippt.",
                        Language::GERMAN.day(day)
                    ),
                    format!("{} does not lie between 1990 and 2099; a digit is mistyped.", Language::En.day(day)),
                ),
                ("Berichtigen Sie das Jahr.", "Correct the year."),
            );
        }
    }

    /// Holds two days in order; `what` is what they begin and end: "the pause".
    pub fn in_order(&mut self, path: &[&str], (from, to): (NaiveDate, NaiveDate), what: Words<&str>) {
        if to < from {
            self.wrong(
                path,
                (
                    format!(
                        "{} endet am {}, vor dem Beginn am {}.",
                        what.0,
                        Language::GERMAN.day(to),
                        Language::GERMAN.day(from)
                    ),
                    format!(
                        "{} ends on {}, before it begins on {}.",
                        what.1,
                        Language::En.day(to),
                        Language::En.day(from)
                    ),
                ),
                ("Berichtigen Sie die beiden Tage.", "Correct its days."),
            );
        }
    }

    /// Checks a text that must fit on one line of a letter.
    pub fn line_of_text(&mut self, path: &[&str], text: &str) {
        if text.trim().is_empty() {
            self.wrong(
                path,
                ("dieser Text ist leer.", "this text is empty."),
                ("Schreiben Sie ihn aus.", "Write it out."),
            );
        } else if one_line(text) != text.trim() {
            self.wrong(
                path,
                (
                    "dieser Text hat Zeilenumbrüche, Steuerzeichen oder mehrere Leerzeichen hintereinander.",
                    "this text has line breaks, control characters or runs of blanks.",
                ),
                (format!("Schreiben Sie `\"{}\"`.", one_line(text)), format!("Write `\"{}\"`.", one_line(text))),
            );
        } else if text.chars().count() > LONGEST_LINE {
            self.wrong(
                path,
                (
                    format!("dieser Text ist länger als {LONGEST_LINE} Zeichen; er soll in eine Zeile passen."),
                    format!("this text is longer than {LONGEST_LINE} characters; it is to fit on a line."),
                ),
                (
                    "Kürzen Sie ihn; mehr hat in `description` oder `note` Platz.",
                    "Shorten it; more can go into `description` or `note`.",
                ),
            );
        }
    }

    /// Checks a text on one line, where there is one.
    pub fn line_if_any(&mut self, path: &[&str], text: Option<&str>) {
        if let Some(text) = text {
            self.line_of_text(path, text);
        }
    }

    /// Checks a text of several lines, where there is one.
    pub fn text_if_any(&mut self, path: &[&str], text: Option<&str>) {
        const LONGEST: usize = 2_000;
        let Some(text) = text else { return };
        if text.trim().is_empty() {
            self.wrong(
                path,
                ("dieser Text ist leer.", "this text is empty."),
                ("Lassen Sie ihn weg.", "Leave it out."),
            );
        } else if text.chars().count() > LONGEST {
            self.wrong(
                path,
                (
                    format!("dieser Text ist länger als {LONGEST} Zeichen; so viel steht auf keiner Rechnung."),
                    format!("this text is longer than {LONGEST} characters; no invoice says so much."),
                ),
                ("Kürzen Sie ihn.", "Shorten it."),
            );
        }
    }
}

/// Returns the key that a path ends with, without places in lists.
fn key_of<'p>(path: &[&'p str]) -> &'p str {
    path.iter().rfind(|part| part.parse::<usize>().is_err()).copied().unwrap_or_default()
}
