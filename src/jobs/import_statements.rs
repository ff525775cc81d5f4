//! Bank files from the drop folder to the books: read and proved without the store, then read again and booked in one
//! transaction a document. What is refused gets a note in words; nothing of it is booked.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Duration, NaiveDate};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::customer_case::accounts;
use super::event::Event;
use super::letters::alarm;
use super::office::{JobError, Office};
use crate::journal::{canonical, sha256};
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::crash;
use crate::shell::dropfolder::{self, DropFolder, Taken};
use crate::shell::store::{
    AccountRow, NewEntry, NewPayment, Run, SightingRow, StatementLink, StatementRow, Tx, Writing,
};
use crate::statement::chain::{self, Link};
use crate::statement::identity::{self, Known, Recognised, Relation, Seen};
use crate::statement::proof::{Proof, Proved, Prover};
use crate::statement::{self, ArchiveError, ArchiveLimits, Charset, Entry, Kind, Message, ReadError, Sink, Statement};

/// The largest plain file that is read.
const LARGEST_FILE: u64 = 2 << 30;

/// How long an unfinished file is waited for.
const PATIENCE: Duration = Duration::hours(1);

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

/// Takes the files that rest in the drop folder and books them. Returns how many payments are new.
///
/// # Errors
/// When books or folders fail; the files stay in `work` and are taken again.
pub async fn import_statements(office: &Office, run: &Run, folder: &mut DropFolder) -> Result<usize, JobError> {
    let now = office.clock.now();
    let mut payments = 0;
    for file in folder.take(now).map_err(JobError::io("looking into the inbox"))? {
        if office.is_stopping() {
            break;
        }
        payments += import_file(office, run, folder, &file).await?;
    }
    Ok(payments)
}

/// Books one file and puts it where it belongs.
async fn import_file(office: &Office, run: &Run, folder: &DropFolder, file: &Taken) -> Result<usize, JobError> {
    let documents = match read_documents(&file.path) {
        Ok(documents) => documents,
        Err(refusal) => {
            let age = office.clock.now().timestamp() - modified_at(&file.path);
            // A share's clock may be a little ahead of ours, but not by more.
            if refusal.unfinished && (-PATIENCE.num_seconds()..PATIENCE.num_seconds()).contains(&age) {
                tracing::info!(file = %file.name, "a bank file is not complete yet; it is tried again");
                return Ok(0);
            }
            return reject(office, run, folder, file, &refusal.words).await.map(|()| 0);
        }
    };
    let (mut payments, mut refusals, mut booked) = (0, Vec::new(), 0);
    for document in &documents {
        match import_document(office, run, &file.name, document, false).await? {
            Fate::Booked { payments: new, .. } => {
                payments += new;
                booked += 1;
            }
            Fate::Known => {
                booked += 1;
                office.tell(run.today, &Event::StatementKnown { file: file.name.clone() });
            }
            Fate::Refused(words) => refusals.push((document.member.clone(), words)),
            Fate::Unfinished(words) => {
                tracing::info!(file = %file.name, why = %words, "a bank file was not booked yet; it is tried again");
                return Ok(payments);
            }
        }
    }
    if booked == 0 {
        let words: Vec<String> = refusals.iter().map(|(member, words)| in_member(member, words)).collect();
        reject(office, run, folder, file, &words.join("\n\n")).await?;
        return Ok(payments);
    }
    crash::point("before moving the file");
    let path = folder.done(file, run.today).map_err(JobError::io(format!("moving {} to done", file.name)))?;
    if !refusals.is_empty() {
        let words: Vec<String> = refusals.iter().map(|(member, words)| in_member(member, words)).collect();
        folder
            .note(&path, &words.join("\n\n"))
            .map_err(JobError::io(format!("writing a note beside {}", file.name)))?;
        for (member, words) in refusals {
            let file = format!("{} ({member})", file.name);
            office.tell(run.today, &Event::StatementRejected { file, reason: first_line(&words) });
        }
    }
    Ok(payments)
}

