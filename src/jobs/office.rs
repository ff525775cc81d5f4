//! The office: everything that a job works with.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, Utc};
use tokio_util::sync::CancellationToken;

use super::event::{Event, Observer};
use crate::calendar::BusinessDays;
use crate::customer::{Customer, CustomerKind, Delivery, PaymentMeans};
use crate::document::{Logo, Style, Templates as PaperTemplates};
use crate::dunning::{BaseRates, Policy};
use crate::invoice::Terms;
use crate::letter::{TemplateError, Templates};
use crate::money::Currency;
use crate::party::Email;
use crate::shell::clock::Clock;
use crate::shell::config::{Config, Loaded, SendWindow};
use crate::shell::issue_journal::{IssueJournal, Line};
use crate::shell::render::{Renderer, Stationery};
use crate::shell::secrets::SecretError;
use crate::shell::store::{Run, Store, StoreError, Subject};

/// Why a job failed. A "no" of the business rules is no failure but a decision.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The books failed or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder failed.
    #[error("{doing}: {cause}")]
    Io {
        /// What was being done.
        doing: String,
        /// Why it failed.
        cause: io::Error,
    },
    /// A template failed.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A secret could not be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The books hold a model that this program cannot read.
    #[error("the books hold {what} that this program cannot read: {cause}")]
    Model {
        /// Of what.
        what: String,
        /// Why.
        cause: serde_json::Error,
    },
    /// The owner asked for something that the rules refuse.
    #[error("{0}")]
    Refused(String),
    /// Nothing may be done until the owner has looked.
    #[error("safe mode: {0}")]
    SafeMode(String),
}

impl JobError {
    /// Wraps a failure of a file.
    pub fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> JobError {
        let doing = doing.into();
        move |cause| JobError::Io { doing, cause }
    }

    /// Names something in the books that cannot be.
    pub fn damaged(what: impl Into<String>) -> JobError {
        JobError::Store(StoreError::Damaged(what.into()))
    }

    /// Wraps a model that cannot be read.
    pub fn model(what: impl Into<String>) -> impl FnOnce(serde_json::Error) -> JobError {
        let what = what.into();
        move |cause| JobError::Model { what, cause }
    }
}

/// Says an error with its causes.
pub fn in_words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        let more = current.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        cause = current.source();
    }
    words
}

/// How a letter leaves the house.
#[derive(Debug, Clone)]
pub enum Transport {
    /// To the mail server of the configuration.
    Smtp,
    /// Into a folder, or nowhere. It counts as accepted in demo and simulation only.
    Folder {
        /// The folder; nothing: nowhere.
        folder: Option<PathBuf>,
        /// Where the owner's summaries are laid as HTML; nothing: nowhere.
        summaries: Option<PathBuf>,
        /// Whether a letter that is written counts as accepted.
        counts: bool,
    },
}

