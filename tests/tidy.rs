//! Reads the source and objects to what the project agreed not to do: knowledge flows one way and never in a circle, there is one door
//! to the world, money is exact, every file says its duty, every rule that is cited is written down, nothing in the store is idle. What a
//! test keeps is never argued about in review.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The reading order: a module uses only those before it.
const ORDER: &[(&str, &[&str])] = &[
    ("words", &["id", "language", "money", "calendar", "party", "reference", "journal", "command"]),
    ("papers", &["items", "customer", "invoice", "recurring", "statement", "ledger", "outbox"]),
    ("book", &["book"]),
    ("judgements", &["matching", "dunning", "question", "refusal", "chain", "summary"]),
    ("facts", &["fact"]),
    ("paper", &["document", "letter"]),
    ("histories", &["told"]),
    ("doors", &["shell"]),
    ("work", &["jobs"]),
    ("program", &["daemon", "cli", "main"]),
];

/// The rooms inside two modules, in their reading order: a room uses only those before it.
const ROOMS: &[(&str, &[&str])] = &[
    (
        "jobs",
        &[
            "office",
            "records",
            "issuing",
            "bank",
            "receipts",
            "billing",
            "corrections",
            "quotes",
            "collections",
            "safety",
            "owner",
            "mailroom",
            "agreements",
            "day",
            "time_machine",
        ],
    ),
    (
        "cli",
        &[
            "outcome", "cells", "opening", "terminal", "wrapped", "diary", "agree", "bank", "book", "contract",
            "dispute", "golive", "handover", "hold", "init", "invoice", "letter", "move_in", "paper", "pause",
            "payments", "promise", "quote", "release", "status", "summary", "verify", "why", "customer", "demo",
            "simulate", "preview",
        ],
    ),
];

/// How many files of the work may stand outside its rooms: the day, and what lists the rooms.
const MOST_OUTSIDE_ROOMS: usize = 6;

/// What nothing before `shell` may name.
const WORLD: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::os",
    "std::process",
    "std::thread::sleep",
    "getrandom",
    "lettre",
    "nix",
    "rand",
    "reqwest",
    "sqlx",
    "tokio",
];

/// What `shell` alone may name, wherever else the world is met.
const FILES: &[&str] = &["std::fs", "std::os::unix::fs", "tokio::fs"];

/// The part of lettre that writes a mail down is pure; the part that sends it is not.
const MAIL_BUILDER: (&str, &[&str]) = ("letter/eml.rs", &["lettre::Message", "lettre::error", "lettre::message"]);

/// Who tells the time; asking is the clock's business.
const CLOCKS: &[&str] = &["Utc::now", "Local::now", "SystemTime::now", "Instant::now"];

/// A folder beside the project that a clone does not have. Put together here, so that this file does not name it either.
const BESIDE: &str = concat!("..", "/shared");

/// What money is called, where it is the last part of a name.
const MONEY: &[&str] =
    &["amount", "gross", "principal", "fee", "interest", "opening", "closing", "difference", "overdue", "sum"];

/// What an id of its own type names: neither a bare number, nor made of one outside the store.
const NAMED_BY_ID: &[&str] = &[
    "account",
    "act",
    "bank_account",
    "bank_file",
    "batch",
    "book_version",
    "contract",
    "customer",
    "document",
    "ends",
    "entry",
    "first_statement",
    "letter",
    "payment",
    "reverses",
    "run",
    "statement",
    "tried_run",
    "version",
];

type Rule = fn(&Source) -> Vec<String>;

#[test]
fn knowledge_flows_one_way() {
    keep(order);
}

#[test]
fn rooms_are_read_from_the_bottom_up() {
    keep(rooms);
    let jobs = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/jobs");
    let outside = fs::read_dir(jobs).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_file()).count();
    assert!(outside <= MOST_OUTSIDE_ROOMS, "{outside} files of src/jobs stand in no room");
}

#[test]
fn no_files_lead_in_a_circle() {
    let circles = in_circles(&sources());
    assert!(circles.is_empty(), "these files use each other in a circle:\n{}", circles.join("\n"));
}

