//! The time machine at the command line.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;

use super::diary::Diary;
use super::opening::{clock, load, workers};
use super::outcome::{Failure, Outcome};
use crate::calendar::typed_day;
use crate::jobs::time_machine;
use crate::jobs::time_machine::happening::read_events;
use crate::jobs::time_machine::papers;
use crate::jobs::time_machine::scratch;
use crate::jobs::time_machine::scratch::Beginning;
use crate::jobs::time_machine::simulation::{ByHand, Simulation, Statements};
use crate::language::Language;
use crate::letter::wrap;
use crate::shell::files;
use crate::shell::render::Renderer;
use crate::told::NoEvent;

/// Run the daemon's jobs over past or coming days on a copy of the books, with bank files of a folder.
#[derive(Debug, Args)]
pub struct SimulateOptions {
    /// The first day.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    from: NaiveDate,
    /// The last day.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    until: NaiveDate,
    /// A folder with bank files; each is dropped on the day after its newest closing balance.
    #[arg(long, value_name = "DIR")]
    bank: Option<PathBuf>,
    /// What else happens: one JSON object a line, such as {"date":"2026-03-02","type":"dispute","invoice":"RE-2026-0001"}.
    ///
    /// Types: statement (file), dispute, dispute_end, bounce, redelivered, dun_bounce, address_fixed (invoice), promise (invoice, until),
    /// instalments (invoice, instalments), hold (name, until), release (name), block, unblock, insolvent (customer), pause (what, until),
    /// resume (what), posted (about), down (until), clock_confirmed.
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// Keep mails, papers and summaries in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// One JSON object for each thing that happens.
    #[arg(long)]
    json: bool,
}

/// Runs the daemon's jobs over some days on a copy of the books, and prints what happens.
pub async fn simulate(file: &Path, options: &SimulateOptions) -> Result<Outcome, Failure> {
    let loaded = load(file)?;
    if options.until < options.from {
        return Err(Failure::Usage(before(options.until, options.from, loaded.config.owner.language)));
    }
    let events = match &options.events {
        None => Vec::new(),
        Some(file) => {
            let text = files::read_text(file).map_err(Failure::unreadable)?;
            let language = loaded.config.owner.language;
            let unread = |wrong: &NoEvent| Failure::Usage(format!("{}: {}", file.display(), wrong.words(language)));
            read_events(&text).map_err(|wrong| unread(&wrong))?
        }
    };
    if let Some(bank) = options.bank.as_deref().filter(|bank| !files::is_folder(bank)) {
        return Err(Failure::Usage(loaded.config.owner.language.say(
            format!("{} ist kein Ordner; nennen Sie mit --bank den, in dem Bankdateien liegen.", bank.display()),
            format!("{} is no folder; name with --bank the one that bank files lie in.", bank.display()),
        )));
    }
    new_folder(options.out.as_deref(), loaded.config.owner.language)?;
    let scratch = tempfile::tempdir().map_err(|cause| Failure::World(format!("making a folder: {cause}")))?;
    let simulation = Simulation {
        from: options.from,
        until: options.until,
        statements: options.bank.clone().map_or(Statements::Nothing, Statements::Folder),
        by_hand: ByHand::Waits,
        events,
        scratch: scratch.path().to_owned(),
        out: options.out.clone(),
        renderer: if options.out.is_some() { workers() } else { Renderer::Nothing },
    };
    let diary = Diary::new(options.json, loaded.config.owner.language, options.from, options.until);
    let today = loaded.config.business.timezone.day(clock(&loaded.config).now());
    let (office, beginning) = scratch::prepare(&loaded, &simulation, today, diary.observer()).await?;
    if beginning == Beginning::Past && !options.json {
        premises(options.from, office.config.owner.language);
    }
    let ran = time_machine::run(&office, &simulation, |day| diary.day(day)).await;
    diary.finish();
    ran?;
    if let Some(out) = &options.out {
        papers::lay_out(&office, simulation.from, &out.join("documents")).await?;
    }
    office.store.close().await;
    Ok(Outcome::Fine)
}

/// Says what a simulation of the past takes for granted.
fn premises(from: NaiveDate, language: Language) {
    let day = language.day(from);
    let words = language.say(
        format!(
            "Als hätte settled am {day} angefangen: mit dem Buch von heute und neuen Büchern; was vorher abgerechnet und bezahlt \
             wurde, steht nicht darin."
        ),
        format!(
            "As if settled had begun on {day}: with the book of today and new books; what was invoiced and paid before is not \
             in them."
        ),
    );
    let mut text = String::new();
    wrap(&mut text, &words, "", "");
    println!("{text}");
}

/// Says that a simulation would end before it begins.
pub fn before(until: NaiveDate, from: NaiveDate, language: Language) -> String {
    let (until, from) = (language.day(until), language.day(from));
    language.say(
        format!("Das Ende, {until}, liegt vor dem Anfang, {from}."),
        format!("The end, {until}, lies before the beginning, {from}."),
    )
}

/// Refuses a folder that something lies in already.
///
/// # Errors
/// When there is something in it.
pub fn new_folder(out: Option<&Path>, language: Language) -> Result<(), Failure> {
    match out.filter(|out| files::holds_something(out)) {
        Some(out) => Err(Failure::Usage(language.say(
            format!("{} ist nicht leer; nennen Sie einen neuen Ordner.", out.display()),
            format!("{} is not empty; name a new folder.", out.display()),
        ))),
        None => Ok(()),
    }
}
