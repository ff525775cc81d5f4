//! Documents: what has a number and goes to a customer; their bytes, periods, links, and the counters of the series.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::books::Writing;
use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use super::registry;
use crate::id::{ContractId, CustomerId, DocumentId, RunId};
use crate::invoice::{DocumentKind, LinkKind};
use crate::money::{Amount, Currency};

statements! {
    BLOB = Sql::both("select bytes from blob where sha256 = $1");
    COUNTER = Sql::both("select last from counter where series = $1 and number_period = $2");
    MOVE_COUNTER = Sql::both("update counter set last = $4 where series = $1 and number_period = $2 and last = $3");
    BEGIN_COUNTER = Sql::both("insert into counter (series, number_period, last) values ($1, $2, $3)");
    COUNTERS = Sql::both("select series, number_period, last from counter order by series, number_period");
    FILES = Sql::both("select document_id, name, sha256 from document_file where document_id = $1 order by name");
    FILES_SINCE = Sql::both(
        "select f.document_id, f.name, f.sha256 from document_file f join document d on d.id = f.document_id
         where d.issued_on >= $1 order by f.document_id, f.name");
    DOCUMENT = Sql::both(
        "select id, kind, customer_id, number, series, number_period, sequence, issued_on, currency, gross, model, run_id
         from document where id = $1");
    DOCUMENT_BY_NUMBER = Sql::both(
        "select id, kind, customer_id, number, series, number_period, sequence, issued_on, currency, gross, model, run_id
         from document where number = $1");
    LINKS_TO = Sql::both(
        "select l.kind as link, d.id, d.kind, d.customer_id, d.number, d.series, d.number_period, d.sequence, d.issued_on, d.currency, d.gross,
                d.model, d.run_id
         from document_link l join document d on d.id = l.from_id where l.to_id = $1 order by l.id");
    PERIODS = Sql::both(
        "select contract_id, starts_on, revision, ends_on, document_id from contract_period where contract_id = $1 order by starts_on, revision");
}

/// A document to be stored.
#[derive(Debug, Clone)]
pub struct NewDocument {
    /// What it is.
    pub kind: DocumentKind,
    /// Whose.
    pub customer: CustomerId,
    /// Its number.
    pub number: String,
    /// Series, reset period and sequence; nothing for what was taken over.
    pub series: Option<(String, String, i64)>,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// Its currency.
    pub currency: Currency,
    /// What it is over; negative for what lowers the debt.
    pub gross: Amount,
    /// The document itself, as canonical JSON.
    pub model: String,
    /// Its files: name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

/// A row of `document`.
#[derive(Debug, Clone, FromRow)]
pub struct DocumentRow {
    /// Its id.
    pub id: DocumentId,
    /// What it is.
    pub kind: DocumentKind,
    /// Whose.
    pub customer_id: CustomerId,
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
    pub currency: Currency,
    /// What it is over.
    pub gross: Amount,
    /// The document itself.
    pub model: String,
    /// In which run.
    pub run_id: RunId,
}

/// A document that hangs on another.
#[derive(Debug, Clone, FromRow)]
pub struct LinkRow {
    /// How.
    pub link: LinkKind,
    /// Which.
    #[sqlx(flatten)]
    pub document: DocumentRow,
}

/// A row of `document_file`.
#[derive(Debug, Clone, FromRow)]
pub struct DocumentFileRow {
    /// Which document.
    pub document_id: DocumentId,
    /// The file's name.
    pub name: String,
    /// The hash of its bytes.
    pub sha256: String,
}

/// A row of `contract_period`.
#[derive(Debug, Clone, FromRow)]
pub struct PeriodRow {
    /// Which contract.
    pub contract_id: ContractId,
    /// The first day of service.
    pub starts_on: NaiveDate,
    /// Which invoice of the period, from 1.
    pub revision: i64,
    /// The last day of service.
    pub ends_on: NaiveDate,
    /// The invoice; nothing when the period was skipped.
    pub document_id: Option<DocumentId>,
}

impl Writing<'_> {
    /// Stores a document with its files. Returns its id.
    ///
    /// # Errors
    /// When number or sequence are taken.
    pub async fn add_document(&mut self, new: NewDocument) -> Result<DocumentId, StoreError> {
        let id: DocumentId = self.draw(registry::DOCUMENT.name).await?;
        let (series, number_period, sequence) = match new.series {
            Some((series, period, sequence)) => (Some(series), Some(period), Some(sequence)),
            None => (None, None, None),
        };
        let row = (
            id,
            new.kind,
            new.customer,
            new.number,
            series,
            number_period,
            sequence,
            new.issued_on,
            new.currency,
            new.gross,
            new.model,
            self.run_id(),
        );
        self.add(&registry::DOCUMENT, [row]).await?;
        let mut files = Vec::with_capacity(new.files.len());
        for (name, bytes) in new.files {
            files.push((id, name, self.keep_blob(&bytes).await?));
        }
        files.sort();
        self.add(&registry::DOCUMENT_FILE, files).await?;
        Ok(id)
    }

    /// Moves a counter from exactly the value read; tells whether it still had that value.
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
        contract: ContractId,
        starts_on: NaiveDate,
        revision: i64,
        ends_on: NaiveDate,
        document: Option<DocumentId>,
    ) -> Result<(), StoreError> {
        let id = self.draw::<i64>(registry::CONTRACT_PERIOD.name).await?;
        self.add(&registry::CONTRACT_PERIOD, [(id, contract, starts_on, revision, ends_on, document)]).await
    }

    /// Links two documents: one cancels, corrects, deducts or follows the other.
    ///
    /// # Errors
    /// When the document is cancelled already.
    pub async fn link(&mut self, from: DocumentId, to: DocumentId, kind: LinkKind) -> Result<(), StoreError> {
        let id = self.draw::<i64>(registry::DOCUMENT_LINK.name).await?;
        self.add(&registry::DOCUMENT_LINK, [(id, from, to, kind)]).await
    }
}

impl Tx {
    /// Returns bytes by their hash.
    ///
    /// # Errors
    /// When there are none: the books are damaged.
    pub async fn blob(&mut self, sha256: &str) -> Result<Vec<u8>, StoreError> {
        let row: Option<(Vec<u8>,)> = self.maybe(BLOB, (sha256.to_owned(),)).await?;
        row.map(|(bytes,)| bytes).ok_or_else(|| StoreError::Damaged(format!("no bytes with the hash {sha256}")))
    }

    /// Returns the last number of a series in a period.
    pub async fn counter(&mut self, series: &str, period: &str) -> Result<Option<i64>, StoreError> {
        let row: Option<(i64,)> = self.maybe(COUNTER, (series.to_owned(), period.to_owned())).await?;
        Ok(row.map(|(last,)| last))
    }

    /// Returns all counters: series, period, last number.
    pub async fn counters(&mut self) -> Result<Vec<(String, String, i64)>, StoreError> {
        Ok(self.all(COUNTERS, ()).await?)
    }

    /// Returns a document.
    ///
    /// # Errors
    /// When there is none.
    pub async fn document(&mut self, id: DocumentId) -> Result<DocumentRow, StoreError> {
        Ok(self.one(DOCUMENT, (id,)).await?)
    }

    /// Finds a document by its number.
    pub async fn document_by_number(&mut self, number: &str) -> Result<Option<DocumentRow>, StoreError> {
        Ok(self.maybe(DOCUMENT_BY_NUMBER, (number.to_owned(),)).await?)
    }

    /// Returns the documents that cancel, correct, deduct or follow a document, in order.
    pub async fn links_to(&mut self, document: DocumentId) -> Result<Vec<LinkRow>, StoreError> {
        Ok(self.all(LINKS_TO, (document,)).await?)
    }

    /// Returns the files of a document, by name.
    pub async fn files_of(&mut self, document: DocumentId) -> Result<Vec<DocumentFileRow>, StoreError> {
        Ok(self.all(FILES, (document,)).await?)
    }

    /// Returns the files of the documents that were issued from a day on.
    pub async fn files_since(&mut self, day: NaiveDate) -> Result<Vec<DocumentFileRow>, StoreError> {
        Ok(self.all(FILES_SINCE, (day,)).await?)
    }

    /// Returns the periods of a contract that are done, in order.
    pub async fn periods_of(&mut self, contract: ContractId) -> Result<Vec<PeriodRow>, StoreError> {
        Ok(self.all(PERIODS, (contract,)).await?)
    }
}
