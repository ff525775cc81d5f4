//! Opening the office: configuration into force, templates and logo read, accounts as configured.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::error::JobError;
use super::event::Observer;
use super::{Office, PrintFolder, Transport};
use crate::book::text_of;
use crate::command::Program;
use crate::document::{Logo, Style, Templates as PaperTemplates};
use crate::language::Language;
use crate::letter::Templates;
use crate::refusal::BooksRefusal;
use crate::shell::clock::Clock;
use crate::shell::config::{Config, Loaded};
use crate::shell::files;
use crate::shell::heartbeat::Heartbeat;
use crate::shell::issue_journal::IssueJournal;
use crate::shell::render::{Renderer, Stationery};
use crate::shell::store::{AccountRow, Store, WantedAccount};

/// What becomes of the configuration that the office is opened with.
#[derive(Clone, Copy)]
enum Opening {
    /// It is in force from now on.
    IntoForce,
    /// Nothing: the one that is in force stays.
    ToRead,
}

impl Office {
    /// Opens the office on books that are open: takes the configuration into force, loads templates and logo, and makes the
    /// accounts what the configuration says.
    ///
    /// # Errors
    /// When there are no books yet, or something of the owner's cannot be read.
    pub async fn open(
        store: Store,
        loaded: &Loaded,
        clock: Clock,
        renderer: Renderer,
        transport: Transport,
        observer: Observer,
    ) -> Result<Office, JobError> {
        let office = Office::on(store, loaded, clock, renderer, transport, observer, Opening::IntoForce).await?;
        office.keep_accounts().await?;
        Ok(office)
    }

    /// Opens the office to read only: nothing is taken into force, nothing is written.
    ///
    /// # Errors
    /// When there are no books yet, or something of the owner's cannot be read.
    pub async fn look_into(
        store: Store,
        loaded: &Loaded,
        clock: Clock,
        renderer: Renderer,
        transport: Transport,
        observer: Observer,
    ) -> Result<Office, JobError> {
        Office::on(store, loaded, clock, renderer, transport, observer, Opening::ToRead).await
    }

    async fn on(
        store: Store,
        loaded: &Loaded,
        clock: Clock,
        renderer: Renderer,
        transport: Transport,
        observer: Observer,
        opening: Opening,
    ) -> Result<Office, JobError> {
        let no_books = || JobError::refused(BooksRefusal::NoBooks {});
        let books_key = store.books_key().await?.ok_or_else(no_books)?;
        let config = Arc::new(loaded.config.clone());
        // What the configuration names must be readable before it is in force.
        let (templates, stationery) = (templates(&config)?, Arc::new(stationery(&config)?));
        let version = match opening {
            Opening::IntoForce => store.accept_configuration(&loaded.text, clock.now()).await?,
            Opening::ToRead => store.version().await?.ok_or_else(no_books)?.0,
        };
        Ok(Office {
            books_key,
            version,
            store,
            templates,
            stationery,
            inbox: config.paths.inbox.clone(),
            looked_into: Arc::default(),
            mail_rests: Arc::default(),
            issue_journal: Some(IssueJournal::new(&config.paths.issue_journal)),
            print: Some(PrintFolder { path: config.paths.print.clone(), keeps_all: false }),
            heartbeat: Some(Heartbeat::beside(&config.paths.issue_journal)),
            config,
            program: Program::with(&loaded.file, loaded.config.owner.language),
            clock,
            renderer,
            transport,
            observer,
            person: crate::shell::system::user_name(),
            lease: None,
            stop: CancellationToken::new(),
        })
    }

    /// Makes the accounts of the books what the configuration says.
    async fn keep_accounts(&self) -> Result<(), JobError> {
        let mut tx = self.store.read().await?;
        let (known, identifiers) = (tx.accounts().await?, tx.identifiers().await?);
        drop(tx);
        let wanted: Vec<(WantedAccount, Vec<String>)> = self
            .config
            .bank_accounts
            .iter()
            .map(|account| {
                let row = WantedAccount {
                    name: account.name.clone(),
                    currency: account.currency,
                    gates_dunning: account.gates_dunning,
                    receives_from: account.receives_from,
                    opened_on: account.opened_on,
                    closed_on: account.closed_on,
                };
                (row, account.names())
            })
            .collect();
        let same = |(row, names): &(WantedAccount, Vec<String>)| {
            known.iter().any(|k| {
                let own: Vec<String> =
                    identifiers.iter().filter(|(.., id)| *id == k.id).map(|(value, ..)| value.clone()).collect();
                k.as_wanted() == *row && own == *names
            })
        };
        let gone = |k: &AccountRow| k.gates_dunning && !wanted.iter().any(|(row, _)| row.name == k.name);
        if wanted.iter().all(same) && !known.iter().any(gone) {
            return Ok(());
        }
        let run = self.run("configuration");
        let mut writing = self.store.write(&run, self.clock.now()).await?;
        writing.keep_accounts(&wanted).await?;
        Ok(writing.commit().await?)
    }
}

/// Loads the owner's templates of letters.
///
/// # Errors
/// When one cannot be read, or is no template.
pub fn templates(config: &Config) -> Result<Templates, JobError> {
    let mut own = BTreeMap::new();
    for path in files::list(&config.paths.templates).map_err(JobError::File)? {
        if path.extension().is_some_and(|extension| extension == "txt") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            own.insert(name, text(&path, config.owner.language)?);
        }
    }
    Ok(Templates::new(&own)?)
}

/// Loads logo and paper templates.
///
/// # Errors
/// When one of them cannot be read.
pub fn stationery(config: &Config) -> Result<Stationery, JobError> {
    let logo = match &config.business.logo {
        None => None,
        Some(path) => {
            let format = path.extension().unwrap_or_default().to_string_lossy().to_lowercase().replace("jpeg", "jpg");
            Some(Logo { format, bytes: files::read(path).map_err(JobError::File)? })
        }
    };
    let own = |name: &str| {
        let path = config.paths.templates.join(name);
        if files::exists(&path) { text(&path, config.owner.language).map(Some) } else { Ok(None) }
    };
    let templates = PaperTemplates { invoice: own("invoice.typ")?, letter: own("letter.typ")? };
    let style = config.business.accent.clone().map_or_else(Style::default, |accent| Style { accent });
    Ok(Stationery { style, logo, templates })
}

/// Reads a text of the owner's.
fn text(path: &Path, language: Language) -> Result<String, JobError> {
    let bytes = files::read(path).map_err(JobError::File)?;
    text_of(&path.display().to_string(), bytes, language)
        .map_err(|mistake| JobError::refused(BooksRefusal::Mistakes { mistakes: vec![*mistake] }))
}
