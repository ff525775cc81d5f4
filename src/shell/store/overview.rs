//! What the reading commands and the summary show.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use super::payments::best_sighting;
use crate::fact::VerdictKind;
use crate::id::{CustomerId, DocumentId, PaymentId};
use crate::invoice::DocumentKind;
use crate::ledger::{Account, BatchKind, ReceivableState};
use crate::matching::{Decision, HeldBecause};
use crate::money::{Amount, Currency};
use crate::summary::Movement;

/// Whether the invoice `d` has not reached its customer: its own letter has not left, or came back. It is not due then (rule D1).
macro_rules! is_undelivered {
    () => {
        "exists (select 1 from letter l where l.document_id = d.id and l.kind = 'invoice')
         and not exists (
            select 1 from letter l where l.document_id = d.id and l.kind = 'invoice'
               and exists (select 1 from letter_event e join letter_event_kind k on k.name = e.kind where e.letter_id = l.id and k.counts)
               and not exists (select 1 from letter_event e join letter_event_kind k on k.name = e.kind where e.letter_id = l.id and k.undoes))"
    };
}

statements! {
    INVOICES = Sql::both(
        "select d.id, d.number, d.kind, d.issued_on, d.currency, d.gross, c.number as customer_number, c.name as customer_name,
                r.open_principal, r.open_fee, r.open_interest, r.state, r.due_on, r.stage
         from document d join customer c on c.id = d.customer_id join receivable r on r.document_id = d.id
         where ($1 = '' or c.number = $1) and ($2 = 0 or r.open_principal <> 0)
         order by d.series, d.number_period, d.sequence, d.id");
    BALANCES = Sql::both(concat!(
        "select c.id, c.number, c.name, r.currency, cast(sum(r.open_principal) as bigint) as open_principal,
                cast(sum(case when r.open_principal > 0 and r.due_on < $1 and not (", is_undelivered!(), ")
                              then r.open_principal else 0 end) as bigint) as overdue,
                count(case when r.open_principal <> 0 then 1 end) as open_documents, max(r.stage) as stage
         from customer c join receivable r on r.customer_id = c.id join document d on d.id = r.document_id
         join document_kind t on t.name = d.kind and not t.is_paid_out
         group by c.id, c.number, c.name, r.currency order by c.number, r.currency"));
    UNDELIVERED = Sql::both(concat!(
        "select d.id from receivable r join document d on d.id = r.document_id join document_kind t on t.name = d.kind
         where r.open_principal > 0 and t.asks_for_payment and ", is_undelivered!()));
    // What was invoiced since a day, less what was credited and cancelled.
    INVOICED_AFTER = Sql::both(
        "select d.customer_id, d.currency, cast(sum(d.gross) as bigint) from document d join document_kind t on t.name = d.kind
         where d.issued_on > $1 and not t.is_paid_out and exists (select 1 from receivable r where r.document_id = d.id)
         group by d.customer_id, d.currency order by d.customer_id, d.currency");
    // Money that came in by statements, and how much of it waited for the owner.
    ASKED = Sql::both(
        "select count(*), count(case when exists (select 1 from decision d where d.subject_kind = 'payment' and d.subject_id = p.id
                                                  and (d.verdict = $3 or d.verdict = $4)) then 1 end)
         from payment p join run r on r.id = p.run_id
         where p.amount > 0 and p.entry_id is not null and r.today >= $1 and r.today < $2");
    OPEN_INVOICES = Sql::both(
        "select d.id, d.number, d.kind, d.issued_on, d.currency, d.gross, c.number as customer_number, c.name as customer_name,
                r.open_principal, r.open_fee, r.open_interest, r.state, r.due_on, r.stage
         from receivable r join document d on d.id = r.document_id join customer c on c.id = d.customer_id
         join document_kind t on t.name = d.kind
         where r.open_principal <> 0 and not t.is_paid_out order by r.due_on, d.id");
    // What is to be paid out to customers.
    OPEN_REFUNDS = Sql::both(
        "select d.id, d.number, d.kind, d.issued_on, d.currency, d.gross, c.number as customer_number, c.name as customer_name,
                r.open_principal, r.open_fee, r.open_interest, r.state, r.due_on, r.stage
         from receivable r join document d on d.id = r.document_id join customer c on c.id = d.customer_id
         join document_kind t on t.name = d.kind
         where r.open_principal < 0 and t.is_paid_out order by d.id");
    COSTS_LEFT = Sql::both(
        "select d.id, d.number, d.kind, d.issued_on, d.currency, d.gross, c.number as customer_number, c.name as customer_name,
                r.open_principal, r.open_fee, r.open_interest, r.state, r.due_on, r.stage
         from receivable r join document d on d.id = r.document_id join customer c on c.id = d.customer_id
         where r.open_principal = 0 and r.open_fee + r.open_interest > 0 order by d.id");
    PARTLY_PAID = Sql::both(
        "select d.id from receivable r join document d on d.id = r.document_id join document_kind t on t.name = d.kind
         where r.open_principal > 0 and r.open_principal < d.gross and t.asks_for_payment and ($1 = 0 or r.customer_id = $1) order by d.id");
    // What was last decided on open documents.
    STANDING = Sql::both(
        "select d.id, d.number, d.currency, r.open_principal, r.due_on, c.number as customer_number, c.name as customer_name,
                x.rule, x.facts
         from receivable r join document d on d.id = r.document_id join customer c on c.id = r.customer_id
         join decision x on x.id = (select max(l.id) from decision l where l.subject_kind = 'document' and l.subject_id = d.id)
         where r.open_principal > 0 and x.verdict = $1 order by r.due_on, d.id");
    // The last payment of each paid document against its due date: how late customers pay.
    SETTLED = Sql::both(
        "select d.customer_id, r.document_id, r.due_on, max(p.value_on) as paid_on
         from receivable r join document d on d.id = r.document_id join document_kind t on t.name = d.kind
         join posting p on p.document_id = r.document_id and p.account = 'principal' and p.payment_id is not null
         where r.state = 'paid' and t.asks_for_payment and ($1 = 0 or d.customer_id = $1)
         group by d.customer_id, r.document_id, r.due_on order by d.customer_id, r.document_id");
    PAYMENTS = Sql::both(concat!(
        "select p.id, p.amount, p.currency, p.booked_on, p.value_on, p.payer_iban,
                ", best_sighting!(), " as model,
                case when p.model is null then p.detail end as detail, o.open_amount, o.held_because
         from payment p left join open_payment o on o.payment_id = p.id
         where ($1 = 0 or o.payment_id is not null) order by p.id"));
    WAITING_PAYMENT = Sql::both(concat!(
        "select p.id, p.amount, p.currency, p.booked_on, p.value_on, p.payer_iban,
                ", best_sighting!(), " as model,
                case when p.model is null then p.detail end as detail, o.open_amount, o.held_because
         from payment p join open_payment o on o.payment_id = p.id
         where p.id = $1"));
    WAITING = Sql::both("select count(*) from open_payment");
    // What was booked in some days, added up by what it is.
    MOVEMENTS = Sql::both(
        "select kind, undoes, of_refund, account, document, currency, cast(sum(amount) as bigint) as amount from (
             select b.kind, o.kind as undoes, p.account, d.kind as document, p.currency, p.amount,
                    case when exists (select 1 from posting x join document f on f.id = x.document_id
                                      join document_kind t on t.name = f.kind
                                      where x.batch_id = b.id and t.is_paid_out) then 1 else 0 end as of_refund
             from run r join batch b on b.run_id = r.id left join batch o on o.id = b.reverses_id
             join posting p on p.batch_id = b.id left join document d on d.id = p.document_id
             where r.today >= $1 and r.today < $2) moved
         group by kind, undoes, of_refund, account, document, currency
         order by kind, undoes, of_refund, account, document, currency");
    // Invoices whose own letter was accepted or posted between two instants, and never before.
    WENT_OUT = Sql::both(
        "select d.currency, count(*), cast(sum(d.gross) as bigint) from document d join (
             select l.document_id, min(e.happened_at) as first_at
             from letter l join letter_event e on e.letter_id = l.id join letter_event_kind k on k.name = e.kind
             where l.kind = 'invoice' and k.counts group by l.document_id) gone on gone.document_id = d.id
         join document_kind t on t.name = d.kind
         where t.asks_for_payment and gone.first_at >= $1 and gone.first_at < $2 group by d.currency order by d.currency");
    PAYMENTS_OF_CUSTOMER = Sql::both(
        "select distinct p.id, p.amount, p.currency, p.booked_on, p.value_on, p.payer_iban, coalesce(p.model, '') as model, p.detail,
                cast(null as bigint) as open_amount, cast(null as text) as held_because
         from payment p join posting l on l.payment_id = p.id where l.customer_id = $1 order by p.id desc limit 20");
    ALLOCATIONS = Sql::both(
        "select d.number, cast(-sum(l.amount) as bigint) from posting l join document d on d.id = l.document_id
         where l.payment_id = $1 and l.account in (select name from posting_account where is_claim) group by d.number having sum(l.amount) <> 0 order by d.number");
    ALL_CREDIT = Sql::both(
        "select c.number, c.name, p.currency, cast(-sum(p.amount) as bigint) from posting p join customer c on c.id = p.customer_id
         where p.account = 'credit' group by c.number, c.name, p.currency having sum(p.amount) <> 0 order by c.number, p.currency");
}

/// A document with whose it is and what is open of it.
#[derive(Debug, Clone, FromRow)]
pub struct InvoiceRow {
    /// Which.
    pub id: DocumentId,
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: DocumentKind,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// Its currency.
    pub currency: Currency,
    /// What it was over.
    pub gross: Amount,
    /// The customer's number.
    pub customer_number: String,
    /// The customer's name.
    pub customer_name: String,
    /// Open principal.
    pub open_principal: Amount,
    /// Open fees.
    pub open_fee: Amount,
    /// Open interest.
    pub open_interest: Amount,
    /// Where it stands.
    pub state: ReceivableState,
    /// The effective due date.
    pub due_on: NaiveDate,
    /// The stage of the last letter that counts.
    pub stage: i64,
}

/// What a customer owes in a currency.
#[derive(Debug, Clone, FromRow)]
pub struct CustomerBalance {
    /// Which.
    pub id: CustomerId,
    /// The number.
    pub number: String,
    /// The name.
    pub name: String,
    /// The currency.
    pub currency: Currency,
    /// Open principal.
    pub open_principal: Amount,
    /// What of it is overdue.
    pub overdue: Amount,
    /// How many documents are open.
    pub open_documents: i64,
    /// The highest stage of any.
    pub stage: i64,
}

/// A payment with what is undecided of it.
#[derive(Debug, Clone, FromRow)]
pub struct PaymentLine {
    /// Which.
    pub id: PaymentId,
    /// The signed amount.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// The booking day.
    pub booked_on: NaiveDate,
    /// The value date.
    pub value_on: NaiveDate,
    /// The other party's account.
    pub payer_iban: Option<String>,
    /// The entry as read.
    pub model: String,
    /// The detail of the entry.
    pub detail: Option<i64>,
    /// What is undecided of it.
    pub open_amount: Option<Amount>,
    /// Why a person must look first.
    pub held_because: Option<HeldBecause>,
}

/// What was booked in some days on one account, by what it was for.
#[derive(Debug, Clone, FromRow)]
pub struct MovementRow {
    /// What the batches were for.
    pub kind: BatchKind,
    /// What the batches were for that they undo.
    pub undoes: Option<BatchKind>,
    /// Whether the batches pay out a refund, or undo that.
    pub of_refund: i32,
    /// The account.
    pub account: Account,
    /// On which kind of document.
    pub document: Option<DocumentKind>,
    /// The currency.
    pub currency: Currency,
    /// The sum; debit is positive.
    pub amount: Amount,
}

impl MovementRow {
    /// Returns the movement.
    pub fn movement(&self) -> Movement {
        Movement {
            kind: self.kind,
            undoes: self.undoes,
            of_refund: self.of_refund != 0,
            account: self.account,
            document: self.document,
            currency: self.currency,
            amount: self.amount,
        }
    }
}

/// An open document with what was last decided on it.
#[derive(Debug, Clone, FromRow)]
pub struct StandingRow {
    /// Which.
    pub id: DocumentId,
    /// Its number.
    pub number: String,
    /// Its currency.
    pub currency: Currency,
    /// Open principal.
    pub open_principal: Amount,
    /// The effective due date.
    pub due_on: NaiveDate,
    /// The customer's number.
    pub customer_number: String,
    /// The customer's name.
    pub customer_name: String,
    /// The rule that decided.
    pub rule: String,
    /// What it saw.
    pub facts: String,
}

/// A document that was paid: its customer, its effective due date and the day of the last payment.
pub type Settled = (CustomerId, DocumentId, NaiveDate, NaiveDate);

impl Tx {
    /// Returns documents that are or were owed, by number; of one customer (empty: of all), open ones or all.
    pub async fn invoices(&mut self, customer: &str, only_open: bool) -> Result<Vec<InvoiceRow>, StoreError> {
        Ok(self.all(INVOICES, (customer.to_owned(), i64::from(only_open))).await?)
    }

    /// Returns all open invoices and credit notes, the oldest due first.
    pub async fn open_invoices(&mut self) -> Result<Vec<InvoiceRow>, StoreError> {
        Ok(self.all(OPEN_INVOICES, ()).await?)
    }

    /// Returns the refunds that were drawn and not transferred yet.
    pub async fn open_refunds(&mut self) -> Result<Vec<InvoiceRow>, StoreError> {
        Ok(self.all(OPEN_REFUNDS, ()).await?)
    }

    /// Returns the paid invoices of which costs or interest are left.
    pub async fn costs_left(&mut self) -> Result<Vec<InvoiceRow>, StoreError> {
        Ok(self.all(COSTS_LEFT, ()).await?)
    }

    /// Returns the open invoices that something was paid of; of one customer, or of all.
    pub async fn partly_paid(&mut self, customer: Option<CustomerId>) -> Result<Vec<DocumentId>, StoreError> {
        let rows: Vec<(DocumentId,)> = self.all(PARTLY_PAID, (customer.map_or(0, CustomerId::get),)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns the open documents whose last decision has a verdict: `held`, `last_stage`.
    pub async fn standing(&mut self, verdict: VerdictKind) -> Result<Vec<StandingRow>, StoreError> {
        Ok(self.all(STANDING, (verdict,)).await?)
    }

    /// Returns the open invoices that have not reached their customers, so that nothing of them is due yet (rule D1).
    pub async fn undelivered(&mut self) -> Result<BTreeSet<DocumentId>, StoreError> {
        let rows: Vec<(DocumentId,)> = self.all(UNDELIVERED, ()).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns what each customer owes and what of it is overdue on a day.
    pub async fn balances(&mut self, today: NaiveDate) -> Result<Vec<CustomerBalance>, StoreError> {
        Ok(self.all(BALANCES, (today,)).await?)
    }

    /// Returns what was invoiced to each customer after a day, gross, less what was credited and cancelled.
    pub async fn invoiced_after(&mut self, day: NaiveDate) -> Result<Vec<(CustomerId, Currency, Amount)>, StoreError> {
        Ok(self.all(INVOICED_AFTER, (day,)).await?)
    }

    /// Returns the invoices that were paid, with due date and last payment; of one customer, or of all.
    pub async fn settled(&mut self, customer: Option<CustomerId>) -> Result<Vec<Settled>, StoreError> {
        Ok(self.all(SETTLED, (customer.map_or(0, CustomerId::get),)).await?)
    }

    /// Returns payments, undecided ones or all.
    pub async fn payment_lines(&mut self, only_undecided: bool) -> Result<Vec<PaymentLine>, StoreError> {
        Ok(self.all(PAYMENTS, (i64::from(only_undecided),)).await?)
    }

    /// Returns a payment that waits; nothing when it is decided.
    pub async fn waiting_payment(&mut self, payment: PaymentId) -> Result<Option<PaymentLine>, StoreError> {
        Ok(self.maybe(WAITING_PAYMENT, (payment,)).await?)
    }

    /// Returns how many payments wait.
    pub async fn waiting_payments(&mut self) -> Result<usize, StoreError> {
        let (count,): (i64,) = self.one(WAITING, ()).await?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Returns what was booked from a day on and before another, added up by what it is.
    pub async fn movements(&mut self, from: NaiveDate, before: NaiveDate) -> Result<Vec<MovementRow>, StoreError> {
        Ok(self.all(MOVEMENTS, (from, before)).await?)
    }

    /// Returns the invoices whose own letter was accepted or posted for the first time between two instants: how many, over how much, by
    /// currency.
    pub async fn went_out(
        &mut self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<(Currency, i64, Amount)>, StoreError> {
        Ok(self.all(WENT_OUT, (from, until)).await?)
    }

    /// Returns the last payments of a customer, newest first.
    pub async fn payments_of(&mut self, customer: CustomerId) -> Result<Vec<PaymentLine>, StoreError> {
        Ok(self.all(PAYMENTS_OF_CUSTOMER, (customer,)).await?)
    }

    /// Returns what a payment was used for: number and amount.
    pub async fn allocations_of(&mut self, payment: PaymentId) -> Result<Vec<(String, Amount)>, StoreError> {
        Ok(self.all(ALLOCATIONS, (payment,)).await?)
    }

    /// Returns how many payments came in by statements from a day on and before another, and how many of them waited for the owner.
    pub async fn asked(&mut self, from: NaiveDate, before: NaiveDate) -> Result<(i64, i64), StoreError> {
        let waits = |decision: Decision| decision.name().to_owned();
        Ok(self.one(ASKED, (from, before, waits(Decision::Suggest), waits(Decision::Hold))).await?)
    }

    /// Returns all customers' credit: number, name, currency, amount.
    pub async fn all_credit(&mut self) -> Result<Vec<(String, String, Currency, Amount)>, StoreError> {
        Ok(self.all(ALL_CREDIT, ()).await?)
    }
}
