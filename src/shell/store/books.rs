//! The books themselves: who writes in them when, what was in force, what has run, and the journal.

use std::iter::Map;
use std::ops::Range;
use std::sync::Mutex;

use chrono::{DateTime, NaiveDate, Utc};

use super::db::{FactRow, Sql, Tx, statements};
use super::error::StoreError;
use super::facts::Adding;
use super::open::Store;
use super::registry::{self, Fact};
use crate::id::{BookVersionId, RunId};
use crate::journal::sha256;

statements! {
    BOOKS = Sql::both("select books_key from books where id = 1");
    // `begin immediate` has locked SQLite already.
    LOCK = Sql { sqlite: "select id from books", postgres: "select id from books for update" };
    LATEST_VERSION = Sql::both("select id, book_sha256, configuration_sha256 from book_version order by id desc limit 1");
    CONFIGURATIONS = Sql::both(
        "select v.recorded_at, b.bytes from book_version v join blob b on b.sha256 = v.configuration_sha256 order by v.id desc");
    LAST_DAY = Sql::both("select max(today) from run");
    HISTORY = Sql::both("select 1 as one where exists (select 1 from document) or exists (select 1 from statement)");
    LAST_WRITTEN = Sql::both("select started_at from run order by id desc limit 1");
    JOB_DONE = Sql::both("select run_id from job_run where job = $1 and due_on >= $2 order by due_on desc limit 1");
    LEASE = Sql::both("select token, holder, until_at from lease where name = 'day'");
    TAKE_LEASE = Sql::both(
        "insert into lease (name, holder, token, until_at) values ('day', $1, $2, $3)
         on conflict (name) do update set holder = $1, token = $2, until_at = $3");
}

/// One wake-up of the daemon, one pass of the sender, or one command; every fact that is written in it names it.
#[derive(Debug)]
pub struct Run {
    /// The civil day, fixed for the whole run.
    pub today: NaiveDate,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// What it is: `run`, `send`, `assign P-1 RE-2026-0001`.
    pub command: String,
    /// The system's user.
    pub person: String,
    /// The program's version.
    pub program: String,
    /// The version of book and configuration in force.
    pub version: BookVersionId,
    /// The token of the lease, where one is held; checked in every write.
    pub lease: Option<i64>,
    /// Its row, once something was written.
    row: Mutex<Option<RunId>>,
}

impl Run {
    /// Begins a run; it leaves no row until something is written.
    pub fn new(
        today: NaiveDate,
        started_at: DateTime<Utc>,
        command: &str,
        person: &str,
        version: BookVersionId,
    ) -> Run {
        Run {
            today,
            started_at,
            command: command.to_owned(),
            person: person.to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            version,
            lease: None,
            row: Mutex::new(None),
        }
    }

    /// Returns its row, if something was written.
    pub fn row(&self) -> Option<RunId> {
        *self.row.lock().expect("setting a number does not panic")
    }
}

/// A transaction that writes facts: it holds the lock on the books, draws ids, and ends with the lines of the journal.
pub struct Writing<'r> {
    /// The transaction.
    pub tx: Tx,
    run: &'r Run,
    run_id: RunId,
    run_is_new: bool,
    now: DateTime<Utc>,
    adding: Adding,
}

