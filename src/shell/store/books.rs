//! The books themselves: who writes in them when, what was in force, what has run, and the journal.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Mutex;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use super::open::Store;
use super::postings::BatchDigest;
use crate::journal::{Digest, GENESIS, Line};

statements! {
    BOOKS = Sql::both("select books_key from books where id = 1");
    CREATE = Sql::both("insert into books (id, books_key, created_at) values (1, $1, $2)");
    // `begin immediate` has locked SQLite already.
    LOCK = Sql { sqlite: "select id from books", postgres: "select id from books for update" };
    LATEST_VERSION = Sql::both("select id, book_sha256, configuration_sha256 from book_version order by id desc limit 1");
    ADD_VERSION = Sql::both(
        "insert into book_version (id, book_sha256, configuration_sha256, recorded_at) values ($1, $2, $3, $4)");
    VERSION_JOURNALED = Sql::both("select seq from journal where kind = 'book_version' and first_id = $1");
    VERSION = Sql::both("select id, book_sha256, configuration_sha256 from book_version where id = $1");
    NEXT_VERSION_ID = Sql::both("select coalesce(max(id), 0) + 1 from book_version");
    NEXT_RUN_ID = Sql::both("select coalesce(max(id), 0) + 1 from run");
    ADD_RUN = Sql::both(
        "insert into run (id, today, started_at, book_version_id, command, person, program) values ($1, $2, $3, $4, $5, $6, $7)");
    LAST_RUN = Sql::both(
        "select id, today, started_at, book_version_id, command, person, program from run where command = $1 order by id desc limit 1");
    LAST_DAY = Sql::both("select max(today) from run");
    HISTORY = Sql::both("select 1 as one where exists (select 1 from document) or exists (select 1 from statement)");
    LAST_WRITTEN = Sql::both("select started_at from run order by id desc limit 1");
    JOB_DONE = Sql::both("select run_id from job_run where job = $1 and due_on >= $2 order by due_on desc limit 1");
    MARK_JOB = Sql::both("insert into job_run (job, due_on, run_id) values ($1, $2, $3)");
    HEAD = Sql::both("select seq, hash from journal order by seq desc limit 1");
    APPEND = Sql::both(
        "insert into journal (seq, kind, first_id, last_id, digest, hash, recorded_at, run_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8)");
    LINES = Sql::both("select seq, kind, first_id, last_id, digest, hash, recorded_at, run_id from journal where seq > $1 order by seq limit 10000");
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
    pub version: i64,
    /// The token of the lease, where one is held; checked in every write.
    pub lease: Option<i64>,
    /// Its row, once something was written.
    row: Mutex<Option<i64>>,
}

impl Run {
    /// Begins a run; it leaves no row until something is written.
    pub fn new(today: NaiveDate, started_at: DateTime<Utc>, command: &str, person: &str, version: i64) -> Run {
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
    pub fn row(&self) -> Option<i64> {
        *self.row.lock().expect("setting a number does not panic")
    }
}

/// A row of `run`.
#[derive(Debug, Clone, FromRow)]
pub struct RunRow {
    /// Its id.
    pub id: i64,
    /// The civil day.
    pub today: NaiveDate,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The version in force.
    pub book_version_id: i64,
    /// What it was.
    pub command: String,
    /// By whom.
    pub person: String,
    /// By which program.
    pub program: String,
}

/// A row of `journal`.
#[derive(Debug, Clone, FromRow)]
pub struct JournalRow {
    /// Its place.
    pub seq: i64,
    /// What the facts are.
    pub kind: String,
    /// The first id.
    pub first_id: i64,
    /// The last id.
    pub last_id: i64,
    /// The digest over the facts.
    pub digest: String,
    /// The hash of the chain up to here.
    pub hash: String,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
    /// In which run.
    pub run_id: i64,
}

/// A transaction that writes facts: it holds the lock on the books, draws ids, and ends with the lines of the journal.
pub struct Writing<'r> {
    /// The transaction.
    pub tx: Tx,
    run: &'r Run,
    run_id: i64,
    run_is_new: bool,
    now: DateTime<Utc>,
    ids: HashMap<&'static str, i64>,
    lines: Vec<(&'static str, i64, i64, String)>,
    pub(super) batches: BatchDigest,
}

impl Store {
    /// Returns the key of the books, made once at `init`; nothing where there are none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn books_key(&self) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = self.read().await?.maybe(BOOKS, ()).await?;
        Ok(row.map(|(key,)| key))
    }

