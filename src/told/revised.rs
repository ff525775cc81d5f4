//! What the owner changed in the book: a customer or a contract, from one revision to the next.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::page::{Line, Teller};
use crate::items::Discount;
use crate::language::Language;
use crate::party::Address;

/// A revision of a customer or a contract, against the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revised {
    /// The day from which it holds.
    pub on: NaiveDate,
    /// Of what.
    pub what: RevisedEntry,
    /// What it did.
    pub how: Revision,
}

/// What an entry of the book is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevisedEntry {
    /// A customer.
    Customer,
    /// A contract, or a one-off invoice.
    Contract,
}

/// What a revision did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revision {
    /// It was applied for the first time, or came back.
    Added,
    /// Some keys changed.
    Changed(Vec<Changed>),
    /// Its file is gone.
    Vanished,
}

/// A key of the book whose value changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The key.
    pub key: String,
    /// What it was; null: it was not there.
    pub before: Value,
    /// What it is.
    pub after: Value,
}

impl Revision {
    /// Compares what the book said of an entry with what it says; nothing where both mean the same.
    pub fn of(before: Option<&Value>, after: Option<&Value>) -> Option<Revision> {
        let Some(after) = after else { return before.map(|_| Revision::Vanished) };
        let Some(before) = before else { return Some(Revision::Added) };
        let empty = serde_json::Map::new();
        let (before, after) = (before.as_object().unwrap_or(&empty), after.as_object().unwrap_or(&empty));
        let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
        keys.sort();
        keys.dedup();
        let value = |of: &serde_json::Map<String, Value>, key: &str| of.get(key).cloned().unwrap_or_default();
        let changed = keys.into_iter().filter_map(|key| {
            let (before, after) = (value(before, key), value(after, key));
            (before != after).then(|| Changed { key: key.clone(), before, after })
        });
        let changed: Vec<Changed> = changed.collect();
        (!changed.is_empty()).then_some(Revision::Changed(changed))
    }
}

impl Changed {
    /// Says what a key of a customer was and is.
    fn words(&self, language: Language) -> String {
        let (before, after) = (self.value(&self.before, language), self.value(&self.after, language));
        format!("{} {before} → {after}", self.name(language))
    }

    /// Names the key as people do, where they have a word for it.
    fn name(&self, language: Language) -> &str {
        match (self.key.as_str(), language) {
            ("name", Language::De(_)) => "Name",
            ("number", Language::De(_)) => "Nummer",
            ("address", Language::De(_)) => "Anschrift",
            ("contact", Language::De(_)) => "Ansprechpartner",
            ("email", Language::De(_)) => "E-Mail",
            ("email", Language::En) => "e-mail",
            ("term_days", Language::De(_)) => "Zahlungsziel",
            ("term_days", Language::En) => "days to pay",
            ("discount", Language::De(_)) => "Skonto",
            ("ibans", Language::De(_)) => "Konten",
            ("ibans", Language::En) => "accounts",
            ("order_number", Language::De(_)) => "Bestellnummer",
            ("order_number", Language::En) => "order number",
            ("line", Language::De(_)) => "Positionen",
            ("line", Language::En) => "lines",
            ("end", Language::De(_)) => "Ende",
            ("pauses", Language::De(_)) => "Pausen",
            ("from", Language::De(_)) => "vorgemerkt",
            ("from", Language::En) => "written ahead",
            (key, _) => key,
        }
    }

    fn value(&self, value: &Value, language: Language) -> String {
        let read = || match self.key.as_str() {
            "address" => {
                let address: Address = serde_json::from_value(value.clone()).ok()?;
                Some(address.lines(address.country).join(", "))
            }
            "discount" => {
                let discounts: Vec<Discount> = serde_json::from_value(value.clone()).ok()?;
                let each = discounts.iter().map(|discount| {
                    let (percent, days) = (language.number(discount.percent), discount.days);
                    language.say(format!("{percent} % in {days} Tagen"), format!("{percent} % within {days} days"))
                });
                Some(each.collect::<Vec<_>>().join(", ")).filter(|words| !words.is_empty())
            }
            _ => None,
        };
        read().unwrap_or_else(|| plain(value))
    }
}

/// Writes a value of the book without brackets and quotes.
fn plain(value: &Value) -> String {
    let joined = |parts: Vec<String>| if parts.is_empty() { "–".to_owned() } else { parts.join(", ") };
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(list) => joined(list.iter().map(plain).collect()),
        Value::Object(table) => joined(table.iter().map(|(key, value)| format!("{key} {}", plain(value))).collect()),
    }
}

impl Teller<'_> {
    /// Tells a revision.
    pub(super) fn revised(&self, revised: &Revised) -> Line {
        let (what, title) = match revised.how {
            Revision::Added => ("added", self.say("neu", "new")),
            Revision::Changed(_) => ("changed", self.say("geändert", "changed")),
            Revision::Vanished => ("vanished", self.say("entfernt", "removed")),
        };
        let mut line = Line::new(revised.on, what, title, revised.words(self.language));
        if let Revision::Changed(changed) = &revised.how {
            line.facts = serde_json::json!({ "changed": changed });
        }
        line
    }
}

impl Revised {
    fn words(&self, language: Language) -> String {
        match (&self.how, self.what) {
            (Revision::Added, _) => language.say("steht im Buch", "is in the book").to_owned(),
            (Revision::Vanished, _) => language.say("steht nicht mehr im Buch", "is in the book no more").to_owned(),
            (Revision::Changed(changed), RevisedEntry::Customer) => {
                changed.iter().map(|one| one.words(language)).collect::<Vec<_>>().join("; ")
            }
            // Lines and prices are too much for a line; the file has them.
            (Revision::Changed(changed), RevisedEntry::Contract) => {
                changed.iter().map(|one| one.name(language)).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_told_key_by_key() {
        let address = |street: &str| json!({ "street": street, "postcode": "50667", "city": "Köln", "country": "DE" });
        let table = [
            (json!({ "a": 1 }), json!({ "a": 1 }), None),
            (
                json!({ "address": address("Hauptstraße 5"), "term_days": 14 }),
                json!({ "address": address("Am Markt 1") }),
                Some("Anschrift Hauptstraße 5, 50667 Köln → Am Markt 1, 50667 Köln; Zahlungsziel 14 → –"),
            ),
            (json!({}), json!({ "discount": [{ "days": 7, "percent": "2.5" }] }), Some("Skonto – → 2,5 % in 7 Tagen")),
            (
                json!({ "email": { "invoice": ["a@b.example"] } }),
                json!({ "email": { "invoice": ["a@b.example"], "cc": ["c@d.example"] } }),
                Some("E-Mail invoice a@b.example → cc c@d.example, invoice a@b.example"),
            ),
        ];
        for (before, after, words) in table {
            let how = Revision::of(Some(&before), Some(&after));
            let on = "2026-03-01".parse().unwrap();
            let said = how.map(|how| Revised { on, what: RevisedEntry::Customer, how }.words(Language::GERMAN));
            assert_eq!(said.as_deref(), words, "{after}");
        }
        assert_eq!(Revision::of(None, Some(&json!({}))), Some(Revision::Added));
        assert_eq!(Revision::of(Some(&json!({})), None), Some(Revision::Vanished));
    }
}
