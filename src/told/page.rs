//! How a history is told: its lines, what was seen, and what comes next.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::names::Names;
use crate::calendar::Zone;
use crate::command::Program;
use crate::fact::Decided;
use crate::language::Language;
use crate::money::{Amount, Currency};

/// Why something stands as it does.
#[derive(Debug, Clone, Serialize)]
pub struct History {
    /// What it is: `invoice`, `payment`, `customer`, `contract`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What it is, for people.
    #[serde(skip)]
    pub heading: Vec<String>,
    /// The same for programs; amounts are decimal strings.
    #[serde(flatten)]
    pub facts: Value,
    /// What was seen: rows under a label.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Seen>,
    /// What was decided and done, oldest first.
    pub lines: Vec<Line>,
    /// The commands that decide what is open.
    #[serde(rename = "do", skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
    /// What comes next, and when.
    pub next: Option<String>,
}

impl History {
    /// Puts into its commands where the configuration lies.
    pub fn spelled(mut self, program: &Program) -> History {
        let cells = self.seen.iter_mut().flat_map(|seen| &mut seen.rows).flatten();
        let texts = self.lines.iter_mut().flat_map(|line| std::iter::once(&mut line.text).chain(&mut line.commands));
        let all = cells.chain(texts).chain(&mut self.commands).chain(&mut self.next);
        all.for_each(|text| *text = program.spell(text));
        self
    }
}

/// Rows under a label.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    /// The label for programs: `text`, `evidence`.
    pub label: &'static str,
    /// The label in the owner's language.
    #[serde(skip)]
    pub title: &'static str,
    /// The rows, each of some columns.
    pub rows: Vec<Vec<String>>,
}

impl Seen {
    /// Puts rows under a label, if there are any.
    pub fn of(label: &'static str, title: &'static str, rows: Vec<Vec<String>>) -> Option<Seen> {
        (!rows.is_empty()).then_some(Seen { label, title, rows })
    }
}

/// Something that was decided or done on a day.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// The civil day.
    pub on: NaiveDate,
    /// What, for programs: `held`, `paid`, `reminder`.
    pub what: String,
    /// What, in the owner's language.
    #[serde(skip)]
    pub title: String,
    /// The explanation.
    pub text: String,
    /// The rule that decided.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// What the rule saw.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub facts: Value,
    /// The commands that solve it, as long as it stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
}

impl Line {
    pub(super) fn new(on: NaiveDate, what: &str, title: impl Into<String>, text: String) -> Line {
        Line {
            on,
            what: what.to_owned(),
            title: title.into(),
            text,
            rule: String::new(),
            facts: Value::Null,
            commands: Vec::new(),
        }
    }

    pub(super) fn by_rule(mut self, decided: &Decided) -> Line {
        self.rule.clone_from(&decided.rule);
        self.facts = decided.fact.seen();
        self
    }
}

/// Tells a history in the owner's language.
#[derive(Debug, Clone, Copy)]
pub struct Teller<'a> {
    /// The owner's language.
    pub language: Language,
    /// The business's zone, for the hours of letters.
    pub zone: Zone,
    /// Whether letters are announced to the owner.
    pub announces: bool,
    /// The currency of the invoice or payment; nothing where it is about neither.
    pub currency: Option<Currency>,
    /// The names of what is spoken of.
    pub names: &'a Names,
}

impl Teller<'_> {
    pub(super) fn say<T>(&self, german: T, english: T) -> T {
        self.language.say(german, english)
    }

    pub(super) fn money(&self, amount: Amount, currency: Currency) -> String {
        amount.with_currency(currency, self.language)
    }

    pub(super) fn day(&self, day: NaiveDate) -> String {
        self.language.day(day)
    }
}
