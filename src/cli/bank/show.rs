//! What a bank file says, and what it is good for: nothing is booked, and no books are needed. Where there is a configuration, the
//! accounts in it are the measure.

use std::io::{self, BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Map, json};

use super::import::accept;
use super::judge::{configured, judged};
use super::print::print;
use super::reach::out_of_reach;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::bank::file::{BankFile, Unread, read_file};
use crate::language::Language;
use crate::refusal::BankRefusal;
use crate::shell::config::AccountSettings;
use crate::shell::config::owner_language;
use crate::shell::dropfolder::shown;
use crate::statement::report;

/// Show what files say, and what they are good enough for; touches nothing, and needs no books (exit code 1 when one is not).
#[derive(Debug, Args)]
pub struct ShowOptions {
    /// The files: camt.053, camt.052, camt.054, MT940, or a ZIP of them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Shows what files say, and whether they are good enough for matching and dunning.
pub fn show(file: &Path, options: &ShowOptions) -> Result<Outcome, Failure> {
    let config = configured(file);
    let accounts = config.as_ref().map(|config| config.bank_accounts.as_slice());
    let language = owner_language(file);
    let (mut outcome, mut written) = (Outcome::Fine, 0);
    let mut out = BufWriter::new(stdout().lock());
    let world = |error: io::Error| Failure::World(error.to_string());
    if options.json {
        writeln!(out, "[").map_err(world)?;
    }
    for (place, path) in options.files.iter().enumerate() {
        let name = shown(path.as_os_str());
        if let Some(why) = out_of_reach(path) {
            let failure = Failure::refused(why);
            if options.files.len() == 1 {
                return Err(failure);
            }
            eprintln!("{}\n", failure.words(language));
            outcome = Outcome::No;
            continue;
        }
        let read = match read_file(path) {
            Ok(read) => read,
            Err(refusal) => {
                let words = format!(
                    "{name} {}: {}",
                    language.say("wurde nicht gelesen", "was not read"),
                    refusal.why.words(language)
                );
                if options.files.len() == 1 {
                    return Err(Failure::refused(BankRefusal::NotRead {
                        file: name,
                        why: refusal.why.words(language),
                    }));
                }
                eprintln!("{words}\n");
                outcome = Outcome::No;
                continue;
            }
        };
        let good = if options.json {
            report(&mut out, &mut written, &name, &read, accounts, language)?
        } else {
            if options.files.len() > 1 {
                println!("{}{name}", if place > 0 { "\n" } else { "" });
            }
            print(&read, accounts, &accept(file, path), language)?
        };
        if !good {
            outcome = Outcome::No;
        }
    }
    if options.json {
        writeln!(out, "\n]").map_err(world)?;
    }
    out.flush().map_err(world)?;
    Ok(outcome)
}

/// Writes what a file says as elements of a list, behind those `before`; tells whether it is good enough.
fn report(
    out: &mut dyn Write,
    before: &mut usize,
    file: &str,
    read: &BankFile,
    accounts: Option<&[AccountSettings]>,
    language: Language,
) -> Result<bool, Failure> {
    let world = |error: &dyn std::error::Error| Failure::World(error.to_string());
    let mut good = read.refused.is_empty();
    let mut comma = || {
        *before += 1;
        if *before > 1 { ",\n" } else { "" }
    };
    for document in &read.documents {
        let judged = judged(document, accounts, language)?;
        good &= !judged.is_empty() && judged.iter().all(|(_, judgement)| judgement.is_enough);
        let more = judged.iter().map(|(_, judgement)| {
            let mut more = Map::new();
            if accounts.is_some() {
                more.insert("own_account".to_owned(), json!(judgement.own));
            }
            more.insert("good_for".to_owned(), json!(judgement.good_for.name()));
            more.insert("remarks".to_owned(), json!(judgement.remarks));
            more
        });
        let of_file = [("file".to_owned(), json!(file)), ("member".to_owned(), json!(document.member))];
        write!(out, "{}", comma()).map_err(|error| world(&error))?;
        let written =
            report::write(out, &more.collect::<Vec<_>>(), &of_file.into_iter().collect(), |sink| document.read(sink));
        written.map_err(|error| world(&error))?.map_err(|error| world(&error))?;
    }
    let unread = |unread: &Unread, refused: bool| json!({ "file": file, "member": unread.member, "error": unread.why.words(language), "refused": refused });
    let refused = read.refused.iter().map(|member| unread(member, true));
    for value in refused.chain(read.others.iter().map(|member| unread(member, false))) {
        write!(out, "{}{value}", comma()).map_err(|error| world(&error))?;
    }
    Ok(good)
}
