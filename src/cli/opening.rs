//! What a command opens before it begins: the configuration, the books, the clock, and the office over them.

use std::path::{Path, absolute};

use chrono::NaiveTime;

use super::outcome::Failure;
use crate::command::Program;
use crate::jobs::office::Office;
use crate::jobs::office::doubt;
use crate::jobs::office::event::Observer;
use crate::jobs::records::name::typed;
use crate::language::Language;
use crate::reference::Typed;
use crate::refusal::{BooksRefusal, NameRefusal, Refusal};
use crate::shell::clock::Clock;
use crate::shell::config::{self, Config, Loaded};
use crate::shell::files;
use crate::shell::render::Renderer;
use crate::shell::store::Store;

/// Opens the books of a configuration; books that are not there are not made.
async fn store(config: &Config) -> Result<Store, Failure> {
    let address = &config.paths.store;
    if let Some(path) = address.strip_prefix("sqlite://")
        && !files::is_filled(Path::new(path))
    {
        return Err(Failure::Usage(
            Refusal::from(BooksRefusal::NoBooksIn { path: path.to_owned() }).page(config.owner.language),
        ));
    }
    Ok(Store::open(address).await?)
}

/// Returns how settled is called that works with a configuration, for who reads a language.
pub fn program(file: &Path, language: Language) -> Program {
    Program::with(&absolute(file).unwrap_or_else(|_| file.to_owned()), language)
}

/// Reads the configuration; what is wrong in it is said with file and line.
pub fn load(file: &Path) -> Result<Loaded, Failure> {
    Ok(config::load(file)?)
}

/// Returns what time it is: the system's, or the last evening of a demo.
pub fn clock(config: &Config) -> Clock {
    let evening = NaiveTime::from_hms_opt(20, 0, 0).expect("eight o'clock");
    match config.demo_ends_on {
        Some(day) => Clock::at(config.business.timezone.instant(day.and_time(evening))),
        None => Clock::System,
    }
}

/// Opens the office for a command that acts; under a date that may be wrong nothing is written.
pub async fn office(file: &Path) -> Result<Office, Failure> {
    if let Some(why) = doubt::doubt(&reading_office(file).await?).await? {
        return Err(Failure::refused(BooksRefusal::ClockInDoubt { why }));
    }
    office_at_any_date(file).await
}

/// Opens the office for the command that confirms the date.
pub async fn office_at_any_date(file: &Path) -> Result<Office, Failure> {
    let loaded = load(file)?;
    let store = store(&loaded.config).await?;
    let transport = crate::daemon::transport(&loaded.config);
    Ok(Office::open(store, &loaded, clock(&loaded.config), workers(), transport, Observer::nobody()).await?)
}

/// Returns the name in the books that somebody typed, and says which one is meant where that was typed otherwise.
///
/// # Errors
/// When nothing or several have that name.
pub async fn meant(office: &Office, text: &str) -> Result<String, Failure> {
    let name = text.to_owned();
    match lookup(office, text).await? {
        Typed::Means(name) => Ok(name),
        Typed::Several(names) => Err(Failure::refused(NameRefusal::Several { name, names })),
        Typed::Unknown(near) if near.is_empty() => Err(Failure::refused(NameRefusal::Nothing { name })),
        Typed::Unknown(near) => Err(Failure::refused(NameRefusal::Near { name, near })),
    }
}

/// Returns the name in the books that somebody typed, as [`meant`] does; what is no name stays as it was typed.
pub async fn meant_or_typed(office: &Office, text: &str) -> Result<String, Failure> {
    match lookup(office, text).await? {
        Typed::Means(name) => Ok(name),
        Typed::Several(_) | Typed::Unknown(_) => Ok(text.to_owned()),
    }
}

/// Opens the office for a command that gives somebody a number, and finds the name that was typed: nothing leaves in safe mode, or before
/// the owner went live.
pub async fn numbering_office(file: &Path, name: &str) -> Result<(Office, String), Failure> {
    let office = office(file).await?;
    let name = meant_or_typed(&office, name).await?;
    if let Some(why) = office.safe_mode().await? {
        return Err(Failure::refused(BooksRefusal::SafeMode { why }));
    }
    if office.live_since().await?.is_none() {
        return Err(Failure::refused(BooksRefusal::NotLive {}));
    }
    Ok((office, name))
}

async fn lookup(office: &Office, text: &str) -> Result<Typed, Failure> {
    let mut tx = office.store.read().await?;
    let found = typed(&mut tx, text).await?;
    if let Typed::Means(name) = &found
        && name != text
    {
        eprintln!("{text}: {} {name}", office.config.owner.language.say("gemeint ist", "that is"));
    }
    Ok(found)
}

/// Opens the office for a command that only reads.
pub async fn reading_office(file: &Path) -> Result<Office, Failure> {
    let loaded = load(file)?;
    let store = store(&loaded.config).await?;
    let transport = crate::daemon::transport(&loaded.config);
    Ok(Office::look_into(store, &loaded, clock(&loaded.config), Renderer::Nothing, transport, Observer::nobody())
        .await?)
}

/// Typesets by workers of this very program.
pub fn workers() -> Renderer {
    crate::daemon::workers()
}
