//! The daemon: it wakes up every few seconds, does what is due, and sleeps again, until it is told to stop.
//!
//! SIGTERM lets the unit in hand finish; what takes too long is rolled back and done after the next start. SIGHUP reads the
//! configuration anew; one with mistakes changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::jobs::agreements::applied::unfit_policies;
use crate::jobs::agreements::try_templates::template_mistakes;
use crate::jobs::day::{Woke, wake};
use crate::jobs::mailroom::direct::mail_standstill;
use crate::jobs::mailroom::send::recover;
use crate::jobs::office::alive::LEASE;
use crate::jobs::office::error::in_words;
use crate::jobs::office::event::Observer;
use crate::jobs::office::{JobError, Office, Transport, doubt};
use crate::language::Language;
use crate::outbox::Outcome;
use crate::refusal::BooksRefusal;
use crate::shell::clock::Clock;
use crate::shell::config::{self, Config, ConfigError, Loaded};
use crate::shell::dropfolder::DropFolder;
use crate::shell::files;
use crate::shell::heartbeat::Heartbeat;
use crate::shell::lock::{self, Lock};
use crate::shell::notify;
use crate::shell::render::Renderer;
use crate::shell::store::{Store, StoreError};
use crate::shell::system;

/// How long the unit in hand may take when the daemon is told to stop.
const GRACE: Duration = Duration::from_secs(60);

/// How long the daemon rests after something failed.
const REST: Duration = Duration::from_secs(60);

/// How often the daemon says that it is at work, also during long work.
const BEAT: Duration = Duration::from_secs(15);

/// How long one wake-up may take before nobody is told any more that the daemon is at work, and systemd starts it anew.
const STUCK: chrono::Duration = chrono::Duration::minutes(60);

/// Why the daemon does not run.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// Another one works on these books, and has taken this lock.
    #[error("another settled is running on these books ({})", .0.display())]
    Running(PathBuf),
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The books failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A job failed at the start.
    #[error(transparent)]
    Job(#[from] JobError),
    /// A file or signal failed.
    #[error("{doing}: {cause}")]
    Io {
        /// What was being done.
        doing: String,
        /// Why it failed.
        cause: std::io::Error,
    },
}

fn io(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> DaemonError {
    let doing = doing.into();
    move |cause| DaemonError::Io { doing, cause }
}

/// Returns how mail leaves by the configuration.
pub fn transport(config: &Config) -> Transport {
    match config.mail.transport {
        config::Transport::Smtp => Transport::Smtp,
        config::Transport::Folder => {
            Transport::Folder { folder: Some(config.mail.folder.clone()), summaries: None, counts: false }
        }
    }
}

/// Typesets by workers of this very program, as many as there are cores.
pub fn workers() -> Renderer {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("settled"));
    let most = std::thread::available_parallelism().map_or(1, usize::from);
    Renderer::Workers { program, most }
}

/// Runs until it is told to stop.
///
/// # Errors
/// When it cannot begin: another daemon runs, or configuration, books or folders fail.
pub async fn run(file: &Path) -> Result<(), DaemonError> {
    let loaded = config::load(file)?;
    if let Some(day) = loaded.config.demo_ends_on {
        return Err(JobError::refused(BooksRefusal::Demo { ended_on: day }).into());
    }
    let _lock = take_lock(&loaded.config)?;
    let mut signals = Signals::new().map_err(io("listening to signals"))?;
    let mut office = open(&loaded).await?;
    let mut folder = DropFolder::new(&office.inbox);
    folder.make().map_err(io(format!("making {}", office.inbox.display())))?;
    let progress = Arc::new(AtomicI64::new(office.clock.now().timestamp()));
    let watchdog = tokio::spawn(feed_watchdog(office.clock.clone(), Arc::clone(&progress)));
    let mut heart = tokio::spawn(beat(office.clock.clone(), office.heartbeat.clone(), Arc::clone(&progress)));
    let (mut recovered, mut told_of_standstill) = (false, false);
    let mut without_books = WithoutBooks::default();
    notify::ready("reading the inbox");
    tracing::info!(version = env!("CARGO_PKG_VERSION"), business = %office.config.business.name, "settled runs");

    let mut tick = ticks(&office);
    'days: loop {
        let told = tokio::select! {
            biased;
            told = signals.next() => Some(told),
            _ = tick.tick() => None,
        };
        match told {
            Some(Told::Stop) => break,
            Some(Told::Reload) => {
                notify::reloading();
                if let Some(anew) = reload(file, &office).await {
                    office = anew;
                    heart.abort();
                    heart = tokio::spawn(beat(office.clock.clone(), office.heartbeat.clone(), Arc::clone(&progress)));
                    folder = DropFolder::new(&office.inbox);
                    tick = ticks(&office);
                }
                notify::ready("the configuration was read anew");
                continue;
            }
            None => {}
        }
        progress.store(office.clock.now().timestamp(), Ordering::Relaxed);
        let stop = office.stop.clone();
        let worked = {
            let work = work(&mut office, &mut folder, &mut recovered, &mut told_of_standstill);
            tokio::pin!(work);
            loop {
                tokio::select! {
                    worked = &mut work => break worked,
                    told = signals.next() => if told == Told::Stop {
                        stop.cancel();
                        tracing::info!("told to stop; the unit in hand is finished");
                        match timeout(GRACE, work).await {
                            Ok(Ok(_)) => {}
                            Ok(Err(error)) => tracing::error!(error = %in_words(&error), "the last unit failed"),
                            Err(_) => tracing::warn!("the unit in hand takes too long; it is rolled back"),
                        }
                        break 'days;
                    } else {
                        tracing::info!("busy; say it again to have the configuration read anew");
                    },
                }
            }
        };
        match worked {
            Ok(status) => {
                without_books.ends();
                notify::status(&status);
            }
            Err(error) => {
                tracing::error!(error = %in_words(&error), "something failed; it is tried again in a minute");
                notify::status("something failed; see the log");
                without_books.goes_on(&office, &error).await;
                tick.reset_after(REST);
            }
        }
    }
    notify::stopping();
    watchdog.abort();
    heart.abort();
    if let Some(Err(cause)) = office.heartbeat.as_ref().map(|heartbeat| heartbeat.end(office.clock.now())) {
        tracing::warn!(%cause, "nobody can see that the service ended");
    }
    office.store.close().await;
    tracing::info!("settled stops");
    Ok(())
}