#[test]
fn every_rule_that_is_cited_is_written_down() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = |name: &str| fs::read_to_string(docs.join(name)).unwrap();
    let (rules, faults) = (page("rules.md"), page("faults.md"));
    let cited: Vec<(String, String)> = sources().iter().flat_map(cited).collect();
    assert!(cited.len() > 50, "the citations are not found any more");
    let missing = cited.iter().filter(|(_, name)| match name.strip_prefix("fault ") {
        Some(number) => !has_word(&faults, &format!("Fault {number}")),
        None => !has_word(&rules, name),
    });
    let missing: Vec<String> = missing.map(|(place, name)| format!("{place}: {name} is in no page of docs/")).collect();
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn nothing_in_the_store_is_idle() {
    let idle = idle(&sources());
    assert!(
        idle.is_empty(),
        "nobody calls these functions of the store, or runs these statements:\n{}",
        idle.join("\n")
    );
}

#[test]
fn there_is_one_door_to_the_world() {
    keep(door);
}

#[test]
fn the_work_does_not_choose_between_languages() {
    keep(wordless);
}

#[test]
fn money_is_exact() {
    keep(exact);
}

#[test]
fn money_is_an_amount_from_the_row_on() {
    keep(amounts);
}

#[test]
fn ids_cannot_be_swapped() {
    keep(ids);
}

#[test]
fn every_file_says_its_duty() {
    keep(duty);
}

