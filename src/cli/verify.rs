//! `settled verify`: what was proved of the books, and what is off.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use super::opening::{office, program, reading_office};
use super::outcome::{Failure, Outcome};
use super::terminal::{json as print_json, say};
use crate::command::Program;
use crate::jobs::safety::verify;
use crate::jobs::safety::verify::{Anchor, Check, Proof, Wrong};
use crate::language::Language;
use crate::letter::wrap;
use crate::shell::config::owner_language;

/// How much that is off is shown of each thing; all of it is in the JSON.
const SHOWN: usize = 20;

/// Prove that the books are whole: every fact as it was written and none slipped in, every cent somewhere (exit code 1 when something is off).
#[derive(Debug, Args)]
pub struct VerifyOptions {
    /// Repair the working tables, which follow from the facts; facts are never changed.
    #[arg(long)]
    rebuild: bool,
    /// A place in the journal that must be there: what a weekly summary ends with.
    #[arg(long, value_name = "SEQ:HASH")]
    anchor: Option<Anchor>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Proves the books, and repairs the working tables where that is wanted.
pub async fn verify(file: &Path, options: &VerifyOptions) -> Result<Outcome, Failure> {
    let (anchor, program) = (options.anchor.as_ref(), program(file, owner_language(file)));
    let (proof, repaired, language) = if options.rebuild {
        let office = office(file).await?;
        let (before, after) = verify::rebuild(&office, &office.run("verify --rebuild"), anchor).await?;
        let language = office.config.owner.language;
        let repaired = before.wrong().filter(|wrong| wrong.is_repairable());
        let repaired = repaired.map(|wrong| wrong.flaw.words(language)).collect();
        (after, repaired, language)
    } else {
        let office = reading_office(file).await?;
        let mut tx = office.store.read().await?;
        (verify::verify(&office, &mut tx, anchor).await?, Vec::new(), office.config.owner.language)
    };
    if options.json {
        let checks: Vec<Value> = proof.checks.iter().map(|check| check_json(check, language)).collect();
        print_json(&json!({ "holds": proof.holds(), "head": proof.head, "checks": checks, "repaired": repaired }))?;
    } else {
        page(&proof, repaired, language, &program);
    }
    Ok(if proof.holds() { Outcome::Fine } else { Outcome::No })
}

fn check_json(check: &Check, language: Language) -> Value {
    let wrong = check
        .wrong
        .iter()
        .map(|wrong| json!({ "words": wrong.flaw.words(language), "repairable": wrong.is_repairable() }));
    let (name, _) = check.looked.named(language);
    json!({
        "name": name, "counted": check.counted, "holds": check.looked.words(language),
        "wrong": wrong.collect::<Vec<_>>(),
        "noted": check.noted.iter().map(|noted| noted.words(language)).collect::<Vec<_>>(),
    })
}

fn page(proof: &Proof, repaired: Vec<String>, language: Language, program: &Program) {
    if !repaired.is_empty() {
        println!("{}", language.say("Berichtigt", "Repaired"));
        shown(repaired, language, program);
        println!();
    }
    for check in &proof.checks {
        line(check, language, program);
    }
    let off: Vec<&Wrong> = proof.wrong().collect();
    let strays = off.iter().filter(|wrong| wrong.is_repairable()).count();
    println!();
    if off.is_empty() {
        println!("{}", language.say("Die Bücher stimmen.", "The books are right."));
    } else {
        let words = language.count(off.len(), ("Fehler", "Fehler"), ("thing is off", "things are off"));
        println!("{words}.");
    }
    if strays > 0 {
        let is_all = strays == off.len();
        let which = language.say(
            if is_all { "Alles".to_owned() } else { format!("{strays} davon") },
            if is_all { "All of it".to_owned() } else { format!("{strays} of it") },
        );
        let words = language.say(
            "liegt in Arbeitstabellen, die aus den Tatsachen folgen; so wird es berichtigt:",
            "lies in working tables, which follow from the facts; to repair:",
        );
        say(program, &format!("{which} {words}\n  -> settled verify --rebuild"));
    }
    if strays < off.len() {
        let words = language.say(
            "Tatsachen sind beschädigt oder wurden an settled vorbei geändert. Halten Sie den Dienst an, heben Sie diese Bücher auf, wie sie \
             sind, und gehen Sie auf die letzte Sicherung zurück, an der settled verify nichts findet.",
            "Facts are damaged or were changed behind settled's back. Stop the daemon, keep these books as they are, and go back to \
             the last backup that settled verify finds right.",
        );
        println!("{words}");
    }
    let words = language.say(
        "Um später zu beweisen, dass nichts von vor heute geändert wurde, notieren Sie:",
        "To prove later that nothing before today was changed, note down:",
    );
    println!("{words} --anchor {}", proof.head);
}

fn line(check: &Check, language: Language, program: &Program) {
    let ((_, name), counted) = (check.looked.named(language), check.counted);
    if check.wrong.is_empty() {
        let mut text = String::new();
        wrap(&mut text, &check.looked.words(language), &format!("{name:<10}{counted:>9}  "), &" ".repeat(21));
        print!("{text}");
    } else {
        let (off, things) = (language.say("FALSCH", "OFF"), check.wrong.len());
        let things = language.count(things, ("Fehler", "Fehler"), ("thing", "things"));
        println!("{name:<10}{counted:>9}  {off}: {things}");
        shown(check.wrong.iter().map(|wrong| wrong.flaw.words(language)).collect(), language, program);
    }
    let noted = check.noted.iter().map(|noted| {
        let commands = noted.commands().into_iter().map(|command| format!("\n{:23}-> {command}", ""));
        noted.words(language) + &commands.collect::<String>()
    });
    shown(noted.collect(), language, program);
}

fn shown(all: Vec<String>, language: Language, program: &Program) {
    let more = all.len().saturating_sub(SHOWN);
    for words in all.iter().take(SHOWN) {
        say(program, &format!("{:21}{words}", ""));
    }
    if more > 0 {
        let words = language.say(format!("und {more} weitere; alles:"), format!("and {more} more; all of it:"));
        say(program, &format!("{:21}{words}\n{:23}-> settled verify --json", "", ""));
    }
}