impl Store {
    /// Returns the key of the books, made once at `init`; nothing where there are none.
    pub async fn books_key(&self) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = self.read().await?.maybe(BOOKS, ()).await?;
        Ok(row.map(|(key,)| key))
    }

    /// Makes the books, if there are none.
    pub async fn create_books(&self, key: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        let known: Option<(String,)> = tx.maybe(BOOKS, ()).await?;
        if known.is_none() {
            let mut adding = Adding::default();
            adding.add(&mut tx, &registry::BOOKS, [(1, key.to_owned(), now)]).await?;
            adding.seal(&mut tx, now, None).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Returns the version of book and configuration in force: (id, hash of the book, hash of the configuration).
    pub async fn version(&self) -> Result<Option<(BookVersionId, String, String)>, StoreError> {
        Ok(self.read().await?.maybe(LATEST_VERSION, ()).await?)
    }

    /// Returns all configurations that came into force, the newest first: when, and its text.
    pub async fn configurations(&self) -> Result<Vec<(DateTime<Utc>, Vec<u8>)>, StoreError> {
        Ok(self.read().await?.all(CONFIGURATIONS, ()).await?)
    }

    /// Records that another configuration is in force, and returns the version; the same one twice is one.
    pub async fn accept_configuration(&self, text: &str, now: DateTime<Utc>) -> Result<BookVersionId, StoreError> {
        let mut tx = self.db.write().await?;
        let _: Vec<(i64,)> = tx.all(LOCK, ()).await?;
        let latest: Option<(BookVersionId, String, String)> = tx.maybe(LATEST_VERSION, ()).await?;
        if let Some((id, _, configuration)) = &latest
            && *configuration == sha256(text.as_bytes())
        {
            return Ok(*id);
        }
        let mut adding = Adding::default();
        let configuration = adding.keep_blob(&mut tx, text.as_bytes()).await?;
        let id: BookVersionId = adding.draw(&mut tx, registry::BOOK_VERSION.name, 1).await?.start.into();
        let book = latest.map_or_else(|| sha256(b""), |(_, book, _)| book);
        adding.add(&mut tx, &registry::BOOK_VERSION, [(id, book, configuration, now)]).await?;
        // A run names the version that is in force; there is none yet that could be named here.
        adding.seal(&mut tx, now, None).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Begins a transaction that writes facts for a run.
    ///
    /// # Errors
    /// When the run's lease was taken by another daemon.
    pub async fn write<'r>(&self, run: &'r Run, now: DateTime<Utc>) -> Result<Writing<'r>, StoreError> {
        let mut tx = self.db.write().await?;
        let _: Vec<(i64,)> = tx.all(LOCK, ()).await?;
        if let Some(token) = run.lease {
            let held: Option<(i64, String, DateTime<Utc>)> = tx.maybe(LEASE, ()).await?;
            if held.is_none_or(|(current, ..)| current != token) {
                let sentence = "another daemon has taken over the day";
                return Err(StoreError::Refused { rule: "lease".to_owned(), sentence });
            }
        }
        let mut adding = Adding::default();
        let (run_id, run_is_new) = match run.row() {
            Some(id) => (id, false),
            None => {
                let id: RunId = adding.draw(&mut tx, registry::RUN.name, 1).await?.start.into();
                let (command, person, program) = (run.command.clone(), run.person.clone(), run.program.clone());
                let row = (id, run.today, run.started_at, run.version, command, person, program);
                adding.add(&mut tx, &registry::RUN, [row]).await?;
                (id, true)
            }
        };
        Ok(Writing { tx, run, run_id, run_is_new, now, adding })
    }

    /// Tells whether a job has run for a day or a later one.
    pub async fn job_done(&self, job: &str, due_on: NaiveDate) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = self.read().await?.maybe(JOB_DONE, (job.to_owned(), due_on)).await?;
        Ok(row.is_some())
    }

    /// Returns the latest civil day that anything was written on.
    pub async fn last_day(&self) -> Result<Option<NaiveDate>, StoreError> {
        let (day,): (Option<NaiveDate>,) = self.read().await?.one(LAST_DAY, ()).await?;
        Ok(day)
    }

    /// Tells whether anything was ever issued or booked.
    pub async fn has_history(&self) -> Result<bool, StoreError> {
        let row: Option<(i32,)> = self.read().await?.maybe(HISTORY, ()).await?;
        Ok(row.is_some())
    }

    /// Returns when the last run that wrote anything began.
    pub async fn last_written(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let row: Option<(DateTime<Utc>,)> = self.read().await?.maybe(LAST_WRITTEN, ()).await?;
        Ok(row.map(|(at,)| at))
    }

    /// Returns the head of the journal: its last line and hash.
    pub async fn journal_head(&self) -> Result<(i64, String), StoreError> {
        self.read().await?.head().await
    }

    /// Returns until when some daemon holds the lease on the day; nothing where none ever did (SQLite needs none).
    pub async fn lease_until(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let held: Option<(i64, String, DateTime<Utc>)> = self.read().await?.maybe(LEASE, ()).await?;
        Ok(held.map(|(_, _, until_at)| until_at))
    }

    /// Takes or renews the lease on the day until an instant (PostgreSQL, where several daemons may stand by). Returns its token,
    /// or who holds it.
    pub async fn take_lease(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Result<i64, String>, StoreError> {
        let mut tx = self.db.write().await?;
        let _: Vec<(i64,)> = tx.all(LOCK, ()).await?;
        let held: Option<(i64, String, DateTime<Utc>)> = tx.maybe(LEASE, ()).await?;
        let token = match held {
            None => 1,
            Some((token, ref owner, _)) if owner == holder => token,
            Some((token, _, until_at)) if until_at < now => token + 1,
            Some((_, owner, _)) => return Ok(Err(owner)),
        };
        tx.exec(TAKE_LEASE, (holder.to_owned(), token, until)).await?;
        tx.commit().await?;
        Ok(Ok(token))
    }
}

