//! Reads the source and objects to what the project agreed not to do: knowledge flows one way, there is one door to the world,
//! money is exact, every file says its duty. What a test keeps is never argued about in review.

use std::fs;
use std::path::{Path, PathBuf};

/// The reading order: a module uses only those before it.
const ORDER: &[(&str, &[&str])] = &[
    ("words", &["id", "language", "money", "calendar", "party", "reference", "journal"]),
    ("papers", &["items", "customer", "invoice", "recurring", "statement", "ledger"]),
    ("book", &["book"]),
    ("judgements", &["matching", "dunning", "summary"]),
    ("facts", &["fact"]),
    ("paper", &["document", "letter", "outbox"]),
    ("doors", &["shell"]),
    ("work", &["jobs"]),
    ("program", &["daemon", "cli", "main"]),
];

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

/// The part of lettre that writes a mail down is pure; the part that sends it is not.
const MAIL_BUILDER: (&str, &[&str]) = ("letter/eml.rs", &["lettre::Message", "lettre::error", "lettre::message"]);

/// Who tells the time; asking is the clock's business.
const CLOCKS: &[&str] = &["Utc::now", "Local::now", "SystemTime::now", "Instant::now"];

/// A folder beside the project that a clone does not have. Put together here, so that this file does not name it either.
const BESIDE: &str = concat!("..", "/shared");

type Rule = fn(&Source) -> Vec<String>;

#[test]
fn knowledge_flows_one_way() {
    keep(order);
}

#[test]
fn there_is_one_door_to_the_world() {
    keep(door);
}

#[test]
fn money_is_exact() {
    keep(exact);
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
        ("items/vat.rs", exact, "/// f64\nlet rate = amount.to_f64() * 0.19f32;", &[2, 2]),
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

/// Before `shell` everything is pure: bytes, rows and a day in; a decision or bytes out.
fn door(source: &Source) -> Vec<String> {
    if place(source.module()[0]) >= place("shell") {
        return Vec::new();
    }
    let is_of_world = |path: &str| {
        let builds_mail = source.file == MAIL_BUILDER.0 && MAIL_BUILDER.1.iter().any(|part| is_under(path, part));
        let asks_time = CLOCKS.iter().any(|clock| path.ends_with(clock));
        asks_time || !builds_mail && WORLD.iter().any(|part| is_under(path, part))
    };
    let named = source.named().into_iter().filter(|named| !named.in_tests && is_of_world(&named.path));
    named.map(|n| source.wrong(n.line, &format!("`{}` belongs in src/shell; take it as an argument", n.path))).collect()
}

/// A binary fraction cannot hold a cent.
fn exact(source: &Source) -> Vec<String> {
    let code = code(&source.text);
    let is_binary = |part: &str| matches!(part.trim_start_matches(|c: char| c.is_ascii_digit()), "f32" | "f64");
    let words = words(&code).into_iter().filter(|(_, word)| word.split('_').any(is_binary));
    words.map(|(line, word)| source.wrong(line, &format!("`{word}`: money is exact; use Decimal or Amount"))).collect()
}

/// A file opens with what it is in charge of.
fn duty(source: &Source) -> Vec<String> {
    if source.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![source.wrong(1, "a file begins with `//!` and what it is in charge of")]
}

/// Lets a rule read all of `src`.
fn keep(rule: Rule) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for path in files(&root).iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        let file = path.strip_prefix(&root).unwrap().display().to_string();
        found.extend(rule(&Source { file, text: fs::read_to_string(path).unwrap() }));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
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