/// Everything that a job works with.
#[derive(Debug, Clone)]
pub struct Office {
    /// The books.
    pub store: Store,
    /// The key of the books.
    pub books_key: String,
    /// The configuration.
    pub config: Arc<Config>,
    /// The version of book and configuration in force.
    pub version: i64,
    /// What time it is.
    pub clock: Clock,
    /// The texts of letters.
    pub templates: Templates,
    /// How papers are made.
    pub renderer: Renderer,
    /// How they look.
    pub stationery: Arc<Stationery>,
    /// How letters leave.
    pub transport: Transport,
    /// Where bank files come in: the configured folder, or a simulation's own.
    pub inbox: PathBuf,
    /// Until when nothing is sent, because the server takes nothing.
    mail_rests: Arc<Mutex<Option<DateTime<Utc>>>>,
    /// What left, outside the books; nothing in simulations.
    pub issue_journal: Option<IssueJournal>,
    /// Who watches.
    pub observer: Observer,
    /// Who works: the system's user.
    pub person: String,
    /// The token of the lease, where one is held.
    pub lease: Option<i64>,
    /// Cancelled when the program is to end: the unit in hand is finished, and no other begun.
    pub stop: CancellationToken,
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
        let mut office = Office::look_into(store, loaded, clock, renderer, transport, observer).await?;
        office.version = office.store.accept_configuration(&loaded.text, office.clock.now()).await?;
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
        let books_key = store
            .books_key()
            .await?
            .ok_or_else(|| JobError::Refused("there are no books yet; say: settled init".to_owned()))?;
        let config = Arc::new(loaded.config.clone());
        Ok(Office {
            books_key,
            version: store.version().await?.map_or(0, |(id, ..)| id),
            store,
            templates: templates(&config.paths.templates)?,
            stationery: Arc::new(stationery(&config)?),
            inbox: config.paths.inbox.clone(),
            mail_rests: Arc::default(),
            issue_journal: Some(IssueJournal::new(&config.paths.issue_journal)),
            config,
            clock,
            renderer,
            transport,
            observer,
            person: crate::shell::system::user_name(),
            lease: None,
            stop: CancellationToken::new(),
        })
    }

    /// Returns the civil day of an instant.
    pub fn day(&self, instant: DateTime<Utc>) -> NaiveDate {
        self.config.business.timezone.day(instant)
    }

    /// Begins a run; its civil day is fixed.
    pub fn run(&self, command: &str) -> Run {
        let now = self.clock.now();
        let mut run = Run::new(self.day(now), now, command, &self.person, self.version);
        run.lease = self.lease;
        run
    }

    /// Returns the business's calendar.
    pub fn business_days(&self) -> BusinessDays {
        self.config.business_days()
    }

    /// Returns what the business says for all invoices.
    pub fn terms(&self) -> Terms {
        self.config.terms()
    }

    /// Returns the base rates.
    pub fn base_rates(&self) -> BaseRates {
        self.config.base_rates()
    }

    /// Returns the hours in which letters leave.
    pub fn send_window(&self) -> SendWindow {
        let schedule = &self.config.schedule;
        SendWindow {
            from: schedule.send_from,
            until: schedule.send_until,
            days: schedule.send_days.clone(),
            business_days: self.business_days(),
            zone: self.config.business.timezone,
        }
    }

    /// Returns a dunning policy; one that is gone is the customer's default.
    pub fn policy(&self, name: &str, kind: CustomerKind) -> Policy {
        let dunning = &self.config.dunning;
        let policy = dunning.policy.get(name).or_else(|| dunning.policy.get(dunning.default_for(kind)));
        policy.cloned().expect("the configuration was checked: both defaults exist")
    }

    /// Returns the dunning policy of an invoice: its contract's, else its customer's, else the one for the customer's kind. Who is not to
    /// get notices before the due date gets none.
    pub fn policy_for(&self, contract: Option<&str>, customer: &Customer) -> Policy {
        let own = contract.or(customer.dunning_policy.as_deref());
        let mut policy = self.policy(own.unwrap_or_default(), customer.kind);
        // A notice is a mail that asks for a transfer.
        if customer.delivery != Delivery::Mail || customer.payment_means != PaymentMeans::Transfer {
            policy.notice_days_before = None;
        }
        policy
    }

    /// Returns by how many business days the bank's data may be behind: what the strictest policy asks for.
    pub fn freshness(&self) -> u32 {
        self.config.dunning.policy.values().map(|policy| policy.bank_max_age_business_days).min().unwrap_or(2)
    }

    /// Returns until when nothing is sent.
    pub fn mail_rests_until(&self) -> Option<DateTime<Utc>> {
        *self.mail_rests.lock().expect("setting a time does not panic")
    }

    /// Lets the queue rest until an instant.
    pub fn rest_mail(&self, until: DateTime<Utc>) {
        *self.mail_rests.lock().expect("setting a time does not panic") = Some(until);
    }

    /// Returns the address that mails come from.
    pub fn mail_from(&self) -> &Email {
        self.config.mail.from.as_ref().unwrap_or(&self.config.business.email)
    }

    /// Tells whether the program is to end after the unit in hand.
    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Tells what happened.
    pub fn tell(&self, day: NaiveDate, event: &Event) {
        self.observer.tell(day, event);
    }

    /// Returns the day from which the daemon acts; nothing until `golive` was said.
    ///
    /// # Errors
    /// When the books fail.
    pub async fn live_since(&self) -> Result<Option<NaiveDate>, JobError> {
        let acts = self.store.read().await?.acts_of(Subject::BOOKS).await?;
        Ok(acts.iter().find(|act| act.kind == "golive").map(|act| act.from_on))
    }

    /// Tells why nothing may be done: the clock went back, or the books are older than what left (faults 10, 34).
    ///
    /// # Errors
    /// When books or journal fail.
    pub async fn safe_mode(&self) -> Result<Option<String>, JobError> {
        let today = self.day(self.clock.now());
        if let Some(last) = self.store.last_day().await?
            && today.succ_opt().is_some_and(|tomorrow| tomorrow < last)
        {
            return Ok(Some(format!("the clock says {today}, but the books were written on {last}; set the clock")));
        }
        let Some(line) = self
            .issue_journal
            .as_ref()
            .map(IssueJournal::last)
            .transpose()
            .map_err(JobError::io("reading the issue journal"))?
            .flatten()
        else {
            return Ok(None);
        };
        if line.books != self.books_key {
            return Ok(Some("the issue journal belongs to other books; correct `paths.issue_journal`".to_owned()));
        }
        // What a line names is committed before it is written: books that do not know it are older than the line.
        if !self.knows(&line).await? {
            let fate = if line.message_id.is_some() { "left" } else { "was issued for delivery by hand" };
            return Ok(Some(format!(
                "{} {} {fate}, but the books do not know it: an older backup was restored. Restore the newest one; {} lists the numbers and mails that are used up",
                line.kind,
                line.about,
                self.config.paths.issue_journal.display()
            )));
        }
        Ok(None)
    }

    /// Tells whether the books know what a line of the issue journal names.
    async fn knows(&self, line: &Line) -> Result<bool, JobError> {
        let mut tx = self.store.read().await?;
        if let Some(message_id) = &line.message_id {
            return Ok(tx.knows_attempt(message_id).await?);
        }
        let Some(number) = &line.number else { return Ok(true) };
        let Some(document) = tx.document_by_number(number).await? else { return Ok(false) };
        let files = tx.files_of(document.id).await?;
        // Another paper under the same number is another document.
        Ok(line.sha256.as_ref().is_none_or(|hash| files.iter().any(|file| file.sha256 == *hash)))
    }

    /// Makes the accounts of the books what the configuration says.
    async fn keep_accounts(&self) -> Result<(), JobError> {
        use crate::shell::store::AccountRow;
        let mut tx = self.store.read().await?;
        let (known, identifiers) = (tx.accounts().await?, tx.identifiers().await?);
        drop(tx);
        let wanted: Vec<(AccountRow, Vec<String>)> = self
            .config
            .bank_accounts
            .iter()
            .map(|account| {
                let row = AccountRow {
                    id: 0,
                    name: account.name.clone(),
                    currency: account.currency.code().to_owned(),
                    gates_dunning: account.gates_dunning,
                    receives_from: account.receives_from,
                    opened_on: account.opened_on,
                    closed_on: account.closed_on,
                    covered_through: None,
                };
                (row, account.names())
            })
            .collect();
        let same = |(row, names): &(AccountRow, Vec<String>)| {
            known.iter().any(|k| {
                let own: Vec<String> =
                    identifiers.iter().filter(|(.., id)| *id == k.id).map(|(value, ..)| value.clone()).collect();
                AccountRow { id: 0, covered_through: None, ..k.clone() } == *row && own == *names
            })
        };
        let gone = |k: &&AccountRow| k.gates_dunning && !wanted.iter().any(|(row, _)| row.name == k.name);
        if wanted.iter().all(same) && !known.iter().any(|k| gone(&k)) {
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
pub fn templates(folder: &Path) -> Result<Templates, JobError> {
    let mut own = BTreeMap::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Templates::new(&own)?),
        Err(cause) => return Err(JobError::io(folder.display().to_string())(cause)),
    };
    for entry in entries {
        let path = entry.map_err(JobError::io(folder.display().to_string()))?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            own.insert(name, fs::read_to_string(&path).map_err(JobError::io(path.display().to_string()))?);
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
            Some(Logo { format, bytes: fs::read(path).map_err(JobError::io(path.display().to_string()))? })
        }
    };
    let own = |name: &str| {
        let path = config.paths.templates.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(JobError::io(path.display().to_string())(cause)),
        }
    };
    let templates = PaperTemplates { invoice: own("invoice.typ")?, letter: own("letter.typ")? };
    let style = config.business.accent.clone().map_or_else(Style::default, |accent| Style { accent });
    Ok(Stationery { style, logo, templates })
}

/// Reads a currency of the books.
///
/// # Errors
/// When it is none.
pub fn currency(code: &str) -> Result<Currency, JobError> {
    code.parse().map_err(|_| JobError::damaged(format!("a currency `{code}`")))
}
