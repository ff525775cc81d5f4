//! A bank document in the books (pass 2): it is read again on a thread of its own and booked entry by entry, in one transaction. What was
//! known before is recognised; nothing is booked twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use chrono::{Duration, NaiveDate};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::bank_file::Document;
use super::coverage::cover;
use super::customer_case::accounts;
use super::event::Event;
use super::match_payments::book_back;
use super::office::{JobError, Office};
use crate::journal::{Digest, canonical};
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::config::BalanceCheck;
use crate::shell::crash;
use crate::shell::store::{
    AccountRow, NewDecision, NewEntry, NewPayment, Run, SightingRow, StatementLink, StatementRow, Subject, Writing,
};
use crate::statement::identity::{self, Extent, Known, Recognised, Relation, Seen};
use crate::statement::proof::{Proof, Proved};
use crate::statement::{Entry, Kind, Message, ReadError, Sink, Statement, Transaction};

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It was booked: statements and payments.
    Booked {
        /// How many statements were new.
        statements: usize,
        /// How many payments they brought.
        payments: usize,
    },
    /// Everything in it was known.
    Known,
    /// It was refused, in words.
    Refused(String),
    /// It is not complete yet, or the work was stopped: the file is taken again.
    Unfinished(String),
}

/// Books one document, whole or not at all (pass 2). `accept_imbalance`: the owner said that the bank really delivers it so.
///
/// # Errors
/// When the books fail.
pub async fn book_document(
    office: &Office,
    run: &Run,
    file: &str,
    document: &Document,
    accept_imbalance: bool,
) -> Result<Fate, JobError> {
    if document.proved.is_empty() {
        return Ok(Fate::Refused("there is no statement in it".to_owned()));
    }
    let mut tx = office.store.read().await?;
    if tx.is_booked(&document.sha256, &document.member).await? {
        return Ok(Fate::Known);
    }
    let accounts = accounts(&mut tx).await?;
    drop(tx);
    // A clock that was set back does not make true statements false.
    let today = office.store.last_day().await?.unwrap_or(run.today).max(run.today);
    let mut targets = Vec::with_capacity(document.proved.len());
    for proved in &document.proved {
        match check(office, today, document, proved, &accounts, accept_imbalance) {
            Ok(account) => targets.push(account),
            Err(words) => return Ok(Fate::Refused(words)),
        }
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let bank_file = writing.add_bank_file(file, &document.member, &document.sha256, None).await?;
    let (mut known, mut named) = (Vec::with_capacity(targets.len()), BTreeSet::new());
    for (proved, account) in document.proved.iter().zip(&targets) {
        let digest = digest_of(document.message.kind, proved);
        let is_booked = writing.tx.statement_by_digest(account.id, &digest).await?.is_some();
        // Some files hold a statement twice.
        known.push(!named.insert((account.id, digest)) || is_booked);
    }
    let mut pieces = Pieces::of(document, &targets, &known);
    let (mut statements, mut payments, mut events) = (0, 0, Vec::new());
    let new = document.proved.iter().zip(targets).zip(known).filter(|(_, known)| !known);
    for ((proved, account), _) in new {
        let kind = document.message.kind;
        let mut booking = Booking::begin(&mut writing, kind, bank_file, proved, account).await?;
        loop {
            let piece = match pieces.next().await {
                _ if office.is_stopping() => return Ok(Fate::Unfinished("the program is ending".to_owned())),
                Ok(piece) => piece,
                Err(error) => return Ok(Fate::Unfinished(error.to_string())),
            };
            booking.book(&mut writing, piece.entries).await?;
            if piece.is_last {
                break;
            }
        }
        let brought = booking.payments;
        if booking.entries != proved.statement.booked_count {
            return Ok(Fate::Unfinished("the file was changed while it was read".to_owned()));
        }
        statements += 1;
        payments += brought;
        events.push(Event::StatementImported {
            file: file.to_owned(),
            account: account.name.clone(),
            statement: reference(&proved.statement),
            through: through_on(kind, &proved.statement),
            payments: brought,
        });
        settle_doubts(&mut writing, account.id).await?;
        cover(&mut writing, account.id).await?;
    }
    crash::point("before importing");
    writing.commit().await?;
    crash::point("after importing");
    for event in &events {
        office.tell(run.today, event);
    }
    Ok(if statements == 0 { Fate::Known } else { Fate::Booked { statements, payments } })
}

/// How many days ahead a closing balance may be: over a long weekend some banks write the next bank day.
const MOST_AHEAD: Duration = Duration::days(7);

/// Checks that a statement is of a known account and adds up.
fn check<'a>(
    office: &Office,
    today: NaiveDate,
    document: &Document,
    proved: &Proved,
    accounts: &'a [(AccountRow, Vec<String>)],
    accept_imbalance: bool,
) -> Result<&'a AccountRow, String> {
    let statement = &proved.statement;
    let found = accounts.iter().find(|(row, names)| {
        statement.account.is_one_of(names) && statement.currency.is_none_or(|currency| currency.code() == row.currency)
    });
    let Some((account, _)) = found else {
        let name = statement.account.iban.as_ref().or(statement.account.other.as_ref());
        let name = name.map_or("without number", String::as_str);
        let currency = statement.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
        return Err(format!(
            "the account {name}{currency} is not configured.\n\nAdd it to settled.toml as a `[[bank_account]]`, with gates_dunning = false if no customer pays into it, or leave this file out if the account is none of the business's."
        ));
    };
    let ends_on = statement.closing_balance().and_then(|balance| balance.date);
    if let Some(day) = ends_on.filter(|day| *day > today + MOST_AHEAD) {
        return Err(format!(
            "statement {} closes on {}, a day that is yet to come; it would count as complete up to then.\n\nExport it again; if it comes like \
             this again, tell the bank. Or is the clock of this computer wrong?",
            reference(statement),
            Language::En.day(day)
        ));
    }
    if let Some(index) = proved.undated.filter(|_| statement.day().is_none()) {
        return Err(format!(
            "entry {} of statement {} has no booking day and no value date, and the statement has no day either.\n\nExport it again, as camt.053; if it \
             comes like this again, tell the bank.",
            index + 1,
            reference(statement)
        ));
    }
    if document.message.kind == Kind::Camt054 {
        return Ok(account);
    }
    match &proved.proof {
        Proof::Fits { .. } | Proof::ValuedLater { .. } => Ok(account),
        Proof::NoBalances if document.message.kind == Kind::Camt052 => Ok(account),
        Proof::NoBalances => Err(format!(
            "statement {} has no opening and closing balance to prove it by.\n\nAsk the bank for camt.053 account statements (not turnover lists).",
            reference(statement)
        )),
        Proof::Unreadable(why) => Err(format!("statement {} cannot be added up: {why}.", reference(statement))),
        Proof::Off { .. } if accept_imbalance || document.message.kind == Kind::Camt052 => Ok(account),
        Proof::Off { .. } if only_warns(office, account) => {
            let (name, statement) = (&account.name, reference(statement));
            tracing::warn!(account = %name, %statement, "a statement that does not add up is booked, as `balance_check` says; it proves nothing");
            Ok(account)
        }
        Proof::Off { opening, entries, closing } => Err(off_in_words(account, proved, *opening, *entries, *closing)),
    }
}