    /// Makes the books, if there are none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_books(&self, key: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        let known: Option<(String,)> = tx.maybe(BOOKS, ()).await?;
        if known.is_none() {
            tx.exec(CREATE, (key.to_owned(), now)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Returns the version of book and configuration in force: (id, hash of the book, hash of the configuration).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn version(&self) -> Result<Option<(i64, String, String)>, StoreError> {
        Ok(self.read().await?.maybe(LATEST_VERSION, ()).await?)
    }

    /// Records that another configuration is in force, and returns the version; the same one twice is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accept_configuration(&self, text: &str, now: DateTime<Utc>) -> Result<i64, StoreError> {
        let sha256 = crate::journal::sha256(text.as_bytes());
        let mut tx = self.db.write().await?;
        let latest: Option<(i64, String, String)> = tx.maybe(LATEST_VERSION, ()).await?;
        if let Some((id, _, configuration)) = &latest
            && *configuration == sha256
        {
            return Ok(*id);
        }
        tx.keep_blob(&sha256, text.as_bytes()).await?;
        let (id,): (i64,) = tx.one(NEXT_VERSION_ID, ()).await?;
        let book = latest.map_or_else(|| crate::journal::sha256(b""), |(_, book, _)| book);
        tx.exec(ADD_VERSION, (id, book, sha256, now)).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Begins a transaction that writes facts for a run.
    ///
    /// # Errors
    /// When the database fails, or the run's lease was taken by another daemon.
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
        let (run_id, run_is_new) = match run.row() {
            Some(id) => (id, false),
            None => (tx.one::<(i64,)>(NEXT_RUN_ID, ()).await?.0, true),
        };
        if run_is_new {
            let (command, person, program) = (run.command.clone(), run.person.clone(), run.program.clone());
            tx.exec(ADD_RUN, (run_id, run.today, run.started_at, run.version, command, person, program)).await?;
        }
        let batches = BatchDigest::default();
        let mut writing = Writing { tx, run, run_id, run_is_new, now, ids: HashMap::new(), lines: Vec::new(), batches };
        if run_is_new {
            writing.journal_version(run.version).await?;
        }
        Ok(writing)
    }

    /// Tells whether a job has run for a day or a later one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn job_done(&self, job: &str, due_on: NaiveDate) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = self.read().await?.maybe(JOB_DONE, (job.to_owned(), due_on)).await?;
        Ok(row.is_some())
    }

