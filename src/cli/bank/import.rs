//! Booking bank files now, instead of dropping them into the inbox.

use std::ffi::OsStr;
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;

use super::reach::out_of_reach;
use crate::cli::opening::{office, program};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::command::line;
use crate::jobs::bank::book::{Fate, book_document};
use crate::jobs::bank::file::{Refusal, Unread, hash_of, read_file};
use crate::jobs::bank::import::{remember_refused, unread};
use crate::jobs::office::Office;
use crate::jobs::office::event::{Event, Observer};
use crate::jobs::owner::status::bank;
use crate::jobs::receipts::matching::match_payments;
use crate::language::Language;
use crate::refusal::BooksRefusal;
use crate::shell::config::owner_language;
use crate::shell::dropfolder::shown;
use crate::shell::store::Run;
use crate::statement::{ACCEPT_FILE, NotRead};

/// Book files now, instead of dropping them into the inbox.
#[derive(Debug, Args)]
pub struct ImportOptions {
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Book statements although their entries do not add up: the bank really delivers them so.
    #[arg(long)]
    accept_imbalance: bool,
}

/// Returns the command that books the statements of a file although they do not add up.
pub fn accept(configuration: &Path, file: &Path) -> String {
    let file = absolute(file).unwrap_or_else(|_| file.to_owned());
    program(configuration, owner_language(configuration)).spell(&line([
        "bank",
        "import",
        "--accept-imbalance",
        &file.display().to_string(),
    ]))
}

/// Books files now.
pub async fn import(file: &Path, options: &ImportOptions) -> Result<Outcome, Failure> {
    let mut office = office(file).await?;
    if let Some(why) = office.safe_mode().await? {
        return Err(Failure::refused(BooksRefusal::SafeMode { why }));
    }
    let language = office.config.owner.language;
    let ignored = Arc::new(AtomicUsize::new(0));
    office.observer = counting(&ignored);
    let run = office.run("bank import");
    let mut outcome = Outcome::Fine;
    for path in &options.files {
        let refuse = |words: &str| eprintln!("{}", words.replace(ACCEPT_FILE, &accept(file, path)));
        let name = shown(path.file_name().unwrap_or(OsStr::new("file")));
        if let Some(why) = out_of_reach(path) {
            eprintln!("{}", Failure::refused(why).words(language));
            outcome = Outcome::No;
            continue;
        }
        let mut refused: Vec<Unread> = Vec::new();
        let read = match read_file(path) {
            Ok(read) => read,
            Err(refusal) => {
                let not_read = language.say("wurde nicht gelesen", "was not read");
                let nothing = language.say("Gebucht wurde nichts.", "Nothing was booked.");
                refuse(&format!("{name} {not_read}: {}\n{nothing}", refusal.why.words(language)));
                let sha256 = hash_of(path).unwrap_or_default();
                let Refusal { why, unbooked, .. } = refusal;
                refused.push(Unread { member: String::new(), sha256, why, unbooked });
                remember(&office, &run, path, &name, &refused).await?;
                outcome = Outcome::No;
                continue;
            }
        };
        for document in &read.documents {
            let read_as =
                if document.member.is_empty() { name.clone() } else { format!("{name} ({})", document.member) };
            match book_document(&office, &run, &name, document, options.accept_imbalance).await? {
                Fate::Booked { statements, payments, left_out } => {
                    let statements = language.count(statements, ("Auszug", "Auszüge"), ("statement", "statements"));
                    let payments =
                        language.count(payments, ("neuer Zahlung", "neuen Zahlungen"), ("new payment", "new payments"));
                    let words = language.say(
                        format!("{read_as}: {statements} mit {payments} gebucht."),
                        format!("{read_as}: {statements} with {payments} booked."),
                    );
                    println!("{words}");
                    for why in left_out {
                        let not_whole = language.say("wurde nicht ganz gebucht", "was not booked as a whole");
                        refuse(&format!("{read_as} {not_whole}: {}", why.words(language)));
                        outcome = Outcome::No;
                    }
                }
                Fate::Known => println!(
                    "{read_as}: {}",
                    language.say(
                        "schon bekannt, nichts wurde doppelt gebucht.",
                        "known already, nothing was booked twice."
                    )
                ),
                Fate::Refused(why) => {
                    refuse(&not_booked(&read_as, &why, language));
                    refused.push(unread(document, why, document.unbooked()));
                    outcome = Outcome::No;
                }
                Fate::Unfinished(why) => {
                    refuse(&not_booked(&read_as, &why, language));
                    outcome = Outcome::No;
                }
            }
        }
        for unread in &read.refused {
            refuse(&not_booked(&unread.name(&name), &unread.why, language));
            outcome = Outcome::No;
        }
        refused.extend(read.refused);
        remember(&office, &run, path, &name, &refused).await?;
    }
    let before = office.store.read().await?.waiting_payments().await?;
    if match_payments(&office, &office.run("match")).await? > 0 {
        let waiting = office.store.read().await?.waiting_payments().await?;
        let ignored = ignored.load(Ordering::Relaxed);
        let matched = before.saturating_sub(waiting + ignored);
        let matched = language.count(matched, ("Zahlung", "Zahlungen"), ("payment", "payments"));
        let words = match language {
            Language::De(_) => {
                let concern = match ignored {
                    0 => String::new(),
                    1 => ", 1 betrifft keine Rechnung".to_owned(),
                    _ => format!(", {ignored} betreffen keine Rechnung"),
                };
                format!(
                    "{matched} zugeordnet{concern}; von allen warten {waiting} auf Sie (settled payments --undecided)."
                )
            }
            Language::En => {
                let concern = match ignored {
                    0 => String::new(),
                    1 => ", 1 concerns no invoice".to_owned(),
                    _ => format!(", {ignored} concern no invoice"),
                };
                format!(
                    "{matched} matched{concern}; {waiting} of all payments wait for you (settled payments --undecided)."
                )
            }
        };
        say(&office.program, &words);
    }
    behind(&office).await?;
    Ok(outcome)
}