fn in_member(member: &str, words: &str) -> String {
    if member.is_empty() { words.to_owned() } else { format!("{member}: {words}") }
}

fn first_line(words: &str) -> String {
    words.lines().next().unwrap_or_default().trim_end_matches(':').to_owned()
}

fn modified_at(path: &Path) -> i64 {
    use std::os::unix::fs::MetadataExt;
    std::fs::symlink_metadata(path).map_or(0, |metadata| metadata.mtime())
}

/// Puts a refused file into `rejected` with its note, and records that it was refused.
async fn reject(office: &Office, run: &Run, folder: &DropFolder, file: &Taken, words: &str) -> Result<(), JobError> {
    let hash = Source::File(file.path.clone()).hash().unwrap_or_default();
    let mut writing = office.store.write(run, office.clock.now()).await?;
    writing.add_bank_file(&file.name, "", &hash, Some(first_line(words))).await?;
    alarm(&mut writing, "statement_rejected").await?;
    writing.commit().await?;
    let note = format!("{} was not read: {words}\n\nNothing was booked.\n", file.name);
    folder.reject(file, &note).map_err(JobError::io(format!("moving {} to rejected", file.name)))?;
    office.tell(run.today, &Event::StatementRejected { file: file.name.clone(), reason: first_line(words) });
    Ok(())
}

/// One XML document: a file, or a member of an archive.
pub struct Document {
    /// The member's name; empty for a plain file.
    pub member: String,
    /// The hash of its bytes.
    pub sha256: String,
    /// The message.
    pub message: Message,
    /// Its statements, proved.
    pub proved: Vec<Proved>,
    source: Source,
    charset: Charset,
}

#[derive(Clone)]
enum Source {
    File(PathBuf),
    Memory(Arc<[u8]>),
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// In words.
    pub words: String,
    /// Whether it may only be unfinished.
    pub unfinished: bool,
}

impl Refusal {
    fn new(words: impl Into<String>) -> Refusal {
        Refusal { words: words.into(), unfinished: false }
    }
}

/// Reads and proves a file without touching the books (pass 1).
///
/// # Errors
/// When nothing of it can be read.
pub fn read_documents(path: &Path) -> Result<Vec<Document>, Refusal> {
    let mut file = dropfolder::open(path).map_err(|cause| Refusal::new(format!("it cannot be opened: {cause}")))?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    if size > LARGEST_FILE {
        return Err(Refusal::new(format!("it has {size} bytes; files over {LARGEST_FILE} are not read")));
    }
    let mut first = [0; 512];
    let read = read_up_to(&mut file, &mut first).and_then(|n| file.rewind().map(|()| n));
    let first = &first[..read.map_err(|cause| Refusal::new(format!("it cannot be read: {cause}")))?];
    if statement::is_archive(first) {
        return read_archive(file);
    }
    let source = Source::File(path.to_owned());
    read_document(String::new(), source, first).map(|document| vec![document])
}

fn read_up_to(from: &mut impl Read, to: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < to.len() {
        match from.read(&mut to[filled..])? {
            0 => break,
            n => filled += n,
        }
    }
    Ok(filled)
}