/// Tells whether the configuration has an account's statements booked even where they do not add up.
fn only_warns(office: &Office, account: &AccountRow) -> bool {
    let settings = office.config.bank_accounts.iter().find(|settings| settings.name == account.name);
    settings.is_some_and(|settings| settings.balance_check == BalanceCheck::Warn)
}

/// The note of a statement that does not add up: where, what, by how much, and what to do.
fn off_in_words(account: &AccountRow, proved: &Proved, opening: Amount, entries: Amount, closing: Amount) -> String {
    let statement = &proved.statement;
    let currency = currency(account);
    let money = |amount: Amount| amount.with_currency(currency, Language::En);
    let gives = opening + entries;
    let difference = closing - gives;
    let than = if difference.is_positive() { "more" } else { "less" };
    let day = statement
        .closing_balance()
        .and_then(|b| b.date)
        .map(|d| format!(" of {}", Language::En.day(d)))
        .unwrap_or_default();
    format!(
        "the entries do not add up.\n\n  account            {}, statement {}{day}\n  opening balance    {}\n  entries ({})       {}\n  gives              {}\n  \
         closing balance    {}    {} {than} than the entries\n\nOne entry seems to be missing. Export the statement again and drop it into the inbox. If the bank \
         really delivers it like this: settled bank import --accept-imbalance FILE (dunning then rests for this account until the chain is whole again).",
        account.name,
        reference(statement),
        money(opening),
        statement.booked_count,
        money(entries),
        money(gives),
        money(closing),
        money(difference.abs())
    )
}

