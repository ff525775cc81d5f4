//! Look-up keys: what a payment may quote, and what the keys lead to. Batches of a thousand are one probe.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::acts::ActRow;
use super::books::Writing;
use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use super::words::json;
use crate::id::{CustomerId, DocumentId, PaymentId};
use crate::invoice::DocumentKind;
use crate::ledger::ReceivableState;
use crate::matching::KeyKind;
use crate::money::{Amount, Currency};

statements! {
    ADD_DOCUMENT_KEY = Sql::both("insert into document_key (key, kind, document_id) values ($1, $2, $3)");
    ADD_CUSTOMER_KEY = Sql::both("insert into customer_key (key, kind, customer_id) values ($1, $2, $3) on conflict do nothing");
    DROP_CUSTOMER_KEYS = Sql::both("delete from customer_key where customer_id = $1");
    DROP_CUSTOMER_KEY = Sql::both("delete from customer_key where customer_id = $1 and kind = $2 and key = $3");
    COUNT_SHAPE = Sql::both(
        "insert into number_shape (kind, shape, bearers) values ($1, $2, 1)
         on conflict (kind, shape) do update set bearers = number_shape.bearers + 1");
    SHAPES = Sql::both("select shape from number_shape where kind = $1 and bearers > 0 order by shape");
    DOCUMENTS_BY_KEYS = Sql {
        sqlite: "select k.key, k.kind, k.document_id from json_each($1) j
                 cross join document_key k on k.key = j.value ->> 1 and k.kind = j.value ->> 0",
        postgres: "select k.key, k.kind, k.document_id from jsonb_array_elements($1::text::jsonb) j
                   join document_key k on k.key = j ->> 1 and k.kind = j ->> 0",
    };
    CUSTOMERS_BY_KEYS = Sql {
        sqlite: "select k.key, k.kind, k.customer_id from json_each($1) j
                 cross join customer_key k on k.key = j.value ->> 1 and k.kind = j.value ->> 0",
        postgres: "select k.key, k.kind, k.customer_id from jsonb_array_elements($1::text::jsonb) j
                   join customer_key k on k.key = j ->> 1 and k.kind = j ->> 0",
    };
    KEYS_OF_CUSTOMERS = Sql {
        sqlite: "select k.key, k.kind, k.customer_id from json_each($1) j
                 cross join customer_key k on k.customer_id = j.value where k.kind = 'iban' order by k.customer_id, k.key",
        postgres: "select k.key, k.kind, k.customer_id from jsonb_array_elements_text($1::text::jsonb) j
                   join customer_key k on k.customer_id = j::bigint where k.kind = 'iban' order by k.customer_id, k.key",
    };
    NUMBERS = Sql::both("select number from document union all select number from customer union all select number from contract");
    LAST_PAYMENT = Sql::both("select max(id) from payment");
    NAMES = Sql {
        sqlite: "select c.id, c.number, c.name from json_each($1) j cross join customer c on c.id = j.value order by c.id",
        postgres: "select c.id, c.number, c.name from jsonb_array_elements_text($1::text::jsonb) j
                   join customer c on c.id = j::bigint order by c.id",
    };
    CANDIDATES = Sql {
        sqlite: "select d.id, d.number, d.kind, d.customer_id, d.currency, r.due_on, d.gross, r.open_principal, r.open_fee, r.open_interest,
                        r.state, d.model, (select count(*) from act a where a.kind = 'dispute' and a.subject_kind = 'document'
                            and a.subject_id = d.id and not exists (select 1 from act e where e.ends_id = a.id)) as disputes
                 from json_each($1) j cross join document d on d.id = j.value join receivable r on r.document_id = d.id order by d.id",
        postgres: "select d.id, d.number, d.kind, d.customer_id, d.currency, r.due_on, d.gross, r.open_principal, r.open_fee, r.open_interest,
                          r.state, d.model, (select count(*) from act a where a.kind = 'dispute' and a.subject_kind = 'document'
                              and a.subject_id = d.id and not exists (select 1 from act e where e.ends_id = a.id)) as disputes
                   from jsonb_array_elements_text($1::text::jsonb) j join document d on d.id = j::bigint
                   join receivable r on r.document_id = d.id order by d.id",
    };
    // What was agreed to be taken off documents, and nobody took back.
    AGREED_ON = Sql {
        sqlite: "select a.id, a.kind, a.subject_kind, a.subject_id, a.from_on, a.until_on, a.reason, a.model, a.ends_id, a.run_id
                 from json_each($1) j cross join act a on a.subject_kind = 'document' and a.subject_id = j.value
                 where a.kind = 'agree' and not exists (select 1 from act e where e.ends_id = a.id) order by a.id",
        postgres: "select a.id, a.kind, a.subject_kind, a.subject_id, a.from_on, a.until_on, a.reason, a.model, a.ends_id, a.run_id
                   from jsonb_array_elements_text($1::text::jsonb) j join act a on a.subject_kind = 'document' and a.subject_id = j::bigint
                   where a.kind = 'agree' and not exists (select 1 from act e where e.ends_id = a.id) order by a.id",
    };
    // Reminders and dunning letters among some documents, with the invoices in them.
    LETTERS_NAMED = Sql {
        sqlite: "select d.id, d.number, i.document_id from json_each($1) j cross join document d on d.id = j.value
                 join letter l on l.document_id = d.id join letter_item i on i.letter_id = l.id
                 where d.kind = 'dunning' order by d.id, i.document_id",
        postgres: "select d.id, d.number, i.document_id from jsonb_array_elements_text($1::text::jsonb) j
                   join document d on d.id = j::bigint join letter l on l.document_id = d.id
                   join letter_item i on i.letter_id = l.id where d.kind = 'dunning' order by d.id, i.document_id",
    };
    OPEN_OF_CUSTOMERS = Sql {
        sqlite: "select r.document_id from json_each($1) j cross join receivable r on r.customer_id = j.value
                 where r.open_principal <> 0 order by r.document_id",
        postgres: "select r.document_id from jsonb_array_elements_text($1::text::jsonb) j
                   join receivable r on r.customer_id = j::bigint where r.open_principal <> 0 order by r.document_id",
    };
    OPEN_NOTES = Sql {
        sqlite: "select r.document_id from json_each($1) j cross join receivable r on r.customer_id = j.value
                 where r.open_principal < 0 order by r.document_id",
        postgres: "select r.document_id from jsonb_array_elements_text($1::text::jsonb) j
                   join receivable r on r.customer_id = j::bigint where r.open_principal < 0 order by r.document_id",
    };
    OPEN_WITH_AMOUNT = Sql::both(
        "select document_id from receivable where currency = $1 and open_principal = $2 and open_principal <> 0
         order by document_id limit $3");
}

/// A document that a key led to, with what is open of it.
#[derive(Debug, Clone, FromRow)]
pub struct CandidateRow {
    /// Which document.
    pub id: DocumentId,
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: DocumentKind,
    /// Whose.
    pub customer_id: CustomerId,
    /// Its currency.
    pub currency: Currency,
    /// The effective due date.
    pub due_on: NaiveDate,
    /// What it was over.
    pub gross: Amount,
    /// Open principal.
    pub open_principal: Amount,
    /// Open fees.
    pub open_fee: Amount,
    /// Open interest.
    pub open_interest: Amount,
    /// Where it stands.
    pub state: ReceivableState,
    /// The document itself.
    pub model: String,
    /// How many disputes are under way.
    pub disputes: i64,
}

/// A key and what it leads to.
#[derive(Debug, Clone, FromRow)]
pub struct CustomerKeyRow {
    /// The key.
    pub key: String,
    /// Its kind.
    pub kind: KeyKind,
    /// The customer.
    pub customer_id: CustomerId,
}

impl Writing<'_> {
    /// Adds the keys that a document is found by, and counts the shape of its number.
    ///
    /// # Errors
    /// When a reference leads to another document already.
    pub async fn add_document_keys(
        &mut self,
        document: DocumentId,
        shape: &str,
        keys: &[(KeyKind, String)],
    ) -> Result<(), StoreError> {
        for (kind, key) in keys {
            self.tx.exec(ADD_DOCUMENT_KEY, (key.clone(), *kind, document)).await?;
        }
        self.count_shape(KeyKind::Number, shape).await
    }

    /// Makes the keys that a customer is found by anew, and counts the shapes of what it is named by.
    pub async fn set_customer_keys(
        &mut self,
        customer: CustomerId,
        shapes: &[(KeyKind, String)],
        keys: &[(KeyKind, String)],
    ) -> Result<(), StoreError> {
        self.tx.exec(DROP_CUSTOMER_KEYS, (customer,)).await?;
        for (kind, key) in keys {
            self.tx.exec(ADD_CUSTOMER_KEY, (key.clone(), *kind, customer)).await?;
        }
        for (kind, shape) in shapes {
            self.count_shape(*kind, shape).await?;
        }
        Ok(())
    }

    /// Has texts searched for numbers of a shape, or for payers' texts of a length.
    pub async fn count_shape(&mut self, kind: KeyKind, shape: &str) -> Result<(), StoreError> {
        self.tx.exec(COUNT_SHAPE, (kind, shape.to_owned())).await?;
        Ok(())
    }

    /// Adds one key of a customer, such as an account that was learned.
    pub async fn add_customer_key(&mut self, customer: CustomerId, kind: KeyKind, key: &str) -> Result<(), StoreError> {
        self.tx.exec(ADD_CUSTOMER_KEY, (key.to_owned(), kind, customer)).await?;
        Ok(())
    }

    /// Removes one key of a customer.
    pub async fn drop_customer_key(
        &mut self,
        customer: CustomerId,
        kind: KeyKind,
        key: &str,
    ) -> Result<(), StoreError> {
        self.tx.exec(DROP_CUSTOMER_KEY, (customer, kind, key.to_owned())).await?;
        Ok(())
    }
}

impl Tx {
    /// Returns the shapes of numbers in the books: of documents (`number`), customers (`customer`) or contracts (`contract`); and the
    /// lengths of payers' texts (`payer_text`).
    pub async fn shapes(&mut self, kind: KeyKind) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = self.all(SHAPES, (kind,)).await?;
        Ok(rows.into_iter().map(|(shape,)| shape).collect())
    }

    /// Finds documents by keys `[kind, key]`, as JSON.
    pub async fn documents_by_keys(&mut self, keys: &str) -> Result<Vec<(String, KeyKind, DocumentId)>, StoreError> {
        Ok(self.all(DOCUMENTS_BY_KEYS, (keys.to_owned(),)).await?)
    }

    /// Finds customers by keys `[kind, key]`, as JSON.
    pub async fn customers_by_keys(&mut self, keys: &str) -> Result<Vec<CustomerKeyRow>, StoreError> {
        Ok(self.all(CUSTOMERS_BY_KEYS, (keys.to_owned(),)).await?)
    }

    /// Returns the accounts that customers are known by.
    pub async fn ibans_of(
        &mut self,
        customers: impl IntoIterator<Item = &CustomerId>,
    ) -> Result<Vec<CustomerKeyRow>, StoreError> {
        Ok(self.all(KEYS_OF_CUSTOMERS, (json(customers),)).await?)
    }

    /// Returns every number that a person may type: of documents, customers, contracts.
    pub async fn all_numbers(&mut self) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = self.all(NUMBERS, ()).await?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// Returns the last payment, if there is any.
    pub async fn last_payment(&mut self) -> Result<Option<PaymentId>, StoreError> {
        let (id,): (Option<PaymentId>,) = self.one(LAST_PAYMENT, ()).await?;
        Ok(id)
    }

    /// Returns number and name of customers.
    pub async fn names_of(
        &mut self,
        customers: impl IntoIterator<Item = &CustomerId>,
    ) -> Result<Vec<(CustomerId, String, String)>, StoreError> {
        Ok(self.all(NAMES, (json(customers),)).await?)
    }

    /// Returns documents with what is open of them.
    pub async fn candidates(
        &mut self,
        documents: impl IntoIterator<Item = &DocumentId>,
    ) -> Result<Vec<CandidateRow>, StoreError> {
        Ok(self.all(CANDIDATES, (json(documents),)).await?)
    }

    /// Returns what was agreed to be taken off some documents and was not taken back, oldest first.
    pub async fn agreed_on(&mut self, documents: &[DocumentId]) -> Result<Vec<ActRow>, StoreError> {
        Ok(self.all(AGREED_ON, (json(documents),)).await?)
    }

    /// Returns reminders and dunning letters among documents: the document that carries the number, the number, and
    /// an invoice in it, a row each.
    pub async fn letters_named(
        &mut self,
        documents: impl IntoIterator<Item = &DocumentId>,
    ) -> Result<Vec<(DocumentId, String, DocumentId)>, StoreError> {
        Ok(self.all(LETTERS_NAMED, (json(documents),)).await?)
    }

    /// Returns the open documents of customers.
    pub async fn open_documents_of(
        &mut self,
        customers: impl IntoIterator<Item = &CustomerId>,
    ) -> Result<Vec<DocumentId>, StoreError> {
        let rows: Vec<(DocumentId,)> = self.all(OPEN_OF_CUSTOMERS, (json(customers),)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns the open credit notes of customers.
    pub async fn open_credit_notes_of(
        &mut self,
        customers: impl IntoIterator<Item = &CustomerId>,
    ) -> Result<Vec<DocumentId>, StoreError> {
        let rows: Vec<(DocumentId,)> = self.all(OPEN_NOTES, (json(customers),)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns open documents over exactly an amount, at most so many.
    pub async fn open_with_amount(
        &mut self,
        currency: Currency,
        amount: Amount,
        most: usize,
    ) -> Result<Vec<DocumentId>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows: Vec<(DocumentId,)> = self.all(OPEN_WITH_AMOUNT, (currency, amount, most)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}