#[test]
fn the_project_stands_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for file in files(root).into_iter().filter(|file| !file.ends_with(".ci/run")) {
        let text = fs::read(&file).unwrap();
        for (number, line) in String::from_utf8_lossy(&text).lines().enumerate().filter(|(_, l)| l.contains(BESIDE)) {
            let name = file.strip_prefix(root).unwrap().display();
            found.push(format!("{name}:{}: only .ci/run may name {BESIDE}: {}", number + 1, line.trim()));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Each rule finds what is planted, with its line, and nothing in comments and texts.
#[test]
fn the_rules_find_what_is_planted() {
    let table: &[(&str, Rule, &str, &[usize])] = &[
        ("ledger/posting.rs", order, "use crate::money::Amount;\nuse crate::{id, matching::{self, Rung}};", &[2, 2]),
        ("money/amount.rs", order, "use std::fmt;\nfn zone() -> crate::calendar::Zone {}", &[2]),
        ("party.rs", order, "#[cfg(test)]\nmod tests {\n use super::one_line;\n use super::super::book;\n}", &[4]),
        ("jobs/day.rs", order, "use crate::shell::{clock, store};\nuse crate::{dunning as cli};", &[]),
        ("shell/lock.rs", order, "use super::store::Tx;\nuse crate::shell::clock;", &[1, 2]),
        ("shell/store/bank.rs", order, "use super::db::Tx;\nuse crate::shell::store::Sql;", &[]),
        ("main.rs", order, "use settled::jobs;", &[]),
        ("quote/accept.rs", order, "", &[1]),
        ("matching/text.rs", door, "// std::fs\nuse std::{io,\n    fs::File};\nlet text = \"tokio::spawn\";", &[3]),
        ("matching/text.rs", door, "fn f() { rand::random() }\n#[cfg(test)]\nmod tests {\n use std::fs;\n}", &[1]),
        ("dunning/case.rs", door, "let (quote, now) = ('\"', chrono::Utc::now());", &[1]),
        ("letter/eml.rs", door, "use lettre::message::Body;\nuse lettre::transport::smtp;", &[2]),
        ("shell/clock.rs", door, "let now = Utc::now();", &[]),
        ("shell/files.rs", door, "use std::fs;", &[]),
        ("jobs/day.rs", door, "use std::env;\nlet text = std::fs::read(path);", &[2]),
        ("jobs/bank/file.rs", rooms, "use super::entries;\nuse crate::jobs::{office, receipts::matching};", &[2]),
        ("jobs/day.rs", rooms, "use crate::jobs::{owner, day};\nuse crate::jobs::time_machine::run;", &[2]),
        ("jobs/offers/accept.rs", rooms, "", &[1]),
        ("cli/cells.rs", rooms, "use super::{outcome, opening};", &[1]),
        ("cli/mod.rs", rooms, "use self::preview::preview;", &[]),
        (
            "jobs/day.rs",
            wordless,
            "// .say(\nlet text = language.say(\"ja\", \"yes\");\nmatch language { Language::De(_) => 1 }",
            &[2, 3],
        ),
        ("told/act.rs", wordless, "let text = language.say(\"ja\", \"yes\");", &[]),
        ("items/vat.rs", exact, "/// f64\nlet rate = amount.to_f64() * 0.19f32;", &[2, 2]),
        ("shell/store/bank.rs", amounts, "open_fee: i64,\ngross: Amount,\ndays: i64,\nopening: Option<i64>,", &[1, 4]),
        ("jobs/day.rs", amounts, "row.map(Amount::from_minor)\n// from_minor", &[1]),
        ("cli/demo/payers.rs", amounts, "Amount::from_minor(300)", &[]),
        ("shell/store/bank.rs", ids, "pub id: i64,\nfirst_statement_id: i64,\nround: i64,", &[1, 2]),
        ("shell/store/bank.rs", ids, "customer_id: Option<i64>,\ncustomer: CustomerId,\namount: i64,", &[1]),
        ("jobs/receipts/case.rs", ids, "fn of(payment: i64,\n    letter: Vec<i64>) {}", &[1, 2]),
        ("jobs/receipts/case.rs", ids, "row.map(PaymentId::from)\n// DocumentId::from(1)\nrow.document.get()", &[1]),
        ("id.rs", ids, "let id = PaymentId::from(1);", &[]),
        ("items/vat.rs", duty, "use std::fmt;", &[1]),
        ("items/vat.rs", duty, "//! Value added tax.", &[]),
    ];
    for (file, rule, text, expected) in table {
        let found = rule(&Source { file: (*file).to_owned(), text: (*text).to_owned() });
        let lines: Vec<usize> = found.iter().map(|f| f.split(':').nth(1).unwrap().parse().unwrap()).collect();
        assert_eq!(lines, *expected, "{file}: {text}\n{found:?}");
    }
}

/// A module uses only those before it; the doors in `shell` do not know each other.
fn order(source: &Source) -> Vec<String> {
    let here = source.module();
    if here == ["lib"] {
        return Vec::new();
    }
    let Some((place, row)) = place(here[0]) else {
        return vec![source.wrong(1, &format!("`{}` has no place in the reading order of tests/tidy.rs", here[0]))];
    };
    let judge = |named: Named| {
        let there: Vec<&str> = named.path.strip_prefix("crate::")?.split("::").collect();
        let (used, its_row) = self::place(there[0])?;
        let what = if used > place {
            format!("`{}` ({row}) uses `{}` ({its_row}), which stands after it", here[0], there[0])
        } else if here[0] == "shell" && there[0] == "shell" && here.get(1)? != there.get(1)? {
            format!("`{}` uses `{}`; the modules of shell do not know each other", here[1], there[1])
        } else {
            return None;
        };
        Some(source.wrong(named.line, &what))
    };
    source.named().into_iter().filter_map(judge).collect()
}

/// Inside a module with rooms, a room uses only those before it; the module's own file stands behind all of them.
fn rooms(source: &Source) -> Vec<String> {
    let here = source.module();
    let (Some((_, rooms)), Some(room)) = (ROOMS.iter().find(|(module, _)| *module == here[0]), here.get(1)) else {
        return Vec::new();
    };
    let Some(place) = rooms.iter().position(|name| name == room) else {
        return vec![
            source.wrong(1, &format!("`{room}` has no place among the rooms of `{}` in tests/tidy.rs", here[0])),
        ];
    };
    let judge = |named: Named| {
        let mut there = named.path.strip_prefix("crate::")?.split("::");
        let used = there.next().filter(|module| *module == here[0]).and_then(|_| there.next())?;
        let its_place = rooms.iter().position(|name| *name == used)?;
        let what = format!("the room `{room}` uses `{used}`, which stands after it");
        (its_place > place).then(|| source.wrong(named.line, &what))
    };
    source.named().into_iter().filter_map(judge).collect()
}

/// Before `shell` everything is pure: bytes, rows and a day in; a decision or bytes out. Behind it the files are its business alone.
fn door(source: &Source) -> Vec<String> {
    let (here, shell) = (place(source.module()[0]), place("shell"));
    if here == shell {
        return Vec::new();
    }
    if here > shell {
        let named =
            source.named().into_iter().filter(|n| !n.in_tests && FILES.iter().any(|part| is_under(&n.path, part)));
        return named.map(|n| source.wrong(n.line, &format!("`{}` belongs in src/shell/files.rs", n.path))).collect();
    }
    let is_of_world = |path: &str| {
        let builds_mail = source.file == MAIL_BUILDER.0 && MAIL_BUILDER.1.iter().any(|part| is_under(path, part));
        let asks_time = CLOCKS.iter().any(|clock| path.ends_with(clock));
        asks_time || !builds_mail && WORLD.iter().any(|part| is_under(path, part))
    };
    let named = source.named().into_iter().filter(|named| !named.in_tests && is_of_world(&named.path));
    named.map(|n| source.wrong(n.line, &format!("`{}` belongs in src/shell; take it as an argument", n.path))).collect()
}

/// What is said in two languages stands beside what it is about, or in templates. Jobs hand the owner's language on.
fn wordless(source: &Source) -> Vec<String> {
    if source.module()[0] != "jobs" {
        return Vec::new();
    }
    let code = code(&source.text);
    let lines = code.lines().enumerate();
    let choosing = lines.filter(|(_, line)| line.contains(".say(") || line.contains("Language::De"));
    let what = "jobs do not say things in two languages; words stand beside what they are about, in a pure module";
    choosing.map(|(number, _)| source.wrong(number + 1, what)).collect()
}

/// A binary fraction cannot hold a cent.
fn exact(source: &Source) -> Vec<String> {
    let code = code(&source.text);
    let is_binary = |part: &str| matches!(part.trim_start_matches(|c: char| c.is_ascii_digit()), "f32" | "f64");
    let words = words(&code).into_iter().filter(|(_, word)| word.split('_').any(is_binary));
    words.map(|(line, word)| source.wrong(line, &format!("`{word}`: money is exact; use Decimal or Amount"))).collect()
}

/// Rows carry amounts, and the work takes them as they are. The demo makes its figures up.
fn amounts(source: &Source) -> Vec<String> {
    let is_work = source.file.starts_with("jobs/") || source.file.starts_with("cli/");
    if !is_work && !source.file.starts_with("shell/store/") {
        return Vec::new();
    }
    let code = code(source.shipped());
    let words = words(&code);
    let mut found = Vec::new();
    for (at, (line, word)) in words.iter().enumerate() {
        let rest: Vec<&str> = words[at + 1..].iter().take(4).map(|(_, word)| *word).collect();
        let is_bare = matches!(rest[..], [":", "i64", ..] | [":", "Option", "<", "i64", ..]);
        if is_bare && word.rsplit('_').next().is_some_and(|last| MONEY.contains(&last)) {
            found.push(source.wrong(*line, &format!("`{word}` is a bare number; money is an `Amount`")));
        }
        if is_work && *word == "from_minor" && !source.file.starts_with("cli/demo/") {
            found.push(source.wrong(*line, "rows, configuration and facts give amounts, jobs make none of numbers"));
        }
    }
    found
}

/// Rows and jobs name what they are about by its own kind of id, and only the store makes one of a number.
fn ids(source: &Source) -> Vec<String> {
    let is_job = source.file.starts_with("jobs/") || source.file.starts_with("cli/");
    if !is_job && !source.file.starts_with("shell/") {
        return Vec::new();
    }
    let code = code(source.shipped());
    let words = words(&code);
    let mut found = Vec::new();
    for (at, (line, word)) in words.iter().enumerate() {
        let rest: Vec<&str> = words[at + 1..].iter().take(5).map(|(_, word)| *word).collect();
        let is_bare = matches!(
            rest[..],
            [":", "i64", ..] | [":", "Option" | "Vec" | "BTreeSet", "<", "i64", ..] | [":", "&", "[", "i64", ..]
        );
        let is_own = *word == "id" && source.file.starts_with("shell/store/");
        if is_bare && (is_own || NAMED_BY_ID.contains(&word.trim_end_matches("_id"))) {
            found.push(source.wrong(*line, &format!("`{word}` is a bare number; give it the type of its id")));
        }
        if is_job && word.ends_with("Id") && rest.starts_with(&["::", "from"]) {
            found.push(source.wrong(*line, &format!("`{word}::from`: the store gives ids, jobs make none")));
        }
    }
    found
}

/// A file opens with what it is in charge of.
fn duty(source: &Source) -> Vec<String> {
    if source.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![source.wrong(1, "a file begins with `//!` and what it is in charge of")]
}

/// Returns the files that use each other in a circle, each with those of the circle that it uses. A module's own file is no part of one
/// by what it only passes on (`pub use`); who takes that from it uses the file where it stands.
fn in_circles(sources: &[Source]) -> Vec<String> {
    let modules: BTreeMap<String, &Source> =
        sources.iter().map(|source| (source.module().join("::"), source)).collect();
    let mut passed_on: BTreeMap<String, String> = BTreeMap::new();
    for source in sources {
        let home = source.module().join("::");
        for (_, path) in source.passed_on() {
            let name = path.rsplit("::").next().unwrap_or_default();
            passed_on.insert(format!("{home}::{name}"), path.trim_start_matches("crate::").to_owned());
        }
    }
    // A path leads to the longest module in it, or to where that takes its name from.
    let leads_to = |path: &str| {
        let mut path = path.to_owned();
        for _ in 0..4 {
            let names: Vec<&str> = path.split("::").collect();
            let known = (1..=names.len()).rev().find(|end| modules.contains_key(&names[..*end].join("::")))?;
            let Some(origin) = names.get(known).and_then(|_| passed_on.get(&names[..=known].join("::"))) else {
                return Some(modules[&names[..known].join("::")].file.clone());
            };
            path =
                [origin.as_str()].into_iter().chain(names[known + 1..].iter().copied()).collect::<Vec<_>>().join("::");
        }
        None
    };
    let mut uses: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in sources {
        let home = source.module();
        let passed: BTreeSet<usize> = source.passed_on().into_iter().map(|(line, _)| line).collect();
        let named = source.named().into_iter().filter(|named| !named.in_tests && !passed.contains(&named.line));
        let paths = named.filter_map(|named| {
            let child = [&home[..], &named.path.split("::").collect::<Vec<_>>()].concat().join("::");
            let first = named.path.split("::").next().unwrap_or_default();
            let is_child = modules.contains_key(&[&home[..], &[first]].concat().join("::"));
            named.path.strip_prefix("crate::").map(str::to_owned).or(is_child.then_some(child))
        });
        let used = paths.filter_map(|path| leads_to(&path)).filter(|used| *used != source.file).collect();
        uses.insert(&source.file, used);
    }
    // Who uses nobody, or is used by nobody, stands in no circle; nor does who is left alone then.
    loop {
        let used: BTreeSet<String> = uses.values().flatten().cloned().collect();
        let outside: Vec<&str> =
            uses.iter().filter(|(file, to)| to.is_empty() || !used.contains(**file)).map(|(file, _)| *file).collect();
        if outside.is_empty() {
            let in_one = |file: &str| {
                let (mut seen, mut next) = (BTreeSet::new(), vec![file]);
                while let Some(at) = next.pop() {
                    next.extend(uses.get(at).into_iter().flatten().map(String::as_str).filter(|to| seen.insert(*to)));
                }
                seen.contains(file)
            };
            return uses
                .iter()
                .filter(|(file, _)| in_one(file))
                .map(|(file, to)| format!("  {file} -> {to:?}"))
                .collect();
        }
        for file in outside {
            uses.remove(file);
            uses.values_mut().for_each(|to| _ = to.remove(file));
        }
    }
}

#[test]
fn a_circle_is_found_wherever_it_closes() {
    let source = |file: &str, text: &str| Source { file: file.to_owned(), text: text.to_owned() };
    let letter = source("dunning/mod.rs", "mod case;\nmod gate;\npub use gate::Gate;\nfn f() { case::load() }");
    let gate = source("dunning/gate.rs", "use crate::money::Amount;");
    let case = source("dunning/case.rs", "use super::Gate;");
    assert_eq!(in_circles(&[letter, gate, case]), Vec::<String>::new());

    let parent = source("dunning/mod.rs", "mod case;\nfn f() { case::load() }\nstruct Gate;");
    let child = source("dunning/case.rs", "use super::Gate;");
    assert_eq!(in_circles(&[parent, child]).len(), 2);
    let by_another = [
        source("dunning/mod.rs", "mod case;\nmod gate;\npub use case::Case;"),
        source("dunning/case.rs", "use super::gate;"),
        source("dunning/gate.rs", "fn f(case: crate::dunning::Case) {}"),
    ];
    assert_eq!(in_circles(&by_another).len(), 2);
}

/// Returns the rules and faults that the comments of a file cite: `rule M4`, `rules R1 to R9`, `faults 10, 34`.
fn cited(source: &Source) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        let Some((_, comment)) = line.split_once("//") else { continue };
        let words: Vec<&str> =
            comment.split(|c: char| !c.is_alphanumeric() && c != '.').map(|w| w.trim_end_matches('.')).collect();
        for (at, word) in words.iter().enumerate() {
            let is_name = |word: &&&str| is_rule(word) || matches!(**word, "to" | "and" | "");
            let is_number =
                |word: &&&str| matches!(**word, "to" | "and" | "") || word.bytes().all(|b| b.is_ascii_digit());
            let behind = words[at + 1..].iter();
            let place = format!("src/{}:{}", source.file, number + 1);
            match *word {
                "rule" | "rules" => {
                    let names = behind.take_while(is_name).filter(|word| is_rule(word));
                    found.extend(names.map(|name| (place.clone(), (*name).to_owned())));
                }
                "fault" | "faults" => {
                    let numbers = behind.take_while(is_number).filter(|word| word.parse::<u32>().is_ok());
                    found.extend(numbers.map(|number| (place.clone(), format!("fault {number}"))));
                }
                _ => {}
            }
        }
    }
    found
}