/// By which hash a statement is known again. A report of the day may say what the statement of the day says, word for word: they are two,
/// for only the statement tells apart the equal payments of a day.
fn digest_of(kind: Kind, proved: &Proved) -> String {
    if kind.is_statement() { proved.digest.clone() } else { Digest::new().text(kind.name()).text(&proved.digest).end() }
}

/// What a statement is called.
fn reference(statement: &Statement) -> String {
    let names = [&statement.electronic_seq, &statement.legal_seq, &statement.id];
    names
        .into_iter()
        .flatten()
        .find(|name| !name.trim_start_matches('0').is_empty())
        .cloned()
        .unwrap_or_else(|| "without a name".to_owned())
}

/// The day up to which it is complete; a notification (camt.054) never is.
fn through_on(kind: Kind, statement: &Statement) -> Option<NaiveDate> {
    statement.complete_through().filter(|_| kind != Kind::Camt054)
}

/// The first day that a statement covers: as stated, else the day of its opening balance.
fn from_on(proved: &Proved) -> Option<NaiveDate> {
    let statement = &proved.statement;
    let stated = statement.from.as_deref().and_then(|from| from.get(..10)?.parse().ok());
    let opening = statement.opening_balance().and_then(|balance| match balance.kind.as_deref() {
        // The closing balance of the day before.
        Some("PRCD") => balance.date?.succ_opt(),
        _ => balance.date,
    });
    [stated, opening, proved.booked.map(|(first, _)| first)].into_iter().flatten().next()
}

/// How many entries with a detail each are booked at once.
const PIECE: usize = 1000;

/// How many pieces may wait: reading is ahead of booking by no more.
const AHEAD: usize = 4;

/// Entries of a statement, in the order of the file.
struct Piece {
    entries: Vec<ReadEntry>,
    is_last: bool,
}

/// An entry as it was read, and what the books will keep of it.
struct ReadEntry {
    seen: Seen,
    position: i64,
    value_on: NaiveDate,
    details: i64,
    model: String,
    payments: Vec<NewPayment>,
}

/// The entries of a document, read again on a thread of their own while the books take in what came before.
struct Pieces {
    from: mpsc::Receiver<Piece>,
    reading: Option<JoinHandle<Result<Message, ReadError>>>,
}

impl Pieces {
    /// Begins to read; statements that are known are passed over.
    fn of(document: &Document, accounts: &[&AccountRow], known: &[bool]) -> Pieces {
        let (to, from) = mpsc::channel(AHEAD);
        let plans = document.proved.iter().zip(accounts).zip(known).map(|((proved, account), known)| {
            (!known).then(|| Plan { currency: currency(account), day: proved.statement.day() })
        });
        let mut reader = Reader { plans: plans.collect(), at: 0, entries: Vec::new(), weight: 0, to };
        let (source, charset) = (document.source.clone(), document.charset);
        let reading = tokio::task::spawn_blocking(move || source.read(charset, &mut reader));
        Pieces { from, reading: Some(reading) }
    }

