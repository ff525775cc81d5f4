//! Payments: what moved, what is undecided of it, and whom it could be from.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::books::Writing;
use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use super::registry;
use super::words::json;
use crate::id::{BankAccountId, CustomerId, DocumentId, EntryId, PaymentId, RunId};
use crate::ledger::Account;
use crate::matching::{Because, HeldBecause};
use crate::money::{Amount, Currency};

/// What was recorded of a payment `p` by hand, or the best that any statement said of its entry: one that has its details, and of these
/// the most reliable.
macro_rules! best_sighting {
    () => {
        "coalesce(p.model, (select x.model from (
            select s.model, k.reading, s.statement_id,
                   case when s.details >= case when p.detail > 1 then p.detail else 1 end then 0 else 1 end as lacks
            from sighting s join statement t on t.id = s.statement_id join statement_kind k on k.name = t.kind where s.entry_id = p.entry_id) x
            order by x.lacks, x.reading, x.statement_id
            limit 1))"
    };
}
pub(super) use best_sighting;

statements! {
    PAYMENT = Sql::both(concat!(
        "select p.id, p.paid_into, p.entry_id, case when p.model is null then p.detail end as detail, p.amount, p.currency, p.booked_on, p.value_on, p.payer_iban, p.end_to_end_id,
                ", best_sighting!(), " as model
         from payment p where p.id = $1"));
    OPEN_PAYMENT = Sql::both("select payment_id, open_amount, currency, since_on, held_because from open_payment where payment_id = $1");
    ADD_OPEN_PAYMENT = Sql::both(
        "insert into open_payment (payment_id, open_amount, currency, since_on, tried_run_id, held_because) values ($1, $2, $3, $4, null, $5)");
    SET_OPEN_PAYMENT = Sql::both("update open_payment set open_amount = $2 where payment_id = $1");
    TRIED = Sql {
        sqlite: "update open_payment set tried_run_id = $2, held_because = nullif(held_because, 'again')
                 where payment_id in (select value from json_each($1))",
        postgres: "update open_payment set tried_run_id = $2, held_because = nullif(held_because, 'again')
                   where payment_id in (select j::bigint from jsonb_array_elements_text($1::text::jsonb) j)",
    };
    TRY_AGAIN = Sql {
        sqlite: "update open_payment set held_because = 'again' where payment_id in (select value from json_each($1))",
        postgres: "update open_payment set held_because = 'again'
                   where payment_id in (select j::bigint from jsonb_array_elements_text($1::text::jsonb) j)",
    };
    DOUBTED = Sql::both(
        "select o.payment_id, e.id as entry_id, e.booked_on, e.fallback_key
         from open_payment o join payment p on p.id = o.payment_id join entry e on e.id = p.entry_id
         where o.held_because = 'possible_duplicate' and e.bank_account_id = $1 order by o.payment_id");
    UNDECIDED_OF_ENTRIES = Sql {
        sqlite: "select o.payment_id, p.entry_id, p.amount, p.value_on, o.open_amount, o.held_because from json_each($1) j
                 cross join payment p on p.entry_id = j.value join open_payment o on o.payment_id = p.id order by p.id",
        postgres: "select o.payment_id, p.entry_id, p.amount, p.value_on, o.open_amount, o.held_because
                   from jsonb_array_elements_text($1::text::jsonb) j join payment p on p.entry_id = j::bigint
                   join open_payment o on o.payment_id = p.id order by p.id",
    };
    CLOSE_PAYMENTS = Sql {
        sqlite: "delete from open_payment where payment_id in (select value from json_each($1))",
        postgres: "delete from open_payment where payment_id in (select j::bigint from jsonb_array_elements_text($1::text::jsonb) j)",
    };
    DROP_CONCERNS = Sql {
        sqlite: "delete from concern where payment_id in (select value from json_each($1))",
        postgres: "delete from concern where payment_id in (select j::bigint from jsonb_array_elements_text($1::text::jsonb) j)",
    };
    // Rules (a) and (b) of the open-credit guard.
    CONCERNING = Sql::both("select c.payment_id, c.because from concern c where c.customer_id = $1 order by c.payment_id limit 1");
    CONCERNS_OF = Sql::both("select c.payment_id, c.because from concern c where c.customer_id = $1 order by c.payment_id");
    CONCERNED_CUSTOMERS = Sql::both(
        "select c.number from concern k join customer c on c.id = k.customer_id where k.payment_id = $1 order by c.number");
    // Rule (c): an undecided amount that equals an open amount of the customer, with the costs that letters claimed or without.
    CONCERNING_BY_AMOUNT = Sql::both(
        "select distinct o.payment_id, o.open_amount, o.currency, o.since_on, o.held_because
         from open_payment o join receivable r on r.currency = o.currency
           and o.open_amount in (r.open_principal, r.open_principal + r.open_fee + r.open_interest, r.open_principal + r.open_fee,
                                 r.open_principal + r.open_interest)
         where r.customer_id = $1 and r.open_principal <> 0 and o.open_amount > 0 order by o.payment_id");
    LAST_PAYMENTS_OF = Sql::both(
        "select p.amount from payment p
         where p.currency = $2 and p.amount > 0 and p.id in (
             select s.payment_id from document d join posting s on s.document_id = d.id and s.account = 'principal'
             where d.customer_id = $1 and s.payment_id is not null
               and not exists (select 1 from batch u where u.reverses_id = s.batch_id))
         order by p.booked_on desc, p.id desc limit $3");
    PAYMENT_BY_KEY = Sql::both("select id, amount, currency from payment where external_key = $1");
    BOOKED_BY_REF = Sql::both(
        "select p.id from payment p join entry e on e.id = p.entry_id where e.bank_ref = $1 and (p.amount > 0) = ($2 > 0)
         order by case when p.amount = $2 then 0 else 1 end, p.id desc limit 200");
    BOOKED_BY_END_TO_END = Sql::both(
        "select p.id from payment p where p.end_to_end_id = $1 and p.amount = $2 order by p.id desc limit 5");
    PAYMENTS_ON_DOCUMENT = Sql::both(
        "select distinct p.payment_id from posting p where p.document_id = $1 and p.account = 'principal' and p.payment_id is not null
         order by p.payment_id");
    // Undecided payments that were not tried since a document was issued, something learned, or a customer's entry changed, in the order
    // in which they are decided; those that a person must look at are tried once, to know whom they concern.
    UNTRIED = Sql::both(
        "select p.id from open_payment o join payment p on p.id = o.payment_id
         where o.tried_run_id is null or o.held_because = 'again' or o.held_because is null and (
                o.tried_run_id < coalesce((select run_id from document order by id desc limit 1), 0)
                or (select r.book_version_id from run r where r.id = o.tried_run_id) < (select max(v.id) from book_version v)
                or o.tried_run_id <= coalesce((select run_id from act where kind in (select name from act_kind where teaches) order by id desc limit 1), 0))
         order by p.booked_on, case when p.amount < 0 then 1 else 0 end, p.id");
    UNDECIDED = Sql {
        sqlite: concat!(
            "select p.id, p.paid_into, p.entry_id, case when p.model is null then p.detail end as detail, p.amount, p.currency, p.booked_on, p.value_on, p.payer_iban, p.end_to_end_id,
                    ", best_sighting!(), " as model,
                    o.open_amount, o.tried_run_id, o.held_because
             from json_each($1) j cross join open_payment o on o.payment_id = j.value join payment p on p.id = o.payment_id order by j.key"),
        postgres: concat!(
            "select p.id, p.paid_into, p.entry_id, case when p.model is null then p.detail end as detail, p.amount, p.currency, p.booked_on, p.value_on, p.payer_iban, p.end_to_end_id,
                    ", best_sighting!(), " as model,
                    o.open_amount, o.tried_run_id, o.held_because
             from jsonb_array_elements_text($1::text::jsonb) with ordinality j (id, place) join open_payment o on o.payment_id = j.id::bigint
             join payment p on p.id = o.payment_id order by j.place"),
    };
    HOLD = Sql::both("update open_payment set held_because = $2 where payment_id = $1");
    HELD_BECAUSE = Sql::both("select payment_id from open_payment where held_because = $1 order by payment_id");
    WAITING_WITH_AMOUNT = Sql::both(
        "select payment_id from open_payment where currency = $1 and open_amount = $2 and tried_run_id is not null
         order by payment_id desc limit 200");
    MONEY_OUT_SINCE = Sql::both(
        "select p.id, p.amount, p.booked_on, p.end_to_end_id
         from bank_account a cross join entry e join payment p on p.entry_id = e.id
         where e.bank_account_id = a.id and e.booked_on >= $1 and p.amount < 0
           and not exists (select 1 from open_payment o where o.payment_id = p.id) order by p.id");
}

/// A payment that may have been booked before, with its entry.
#[derive(Debug, Clone, FromRow)]
pub struct DoubtedRow {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Its entry.
    pub entry_id: EntryId,
    /// The booking day.
    pub booked_on: NaiveDate,
    /// What it says, by hash.
    pub fallback_key: String,
}

/// An undecided payment of an entry.
#[derive(Debug, Clone, FromRow)]
pub struct UndecidedRow {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Its entry.
    pub entry_id: EntryId,
    /// The signed amount.
    pub amount: Amount,
    /// The value date.
    pub value_on: NaiveDate,
    /// What is undecided of it.
    pub open_amount: Amount,
    /// Why a person must look first.
    pub held_because: Option<HeldBecause>,
}

/// A new payment.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// Bank, cash or clearing.
    pub paid_into: Account,
    /// Entry and detail; nothing when recorded by hand.
    pub entry: Option<(EntryId, i64)>,
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
    /// The end-to-end id.
    pub end_to_end_id: Option<String>,
    /// What must not be recorded twice: the key of another system's line.
    pub external_key: Option<String>,
    /// What was recorded by hand, or what a person said of a part of an entry, as JSON; nothing: see the sightings.
    pub model: Option<String>,
    /// Why a person must look first.
    pub held_because: Option<HeldBecause>,
}

/// A payment with the best that any statement said of it.
#[derive(Debug, Clone, FromRow)]
pub struct PaymentRow {
    /// Its id.
    pub id: PaymentId,
    /// Bank, cash or clearing.
    pub paid_into: Account,
    /// The entry.
    pub entry_id: Option<EntryId>,
    /// The detail of the entry; 0 for the whole, nothing where the model is the payment's own.
    pub detail: Option<i64>,
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
    /// The end-to-end id.
    pub end_to_end_id: Option<String>,
    /// The entry as the best statement said it, or what was recorded by hand.
    pub model: String,
}

/// An undecided payment that is worth trying.
#[derive(Debug, Clone, FromRow)]
pub struct UntriedRow {
    /// The payment.
    #[sqlx(flatten)]
    pub payment: PaymentRow,
    /// What is undecided of it.
    pub open_amount: Amount,
    /// The run that tried it last; nothing: it was never tried.
    pub tried_run_id: Option<RunId>,
    /// Why a person must look first.
    pub held_because: Option<HeldBecause>,
}

/// A row of `open_payment`.
#[derive(Debug, Clone, FromRow)]
pub struct OpenPaymentRow {
    /// Which payment.
    pub payment_id: PaymentId,
    /// What is undecided of it.
    pub open_amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// Since when.
    pub since_on: NaiveDate,
    /// Why a person must look first.
    pub held_because: Option<HeldBecause>,
}

impl Writing<'_> {
    /// Adds payments, all of them undecided. Returns their ids in order.
    pub async fn add_payments(&mut self, payments: Vec<NewPayment>) -> Result<Vec<PaymentId>, StoreError> {
        let ids: Vec<PaymentId> = self.draw_many(registry::PAYMENT.name, payments.len()).await?.collect();
        let (run, today) = (self.run_id(), self.today());
        let open: Vec<_> = ids
            .iter()
            .zip(&payments)
            .map(|(id, p)| (*id, p.amount, p.currency, today, None::<RunId>, p.held_because))
            .collect();
        let rows = ids.iter().copied().zip(payments).map(|(id, p)| {
            let (entry, detail) = p.entry.map_or((None, None), |(entry, detail)| (Some(entry), Some(detail)));
            (
                id,
                p.paid_into,
                entry,
                detail,
                p.amount,
                p.currency,
                p.booked_on,
                p.value_on,
                p.payer_iban,
                p.end_to_end_id,
                p.external_key,
                p.model,
                run,
            )
        });
        self.add(&registry::PAYMENT, rows).await?;
        let insert =
            "insert into open_payment (payment_id, open_amount, currency, since_on, tried_run_id, held_because)";
        self.tx.fill(insert, open).await?;
        Ok(ids)
    }

    /// Stores what is undecided of a payment; nothing: it is closed.
    pub async fn set_open_payment(&mut self, payment: PaymentId, open: Amount) -> Result<(), StoreError> {
        if open.is_zero() {
            return self.close_payments(&[payment]).await;
        }
        self.tx.exec(SET_OPEN_PAYMENT, (payment, open)).await?;
        Ok(())
    }

    /// Notes that nothing is undecided of payments any more.
    pub async fn close_payments(&mut self, payments: &[PaymentId]) -> Result<(), StoreError> {
        if !payments.is_empty() {
            self.tx.exec(DROP_CONCERNS, (json(payments),)).await?;
            self.tx.exec(CLOSE_PAYMENTS, (json(payments),)).await?;
        }
        Ok(())
    }

    /// Makes a payment undecided again.
    pub async fn reopen_payment(
        &mut self,
        payment: PaymentId,
        amount: Amount,
        currency: Currency,
        held_because: Option<HeldBecause>,
    ) -> Result<(), StoreError> {
        let today = self.today();
        self.tx.exec(ADD_OPEN_PAYMENT, (payment, amount, currency, today, held_because)).await?;
        Ok(())
    }

    /// Has undecided payments tried again, whatever they waited for.
    pub async fn try_again(&mut self, payments: &[PaymentId]) -> Result<(), StoreError> {
        if !payments.is_empty() {
            self.tx.exec(TRY_AGAIN, (json(payments),)).await?;
        }
        Ok(())
    }

    /// Holds an undecided payment for a reason: it is not tried by itself any more.
    pub async fn hold_payment(&mut self, payment: PaymentId, because: HeldBecause) -> Result<(), StoreError> {
        self.tx.exec(HOLD, (payment, because)).await?;
        Ok(())
    }

    /// Notes that payments were tried in this run and wait for the owner, and the customers that each could be from.
    pub async fn wait_for_owner(
        &mut self,
        payments: &[(PaymentId, Vec<(CustomerId, Because)>)],
    ) -> Result<(), StoreError> {
        if payments.is_empty() {
            return Ok(());
        }
        let ids: Vec<PaymentId> = payments.iter().map(|(payment, _)| *payment).collect();
        let run = self.run_id();
        self.tx.exec(TRIED, (json(&ids), run)).await?;
        self.tx.exec(DROP_CONCERNS, (json(&ids),)).await?;
        let rows = payments.iter().flat_map(|(payment, customers)| {
            customers.iter().map(|(customer, because)| (*payment, *customer, *because))
        });
        Ok(self.tx.fill("insert into concern (payment_id, customer_id, because)", rows.collect::<Vec<_>>()).await?)
    }
}

impl Tx {
    /// Returns a payment.
    ///
    /// # Errors
    /// When there is none.
    pub async fn payment(&mut self, id: PaymentId) -> Result<Option<PaymentRow>, StoreError> {
        Ok(self.maybe(PAYMENT, (id,)).await?)
    }

    /// Finds a payment by the key of another system's line: its id, its amount and currency.
    pub async fn payment_by_key(&mut self, key: &str) -> Result<Option<(PaymentId, Amount, Currency)>, StoreError> {
        Ok(self.maybe(PAYMENT_BY_KEY, (key.to_owned(),)).await?)
    }

    /// Returns the payments into an account that may have been booked before.
    pub async fn doubted_payments(&mut self, account: BankAccountId) -> Result<Vec<DoubtedRow>, StoreError> {
        Ok(self.all(DOUBTED, (account,)).await?)
    }

    /// Returns the undecided payments of entries.
    pub async fn undecided_of_entries(&mut self, entries: &[EntryId]) -> Result<Vec<UndecidedRow>, StoreError> {
        Ok(self.all(UNDECIDED_OF_ENTRIES, (json(entries),)).await?)
    }

    /// Returns what is undecided of a payment.
    pub async fn open_payment(&mut self, payment: PaymentId) -> Result<Option<OpenPaymentRow>, StoreError> {
        Ok(self.maybe(OPEN_PAYMENT, (payment,)).await?)
    }

    /// Returns an undecided payment that concerns a customer by document, account, number or name, and why.
    pub async fn concerning(&mut self, customer: CustomerId) -> Result<Option<(PaymentId, Because)>, StoreError> {
        Ok(self.maybe(CONCERNING, (customer,)).await?)
    }

    /// Returns all undecided payments that concern a customer by document, account, number or name, and why.
    pub async fn concerns_of(&mut self, customer: CustomerId) -> Result<Vec<(PaymentId, Because)>, StoreError> {
        Ok(self.all(CONCERNS_OF, (customer,)).await?)
    }

    /// Returns the numbers of the customers that an undecided payment concerns.
    pub async fn concerned_customers(&mut self, payment: PaymentId) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = self.all(CONCERNED_CUSTOMERS, (payment,)).await?;
        Ok(rows.into_iter().map(|(number,)| number).collect())
    }

    /// Returns the undecided payments whose amount equals an open amount of a customer.
    pub async fn concerning_by_amount(&mut self, customer: CustomerId) -> Result<Vec<OpenPaymentRow>, StoreError> {
        Ok(self.all(CONCERNING_BY_AMOUNT, (customer,)).await?)
    }

    /// Returns the amounts of a customer's last payments in a currency that are booked on documents, the newest first.
    pub async fn last_payments_of(
        &mut self,
        customer: CustomerId,
        currency: Currency,
        most: i64,
    ) -> Result<Vec<Amount>, StoreError> {
        let rows: Vec<(Amount,)> = self.all(LAST_PAYMENTS_OF, (customer, currency, most)).await?;
        Ok(rows.into_iter().map(|(amount,)| amount).collect())
    }

    /// Returns payments that carry a bank's reference and went the same way as an amount; those over it first, then the newest.
    pub async fn payments_by_ref(&mut self, bank_ref: &str, amount: Amount) -> Result<Vec<PaymentId>, StoreError> {
        let rows: Vec<(PaymentId,)> = self.all(BOOKED_BY_REF, (bank_ref.to_owned(), amount)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns payments with an end-to-end id and amount, the newest first.
    pub async fn payments_by_end_to_end(&mut self, id: &str, amount: Amount) -> Result<Vec<PaymentId>, StoreError> {
        let rows: Vec<(PaymentId,)> = self.all(BOOKED_BY_END_TO_END, (id.to_owned(), amount)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns the payments that were booked on a document.
    pub async fn payments_on(&mut self, document: DocumentId) -> Result<Vec<PaymentId>, StoreError> {
        let rows: Vec<(PaymentId,)> = self.all(PAYMENTS_ON_DOCUMENT, (document,)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns the undecided payments that are worth trying, in the order in which they are decided: by booking day, money in first.
    pub async fn untried_payments(&mut self) -> Result<Vec<PaymentId>, StoreError> {
        let rows: Vec<(PaymentId,)> = self.all(UNTRIED, ()).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns those of some payments that are undecided, in the order in which they are named.
    pub async fn undecided_payments(&mut self, payments: &[PaymentId]) -> Result<Vec<UntriedRow>, StoreError> {
        Ok(self.all(UNDECIDED, (json(payments),)).await?)
    }

    /// Returns the undecided payments that are held for a reason.
    pub async fn payments_held(&mut self, because: HeldBecause) -> Result<Vec<PaymentId>, StoreError> {
        let rows: Vec<(PaymentId,)> = self.all(HELD_BECAUSE, (because,)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns payments that wait for the owner with exactly this amount undecided, with its sign; the newest first.
    pub async fn waiting_with_amount(
        &mut self,
        currency: Currency,
        amount: Amount,
    ) -> Result<Vec<PaymentId>, StoreError> {
        let rows: Vec<(PaymentId,)> = self.all(WAITING_WITH_AMOUNT, (currency, amount)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns money out that was booked by the bank on a day or later, and of which nothing is undecided.
    pub async fn money_out_since(&mut self, day: NaiveDate) -> Result<Vec<MoneyOutRow>, StoreError> {
        Ok(self.all(MONEY_OUT_SINCE, (day,)).await?)
    }
}

/// Money that went out and is decided.
#[derive(Debug, Clone, FromRow)]
pub struct MoneyOutRow {
    /// Which payment.
    pub id: PaymentId,
    /// The signed amount.
    pub amount: Amount,
    /// The booking day.
    pub booked_on: NaiveDate,
    /// The end-to-end id.
    pub end_to_end_id: Option<String>,
}
