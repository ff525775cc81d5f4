//! Letters: decided, tried, and what came of them; and the outbox, which says what the sender has to do.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use super::books::Writing;
use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use super::registry;
use crate::customer::Delivery;
use crate::id::{BookVersionId, CustomerId, DocumentId, LetterId, RunId};
use crate::letter::LetterKind;
use crate::money::Amount;
use crate::outbox::{LetterEvent, OutboxState};

statements! {
    LAST_ROUND = Sql::both("select max(round) from letter where kind = $1 and about = $2");
    LETTER = Sql::both("select id, kind, about, round, customer_id, document_id, delivery, decided_on, run_id from letter where id = $1");
    LETTERS_ABOUT = Sql::both(
        "select id, kind, about, round, customer_id, document_id, delivery, decided_on, run_id from letter
         where kind = $1 and about = $2 order by round");
    LAST_ITEM_ROUND = Sql::both("select max(round) from letter_item where document_id = $1 and stage = $2");
    ITEMS = Sql::both(
        "select letter_id, document_id, stage, round, deadline_on, principal, fee, interest from letter_item
         where letter_id = $1 order by document_id");
    // The stages of an invoice whose letters count, with the day they left; and what undid the others.
    ITEMS_OF_DOCUMENT = Sql::both(
        "select i.letter_id, i.document_id, i.stage, i.round, i.deadline_on, i.principal, i.fee, i.interest
         from letter_item i where i.document_id = $1 order by i.letter_id");
    EVENTS = Sql::both(
        "select e.letter_id, e.document_id, e.kind, e.attempt, e.happened_at, e.words, k.counts, k.undoes, r.today, r.id as run_id,
                r.book_version_id
         from letter_event e join letter_event_kind k on k.name = e.kind join run r on r.id = e.run_id
         where e.letter_id = $1 order by e.id");
    ATTEMPTS = Sql::both(
        "select letter_id, ordinal, message_id, recipients, eml, started_at from attempt where letter_id = $1 order by ordinal");
    ATTEMPT_KNOWN = Sql::both("select letter_id from attempt where message_id = $1 limit 1");
    ADD_OUTBOX = Sql::both("insert into outbox (letter_id, state, next_at, claimed_by) values ($1, $2, $3, null)");
    SET_OUTBOX = Sql::both("update outbox set state = $2, next_at = $3, claimed_by = $4 where letter_id = $1");
    OUTBOX = Sql::both("select letter_id, state, next_at, claimed_by from outbox where letter_id = $1");
    // What the sender may take up: the owner's letters first, then the oldest; those to customers when the window is open ($2), notices,
    // reminders and dunning letters when no bank file waits ($3). Letters that a person delivers are not his.
    WAITING = Sql::both(
        "select o.letter_id, l.kind, l.about, l.round, l.customer_id, l.document_id, l.delivery, l.decided_on, o.state, o.next_at
         from outbox o join letter l on l.id = o.letter_id
         where o.state in (select name from outbox_state where may_be_sent) and o.next_at <= $1
           and l.delivery in (select name from delivery where not is_by_hand) and (l.customer_id is null or $2 <> 0)
           and ($3 <> 0 or l.kind in (select name from letter_kind where not asks_for_payment))
         order by case when l.customer_id is null then 0 else 1 end, o.next_at, o.letter_id limit $4");
    ALL_WAITING = Sql::both(
        "select o.letter_id, l.kind, l.about, l.round, l.customer_id, l.document_id, l.delivery, l.decided_on, o.state, o.next_at
         from outbox o join letter l on l.id = o.letter_id
         where o.state in (select name from outbox_state where is_under_way) order by o.letter_id");
    NEXT_WAITING = Sql::both(
        "select min(o.next_at) from outbox o join letter l on l.id = o.letter_id
         where o.state in (select name from outbox_state where may_be_sent)
           and l.delivery in (select name from delivery where not is_by_hand)");
    // Attempts without an outcome: cut short, so nobody knows.
    CUT_SHORT = Sql::both(
        "select o.letter_id, l.kind, l.about, l.round, l.customer_id, l.document_id, l.delivery, l.decided_on, o.state, o.next_at
         from outbox o join letter l on l.id = o.letter_id where o.state = 'sending' and ($1 = '' or o.claimed_by = $1) order by o.letter_id");
    DUNNING_UNDER_WAY = Sql::both(
        "select o.letter_id, l.kind, l.about, l.round, l.customer_id, l.document_id, l.delivery, l.decided_on, o.state, o.next_at
         from outbox o join letter l on l.id = o.letter_id
         where l.customer_id = $1 and l.kind in (select name from letter_kind where is_dunning)
           and o.state in (select name from outbox_state where is_under_way)
         order by o.letter_id");
    NOTICES_UNDER_WAY = Sql::both(
        "select count(*) from outbox o join letter l on l.id = o.letter_id
         where l.customer_id = $1 and l.kind = 'notice'
           and o.state in (select name from outbox_state where is_under_way and not needs_person)");
    // Letters that need a person: refused or unclear, the last of their rounds, to a customer who still owes something.
    TROUBLED = Sql::both(
        "select o.letter_id, l.kind, l.about, o.state, e.kind as event, e.attempt, e.words, r.book_version_id, c.number as customer_number, c.name as customer_name,
                (select max(v.book_version_id) from revision v
                          where v.subject_kind = 'customer' and v.subject_id = l.customer_id) as agreed_version
         from outbox o join letter l on l.id = o.letter_id
         join letter_event e on e.id = (select max(x.id) from letter_event x where x.letter_id = l.id) join run r on r.id = e.run_id
         join customer c on c.id = l.customer_id
         where o.state in (select name from outbox_state where needs_person)
           and not exists (select 1 from letter n where n.kind = l.kind and n.about = l.about and n.round > l.round)
           and exists (select 1 from receivable p where p.customer_id = l.customer_id and p.open_principal > 0)
         order by o.letter_id");
    // Letters that a server did not take for all addresses, the last of their kind to the customer that left.
    PARTLY_REFUSED = Sql::both(
        "select o.letter_id, l.kind, l.about, o.state, e.kind as event, e.attempt, e.words, r.book_version_id, c.number as customer_number,
                c.name as customer_name,
                (select max(v.book_version_id) from revision v
                          where v.subject_kind = 'customer' and v.subject_id = l.customer_id) as agreed_version
         from letter_event e join letter l on l.id = e.letter_id join outbox o on o.letter_id = l.id join run r on r.id = e.run_id
         join customer c on c.id = l.customer_id
         where e.kind = 'partly_refused'
           and not exists (select 1 from letter n join letter_event a on a.letter_id = n.id
                           where n.customer_id = l.customer_id and n.kind = l.kind and n.id <> l.id and a.kind = 'accepted' and a.id > e.id)
         order by e.id");
    SENT_BETWEEN = Sql::both(
        "select l.kind, count(distinct l.id) from letter l join letter_event e on e.letter_id = l.id
         where e.kind in (select name from letter_event_kind where counts) and e.happened_at >= $1 and e.happened_at < $2 group by l.kind order by l.kind");
    RECALLED_BETWEEN = Sql::both(
        "select count(distinct e.letter_id) from letter_event e
         where e.kind = 'recalled' and e.happened_at >= $1 and e.happened_at < $2");
    TRIED_SINCE = Sql::both("select count(*) from attempt where started_at >= $1");
    LAST_ACCEPTED = Sql::both(
        "select max(e.happened_at) from letter l join letter_event e on e.letter_id = l.id where l.kind = $1 and e.kind = 'accepted'");
}

/// Which letters beside the owner's may leave now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// Letters to customers: the sending window is open.
    pub customers: bool,
    /// Notices, reminders and dunning letters: no bank file waits.
    pub dunning: bool,
}

/// A letter to be written.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// What it is.
    pub kind: LetterKind,
    /// What it is about: its natural key.
    pub about: String,
    /// To which customer; nothing: to the owner.
    pub customer: Option<CustomerId>,
    /// The document that it carries.
    pub document: Option<DocumentId>,
    /// How it is delivered.
    pub delivery: Delivery,
    /// Not before this instant.
    pub not_before: DateTime<Utc>,
}

/// A row of `letter`.
#[derive(Debug, Clone, FromRow)]
pub struct LetterRow {
    /// Its id.
    pub id: LetterId,
    /// What it is.
    pub kind: LetterKind,
    /// What it is about.
    pub about: String,
    /// Which round of it.
    pub round: i64,
    /// To which customer.
    pub customer_id: Option<CustomerId>,
    /// The document that it carries.
    pub document_id: Option<DocumentId>,
    /// How it is delivered.
    pub delivery: Delivery,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// In which run.
    pub run_id: RunId,
}

/// An invoice in a letter to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLetterItem {
    /// Which invoice.
    pub document: DocumentId,
    /// Its stage.
    pub stage: i64,
    /// The deadline that it sets.
    pub deadline_on: NaiveDate,
    /// The open principal.
    pub principal: Amount,
    /// The fee of this letter alone.
    pub fee: Amount,
    /// All interest up to the letter.
    pub interest: Amount,
}

/// A row of `letter_item`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LetterItemRow {
    /// Which letter.
    pub letter_id: LetterId,
    /// Which invoice.
    pub document_id: DocumentId,
    /// Its stage.
    pub stage: i64,
    /// Which round of that stage.
    pub round: i64,
    /// The deadline that it sets.
    pub deadline_on: NaiveDate,
    /// The open principal.
    pub principal: Amount,
    /// The fee of this letter alone.
    pub fee: Amount,
    /// All interest up to the letter.
    pub interest: Amount,
}

/// A row of `letter_event`, with what its kind means.
#[derive(Debug, Clone, FromRow)]
pub struct EventRow {
    /// Which letter.
    pub letter_id: LetterId,
    /// Which item; nothing for the whole letter.
    pub document_id: Option<DocumentId>,
    /// What happened.
    pub kind: LetterEvent,
    /// Of which attempt.
    pub attempt: Option<i64>,
    /// When.
    pub happened_at: DateTime<Utc>,
    /// In whose words.
    pub words: String,
    /// Whether the stage counts by it.
    pub counts: bool,
    /// Whether the round is over by it.
    pub undoes: bool,
    /// The civil day of the run.
    pub today: NaiveDate,
    /// The run.
    pub run_id: RunId,
    /// The version of the book that was in force.
    pub book_version_id: BookVersionId,
}

/// A row of `attempt`.
#[derive(Debug, Clone, FromRow)]
pub struct AttemptRow {
    /// Which letter.
    pub letter_id: LetterId,
    /// Which attempt, from 1.
    pub ordinal: i64,
    /// Its Message-ID.
    pub message_id: String,
    /// To whom.
    pub recipients: String,
    /// The mail, its attachments by hash.
    pub eml: Vec<u8>,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

/// A row of `outbox`.
#[derive(Debug, Clone, FromRow)]
pub struct OutboxRow {
    /// Which letter.
    pub letter_id: LetterId,
    /// Where it stands.
    pub state: OutboxState,
    /// Not before.
    pub next_at: DateTime<Utc>,
    /// Which sender has it.
    pub claimed_by: Option<String>,
}

/// A letter in the outbox.
#[derive(Debug, Clone, FromRow)]
pub struct WaitingLetter {
    /// Which letter.
    pub letter_id: LetterId,
    /// What it is.
    pub kind: LetterKind,
    /// What it is about.
    pub about: String,
    /// Which round.
    pub round: i64,
    /// To which customer.
    pub customer_id: Option<CustomerId>,
    /// The document that it carries.
    pub document_id: Option<DocumentId>,
    /// How it is delivered.
    pub delivery: Delivery,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// Where it stands.
    pub state: OutboxState,
    /// Not before.
    pub next_at: DateTime<Utc>,
}

/// A letter that needs a person.
#[derive(Debug, Clone, FromRow)]
pub struct TroubledLetter {
    /// Which letter.
    pub letter_id: LetterId,
    /// What it is.
    pub kind: LetterKind,
    /// What it is about.
    pub about: String,
    /// `refused` or `unclear`; of one that was taken for some addresses, `accepted`.
    pub state: OutboxState,
    /// What happened last.
    pub event: LetterEvent,
    /// Of which attempt; nothing: it was never tried.
    pub attempt: Option<i64>,
    /// What the server said.
    pub words: String,
    /// The version of the book that was in force.
    pub book_version_id: BookVersionId,
    /// The customer's number.
    pub customer_number: String,
    /// The customer's name.
    pub customer_name: String,
    /// The version of the book that last said something of the customer, if one ever did.
    pub agreed_version: Option<BookVersionId>,
}

impl Writing<'_> {
    /// Writes a letter down and queues it; its round is the next one of its kind and subject. The items' letter and rounds are
    /// set here. Returns its id and round.
    ///
    /// # Errors
    /// When a letter of a stage is under way for an invoice.
    pub async fn add_letter(
        &mut self,
        new: NewLetter,
        mut items: Vec<NewLetterItem>,
    ) -> Result<(LetterId, i64), StoreError> {
        let id: LetterId = self.draw(registry::LETTER.name).await?;
        let (last,): (Option<i64>,) = self.tx.one(LAST_ROUND, (new.kind, new.about.clone())).await?;
        let round = last.unwrap_or(0) + 1;
        let (today, run) = (self.today(), self.run_id());
        let row = (id, new.kind, new.about, round, new.customer, new.document, new.delivery, today, run);
        self.add(&registry::LETTER, [row]).await?;
        items.sort_by_key(|item| item.document);
        let mut rows = Vec::with_capacity(items.len());
        for item in items {
            let (last,): (Option<i64>,) = self.tx.one(LAST_ITEM_ROUND, (item.document, item.stage)).await?;
            rows.push((
                id,
                item.document,
                item.stage,
                last.unwrap_or(0) + 1,
                item.deadline_on,
                item.principal,
                item.fee,
                item.interest,
            ));
        }
        self.add(&registry::LETTER_ITEM, rows).await?;
        self.tx.exec(ADD_OUTBOX, (id, OutboxState::Queued, new.not_before)).await?;
        Ok((id, round))
    }

    /// Records what came of a letter, or of one item of it.
    ///
    /// # Errors
    /// When it was recorded before.
    pub async fn add_event(
        &mut self,
        letter: LetterId,
        document: Option<DocumentId>,
        kind: LetterEvent,
        attempt: Option<i64>,
        words: &str,
    ) -> Result<(), StoreError> {
        let id = self.draw::<i64>(registry::LETTER_EVENT.name).await?;
        let (now, run) = (self.now(), self.run_id());
        let row = (id, letter, document, kind, attempt, now, words.to_owned(), run);
        self.add(&registry::LETTER_EVENT, [row]).await
    }

    /// Records an attempt before its first byte leaves. Returns its ordinal.
    pub async fn add_attempt(
        &mut self,
        letter: LetterId,
        message_id: &str,
        recipients: &str,
        eml: Vec<u8>,
    ) -> Result<i64, StoreError> {
        let ordinal = self.tx.attempts_of(letter).await?.last().map_or(0, |attempt| attempt.ordinal) + 1;
        let id = self.draw::<i64>(registry::ATTEMPT.name).await?;
        let (now, run) = (self.now(), self.run_id());
        let row = (id, letter, ordinal, message_id.to_owned(), recipients.to_owned(), eml, now, run);
        self.add(&registry::ATTEMPT, [row]).await?;
        Ok(ordinal)
    }

    /// Stores where a letter stands in the outbox.
    pub async fn set_outbox(
        &mut self,
        letter: LetterId,
        state: OutboxState,
        next_at: DateTime<Utc>,
        claimed_by: Option<&str>,
    ) -> Result<(), StoreError> {
        self.tx.exec(SET_OUTBOX, (letter, state, next_at, claimed_by.map(str::to_owned))).await?;
        Ok(())
    }
}

impl Tx {
    /// Returns a letter.
    ///
    /// # Errors
    /// When there is none.
    pub async fn letter(&mut self, id: LetterId) -> Result<LetterRow, StoreError> {
        Ok(self.one(LETTER, (id,)).await?)
    }

    /// Returns all rounds of a letter.
    pub async fn letters_about(&mut self, kind: LetterKind, about: &str) -> Result<Vec<LetterRow>, StoreError> {
        Ok(self.all(LETTERS_ABOUT, (kind, about.to_owned())).await?)
    }

    /// Returns the items of a letter.
    pub async fn items_of(&mut self, letter: LetterId) -> Result<Vec<LetterItemRow>, StoreError> {
        Ok(self.all(ITEMS, (letter,)).await?)
    }

    /// Returns the items on an invoice in all letters, oldest first.
    pub async fn items_on(&mut self, document: DocumentId) -> Result<Vec<LetterItemRow>, StoreError> {
        Ok(self.all(ITEMS_OF_DOCUMENT, (document,)).await?)
    }

    /// Returns what came of a letter, in order.
    pub async fn events_of(&mut self, letter: LetterId) -> Result<Vec<EventRow>, StoreError> {
        Ok(self.all(EVENTS, (letter,)).await?)
    }

    /// Returns the attempts on a letter, in order.
    pub async fn attempts_of(&mut self, letter: LetterId) -> Result<Vec<AttemptRow>, StoreError> {
        Ok(self.all(ATTEMPTS, (letter,)).await?)
    }

    /// Tells whether the books know of an attempt to send a mail, by its Message-ID.
    pub async fn knows_attempt(&mut self, message_id: &str) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = self.maybe(ATTEMPT_KNOWN, (message_id.to_owned(),)).await?;
        Ok(row.is_some())
    }

    /// Returns where a letter stands in the outbox.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn outbox(&mut self, letter: LetterId) -> Result<OutboxRow, StoreError> {
        Ok(self.one(OUTBOX, (letter,)).await?)
    }

    /// Returns letters that may be sent at an instant, the owner's first, then the oldest; at most `limit`.
    pub async fn waiting_letters(
        &mut self,
        now: DateTime<Utc>,
        allowed: Allowed,
        limit: i64,
    ) -> Result<Vec<WaitingLetter>, StoreError> {
        let row = (now, i64::from(allowed.customers), i64::from(allowed.dunning), limit);
        Ok(self.all(WAITING, row).await?)
    }

    /// Returns all letters that have not left yet, oldest first.
    pub async fn all_waiting_letters(&mut self) -> Result<Vec<WaitingLetter>, StoreError> {
        Ok(self.all(ALL_WAITING, ()).await?)
    }

    /// Returns the instant at which the next letter may be sent.
    pub async fn next_letter_at(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let (at,): (Option<DateTime<Utc>>,) = self.one(NEXT_WAITING, ()).await?;
        Ok(at)
    }

    /// Returns the letters whose attempt was cut short: by this sender, or (empty) by any.
    pub async fn cut_short(&mut self, sender: &str) -> Result<Vec<WaitingLetter>, StoreError> {
        Ok(self.all(CUT_SHORT, (sender.to_owned(),)).await?)
    }

    /// Returns the reminders and dunning letters to a customer that have not left yet.
    pub async fn dunning_under_way(&mut self, customer: CustomerId) -> Result<Vec<WaitingLetter>, StoreError> {
        Ok(self.all(DUNNING_UNDER_WAY, (customer,)).await?)
    }

    /// Counts the notices before the due date to a customer that have not left yet.
    pub async fn notices_under_way(&mut self, customer: CustomerId) -> Result<i64, StoreError> {
        let (count,): (i64,) = self.one(NOTICES_UNDER_WAY, (customer,)).await?;
        Ok(count)
    }

    /// Returns the letters that need a person: refused and not mended by a new address, or unclear.
    pub async fn troubled_letters(&mut self) -> Result<Vec<TroubledLetter>, StoreError> {
        let letters: Vec<TroubledLetter> = self.all(TROUBLED, ()).await?;
        Ok(letters
            .into_iter()
            .filter(|l| l.state == OutboxState::Unclear || l.agreed_version <= Some(l.book_version_id))
            .collect())
    }

    /// Returns the letters that a server took, but not for all of their addresses, where the book has said nothing of the customer since.
    pub async fn partly_refused_letters(&mut self) -> Result<Vec<TroubledLetter>, StoreError> {
        let mut letters: Vec<TroubledLetter> = self.all(PARTLY_REFUSED, ()).await?;
        letters.retain(|letter| letter.agreed_version <= Some(letter.book_version_id));
        Ok(letters)
    }

    /// Counts the letters that were accepted or posted between two instants, by kind.
    pub async fn letters_sent(
        &mut self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<(LetterKind, i64)>, StoreError> {
        Ok(self.all(SENT_BETWEEN, (from, until)).await?)
    }

    /// Counts the letters that were recalled between two instants.
    pub async fn letters_recalled(&mut self, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<i64, StoreError> {
        let (count,): (i64,) = self.one(RECALLED_BETWEEN, (from, until)).await?;
        Ok(count)
    }

    /// Counts the attempts since an instant.
    pub async fn tried_since(&mut self, from: DateTime<Utc>) -> Result<i64, StoreError> {
        let (count,): (i64,) = self.one(TRIED_SINCE, (from,)).await?;
        Ok(count)
    }

    /// Returns when a letter of a kind was last accepted.
    pub async fn last_accepted(&mut self, kind: LetterKind) -> Result<Option<DateTime<Utc>>, StoreError> {
        let (last,): (Option<DateTime<Utc>>,) = self.one(LAST_ACCEPTED, (kind,)).await?;
        Ok(last)
    }
}