    /// Returns the next piece.
    async fn next(&mut self) -> Result<Piece, ReadError> {
        if let Some(piece) = self.from.recv().await {
            return Ok(piece);
        }
        let changed = || ReadError::Unfinished("the file was changed while it was read".to_owned());
        let Some(reading) = self.reading.take() else { return Err(changed()) };
        Err(reading.await.map_err(|cause| ReadError::Io(std::io::Error::other(cause)))?.err().unwrap_or_else(changed))
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
    to: mpsc::Sender<Piece>,
}

impl Reader {
    fn send(&mut self, is_last: bool) -> ControlFlow<()> {
        let entries = std::mem::replace(&mut self.entries, Vec::with_capacity(PIECE));
        self.weight = 0;
        // Nobody listens any more: the program is ending.
        if self.to.blocking_send(Piece { entries, is_last }).is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }
}

impl Sink for Reader {
    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        let Some(Some(plan)) = self.plans.get(self.at) else { return ControlFlow::Continue(()) };
        let Some(booked_on) = entry.booked_on().or(plan.day).filter(|_| entry.is_booked()) else {
            return ControlFlow::Continue(());
        };
        let seen = seen(&entry, plan.currency, booked_on);
        let value_on = entry.value_date.unwrap_or(booked_on);
        let payments = payments_of(&entry, plan.currency, booked_on, value_on);
        // A collective entry may hold as much as thousands of single ones.
        self.weight += 1 + entry.tx_details;
        self.entries.push(ReadEntry {
            payments,
            position: i64::try_from(entry.index).unwrap_or(i64::MAX),
            details: i64::try_from(entry.tx_details).unwrap_or(i64::MAX),
            model: canonical(&entry),
            seen,
            value_on,
        });
        if self.weight < 2 * PIECE { ControlFlow::Continue(()) } else { self.send(false) }
    }

    fn statement(&mut self, _: Statement) -> ControlFlow<()> {
        let is_wanted = matches!(self.plans.get(self.at), Some(Some(_)));
        self.at += 1;
        if is_wanted { self.send(true) } else { ControlFlow::Continue(()) }
    }
}

fn currency(account: &AccountRow) -> Currency {
    account.currency.parse().unwrap_or(Currency::EUR)
}

/// A statement while it is booked: itself, its entries that are new, what it says of all of them, and the payments in them.
struct Booking {
    id: i64,
    account: i64,
    /// How earlier statements relate to it.
    relations: HashMap<i64, Relation>,
    /// Whether the books hold nothing else of its days: then only its own entries can be equal.
    is_alone: bool,
    /// Whether a statement in another format covers some of its days: what it says need not be worded alike.
    is_reworded: bool,
    entries: usize,
    payments: usize,
}