/// How long the books may be out of reach before the owner is told by mail: a server that is brought up to date is back by then.
const PATIENCE: chrono::Duration = chrono::Duration::minutes(10);

/// The time in which the books cannot be reached, and nobody can read in them that something is wrong.
#[derive(Debug, Default)]
struct WithoutBooks {
    since: Option<DateTime<Utc>>,
    is_told: bool,
}

impl WithoutBooks {
    /// Another try failed. Tells the owner once, by a mail that needs no books.
    async fn goes_on(&mut self, office: &Office, error: &JobError) {
        let JobError::Store(error @ StoreError::Unusable { .. }) = error else { return };
        let now = office.clock.now();
        let since = *self.since.get_or_insert(now);
        if self.is_told || now - since < PATIENCE {
            return;
        }
        self.is_told = true;
        match mail_standstill(office, &error.words(office.config.owner.language)).await {
            Ok((_, Outcome::Accepted { .. })) => tracing::info!("the owner was told that the books are out of reach"),
            Ok((_, outcome)) => tracing::error!(?outcome, "the owner could not be told"),
            Err(error) => tracing::error!(error = %in_words(&error), "the owner could not be told"),
        }
    }

    /// The work was done.
    fn ends(&mut self) {
        if let Some(since) = std::mem::take(self).since {
            tracing::info!(%since, "the books can be reached again; the work goes on");
        }
    }
}

fn ticks(office: &Office) -> tokio::time::Interval {
    let mut tick = interval(Duration::from_secs(u64::from(office.config.schedule.poll_seconds.max(1))));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick
}

/// Wakes up once. Returns a line on how things are.
async fn work(
    office: &mut Office,
    folder: &mut DropFolder,
    recovered: &mut bool,
    told_of_standstill: &mut bool,
) -> Result<String, JobError> {
    if !hold_lease(office).await? {
        return Ok("another daemon has the day; standing by".to_owned());
    }
    // `settled apply` beside us puts another book into force.
    if let Some((version, ..)) = office.store.version().await? {
        office.version = version;
    }
    if !*recovered && doubt::doubt(office).await?.is_none() {
        let cut_short = recover(office, &office.run("recover")).await?;
        if cut_short > 0 {
            tracing::warn!(letters = cut_short, "letters were cut short by the end of the program");
        }
        *recovered = true;
    }
    let woke = wake(office, folder).await;
    // A letter whose end could not be written down is looked after at the next wake-up.
    *recovered &= woke.is_ok();
    let (state, why) = match woke? {
        Woke::Done => {
            *told_of_standstill = false;
            return Ok(format!("idle since {}", office.clock.now().format("%H:%M UTC")));
        }
        Woke::SafeMode(why) => {
            tracing::error!(why = why.words(Language::En), "safe mode: nothing is done until you have looked");
            ("safe mode: ", why)
        }
        Woke::Doubtful(why) => {
            tracing::error!(why = why.words(Language::En), "nothing is done until you have confirmed the date");
            ("", why)
        }
    };
    if !std::mem::replace(told_of_standstill, true) {
        match mail_standstill(office, &why.words(office.config.owner.language)).await? {
            (_, Outcome::Accepted { .. }) => {}
            (_, outcome) => tracing::error!(?outcome, "the owner could not be told"),
        }
    }
    Ok(format!("{state}{}", why.words(Language::En)))
}

