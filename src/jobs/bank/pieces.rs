//! A bank file read in pieces on a thread of its own, so that memory does not grow with it.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::file::Document;
use crate::fact::{Fact as _, SightingFact};
use crate::ledger::Account;
use crate::matching::{HeldBecause, charges_in, kept_of_collective};
use crate::money::{Amount, Currency};
use crate::shell::store::{AccountRow, NewPayment};
use crate::statement::Illegible;
use crate::statement::recognise::Seen;
use crate::statement::{Entry, Message, ReadError, Sink, Statement, Transaction, identity};

/// How many entries with a detail each are booked at once.
const PIECE: usize = 1000;

/// How many pieces may wait: reading is ahead of booking by no more.
const AHEAD: usize = 4;

/// Entries of a statement, in the order of the file.
pub(super) struct Piece {
    pub(super) entries: Vec<ReadEntry>,
    pub(super) is_last: bool,
}

/// An entry as it was read, and what the books will keep of it.
pub(super) struct ReadEntry {
    pub(super) seen: Seen,
    pub(super) position: i64,
    pub(super) value_on: NaiveDate,
    pub(super) details: i64,
    pub(super) model: String,
    /// Its payments, each with the detail that it is; 0 for the whole.
    pub(super) payments: Vec<(i64, NewPayment)>,
}

/// The entries of a document, read again on a thread of their own while the books take in what came before.
pub(super) struct Pieces {
    from: mpsc::Receiver<Result<Piece, ReadError>>,
    reading: Option<JoinHandle<Result<Message, ReadError>>>,
}

impl Pieces {
    /// Begins to read; statements that are known, or of no account, are passed over.
    pub(super) fn of(document: &Document, accounts: &[Option<&AccountRow>], known: &[bool]) -> Pieces {
        let (to, from) = mpsc::channel(AHEAD);
        let plans = document.proved.iter().zip(accounts).zip(known).map(|((proved, account), known)| {
            account.filter(|_| !known).map(|account| Plan { currency: account.currency, day: proved.statement.day() })
        });
        let mut reader = Reader { plans: plans.collect(), at: 0, entries: Vec::new(), weight: 0, to };
        let (source, charset) = (document.source.clone(), document.charset);
        let reading = tokio::task::spawn_blocking(move || source.read(charset, &mut reader));
        Pieces { from, reading: Some(reading) }
    }

    /// Returns the next piece.
    pub(super) async fn next(&mut self) -> Result<Piece, ReadError> {
        if let Some(piece) = self.from.recv().await {
            return piece;
        }
        let changed = || ReadError::Unfinished("the file was changed while it was read".to_owned());
        let Some(reading) = self.reading.take() else { return Err(changed()) };
        Err(reading.await.map_err(|cause| ReadError::Io(cause.to_string()))?.err().unwrap_or_else(changed))
    }
}

/// What a statement's entries are read for.
struct Plan {
    currency: Currency,
    /// The day of entries without one.
    day: Option<NaiveDate>,
}

/// Puts entries together into pieces.
struct Reader {
    plans: Vec<Option<Plan>>,
    /// The statement in hand.
    at: usize,
    entries: Vec<ReadEntry>,
    /// How many entries and payments in them are put together so far.
    weight: usize,
    to: mpsc::Sender<Result<Piece, ReadError>>,
}

impl Reader {
    fn send(&mut self, is_last: bool) -> ControlFlow<()> {
        let entries = std::mem::replace(&mut self.entries, Vec::with_capacity(PIECE));
        self.weight = 0;
        self.tell(Ok(Piece { entries, is_last }))
    }

