//! Adding facts, and reading them back as they were written. All go in through [`Adding::add`], which digests what it binds; each transaction
//! ends with one line of the journal for each table of the registry that it added to. A line names rows by the first column of their table:
//! their own `id`, or the id of what they hang on and were written with. So the line alone selects exactly the rows that it covers.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Utc};

use super::db::{FactRow, Sql, Tx, statements};
use super::error::StoreError;
use super::registry::{BLOB, FACTS, Fact, JOURNAL};
use crate::id::{BlobId, RunId};
use crate::journal::{Canonical as _, Digest, Field, GENESIS, Kind, Line, Span};

statements! {
    HEAD = Sql::both("select seq, hash from journal order by seq desc limit 1");
    SPANS = Sql::both("select seq, first_id, last_id, digest from journal where fact = $1 order by first_id");
    BLOB_KNOWN = Sql::both("select id from blob where sha256 = $1");
}

/// What a transaction has added to a table since its last line.
struct Added {
    first: i64,
    last: i64,
    digest: Digest,
}

/// The facts that a transaction adds.
#[derive(Default)]
pub(super) struct Adding {
    ids: BTreeMap<&'static str, i64>,
    added: BTreeMap<&'static str, Added>,
}

impl Adding {
    /// Draws the next ids of a table.
    pub(super) async fn draw(
        &mut self,
        tx: &mut Tx,
        table: &'static str,
        count: usize,
    ) -> Result<Range<i64>, StoreError> {
        let last = match self.ids.get(table) {
            Some(last) => *last,
            None => tx.last_id(table).await?,
        };
        let count =
            i64::try_from(count).map_err(|_| StoreError::Damaged(format!("more new rows of {table} than ids")))?;
        self.ids.insert(table, last + count);
        Ok(last + 1..last + 1 + count)
    }

    /// Adds rows of a fact: the one way in. They come in their order, behind those that are there.
    ///
    /// # Errors
    /// When a rule of the schema refuses one.
    pub(super) async fn add<R: FactRow>(
        &mut self,
        tx: &mut Tx,
        fact: &'static Fact,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<(), StoreError> {
        debug_assert!(fact.takes(R::KINDS), "a row of {} has other columns", fact.name);
        let added = &mut self.added;
        let rows = rows.into_iter().inspect(|row| row.see(|fields| note(added, fact, fields)));
        Ok(tx.fill(&fact.insert(), rows).await?)
    }

    /// Keeps bytes by their hash; the same bytes twice are one.
    pub(super) async fn keep_blob(&mut self, tx: &mut Tx, bytes: &[u8]) -> Result<String, StoreError> {
        let sha256 = crate::journal::sha256(bytes);
        let known: Option<(BlobId,)> = tx.maybe(BLOB_KNOWN, (sha256.clone(),)).await?;
        if known.is_none() {
            let id: BlobId = self.draw(tx, BLOB.name, 1).await?.start.into();
            self.add(tx, &BLOB, [(id, sha256.clone(), bytes.to_vec())]).await?;
        }
        Ok(sha256)
    }

    /// Appends the lines of what was added since the last time.
    ///
    /// # Errors
    /// As the database says; two writers at once are told apart by the place in the chain.
    pub(super) async fn seal(&mut self, tx: &mut Tx, now: DateTime<Utc>, run: Option<RunId>) -> Result<(), StoreError> {
        if self.added.is_empty() {
            return Ok(());
        }
        let (mut seq, mut hash) = tx.head().await?;
        let mut rows = Vec::with_capacity(self.added.len());
        for fact in FACTS {
            let Some(Added { first, last, digest }) = self.added.remove(fact.name) else { continue };
            seq += 1;
            let Field::Text(recorded_at) = now.field() else { unreachable!("an instant is written as text") };
            let line = Line {
                seq,
                fact: fact.name.to_owned(),
                first_id: first,
                last_id: last,
                digest: digest.end(),
                recorded_at: recorded_at.into_owned(),
                run_id: run.map(RunId::get),
            };
            hash = line.hash(&hash);
            rows.push((seq, line.fact, first, last, line.digest, now, run, hash.clone()));
        }
        Ok(tx.fill(&JOURNAL.insert(), rows).await?)
    }
}

/// Digests a row that is about to be added.
fn note(added: &mut BTreeMap<&'static str, Added>, fact: &'static Fact, fields: &mut [Field<'_>]) {
    let Some(Field::Number(number)) = fields.first() else { unreachable!("{} is named by a number", fact.name) };
    let number = *number;
    let added =
        added.entry(fact.name).or_insert_with(|| Added { first: number, last: number - 1, digest: Digest::new() });
    let step = number - added.last;
    debug_assert!(if fact.is_numbered() { step == 1 } else { step >= 0 }, "{} {number} comes out of order", fact.name);
    added.last = number;
    for (field, (_, kind)) in fields.iter_mut().zip(fact.columns) {
        if *kind == Kind::Hashed {
            *field = Field::Absent;
        }
    }
    added.digest.row(fields);
}

impl Tx {
    /// Returns the head of the journal: its last line and hash.
    pub(super) async fn head(&mut self) -> Result<(i64, String), StoreError> {
        let head: Option<(i64, String)> = self.maybe(HEAD, ()).await?;
        Ok(head.unwrap_or((0, GENESIS.to_owned())))
    }

    /// Returns the last id of a table, 0 where it has no row.
    pub async fn last_id(&mut self, table: &'static str) -> Result<i64, StoreError> {
        Ok(self.number(format!("select coalesce(max(id), 0) from {table}")).await?)
    }

    /// Has every row of a fact seen, in order: its number, and its values in canonical form.
    ///
    /// # Errors
    /// When the columns are not those of the registry. A value that cannot be is seen as it is.
    pub async fn each_fact(
        &mut self,
        fact: &Fact,
        mut see: impl FnMut(i64, &[Field<'_>]) + Send,
    ) -> Result<(), StoreError> {
        let kinds: Vec<Kind> = fact.columns.iter().map(|(_, kind)| *kind).collect();
        self.each_row(fact.select(), &kinds, |fields| {
            let Some(Field::Number(number)) = fields.first() else {
                unreachable!("{} is named by a number", fact.name)
            };
            see(*number, fields);
        })
        .await?;
        Ok(())
    }

    /// Returns what the journal says of a fact, in the order of its numbers.
    pub async fn spans_of(&mut self, fact: &Fact) -> Result<Vec<Span>, StoreError> {
        let rows: Vec<(i64, i64, i64, String)> = self.all(SPANS, (fact.name.to_owned(),)).await?;
        Ok(rows.into_iter().map(|(seq, first, last, digest)| Span { seq, first, last, digest }).collect())
    }
}
