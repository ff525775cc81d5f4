//! Customers and contracts: the identities that money hangs on, and what the book said of them (`revision`).

use chrono::NaiveDate;
use sqlx::FromRow;

use super::books::Writing;
use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use super::registry;
use crate::calendar::EARLIEST;
use crate::fact::Subject;
use crate::id::{ActId, BookVersionId, ContractId, CustomerId, RevisionId};
use crate::recurring::ContractKind;

statements! {
    ADD_CUSTOMER = Sql::both("insert into customer (id, number, name) values ($1, $2, $3)");
    UPDATE_CUSTOMER = Sql::both("update customer set number = $2, name = $3 where id = $1");
    ADD_CONTRACT = Sql::both("insert into contract (id, kind, customer_id, number, next_on) values ($1, $2, $3, $4, $5)");
    UPDATE_CONTRACT = Sql::both("update contract set customer_id = $2, number = $3, next_on = $4 where id = $1");
    SET_NEXT_ON = Sql::both("update contract set next_on = $2 where id = $1");
    CUSTOMERS = Sql::both(
        "select c.id, c.number, c.name, r.model
         from customer c left join current_revision r on r.subject_kind = 'customer' and r.subject_id = c.id order by c.number");
    CONTRACTS = Sql::both(
        "select c.id, c.kind, c.number, r.model
         from contract c left join current_revision r on r.subject_kind = 'contract' and r.subject_id = c.id order by c.number");
    ENDED_CONTRACTS = Sql::both(
        "select c.id, c.kind, c.number, r.model
         from contract c join current_revision r on r.subject_kind = 'contract' and r.subject_id = c.id
         where c.kind = 'recurring'
           and (r.model like '%\"end\":%'
                or exists (select 1 from act a where a.subject_kind = 'contract' and a.subject_id = c.id and a.kind = 'end'))
           and exists (select 1 from contract_period p where p.contract_id = c.id and p.document_id is not null)
         order by c.number");
    CUSTOMER = Sql::both(
        "select c.id, c.number, c.name, r.last_model as model
         from customer c left join current_revision r on r.subject_kind = 'customer' and r.subject_id = c.id where c.id = $1");
    CUSTOMER_BY_NUMBER = Sql::both(
        "select c.id, c.number, c.name, r.last_model as model
         from customer c left join current_revision r on r.subject_kind = 'customer' and r.subject_id = c.id where c.number = $1");
    CONTRACT = Sql::both("select id, kind, customer_id, number, next_on from contract where id = $1");
    CONTRACTS_OF_CUSTOMER = Sql::both(
        "select id, kind, customer_id, number, next_on from contract where customer_id = $1 order by number");
    AGREEMENTS_OF_CUSTOMER = Sql::both(
        "select c.id, c.kind, c.number, r.last_model as model
         from contract c left join current_revision r on r.subject_kind = 'contract' and r.subject_id = c.id
         where c.customer_id = $1 order by c.number");
    CONTRACT_BY_NUMBER = Sql::both("select id, kind, customer_id, number, next_on from contract where number = $1");
    DUE_CONTRACTS = Sql::both(
        "select c.id, c.kind, c.number, c.next_on, c.customer_id, r.model, o.last_model as customer_model
         from contract c left join current_revision r on r.subject_kind = 'contract' and r.subject_id = c.id
         left join current_revision o on o.subject_kind = 'customer' and o.subject_id = c.customer_id
         where c.next_on <= $1 and (c.next_on > $2 or (c.next_on = $2 and c.id > $3))
         order by c.next_on, c.id limit $4");
    CONTRACT_FOR_ISSUE = Sql::both(
        "select c.id, c.kind, c.number, coalesce(c.next_on, $2) as next_on, c.customer_id, r.model, o.last_model as customer_model
         from contract c left join current_revision r on r.subject_kind = 'contract' and r.subject_id = c.id
         left join current_revision o on o.subject_kind = 'customer' and o.subject_id = c.customer_id
         where c.id = $1");
    OWNERS_WORD = Sql::both("select (select max(id) from book_version), (select max(id) from act)");
    CUSTOMERS_WITH_CHANGES = Sql::both(
        "select c.id, c.number, c.name, r.model
         from customer c join current_revision r on r.subject_kind = 'customer' and r.subject_id = c.id
         where r.model like '%\"from\":[%' order by c.number");
    CUSTOMER_FILE = Sql::both(
        "select b.bytes from revision r join blob b on b.sha256 = r.file_sha256
         where r.subject_kind = 'customer' and r.subject_id = $1 order by r.valid_from desc, r.book_version_id desc limit 1");
    REVISIONS_OF = Sql::both(
        "select valid_from, model from revision where subject_kind = $1 and subject_id = $2 order by valid_from, book_version_id");
    CUSTOMER_VERSION = Sql::both("select max(book_version_id) from revision where subject_kind = 'customer' and subject_id = $1");
    CONTRACT_MODEL = Sql::both(
        "select c.id, c.kind, c.number, r.last_model as model
         from contract c left join current_revision r on r.subject_kind = 'contract' and r.subject_id = c.id where c.number = $1");
    QUOTES = Sql::both(
        "select c.id, c.kind, c.number, r.last_model as model
         from contract c left join current_revision r on r.subject_kind = 'contract' and r.subject_id = c.id
         where c.kind = 'quote' order by c.number");
    COMING = Sql::both(
        "select c.id, c.kind, c.number, c.next_on, c.customer_id, r.model, o.last_model as customer_model
         from contract c left join current_revision r on r.subject_kind = 'contract' and r.subject_id = c.id
         left join current_revision o on o.subject_kind = 'customer' and o.subject_id = c.customer_id
         where c.next_on between $1 and $2 order by c.next_on, c.id");
}

/// A row of `customer`, with what the book says now.
#[derive(Debug, Clone, FromRow)]
pub struct CustomerRow {
    /// Its id.
    pub id: CustomerId,
    /// The number in force.
    pub number: String,
    /// The name in force.
    pub name: String,
    /// The last revision, as JSON.
    pub model: String,
}

/// A customer with what was last applied of it.
#[derive(Debug, Clone, FromRow)]
pub struct AppliedCustomerRow {
    /// Its id.
    pub id: CustomerId,
    /// The number in force.
    pub number: String,
    /// The name in force.
    pub name: String,
    /// The last revision; nothing when the entry vanished.
    pub model: Option<String>,
}

/// A contract with what was last applied of it.
#[derive(Debug, Clone, FromRow)]
pub struct AgreementRow {
    /// Its id.
    pub id: ContractId,
    /// Recurring, or once.
    pub kind: ContractKind,
    /// Its number.
    pub number: String,
    /// The last revision; nothing when the entry vanished.
    pub model: Option<String>,
}

/// A row of `contract`.
#[derive(Debug, Clone, FromRow)]
pub struct ContractRow {
    /// Its id.
    pub id: ContractId,
    /// Recurring, or once.
    pub kind: ContractKind,
    /// Whose.
    pub customer_id: CustomerId,
    /// Its number.
    pub number: String,
    /// The day on which the next period is to be issued.
    pub next_on: Option<NaiveDate>,
}

/// A contract that something is due of, with all that its invoice is made of.
#[derive(Debug, Clone, FromRow)]
pub struct DueContract {
    /// Its id.
    pub id: ContractId,
    /// Recurring, or once.
    pub kind: ContractKind,
    /// Its number.
    pub number: String,
    /// The day on which it is due.
    pub next_on: NaiveDate,
    /// Whose.
    pub customer_id: CustomerId,
    /// What the book says of it; nothing when its entry vanished.
    pub model: Option<String>,
    /// What the book says of the customer.
    pub customer_model: String,
}

/// How far the owner's word reaches: the last version of the book, and the last act.
pub type OwnersWord = (Option<BookVersionId>, Option<ActId>);

impl Writing<'_> {
    /// Adds a customer.
    ///
    /// # Errors
    /// When the number is taken.
    pub async fn add_customer(&mut self, number: &str, name: &str) -> Result<CustomerId, StoreError> {
        let id: CustomerId = self.draw("customer").await?;
        self.tx.exec(ADD_CUSTOMER, (id, number.to_owned(), name.to_owned())).await?;
        Ok(id)
    }

    /// Gives a customer the number and name in force.
    ///
    /// # Errors
    /// When the number is taken.
    pub async fn update_customer(&mut self, id: CustomerId, number: &str, name: &str) -> Result<(), StoreError> {
        self.tx.exec(UPDATE_CUSTOMER, (id, number.to_owned(), name.to_owned())).await?;
        Ok(())
    }

    /// Adds a contract.
    ///
    /// # Errors
    /// When the number is taken.
    pub async fn add_contract(
        &mut self,
        kind: ContractKind,
        customer: CustomerId,
        number: &str,
        next_on: Option<NaiveDate>,
    ) -> Result<ContractId, StoreError> {
        let id: ContractId = self.draw("contract").await?;
        self.tx.exec(ADD_CONTRACT, (id, kind, customer, number.to_owned(), next_on)).await?;
        Ok(id)
    }

    /// Gives a contract the customer, number and next day in force.
    ///
    /// # Errors
    /// When the number is taken.
    pub async fn update_contract(
        &mut self,
        id: ContractId,
        customer: CustomerId,
        number: &str,
        next_on: Option<NaiveDate>,
    ) -> Result<(), StoreError> {
        self.tx.exec(UPDATE_CONTRACT, (id, customer, number.to_owned(), next_on)).await?;
        Ok(())
    }

    /// Sets the day on which a contract is looked at next.
    pub async fn set_next_on(&mut self, contract: ContractId, next_on: Option<NaiveDate>) -> Result<(), StoreError> {
        self.tx.exec(SET_NEXT_ON, (contract, next_on)).await?;
        Ok(())
    }

    /// Records what the book says of a subject (`customer`, `contract`) from a version on: the model, and the file that it was read from,
    /// whose bytes are kept; nothing when its entry vanished.
    ///
    /// # Errors
    /// When it was recorded for this version already.
    pub async fn add_revision(
        &mut self,
        subject: Subject,
        version: BookVersionId,
        said: Option<(String, &str)>,
    ) -> Result<(), StoreError> {
        let (model, file) = match said {
            Some((model, text)) => (Some(model), Some(self.keep_blob(text.as_bytes()).await?)),
            None => (None, None),
        };
        let id: RevisionId = self.draw(registry::REVISION.name).await?;
        let row = (id, subject.kind(), subject.row(), version, self.today(), model, file);
        self.add(&registry::REVISION, [row]).await
    }
}

impl Tx {
    /// Returns all customers with what was last applied, by number.
    pub async fn customers(&mut self) -> Result<Vec<AppliedCustomerRow>, StoreError> {
        Ok(self.all(CUSTOMERS, ()).await?)
    }

    /// Returns all contracts with what was last applied, by number.
    pub async fn contracts(&mut self) -> Result<Vec<AgreementRow>, StoreError> {
        Ok(self.all(CONTRACTS, ()).await?)
    }

    /// Returns the recurring contracts that have an end and an invoice, with what was last applied, by number.
    pub async fn ended_contracts(&mut self) -> Result<Vec<AgreementRow>, StoreError> {
        Ok(self.all(ENDED_CONTRACTS, ()).await?)
    }

    /// Returns a customer with what the book last said of it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn customer(&mut self, id: CustomerId) -> Result<CustomerRow, StoreError> {
        Ok(self.one(CUSTOMER, (id,)).await?)
    }

    /// Finds a customer by number.
    pub async fn customer_by_number(&mut self, number: &str) -> Result<Option<CustomerRow>, StoreError> {
        Ok(self.maybe(CUSTOMER_BY_NUMBER, (number.to_owned(),)).await?)
    }

    /// Returns a contract.
    ///
    /// # Errors
    /// When there is none.
    pub async fn contract(&mut self, id: ContractId) -> Result<ContractRow, StoreError> {
        Ok(self.one(CONTRACT, (id,)).await?)
    }

    /// Returns the contracts of a customer, by number.
    pub async fn contracts_of(&mut self, customer: CustomerId) -> Result<Vec<ContractRow>, StoreError> {
        Ok(self.all(CONTRACTS_OF_CUSTOMER, (customer,)).await?)
    }

    /// Returns the contracts of a customer with what the book last said of each, by number.
    pub async fn agreements_of(&mut self, customer: CustomerId) -> Result<Vec<AgreementRow>, StoreError> {
        Ok(self.all(AGREEMENTS_OF_CUSTOMER, (customer,)).await?)
    }

    /// Finds a contract by number.
    pub async fn contract_by_number(&mut self, number: &str) -> Result<Option<ContractRow>, StoreError> {
        Ok(self.maybe(CONTRACT_BY_NUMBER, (number.to_owned(),)).await?)
    }

    /// Returns the customers of whose changes something is written ahead, or was, by number.
    pub async fn customers_with_changes(&mut self) -> Result<Vec<CustomerRow>, StoreError> {
        Ok(self.all(CUSTOMERS_WITH_CHANGES, ()).await?)
    }

    /// Returns the file that a customer was last read from.
    ///
    /// # Errors
    /// When there is none.
    pub async fn customer_file(&mut self, customer: CustomerId) -> Result<String, StoreError> {
        let (bytes,): (Vec<u8>,) = self.one(CUSTOMER_FILE, (customer,)).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Returns what the book said of a subject, from which day on, oldest first; nothing where its entry vanished.
    pub async fn revisions_of(&mut self, subject: Subject) -> Result<Vec<(NaiveDate, Option<String>)>, StoreError> {
        Ok(self.all(REVISIONS_OF, (subject.kind(), subject.row())).await?)
    }

    /// Returns the version of the book that last said something of a customer, if one ever did.
    pub async fn customer_version(&mut self, customer: CustomerId) -> Result<Option<BookVersionId>, StoreError> {
        let (version,): (Option<BookVersionId>,) = self.one(CUSTOMER_VERSION, (customer,)).await?;
        Ok(version)
    }

    /// Returns a contract by number, with what the book last said of it.
    pub async fn agreement_by_number(&mut self, number: &str) -> Result<Option<AgreementRow>, StoreError> {
        Ok(self.maybe(CONTRACT_MODEL, (number.to_owned(),)).await?)
    }

    /// Returns all quotes with what the book last said of each, by number.
    pub async fn quotes(&mut self) -> Result<Vec<AgreementRow>, StoreError> {
        Ok(self.all(QUOTES, ()).await?)
    }

    /// Returns contracts that are due on a day, behind a place, in order; at most `limit`.
    pub async fn due_contracts(
        &mut self,
        today: NaiveDate,
        after: Option<(NaiveDate, ContractId)>,
        limit: i64,
    ) -> Result<Vec<DueContract>, StoreError> {
        let (day, id) = after.map_or((EARLIEST, 0), |(day, id)| (day, id.get()));
        Ok(self.all(DUE_CONTRACTS, (today, day, id, limit)).await?)
    }

    /// Returns a contract as one that is due, whatever its day.
    ///
    /// # Errors
    /// When there is none.
    pub async fn contract_for_issue(&mut self, id: ContractId, today: NaiveDate) -> Result<DueContract, StoreError> {
        Ok(self.one(CONTRACT_FOR_ISSUE, (id, today)).await?)
    }

    /// Returns how far the owner's word reaches. When it is as before, nothing was agreed otherwise, held, paused or ended meanwhile.
    pub async fn owners_word(&mut self) -> Result<OwnersWord, StoreError> {
        Ok(self.one(OWNERS_WORD, ()).await?)
    }

    /// Returns the contracts that are due between two days, both included.
    pub async fn coming_contracts(
        &mut self,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<Vec<DueContract>, StoreError> {
        Ok(self.all(COMING, (from, through)).await?)
    }
}
