//! One code base on two databases.
//!
//! Statements are written once, in the SQL that both engines understand; one that must differ carries both texts. Values and
//! rows are checked at compile time to work with both native drivers: what only one can bind does not compile.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _};
use sqlx::postgres::{PgArguments, PgPool, PgRow};
use sqlx::sqlite::{SqliteArguments, SqlitePool, SqliteRow};
use sqlx::{
    Arguments, AssertSqlSafe, Column as _, ConnectOptions as _, Encode, FromRow, Postgres, Row as _, Sqlite,
    Transaction, Type,
};

use crate::journal::{Canonical, Field, Kind};

/// A database.
#[derive(Debug, Clone)]
pub enum Db {
    /// SQLite: one connection that writes, a few that read.
    Sqlite {
        /// The readers.
        read: SqlitePool,
        /// The writer.
        write: SqlitePool,
    },
    /// PostgreSQL.
    Postgres(PgPool),
}

/// A transaction.
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// A statement, with a text for each engine.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

impl Sql {
    /// A statement that both engines understand.
    pub const fn both(text: &'static str) -> Sql {
        Sql { sqlite: text, postgres: text }
    }
}

/// Names statements, and lists them so that a test can prepare every one on both engines.
macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(const $name: $crate::shell::store::Sql = $sql;)*
        /// The statements of this file.
        pub(super) const STATEMENTS: &[(&str, $crate::shell::store::Sql)] = &[$((stringify!($name), $name)),*];
    };
}
pub(super) use statements;

/// A value that both drivers can bind.
pub trait Value:
    for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send + 'static
{
}

impl<T> Value for T where
    T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send + 'static
{
}

/// A row that both drivers can decode; `#[derive(sqlx::FromRow)]` gives both at once.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

/// The arguments of a statement: a tuple of values.
pub trait Args: Send {
    /// How many.
    const LEN: usize;
    /// Binds them for SQLite.
    fn sqlite(self, to: &mut SqliteArguments);
    /// Binds them for PostgreSQL.
    fn postgres(self, to: &mut PgArguments);
}

/// A row of facts as it is bound: a tuple of values with canonical forms. The first is the number by which lines of the journal name it.
pub trait FactRow: Args {
    /// What each value is.
    const KINDS: &'static [Kind];

    /// Has its values seen in canonical form.
    fn see<R>(&self, see: impl FnOnce(&mut [Field<'_>]) -> R) -> R;
}

macro_rules! args {
    ($($value:ident)*) => {
        #[allow(non_snake_case, unused_variables, reason = "the names are those of the types")]
        impl<$($value: Value),*> Args for ($($value,)*) {
            const LEN: usize = 0 $(+ { let _ = stringify!($value); 1 })*;

            fn sqlite(self, to: &mut SqliteArguments) {
                let ($($value,)*) = self;
                $(to.add($value).expect("a value that the type allows encodes");)*
            }

            fn postgres(self, to: &mut PgArguments) {
                let ($($value,)*) = self;
                $(to.add($value).expect("a value that the type allows encodes");)*
            }
        }

        #[allow(non_snake_case, reason = "the names are those of the types")]
        impl<$($value: Value + Canonical),*> FactRow for ($($value,)*) {
            const KINDS: &'static [Kind] = &[$($value::KIND),*];

            fn see<R>(&self, see: impl FnOnce(&mut [Field<'_>]) -> R) -> R {
                let ($($value,)*) = self;
                see(&mut [$($value.field()),*])
            }
        }
    };
}

args!();
args!(A);
args!(A B);
args!(A B C);
args!(A B C D);
args!(A B C D E);
args!(A B C D E F);
args!(A B C D E F G);
args!(A B C D E F G H);
args!(A B C D E F G H I);
args!(A B C D E F G H I J);
args!(A B C D E F G H I J K);
args!(A B C D E F G H I J K L);
args!(A B C D E F G H I J K L M);
args!(A B C D E F G H I J K L M N);

/// Reads a row; an error says which it is, by its first column.
fn read<'r, W: sqlx::Row, R: FromRow<'r, W>>(row: &'r W) -> sqlx::Result<R>
where
    usize: sqlx::ColumnIndex<W>,
    i64: sqlx::Decode<'r, W::Database> + Type<W::Database>,
    String: sqlx::Decode<'r, W::Database> + Type<W::Database>,
{
    R::from_row(row).map_err(|error| {
        let sqlx::Error::ColumnDecode { index, source } = error else { return error };
        let (name, key) = (row.column(0).name(), row.try_get::<i64, _>(0).map(|key| key.to_string()));
        let key = key.or_else(|_| row.try_get::<String, _>(0)).ok().filter(|_| index.trim_matches('"') != name);
        let source = match key {
            Some(key) => format!("{source}, where {name} is {key}").into(),
            None => source,
        };
        sqlx::Error::ColumnDecode { index, source }
    })
}

/// A pool that cannot connect says only that it took too long: a connection of its own says why.
async fn because<T>(pool: &PgPool, begun: sqlx::Result<T>) -> sqlx::Result<T> {
    match begun {
        Err(sqlx::Error::PoolTimedOut) => match pool.connect_options().connect().await {
            Err(why) => Err(why),
            Ok(_) => Err(sqlx::Error::PoolTimedOut),
        },
        begun => begun,
    }
}

fn sqlite(args: impl Args) -> SqliteArguments {
    let mut to = SqliteArguments::default();
    args.sqlite(&mut to);
    to
}

fn postgres(args: impl Args) -> PgArguments {
    let mut to = PgArguments::default();
    args.postgres(&mut to);
    to
}

impl Db {
    /// Begins a transaction that writes. On SQLite it takes the write lock at once: upgrading a reader fails when another
    /// wrote in between.
    ///
    /// # Errors
    /// When the database cannot be reached, or is locked too long.
    pub async fn write(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Db::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("begin immediate").await?),
            Db::Postgres(pool) => Tx::Postgres(because(pool, pool.begin().await).await?),
        })
    }

    /// Begins a transaction that reads one snapshot.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn read(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Db::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Db::Postgres(pool) => {
                let begun = pool.begin_with("begin read only isolation level repeatable read").await;
                Tx::Postgres(because(pool, begun).await?)
            }
        })
    }
}