impl Booking {
    async fn begin(
        writing: &mut Writing<'_>,
        kind: Kind,
        bank_file: i64,
        proved: &Proved,
        account: &AccountRow,
    ) -> Result<Booking, JobError> {
        let statement = &proved.statement;
        let balances = proved.proof.balances().filter(|_| kind != Kind::Camt054);
        let row = StatementRow {
            id: 0,
            bank_account_id: account.id,
            kind: kind.name().to_owned(),
            bank_file_id: Some(bank_file),
            reference: reference(statement),
            sequence: statement.electronic_seq.as_deref().and_then(|seq| seq.parse().ok()),
            from_on: from_on(proved),
            through_on: through_on(kind, statement),
            opening: balances.map(|(opening, _)| opening.minor()),
            closing: balances.map(|(_, closing)| closing.minor()),
            difference: proved.proof.difference().minor(),
            digest: digest_of(kind, proved),
            run_id: 0,
        };
        let hand = Extent {
            kind,
            sequence: row.sequence,
            from_on: row.from_on,
            through_on: row.through_on,
            opening: row.opening.map(Amount::from_minor),
            closing: row.closing.map(Amount::from_minor),
        };
        let links = writing.tx.links_of(account.id).await?;
        let extents: Vec<(i64, Extent)> = links.iter().filter_map(|link| Some((link.id, extent(link)?))).collect();
        let all = near(&hand, &extents.iter().map(|(_, extent)| *extent).collect::<Vec<_>>());
        let mut relations: HashMap<i64, Relation> =
            extents.iter().map(|(id, earlier)| (*id, earlier.relation(&hand, &all))).collect();
        let days: Vec<NaiveDate> =
            proved.booked.into_iter().flat_map(|(first, last)| [first, last]).chain(statement.day()).collect();
        let is_alone = match (days.iter().min(), days.iter().max()) {
            (Some(first), Some(last)) => !writing.tx.has_entries(account.id, *first, *last).await?,
            _ => true,
        };
        let id = writing.add_statement(row).await?;
        let is_reworded = !is_alone && relations.values().any(|relation| *relation == Relation::Reworded);
        relations.insert(id, Relation::InHand);
        Ok(Booking { id, account: account.id, relations, is_alone, is_reworded, entries: 0, payments: 0 })
    }

    /// Books some of its entries.
    async fn book(&mut self, writing: &mut Writing<'_>, entries: Vec<ReadEntry>) -> Result<(), JobError> {
        let seen: Vec<Seen> = entries.iter().map(|read| read.seen.clone()).collect();
        let known = self.known(writing, &seen).await?;
        let recognised = identity::recognise(&seen, &known);
        let new = seen.iter().zip(&recognised).filter_map(|(seen, recognised)| match recognised {
            Recognised::Known(_) => None,
            Recognised::New { ordinal, .. } => Some(NewEntry {
                booked_on: seen.booked_on,
                fallback_key: seen.fallback_key.clone(),
                ordinal: *ordinal,
                bank_ref: seen.bank_ref.clone(),
                amount: seen.amount,
            }),
        });
        let mut ids = writing.add_entries(self.account, new.collect()).await?.into_iter();
        self.entries += entries.len();
        let (mut sightings, mut payments) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
        let mut told_again: BTreeMap<i64, Vec<NewPayment>> = BTreeMap::new();
        for (read, recognised) in entries.into_iter().zip(&recognised) {
            let id = match recognised {
                Recognised::Known(id) => *id,
                Recognised::New { .. } => ids.next().expect("a row for each new entry"),
            };
            let ReadEntry { position, value_on, details, model, .. } = read;
            let amount = read.seen.amount;
            sightings.push(SightingRow { position, entry: id, amount, value_on, details, model });
            // An entry over nothing, such as the bank's closing of the quarter, moves no money.
            let own = read.payments.into_iter().filter(|payment| payment.amount != 0);
            let own = own.map(|payment| NewPayment { entry: payment.entry.map(|(_, detail)| (id, detail)), ..payment });
            match recognised {
                Recognised::Known(_) => {
                    told_again.insert(id, own.collect());
                }
                Recognised::New { doubtful, .. } => payments.extend(own.map(|payment| NewPayment {
                    held_because: payment.held_because.or(doubtful.then_some("possible_duplicate")),
                    ..payment
                })),
            }
        }
        writing.add_sightings(self.id, sightings).await?;
        payments.extend(hear_again(writing, told_again).await?);
        self.payments += payments.len();
        writing.add_payments(payments).await?;
        Ok(())
    }

