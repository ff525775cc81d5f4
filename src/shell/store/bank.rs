//! The bank: accounts, files, statements, entries and their sightings, payments, and what is still undecided.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::books::Writing;
use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use crate::journal::Digest;

/// What was recorded of a payment `p` by hand, or the best that any statement said of its entry: one that has its details, and of these
/// the most reliable.
macro_rules! best_sighting {
    () => {
        "coalesce(p.model, (select x.model from (
            select s.model, t.kind, s.statement_id,
                   case when s.details >= case when p.detail > 1 then p.detail else 1 end then 0 else 1 end as lacks
            from sighting s join statement t on t.id = s.statement_id where s.entry_id = p.entry_id) x
            order by x.lacks, case x.kind when 'camt.053' then 0 when 'mt940' then 1 when 'camt.052' then 2 else 3 end, x.statement_id
            limit 1))"
    };
}
pub(super) use best_sighting;

statements! {
    ACCOUNTS = Sql::both(
        "select id, name, currency, gates_dunning, receives_from, opened_on, closed_on, covered_through from bank_account order by name");
    NEXT_ACCOUNT_ID = Sql::both("select coalesce(max(id), 0) + 1 from bank_account");
    ADD_ACCOUNT = Sql::both(
        "insert into bank_account (id, name, currency, gates_dunning, receives_from, opened_on, closed_on, covered_through)
         values ($1, $2, $3, $4, $5, $6, $7, null)");
    UPDATE_ACCOUNT = Sql::both(
        "update bank_account set name = $2, currency = $3, gates_dunning = $4, receives_from = $5, opened_on = $6, closed_on = $7 where id = $1");
    IDENTIFIERS = Sql::both("select value, currency, bank_account_id from bank_account_identifier order by value, currency");
    ADD_IDENTIFIER = Sql::both("insert into bank_account_identifier (value, currency, bank_account_id) values ($1, $2, $3)");
    DROP_IDENTIFIERS = Sql::both("delete from bank_account_identifier where bank_account_id = $1");
    SET_COVERED = Sql::both("update bank_account set covered_through = $2 where id = $1");
    FILE_BOOKED = Sql::both("select id from bank_file where sha256 = $1 and member = $2 and rejected_because is null");
    NEXT_FILE_ID = Sql::both("select coalesce(max(id), 0) + 1 from bank_file");
    ADD_FILE = Sql::both("insert into bank_file (id, name, member, sha256, rejected_because, run_id) values ($1, $2, $3, $4, $5, $6)");
    STATEMENT_KNOWN = Sql::both("select id from statement where bank_account_id = $1 and digest = $2");
    NEXT_STATEMENT_ID = Sql::both("select coalesce(max(id), 0) + 1 from statement");
    ADD_STATEMENT = Sql::both(
        "insert into statement (id, bank_account_id, kind, bank_file_id, reference, sequence, from_on, through_on, opening, closing,
                                difference, digest, run_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
    STATEMENTS_OF = Sql::both(
        "select s.id, s.bank_account_id, s.kind, s.bank_file_id, s.reference, s.sequence, s.from_on, s.through_on, s.opening, s.closing,
                s.difference, s.digest, s.run_id
         from statement s where s.bank_account_id = $1 order by s.through_on, s.sequence, s.id");
    STATEMENT = Sql::both(
        "select id, bank_account_id, kind, bank_file_id, reference, sequence, from_on, through_on, opening, closing, difference, digest, run_id
         from statement where id = $1");
    LINKS = Sql::both(
        "select id, kind, sequence, from_on, through_on, opening, closing, difference from statement where bank_account_id = $1 order by id");
    ENTRIES_BETWEEN = Sql::both("select id from entry where bank_account_id = $1 and booked_on between $2 and $3 limit 1");
    // Entries by what they say, `[day, key, reference]`, once for each statement that saw them.
    ENTRIES_BY_KEY = Sql {
        sqlite: "select e.id, e.booked_on, e.fallback_key, e.ordinal, e.bank_ref, e.amount, s.statement_id
                 from json_each($2) j cross join entry e on e.bank_account_id = $1 and e.booked_on = j.value ->> 0
                     and e.fallback_key = j.value ->> 1
                 cross join sighting s on s.entry_id = e.id",
        postgres: "select e.id, e.booked_on, e.fallback_key, e.ordinal, e.bank_ref, e.amount, s.statement_id
                   from jsonb_array_elements($2::text::jsonb) j join entry e on e.bank_account_id = $1 and e.booked_on = (j ->> 0)::date
                       and e.fallback_key = j ->> 1
                   join sighting s on s.entry_id = e.id",
    };
    ENTRIES_BY_REF = Sql {
        sqlite: "select e.id, e.booked_on, e.fallback_key, e.ordinal, e.bank_ref, e.amount, s.statement_id
                 from json_each($2) j cross join entry e on e.bank_account_id = $1 and e.bank_ref = j.value ->> 2
                     and e.booked_on = j.value ->> 0
                 cross join sighting s on s.entry_id = e.id",
        postgres: "select e.id, e.booked_on, e.fallback_key, e.ordinal, e.bank_ref, e.amount, s.statement_id
                   from jsonb_array_elements($2::text::jsonb) j join entry e on e.bank_account_id = $1 and e.bank_ref = j ->> 2
                       and e.booked_on = (j ->> 0)::date
                   join sighting s on s.entry_id = e.id",
    };
    ENTRIES_OF_DAYS = Sql {
        sqlite: "select e.id, e.booked_on, e.fallback_key, e.ordinal, e.bank_ref, e.amount, s.statement_id
                 from json_each($2) j cross join entry e on e.bank_account_id = $1 and e.booked_on = j.value
                 cross join sighting s on s.entry_id = e.id",
        postgres: "select e.id, e.booked_on, e.fallback_key, e.ordinal, e.bank_ref, e.amount, s.statement_id
                   from jsonb_array_elements_text($2::text::jsonb) j join entry e on e.bank_account_id = $1 and e.booked_on = j::date
                   join sighting s on s.entry_id = e.id",
    };
    NEXT_ENTRY_ID = Sql::both("select coalesce(max(id), 0) + 1 from entry");
    NEXT_PAYMENT_ID = Sql::both("select coalesce(max(id), 0) + 1 from payment");
    PAYMENT = Sql::both(concat!(
        "select p.id, p.paid_into, p.entry_id, case when p.model is null then p.detail end as detail, p.amount, p.currency, p.booked_on, p.value_on, p.payer_iban, p.end_to_end_id,
                ", best_sighting!(), " as model
         from payment p where p.id = $1"));
    // Undecided payments that were not tried since a document was issued, something learned, or a customer's entry changed; those that a
    // person must look at are tried once, to know whom they concern.
    UNTRIED = Sql::both(concat!(
        "select p.id, p.paid_into, p.entry_id, case when p.model is null then p.detail end as detail, p.amount, p.currency, p.booked_on, p.value_on, p.payer_iban, p.end_to_end_id,
                ", best_sighting!(), " as model,
                o.open_amount, o.tried_run_id, o.held_because
         from open_payment o join payment p on p.id = o.payment_id
         where p.id > $1
           and (o.tried_run_id is null or o.held_because = 'again' or o.held_because is null and (
                o.tried_run_id < coalesce((select run_id from document order by id desc limit 1), 0)
                or (select r.book_version_id from run r where r.id = o.tried_run_id) < (select max(v.id) from book_version v)
                or o.tried_run_id <= coalesce((select run_id from act where kind in ('learn_iban', 'forget_iban') order by id desc limit 1), 0)))
         order by p.id limit $2"));
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
    // Rule (c): an undecided amount that equals an open amount of the customer, with the costs that letters claimed or without.
    CONCERNING_BY_AMOUNT = Sql::both(
        "select o.payment_id, o.since_on from open_payment o join receivable r on r.currency = o.currency
           and o.open_amount in (r.open_principal, r.open_principal + r.open_fee + r.open_interest, r.open_principal + r.open_fee,
                                 r.open_principal + r.open_interest)
         where r.customer_id = $1 and r.open_principal > 0 and o.since_on >= $2 order by o.payment_id limit 1");
    PAYMENT_BY_KEY = Sql::both("select id, amount, currency from payment where external_key = $1");
    PARTS_OF_PAYMENT = Sql::both(
        "select c.id from payment p join payment c on c.entry_id = p.entry_id and c.detail > 0 where p.id = $1 and p.detail = 0 order by c.id");
    WHOLE_OF_PAYMENT = Sql::both(
        "select p.id from payment c join payment p on p.entry_id = c.entry_id and p.detail = 0 where c.id = $1 and c.detail > 0");
    ENTRIES_BOOKED = Sql::both(
        "select count(*) from entry where bank_account_id = $1 and booked_on between $2 and $3");
    BOOKED_BY_REF = Sql::both(
        "select p.id from payment p join entry e on e.id = p.entry_id where e.bank_ref = $1 and (p.amount > 0) = ($2 > 0)
         order by case when p.amount = $2 then 0 else 1 end, p.id desc limit 200");
    BOOKED_BY_END_TO_END = Sql::both(
        "select p.id from payment p where p.end_to_end_id = $1 and p.amount = $2 order by p.id desc limit 5");
    PAYMENTS_ON_DOCUMENT = Sql::both(
        "select distinct p.payment_id from posting p where p.document_id = $1 and p.account = 'principal' and p.payment_id is not null
         order by p.payment_id");
}

/// A row of `bank_account`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AccountRow {
    /// Its id.
    pub id: i64,
    /// Its name in the configuration.
    pub name: String,
    /// Its currency.
    pub currency: String,
    /// Whether letters wait for its statements.
    pub gates_dunning: bool,
    /// The first day on which customers can have paid into it.
    pub receives_from: Option<NaiveDate>,
    /// The day it was opened.
    pub opened_on: Option<NaiveDate>,
    /// The day it was closed.
    pub closed_on: Option<NaiveDate>,
    /// How far the chain of its statements reaches.
    pub covered_through: Option<NaiveDate>,
}

/// A row of `statement`.
#[derive(Debug, Clone, FromRow)]
pub struct StatementRow {
    /// Its id.
    pub id: i64,
    /// Of which account.
    pub bank_account_id: i64,
    /// `camt.053`, …, `confirmed`.
    pub kind: String,
    /// From which file; nothing for the owner's word.
    pub bank_file_id: Option<i64>,
    /// The bank's name for it.
    pub reference: String,
    /// The electronic sequence number.
    pub sequence: Option<i64>,
    /// The first day it covers.
    pub from_on: Option<NaiveDate>,
    /// The day of its closing booked balance.
    pub through_on: Option<NaiveDate>,
    /// The opening balance.
    pub opening: Option<i64>,
    /// The closing balance.
    pub closing: Option<i64>,
    /// closing − opening − entries, where the owner accepted one.
    pub difference: i64,
    /// What it says, by hash.
    pub digest: String,
    /// In which run.
    pub run_id: i64,
}

/// A statement as a link of its account's chain.
#[derive(Debug, Clone, FromRow)]
pub struct StatementLink {
    /// Its id.
    pub id: i64,
    /// `camt.053`, …
    pub kind: String,
    /// The electronic sequence number.
    pub sequence: Option<i64>,
    /// The first day it covers.
    pub from_on: Option<NaiveDate>,
    /// The day of its closing booked balance.
    pub through_on: Option<NaiveDate>,
    /// The opening balance.
    pub opening: Option<i64>,
    /// The closing balance.
    pub closing: Option<i64>,
    /// What was accepted although it does not add up.
    pub difference: i64,
}

/// An entry, as one statement saw it.
#[derive(Debug, Clone, FromRow)]
pub struct EntryRow {
    /// Its id.
    pub id: i64,
    /// The booking day.
    pub booked_on: NaiveDate,
    /// What it says, by hash.
    pub fallback_key: String,
    /// The how-manieth equal one of its day.
    pub ordinal: i64,
    /// The bank's reference.
    pub bank_ref: Option<String>,
    /// The signed amount.
    pub amount: i64,
    /// The statement that saw it.
    pub statement_id: i64,
}

/// A new entry.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// The booking day.
    pub booked_on: NaiveDate,
    /// What it says, by hash.
    pub fallback_key: String,
    /// The how-manieth equal one of its day.
    pub ordinal: i64,
    /// The bank's reference.
    pub bank_ref: Option<String>,
    /// The signed amount.
    pub amount: i64,
}

/// A sighting: what a statement said of an entry.
#[derive(Debug, Clone)]
pub struct SightingRow {
    /// Its place in the statement.
    pub position: i64,
    /// The entry.
    pub entry: i64,
    /// The signed amount.
    pub amount: i64,
    /// The value date.
    pub value_on: NaiveDate,
    /// How many transaction details it has.
    pub details: i64,
    /// All fields as read, as JSON.
    pub model: String,
}

/// A payment that may have been booked before, with its entry.
#[derive(Debug, Clone, FromRow)]
pub struct DoubtedRow {
    /// Which payment.
    pub payment_id: i64,
    /// Its entry.
    pub entry_id: i64,
    /// The booking day.
    pub booked_on: NaiveDate,
    /// What it says, by hash.
    pub fallback_key: String,
}

/// An undecided payment of an entry.
#[derive(Debug, Clone, FromRow)]
pub struct UndecidedRow {
    /// Which payment.
    pub payment_id: i64,
    /// Its entry.
    pub entry_id: i64,
    /// The signed amount.
    pub amount: i64,
    /// The value date.
    pub value_on: NaiveDate,
    /// What is undecided of it.
    pub open_amount: i64,
    /// Why a person must look first.
    pub held_because: Option<String>,
}

/// A new payment.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// `bank`, `cash`, `clearing`.
    pub paid_into: &'static str,
    /// Entry and detail; nothing when recorded by hand.
    pub entry: Option<(i64, i64)>,
    /// The signed amount.
    pub amount: i64,
    /// Its currency.
    pub currency: String,
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
    pub held_because: Option<&'static str>,
}

/// A payment with the best that any statement said of it.
#[derive(Debug, Clone, FromRow)]
pub struct PaymentRow {
    /// Its id.
    pub id: i64,
    /// `bank`, `cash`, `clearing`.
    pub paid_into: String,
    /// The entry.
    pub entry_id: Option<i64>,
    /// The detail of the entry; 0 for the whole, nothing where the model is the payment's own.
    pub detail: Option<i64>,
    /// The signed amount.
    pub amount: i64,
    /// Its currency.
    pub currency: String,
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
    pub open_amount: i64,
    /// The run that tried it last; nothing: it was never tried.
    pub tried_run_id: Option<i64>,
    /// Why a person must look first.
    pub held_because: Option<String>,
}

/// A row of `open_payment`.
#[derive(Debug, Clone, FromRow)]
pub struct OpenPaymentRow {
    /// Which payment.
    pub payment_id: i64,
    /// What is undecided of it.
    pub open_amount: i64,
    /// Its currency.
    pub currency: String,
    /// Since when.
    pub since_on: NaiveDate,
    /// Why a person must look first.
    pub held_because: Option<String>,
}

impl StatementRow {
    /// Digests the statement; its own digest covers the entries.
    pub fn digest(&self) -> Digest {
        let day = |day: Option<NaiveDate>| day.map(|d| d.to_string());
        Digest::new()
            .number(self.id)
            .number(self.bank_account_id)
            .text(&self.kind)
            .text(&self.reference)
            .maybe(day(self.from_on).as_deref())
            .maybe(day(self.through_on).as_deref())
            .number(self.opening.unwrap_or(0))
            .number(self.closing.unwrap_or(0))
            .number(self.difference)
            .text(&self.digest)
    }
}

impl Writing<'_> {
    /// Makes the accounts what the configuration says, each with its identifiers. An account with another name and one of the same
    /// identifiers was renamed. One that is no longer named stays, for its entries, but holds no letters.
    ///
    /// # Errors
    /// When two accounts share an identifier.
    pub async fn keep_accounts(&mut self, wanted: &[(AccountRow, Vec<String>)]) -> Result<(), StoreError> {
        let (known, identifiers) = (self.tx.accounts().await?, self.tx.identifiers().await?);
        let named = |name: &str| wanted.iter().any(|(spec, _)| spec.name == name);
        for account in &known {
            self.tx.exec(DROP_IDENTIFIERS, (account.id,)).await?;
        }
        let mut kept = Vec::new();
        for (spec, own) in wanted {
            let by_name = known.iter().find(|account| account.name == spec.name);
            let shares = |id: i64| identifiers.iter().any(|(value, _, of)| *of == id && own.contains(value));
            let renamed = known.iter().find(|account| !named(&account.name) && shares(account.id));
            kept.push(self.keep_account(by_name.or(renamed), spec, own).await?);
        }
        for account in known.iter().filter(|account| !kept.contains(&account.id) && account.gates_dunning) {
            let row = (
                account.id,
                account.name.clone(),
                account.currency.clone(),
                false,
                account.receives_from,
                account.opened_on,
                account.closed_on,
            );
            self.tx.exec(UPDATE_ACCOUNT, row).await?;
        }
        Ok(())
    }

    async fn keep_account(
        &mut self,
        known: Option<&AccountRow>,
        spec: &AccountRow,
        identifiers: &[String],
    ) -> Result<i64, StoreError> {
        let (currency, receives_from) = (spec.currency.clone(), spec.receives_from);
        let id = match known {
            Some(account) => {
                let row = (
                    account.id,
                    spec.name.clone(),
                    currency,
                    spec.gates_dunning,
                    receives_from,
                    spec.opened_on,
                    spec.closed_on,
                );
                self.tx.exec(UPDATE_ACCOUNT, row).await?;
                account.id
            }
            None => {
                let id = self.draw("bank_account", NEXT_ACCOUNT_ID).await?;
                let row = (
                    id,
                    spec.name.clone(),
                    currency,
                    spec.gates_dunning,
                    receives_from,
                    spec.opened_on,
                    spec.closed_on,
                );
                self.tx.exec(ADD_ACCOUNT, row).await?;
                id
            }
        };
        for value in identifiers {
            self.tx.exec(ADD_IDENTIFIER, (value.clone(), spec.currency.clone(), id)).await?;
        }
        Ok(id)
    }

    /// Stores how far an account's chain reaches.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_covered(&mut self, account: i64, through: Option<NaiveDate>) -> Result<(), StoreError> {
        self.tx.exec(SET_COVERED, (account, through)).await?;
        Ok(())
    }

    /// Records a file that was booked or refused.
    ///
    /// # Errors
    /// When the same bytes were booked before.
    pub async fn add_bank_file(
        &mut self,
        name: &str,
        member: &str,
        sha256: &str,
        rejected_because: Option<String>,
    ) -> Result<i64, StoreError> {
        let id = self.draw("bank_file", NEXT_FILE_ID).await?;
        let run = self.run_id();
        self.tx
            .exec(ADD_FILE, (id, name.to_owned(), member.to_owned(), sha256.to_owned(), rejected_because, run))
            .await?;
        Ok(id)
    }

    /// Adds a statement; its id and run are drawn here.
    ///
    /// # Errors
    /// When the same statement was booked before.
    pub async fn add_statement(&mut self, mut row: StatementRow) -> Result<i64, StoreError> {
        row.id = self.draw("statement", NEXT_STATEMENT_ID).await?;
        row.run_id = self.run_id();
        self.journal("statement", row.id, row.digest());
        let id = row.id;
        let values = (
            row.id,
            row.bank_account_id,
            row.kind,
            row.bank_file_id,
            row.reference,
            row.sequence,
            row.from_on,
            row.through_on,
            row.opening,
            row.closing,
            row.difference,
            row.digest,
            row.run_id,
        );
        self.tx.exec(ADD_STATEMENT, values).await?;
        Ok(id)
    }

    /// Adds entries; returns their ids in order.
    ///
    /// # Errors
    /// When one is booked already.
    pub async fn add_entries(&mut self, account: i64, entries: Vec<NewEntry>) -> Result<Vec<i64>, StoreError> {
        let ids: Vec<i64> = self.draw_many("entry", NEXT_ENTRY_ID, entries.len()).await?.collect();
        let rows = ids
            .iter()
            .copied()
            .zip(entries)
            .map(|(id, e)| (id, account, e.booked_on, e.fallback_key, e.ordinal, e.bank_ref, e.amount));
        self.tx
            .fill("insert into entry (id, bank_account_id, booked_on, fallback_key, ordinal, bank_ref, amount)", rows)
            .await?;
        Ok(ids)
    }

    /// Adds what a statement said of entries.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_sightings(&mut self, statement: i64, sightings: Vec<SightingRow>) -> Result<(), StoreError> {
        let rows =
            sightings.into_iter().map(|s| (statement, s.position, s.entry, s.amount, s.value_on, s.details, s.model));
        Ok(self
            .tx
            .fill("insert into sighting (statement_id, position, entry_id, amount, value_on, details, model)", rows)
            .await?)
    }

    /// Adds payments, all of them undecided. Returns their ids in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_payments(&mut self, payments: Vec<NewPayment>) -> Result<Vec<i64>, StoreError> {
        let ids: Vec<i64> = self.draw_many("payment", NEXT_PAYMENT_ID, payments.len()).await?.collect();
        let (run, today) = (self.run_id(), self.today());
        let open: Vec<_> = ids
            .iter()
            .zip(&payments)
            .map(|(id, p)| (*id, p.amount, p.currency.clone(), today, None::<i64>, p.held_because.map(str::to_owned)))
            .collect();
        let rows = ids.iter().copied().zip(payments).map(|(id, p)| {
            let (entry, detail) = p.entry.map_or((None, None), |(entry, detail)| (Some(entry), Some(detail)));
            (
                id,
                p.paid_into.to_owned(),
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
        let insert = "insert into payment (id, paid_into, entry_id, detail, amount, currency, booked_on, value_on, payer_iban, end_to_end_id,
                                           external_key, model, run_id)";
        self.tx.fill(insert, rows).await?;
        let insert =
            "insert into open_payment (payment_id, open_amount, currency, since_on, tried_run_id, held_because)";
        self.tx.fill(insert, open).await?;
        Ok(ids)
    }

    /// Stores what is undecided of a payment; nothing: it is closed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_open_payment(&mut self, payment: i64, open: i64) -> Result<(), StoreError> {
        if open == 0 {
            return self.close_payments(&[payment]).await;
        }
        self.tx.exec(SET_OPEN_PAYMENT, (payment, open)).await?;
        Ok(())
    }

    /// Notes that nothing is undecided of payments any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close_payments(&mut self, payments: &[i64]) -> Result<(), StoreError> {
        if !payments.is_empty() {
            self.tx.exec(DROP_CONCERNS, (json(payments),)).await?;
            self.tx.exec(CLOSE_PAYMENTS, (json(payments),)).await?;
        }
        Ok(())
    }

    /// Makes a payment undecided again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reopen_payment(
        &mut self,
        payment: i64,
        amount: i64,
        currency: &str,
        held_because: Option<&str>,
    ) -> Result<(), StoreError> {
        let today = self.today();
        self.tx
            .exec(ADD_OPEN_PAYMENT, (payment, amount, currency.to_owned(), today, held_because.map(str::to_owned)))
            .await?;
        Ok(())
    }

    /// Has undecided payments tried again, whatever they waited for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn try_again(&mut self, payments: &[i64]) -> Result<(), StoreError> {
        if !payments.is_empty() {
            self.tx.exec(TRY_AGAIN, (json(payments),)).await?;
        }
        Ok(())
    }

    /// Notes that payments were tried in this run and wait for the owner, and the customers that each could be from.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wait_for_owner(&mut self, payments: &[(i64, Vec<(i64, &'static str)>)]) -> Result<(), StoreError> {
        if payments.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = payments.iter().map(|(payment, _)| *payment).collect();
        let run = self.run_id();
        self.tx.exec(TRIED, (json(&ids), run)).await?;
        self.tx.exec(DROP_CONCERNS, (json(&ids),)).await?;
        let rows = payments.iter().flat_map(|(payment, customers)| {
            customers.iter().map(|(customer, because)| (*payment, *customer, (*because).to_owned()))
        });
        Ok(self.tx.fill("insert into concern (payment_id, customer_id, because)", rows.collect::<Vec<_>>()).await?)
    }
}

/// Writes ids as JSON, which both engines take apart.
fn json(ids: &[i64]) -> String {
    serde_json::to_string(ids).expect("numbers are JSON")
}

impl Tx {
    /// Returns all bank accounts, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accounts(&mut self) -> Result<Vec<AccountRow>, StoreError> {
        Ok(self.all(ACCOUNTS, ()).await?)
    }

    /// Returns the identifiers of all accounts: (value, currency, account).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn identifiers(&mut self) -> Result<Vec<(String, String, i64)>, StoreError> {
        Ok(self.all(IDENTIFIERS, ()).await?)
    }

    /// Tells whether a document with these bytes was booked before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_booked(&mut self, sha256: &str, member: &str) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = self.maybe(FILE_BOOKED, (sha256.to_owned(), member.to_owned())).await?;
        Ok(row.is_some())
    }

    /// Finds a statement by what it says.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn statement_by_digest(&mut self, account: i64, digest: &str) -> Result<Option<i64>, StoreError> {
        let row: Option<(i64,)> = self.maybe(STATEMENT_KNOWN, (account, digest.to_owned())).await?;
        Ok(row.map(|(id,)| id))
    }

    /// Returns the statements of an account as links of its chain.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn links_of(&mut self, account: i64) -> Result<Vec<StatementLink>, StoreError> {
        Ok(self.all(LINKS, (account,)).await?)
    }

    /// Returns a statement, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn statement(&mut self, id: i64) -> Result<Option<StatementRow>, StoreError> {
        Ok(self.maybe(STATEMENT, (id,)).await?)
    }

    /// Returns the statements of an account, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn statements_of(&mut self, account: i64) -> Result<Vec<StatementRow>, StoreError> {
        Ok(self.all(STATEMENTS_OF, (account,)).await?)
    }

    /// Tells whether an account has an entry on some booking days.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_entries(&mut self, account: i64, from: NaiveDate, through: NaiveDate) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = self.maybe(ENTRIES_BETWEEN, (account, from, through)).await?;
        Ok(row.is_some())
    }

    /// Returns the entries of an account that say the same, once for each statement that saw them. `wanted` is JSON:
    /// `[day, key, reference]`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entries_by_key(&mut self, account: i64, wanted: &str) -> Result<Vec<EntryRow>, StoreError> {
        Ok(self.all(ENTRIES_BY_KEY, (account, wanted.to_owned())).await?)
    }

    /// Returns the entries of an account that carry the same reference of the bank on the same day, as [`Tx::entries_by_key`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entries_by_ref(&mut self, account: i64, wanted: &str) -> Result<Vec<EntryRow>, StoreError> {
        Ok(self.all(ENTRIES_BY_REF, (account, wanted.to_owned())).await?)
    }

    /// Returns all entries of an account on some days, as [`Tx::entries_by_key`]. `days` is JSON.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entries_of_days(&mut self, account: i64, days: &str) -> Result<Vec<EntryRow>, StoreError> {
        Ok(self.all(ENTRIES_OF_DAYS, (account, days.to_owned())).await?)
    }

    /// Returns a payment.
    ///
    /// # Errors
    /// When there is none.
    pub async fn payment(&mut self, id: i64) -> Result<Option<PaymentRow>, StoreError> {
        Ok(self.maybe(PAYMENT, (id,)).await?)
    }

    /// Finds a payment by the key of another system's line: its id, its amount and currency.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn payment_by_key(&mut self, key: &str) -> Result<Option<(i64, i64, String)>, StoreError> {
        Ok(self.maybe(PAYMENT_BY_KEY, (key.to_owned(),)).await?)
    }

    /// Returns the payments that a collective one was split into.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn parts_of(&mut self, payment: i64) -> Result<Vec<i64>, StoreError> {
        let rows: Vec<(i64,)> = self.all(PARTS_OF_PAYMENT, (payment,)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns the collective payment that a payment is a part of.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn whole_of(&mut self, payment: i64) -> Result<Option<i64>, StoreError> {
        let row: Option<(i64,)> = self.maybe(WHOLE_OF_PAYMENT, (payment,)).await?;
        Ok(row.map(|(id,)| id))
    }

    /// Returns how many entries an account has on some booking days.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entries_booked(
        &mut self,
        account: i64,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<i64, StoreError> {
        let (count,): (i64,) = self.one(ENTRIES_BOOKED, (account, from, through)).await?;
        Ok(count)
    }

    /// Returns undecided payments worth trying, behind a payment; at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn untried_payments(&mut self, after: i64, limit: i64) -> Result<Vec<UntriedRow>, StoreError> {
        Ok(self.all(UNTRIED, (after, limit)).await?)
    }

    /// Returns the payments into an account that may have been booked before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn doubted_payments(&mut self, account: i64) -> Result<Vec<DoubtedRow>, StoreError> {
        Ok(self.all(DOUBTED, (account,)).await?)
    }

    /// Returns the undecided payments of entries.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undecided_of_entries(&mut self, entries: &[i64]) -> Result<Vec<UndecidedRow>, StoreError> {
        Ok(self.all(UNDECIDED_OF_ENTRIES, (json(entries),)).await?)
    }

    /// Returns what is undecided of a payment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_payment(&mut self, payment: i64) -> Result<Option<OpenPaymentRow>, StoreError> {
        Ok(self.maybe(OPEN_PAYMENT, (payment,)).await?)
    }

    /// Returns an undecided payment that concerns a customer by document, account, number or name, and why.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn concerning(&mut self, customer: i64) -> Result<Option<(i64, String)>, StoreError> {
        Ok(self.maybe(CONCERNING, (customer,)).await?)
    }

    /// Returns all undecided payments that concern a customer by document, account, number or name, and why.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn concerns_of(&mut self, customer: i64) -> Result<Vec<(i64, String)>, StoreError> {
        Ok(self.all(CONCERNS_OF, (customer,)).await?)
    }

    /// Returns an undecided payment since a day whose amount equals an open amount of a customer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn concerning_by_amount(&mut self, customer: i64, since: NaiveDate) -> Result<Option<i64>, StoreError> {
        let row: Option<(i64, NaiveDate)> = self.maybe(CONCERNING_BY_AMOUNT, (customer, since)).await?;
        Ok(row.map(|(payment, _)| payment))
    }

    /// Returns payments that carry a bank's reference and went the same way as an amount; those over it first, then the newest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn payments_by_ref(&mut self, bank_ref: &str, amount: i64) -> Result<Vec<i64>, StoreError> {
        let rows: Vec<(i64,)> = self.all(BOOKED_BY_REF, (bank_ref.to_owned(), amount)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns payments with an end-to-end id and amount, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn payments_by_end_to_end(&mut self, id: &str, amount: i64) -> Result<Vec<i64>, StoreError> {
        let rows: Vec<(i64,)> = self.all(BOOKED_BY_END_TO_END, (id.to_owned(), amount)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns the payments that were booked on a document.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn payments_on(&mut self, document: i64) -> Result<Vec<i64>, StoreError> {
        let rows: Vec<(i64,)> = self.all(PAYMENTS_ON_DOCUMENT, (document,)).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}