impl Tx {
    /// Executes a statement; returns the number of rows that it changed.
    ///
    /// # Errors
    /// As the database says.
    pub async fn exec(&mut self, sql: Sql, args: impl Args) -> sqlx::Result<u64> {
        Ok(match self {
            Tx::Sqlite(tx) => sqlx::query_with(sql.sqlite, sqlite(args)).execute(&mut **tx).await?.rows_affected(),
            Tx::Postgres(tx) => {
                sqlx::query_with(sql.postgres, postgres(args)).execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// Returns the one row of a query.
    ///
    /// # Errors
    /// As the database says, and when there is no row.
    pub async fn one<R: Record>(&mut self, sql: Sql, args: impl Args) -> sqlx::Result<R> {
        self.maybe(sql, args).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// Returns the first row of a query, if there is one.
    ///
    /// # Errors
    /// As the database says.
    pub async fn maybe<R: Record>(&mut self, sql: Sql, args: impl Args) -> sqlx::Result<Option<R>> {
        match self {
            Tx::Sqlite(tx) => {
                let row = sqlx::query_with(sql.sqlite, sqlite(args)).fetch_optional(&mut **tx).await?;
                row.as_ref().map(read).transpose()
            }
            Tx::Postgres(tx) => {
                let row = sqlx::query_with(sql.postgres, postgres(args)).fetch_optional(&mut **tx).await?;
                row.as_ref().map(read).transpose()
            }
        }
    }

    /// Returns all rows of a query.
    ///
    /// # Errors
    /// As the database says.
    pub async fn all<R: Record>(&mut self, sql: Sql, args: impl Args) -> sqlx::Result<Vec<R>> {
        match self {
            Tx::Sqlite(tx) => {
                let rows = sqlx::query_with(sql.sqlite, sqlite(args)).fetch(&mut **tx);
                rows.map(|row| read(&row?)).try_collect().await
            }
            Tx::Postgres(tx) => {
                let rows = sqlx::query_with(sql.postgres, postgres(args)).fetch(&mut **tx);
                rows.map(|row| read(&row?)).try_collect().await
            }
        }
    }

    /// Inserts many rows by few statements: `insert` ends before `values`.
    ///
    /// # Errors
    /// As the database says.
    pub async fn fill<A: Args>(&mut self, insert: &str, rows: impl IntoIterator<Item = A>) -> sqlx::Result<()> {
        let mut rows = rows.into_iter();
        let most = (2000 / A::LEN).max(1);
        loop {
            let batch: Vec<A> = rows.by_ref().take(most).collect();
            if batch.is_empty() {
                return Ok(());
            }
            // Numbered parameters are looked up one by one on SQLite: 21 times slower.
            let numbered = matches!(self, Tx::Postgres(_));
            let sql = AssertSqlSafe(with_values(insert, batch.len(), A::LEN, numbered)); // constants and placeholders only
            match self {
                Tx::Sqlite(tx) => {
                    let mut to = SqliteArguments::default();
                    batch.into_iter().for_each(|row| row.sqlite(&mut to));
                    sqlx::query_with(sql, to).execute(&mut **tx).await?;
                }
                Tx::Postgres(tx) => {
                    let mut to = PgArguments::default();
                    batch.into_iter().for_each(|row| row.postgres(&mut to));
                    sqlx::query_with(sql, to).execute(&mut **tx).await?;
                }
            }
        }
    }

    /// Returns the number that a query gives.
    pub(super) async fn number(&mut self, sql: String) -> sqlx::Result<i64> {
        let sql = AssertSqlSafe(sql); // names of the schema only
        match self {
            Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await,
            Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await,
        }
    }

    /// Has each row of a query seen as it comes, its values in canonical form; `kinds` are those of its columns.
    ///
    /// # Errors
    /// As the database says.
    pub(super) async fn each_row(
        &mut self,
        sql: String,
        kinds: &[Kind],
        mut see: impl FnMut(&mut [Field<'_>]) + Send,
    ) -> sqlx::Result<()> {
        let sql = AssertSqlSafe(sql); // names of the schema only
        let kinds = kinds.iter().copied().enumerate();
        match self {
            Tx::Sqlite(tx) => {
                let mut rows = sqlx::query(sql).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await? {
                    let fields: sqlx::Result<Vec<Field<'_>>> =
                        kinds.clone().map(|(column, kind)| sqlite_field(&row, column, kind)).collect();
                    see(&mut fields?);
                }
            }
            Tx::Postgres(tx) => {
                let mut rows = sqlx::query(sql).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await? {
                    let fields: sqlx::Result<Vec<Field<'_>>> =
                        kinds.clone().map(|(column, kind)| postgres_field(&row, column, kind)).collect();
                    see(&mut fields?);
                }
            }
        }
        Ok(())
    }

    /// Returns rows of a table as JSON objects, in an order; bytes are left out.
    ///
    /// # Errors
    /// As the database says.
    pub(super) async fn rows_as_json(
        &mut self,
        table: &str,
        columns: &[(String, String)],
        order: &str,
        offset: i64,
        limit: i64,
    ) -> sqlx::Result<Vec<String>> {
        let kept = columns.iter().filter(|(_, kind)| kind != "BLOB");
        let sqlite = matches!(self, Tx::Sqlite(_));
        let function = if sqlite { "json_object" } else { "jsonb_build_object" };
        let pairs: Vec<String> = kept.map(|(name, _)| format!("'{name}', {name}")).collect();
        let text = if sqlite { "" } else { "::text" };
        let sql = AssertSqlSafe(format!(
            "select {function}({}){text} from {table} order by {order} limit {limit} offset {offset}",
            pairs.join(", ")
        )); // names of the schema and numbers only
        let rows: Vec<(String,)> = match self {
            Tx::Sqlite(tx) => sqlx::query_as(sql).fetch_all(&mut **tx).await?,
            Tx::Postgres(tx) => sqlx::query_as(sql).fetch_all(&mut **tx).await?,
        };
        Ok(rows.into_iter().map(|(row,)| row).collect())
    }

    /// Commits.
    ///
    /// # Errors
    /// As the database says; then nothing of the transaction holds.
    pub async fn commit(self) -> sqlx::Result<()> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await,
            Tx::Postgres(tx) => tx.commit().await,
        }
    }
}

/// Reads a value as it lies there: days and instants are text on SQLite, and may be any.
fn sqlite_field(row: &SqliteRow, column: usize, kind: Kind) -> sqlx::Result<Field<'_>> {
    let field = match kind {
        Kind::Number => row.try_get::<Option<i64>, _>(column)?.map(Field::Number),
        Kind::Bytes | Kind::Hashed => {
            row.try_get::<Option<&[u8]>, _>(column)?.map(|bytes| Field::Bytes(Cow::Borrowed(bytes)))
        }
        Kind::Text | Kind::Day | Kind::Instant => {
            // Text that is no UTF-8 is not what was written.
            row.try_get_unchecked::<Option<&[u8]>, _>(column)?.map(|bytes| match std::str::from_utf8(bytes) {
                Ok(text) => Field::Text(Cow::Borrowed(text)),
                Err(_) => Field::Bytes(Cow::Borrowed(bytes)),
            })
        }
    };
    Ok(field.unwrap_or(Field::Absent))
}

fn postgres_field(row: &PgRow, column: usize, kind: Kind) -> sqlx::Result<Field<'_>> {
    let field = match kind {
        Kind::Number => row.try_get::<Option<i64>, _>(column)?.map(Field::Number),
        Kind::Bytes | Kind::Hashed => {
            row.try_get_unchecked::<Option<&[u8]>, _>(column)?.map(|bytes| Field::Bytes(Cow::Borrowed(bytes)))
        }
        Kind::Text => row.try_get::<Option<&str>, _>(column)?.map(|text| Field::Text(Cow::Borrowed(text))),
        Kind::Day => row.try_get::<Option<NaiveDate>, _>(column)?.map(Field::day),
        Kind::Instant => row.try_get::<Option<DateTime<Utc>>, _>(column)?.map(Field::instant),
    };
    Ok(field.unwrap_or(Field::Absent))
}

/// Writes `insert … values (?, ?), (?, ?)`.
fn with_values(insert: &str, rows: usize, columns: usize, numbered: bool) -> String {
    use std::fmt::Write as _;
    let mut sql = String::with_capacity(insert.len() + rows * columns * 6);
    sql.push_str(insert);
    sql.push_str(" values ");
    for row in 0..rows {
        sql.push_str(if row > 0 { ",(" } else { "(" });
        for column in 1..=columns {
            if column > 1 {
                sql.push(',');
            }
            if numbered {
                write!(sql, "${}", row * columns + column).expect("writing to a string");
            } else {
                sql.push('?');
            }
        }
        sql.push(')');
    }
    sql
}
