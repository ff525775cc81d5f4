//! The office: everything that a job works with.

pub mod acts;
pub mod alive;
pub mod doubt;
pub mod error;
pub mod event;
pub mod live;
pub mod open;
pub mod pause;
pub mod safe_mode;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use tokio_util::sync::CancellationToken;

pub use self::error::JobError;
use self::event::{Event, Observer};
use crate::calendar::BusinessDays;
use crate::command::Program;
use crate::customer::{Customer, CustomerKind, Delivery, PaymentMeans};
use crate::dunning::{BaseRates, Policy};
use crate::id::BookVersionId;
use crate::invoice::Terms;
use crate::letter::Templates;
use crate::party::Email;
use crate::shell::clock::Clock;
use crate::shell::config::{Config, SendWindow};
use crate::shell::dropfolder::LeftAlone;
use crate::shell::heartbeat::Heartbeat;
use crate::shell::issue_journal::IssueJournal;
use crate::shell::render::{Renderer, Stationery};
use crate::shell::store::{Run, Store};
use crate::statement::Unbooked;

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

/// The folder that letters for post and portal are laid into.
#[derive(Debug, Clone)]
pub struct PrintFolder {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it keeps what waits no more: what a simulation came to is looked at afterwards.
    pub keeps_all: bool,
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
    /// How the owner calls settled to work with it.
    pub program: Program,
    /// The version of book and configuration in force.
    pub version: BookVersionId,
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
    /// What files in the inbox that are not taken may tell of, by path, size and last change: each is read once.
    looked_into: Arc<Mutex<LookedInto>>,
    /// Until when nothing is sent, because the server takes nothing.
    mail_rests: Arc<Mutex<Option<DateTime<Utc>>>>,
    /// Where letters for post and portal are laid; nothing: nowhere.
    pub print: Option<PrintFolder>,
    /// What left, outside the books; nothing in simulations.
    pub issue_journal: Option<IssueJournal>,
    /// When the daemon was last at work; nothing in simulations.
    pub heartbeat: Option<Heartbeat>,
    /// Who watches.
    pub observer: Observer,
    /// Who works: the system's user.
    pub person: String,
    /// The token of the lease, where one is held.
    pub lease: Option<i64>,
    /// Cancelled when the program is to end: the unit in hand is finished, and no other begun.
    pub stop: CancellationToken,
}

/// What was read of files, by path, size and last change.
type LookedInto = HashMap<(PathBuf, u64, i64), Vec<Unbooked>>;

impl Office {
    /// Returns what a file in the inbox may tell of; it is read where that was not done since it was written.
    pub(super) fn looked_into(&self, left: &LeftAlone, read: impl FnOnce() -> Vec<Unbooked>) -> Vec<Unbooked> {
        let key = (left.path.clone(), left.size, left.modified);
        let mut looked = self.looked_into.lock().unwrap_or_else(PoisonError::into_inner);
        looked.entry(key).or_insert_with(read).clone()
    }

    /// Names a file that lies in or beside the inbox. A simulation has an inbox of its own, and names the place that the daemon's would be.
    pub fn place_of(&self, file: &Path) -> String {
        let of_daemon = self.inbox.parent().zip(self.config.paths.inbox.parent()).and_then(|(here, there)| {
            let inside = file.strip_prefix(here).ok()?;
            Some(there.join(inside))
        });
        of_daemon.as_deref().unwrap_or(file).display().to_string()
    }

    /// Returns the civil day of now.
    pub fn today(&self) -> NaiveDate {
        self.day(self.clock.now())
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

    /// Returns what the business says for all invoices of a day.
    pub fn terms(&self, today: NaiveDate) -> Terms {
        self.config.terms(today)
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
}
