//! Opening the books: connecting, and bringing the schema up to date.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

use super::db::{Db, Tx};
use super::error::StoreError;
use super::trouble::Trouble;

/// The books.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) db: Db,
}

/// How long a writer waits for another.
const PATIENCE: Duration = Duration::from_secs(30);

impl Store {
    /// Opens the books at an address (`sqlite:///path`, `postgres://…`), making them if there are none, and brings the schema
    /// up to date.
    ///
    /// # Errors
    /// When the database cannot be reached, or was written by a newer program.
    pub async fn open(address: &str) -> Result<Store, StoreError> {
        if let Some(path) = address.strip_prefix("sqlite://") {
            return Store::open_sqlite(Path::new(path)).await.map_err(|error| error.at(path));
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let options: PgConnectOptions = address.parse().map_err(|_| StoreError::Address(unnamed(address)))?;
            let (host, port, user) = (options.get_host(), options.get_port(), options.get_username());
            let place = format!("{user}@{host}:{port}/{}", options.get_database().unwrap_or(user));
            return Store::open_postgres(options).await.map_err(|error| error.at(&place));
        }
        Err(StoreError::Address(unnamed(address)))
    }

    async fn open_sqlite(path: &Path) -> Result<Store, StoreError> {
        // FULL, because a mail that was sent must not be forgotten when the power fails.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("recursive_triggers", "on")
            // In KiB. With SQLite's own 2 MiB a bank file of some size would be written to the log several times over.
            .pragma("cache_size", "-32768")
            .pragma("wal_autocheckpoint", "8000")
            .row_buffer_size(1000)
            .busy_timeout(PATIENCE)
            .disable_statement_logging();
        // On a full disk SQLite rolls back by itself; the connection would count that transaction as open for ever, and begin no other.
        let pool = || {
            SqlitePoolOptions::new()
                .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        };
        let one = pool().max_connections(1).acquire_timeout(PATIENCE * 2);
        let write = one.connect_with(options.clone()).await?;
        let tables = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'";
        is_ours(&sqlx::query_scalar(tables).fetch_all(&write).await?)?;
        sqlx::migrate!("migrations/sqlite").run(&write).await.map_err(because)?;
        let few = pool().max_connections(4).min_connections(0).idle_timeout(Duration::from_secs(60));
        let read = few.connect_with(options.read_only(true)).await?;
        Ok(Store { db: Db::Sqlite { read, write } })
    }

    async fn open_postgres(options: PgConnectOptions) -> Result<Store, StoreError> {
        // The pool would try again and again, and then only say that it took too long.
        let mut first = options.connect().await?;
        let tables = "select tablename::text from pg_tables where schemaname = current_schema()";
        is_ours(&sqlx::query_scalar(tables).fetch_all(&mut first).await?)?;
        first.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(PATIENCE)
            // A `begin` that was dropped while it was sent leaves its connection inside a transaction (sqlx 0.9.0).
            .after_release(|connection, _| {
                Box::pin(async move {
                    connection.execute("rollback").await?;
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        sqlx::migrate!("migrations/postgres").run(&pool).await.map_err(because)?;
        Ok(Store { db: Db::Postgres(pool) })
    }

    /// Begins a transaction that reads one snapshot.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(self.db.read().await?)
    }

    /// Returns the database itself, for tests of the schema.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Closes all connections; on SQLite the write-ahead log is merged.
    pub async fn close(self) {
        match self.db {
            Db::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

/// Objects to the tables of another program: ours would be made among them.
fn is_ours(tables: &[String]) -> Result<(), StoreError> {
    // What the migrations are known by is made before the first of them.
    let mut others = tables.iter().filter(|table| *table != "_sqlx_migrations");
    if others.next().is_none() || tables.iter().any(|table| table == "books") {
        return Ok(());
    }
    Err(StoreError::Unusable { trouble: Trouble::Foreign, at: None, cause: None })
}

/// An address without what may be a password.
fn unnamed(address: &str) -> String {
    match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((engine, _)), Some((_, place))) => format!("{engine}://…@{place}"),
        _ => address.to_owned(),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all else that the driver says stops the migration alike")]
fn because(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) if Trouble::of(&cause).is_some() => {
            cause.into()
        }
        MigrateError::VersionMissing(version) => StoreError::Newer(version),
        MigrateError::VersionMismatch(version) => StoreError::Changed(version),
        other => StoreError::Migration(other),
    }
}
