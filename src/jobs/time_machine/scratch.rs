//! The copy of the books that a simulation runs on.

use std::path::Path;

use chrono::{NaiveDate, NaiveTime};

use super::simulation::Simulation;
use crate::book::Book;
use crate::book::Mistake;
use crate::calendar::BusinessDays;
use crate::jobs::agreements::apply::{apply, plan_of};
use crate::jobs::agreements::read::{ReadBook, read_book};
use crate::jobs::office::event::Observer;
use crate::jobs::office::{JobError, Office, PrintFolder, Transport, doubt, live};
use crate::refusal::BooksRefusal;
use crate::shell::clock::Clock;
use crate::shell::config::Loaded;
use crate::shell::store::Store;

/// Where a simulation begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// On a copy of the books, as they are.
    Copy,
    /// On new books, with what the book says.
    New,
    /// On new books, on a day of the past: as if settled had taken over on that day.
    Past,
}

/// Opens books for a simulation: a copy of those of the configuration, or new ones where there is nothing in them yet, or where the first day
/// lies before what is in them. `today` is the day on which it is asked for.
///
/// # Errors
/// When the books cannot be read, or the book has mistakes.
pub async fn prepare(
    loaded: &Loaded,
    simulation: &Simulation,
    today: NaiveDate,
    observer: Observer,
) -> Result<(Office, Beginning), JobError> {
    let midnight = loaded.config.business.timezone.instant(simulation.from.and_time(NaiveTime::MIN));
    let file = simulation.scratch.join("books.db");
    if let Some(books) = worth_copying(loaded).await? {
        let goes_on = books.last_day().await?.is_none_or(|last| simulation.from >= last);
        let copy = if goes_on { Some(books.fork(&file).await?) } else { None };
        books.close().await;
        if let Some(copy) = copy {
            return Ok((furnish(copy, loaded, simulation, observer).await?, Beginning::Copy));
        }
    }
    let store = Store::scratch(&file).await?;
    let key = crate::journal::sha256(loaded.text.as_bytes());
    store.create_books(&key[..32], midnight).await?;
    let beginning = if simulation.from < today { Beginning::Past } else { Beginning::New };
    let office = laid_out(store, loaded, simulation, beginning, observer).await?;
    Ok((office, beginning))
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
    laid_out(store, loaded, simulation, Beginning::New, observer).await
}

async fn laid_out(
    store: Store,
    loaded: &Loaded,
    simulation: &Simulation,
    beginning: Beginning,
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
    let mut read = read_book(&office.config, office.today())?;
    if beginning == Beginning::Past {
        take_over(&mut read.book, simulation.from, &office.business_days());
    }
    take_into_force(&mut office, &read).await?;
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
    let read = read_book(&office.config, office.today())?;
    take_into_force(office, &read).await
}

async fn take_into_force(office: &mut Office, read: &ReadBook) -> Result<(), JobError> {
    let applied = office.store.version().await?.is_some_and(|(_, book, _)| book != crate::journal::sha256(b""));
    if !applied {
        let plan = plan_of(office, &read.book).await?;
        let mistakes: Vec<Mistake> = read.mistakes.iter().chain(&plan.mistakes).cloned().collect();
        if !mistakes.is_empty() {
            return Err(JobError::refused(BooksRefusal::Mistakes { mistakes }));
        }
        office.version = apply(office, &office.run("apply"), read, &plan).await?.version;
    }
    if office.live_since().await?.is_none() {
        live::golive(office, &office.run("golive")).await?;
    }
    Ok(())
}

/// Has settled take over on a day of the past: invoices of the days before are not written any more.
fn take_over(book: &mut Book, day: NaiveDate, business_days: &BusinessDays) {
    for contract in book.contracts.values_mut() {
        contract.value = contract.value.taken_over_on(day, business_days);
    }
    book.one_offs.retain(|_, one_off| one_off.value.issue_on.is_none_or(|issued| issued >= day));
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