impl Writing<'_> {
    /// Returns the run that everything written here names.
    pub fn run_id(&self) -> RunId {
        self.run_id
    }

    /// Returns the civil day of the run.
    pub fn today(&self) -> NaiveDate {
        self.run.today
    }

    /// Returns the instant of this transaction.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Draws the next id of a table.
    pub(super) async fn draw<I: From<i64>>(&mut self, table: &'static str) -> Result<I, StoreError> {
        Ok(self.adding.draw(&mut self.tx, table, 1).await?.start.into())
    }

    /// Draws the next ids of a table.
    pub(super) async fn draw_many<I: From<i64>>(
        &mut self,
        table: &'static str,
        count: usize,
    ) -> Result<Map<Range<i64>, fn(i64) -> I>, StoreError> {
        Ok(self.adding.draw(&mut self.tx, table, count).await?.map(I::from as fn(i64) -> I))
    }

    /// Adds rows of a fact, in their order; the journal's line on them is written when the transaction ends.
    pub(super) async fn add<R: FactRow>(
        &mut self,
        fact: &'static Fact,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<(), StoreError> {
        self.adding.add(&mut self.tx, fact, rows).await
    }

    /// Keeps bytes by their hash, which it returns; the same bytes twice are one.
    pub(super) async fn keep_blob(&mut self, bytes: &[u8]) -> Result<String, StoreError> {
        self.adding.keep_blob(&mut self.tx, bytes).await
    }

    /// Keeps the bytes of a file that is named by its hash.
    pub async fn keep(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.keep_blob(bytes).await.map(|_| ())
    }

    /// Marks a job as done for a day.
    ///
    /// # Errors
    /// When it is marked already.
    pub async fn mark_job(&mut self, job: &str, due_on: NaiveDate) -> Result<(), StoreError> {
        let id = self.draw::<i64>(registry::JOB_RUN.name).await?;
        let row = (id, job.to_owned(), due_on, self.run_id);
        self.add(&registry::JOB_RUN, [row]).await
    }

    /// Records a new version of the book; its entries are written with it.
    pub async fn add_version(&mut self, book_sha256: &str) -> Result<BookVersionId, StoreError> {
        let latest: Option<(BookVersionId, String, String)> = self.tx.maybe(LATEST_VERSION, ()).await?;
        let (_, _, configuration) =
            latest.ok_or_else(|| StoreError::Damaged("no version of the configuration".to_owned()))?;
        let id: BookVersionId = self.draw(registry::BOOK_VERSION.name).await?;
        let row = (id, book_sha256.to_owned(), configuration, self.now);
        self.add(&registry::BOOK_VERSION, [row]).await?;
        Ok(id)
    }

    /// Appends the lines of the journal on what was added so far; then the books can be proved before anything is committed.
    ///
    /// # Errors
    /// When another writer was faster.
    pub async fn seal(&mut self) -> Result<(), StoreError> {
        self.adding.seal(&mut self.tx, self.now, Some(self.run_id)).await
    }

    /// Appends the lines of the journal and commits.
    ///
    /// # Errors
    /// As the database says; then nothing of the transaction holds, and the run may try again.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.seal().await?;
        self.tx.commit().await?;
        if self.run_is_new {
            *self.run.row.lock().expect("setting a number does not panic") = Some(self.run_id);
        }
        Ok(())
    }
}
