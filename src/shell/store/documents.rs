//! Documents: what has a number and goes to a customer; their bytes, periods, links, and the counters of the series.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::books::Writing;
use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use crate::invoice::DocumentKind;
use crate::journal::{Digest, sha256};

statements! {
    KEEP_BLOB = Sql::both("insert into blob (sha256, bytes) values ($1, $2)");
    BLOB_KNOWN = Sql::both("select sha256 from blob where sha256 = $1");
    BLOB = Sql::both("select bytes from blob where sha256 = $1");
    COUNTER = Sql::both("select last from counter where series = $1 and number_period = $2");
    MOVE_COUNTER = Sql::both("update counter set last = $4 where series = $1 and number_period = $2 and last = $3");
    BEGIN_COUNTER = Sql::both("insert into counter (series, number_period, last) values ($1, $2, $3)");
    COUNTERS = Sql::both("select series, number_period, last from counter order by series, number_period");
    NEXT_DOCUMENT_ID = Sql::both("select coalesce(max(id), 0) + 1 from document");
    ADD_DOCUMENT = Sql::both(
        "insert into document (id, kind, customer_id, number, series, number_period, sequence, issued_on, currency, gross, model, run_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    ADD_FILE = Sql::both("insert into document_file (document_id, name, sha256) values ($1, $2, $3)");
    FILES = Sql::both("select document_id, name, sha256 from document_file where document_id = $1 order by name");
    ADD_LINK = Sql::both("insert into document_link (from_id, to_id, kind) values ($1, $2, $3)");
    DOCUMENT = Sql::both(
        "select id, kind, customer_id, number, series, number_period, sequence, issued_on, currency, gross, model, run_id
         from document where id = $1");
    DOCUMENT_BY_NUMBER = Sql::both(
        "select id, kind, customer_id, number, series, number_period, sequence, issued_on, currency, gross, model, run_id
         from document where number = $1");
    ADD_PERIOD = Sql::both(
        "insert into contract_period (contract_id, starts_on, revision, ends_on, document_id) values ($1, $2, $3, $4, $5)");
    PERIODS = Sql::both(
        "select contract_id, starts_on, revision, ends_on, document_id from contract_period where contract_id = $1 order by starts_on, revision");
    PERIODS_OF_DOCUMENT = Sql::both(
        "select contract_id, starts_on, revision, ends_on, document_id from contract_period where document_id = $1 order by contract_id, starts_on");
}

/// A document to be stored.
#[derive(Debug, Clone)]
pub struct NewDocument {
    /// What it is.
    pub kind: &'static str,
    /// Whose.
    pub customer: i64,
    /// Its number.
    pub number: String,
    /// Series, reset period and sequence; nothing for what was taken over.
    pub series: Option<(String, String, i64)>,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// Its currency.
    pub currency: String,
    /// The amount in minor units; negative for what lowers the debt.
    pub gross: i64,
    /// The document itself, as canonical JSON.
    pub model: String,
    /// Its files: name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

/// A row of `document`.
#[derive(Debug, Clone, FromRow)]
pub struct DocumentRow {
    /// Its id.
    pub id: i64,
    /// What it is.
    pub kind: String,
    /// Whose.
    pub customer_id: i64,
    /// Its number.
    pub number: String,
    /// Its series.
    pub series: Option<String>,
    /// The series' reset period.
    pub number_period: Option<String>,
    /// Its place in the series.
    pub sequence: Option<i64>,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// Its currency.
    pub currency: String,
    /// The amount in minor units.
    pub gross: i64,
    /// The document itself.
    pub model: String,
    /// In which run.
    pub run_id: i64,
}

/// A row of `document_file`.
#[derive(Debug, Clone, FromRow)]
pub struct DocumentFileRow {
    /// Which document.
    pub document_id: i64,
    /// The file's name.
    pub name: String,
    /// The hash of its bytes.
    pub sha256: String,
}

/// A row of `contract_period`.
#[derive(Debug, Clone, FromRow)]
pub struct PeriodRow {
    /// Which contract.
    pub contract_id: i64,
    /// The first day of service.
    pub starts_on: NaiveDate,
    /// Which invoice of the period, from 1.
    pub revision: i64,
    /// The last day of service.
    pub ends_on: NaiveDate,
    /// The invoice; nothing when the period was skipped.
    pub document_id: Option<i64>,
}

impl DocumentRow {
    /// Returns what it is.
    ///
    /// # Errors
    /// When this program knows no such kind.
    pub fn kind(&self) -> Result<DocumentKind, StoreError> {
        DocumentKind::by_name(&self.kind)
            .ok_or_else(|| StoreError::Damaged(format!("{} as a `{}`", self.number, self.kind)))
    }

    /// Digests the document with its files.
    pub fn digest(&self, files: &[DocumentFileRow]) -> Digest {
        let mut digest = Digest::new()
            .number(self.id)
            .text(&self.kind)
            .number(self.customer_id)
            .text(&self.number)
            .maybe(self.series.as_deref())
            .maybe(self.number_period.as_deref())
            .number(self.sequence.unwrap_or(0))
            .text(&self.issued_on.to_string())
            .text(&self.currency)
            .number(self.gross)
            .text(&self.model);
        for file in files {
            digest = digest.text(&file.name).text(&file.sha256);
        }
        digest
    }
}

impl Writing<'_> {
    /// Stores a document with its files. Returns its id.
    ///
    /// # Errors
    /// When number or sequence are taken.
    pub async fn add_document(&mut self, new: NewDocument) -> Result<i64, StoreError> {
        let id = self.draw("document", NEXT_DOCUMENT_ID).await?;
        let (series, number_period, sequence) = match new.series {
            Some((series, period, sequence)) => (Some(series), Some(period), Some(sequence)),
            None => (None, None, None),
        };
        let row = DocumentRow {
            id,
            kind: new.kind.to_owned(),
            customer_id: new.customer,
            number: new.number,
            series,
            number_period,
            sequence,
            issued_on: new.issued_on,
            currency: new.currency,
            gross: new.gross,
            model: new.model,
            run_id: self.run_id(),
        };
        let r = row.clone();
        let values = (
            r.id,
            r.kind,
            r.customer_id,
            r.number,
            r.series,
            r.number_period,
            r.sequence,
            r.issued_on,
            r.currency,
            r.gross,
            r.model,
            r.run_id,
        );
        self.tx.exec(ADD_DOCUMENT, values).await?;
        let mut files = Vec::with_capacity(new.files.len());
        for (name, bytes) in new.files {
            let hash = sha256(&bytes);
            self.tx.keep_blob(&hash, &bytes).await?;
            self.tx.exec(ADD_FILE, (id, name.clone(), hash.clone())).await?;
            files.push(DocumentFileRow { document_id: id, name, sha256: hash });
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        self.journal("document", id, row.digest(&files));
        Ok(id)
    }

    /// Moves a counter from exactly the value read; tells whether it still had that value.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn move_counter(
        &mut self,
        series: &str,
        period: &str,
        from: Option<i64>,
        to: i64,
    ) -> Result<bool, StoreError> {
        let (series, period) = (series.to_owned(), period.to_owned());
        let moved = match from {
            Some(from) => self.tx.exec(MOVE_COUNTER, (series, period, from, to)).await?,
            None if self.tx.counter(&series, &period).await?.is_none() => {
                self.tx.exec(BEGIN_COUNTER, (series, period, to)).await?
            }
            None => 0,
        };
        Ok(moved == 1)
    }

    /// Marks a period as done: invoiced by a document, or skipped.
    ///
    /// # Errors
    /// When it is done already, or another invoice covers some of its days.
    pub async fn add_period(
        &mut self,
        contract: i64,
        starts_on: NaiveDate,
        revision: i64,
        ends_on: NaiveDate,
        document: Option<i64>,
    ) -> Result<(), StoreError> {
        self.tx.exec(ADD_PERIOD, (contract, starts_on, revision, ends_on, document)).await?;
        Ok(())
    }

    /// Links two documents: one cancels, corrects, deducts or follows the other.
    ///
    /// # Errors
    /// When the document is cancelled already.
    pub async fn link(&mut self, from: i64, to: i64, kind: &str) -> Result<(), StoreError> {
        self.tx.exec(ADD_LINK, (from, to, kind.to_owned())).await?;
        Ok(())
    }
}

impl Tx {
    /// Keeps bytes by their hash; the same bytes twice are one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_blob(&mut self, sha256: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let known: Option<(String,)> = self.maybe(BLOB_KNOWN, (sha256.to_owned(),)).await?;
        if known.is_none() {
            self.exec(KEEP_BLOB, (sha256.to_owned(), bytes.to_vec())).await?;
        }
        Ok(())
    }

    /// Returns bytes by their hash.
    ///
    /// # Errors
    /// When there are none: the books are damaged.
    pub async fn blob(&mut self, sha256: &str) -> Result<Vec<u8>, StoreError> {
        let row: Option<(Vec<u8>,)> = self.maybe(BLOB, (sha256.to_owned(),)).await?;
        row.map(|(bytes,)| bytes).ok_or_else(|| StoreError::Damaged(format!("no bytes with the hash {sha256}")))
    }

    /// Returns the last number of a series in a period.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counter(&mut self, series: &str, period: &str) -> Result<Option<i64>, StoreError> {
        let row: Option<(i64,)> = self.maybe(COUNTER, (series.to_owned(), period.to_owned())).await?;
        Ok(row.map(|(last,)| last))
    }

    /// Returns all counters: series, period, last number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counters(&mut self) -> Result<Vec<(String, String, i64)>, StoreError> {
        Ok(self.all(COUNTERS, ()).await?)
    }

    /// Returns a document.
    ///
    /// # Errors
    /// When there is none.
    pub async fn document(&mut self, id: i64) -> Result<DocumentRow, StoreError> {
        Ok(self.one(DOCUMENT, (id,)).await?)
    }

    /// Returns a document, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn maybe_document(&mut self, id: i64) -> Result<Option<DocumentRow>, StoreError> {
        Ok(self.maybe(DOCUMENT, (id,)).await?)
    }

    /// Finds a document by its number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn document_by_number(&mut self, number: &str) -> Result<Option<DocumentRow>, StoreError> {
        Ok(self.maybe(DOCUMENT_BY_NUMBER, (number.to_owned(),)).await?)
    }

    /// Returns the files of a document, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn files_of(&mut self, document: i64) -> Result<Vec<DocumentFileRow>, StoreError> {
        Ok(self.all(FILES, (document,)).await?)
    }

    /// Returns the periods of a contract that are done, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn periods_of(&mut self, contract: i64) -> Result<Vec<PeriodRow>, StoreError> {
        Ok(self.all(PERIODS, (contract,)).await?)
    }

    /// Returns the periods that a document invoices.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn periods_of_document(&mut self, document: i64) -> Result<Vec<PeriodRow>, StoreError> {
        Ok(self.all(PERIODS_OF_DOCUMENT, (document,)).await?)
    }
}
