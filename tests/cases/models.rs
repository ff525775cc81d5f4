//! What books hold must be readable for ten years: `tests/models/v1/` has a file for each kind of each fact, as it was once written,
//! and every program reads all of them and writes the same bytes. They are never changed; a new kind adds its file.
//!
//! A file is named `table.kind.json`; further ones of a kind, such as the least that it can say, have a word between.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::path::Path;

use serde::de::value::Error;
use serde::de::{DeserializeOwned, Error as _, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::Value;
use settled::fact::{
    ActFact, ActKind, BankFileFact, DecisionFact, DocumentFact, Fact, Payable, PaymentFact, RevisionFact, SightingFact,
};

/// The files: text by name without ending.
fn models() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models/v1");
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files.map(|path| (named(&path), std::fs::read_to_string(&path).unwrap())).collect()
}

/// The kinds of a fact as serde knows them: it hands their names over before it reads anything.
struct Kinds<'k>(&'k mut Vec<&'static str>);

impl<'de> Deserializer<'de> for Kinds<'_> {
    type Error = Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        kinds: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        self.0.extend(kinds);
        Err(Error::custom("the kinds are known"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("a fact is an enum"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

fn kinds<F: DeserializeOwned>() -> Vec<&'static str> {
    let mut kinds = Vec::new();
    assert!(F::deserialize(Kinds(&mut kinds)).is_err());
    kinds
}

/// Reads all files of a table, and says what is wrong.
fn of_table<F: Fact + Debug>(table: &str, models: &mut BTreeMap<String, String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut missing: BTreeSet<&str> = kinds::<F>().into_iter().collect();
    let own: Vec<String> = models.keys().filter(|name| name.starts_with(&format!("{table}."))).cloned().collect();
    for name in own {
        let text = models.remove(&name).unwrap();
        match F::read(&text) {
            Err(error) => wrong.push(format!("{name}: {error}")),
            Ok(fact) if fact.write() != text => wrong.push(format!("{name} is written otherwise:\n  {}", fact.write())),
            Ok(_) => {}
        }
        let stored: Value = serde_json::from_str(&text).unwrap();
        let tag = stored["fact"].as_str().or_else(|| Some(stored["fact"].as_object()?.keys().next()?)).unwrap();
        if name.split('.').nth(1) != Some(tag) {
            wrong.push(format!("{name} is a `{tag}`"));
        }
        missing.remove(tag);
    }
    wrong.extend(missing.into_iter().map(|kind| format!("{table}.{kind}.json is missing")));
    wrong
}

#[test]
fn every_kind_of_every_fact_is_read_as_it_was_written() {
    let mut models = models();
    let mut wrong = of_table::<ActFact>("act", &mut models);
    wrong.extend(of_table::<BankFileFact>("bank_file", &mut models));
    wrong.extend(of_table::<DecisionFact>("decision", &mut models));
    wrong.extend(of_table::<DocumentFact>("document", &mut models));
    wrong.extend(of_table::<RevisionFact>("revision", &mut models));
    wrong.extend(of_table::<SightingFact>("sighting", &mut models));
    wrong.extend(of_table::<PaymentFact>("payment", &mut models));
    wrong.extend(models.into_keys().map(|name| format!("{name} belongs to no table")));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_word_of_an_act_is_used() {
    let models = models();
    let acts = models.iter().filter(|(name, _)| name.starts_with("act."));
    let used: BTreeSet<&str> = acts.map(|(_, text)| ActFact::read(text).unwrap().kind().name()).collect();
    assert_eq!(used, ActKind::ALL.map(ActKind::name).into_iter().collect());
    for kind in ActKind::ALL {
        assert_eq!(ActKind::by_name(kind.name()), Some(kind));
    }
}

/// What is read in part, or of two tables at once, is read of every kind.
#[test]
fn the_short_ways_read_what_the_long_ones_do() {
    for (name, text) in models() {
        match name.split('.').next() {
            Some("document") => assert_eq!(
                Payable::read(&text).ok().map(|part| (part.contract, part.pay_to.reference, part.discounts)),
                DocumentFact::read_owed(&text).ok().map(|all| (all.contract, all.pay_to.reference, all.discounts)),
                "{name}"
            ),
            Some("payment" | "sighting") => assert!(PaymentFact::read_entry(&text).is_ok(), "{name}"),
            _ => {}
        }
    }
}