    /// The entries of the books that some of the statement's could be, and how the statements that saw them relate to it.
    async fn known(&self, writing: &mut Writing<'_>, seen: &[Seen]) -> Result<Vec<Known>, JobError> {
        let mut rows;
        if self.is_reworded {
            let days: BTreeSet<NaiveDate> = seen.iter().map(|s| s.booked_on).collect();
            rows = writing.tx.entries_of_days(self.account, &json(&days)).await?;
        } else {
            let wanted: BTreeSet<_> = seen.iter().map(|s| (s.booked_on, &s.fallback_key, &s.bank_ref)).collect();
            rows = writing.tx.entries_by_key(self.account, &json(&wanted)).await?;
            if !self.is_alone {
                rows.extend(writing.tx.entries_by_ref(self.account, &json(&wanted)).await?);
            }
        }
        let known = rows.into_iter().map(|entry| Known {
            entry: entry.id,
            seen: Seen {
                booked_on: entry.booked_on,
                fallback_key: entry.fallback_key,
                bank_ref: entry.bank_ref,
                amount: entry.amount,
            },
            ordinal: entry.ordinal,
            relation: self.relations.get(&entry.statement_id).copied().unwrap_or(Relation::Unknown),
        });
        Ok(known.collect())
    }
}

/// Takes over what a statement says of entries that are known: their undecided payments are tried again, for it may say more; and the
/// details of a collective entry, where they were missing, are the payments. Returns these.
async fn hear_again(
    writing: &mut Writing<'_>,
    mut told: BTreeMap<i64, Vec<NewPayment>>,
) -> Result<Vec<NewPayment>, JobError> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let mut details = Vec::new();
    let mut again = Vec::new();
    for payment in writing.tx.undecided_of_entries(&told.keys().copied().collect::<Vec<_>>()).await? {
        let Some(said) = told.get_mut(&payment.entry_id) else { continue };
        let is_whole = payment.open_amount == payment.amount;
        match payment.held_because.as_deref() {
            None => again.push(payment.payment_id),
            Some("batch_without_details") if is_whole && said.len() > 1 => {
                let whole = writing.tx.payment(payment.payment_id).await?;
                book_back(writing, &whole.ok_or_else(|| JobError::damaged("an entry without its payment"))?).await?;
                writing.close_payments(&[payment.payment_id]).await?;
                let reason = "the bank has told its details, which are payments of their own";
                let decision = NewDecision {
                    subject: Subject::payment(payment.payment_id),
                    rule: "M1".to_owned(),
                    verdict: "ignored".to_owned(),
                    facts: serde_json::json!({ "flags": [], "reason": reason }).to_string(),
                    next_on: None,
                };
                writing.add_decision(decision).await?;
                details.append(said);
            }
            Some(_) => {}
        }
    }
    writing.try_again(&again).await?;
    Ok(details)
}

/// An entry as far as it matters for recognising it.
fn seen(entry: &Entry, currency: Currency, booked_on: NaiveDate) -> Seen {
    let amount = entry.amount.and_then(|amount| Amount::rounded(amount, currency).ok()).unwrap_or_default();
    let placeholder = |reference: &&String| matches!(reference.as_str(), "NONREF" | "NOTPROVIDED" | "0");
    Seen {
        booked_on,
        fallback_key: identity::fallback_key(entry),
        bank_ref: entry.acct_svcr_ref.as_ref().filter(|r| !placeholder(r)).cloned(),
        amount: amount.minor(),
    }
}

fn json(wanted: &impl serde::Serialize) -> String {
    serde_json::to_string(wanted).expect("days and texts are JSON")
}

/// The most statements of some days whose balances are followed from one to the other.
const MOST_LINKS: usize = 200;

/// What an earlier statement covers; nothing where it holds no entries, as the owner's word.
fn extent(link: &StatementLink) -> Option<Extent> {
    Some(Extent {
        kind: Kind::by_name(&link.kind)?,
        sequence: link.sequence,
        from_on: link.from_on,
        through_on: link.through_on,
        opening: link.opening.map(Amount::from_minor),
        closing: link.closing.map(Amount::from_minor),
    })
}

/// The statements among some that may share days with one.
fn near(hand: &Extent, all: &[Extent]) -> Vec<Extent> {
    let near =
        all.iter().filter(|other| other.kind.is_statement() && !other.ends_before(hand) && !hand.ends_before(other));
    near.take(MOST_LINKS).copied().collect()
}