/// Says of which accounts newer statements are missing, so that letters are held.
async fn behind(office: &Office) -> Result<(), Failure> {
    let language = office.config.owner.language;
    let mut tx = office.store.read().await?;
    for account in bank(office, &mut tx, office.day(office.clock.now())).await? {
        let (Some(through), true) = (account.through, account.behind > 0) else { continue };
        let (name, through) = (&account.name, language.day(through));
        let days =
            language.count(account.behind, ("Banktag fehlt", "Banktage fehlen"), ("bank day is", "bank days are"));
        let words = language.say(
            format!(
                "{name} ist vollständig bis {through}; {days} noch, und bis dahin gehen keine Erinnerungen hinaus."
            ),
            format!("{name} is complete up to {through}; {days} missing, and until then no reminder leaves."),
        );
        println!("{words}");
    }
    Ok(())
}

/// Remembers what was refused of a file, and says that letters wait for it.
async fn remember(office: &Office, run: &Run, path: &Path, name: &str, refused: &[Unread]) -> Result<(), Failure> {
    if remember_refused(office, run, path, name, refused).await? {
        let (language, discard) = (office.config.owner.language, line(["bank", "discard", name, "--reason", "…"]));
        let words = language.say(
            format!(
                "Eine Zahlung kann darin stehen: bis Auszüge ihre Tage abdecken, gehen keine Erinnerungen hinaus, die sie beträfe. Fehlt nichts \
                 davon: {discard}"
            ),
            format!(
                "It may hold a payment: until statements cover its days, no reminder leaves that it would concern. If nothing of it is \
                 missing: {discard}"
            ),
        );
        eprintln!("{}", office.program.spell(&words));
    }
    Ok(())
}

/// Says that something of a bank file was not booked.
fn not_booked(name: &str, why: &NotRead, language: Language) -> String {
    let why = why.words(language);
    language.say(
        format!("{name} wurde nicht gelesen: {why}\nGebucht wurde davon nichts."),
        format!("{name} was not read: {why}\nNothing was booked of it."),
    )
}

/// Counts the payments that concern no invoice.
fn counting(ignored: &Arc<AtomicUsize>) -> Observer {
    let ignored = Arc::clone(ignored);
    Observer::new(move |_, event| {
        if matches!(event, Event::PaymentIgnored { .. }) {
            ignored.fetch_add(1, Ordering::Relaxed);
        }
    })
}
