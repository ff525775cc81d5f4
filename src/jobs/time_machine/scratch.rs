//! The copy of the books that a simulation runs on.

use std::path::Path;

use chrono::{NaiveDate, NaiveTime};

use super::simulation::Simulation;
use crate::jobs::agreements::apply::{apply, plan_of};
use crate::jobs::agreements::read::read_book;
use crate::jobs::office::event::Observer;
use crate::jobs::office::{JobError, Office, PrintFolder, Transport, doubt, live};
use crate::shell::clock::Clock;
use crate::shell::config::Loaded;
use crate::shell::store::Store;

/// Opens books for a simulation: a copy of those of the configuration, or new ones where there is nothing in them yet.
///
/// # Errors
/// When the books cannot be read, the book has mistakes, or the first day lies before what is in the books.
pub async fn prepare(loaded: &Loaded, simulation: &Simulation, observer: Observer) -> Result<Office, JobError> {
    let midnight = loaded.config.business.timezone.instant(simulation.from.and_time(NaiveTime::MIN));
    let file = simulation.scratch.join("books.db");
    let store = match worth_copying(loaded).await? {
        Some(books) => {
            let last = books.last_day().await?.unwrap_or(NaiveDate::MIN);
            if simulation.from < last {
                return Err(JobError::Refused(format!(
                    "the books were written on {last}; a simulation that goes on from them begins on that day or later"
                )));
            }
            let copy = books.fork(&file).await?;
            books.close().await;
            copy
        }
        None => {
            let store = Store::scratch(&file).await?;
            let key = crate::journal::sha256(loaded.text.as_bytes());
            store.create_books(&key[..32], midnight).await?;
            store
        }
    };
    furnish(store, loaded, simulation, observer).await
}

/// Furnishes an office on books of its own: takes the book into force where none was, and goes live.
///
/// # Errors
/// When the book has mistakes, or the books fail.
pub async fn furnish(
    store: Store,
    loaded: &Loaded,
    simulation: &Simulation,
    observer: Observer,
) -> Result<Office, JobError> {
    let transport = Transport::Folder {
        folder: simulation.out.as_ref().map(|out| out.join("mail")),
        summaries: simulation.out.as_ref().map(|out| out.join("summary")),
        counts: true,
    };
    let zone = loaded.config.business.timezone;
    let clock = Clock::at(zone.instant(simulation.from.and_time(NaiveTime::MIN)));
    let mut office = Office::open(store, loaded, clock, simulation.renderer.clone(), transport, observer).await?;
    office.issue_journal = None;
    office.print = simulation.out.as_ref().map(|out| PrintFolder { path: out.join("print"), keeps_all: true });
    office.heartbeat = None;
    office.inbox = simulation.scratch.join("inbox");
    "simulation".clone_into(&mut office.person);
    begin(&mut office).await?;
    // The days of a simulation are what its owner says.
    if doubt::doubt(&office).await?.is_some() {
        doubt::confirm_clock(&office, &office.run("resume clock")).await?;
    }
    Ok(office)
}

/// Takes the book into force, if none is yet, and lets the daemon act.
///
/// # Errors
/// When the book has mistakes.
pub async fn begin(office: &mut Office) -> Result<(), JobError> {
    let read = read_book(&office.config)?;
    let applied = office.store.version().await?.is_some_and(|(_, book, _)| book != crate::journal::sha256(b""));
    if !applied {
        let plan = plan_of(office, &read.book).await?;
        let mistakes: Vec<String> = read.mistakes.iter().chain(&plan.mistakes).map(ToString::to_string).collect();
        if !mistakes.is_empty() {
            return Err(JobError::Refused(mistakes.join("\n")));
        }
        office.version = apply(office, &office.run("apply"), &read, &plan).await?.version;
    }
    if office.live_since().await?.is_none() {
        live::golive(office, &office.run("golive")).await?;
    }
    Ok(())
}

/// Opens the books of a configuration if anything was issued or booked in them.
async fn worth_copying(loaded: &Loaded) -> Result<Option<Store>, JobError> {
    let address = &loaded.config.paths.store;
    let missing = address.strip_prefix("sqlite://").is_some_and(|path| !Path::new(path).exists());
    if missing {
        return Ok(None);
    }
    let store = Store::open(address).await?;
    if store.books_key().await?.is_some() && store.has_history().await? {
        return Ok(Some(store));
    }
    store.close().await;
    Ok(None)
}