    fn tell(&mut self, what: Result<Piece, ReadError>) -> ControlFlow<()> {
        // Nobody listens any more: the program is ending.
        if self.to.blocking_send(what).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

impl Sink for Reader {
    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        let Some(Some(plan)) = self.plans.get(self.at) else { return ControlFlow::Continue(()) };
        let Some(booked_on) = entry.booked_on().or(plan.day).filter(|_| entry.is_booked()) else {
            return ControlFlow::Continue(());
        };
        let value_on = entry.value_date.unwrap_or(booked_on);
        let total = match total(&entry, plan.currency) {
            Ok(total) => total,
            Err(unreadable) => return self.tell(Err(unreadable)),
        };
        let seen = seen(&entry, total, booked_on);
        let payments = payments_of(&entry, total, plan.currency, booked_on, value_on);
        // A collective entry may hold as much as thousands of single ones.
        self.weight += 1 + entry.tx_details;
        let position = i64::try_from(entry.index).unwrap_or(i64::MAX);
        let details = i64::try_from(entry.tx_details).unwrap_or(i64::MAX);
        let model = SightingFact::Entry(entry).write();
        self.entries.push(ReadEntry { payments, position, details, model, seen, value_on });
        if self.weight < 2 * PIECE { ControlFlow::Continue(()) } else { self.send(false) }
    }

    fn statement(&mut self, _: Statement) -> ControlFlow<()> {
        let is_wanted = matches!(self.plans.get(self.at), Some(Some(_)));
        self.at += 1;
        if is_wanted { self.send(true) } else { ControlFlow::Continue(()) }
    }
}

/// What an entry is over. One without an amount is no entry that was proved.
fn total(entry: &Entry, currency: Currency) -> Result<Amount, ReadError> {
    let amount = entry.amount.ok_or_else(|| entry.unreadable.clone().unwrap_or(Illegible::NoAmount));
    let total = amount
        .and_then(|amount| Amount::rounded(amount, currency).map_err(|error| Illegible::NotHeld(Box::new(error))));
    total.map_err(|why| ReadError::Amount { entry: entry.index + 1, why })
}

/// An entry as far as it matters for recognising it.
fn seen(entry: &Entry, amount: Amount, booked_on: NaiveDate) -> Seen {
    let placeholder = |reference: &&String| matches!(reference.as_str(), "NONREF" | "NOTPROVIDED" | "0");
    Seen {
        booked_on,
        fallback_key: identity::fallback_key(entry),
        bank_ref: entry.acct_svcr_ref.as_ref().filter(|r| !placeholder(r)).cloned(),
        has_end_to_end_id: entry.transactions.iter().any(|transaction| identity::end_to_end_id(transaction).is_some()),
        uetr: identity::uetr(entry),
        amount,
    }
}

/// The payments in an entry: each detail if they add up, and what the bank kept of them (rule M1.3), else the whole entry, held for a
/// person; so is an entry in another currency than its account (rule M1.4). The entry's row comes later.
fn payments_of(
    entry: &Entry,
    total: Amount,
    currency: Currency,
    booked_on: NaiveDate,
    value_on: NaiveDate,
) -> Vec<(i64, NewPayment)> {
    let foreign = entry.currency.filter(|own| *own != currency);
    let said = foreign.filter(|own| own.exponent() == currency.exponent()).unwrap_or(currency);
    let payment = |detail: i64, amount: Amount, of: usize, held_because: Option<HeldBecause>| {
        let transaction = entry.transactions.get(of);
        let payment = NewPayment {
            paid_into: Account::Bank,
            entry: None,
            amount,
            currency: said,
            booked_on,
            value_on,
            payer_iban: transaction.and_then(|t| identity::counterparty_iban(entry, t)).map(str::to_owned),
            end_to_end_id: transaction.and_then(identity::end_to_end_id).map(str::to_owned),
            external_key: None,
            model: None,
            held_because,
        };
        (detail, payment)
    };
    let whole = |because| vec![payment(0, total, if entry.tx_details <= 1 { 0 } else { usize::MAX }, because)];
    let declared: usize =
        entry.batches.iter().filter_map(|batch| batch.number_of_txs.as_deref()?.parse::<usize>().ok()).sum();
    // A batch that says neither how many nor which.
    let says_nothing = declared > 1 || declared == 0 && entry.tx_details == 0 && !entry.batches.is_empty();
    if entry.tx_details <= 1 && says_nothing {
        return whole(Some(HeldBecause::BatchWithoutDetails));
    }
    if foreign.is_some() {
        return whole(Some(HeldBecause::CurrencyMismatch));
    }
    if entry.tx_details <= 1 {
        return whole(None);
    }
    let part = |t: &Transaction| t.amount.and_then(|amount| Amount::rounded(amount, currency).ok());
    let parts: Option<Vec<Amount>> = entry.transactions.iter().map(part).collect();
    let of_details = entry.transactions.iter().map(|transaction| charges_in(&transaction.charges, currency)).sum();
    let stated = [charges_in(&entry.charges, currency), of_details];
    let split = parts.and_then(|parts| Some((kept_of_collective(total, &parts, stated)?, parts)));
    let Some((kept, parts)) = split else { return whole(Some(HeldBecause::BatchWithoutDetails)) };
    let place = |of: usize| i64::try_from(of + 1).unwrap_or(i64::MAX);
    let mut payments: Vec<(i64, NewPayment)> =
        parts.iter().enumerate().map(|(of, part)| payment(place(of), *part, of, None)).collect();
    if kept.is_positive() {
        payments.push(payment(place(parts.len()), -kept, usize::MAX, Some(HeldBecause::BankFee)));
    }
    payments
}
