//! What `settled verify` asks: sums over the facts, beside what the working tables say, and the few changes that repair those.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use super::books::Writing;
use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use crate::fact::{SubjectKind, VerdictKind};
use crate::id::{
    BankAccountId, BatchId, BlobId, CustomerId, DocumentId, EntryId, LetterId, PaymentId, RevisionId, RunId,
    StatementId,
};
use crate::invoice::DocumentKind;
use crate::ledger::ReceivableState;
use crate::letter::LetterKind;
use crate::matching::{Because, KeyKind};
use crate::money::{Amount, Currency};
use crate::outbox::OutboxState;
use crate::recurring::ContractKind;

statements! {
    BLOBS = Sql::both("select id, sha256 from blob where id > $1 order by id limit $2");
    READINGS = Sql::both(
        "select r.id, r.subject_kind as subject, c.kind as contract, r.valid_from, r.model, b.bytes as file
         from revision r left join contract c on r.subject_kind = 'contract' and c.id = r.subject_id join blob b on b.sha256 = r.file_sha256 where r.id > $1 and r.model is not null order by r.id limit $2");
    UNBALANCED = Sql::both(
        "select batch_id, currency, cast(sum(amount) as bigint) from posting group by batch_id, currency having sum(amount) <> 0
         order by batch_id, currency");
    UNSEALED = Sql::both(
        "select distinct p.batch_id from posting p where not exists (select 1 from batch b where b.id = p.batch_id) order by p.batch_id");
    PAYMENT_PROOFS = Sql::both(
        "select p.id, p.amount, p.currency, o.open_amount, o.tried_run_id,
                cast(coalesce(sum(case when l.account in (select name from posting_account where is_money) then l.amount end), 0) as bigint) as money,
                cast(coalesce(sum(case when l.account = 'payer' then l.amount end), 0) as bigint) as on_payer,
                (select d.verdict from decision d where d.subject_kind = 'payment' and d.subject_id = p.id order by d.id desc limit 1) as verdict
         from payment p left join open_payment o on o.payment_id = p.id left join posting l on l.payment_id = p.id
         where p.id > $1 group by p.id, p.amount, p.currency, o.open_amount, o.tried_run_id order by p.id limit $2");
    // The whole of a collective entry does not count beside the payments that it was split into.
    ENTRIES_OFF = Sql::both(
        "select e.id, a.name as account, a.currency, e.booked_on, e.amount, cast(coalesce(sum(p.amount), 0) as bigint) as payments
         from entry e join bank_account a on a.id = e.bank_account_id
         left join payment p on p.entry_id = e.id
              and not (p.detail = 0 and exists (select 1 from payment s where s.entry_id = e.id and s.detail > 0))
         group by e.id, a.name, a.currency, e.booked_on, e.amount having coalesce(sum(p.amount), 0) <> e.amount order by e.id");
    SIGHTINGS = Sql::both(
        "select s.statement_id, s.position, s.amount, s.model, s.entry_id, e.amount as entry_amount, e.fallback_key, a.currency,
                (select min(f.statement_id) from sighting f where f.entry_id = s.entry_id) as first_statement_id
         from sighting s join entry e on e.id = s.entry_id join bank_account a on a.id = e.bank_account_id
         where s.statement_id > $1 or (s.statement_id = $1 and s.position > $2) order by s.statement_id, s.position limit $3");
    UNSEEN_ENTRIES = Sql::both(
        "select e.id from entry e where not exists (select 1 from sighting s where s.entry_id = e.id) order by e.id");
    STATEMENTS_OFF = Sql::both(
        "select t.id, a.name as account, a.currency, t.reference, t.opening, t.closing, t.difference,
                cast(coalesce(sum(s.amount), 0) as bigint) as entries
         from statement t join bank_account a on a.id = t.bank_account_id left join sighting s on s.statement_id = t.id
         where t.opening is not null and t.closing is not null
         group by t.id, a.name, a.currency, t.reference, t.opening, t.closing, t.difference
         having t.opening + coalesce(sum(s.amount), 0) + t.difference <> t.closing order by t.id");
    // What the entries of each unbroken piece of an account's chain come to: `[statement, piece]`, `[piece, first day, last day]`. An entry is
    // of a piece if a statement of it holds it; on the days between its first and its last one also if none of the pieces holds it, unless the
    // owner has said that it is no payment.
    PIECE_SUMS = Sql {
        sqlite: "with held as (
                     select distinct j.piece, s.entry_id from (select value ->> 0 as statement_id, value ->> 1 as piece from json_each($2)) j
                     cross join sighting s on s.statement_id = j.statement_id),
                 within as (
                     select d.piece, e.id as entry_id from (select value ->> 0 as piece, value ->> 1 as from_on, value ->> 2 as through_on from json_each($3)) d
                     cross join entry e on e.bank_account_id = $1 and e.booked_on > d.from_on and e.booked_on < d.through_on)
                 select a.piece, cast(sum(e.amount) as bigint) as entries, cast(sum(a.stray) as bigint) as strays
                 from (select piece, entry_id, 0 as stray from held
                       union all
                       select w.piece, w.entry_id, 1 from within w left join held h on h.entry_id = w.entry_id
                       where h.entry_id is null
                         and exists (select 1 from payment p where p.entry_id = w.entry_id
                                     and not (exists (select 1 from act t where t.subject_kind = 'payment' and t.subject_id = p.id and t.kind = 'ignore')
                                              and exists (select 1 from decision v where v.subject_kind = 'payment' and v.subject_id = p.id and v.verdict = 'ignored'
                                                          and v.id = (select max(m.id) from decision m where m.subject_kind = 'payment' and m.subject_id = p.id))))) a
                 join entry e on e.id = a.entry_id group by a.piece order by a.piece",
        postgres: "with held as (
                       select distinct j.piece, s.entry_id from (select (v ->> 0)::bigint as statement_id, (v ->> 1)::bigint as piece from jsonb_array_elements($2::text::jsonb) v) j
                       join sighting s on s.statement_id = j.statement_id),
                   within as (
                       select d.piece, e.id as entry_id from (select (v ->> 0)::bigint as piece, (v ->> 1)::date as from_on, (v ->> 2)::date as through_on from jsonb_array_elements($3::text::jsonb) v) d
                       join entry e on e.bank_account_id = $1 and e.booked_on > d.from_on and e.booked_on < d.through_on)
                   select a.piece, cast(sum(e.amount) as bigint) as entries, cast(sum(a.stray) as bigint) as strays
                   from (select piece, entry_id, 0 as stray from held
                         union all
                         select w.piece, w.entry_id, 1 from within w left join held h on h.entry_id = w.entry_id
                         where h.entry_id is null
                           and exists (select 1 from payment p where p.entry_id = w.entry_id
                                       and not (exists (select 1 from act t where t.subject_kind = 'payment' and t.subject_id = p.id and t.kind = 'ignore')
                                                and exists (select 1 from decision v where v.subject_kind = 'payment' and v.subject_id = p.id and v.verdict = 'ignored'
                                                            and v.id = (select max(m.id) from decision m where m.subject_kind = 'payment' and m.subject_id = p.id))))) a
                   join entry e on e.id = a.entry_id group by a.piece order by a.piece",
    };
    RECEIVABLE_PROOFS = Sql::both(
        "select d.id as document_id, d.kind, d.number, d.gross, d.customer_id, d.currency, d.issued_on, d.model,
                r.customer_id as known_customer_id, r.due_on, r.open_principal, r.open_fee, r.open_interest, r.state, r.stage,
                (select cast(sum(p.amount) as bigint) from posting p where p.document_id = d.id and p.account = 'principal') as principal,
                (select cast(sum(p.amount) as bigint) from posting p where p.document_id = d.id and p.account = 'fee') as fee,
                (select cast(sum(p.amount) as bigint) from posting p where p.document_id = d.id and p.account = 'interest') as interest,
                (select count(*) from document_link l where l.to_id = d.id and l.kind = 'cancels') as cancellations,
                (select cast(sum(p.amount) as bigint) from posting p where p.document_id = d.id and p.account = 'writeoff') as written_off,
                (select cast(-sum(n.gross) as bigint) from document_link l join document n on n.id = l.from_id
                 where l.to_id = d.id and l.kind = 'corrects') as credited,
                (select i.stage from letter_item i where i.document_id = d.id
                    and exists (select 1 from letter_event e join letter_event_kind k on k.name = e.kind
                                where e.letter_id = i.letter_id and k.counts and coalesce(e.document_id, d.id) = d.id)
                    and not exists (select 1 from letter_event e join letter_event_kind k on k.name = e.kind
                                where e.letter_id = i.letter_id and k.undoes and coalesce(e.document_id, d.id) = d.id)
                 order by i.letter_id desc limit 1) as reached
         from document d left join receivable r on r.document_id = d.id where d.id > $1 order by d.id limit $2");
    // Where the numbers of each series begin and end, and how many there are.
    SEQUENCES = Sql::both(
        "select d.series, d.number_period, min(d.sequence), max(d.sequence), count(*) from document d
         where d.series is not null group by d.series, d.number_period order by d.series, d.number_period");
    RAISE_COUNTER = Sql::both(
        "insert into counter (series, number_period, last) values ($1, $2, $3)
         on conflict (series, number_period) do update set last = $3");
    CONCERNS = Sql::both("select customer_id, because from concern where payment_id = $1 order by customer_id");
    DOCUMENT_KEYS = Sql::both("select kind, key from document_key where document_id = $1 order by kind, key");
    CUSTOMER_KEYS = Sql::both("select kind, key from customer_key where customer_id = $1 order by kind, key");
    DROP_DOCUMENT_KEYS = Sql::both("delete from document_key where document_id = $1");
    // Letters whose place in the outbox is not what came of them; `due_state` is what follows from the facts.
    OUTBOX_OFF = Sql::both(
        "select l.id, l.kind, l.about, o.state,
                case when exists (select 1 from letter_event e join letter_event_kind k on k.name = e.kind
                                  where e.letter_id = l.id and k.counts) then 'accepted'
                     when exists (select 1 from letter_event e join letter_event_kind k on k.name = e.kind
                                  where e.letter_id = l.id and e.document_id is null and k.undoes) then 'withdrawn'
                     when exists (select 1 from attempt t where t.letter_id = l.id) then 'unclear'
                     else 'queued' end as due_state
         from letter l left join outbox o on o.letter_id = l.id
         where o.state is null
            or o.state in (select name from outbox_state where is_under_way)
               and exists (select 1 from letter_event e join letter_event_kind k on k.name = e.kind where e.letter_id = l.id and k.counts)
            or o.state = 'accepted'
               and not exists (select 1 from letter_event e join letter_event_kind k on k.name = e.kind where e.letter_id = l.id and k.counts)
         order by l.id");
    PUT_OUTBOX = Sql::both(
        "insert into outbox (letter_id, state, next_at, claimed_by) values ($1, $2, $3, null)
         on conflict (letter_id) do update set state = $2, claimed_by = null");
    SET_STAGE = Sql::both("update receivable set stage = $2 where document_id = $1");
    SET_OWNER = Sql::both("update receivable set customer_id = $2 where document_id = $1");
    DROP_RECEIVABLE = Sql::both("delete from receivable where document_id = $1");
}

/// A revision beside the file that it was read from.
#[derive(Debug, Clone, FromRow)]
pub struct Reading {
    /// Which revision.
    pub id: RevisionId,
    /// Of what.
    pub subject: SubjectKind,
    /// What the contract is, if it is one.
    pub contract: Option<ContractKind>,
    /// The day from which it holds.
    pub valid_from: NaiveDate,
    /// What was recorded, as JSON.
    pub model: String,
    /// The file's bytes.
    pub file: Vec<u8>,
}

/// What the postings say of a payment, beside what is undecided of it.
#[derive(Debug, Clone, FromRow)]
pub struct PaymentProof {
    /// Which payment.
    pub id: PaymentId,
    /// The signed amount.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// What the working table says is undecided; nothing: it is decided.
    pub open_amount: Option<Amount>,
    /// The run that tried to match it last.
    pub tried_run_id: Option<RunId>,
    /// What was booked on bank, cash or clearing.
    pub money: Amount,
    /// What lies on `payer`: negative for money in that is undecided.
    pub on_payer: Amount,
    /// The verdict that stands.
    pub verdict: Option<VerdictKind>,
}

/// An entry whose payments do not add up to it.
#[derive(Debug, Clone, FromRow)]
pub struct EntryOff {
    /// Which entry.
    pub id: EntryId,
    /// The account's name.
    pub account: String,
    /// The account's currency.
    pub currency: Currency,
    /// The booking day.
    pub booked_on: NaiveDate,
    /// The signed amount.
    pub amount: Amount,
    /// What its payments add up to.
    pub payments: Amount,
}

/// What a statement said of an entry, beside the entry.
#[derive(Debug, Clone, FromRow)]
pub struct SightingProof {
    /// Which statement.
    pub statement_id: StatementId,
    /// The place in it.
    pub position: i64,
    /// The signed amount.
    pub amount: Amount,
    /// All fields as read, as JSON.
    pub model: String,
    /// Which entry.
    pub entry_id: EntryId,
    /// The entry's amount.
    pub entry_amount: Amount,
    /// What the entry says, by hash.
    pub fallback_key: String,
    /// The account's currency.
    pub currency: Currency,
    /// The statement that saw the entry first.
    pub first_statement_id: StatementId,
}

/// A statement that does not add up.
#[derive(Debug, Clone, FromRow)]
pub struct StatementOff {
    /// Which statement.
    pub id: StatementId,
    /// The account's name.
    pub account: String,
    /// The account's currency.
    pub currency: Currency,
    /// The bank's name for it.
    pub reference: String,
    /// The opening balance.
    pub opening: Amount,
    /// The closing balance.
    pub closing: Amount,
    /// What was accepted although it does not add up.
    pub difference: Amount,
    /// The sum of its entries.
    pub entries: Amount,
}

/// A document with what its postings say of it, beside what the working table says; nothing where either is silent.
#[derive(Debug, Clone, FromRow)]
pub struct ReceivableProof {
    /// Which document.
    pub document_id: DocumentId,
    /// What it is.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// What it was over.
    pub gross: Amount,
    /// Whose.
    pub customer_id: CustomerId,
    /// Its currency.
    pub currency: Currency,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// The document itself, as JSON.
    pub model: String,
    /// Whose, as the working table says; nothing: it has no row.
    pub known_customer_id: Option<CustomerId>,
    /// The effective due date, as the working table says.
    pub due_on: Option<NaiveDate>,
    /// Open principal, as the working table says.
    pub open_principal: Option<Amount>,
    /// Open fees, as the working table says.
    pub open_fee: Option<Amount>,
    /// Open interest, as the working table says.
    pub open_interest: Option<Amount>,
    /// Where it stands, as the working table says.
    pub state: Option<ReceivableState>,
    /// The stage, as the working table says.
    pub stage: Option<i64>,
    /// The sum of its postings on principal; nothing: it was never owed.
    pub principal: Option<Amount>,
    /// The sum of its postings on fee.
    pub fee: Option<Amount>,
    /// The sum of its postings on interest.
    pub interest: Option<Amount>,
    /// How many documents cancel it.
    pub cancellations: i64,
    /// What of it is written off.
    pub written_off: Option<Amount>,
    /// What credit notes took off.
    pub credited: Option<Amount>,
    /// The stage of the last letter that counts.
    pub reached: Option<i64>,
}

/// A letter whose place in the outbox is not what came of it.
#[derive(Debug, Clone, FromRow)]
pub struct OutboxOff {
    /// Which letter.
    pub id: LetterId,
    /// What it is.
    pub kind: LetterKind,
    /// What it is about.
    pub about: String,
    /// Where the outbox says it stands; nothing: it is not in the outbox.
    pub state: Option<OutboxState>,
    /// Where it stands by what came of it.
    pub due_state: OutboxState,
}

/// The numbers of a series in a period: the first, the last, and how many there are.
pub type Sequence = (String, String, i64, i64, i64);

impl Writing<'_> {
    /// Moves a counter to the last number that was given.
    pub async fn raise_counter(&mut self, series: &str, period: &str, last: i64) -> Result<(), StoreError> {
        self.tx.exec(RAISE_COUNTER, (series.to_owned(), period.to_owned(), last)).await?;
        Ok(())
    }

    /// Forgets the keys that a document is found by.
    pub async fn drop_document_keys(&mut self, document: DocumentId) -> Result<(), StoreError> {
        self.tx.exec(DROP_DOCUMENT_KEYS, (document,)).await?;
        Ok(())
    }

    /// Puts a letter where it stands in the outbox, whether it was there or not.
    pub async fn put_outbox(
        &mut self,
        letter: LetterId,
        state: OutboxState,
        next_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.tx.exec(PUT_OUTBOX, (letter, state, next_at)).await?;
        Ok(())
    }

    /// Stores the stage that a document has reached.
    pub async fn set_stage(&mut self, document: DocumentId, stage: i64) -> Result<(), StoreError> {
        self.tx.exec(SET_STAGE, (document, stage)).await?;
        Ok(())
    }

    /// Stores whose a receivable is.
    pub async fn set_owner(&mut self, document: DocumentId, customer: CustomerId) -> Result<(), StoreError> {
        self.tx.exec(SET_OWNER, (document, customer)).await?;
        Ok(())
    }

    /// Removes a receivable that nothing was ever owed on.
    pub async fn drop_receivable(&mut self, document: DocumentId) -> Result<(), StoreError> {
        self.tx.exec(DROP_RECEIVABLE, (document,)).await?;
        Ok(())
    }
}

/// What the entries of an unbroken piece of a chain come to.
#[derive(Debug, Clone, FromRow)]
pub struct PieceSum {
    /// Which piece.
    pub piece: i64,
    /// The sum of the entries.
    pub entries: Amount,
    /// How many of them stand in none of its statements.
    pub strays: i64,
}

impl Tx {
    /// Returns files with their hashes, behind a file; at most `limit`.
    pub async fn blobs(&mut self, after: Option<BlobId>, limit: i64) -> Result<Vec<(BlobId, String)>, StoreError> {
        Ok(self.all(BLOBS, (after.map_or(0, BlobId::get), limit)).await?)
    }

    /// Returns revisions with the files that they were read from, behind a revision; at most `limit`.
    pub async fn readings(&mut self, after: Option<RevisionId>, limit: i64) -> Result<Vec<Reading>, StoreError> {
        Ok(self.all(READINGS, (after.map_or(0, RevisionId::get), limit)).await?)
    }

    /// Returns the batches that do not sum to zero: batch, currency, sum.
    pub async fn unbalanced_batches(&mut self) -> Result<Vec<(BatchId, Currency, Amount)>, StoreError> {
        Ok(self.all(UNBALANCED, ()).await?)
    }

    /// Returns the batches that postings name and that are not there.
    pub async fn unsealed_batches(&mut self) -> Result<Vec<BatchId>, StoreError> {
        let rows: Vec<(BatchId,)> = self.all(UNSEALED, ()).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns payments with their postings added up, behind a payment; at most `limit`.
    pub async fn payment_proofs(
        &mut self,
        after: Option<PaymentId>,
        limit: i64,
    ) -> Result<Vec<PaymentProof>, StoreError> {
        Ok(self.all(PAYMENT_PROOFS, (after.map_or(0, PaymentId::get), limit)).await?)
    }

    /// Returns the entries whose payments do not add up to them.
    pub async fn entries_off(&mut self) -> Result<Vec<EntryOff>, StoreError> {
        Ok(self.all(ENTRIES_OFF, ()).await?)
    }

    /// Returns what statements said, behind a statement and a place in it; at most `limit`.
    pub async fn sighting_proofs(
        &mut self,
        after: Option<(StatementId, i64)>,
        limit: i64,
    ) -> Result<Vec<SightingProof>, StoreError> {
        let (statement, position) = after.map_or((0, 0), |(statement, position)| (statement.get(), position));
        Ok(self.all(SIGHTINGS, (statement, position, limit)).await?)
    }

    /// Returns the entries that no statement saw.
    pub async fn unseen_entries(&mut self) -> Result<Vec<EntryId>, StoreError> {
        let rows: Vec<(EntryId,)> = self.all(UNSEEN_ENTRIES, ()).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Returns what the entries of each unbroken piece of an account's chain come to; a piece without entries is not among them. As JSON:
    /// `statements` is `[statement, piece]`, `days` is `[piece, first day, last day]`.
    pub async fn piece_sums(
        &mut self,
        account: BankAccountId,
        statements: &str,
        days: &str,
    ) -> Result<Vec<PieceSum>, StoreError> {
        Ok(self.all(PIECE_SUMS, (account, statements.to_owned(), days.to_owned())).await?)
    }

    /// Returns the statements that do not add up.
    pub async fn statements_off(&mut self) -> Result<Vec<StatementOff>, StoreError> {
        Ok(self.all(STATEMENTS_OFF, ()).await?)
    }

    /// Returns documents with their postings added up, behind a document; at most `limit`.
    pub async fn receivable_proofs(
        &mut self,
        after: Option<DocumentId>,
        limit: i64,
    ) -> Result<Vec<ReceivableProof>, StoreError> {
        Ok(self.all(RECEIVABLE_PROOFS, (after.map_or(0, DocumentId::get), limit)).await?)
    }

    /// Returns the numbers that each series has given, by reset period.
    pub async fn sequences(&mut self) -> Result<Vec<Sequence>, StoreError> {
        Ok(self.all(SEQUENCES, ()).await?)
    }

    /// Returns the customers that an undecided payment concerns, and why.
    pub async fn concerned(&mut self, payment: PaymentId) -> Result<Vec<(CustomerId, Because)>, StoreError> {
        Ok(self.all(CONCERNS, (payment,)).await?)
    }

    /// Returns the keys that a document is found by: kind and key.
    pub async fn keys_of_document(&mut self, document: DocumentId) -> Result<Vec<(KeyKind, String)>, StoreError> {
        Ok(self.all(DOCUMENT_KEYS, (document,)).await?)
    }

    /// Returns the keys that a customer is found by: kind and key.
    pub async fn keys_of_customer(&mut self, customer: CustomerId) -> Result<Vec<(KeyKind, String)>, StoreError> {
        Ok(self.all(CUSTOMER_KEYS, (customer,)).await?)
    }

    /// Returns the letters whose place in the outbox is not what came of them.
    pub async fn outbox_off(&mut self) -> Result<Vec<OutboxOff>, StoreError> {
        Ok(self.all(OUTBOX_OFF, ()).await?)
    }
}
