//! The bank: accounts, files, statements, entries and their sightings.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::books::Writing;
use super::db::{Args, Sql, Tx, statements};
use super::error::StoreError;
use super::registry;
use crate::id::{BankAccountId, BankFileId, EntryId, PaymentId, RunId, StatementId};
use crate::money::{Amount, Currency};
use crate::statement::StatementKind;

statements! {
    ACCOUNTS = Sql::both(
        "select id, name, currency, gates_dunning, receives_from, opened_on, closed_on, covered_through, unproved_through
         from bank_account order by name");
    ADD_ACCOUNT = Sql::both(
        "insert into bank_account (id, name, currency, gates_dunning, receives_from, opened_on, closed_on, covered_through, unproved_through)
         values ($1, $2, $3, $4, $5, $6, $7, null, null)");
    UPDATE_ACCOUNT = Sql::both(
        "update bank_account set name = $2, currency = $3, gates_dunning = $4, receives_from = $5, opened_on = $6, closed_on = $7 where id = $1");
    IDENTIFIERS = Sql::both("select value, currency, bank_account_id from bank_account_identifier order by value, currency");
    ADD_IDENTIFIER = Sql::both("insert into bank_account_identifier (value, currency, bank_account_id) values ($1, $2, $3)");
    DROP_IDENTIFIERS = Sql::both("delete from bank_account_identifier where bank_account_id = $1");
    SET_COVERED = Sql::both("update bank_account set covered_through = $2 where id = $1");
    SET_UNPROVED = Sql::both("update bank_account set unproved_through = $2 where id = $1");
    ACCOUNT_OF_PAYMENT = Sql::both(
        "select a.id, a.name, a.currency, a.gates_dunning, a.receives_from, a.opened_on, a.closed_on, a.covered_through, a.unproved_through
         from payment p join entry e on e.id = p.entry_id join bank_account a on a.id = e.bank_account_id where p.id = $1");
    FILE_BOOKED = Sql::both("select id from bank_file where sha256 = $1 and member = $2 and rejected_because is null");
    // Refused files that may tell of payments, unless the owner has decided, or the same bytes were booked after all.
    FILES_UNBOOKED = Sql::both(
        "select f.id, f.name, f.member, f.sha256, f.model, r.today as received_on from bank_file f join run r on r.id = f.run_id
         where f.model is not null
           and not exists (select 1 from bank_file b where b.sha256 = f.sha256 and b.rejected_because is null)
           and not exists (select 1 from act a where a.subject_kind = 'bank_file' and a.subject_id = f.id and a.kind = 'discard')
         order by f.id");
    STATEMENT_KNOWN = Sql::both("select id from statement where bank_account_id = $1 and digest = $2");
    STATEMENTS_OF = Sql::both(
        "select s.id, s.bank_account_id, s.kind, s.bank_file_id, s.reference, s.sequence, s.from_on, s.through_on, s.opening, s.closing,
                s.difference, s.digest, s.run_id
         from statement s where s.bank_account_id = $1 order by s.through_on, s.sequence, s.id");
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
    ENTRIES_BOOKED = Sql::both(
        "select count(*) from entry where bank_account_id = $1 and booked_on between $2 and $3");
    // `[entry, uetr]`.
    ADD_UETRS = Sql {
        sqlite: "insert into entry_uetr (entry_id, uetr) select value ->> 0, value ->> 1 from json_each($1) where true on conflict do nothing",
        postgres: "insert into entry_uetr (entry_id, uetr) select (j ->> 0)::bigint, j ->> 1 from jsonb_array_elements($1::text::jsonb) j
                   on conflict do nothing",
    };
    ALL_UETRS = Sql::both("select entry_id, uetr from entry_uetr order by entry_id, uetr");
    DROP_UETR = Sql::both("delete from entry_uetr where entry_id = $1 and uetr = $2");
    ENTRIES_BY_UETR = Sql {
        sqlite: "select e.id, e.booked_on, e.fallback_key, e.ordinal, e.bank_ref, e.amount, s.statement_id
                 from json_each($2) j cross join entry_uetr u on u.uetr = j.value
                 cross join entry e on e.id = u.entry_id and e.bank_account_id = $1 cross join sighting s on s.entry_id = e.id",
        postgres: "select e.id, e.booked_on, e.fallback_key, e.ordinal, e.bank_ref, e.amount, s.statement_id
                   from jsonb_array_elements_text($2::text::jsonb) j join entry_uetr u on u.uetr = j
                   join entry e on e.id = u.entry_id and e.bank_account_id = $1 join sighting s on s.entry_id = e.id",
    };
    UETRS = Sql {
        sqlite: "select u.entry_id, u.uetr from json_each($1) j cross join entry_uetr u on u.entry_id = j.value order by u.entry_id, u.uetr",
        postgres: "select u.entry_id, u.uetr from jsonb_array_elements_text($1::text::jsonb) j join entry_uetr u on u.entry_id = j::bigint
                   order by u.entry_id, u.uetr",
    };
}

/// A row of `bank_account`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AccountRow {
    /// Its id.
    pub id: BankAccountId,
    /// Its name in the configuration.
    pub name: String,
    /// Its currency.
    pub currency: Currency,
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
    /// The last day of the last stretch of its chain whose entries do not add up and that nobody has settled; absent: all is proved.
    pub unproved_through: Option<NaiveDate>,
}

/// An account as the configuration says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedAccount {
    /// Its name.
    pub name: String,
    /// Its currency.
    pub currency: Currency,
    /// Whether letters wait for its statements.
    pub gates_dunning: bool,
    /// The first day on which customers can have paid into it.
    pub receives_from: Option<NaiveDate>,
    /// The day it was opened.
    pub opened_on: Option<NaiveDate>,
    /// The day it was closed.
    pub closed_on: Option<NaiveDate>,
}

impl WantedAccount {
    /// Returns its values as a row with an id.
    fn row(&self, id: BankAccountId) -> impl Args + use<> {
        let WantedAccount { name, currency, gates_dunning, receives_from, opened_on, closed_on } = self.clone();
        (id, name, currency, gates_dunning, receives_from, opened_on, closed_on)
    }
}

impl AccountRow {
    /// Returns it as the configuration said it when it was kept last.
    pub fn as_wanted(&self) -> WantedAccount {
        WantedAccount {
            name: self.name.clone(),
            currency: self.currency,
            gates_dunning: self.gates_dunning,
            receives_from: self.receives_from,
            opened_on: self.opened_on,
            closed_on: self.closed_on,
        }
    }
}

/// Why a bank file was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedFile {
    /// In words.
    pub because: String,
    /// What it may tell of, as JSON; nothing where it is certainly no statement.
    pub model: Option<String>,
}

/// A row of `bank_file` that was refused and may tell of payments.
#[derive(Debug, Clone, FromRow)]
pub struct UnbookedFileRow {
    /// Its id.
    pub id: BankFileId,
    /// The file's name.
    pub name: String,
    /// The member of an archive; empty when it was none.
    pub member: String,
    /// The hash of its bytes; empty where they could not be read.
    pub sha256: String,
    /// What it may tell of.
    pub model: String,
    /// The day on which it was refused.
    pub received_on: NaiveDate,
}

/// A row of `statement`.
#[derive(Debug, Clone, FromRow)]
pub struct StatementRow {
    /// Its id.
    pub id: StatementId,
    /// Of which account.
    pub bank_account_id: BankAccountId,
    /// What it is.
    pub kind: StatementKind,
    /// From which file; nothing for the owner's word.
    pub bank_file_id: Option<BankFileId>,
    /// The bank's name for it.
    pub reference: String,
    /// The electronic sequence number.
    pub sequence: Option<i64>,
    /// The first day it covers.
    pub from_on: Option<NaiveDate>,
    /// The day of its closing booked balance.
    pub through_on: Option<NaiveDate>,
    /// The opening balance.
    pub opening: Option<Amount>,
    /// The closing balance.
    pub closing: Option<Amount>,
    /// closing − opening − entries, where the owner accepted one.
    pub difference: Amount,
    /// What it says, by hash.
    pub digest: String,
    /// In which run.
    pub run_id: RunId,
}

/// A statement to be stored.
#[derive(Debug, Clone)]
pub struct NewStatement {
    /// Of which account.
    pub bank_account_id: BankAccountId,
    /// What it is.
    pub kind: StatementKind,
    /// From which file; nothing for the owner's word.
    pub bank_file_id: Option<BankFileId>,
    /// The bank's name for it.
    pub reference: String,
    /// The electronic sequence number.
    pub sequence: Option<i64>,
    /// The first day it covers.
    pub from_on: Option<NaiveDate>,
    /// The day of its closing booked balance.
    pub through_on: Option<NaiveDate>,
    /// The opening balance.
    pub opening: Option<Amount>,
    /// The closing balance.
    pub closing: Option<Amount>,
    /// closing − opening − entries, where the owner accepted one.
    pub difference: Amount,
    /// What it says, by hash.
    pub digest: String,
}

/// A statement as a link of its account's chain.
#[derive(Debug, Clone, FromRow)]
pub struct StatementLink {
    /// Its id.
    pub id: StatementId,
    /// What it is.
    pub kind: StatementKind,
    /// The electronic sequence number.
    pub sequence: Option<i64>,
    /// The first day it covers.
    pub from_on: Option<NaiveDate>,
    /// The day of its closing booked balance.
    pub through_on: Option<NaiveDate>,
    /// The opening balance.
    pub opening: Option<Amount>,
    /// The closing balance.
    pub closing: Option<Amount>,
    /// What was accepted although it does not add up.
    pub difference: Amount,
}

/// An entry, as one statement saw it.
#[derive(Debug, Clone, FromRow)]
pub struct EntryRow {
    /// Its id.
    pub id: EntryId,
    /// The booking day.
    pub booked_on: NaiveDate,
    /// What it says, by hash.
    pub fallback_key: String,
    /// The how-manieth equal one of its day.
    pub ordinal: i64,
    /// The bank's reference.
    pub bank_ref: Option<String>,
    /// The signed amount.
    pub amount: Amount,
    /// The statement that saw it.
    pub statement_id: StatementId,
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
    pub amount: Amount,
}

/// A sighting: what a statement said of an entry.
#[derive(Debug, Clone)]
pub struct SightingRow {
    /// Its place in the statement.
    pub position: i64,
    /// The entry.
    pub entry: EntryId,
    /// The signed amount.
    pub amount: Amount,
    /// The value date.
    pub value_on: NaiveDate,
    /// How many transaction details it has.
    pub details: i64,
    /// All fields as read, as JSON.
    pub model: String,
}

impl Writing<'_> {
    /// Makes the accounts what the configuration says, each with its identifiers. An account with another name and one of the same
    /// identifiers was renamed. One that is no longer named stays, for its entries, but holds no letters.
    ///
    /// # Errors
    /// When two accounts share an identifier.
    pub async fn keep_accounts(&mut self, wanted: &[(WantedAccount, Vec<String>)]) -> Result<(), StoreError> {
        let (known, identifiers) = (self.tx.accounts().await?, self.tx.identifiers().await?);
        let named = |name: &str| wanted.iter().any(|(spec, _)| spec.name == name);
        for account in &known {
            self.tx.exec(DROP_IDENTIFIERS, (account.id,)).await?;
        }
        let mut kept = Vec::new();
        for (spec, own) in wanted {
            let by_name = known.iter().find(|account| account.name == spec.name);
            let shares = |id: BankAccountId| identifiers.iter().any(|(value, _, of)| *of == id && own.contains(value));
            let renamed = known.iter().find(|account| !named(&account.name) && shares(account.id));
            kept.push(self.keep_account(by_name.or(renamed), spec, own).await?);
        }
        for account in known.iter().filter(|account| !kept.contains(&account.id) && account.gates_dunning) {
            let without_letters = WantedAccount { gates_dunning: false, ..account.as_wanted() };
            self.tx.exec(UPDATE_ACCOUNT, without_letters.row(account.id)).await?;
        }
        Ok(())
    }

    async fn keep_account(
        &mut self,
        known: Option<&AccountRow>,
        spec: &WantedAccount,
        identifiers: &[String],
    ) -> Result<BankAccountId, StoreError> {
        let id = match known {
            Some(account) => {
                self.tx.exec(UPDATE_ACCOUNT, spec.row(account.id)).await?;
                account.id
            }
            None => {
                let id = self.draw("bank_account").await?;
                self.tx.exec(ADD_ACCOUNT, spec.row(id)).await?;
                id
            }
        };
        for value in identifiers {
            self.tx.exec(ADD_IDENTIFIER, (value.clone(), spec.currency, id)).await?;
        }
        Ok(id)
    }

    /// Stores how far an account's chain reaches.
    pub async fn set_covered(&mut self, account: BankAccountId, through: Option<NaiveDate>) -> Result<(), StoreError> {
        self.tx.exec(SET_COVERED, (account, through)).await?;
        Ok(())
    }

    /// Forgets that an entry is found by a UETR.
    pub async fn drop_uetr(&mut self, entry: EntryId, uetr: &str) -> Result<(), StoreError> {
        self.tx.exec(DROP_UETR, (entry, uetr.to_owned())).await?;
        Ok(())
    }

    /// Stores through which day an account's entries do not add up; nothing: they do.
    pub async fn set_unproved(&mut self, account: BankAccountId, through: Option<NaiveDate>) -> Result<(), StoreError> {
        self.tx.exec(SET_UNPROVED, (account, through)).await?;
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
        refused: Option<RefusedFile>,
    ) -> Result<BankFileId, StoreError> {
        let id: BankFileId = self.draw(registry::BANK_FILE.name).await?;
        let run = self.run_id();
        let (because, model) = refused.map_or((None, None), |refused| (Some(refused.because), refused.model));
        let row = (id, name.to_owned(), member.to_owned(), sha256.to_owned(), because, model, run);
        self.add(&registry::BANK_FILE, [row]).await?;
        Ok(id)
    }

    /// Adds a statement. Returns its id.
    ///
    /// # Errors
    /// When the same statement was booked before.
    pub async fn add_statement(&mut self, new: NewStatement) -> Result<StatementId, StoreError> {
        let id: StatementId = self.draw(registry::STATEMENT.name).await?;
        let values = (
            id,
            new.bank_account_id,
            new.kind,
            new.bank_file_id,
            new.reference,
            new.sequence,
            new.from_on,
            new.through_on,
            new.opening,
            new.closing,
            new.difference,
            new.digest,
            self.run_id(),
        );
        self.add(&registry::STATEMENT, [values]).await?;
        Ok(id)
    }

    /// Adds entries; returns their ids in order.
    ///
    /// # Errors
    /// When one is booked already.
    pub async fn add_entries(
        &mut self,
        account: BankAccountId,
        entries: Vec<NewEntry>,
    ) -> Result<Vec<EntryId>, StoreError> {
        let ids: Vec<EntryId> = self.draw_many(registry::ENTRY.name, entries.len()).await?.collect();
        let rows = ids
            .iter()
            .copied()
            .zip(entries)
            .map(|(id, e)| (id, account, e.booked_on, e.fallback_key, e.ordinal, e.bank_ref, e.amount));
        self.add(&registry::ENTRY, rows).await?;
        Ok(ids)
    }

    /// Adds what a statement said of entries.
    pub async fn add_sightings(
        &mut self,
        statement: StatementId,
        sightings: Vec<SightingRow>,
    ) -> Result<(), StoreError> {
        let rows =
            sightings.into_iter().map(|s| (statement, s.position, s.entry, s.amount, s.value_on, s.details, s.model));
        self.add(&registry::SIGHTING, rows).await
    }
}

impl Tx {
    /// Returns the refused files that may tell of payments, oldest first: without those that the owner has discarded, and those whose
    /// bytes were booked after all.
    pub async fn unbooked_files(&mut self) -> Result<Vec<UnbookedFileRow>, StoreError> {
        Ok(self.all(FILES_UNBOOKED, ()).await?)
    }

    /// Returns all bank accounts, by name.
    pub async fn accounts(&mut self) -> Result<Vec<AccountRow>, StoreError> {
        Ok(self.all(ACCOUNTS, ()).await?)
    }

    /// Returns the account that a payment was booked on; nothing for one that was recorded by hand.
    pub async fn account_of_payment(&mut self, payment: PaymentId) -> Result<Option<AccountRow>, StoreError> {
        Ok(self.maybe(ACCOUNT_OF_PAYMENT, (payment,)).await?)
    }

    /// Returns the identifiers of all accounts: (value, currency, account).
    pub async fn identifiers(&mut self) -> Result<Vec<(String, Currency, BankAccountId)>, StoreError> {
        Ok(self.all(IDENTIFIERS, ()).await?)
    }

    /// Finds the file by which a document with these bytes was booked before.
    pub async fn booked_file(&mut self, sha256: &str, member: &str) -> Result<Option<BankFileId>, StoreError> {
        let row: Option<(BankFileId,)> = self.maybe(FILE_BOOKED, (sha256.to_owned(), member.to_owned())).await?;
        Ok(row.map(|(id,)| id))
    }

    /// Finds a statement by what it says.
    pub async fn statement_by_digest(
        &mut self,
        account: BankAccountId,
        digest: &str,
    ) -> Result<Option<StatementId>, StoreError> {
        let row: Option<(StatementId,)> = self.maybe(STATEMENT_KNOWN, (account, digest.to_owned())).await?;
        Ok(row.map(|(id,)| id))
    }

    /// Returns the statements of an account as links of its chain.
    pub async fn links_of(&mut self, account: BankAccountId) -> Result<Vec<StatementLink>, StoreError> {
        Ok(self.all(LINKS, (account,)).await?)
    }

    /// Returns the statements of an account, in order.
    pub async fn statements_of(&mut self, account: BankAccountId) -> Result<Vec<StatementRow>, StoreError> {
        Ok(self.all(STATEMENTS_OF, (account,)).await?)
    }

    /// Tells whether an account has an entry on some booking days.
    pub async fn has_entries(
        &mut self,
        account: BankAccountId,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<bool, StoreError> {
        let row: Option<(EntryId,)> = self.maybe(ENTRIES_BETWEEN, (account, from, through)).await?;
        Ok(row.is_some())
    }

    /// Returns the entries of an account that say the same, once for each statement that saw them. `wanted` is JSON:
    /// `[day, key, reference]`.
    pub async fn entries_by_key(&mut self, account: BankAccountId, wanted: &str) -> Result<Vec<EntryRow>, StoreError> {
        Ok(self.all(ENTRIES_BY_KEY, (account, wanted.to_owned())).await?)
    }

    /// Returns the entries of an account that carry the same reference of the bank on the same day, as [`Tx::entries_by_key`].
    pub async fn entries_by_ref(&mut self, account: BankAccountId, wanted: &str) -> Result<Vec<EntryRow>, StoreError> {
        Ok(self.all(ENTRIES_BY_REF, (account, wanted.to_owned())).await?)
    }

    /// Returns all entries of an account on some days, as [`Tx::entries_by_key`]. `days` is JSON.
    pub async fn entries_of_days(&mut self, account: BankAccountId, days: &str) -> Result<Vec<EntryRow>, StoreError> {
        Ok(self.all(ENTRIES_OF_DAYS, (account, days.to_owned())).await?)
    }

    /// Returns how many entries an account has on some booking days.
    pub async fn entries_booked(
        &mut self,
        account: BankAccountId,
        from: NaiveDate,
        through: NaiveDate,
    ) -> Result<i64, StoreError> {
        let (count,): (i64,) = self.one(ENTRIES_BOOKED, (account, from, through)).await?;
        Ok(count)
    }

    /// Returns by which UETRs entries are found: (entry, UETR).
    pub async fn all_uetrs(&mut self) -> Result<Vec<(EntryId, String)>, StoreError> {
        Ok(self.all(ALL_UETRS, ()).await?)
    }

    /// Returns the entries of an account that are payments with some UETRs, as [`Tx::entries_by_key`]. `uetrs` is JSON.
    pub async fn entries_by_uetr(&mut self, account: BankAccountId, uetrs: &str) -> Result<Vec<EntryRow>, StoreError> {
        Ok(self.all(ENTRIES_BY_UETR, (account, uetrs.to_owned())).await?)
    }

    /// Returns the UETRs of some entries: (entry, UETR). `entries` is JSON.
    pub async fn uetrs_of(&mut self, entries: &str) -> Result<Vec<(EntryId, String)>, StoreError> {
        Ok(self.all(UETRS, (entries.to_owned(),)).await?)
    }
}

impl Writing<'_> {
    /// Notes by which UETRs entries are found: `[entry, uetr]`, as JSON.
    pub async fn add_uetrs(&mut self, uetrs: &str) -> Result<(), StoreError> {
        self.tx.exec(ADD_UETRS, (uetrs.to_owned(),)).await?;
        Ok(())
    }
}