/// Reads the members of an archive; bad ones are refused one by one.
fn read_archive(file: File) -> Result<Vec<Document>, Refusal> {
    let limits = ArchiveLimits::default();
    let refuse = |error: ArchiveError| Refusal {
        unfinished: matches!(error, ArchiveError::Unfinished),
        words: error.to_string(),
    };
    let mut archive = BufReader::new(file);
    let members = statement::members(&mut archive, limits).map_err(refuse)?;
    let (mut documents, mut refused) = (Vec::new(), Vec::new());
    for member in members {
        archive.seek(SeekFrom::Start(0)).map_err(|cause| Refusal::new(cause.to_string()))?;
        let mut bytes = Vec::new();
        let unpacked = statement::read_member(&mut archive, &member, limits, |content| {
            content.read_to_end(&mut bytes).map(|_| ())
        });
        match unpacked.map_err(refuse)? {
            Err(cause) => refused.push(format!("{}: it cannot be unpacked: {cause}", member.name)),
            Ok(()) => {
                let first = bytes[..bytes.len().min(512)].to_vec();
                match read_document(member.name.clone(), Source::Memory(bytes.into()), &first) {
                    Ok(document) => documents.push(document),
                    // A readme beside the statements is no mistake.
                    Err(_) if !member.name.to_lowercase().ends_with(".xml") => {}
                    Err(refusal) => refused.push(format!("{}: {}", member.name, refusal.words)),
                }
            }
        }
    }
    if documents.is_empty() {
        let words =
            if refused.is_empty() { "the archive holds no bank statement".to_owned() } else { refused.join("\n") };
        return Err(Refusal::new(words));
    }
    Ok(documents)
}

fn read_document(member: String, source: Source, first: &[u8]) -> Result<Document, Refusal> {
    let charset = Charset::of(first);
    let read = |charset| {
        let mut prover = Prover::new();
        source.read(charset, &mut prover).map(|message| (message, prover.proved))
    };
    let (charset, result) = match read(charset) {
        Err(ReadError::Encoding { .. }) => (Charset::Recovered, read(Charset::Recovered)),
        other => (charset, other),
    };
    let (message, proved) = result.map_err(|error| Refusal {
        unfinished: matches!(error, ReadError::Unfinished(_) | ReadError::Empty),
        words: error.to_string(),
    })?;
    let sha256 = source.hash().map_err(|cause| Refusal::new(format!("it cannot be read: {cause}")))?;
    Ok(Document { member, sha256, message, proved, source, charset })
}

impl Document {
    /// Reads it again, entry by entry.
    ///
    /// # Errors
    /// When the file is another one by now, or cannot be read.
    pub fn read(&self, sink: &mut dyn Sink) -> Result<Message, ReadError> {
        self.source.read(self.charset, sink)
    }
}

impl Source {
    fn read(&self, charset: Charset, sink: &mut dyn Sink) -> Result<Message, ReadError> {
        match self {
            Source::Memory(bytes) => statement::read(Cursor::new(bytes), charset, sink),
            Source::File(path) => {
                let file = dropfolder::open(path).map_err(ReadError::Io)?;
                statement::read(BufReader::with_capacity(1 << 16, file), charset, sink)
            }
        }
    }

    fn hash(&self) -> std::io::Result<String> {
        use sha2::{Digest, Sha256};
        match self {
            Source::Memory(bytes) => Ok(sha256(bytes)),
            Source::File(path) => {
                let mut hasher = Sha256::new();
                let mut reader = BufReader::with_capacity(1 << 16, dropfolder::open(path)?);
                loop {
                    let buffer = reader.fill_buf()?;
                    if buffer.is_empty() {
                        break;
                    }
                    hasher.update(buffer);
                    let n = buffer.len();
                    reader.consume(n);
                }
                Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
            }
        }
    }
}