/// `M4`, `M5.1`, `N15`.
fn is_rule(word: &str) -> bool {
    let Some(number) = word.strip_prefix(['M', 'R', 'D', 'T', 'K', 'V', 'N']) else { return false };
    number.starts_with(|c: char| c.is_ascii_digit()) && number.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Tells whether a word stands in a text, with no letter or digit on either side.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric();
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

/// Returns the public functions of the store that nothing in `src` calls, and the statements that none of them runs.
fn idle(sources: &[Source]) -> Vec<String> {
    let mut called: BTreeSet<&str> = BTreeSet::new();
    let codes: Vec<String> = sources.iter().map(|source| code(source.shipped())).collect();
    for code in &codes {
        let words = words(code);
        called.extend(words.windows(2).filter(|pair| pair[0].1 != "fn" && is_name(pair[1].1)).map(|pair| pair[1].1));
    }
    let mut idle = Vec::new();
    for source in sources.iter().filter(|source| source.file.starts_with("shell/store/")) {
        for (number, line) in source.shipped().lines().enumerate() {
            let Some((before, rest)) = line.split_once("fn ") else { continue };
            let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            if before.trim_start().starts_with("pub") && !called.contains(name) {
                idle.push(source.wrong(number + 1, name));
            }
        }
        // A statement is named where it is written down, and by who runs it.
        let code = code(source.shipped());
        let words = words(&code);
        for named in words.windows(3).filter(|three| three[1].1 == "=" && three[2].1 == "Sql") {
            if words.iter().filter(|(_, word)| *word == named[0].1).count() < 2 {
                idle.push(source.wrong(named[0].0, named[0].1));
            }
        }
    }
    idle
}

/// Lets a rule read all of `src`.
fn keep(rule: Rule) {
    let found: Vec<String> = sources().iter().flat_map(rule).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Reads all of `src`.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: &PathBuf| Source {
        file: path.strip_prefix(&root).unwrap().display().to_string(),
        text: fs::read_to_string(path).unwrap(),
    };
    files(&root).iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).map(read).collect()
}

