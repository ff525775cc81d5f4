//! Opening the books: connecting, and bringing the schema up to date.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor as _};

use super::db::{Db, Tx};
use super::error::StoreError;

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
            return Store::open_sqlite(Path::new(path)).await;
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Store::open_postgres(address).await;
        }
        Err(StoreError::Address(address.to_owned()))
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
        let one = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE * 2);
        let write = one.connect_with(options.clone()).await?;
        sqlx::migrate!("migrations/sqlite").run(&write).await.map_err(because)?;
        let few = SqlitePoolOptions::new().max_connections(4).min_connections(0).idle_timeout(Duration::from_secs(60));
        let read = few.connect_with(options.read_only(true)).await?;
        Ok(Store { db: Db::Sqlite { read, write } })
    }

    async fn open_postgres(address: &str) -> Result<Store, StoreError> {
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
            .connect(address)
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

#[expect(clippy::wildcard_enum_match_arm, reason = "all else that the driver says stops the migration alike")]
fn because(error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(version) => StoreError::Newer(version),
        MigrateError::VersionMismatch(version) => StoreError::Changed(version),
        other => StoreError::Migration(other),
    }
}
