//! Runs the case tables: every `*.json` of the directory `SETTLED_CASES` (default `tests/cases/`).
//!
//! Prints the ids that passed and failed and a closing line. Fails on any id that is not in `tests/cases/not-yet.txt`, so on a family
//! that nobody judges yet unless all its ids are listed; a case that passes while it is listed, or that no file has, fails too.

#[path = "cases/adversary.rs"]
mod adversary;
#[path = "cases/chains.rs"]
mod chains;
#[path = "cases/dunning.rs"]
mod dunning;
#[path = "cases/einvoice.rs"]
mod einvoice;
#[path = "cases/histories.rs"]
mod histories;
#[path = "cases/matching.rs"]
mod matching;
#[path = "cases/models.rs"]
mod models;
#[path = "cases/noise.rs"]
mod noise;
#[path = "cases/recurrence.rs"]
mod recurrence;
#[path = "cases/totals.rs"]
mod totals;

use std::collections::BTreeSet;
use std::panic;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// What a family makes of one case: nothing when it holds, else what is wrong.
type Judge = fn(&Value) -> Result<(), String>;

fn judge(family: &str) -> Option<Judge> {
    match family {
        "dunning" => Some(dunning::judge),
        "matching" => Some(matching::judge),
        "recurrence" => Some(recurrence::judge),
        "totals" => Some(totals::judge),
        _ => None,
    }
}

#[test]
fn all_cases() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let directory = std::env::var_os("SETTLED_CASES").map_or_else(|| here.clone(), PathBuf::from);
    let not_yet = std::fs::read_to_string(here.join("not-yet.txt")).unwrap_or_default();
    let not_yet: BTreeSet<&str> =
        not_yet.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).collect();

    let mut files: Vec<PathBuf> = std::fs::read_dir(&directory)
        .unwrap_or_else(|e| panic!("{}: {e}", directory.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no case files in {}", directory.display());

    let (mut passed, mut failed, mut wrong) = (0, 0, Vec::new());
    let mut unknown = not_yet.clone();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let table: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let judge = judge(table["family"].as_str().expect("a table names its family")).unwrap_or(nobody);
        for case in table["cases"].as_array().expect("cases") {
            let id = case["id"].as_str().expect("a case has an id");
            let listed = not_yet.contains(id);
            unknown.remove(id);
            match run(judge, case) {
                Ok(()) => {
                    passed += 1;
                    println!("passed {id}");
                    if listed {
                        wrong.push(format!("{id} passes; take it off tests/cases/not-yet.txt"));
                    }
                }
                Err(why) => {
                    failed += 1;
                    println!("failed {id}: {why}");
                    if !listed {
                        wrong.push(format!("{id}: {why}"));
                    }
                }
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    // Other tables, named by the environment, need not have all that is listed here.
    if directory == here {
        wrong.extend(unknown.iter().map(|id| format!("{id} stands on tests/cases/not-yet.txt, and no table has it")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Judges the cases of a family that waits for its feature.
fn nobody(_: &Value) -> Result<(), String> {
    Err("nobody judges this family yet".to_owned())
}

/// Judges a case; a panic inside is a failure like any other.
fn run(judge: Judge, case: &Value) -> Result<(), String> {
    panic::catch_unwind(|| judge(case)).unwrap_or_else(|cause| {
        let words = cause.downcast_ref::<String>().cloned();
        Err(words
            .or_else(|| cause.downcast_ref::<&str>().map(|s| (*s).to_owned()))
            .unwrap_or_else(|| "panicked".into()))
    })
}

/// Compares two values and says both when they differ.
fn same(what: &str, got: &Value, expected: &Value) -> Result<(), String> {
    if got == expected { Ok(()) } else { Err(format!("{what}: got {got}, expected {expected}")) }
}
