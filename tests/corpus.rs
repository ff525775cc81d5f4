//! Reads every bank file in the directory `SETTLED_CORPUS` and compares with the `expected/*.json` beside it.
//!
//! The files are other people's and do not come with this project; without the variable the test says that it was skipped.

#[path = "corpus/einvoices.rs"]
mod einvoices;
#[path = "corpus/hostile.rs"]
mod hostile;
#[path = "corpus/mt940.rs"]
mod mt940;

use std::fs::{self, File};
use std::io::{BufReader, Cursor};
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use settled::statement::report;
use settled::statement::{self, ArchiveLimits, Charset, ReadError, Sink};

#[test]
fn the_corpus_reads_as_expected() {
    let Some(directory) = std::env::var_os("SETTLED_CORPUS").map(PathBuf::from) else {
        println!("skipped: SETTLED_CORPUS is not set (a directory of bank files with expected/*.json)");
        return;
    };
    let mut names: Vec<String> = fs::read_dir(directory.join("expected"))
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().unwrap().strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no expectations in {}", directory.display());
    let mut wrong = Vec::new();
    for name in &names {
        let expected: Value =
            serde_json::from_str(&fs::read_to_string(directory.join(format!("expected/{name}.json"))).unwrap())
                .unwrap();
        let mut differences = Vec::new();
        compare(&format!("{name}:"), &documents(&directory.join(name)), &expected["documents"], &mut differences);
        wrong.extend(differences.into_iter().take(5));
    }
    println!("{} files, {} differences shown", names.len(), wrong.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Reads a file as the product does: an archive member by member, undeclared Latin-1 recovered.
fn documents(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap();
    if !statement::is_archive(&bytes) {
        return json!([document(&bytes)]);
    }
    let limits = ArchiveLimits::default();
    let members = statement::members(BufReader::new(File::open(path).unwrap()), limits).unwrap();
    let read = members.iter().filter_map(|member| {
        let mut content = Vec::new();
        statement::read_member(Cursor::new(&bytes), member, &mut |bytes| bytes.read_to_end(&mut content))
            .unwrap()
            .unwrap();
        let document = document(&content);
        let is_xml = member.name.to_lowercase().ends_with(".xml");
        (is_xml || document.get("error").is_none()).then_some(document)
    });
    json!(read.collect::<Vec<_>>())
}

fn document(bytes: &[u8]) -> Value {
    let read = |charset| {
        let mut written = Vec::new();
        let read = |sink: &mut dyn Sink| statement::read(bytes, charset, sink);
        report::write(&mut written, &[], &Map::new(), read).unwrap()?;
        Ok(serde_json::from_slice(&written).unwrap())
    };
    let result = match read(Charset::of(bytes)) {
        Err(ReadError::Encoding { .. }) => read(Charset::Recovered),
        other => other,
    };
    result.unwrap_or_else(|error| json!({ "error": error.to_string() }))
}

/// Compares everything that is expected. Amounts are compared as numbers; of a refusal only that it is one.
fn compare(place: &str, got: &Value, expected: &Value, differences: &mut Vec<String>) {
    match (got, expected) {
        (Value::Object(got), Value::Object(expected)) if expected.contains_key("error") => {
            if !got.contains_key("error") {
                differences.push(format!("{place} was read, expected a refusal"));
            }
        }
        (Value::Object(got_fields), Value::Object(fields)) => {
            for (key, value) in fields {
                // Words of warnings and hints, and the name of an archive's member, are each program's own.
                if !matches!(key.as_str(), "warnings" | "hints" | "member") {
                    compare(&format!("{place}/{key}"), got_fields.get(key).unwrap_or(&Value::Null), value, differences);
                }
            }
            if let Some(error) = got_fields.get("error") {
                differences.push(format!("{place} was refused: {error}"));
            }
        }
        (Value::Array(got), Value::Array(expected)) if got.len() == expected.len() => {
            for (index, (got, expected)) in got.iter().zip(expected).enumerate() {
                compare(&format!("{place}/{index}"), got, expected, differences);
            }
        }
        (Value::String(a), Value::String(b)) if a == b || numbers_equal(a, b) => {}
        _ if got == expected => {}
        _ => differences.push(format!("{place} got {}, expected {}", cut(got), cut(expected))),
    }
}

fn numbers_equal(a: &str, b: &str) -> bool {
    matches!((a.parse::<Decimal>(), b.parse::<Decimal>()), (Ok(a), Ok(b)) if a == b)
}

fn cut(value: &Value) -> String {
    value.to_string().chars().take(160).collect()
}