/// Returns where a module stands in the reading order, and its row.
fn place(module: &str) -> Option<(usize, &'static str)> {
    let all = ORDER.iter().flat_map(|(row, modules)| modules.iter().map(move |module| (*module, *row)));
    all.enumerate().find(|(_, (name, _))| *name == module).map(|(place, (_, row))| (place, row))
}

fn is_under(path: &str, part: &str) -> bool {
    path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// A file of the source.
struct Source {
    /// Its name from `src` on: `shell/lock.rs`.
    file: String,
    text: String,
}

/// A path that the code names, `std::fs::File`; one into this crate is written from `crate` on.
struct Named {
    line: usize,
    path: String,
    in_tests: bool,
}

impl Source {
    /// Returns the path of its module: `shell`, `lock`.
    fn module(&self) -> Vec<&str> {
        self.file.trim_end_matches(".rs").trim_end_matches("/mod").split('/').collect()
    }

    fn wrong(&self, line: usize, what: &str) -> String {
        format!("src/{}:{line}: {what}", self.file)
    }

    /// Its text without its tests, which stand at the end.
    fn shipped(&self) -> &str {
        self.text.find("#[cfg(test)]\nmod ").map_or(&self.text, |at| &self.text[..at])
    }

    /// Returns what it passes on from other files (`pub use`), each with its line; only a module's own file does that.
    fn passed_on(&self) -> Vec<(usize, String)> {
        let code = code(self.shipped());
        let words = words(&code);
        let (home, mut found) = (self.module(), Vec::new());
        for (at, pair) in words.windows(2).enumerate() {
            if pair[0].1 == "pub" && pair[1].1 == "use" {
                let mut next = at + 2;
                read_path(&words, &mut next, &[], &mut found);
            }
        }
        let absolute = |path: &[&str]| match path[0] {
            "crate" | "self" | "super" => from_root(&home, path),
            _ => [&["crate"], &home[..], path].concat().join("::"),
        };
        found.into_iter().map(|(line, path)| (line, absolute(&path))).collect()
    }

    /// Returns all paths of two names and more, in `use` and elsewhere. Tests stand at the end, in a module of theirs.
    fn named(&self) -> Vec<Named> {
        let tests = self.text.find("#[cfg(test)]\nmod ").map(|at| self.text[..at].lines().count() + 1);
        let code = code(&self.text);
        let words = words(&code);
        let (mut found, mut at) = (Vec::new(), 0);
        while at < words.len() {
            read_path(&words, &mut at, &[], &mut found);
        }
        let named = |(line, path): (usize, Vec<&str>)| {
            let in_tests = tests.is_some_and(|first| line >= first);
            let mut home = self.module();
            home.extend(in_tests.then_some("tests"));
            Named { line, path: from_root(&home, &path), in_tests }
        };
        found.into_iter().filter(|(_, path)| path.len() > 1).map(named).collect()
    }
}

/// Reads on from the place `at`: a path, or several as in `a::{b, c::d}`, or a sign.
fn read_path<'a>(
    words: &[(usize, &'a str)],
    at: &mut usize,
    begin: &[&'a str],
    found: &mut Vec<(usize, Vec<&'a str>)>,
) {
    let (line, mut path) = (words[*at].0, begin.to_vec());
    loop {
        match words.get(*at).map(|(_, word)| *word) {
            Some("{") if !path.is_empty() => {
                while words.get(*at).is_some_and(|(_, word)| *word != "}") {
                    match words[*at].1 {
                        // The new name is not a path.
                        "as" => *at += 2,
                        word if is_name(word) => read_path(words, at, &path, found),
                        _ => *at += 1,
                    }
                }
                *at += 1;
                return;
            }
            Some(word) if is_name(word) => path.push(word),
            _ => {
                *at += 1;
                break;
            }
        }
        *at += 1;
        if words.get(*at).is_none_or(|(_, word)| *word != "::") {
            break;
        }
        *at += 1;
    }
    found.push((line, path));
}

/// Writes a path from the crate's root on, if it is one of this crate.
fn from_root(home: &[&str], path: &[&str]) -> String {
    let (steps, rest) = path.split_at(path.iter().take_while(|name| matches!(**name, "self" | "super")).count());
    let up = steps.iter().filter(|step| **step == "super").count();
    match path[0] {
        "self" | "super" => [&["crate"], &home[..home.len().saturating_sub(up)], rest].concat().join("::"),
        "crate" | "settled" => [&["crate"], &path[1..]].concat().join("::"),
        _ => path.join("::"),
    }
}

/// Blanks out comments and texts. A text over several lines is seen through, which only matters if it speaks Rust.
fn code(text: &str) -> String {
    let outside = |line: &str| {
        let line = line.replace("\\\"", "").replace("'\"'", "");
        let code = line.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        code.split("//").next().unwrap_or_default().to_owned() + "\n"
    };
    text.lines().map(outside).collect()
}

/// Takes code apart into names and signs, each with its line; `::` is one sign.
fn words(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let end = match rest.find(|c: char| !c.is_alphanumeric() && c != '_') {
                Some(0) if rest.starts_with("::") => 2,
                Some(0) => first.len_utf8(),
                end => end.unwrap_or(rest.len()),
            };
            found.push((number + 1, &rest[..end]));
            rest = rest[end..].trim_start();
        }
    }
    found
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Returns the files of a folder and those below it, but for what git and cargo keep and what `settled demo` makes.
fn files(folder: &Path) -> Vec<PathBuf> {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths.into_iter().filter(|path| !path.is_symlink() && *path != demo) {
        if path.is_file() {
            found.push(path);
        } else if !path.ends_with(".git") && !path.ends_with("target") {
            found.extend(files(&path));
        }
    }
    found
}