/// Books one document, whole or not at all (pass 2). `accept_imbalance`: the owner said that the bank really delivers it so.
///
/// # Errors
/// When the books fail.
pub async fn import_document(
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
    let mut targets = Vec::with_capacity(document.proved.len());
    for proved in &document.proved {
        match check(document, proved, &accounts, accept_imbalance) {
            Ok(account) => targets.push(account),
            Err(words) => return Ok(Fate::Refused(words)),
        }
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let bank_file = writing.add_bank_file(file, &document.member, &document.sha256, None).await?;
    let mut known = Vec::with_capacity(targets.len());
    for (proved, account) in document.proved.iter().zip(&targets) {
        known.push(writing.tx.statement_by_digest(account.id, &proved.digest).await?.is_some());
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

/// Checks that a statement is of a known account and adds up.
fn check<'a>(
    document: &Document,
    proved: &Proved,
    accounts: &'a [(AccountRow, Vec<String>)],
    accept_imbalance: bool,
) -> Result<&'a AccountRow, String> {
    let statement = &proved.statement;
    let names: Vec<&str> =
        [&statement.account.iban, &statement.account.other].into_iter().flatten().map(String::as_str).collect();
    let currency = statement.currency.map(|c| c.code().to_owned());
    let found = accounts.iter().find(|(row, own)| {
        names.iter().any(|name| own.iter().any(|o| o == name)) && currency.as_deref().is_none_or(|c| c == row.currency)
    });
    let Some((account, _)) = found else {
        let name = names.first().copied().unwrap_or("an account without number");
        let currency = currency.unwrap_or_default();
        return Err(format!(
            "the account {name} {currency} is not configured.\n\nAdd it to settled.toml as a `[[bank_account]]`, or leave this file out if the account is none of the business's."
        ));
    };
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
        Proof::Off { opening, entries, closing } => Err(off_in_words(account, proved, *opening, *entries, *closing)),
    }
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

/// The day of the closing booked balance; a notification (camt.054) has none, and interim balances prove nothing.
fn through_on(kind: Kind, statement: &Statement) -> Option<NaiveDate> {
    let closing = statement
        .closing_balance()
        .filter(|balance| kind != Kind::Camt054 && balance.kind.as_deref() == Some("CLBD"))?;
    closing.date
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

/// How many entries are booked at once.
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
        let mut reader = Reader { plans: plans.collect(), at: 0, entries: Vec::new(), to };
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
    to: mpsc::Sender<Piece>,
}

impl Reader {
    fn send(&mut self, is_last: bool) -> ControlFlow<()> {
        let entries = std::mem::replace(&mut self.entries, Vec::with_capacity(PIECE));
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
        self.entries.push(ReadEntry {
            payments: payments_of(&entry, plan.currency, booked_on, value_on),
            position: i64::try_from(entry.index).unwrap_or(i64::MAX),
            model: canonical(&entry),
            seen,
            value_on,
        });
        if self.entries.len() < PIECE { ControlFlow::Continue(()) } else { self.send(false) }
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
            digest: proved.digest.clone(),
            run_id: 0,
        };
        let links = writing.tx.links_of(account.id).await?;
        let mut relations: HashMap<i64, Relation> =
            links.iter().map(|earlier| (earlier.id, relate(earlier, &row, kind))).collect();
        let days: Vec<NaiveDate> =
            proved.booked.into_iter().flat_map(|(first, last)| [first, last]).chain(statement.day()).collect();
        let is_alone = match (days.iter().min(), days.iter().max()) {
            (Some(first), Some(last)) => !writing.tx.has_entries(account.id, *first, *last).await?,
            _ => true,
        };
        let id = writing.add_statement(row).await?;
        relations.insert(id, Relation::InHand);
        Ok(Booking { id, account: account.id, relations, is_alone, entries: 0, payments: 0 })
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
        for (read, recognised) in entries.into_iter().zip(&recognised) {
            let id = match recognised {
                Recognised::Known(id) => *id,
                Recognised::New { doubtful, .. } => {
                    let id = ids.next().expect("a row for each new entry");
                    // An entry over nothing, such as the bank's closing of the quarter, moves no money.
                    let brought = read.payments.into_iter().filter(|payment| payment.amount != 0);
                    payments.extend(brought.map(|payment| NewPayment {
                        entry: payment.entry.map(|(_, detail)| (id, detail)),
                        held_because: payment.held_because.or(doubtful.then_some("possible_duplicate")),
                        ..payment
                    }));
                    id
                }
            };
            let ReadEntry { position, value_on, model, .. } = read;
            sightings.push(SightingRow { position, entry: id, amount: read.seen.amount, value_on, model });
        }
        writing.add_sightings(self.id, sightings).await?;
        self.payments += payments.len();
        writing.add_payments(payments).await?;
        Ok(())
    }

    /// The entries of the books that some of the statement's could be, and how the statements that saw them relate to it.
    async fn known(&self, writing: &mut Writing<'_>, seen: &[Seen]) -> Result<Vec<Known>, JobError> {
        let wanted: BTreeSet<_> = seen.iter().map(|s| (s.booked_on, &s.fallback_key, &s.bank_ref)).collect();
        let wanted = serde_json::to_string(&wanted).expect("days and texts are JSON");
        let mut rows = writing.tx.entries_by_key(self.account, &wanted).await?;
        if !self.is_alone {
            rows.extend(writing.tx.entries_by_ref(self.account, &wanted).await?);
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

/// How an earlier statement relates to the one in hand: two camt.053 whose days or balances follow each other cover other
/// bookings; days that overlap, and reports or notifications of the day, cover the same.
fn relate(earlier: &StatementLink, row: &StatementRow, kind: Kind) -> Relation {
    if kind != Kind::Camt053 || earlier.kind != Kind::Camt053.name() {
        return Relation::Overlapping;
    }
    let before = |a: Option<NaiveDate>, b: Option<NaiveDate>| a.zip(b).is_some_and(|(a, b)| a < b);
    if before(earlier.through_on, row.from_on) || before(row.through_on, earlier.from_on) {
        return Relation::Disjoint;
    }
    let proved = earlier.opening.is_some() && row.opening.is_some();
    let same_start = earlier.opening == row.opening && earlier.from_on == row.from_on;
    if proved && !same_start && (earlier.closing == row.opening || row.closing == earlier.opening) {
        return Relation::Disjoint;
    }
    if earlier.through_on.is_some() && row.through_on.is_some() { Relation::Overlapping } else { Relation::Unknown }
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
            model: None,
            held_because,
        }
    };
    let total = amount(entry.amount);
    let declared: usize =
        entry.batches.iter().filter_map(|batch| batch.number_of_txs.as_deref()?.parse::<usize>().ok()).sum();
    if entry.tx_details <= 1 {
        let collective = declared > 1;
        return vec![payment(0, total, 0, collective.then_some("batch_without_details"))];
    }
    let parts: Vec<Amount> = entry.transactions.iter().map(|t| amount(t.amount)).collect();
    let adds_up =
        entry.transactions.iter().all(|t| t.amount.is_some()) && parts.iter().copied().sum::<Amount>() == total;
    if !adds_up {
        return vec![payment(0, total, usize::MAX, Some("batch_without_details"))];
    }
    parts
        .into_iter()
        .enumerate()
        .map(|(of, part)| payment(i64::try_from(of + 1).unwrap_or(i64::MAX), part, of, None))
        .collect()
}

/// Follows the chain of an account anew and stores how far it reaches.
///
/// # Errors
/// When the books fail.
pub async fn cover(writing: &mut Writing<'_>, account: i64) -> Result<(), JobError> {
    let coverage = coverage(&mut writing.tx, account).await?;
    writing.set_covered(account, coverage.through).await?;
    Ok(())
}

/// Returns how far the chain of an account reaches, and where it is broken.
///
/// # Errors
/// When the books fail.
pub async fn coverage(tx: &mut Tx, account: i64) -> Result<chain::Coverage, JobError> {
    let rows = tx.links_of(account).await?;
    // What the owner accepted although it does not add up proves nothing.
    let proving = rows.iter().filter(|row| row.difference == 0 && row.kind != Kind::Camt054.name());
    let links: Vec<Link> = proving
        .filter_map(|row| {
            Some(Link {
                from_on: row.from_on,
                through_on: row.through_on?,
                opening: Amount::from_minor(row.opening?),
                closing: Amount::from_minor(row.closing?),
            })
        })
        .collect();
    Ok(chain::coverage(&links))
}