    /// Returns the last run of a command.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_run(&self, command: &str) -> Result<Option<RunRow>, StoreError> {
        Ok(self.read().await?.maybe(LAST_RUN, (command.to_owned(),)).await?)
    }

    /// Returns the latest civil day that anything was written on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_day(&self) -> Result<Option<NaiveDate>, StoreError> {
        let (day,): (Option<NaiveDate>,) = self.read().await?.one(LAST_DAY, ()).await?;
        Ok(day)
    }

    /// Tells whether anything was ever issued or booked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_history(&self) -> Result<bool, StoreError> {
        let row: Option<(i32,)> = self.read().await?.maybe(HISTORY, ()).await?;
        Ok(row.is_some())
    }

    /// Returns when the last run that wrote anything began.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_written(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let row: Option<(DateTime<Utc>,)> = self.read().await?.maybe(LAST_WRITTEN, ()).await?;
        Ok(row.map(|(at,)| at))
    }

    /// Returns the head of the journal: its last line and hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn journal_head(&self) -> Result<(i64, String), StoreError> {
        let head: Option<(i64, String)> = self.read().await?.maybe(HEAD, ()).await?;
        Ok(head.unwrap_or((0, GENESIS.to_owned())))
    }

    /// Takes or renews the lease on the day until an instant (PostgreSQL, where several daemons may stand by). Returns its token,
    /// or who holds it.
    ///
    /// # Errors
    /// When the database fails.
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
    pub fn run_id(&self) -> i64 {
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

    /// Draws the next id of a table; `next` asks for the first one.
    pub(super) async fn draw(&mut self, table: &'static str, next: Sql) -> Result<i64, StoreError> {
        Ok(self.draw_many(table, next, 1).await?.start)
    }

    /// Draws the next ids of a table.
    pub(super) async fn draw_many(
        &mut self,
        table: &'static str,
        next: Sql,
        count: usize,
    ) -> Result<Range<i64>, StoreError> {
        let first = match self.ids.get(table) {
            Some(last) => last + 1,
            None => self.tx.one::<(i64,)>(next, ()).await?.0,
        };
        let behind = first + i64::try_from(count).unwrap_or(i64::MAX);
        self.ids.insert(table, behind - 1);
        Ok(first..behind)
    }

    /// Notes a line for the journal; it is written when the transaction ends.
    pub(super) fn journal(&mut self, kind: &'static str, id: i64, digest: Digest) {
        self.lines.push((kind, id, id, digest.end()));
    }

    /// Journals the version in force, unless that was done: a configuration is accepted before there is a run to name.
    async fn journal_version(&mut self, version: i64) -> Result<(), StoreError> {
        let known: Option<(i64,)> = self.tx.maybe(VERSION_JOURNALED, (version,)).await?;
        if known.is_none() {
            let row: (i64, String, String) = self.tx.one(VERSION, (version,)).await?;
            self.journal("book_version", version, digest_version(&row));
        }
        Ok(())
    }

    /// Marks a job as done for a day.
    ///
    /// # Errors
    /// When it is marked already.
    pub async fn mark_job(&mut self, job: &str, due_on: NaiveDate) -> Result<(), StoreError> {
        self.tx.exec(MARK_JOB, (job.to_owned(), due_on, self.run_id)).await?;
        Ok(())
    }

    /// Records a new version of the book; its entries are written with it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_version(&mut self, book_sha256: &str) -> Result<i64, StoreError> {
        let latest: Option<(i64, String, String)> = self.tx.maybe(LATEST_VERSION, ()).await?;
        let (_, _, configuration) =
            latest.ok_or_else(|| StoreError::Damaged("no version of the configuration".to_owned()))?;
        let id = self.draw("book_version", NEXT_VERSION_ID).await?;
        let row = (id, book_sha256.to_owned(), configuration);
        self.journal("book_version", id, digest_version(&row));
        let (id, book, configuration) = row;
        self.tx.exec(ADD_VERSION, (id, book, configuration, self.now)).await?;
        Ok(id)
    }

    /// Appends the lines of the journal and commits.
    ///
    /// # Errors
    /// As the database says; then nothing of the transaction holds, and the run may try again.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        if let Some((first, last, digest)) = std::mem::take(&mut self.batches).end() {
            self.lines.push(("batch", first, last, digest));
        }
        let head: Option<(i64, String)> = self.tx.maybe(HEAD, ()).await?;
        let (mut seq, mut hash) = head.unwrap_or((0, GENESIS.to_owned()));
        for (kind, first_id, last_id, digest) in std::mem::take(&mut self.lines) {
            seq += 1;
            let line = Line { seq, kind, first_id, last_id, digest, recorded_at: self.now };
            hash = line.hash(&hash);
            let row = (seq, kind.to_owned(), first_id, last_id, line.digest, hash.clone(), self.now, self.run_id);
            self.tx.exec(APPEND, row).await?;
        }
        self.tx.commit().await?;
        if self.run_is_new {
            *self.run.row.lock().expect("setting a number does not panic") = Some(self.run_id);
        }
        Ok(())
    }
}

impl Tx {
    /// Returns the digest of a version of book and configuration, as it was journaled.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn digest_version(&mut self, version: i64) -> Result<Option<String>, StoreError> {
        let row: Option<(i64, String, String)> = self.maybe(VERSION, (version,)).await?;
        Ok(row.map(|row| digest_version(&row).end()))
    }

    /// Returns lines of the journal behind a place, at most ten thousand.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn journal_lines(&mut self, after: i64) -> Result<Vec<JournalRow>, StoreError> {
        Ok(self.all(LINES, (after,)).await?)
    }
}

/// Digests a version: its id, the hash of the book, the hash of the configuration.
fn digest_version((id, book, configuration): &(i64, String, String)) -> Digest {
    Digest::new().number(*id).text(book).text(configuration)
}
