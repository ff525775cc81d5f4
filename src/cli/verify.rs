//! `settled verify`: what was proved of the books, and what is off.

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::opening::{office, program, reading_office};
use super::outcome::{Failure, Outcome};
use super::terminal::{count, json as print_json, say};
use crate::command::Program;
use crate::jobs::safety::verify;
use crate::jobs::safety::verify::{Anchor, Check, Proof, Wrong};

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
    let (anchor, program) = (options.anchor.as_ref(), program(file));
    let (proof, repaired) = if options.rebuild {
        let office = office(file).await?;
        let (before, after) = verify::rebuild(&office, &office.run("verify --rebuild"), anchor).await?;
        let repaired = before.wrong().filter(|wrong| wrong.is_repairable()).map(|wrong| wrong.words.clone()).collect();
        (after, repaired)
    } else {
        let office = reading_office(file).await?;
        let mut tx = office.store.read().await?;
        (verify::verify(&office, &mut tx, anchor).await?, Vec::new())
    };
    if options.json {
        print_json(
            &json!({ "holds": proof.holds(), "head": proof.head, "checks": proof.checks, "repaired": repaired }),
        )?;
    } else {
        page(&proof, &repaired, &program);
    }
    Ok(if proof.holds() { Outcome::Fine } else { Outcome::No })
}

fn page(proof: &Proof, repaired: &[String], program: &Program) {
    if !repaired.is_empty() {
        println!("Repaired");
        shown(repaired.iter().map(String::as_str), program);
        println!();
    }
    for check in &proof.checks {
        line(check, program);
    }
    let off: Vec<&Wrong> = proof.wrong().collect();
    let strays = off.iter().filter(|wrong| wrong.is_repairable()).count();
    println!();
    if off.is_empty() {
        println!("The books are right.");
    } else {
        println!("{} off.", count(off.len(), "thing is", "things are"));
    }
    if strays > 0 {
        let which = if strays == off.len() { "All of it".to_owned() } else { format!("{strays} of it") };
        let words = "lies in working tables, which follow from the facts; to repair: settled verify --rebuild";
        say(program, &format!("{which} {words}"));
    }
    if strays < off.len() {
        println!(
            "Facts are damaged or were changed behind settled's back. Stop the daemon, keep these books as they are, and go back to \
             the last backup that settled verify finds right."
        );
    }
    println!("To prove later that nothing before today was changed, note down: --anchor {}", proof.head);
}

fn line(check: &Check, program: &Program) {
    if check.wrong.is_empty() {
        println!("{:<10}{:>9}  {}", check.name, check.counted, check.holds);
    } else {
        println!("{:<10}{:>9}  OFF: {}", check.name, check.counted, count(check.wrong.len(), "thing", "things"));
        shown(check.wrong.iter().map(|wrong| wrong.words.as_str()), program);
    }
    shown(check.noted.iter().map(String::as_str), program);
}

fn shown<'w>(words: impl ExactSizeIterator<Item = &'w str>, program: &Program) {
    let more = words.len().saturating_sub(SHOWN);
    for words in words.take(SHOWN) {
        say(program, &format!("{:21}{words}", ""));
    }
    if more > 0 {
        say(program, &format!("{:21}and {more} more; all of it: settled verify --json", ""));
    }
}
