//! The time machine at the command line.

use std::path::Path;

use super::args::SimulateOptions;
use super::diary::Diary;
use super::opening::{load, workers};
use super::outcome::{Failure, Outcome};
use crate::jobs::simulate::{self, Simulation, Statements, read_events};
use crate::shell::render::Renderer;

/// Runs the daemon's jobs over some days on a copy of the books, and prints what happens.
pub async fn simulate(file: &Path, options: &SimulateOptions) -> Result<Outcome, Failure> {
    let loaded = load(file)?;
    if options.until < options.from {
        return Err(Failure::Usage(format!("--until {} lies before --from {}.", options.until, options.from)));
    }
    let events = match &options.events {
        None => Vec::new(),
        Some(file) => {
            let text = std::fs::read_to_string(file)
                .map_err(|cause| Failure::Usage(format!("{}: {cause}", file.display())))?;
            read_events(&text).map_err(|words| Failure::Usage(format!("{}: {words}", file.display())))?
        }
    };
    new_folder(options.out.as_deref())?;
    let scratch = tempfile::tempdir().map_err(|cause| Failure::World(format!("making a folder: {cause}")))?;
    let simulation = Simulation {
        from: options.from,
        until: options.until,
        statements: options.bank.clone().map_or(Statements::Nothing, Statements::Folder),
        events,
        scratch: scratch.path().to_owned(),
        out: options.out.clone(),
        renderer: if options.out.is_some() { workers() } else { Renderer::Nothing },
    };
    let diary = Diary::new(options.json, options.from, options.until);
    let office = simulate::prepare(&loaded, &simulation, diary.observer()).await?;
    let ran = simulate::run(&office, &simulation, |day| diary.day(day)).await;
    diary.finish();
    office.store.close().await;
    ran?;
    Ok(Outcome::Fine)
}

/// Refuses a folder that something lies in already.
///
/// # Errors
/// When there is something in it.
pub fn new_folder(out: Option<&Path>) -> Result<(), Failure> {
    match out.filter(|out| out.read_dir().is_ok_and(|mut found| found.next().is_some())) {
        Some(out) => Err(Failure::Usage(format!("{} is not empty; name a new folder.", out.display()))),
        None => Ok(()),
    }
}