/// Looks anew at payments that may have been booked before: what has come meanwhile may prove that they are payments of their own.
async fn settle_doubts(writing: &mut Writing<'_>, account: i64) -> Result<(), JobError> {
    let doubted = writing.tx.doubted_payments(account).await?;
    if doubted.is_empty() {
        return Ok(());
    }
    let links = writing.tx.links_of(account).await?;
    let extents: HashMap<i64, Extent> = links.iter().filter_map(|link| Some((link.id, extent(link)?))).collect();
    let all: Vec<Extent> = extents.values().copied().collect();
    let wanted: BTreeSet<_> = doubted.iter().map(|d| (d.booked_on, &d.fallback_key)).collect();
    let equal = writing.tx.entries_by_key(account, &json(&wanted)).await?;
    let seen_by =
        |entry: i64| -> Vec<i64> { equal.iter().filter(|row| row.id == entry).map(|row| row.statement_id).collect() };
    let relation = |a: &i64, b: &i64| match (extents.get(a), extents.get(b)) {
        (Some(a), Some(b)) => a.relation(b, &near(a, &all)),
        _ => Relation::Unknown,
    };
    let mut proved = Vec::new();
    for payment in &doubted {
        let own = seen_by(payment.entry_id);
        let others: BTreeSet<i64> = equal
            .iter()
            .filter(|row| row.booked_on == payment.booked_on && row.fallback_key == payment.fallback_key)
            .map(|row| row.id)
            .filter(|id| *id != payment.entry_id)
            .collect();
        if others.into_iter().all(|other| identity::are_two(&own, &seen_by(other), relation)) {
            proved.push(payment.payment_id);
        }
    }
    Ok(writing.try_again(&proved).await?)
}

/// The payments in an entry: each detail if they add up (rule M1.3), else the whole entry, held for a person. The entry's row
/// comes later.
fn payments_of(entry: &Entry, currency: Currency, booked_on: NaiveDate, value_on: NaiveDate) -> Vec<NewPayment> {
    let amount = |value: Option<rust_decimal::Decimal>| {
        value.and_then(|v| Amount::rounded(v, currency).ok()).unwrap_or_default()
    };
    let payment = |detail: i64, amount: Amount, of: usize, held_because: Option<&'static str>| {
        let transaction = entry.transactions.get(of);
        NewPayment {
            paid_into: "bank",
            entry: Some((0, detail)),
            amount: amount.minor(),
            currency: currency.code().to_owned(),
            booked_on,
            value_on,
            payer_iban: transaction.and_then(|t| identity::counterparty_iban(entry, t)).map(str::to_owned),
            end_to_end_id: transaction.and_then(identity::end_to_end_id).map(str::to_owned),
            external_key: None,
            model: None,
            held_because,
        }
    };
    let total = amount(entry.amount);
    let declared: usize =
        entry.batches.iter().filter_map(|batch| batch.number_of_txs.as_deref()?.parse::<usize>().ok()).sum();
    if entry.tx_details <= 1 {
        // A batch that says neither how many nor which.
        let collective = declared > 1 || declared == 0 && entry.tx_details == 0 && !entry.batches.is_empty();
        return vec![payment(0, total, 0, collective.then_some("batch_without_details"))];
    }
    let part = |t: &Transaction| t.amount.and_then(|amount| Amount::rounded(amount, currency).ok());
    let parts: Option<Vec<Amount>> = entry.transactions.iter().map(part).collect();
    let sum = |parts: &[Amount]| parts.iter().map(|part| i128::from(part.minor())).sum::<i128>();
    let Some(parts) = parts.filter(|parts| sum(parts) == i128::from(total.minor())) else {
        return vec![payment(0, total, usize::MAX, Some("batch_without_details"))];
    };
    let numbered = parts.into_iter().enumerate();
    numbered.map(|(of, part)| payment(i64::try_from(of + 1).unwrap_or(i64::MAX), part, of, None)).collect()
}
