//! A copy of the books to try things on: everything but the bytes of papers and of the book's files, read in one snapshot from either
//! engine, in a SQLite file of its own.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, SqliteConnection};

use super::db::{Db, Tx};
use super::error::StoreError;
use super::open::Store;
use super::registry::{FACTS, JOURNAL, WORKING};

/// How many rows are copied by one statement.
const ROWS: i64 = 10_000;

impl Store {
    /// Makes empty books in a file that nobody else sees: nothing waits for the disk. They refuse whatever the daemon's would.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub async fn scratch(file: &Path) -> Result<Store, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Off)
            .foreign_keys(true)
            .pragma("recursive_triggers", "on")
            .disable_statement_logging();
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("migrations/sqlite").run(&write).await.map_err(StoreError::Migration)?;
        let read = SqlitePoolOptions::new().max_connections(2).connect_with(options.read_only(true)).await?;
        Ok(Store { db: Db::Sqlite { read, write } })
    }

    /// Copies the books into a file of their own.
    ///
    /// # Errors
    /// When either database fails.
    pub async fn fork(&self, file: &Path) -> Result<Store, StoreError> {
        let copy = Store::scratch(file).await?;
        let mut from = self.read().await?;
        let Db::Sqlite { write, .. } = &copy.db else { return Err(StoreError::Damaged("a copy on SQLite".to_owned())) };
        let mut to = write.acquire().await?;
        let triggers: Vec<(String, String)> =
            sqlx::query_as("select name, sql from sqlite_master where type = 'trigger' order by name")
                .fetch_all(&mut *to)
                .await?;
        // The facts were checked when they were written. Only the whole copy knows all that they refer to; `verify` asks the books.
        run(&mut to, "pragma foreign_keys = off".to_owned()).await?;
        for (name, _) in &triggers {
            run(&mut to, format!("drop trigger {name}")).await?;
        }
        for fact in FACTS.into_iter().chain([&JOURNAL]) {
            let order: Vec<&str> = fact.order().collect();
            copy_table(&mut from, &mut to, fact.name, &order.join(", ")).await?;
        }
        for table in WORKING {
            let key = key_of(&mut to, table).await?;
            copy_table(&mut from, &mut to, table, &key).await?;
        }
        for (_, text) in self.configurations().await? {
            let sha256 = crate::journal::sha256(&text);
            sqlx::query("update blob set bytes = ? where sha256 = ?").bind(text).bind(sha256).execute(&mut *to).await?;
        }
        for (_, sql) in triggers {
            run(&mut to, sql).await?;
        }
        run(&mut to, "pragma foreign_keys = on".to_owned()).await?;
        drop(to);
        Ok(copy)
    }
}

/// Copies a table in an order. Of bytes a copy knows the hashes; the bytes themselves are left empty, but those of configurations.
async fn copy_table(from: &mut Tx, to: &mut SqliteConnection, table: &str, order: &str) -> Result<(), StoreError> {
    let columns: Vec<(String, String)> = sqlx::query_as("select name, type from pragma_table_info(?) order by cid")
        .bind(table)
        .fetch_all(&mut *to)
        .await?;
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(", ");
    let values: Vec<String> = columns
        .iter()
        .map(|(name, kind)| if kind == "BLOB" { "x''".to_owned() } else { format!("j.value ->> '{name}'") })
        .collect();
    let insert = format!("insert into {table} ({names}) select {} from json_each(?) j", values.join(", "));
    let mut offset = 0;
    loop {
        let rows = from.rows_as_json(table, &columns, order, offset, ROWS).await?;
        let count = i64::try_from(rows.len()).unwrap_or(ROWS);
        if count > 0 {
            let rows = format!("[{}]", rows.join(","));
            sqlx::query(AssertSqlSafe(insert.clone())).bind(rows).execute(&mut *to).await?;
        }
        if count < ROWS {
            return Ok(());
        }
        offset += count;
    }
}

/// The columns of a table's primary key: its rows in one order.
async fn key_of(to: &mut SqliteConnection, table: &str) -> Result<String, StoreError> {
    let key: Vec<(String,)> = sqlx::query_as("select name from pragma_table_info(?) where pk > 0 order by pk")
        .bind(table)
        .fetch_all(to)
        .await?;
    Ok(key.into_iter().map(|(name,)| name).collect::<Vec<_>>().join(", "))
}

async fn run(to: &mut SqliteConnection, sql: String) -> Result<(), StoreError> {
    sqlx::query(AssertSqlSafe(sql)).execute(to).await?;
    Ok(())
}
