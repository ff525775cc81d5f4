//! What is to come, at the command line.

use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use clap::Args;

use super::diary::Diary;
use super::opening::{clock, load, reading_office, workers};
use super::outcome::{Failure, Outcome};
use super::simulate::{before, new_folder};
use super::terminal::say;
use crate::calendar::typed_day;
use crate::jobs::agreements::read::{is_changed, read_book};
use crate::jobs::time_machine;
use crate::jobs::time_machine::papers;
use crate::jobs::time_machine::scratch;
use crate::jobs::time_machine::simulation::{ByHand, Simulation, Statements};
use crate::letter::wrap;
use crate::shell::render::Renderer;

/// How far a preview reaches when nobody says.
const AHEAD: Days = Days::new(35);

/// Show what will be issued, sent and escalated: the daemon's jobs over the coming days on a copy of the books. It takes for granted that
/// the statements keep coming, that papers for post are posted, and that nobody pays.
#[derive(Debug, Args)]
pub struct PreviewOptions {
    /// The last day; without it five weeks from the first.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    until: Option<NaiveDate>,
    /// The first day; without it today.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    today: Option<NaiveDate>,
    /// Keep mails, papers and summaries in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// One JSON object for each thing that happens.
    #[arg(long)]
    json: bool,
}

/// Runs the daemon's jobs over the coming days on a copy of the books, and prints what would happen.
pub async fn preview(file: &Path, options: &PreviewOptions) -> Result<Outcome, Failure> {
    let loaded = load(file)?;
    let today = loaded.config.business.timezone.day(clock(&loaded.config).now());
    let from = options.today.unwrap_or(today);
    let until = options.until.unwrap_or(from + AHEAD);
    if until < from {
        return Err(Failure::Usage(before(until, from, loaded.config.owner.language)));
    }
    new_folder(options.out.as_deref(), loaded.config.owner.language)?;
    let scratch = tempfile::tempdir().map_err(|cause| Failure::World(format!("making a folder: {cause}")))?;
    let simulation = Simulation {
        from,
        until,
        statements: Statements::KeepComing,
        by_hand: ByHand::IsPosted,
        events: Vec::new(),
        scratch: scratch.path().to_owned(),
        out: options.out.clone(),
        renderer: if options.out.is_some() { workers() } else { Renderer::Nothing },
    };
    let diary = Diary::new(options.json, loaded.config.owner.language, from, until);
    let (office, _) = scratch::prepare(&loaded, &simulation, today, diary.observer()).await?;
    if !options.json {
        premises(file, &simulation).await?;
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

/// Says what the preview takes for granted.
async fn premises(file: &Path, simulation: &Simulation) -> Result<(), Failure> {
    let office = reading_office(file).await?;
    let language = office.config.owner.language;
    let (from, until) = (language.day(simulation.from), language.day(simulation.until));
    let words = language.say(
        format!("Was vom {from} bis {until} geschieht, wenn weiter Auszüge kommen, Papiere zur Post gebracht werden und niemand zahlt."),
        format!("What happens from {from} through {until} if the statements keep coming, papers are posted, and nobody pays."),
    );
    let mut text = String::new();
    wrap(&mut text, &words, "", "");
    print!("{text}");
    if office.live_since().await?.is_none() {
        let words = language.say(
            format!("settled ist noch nicht in Betrieb: als ginge es am {from} in Betrieb."),
            format!("settled is not live: as if you went live on {from}."),
        );
        println!("{words}");
    }
    if is_changed(&office, &read_book(&office.config, office.today())?).await? {
        let words = language.say(
            "Änderungen des Buchs, die nicht übernommen sind, bleiben weg: settled apply",
            "Changes of the book that are not applied are left out: settled apply",
        );
        say(&office.program, words);
    }
    println!();
    office.store.close().await;
    Ok(())
}