/// On PostgreSQL several daemons may stand by; one holds the lease on the day.
async fn hold_lease(office: &mut Office) -> Result<bool, JobError> {
    if office.config.paths.store.starts_with("sqlite://") {
        return Ok(true);
    }
    let now = office.clock.now();
    match office.store.take_lease(&system::host_and_process(), now, now + LEASE).await? {
        Ok(token) => {
            office.lease = Some(token);
            Ok(true)
        }
        Err(holder) => {
            if office.lease.take().is_some() {
                tracing::warn!(%holder, "another daemon has taken over");
            }
            Ok(false)
        }
    }
}

async fn open(loaded: &Loaded) -> Result<Office, DaemonError> {
    let address = &loaded.config.paths.store;
    if let Some(path) = address.strip_prefix("sqlite://")
        && !files::is_filled(Path::new(path))
    {
        return Err(JobError::refused(BooksRefusal::NoBooksIn { path: path.to_owned() }).into());
    }
    let store = Store::open(address).await?;
    open_on(store, loaded, Observer::log()).await
}

/// Opens an office on books and takes the configuration into force, if the owner's templates, logo and accent come to letters and papers, and
/// the policies fit those who were applied.
async fn open_on(store: Store, loaded: &Loaded, observer: Observer) -> Result<Office, DaemonError> {
    let mail = || transport(&loaded.config);
    let office = Office::look_into(store.clone(), loaded, Clock::System, workers(), mail(), Observer::nobody()).await?;
    let mut mistakes = template_mistakes(loaded, &office.templates, &office.stationery, &office.renderer).await?;
    mistakes.extend(unfit_policies(&office.store, loaded).await?);
    if !mistakes.is_empty() {
        return Err(ConfigError::Mistakes(mistakes).into());
    }
    Ok(Office::open(store, loaded, Clock::System, workers(), mail(), observer).await?)
}

/// Reads the configuration anew; nothing when it has mistakes, or names other books.
async fn reload(file: &Path, office: &Office) -> Option<Office> {
    let anew = async {
        let loaded = config::load(file)?;
        if loaded.config.paths.store != office.config.paths.store {
            return Err(DaemonError::Job(JobError::refused(BooksRefusal::OtherStore {})));
        }
        open_on(office.store.clone(), &loaded, office.observer.clone()).await
    };
    match anew.await {
        Ok(mut anew) => {
            tracing::info!("the configuration was read anew");
            anew.lease = office.lease;
            Some(anew)
        }
        Err(error) => {
            tracing::error!(%error, "the configuration was not taken; the one before stays in force");
            None
        }
    }
}

/// On SQLite a lock beside the books keeps a second daemon away.
fn take_lock(config: &Config) -> Result<Option<Lock>, DaemonError> {
    let Some(path) = config.paths.store.strip_prefix("sqlite://") else { return Ok(None) };
    let file = PathBuf::from(format!("{path}.lock"));
    match lock::take(&file).map_err(io(format!("locking {}", file.display())))? {
        Some(lock) => Ok(Some(lock)),
        None => Err(DaemonError::Running(file)),
    }
}

/// Tells systemd that the daemon lives, as long as it gets on.
async fn feed_watchdog(clock: Clock, progress: Arc<AtomicI64>) {
    let Some(every) = notify::watchdog() else { return };
    let mut tick = interval(every / 2);
    loop {
        tick.tick().await;
        if clock.now().timestamp() - progress.load(Ordering::Relaxed) < STUCK.num_seconds() {
            notify::alive();
        }
    }
}

/// Says that the daemon is at work, as long as it gets on; `settled status` reads it.
async fn beat(clock: Clock, heartbeat: Option<Heartbeat>, progress: Arc<AtomicI64>) {
    let Some(heartbeat) = heartbeat else { return };
    let (mut tick, mut is_silent) = (interval(BEAT), false);
    loop {
        tick.tick().await;
        let now = clock.now();
        if now.timestamp() - progress.load(Ordering::Relaxed) >= STUCK.num_seconds() {
            continue;
        }
        let failed = heartbeat.beat(now).err();
        if let Some(cause) = failed.as_ref().filter(|_| !is_silent) {
            tracing::warn!(%cause, "nobody can see that the service runs");
        }
        is_silent = failed.is_some();
    }
}

/// What a signal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// End.
    Stop,
    /// Read the configuration anew.
    Reload,
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Signals> {
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.terminate.recv() => Told::Stop,
            _ = self.interrupt.recv() => Told::Stop,
            _ = self.hangup.recv() => Told::Reload,
        }
    }
}
