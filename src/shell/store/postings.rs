//! Postings and what follows from them: what is open of each document.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::books::Writing;
use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use super::registry;
use super::words::json;
use crate::id::{BatchId, CustomerId, DocumentId, LetterId, PaymentId, RunId};
use crate::invoice::Document;
use crate::ledger::{Account, Batch, BatchKind, Leg, ReceivableState};
use crate::money::{Amount, Currency};

statements! {
    BATCH = Sql::both("select id, kind, booked_on, letter_id, reverses_id, run_id from batch where id = $1");
    LEGS = Sql::both(
        "select batch_id, position, account, customer_id, document_id, payment_id, amount, currency, value_on
         from posting where batch_id = $1 order by position");
    // Batches on a payment that nothing has undone.
    LIVE_BATCHES_OF_PAYMENT = Sql::both(
        "select distinct b.id, b.kind, b.booked_on, b.letter_id, b.reverses_id, b.run_id
         from batch b join posting p on p.batch_id = b.id
         where p.payment_id = $1 and b.reverses_id is null and not exists (select 1 from batch r where r.reverses_id = b.id)
         order by b.id");
    // Everything that moved a payment's money: its own batches, and those that undid them.
    BATCHES_OF_PAYMENT = Sql::both(
        "select b.id, b.kind, b.booked_on, b.letter_id, b.reverses_id, b.run_id from batch b
         where b.id in (select p.batch_id from posting p where p.payment_id = $1)
            or b.reverses_id in (select p.batch_id from posting p where p.payment_id = $1) order by b.id");
    ON_PAYER = Sql::both("select cast(coalesce(sum(amount), 0) as bigint) from posting where payment_id = $1 and account = 'payer'");
    LEGS_OF_DOCUMENT = Sql::both(
        "select p.batch_id, p.position, p.account, p.customer_id, p.document_id, p.payment_id, p.amount, p.currency, p.value_on
         from posting p where p.document_id = $1 order by p.batch_id, p.position");
    RETURNED_ON = Sql::both(
        "select max(b.booked_on) from batch b join posting p on p.batch_id = b.id where b.kind = 'return' and p.document_id = $1");
    CLAIMS_OF_LETTER = Sql::both("select id, kind, booked_on, letter_id, reverses_id, run_id from batch where letter_id = $1 order by id");
    CREDIT = Sql::both(
        "select currency, cast(-sum(amount) as bigint) from posting where account = 'credit' and customer_id = $1
         group by currency having sum(amount) <> 0 order by currency");
    // The newest first.
    HAS_PAID_FROM = Sql::both(
        "select count(*) from (
             select p.id from payment p join posting l on l.payment_id = p.id
             where p.payer_iban = $2 and l.customer_id = $1 group by p.id having sum(l.amount) <> 0) paid");
    CREDIT_USES = Sql::both(
        "select b.id, b.kind, b.booked_on, b.letter_id, b.reverses_id, b.run_id from batch b
         where b.kind = 'credit' and not exists (select 1 from batch r where r.reverses_id = b.id)
           and exists (select 1 from posting p where p.batch_id = b.id and p.account = 'credit' and p.customer_id = $1 and p.currency = $2)
         order by b.id desc");
    LIVE_BATCH_OF_DOCUMENT = Sql::both(
        "select b.id, b.kind, b.booked_on, b.letter_id, b.reverses_id, b.run_id from batch b
         where b.kind = $2 and not exists (select 1 from batch r where r.reverses_id = b.id)
           and exists (select 1 from posting p where p.batch_id = b.id and p.document_id = $1) order by b.id");
    // Of documents that were corrected, or written off in part; all others take two probes.
    TAKEN_BACK = Sql {
        sqlite: "select d.id as document_id,
                        (select count(*) from document_link l where l.to_id = d.id and l.kind = 'cancels') as cancellations,
                        (select coalesce(sum(p.amount), 0) from posting p where p.document_id = d.id and p.account = 'writeoff') as written_off,
                        (select coalesce(-sum(n.gross), 0) from document_link l join document n on n.id = l.from_id
                         where l.to_id = d.id and l.kind = 'corrects') as credited
                 from json_each($1) j cross join document d on d.id = j.value
                 where exists (select 1 from document_link l where l.to_id = d.id)
                    or exists (select 1 from posting p where p.document_id = d.id and p.account = 'writeoff')",
        postgres: "select d.id as document_id,
                          (select count(*) from document_link l where l.to_id = d.id and l.kind = 'cancels') as cancellations,
                          (select cast(coalesce(sum(p.amount), 0) as bigint) from posting p where p.document_id = d.id and p.account = 'writeoff') as written_off,
                          (select cast(coalesce(-sum(n.gross), 0) as bigint) from document_link l join document n on n.id = l.from_id
                           where l.to_id = d.id and l.kind = 'corrects') as credited
                   from jsonb_array_elements_text($1::text::jsonb) j join document d on d.id = j::bigint
                   where exists (select 1 from document_link l where l.to_id = d.id)
                      or exists (select 1 from posting p where p.document_id = d.id and p.account = 'writeoff')",
    };
    ADD_RECEIVABLE = Sql::both(
        "insert into receivable (document_id, customer_id, currency, open_principal, open_fee, open_interest, state, due_on, stage, next_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    RECEIVABLE = Sql::both(
        "select r.document_id, d.number, d.gross, r.customer_id, r.currency, r.open_principal, r.open_fee, r.open_interest, r.state,
                r.due_on, r.stage, r.next_on, d.issued_on
         from receivable r join document d on d.id = r.document_id where r.document_id = $1");
    RECEIVABLES = Sql {
        sqlite: "select r.document_id, d.number, d.gross, r.customer_id, r.currency, r.open_principal, r.open_fee, r.open_interest, r.state,
                        r.due_on, r.stage, r.next_on, d.issued_on
                 from json_each($1) j cross join receivable r on r.document_id = j.value join document d on d.id = r.document_id
                 order by r.document_id",
        postgres: "select r.document_id, d.number, d.gross, r.customer_id, r.currency, r.open_principal, r.open_fee, r.open_interest,
                          r.state, r.due_on, r.stage, r.next_on, d.issued_on
                   from jsonb_array_elements_text($1::text::jsonb) j join receivable r on r.document_id = j::bigint
                   join document d on d.id = r.document_id order by r.document_id",
    };
    RECEIVABLES_OF_CUSTOMER = Sql::both(
        "select r.document_id, d.number, d.gross, r.customer_id, r.currency, r.open_principal, r.open_fee, r.open_interest, r.state,
                r.due_on, r.stage, r.next_on, d.issued_on
         from receivable r join document d on d.id = r.document_id
         where r.customer_id = $1 and r.open_principal <> 0 order by r.due_on, d.series, d.number_period, d.sequence, d.id");
    // Dunned, and paid meanwhile.
    PAID_AFTER_LETTERS = Sql::both(
        "select r.document_id, d.number, d.gross, r.customer_id, r.currency, r.open_principal, r.open_fee, r.open_interest, r.state,
                r.due_on, r.stage, r.next_on, d.issued_on
         from receivable r join document d on d.id = r.document_id
         where r.next_on <= $1 and r.open_principal <= 0 and r.stage > 0 and r.document_id > $2 order by r.document_id limit $3");
    DUE_RECEIVABLES = Sql::both(
        "select r.customer_id, min(r.next_on) from receivable r
         where r.next_on <= $1 and r.customer_id > $2 group by r.customer_id order by r.customer_id limit $3");
    SET_OPEN = Sql {
        sqlite: "update receivable set open_principal = j.value ->> 1, open_fee = j.value ->> 2, open_interest = j.value ->> 3,
                                       state = j.value ->> 4, next_on = j.value ->> 5
                 from json_each($1) j where receivable.document_id = j.value ->> 0",
        postgres: "update receivable set open_principal = (j ->> 1)::bigint, open_fee = (j ->> 2)::bigint,
                                         open_interest = (j ->> 3)::bigint, state = j ->> 4, next_on = (j ->> 5)::date
                   from jsonb_array_elements($1::text::jsonb) j where receivable.document_id = (j ->> 0)::bigint",
    };
    SET_DUNNING = Sql::both("update receivable set due_on = $2, stage = $3, next_on = $4 where document_id = $1");
    SET_NEXT_LOOK = Sql::both("update receivable set next_on = $2 where document_id = $1");
    LOOK_AT_CUSTOMER = Sql::both(
        "update receivable set next_on = $2 where customer_id = $1 and open_principal > 0 and (next_on is null or next_on > $2)");
}

/// A row of `batch`.
#[derive(Debug, Clone, FromRow)]
pub struct BatchRow {
    /// Its id.
    pub id: BatchId,
    /// What it is for.
    pub kind: BatchKind,
    /// The civil day.
    pub booked_on: NaiveDate,
    /// The letter whose costs it claims.
    pub letter_id: Option<LetterId>,
    /// The batch that it undoes.
    pub reverses_id: Option<BatchId>,
    /// In which run.
    pub run_id: RunId,
}

/// A row of `posting`.
#[derive(Debug, Clone, FromRow)]
pub struct PostingRow {
    /// Its batch.
    pub batch_id: BatchId,
    /// Its place in it.
    pub position: i64,
    /// The account.
    pub account: Account,
    /// Whose.
    pub customer_id: Option<CustomerId>,
    /// For which document.
    pub document_id: Option<DocumentId>,
    /// By which payment.
    pub payment_id: Option<PaymentId>,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// The value date.
    pub value_on: NaiveDate,
}

impl PostingRow {
    /// Returns the leg.
    pub fn leg(&self) -> Leg {
        Leg {
            account: self.account,
            customer: self.customer_id,
            document: self.document_id,
            payment: self.payment_id,
            amount: self.amount,
            currency: self.currency,
            value_on: self.value_on,
        }
    }
}

/// A receivable with the document that it is of.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ReceivableRow {
    /// Which document.
    pub document_id: DocumentId,
    /// Its number.
    pub number: String,
    /// What it was over.
    pub gross: Amount,
    /// Whose.
    pub customer_id: CustomerId,
    /// Its currency.
    pub currency: Currency,
    /// Open principal.
    pub open_principal: Amount,
    /// Open fees.
    pub open_fee: Amount,
    /// Open interest.
    pub open_interest: Amount,
    /// Where it stands.
    pub state: ReceivableState,
    /// The effective due date (D1).
    pub due_on: NaiveDate,
    /// The stage of the last letter that counts.
    pub stage: i64,
    /// The next look.
    pub next_on: Option<NaiveDate>,
    /// The day of issue.
    pub issued_on: NaiveDate,
}

impl ReceivableRow {
    /// Returns the row of a document that was just issued: all of it is open, due on its own day, and nothing is looked at by itself.
    pub fn of(id: DocumentId, customer: CustomerId, document: &Document, gross: Amount) -> ReceivableRow {
        ReceivableRow {
            document_id: id,
            number: document.number.clone(),
            gross,
            customer_id: customer,
            currency: document.currency,
            open_principal: gross,
            open_fee: Amount::ZERO,
            open_interest: Amount::ZERO,
            state: ReceivableState::Open,
            due_on: document.due_on,
            stage: 0,
            next_on: None,
            issued_on: document.issued_on,
        }
    }
}

/// What takes a document back.
#[derive(Debug, Clone, FromRow)]
pub struct TakenBackRow {
    /// Which document.
    pub document_id: DocumentId,
    /// How many documents cancel it.
    pub cancellations: i64,
    /// What of it is written off.
    pub written_off: Amount,
    /// What credit notes took off.
    pub credited: Amount,
}

impl Writing<'_> {
    /// Writes a batch.
    ///
    /// # Errors
    /// When it does not sum to zero, or what it undoes is undone already.
    pub async fn add_batch(&mut self, batch: &Batch) -> Result<BatchId, StoreError> {
        Ok(self.add_batches(std::slice::from_ref(batch)).await?[0])
    }

    /// Writes batches: their legs first, then the rows that seal them. Returns their ids in order.
    ///
    /// # Errors
    /// When one does not sum to zero, or what it undoes is undone already.
    pub async fn add_batches(&mut self, batches: &[Batch]) -> Result<Vec<BatchId>, StoreError> {
        let ids = self.draw_many::<BatchId>(registry::BATCH.name, batches.len()).await?;
        let run = self.run_id();
        let legs = ids.clone().zip(batches).flat_map(|(id, batch)| {
            batch.legs.iter().zip(1_i64..).map(move |(leg, position)| {
                (
                    id,
                    position,
                    leg.account,
                    leg.customer,
                    leg.document,
                    leg.payment,
                    leg.amount,
                    leg.currency,
                    leg.value_on,
                )
            })
        });
        self.add(&registry::POSTING, legs).await?;
        let seals = ids
            .clone()
            .zip(batches)
            .map(|(id, batch)| (id, batch.kind, batch.booked_on, batch.letter, batch.reverses, run));
        self.add(&registry::BATCH, seals).await?;
        Ok(ids.collect())
    }

    /// Adds what is owed on a document.
    pub async fn add_receivable(&mut self, row: &ReceivableRow) -> Result<(), StoreError> {
        let r = row.clone();
        let values = (
            r.document_id,
            r.customer_id,
            r.currency,
            r.open_principal,
            r.open_fee,
            r.open_interest,
            r.state,
            r.due_on,
            r.stage,
            r.next_on,
        );
        self.tx.exec(ADD_RECEIVABLE, values).await?;
        Ok(())
    }

    /// Stores what is open of documents.
    pub async fn set_open(&mut self, rows: &[ReceivableRow]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let value = |row: &ReceivableRow| {
            serde_json::json!([
                row.document_id,
                row.open_principal,
                row.open_fee,
                row.open_interest,
                row.state.name(),
                row.next_on
            ])
        };
        let values = serde_json::Value::from_iter(rows.iter().map(value)).to_string();
        self.tx.exec(SET_OPEN, (values,)).await?;
        Ok(())
    }

    /// Stores where a document's dunning stands.
    pub async fn set_dunning(
        &mut self,
        document: DocumentId,
        due_on: NaiveDate,
        stage: i64,
        next_on: Option<NaiveDate>,
    ) -> Result<(), StoreError> {
        self.tx.exec(SET_DUNNING, (document, due_on, stage, next_on)).await?;
        Ok(())
    }

    /// Sets the day on which a document is looked at next.
    pub async fn look_at(&mut self, document: DocumentId, next_on: Option<NaiveDate>) -> Result<(), StoreError> {
        self.tx.exec(SET_NEXT_LOOK, (document, next_on)).await?;
        Ok(())
    }

    /// Has all open invoices of a customer looked at by a day.
    pub async fn look_at_customer(&mut self, customer: CustomerId, day: NaiveDate) -> Result<(), StoreError> {
        self.tx.exec(LOOK_AT_CUSTOMER, (customer, day)).await?;
        Ok(())
    }
}

impl Tx {
    /// Returns what takes documents back; those that nothing does are left out.
    pub async fn taken_back(&mut self, documents: &[DocumentId]) -> Result<Vec<TakenBackRow>, StoreError> {
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.all(TAKEN_BACK, (json(documents),)).await?)
    }

    /// Returns a batch.
    ///
    /// # Errors
    /// When there is none.
    pub async fn batch(&mut self, id: BatchId) -> Result<BatchRow, StoreError> {
        Ok(self.one(BATCH, (id,)).await?)
    }

    /// Returns the legs of a batch.
    pub async fn legs_of(&mut self, batch: BatchId) -> Result<Vec<PostingRow>, StoreError> {
        Ok(self.all(LEGS, (batch,)).await?)
    }

    /// Returns the batches on a payment that nothing has undone, oldest first.
    pub async fn live_batches_of(&mut self, payment: PaymentId) -> Result<Vec<BatchRow>, StoreError> {
        Ok(self.all(LIVE_BATCHES_OF_PAYMENT, (payment,)).await?)
    }

    /// Returns all batches that moved a payment's money, oldest first: its own, and those that undid them.
    pub async fn batches_of(&mut self, payment: PaymentId) -> Result<Vec<BatchRow>, StoreError> {
        Ok(self.all(BATCHES_OF_PAYMENT, (payment,)).await?)
    }

    /// Returns what lies of a payment on `payer`: negative for money in that is undecided.
    pub async fn on_payer(&mut self, payment: PaymentId) -> Result<Amount, StoreError> {
        let (sum,): (Amount,) = self.one(ON_PAYER, (payment,)).await?;
        Ok(sum)
    }

    /// Returns everything that was posted on a document, in order.
    pub async fn legs_of_document(&mut self, document: DocumentId) -> Result<Vec<PostingRow>, StoreError> {
        Ok(self.all(LEGS_OF_DOCUMENT, (document,)).await?)
    }

    /// Returns the day on which a payment on a document was last returned.
    pub async fn returned_on(&mut self, document: DocumentId) -> Result<Option<NaiveDate>, StoreError> {
        let (day,): (Option<NaiveDate>,) = self.one(RETURNED_ON, (document,)).await?;
        Ok(day)
    }

    /// Returns the batches that claim the costs of a letter.
    pub async fn claims_of(&mut self, letter: LetterId) -> Result<Vec<BatchRow>, StoreError> {
        Ok(self.all(CLAIMS_OF_LETTER, (letter,)).await?)
    }

    /// Returns a customer's credit by currency, positive.
    pub async fn credit_of(&mut self, customer: CustomerId) -> Result<Vec<(Currency, Amount)>, StoreError> {
        Ok(self.all(CREDIT, (customer,)).await?)
    }

    /// Returns the bookings by which a customer's credit in a currency was used and that nothing has undone, newest first.
    pub async fn credit_uses(&mut self, customer: CustomerId, currency: Currency) -> Result<Vec<BatchRow>, StoreError> {
        Ok(self.all(CREDIT_USES, (customer, currency)).await?)
    }

    /// Tells whether payments from an account are booked to a customer.
    pub async fn has_paid_from(&mut self, customer: CustomerId, iban: &str) -> Result<bool, StoreError> {
        let (payments,): (i64,) = self.one(HAS_PAID_FROM, (customer, iban.to_owned())).await?;
        Ok(payments > 0)
    }

    /// Returns the bookings of a kind on a document that nothing has undone.
    pub async fn live_batches_on(
        &mut self,
        document: DocumentId,
        kind: BatchKind,
    ) -> Result<Vec<BatchRow>, StoreError> {
        Ok(self.all(LIVE_BATCH_OF_DOCUMENT, (document, kind)).await?)
    }

    /// Returns what is owed on a document.
    ///
    /// # Errors
    /// When nothing ever was.
    pub async fn receivable(&mut self, document: DocumentId) -> Result<ReceivableRow, StoreError> {
        Ok(self.one(RECEIVABLE, (document,)).await?)
    }

    /// Returns what is owed on documents, by id.
    pub async fn receivables(
        &mut self,
        documents: impl IntoIterator<Item = &DocumentId>,
    ) -> Result<Vec<ReceivableRow>, StoreError> {
        Ok(self.all(RECEIVABLES, (json(documents),)).await?)
    }

    /// Returns what is owed on a document, if anything ever was.
    pub async fn maybe_receivable(&mut self, document: DocumentId) -> Result<Option<ReceivableRow>, StoreError> {
        Ok(self.maybe(RECEIVABLE, (document,)).await?)
    }

    /// Returns the open documents of a customer, by due date and number.
    pub async fn open_receivables_of(&mut self, customer: CustomerId) -> Result<Vec<ReceivableRow>, StoreError> {
        Ok(self.all(RECEIVABLES_OF_CUSTOMER, (customer,)).await?)
    }

    /// Returns invoices that were dunned and paid meanwhile, and are to be looked at by a day, behind a document; at most `limit`.
    pub async fn paid_after_letters(
        &mut self,
        today: NaiveDate,
        after: Option<DocumentId>,
        limit: i64,
    ) -> Result<Vec<ReceivableRow>, StoreError> {
        Ok(self.all(PAID_AFTER_LETTERS, (today, after.map_or(0, DocumentId::get), limit)).await?)
    }

    /// Returns the customers with an invoice that is to be looked at by a day, behind a customer; at most `limit`.
    pub async fn customers_to_look_at(
        &mut self,
        today: NaiveDate,
        after: Option<CustomerId>,
        limit: i64,
    ) -> Result<Vec<CustomerId>, StoreError> {
        let rows: Vec<(CustomerId, NaiveDate)> =
            self.all(DUE_RECEIVABLES, (today, after.map_or(0, CustomerId::get), limit)).await?;
        Ok(rows.into_iter().map(|(customer, _)| customer).collect())
    }
}
