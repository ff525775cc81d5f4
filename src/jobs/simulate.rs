//! The time machine: the very jobs of the daemon, woken at every instant at which something can happen, with a virtual clock on
//! books of their own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

use super::acts::{self, Act};
use super::apply_book::{apply, plan_of, read_book};
use super::assign::{Rest, assign, ignore, unassign, wanted};
use super::bank_file::read_file;
use super::customer_keys::forget_iban;
use super::day::{Woke, wake};
use super::event::{Event, Observer};
use super::handover::{Ripe, hand_over};
use super::office::{JobError, Office, Transport};
use super::pause::{self, Paused};
use super::record_payment::{PaidBy, Recorded, record};
use crate::id::PaymentId;
use crate::reference::Iban;
use crate::shell::clock::Clock;
use crate::shell::config::Loaded;
use crate::shell::dropfolder::DropFolder;
use crate::shell::render::Renderer;
use crate::shell::store::Store;

/// The hour at which what a person or the mailbox tells arrives.
const EVENTS_AT: NaiveTime = NaiveTime::from_hms_opt(5, 0, 0).expect("five o'clock");

/// The hour at which bank files are dropped: before anything is decided.
const DROPS_AT: NaiveTime = NaiveTime::from_hms_opt(5, 30, 0).expect("half past five");

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// Which statements come.
    pub statements: Statements,
    /// What else happens.
    pub events: Vec<Dated>,
    /// Where the books and the inbox of the simulation lie.
    pub scratch: PathBuf,
    /// Where mails, papers and summaries go; nothing: nowhere.
    pub out: Option<PathBuf>,
    /// How papers are made.
    pub renderer: Renderer,
}

/// Which bank statements come in a simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statements {
    /// None.
    Nothing,
    /// The files of a folder, each on the day after its newest closing balance.
    Folder(PathBuf),
    /// One each day and for every account, and nothing in it: nobody pays.
    KeepComing,
}

/// Something that happens on a day of a simulation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Dated {
    /// The day.
    pub date: NaiveDate,
    /// What happens.
    #[serde(flatten)]
    pub what: Happening,
}

/// What can happen beside the bank.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Happening {
    /// A file of the bank folder arrives on this day, and not on the day after its newest closing balance.
    Statement {
        /// Its name.
        file: String,
    },
    /// A customer disputes an invoice.
    Dispute {
        /// Which.
        invoice: String,
    },
    /// The dispute is settled.
    DisputeEnd {
        /// Which invoice.
        invoice: String,
    },
    /// The mail with an invoice came back.
    Bounce {
        /// Which.
        invoice: String,
    },
    /// An invoice that came back was delivered anew.
    Redelivered {
        /// Which.
        invoice: String,
    },
    /// The last dunning letter on an invoice came back.
    DunBounce {
        /// Which.
        invoice: String,
    },
    /// The address is right now.
    AddressFixed {
        /// The invoice whose letter came back.
        invoice: String,
    },
    /// A customer promises to pay.
    Promise {
        /// Which invoice.
        invoice: String,
        /// By which day.
        until: NaiveDate,
    },
    /// No letters to a customer.
    Block {
        /// The customer's number.
        customer: String,
    },
    /// Letters to the customer again.
    Unblock {
        /// The customer's number.
        customer: String,
    },
    /// A customer agrees to pay in instalments.
    Instalments {
        /// Which invoice.
        invoice: String,
        /// The instalments: `2026-05-01=400.00`.
        instalments: Vec<String>,
    },
    /// No letters about an invoice or to a customer.
    Hold {
        /// The invoice or the customer.
        name: String,
        /// Through which day.
        until: Option<NaiveDate>,
    },
    /// Letters again.
    Release {
        /// The invoice or the customer.
        name: String,
    },
    /// The owner hands an invoice over to a lawyer or a collection agency.
    Handover {
        /// The invoice.
        invoice: String,
        /// Before the last letter.
        #[serde(default)]
        now: bool,
    },
    /// The owner pauses `dunning` or `issuing`.
    Pause {
        /// What.
        what: Paused,
        /// Through which day.
        until: NaiveDate,
    },
    /// The owner ends a pause.
    Resume {
        /// Of what.
        what: Paused,
    },
    /// The owner confirms the date after a long silence.
    ClockConfirmed {},
    /// A customer is insolvent from this day on.
    Insolvent {
        /// The customer's number.
        customer: String,
    },
    /// The owner delivers a letter.
    Posted {
        /// What it is about.
        about: String,
    },
    /// The owner assigns a payment.
    Assign {
        /// The payment: `P-3`.
        payment: String,
        /// The documents: `RE-2026-0001`, or `RE-2026-0001=50.00`.
        documents: Vec<String>,
        /// What happens to what is left.
        #[serde(default)]
        rest: Rest,
    },
    /// The owner takes the assignments of a payment back.
    Unassign {
        /// The payment.
        payment: String,
    },
    /// The owner says that a payment concerns no invoice.
    Ignore {
        /// The payment.
        payment: String,
    },
    /// A customer pays in cash.
    PaidInCash {
        /// How much.
        amount: String,
        /// What it pays.
        documents: Vec<String>,
    },
    /// The owner draws a refund over a customer's credit.
    Refund {
        /// The customer's number.
        customer: String,
    },
    /// The owner confirms that nothing was booked on an account.
    BankConfirmed {
        /// The account.
        account: String,
        /// The last day.
        through: NaiveDate,
        /// The balance.
        balance: String,
    },
    /// The owner forgets an account that was learned.
    IbanForgotten {
        /// The customer's number.
        customer: String,
        /// The account.
        iban: Iban,
    },
    /// The daemon does not run from this day through another.
    Down {
        /// The last day.
        until: NaiveDate,
    },
}

/// Opens books for a simulation: a copy of those of the configuration, or new ones where there is nothing in them yet.
///
/// # Errors
/// When the books cannot be read, the book has mistakes, or the first day lies before what is in the books.
pub async fn prepare(loaded: &Loaded, simulation: &Simulation, observer: Observer) -> Result<Office, JobError> {
    let midnight = loaded.config.business.timezone.instant(simulation.from.and_time(NaiveTime::MIN));
    let file = simulation.scratch.join("books.db");
    let store = match worth_copying(loaded).await? {
        Some(books) => {
            let last = books.last_day().await?.unwrap_or(NaiveDate::MIN);
            if simulation.from < last {
                return Err(JobError::Refused(format!(
                    "the books were written on {last}; a simulation that goes on from them begins on that day or later"
                )));
            }
            let copy = books.fork(&file).await?;
            books.close().await;
            copy
        }
        None => {
            let store = Store::scratch(&file).await?;
            let key = crate::journal::sha256(loaded.text.as_bytes());
            store.create_books(&key[..32], midnight).await?;
            store
        }
    };
    furnish(store, loaded, simulation, observer).await
}

/// Furnishes an office on books of its own: takes the book into force where none was, and goes live.
///
/// # Errors
/// When the book has mistakes, or the books fail.
pub async fn furnish(
    store: Store,
    loaded: &Loaded,
    simulation: &Simulation,
    observer: Observer,
) -> Result<Office, JobError> {
    let transport = Transport::Folder {
        folder: simulation.out.as_ref().map(|out| out.join("mail")),
        summaries: simulation.out.as_ref().map(|out| out.join("summary")),
        counts: true,
    };
    let zone = loaded.config.business.timezone;
    let clock = Clock::at(zone.instant(simulation.from.and_time(NaiveTime::MIN)));
    let mut office = Office::open(store, loaded, clock, simulation.renderer.clone(), transport, observer).await?;
    office.issue_journal = None;
    office.inbox = simulation.scratch.join("inbox");
    "simulation".clone_into(&mut office.person);
    begin(&mut office).await?;
    // The days of a simulation are what its owner says.
    if pause::doubt(&office).await?.is_some() {
        pause::confirm_clock(&office, &office.run("resume clock")).await?;
    }
    Ok(office)
}

/// Takes the book into force, if none is yet, and lets the daemon act.
///
/// # Errors
/// When the book has mistakes.
pub async fn begin(office: &mut Office) -> Result<(), JobError> {
    let read = read_book(&office.config)?;
    let applied = office.store.version().await?.is_some_and(|(_, book, _)| book != crate::journal::sha256(b""));
    if !applied {
        let plan = plan_of(office, &read.book).await?;
        let mistakes: Vec<String> = read.mistakes.iter().chain(&plan.mistakes).map(ToString::to_string).collect();
        if !mistakes.is_empty() {
            return Err(JobError::Refused(mistakes.join("\n")));
        }
        office.version = apply(office, &office.run("apply"), &read, &plan).await?.version;
    }
    if office.live_since().await?.is_none() {
        acts::golive(office, &office.run("golive")).await?;
    }
    Ok(())
}

/// Opens the books of a configuration if anything was issued or booked in them.
async fn worth_copying(loaded: &Loaded) -> Result<Option<Store>, JobError> {
    let address = &loaded.config.paths.store;
    let missing = address.strip_prefix("sqlite://").is_some_and(|path| !Path::new(path).exists());
    if missing {
        return Ok(None);
    }
    let store = Store::open(address).await?;
    if store.books_key().await?.is_some() && store.has_history().await? {
        return Ok(Some(store));
    }
    store.close().await;
    Ok(None)
}

/// Runs a simulation; `tick` hears of each day that begins.
///
/// # Errors
/// When something fails, or an event names something that there is not.
pub async fn run(office: &Office, simulation: &Simulation, mut tick: impl FnMut(NaiveDate)) -> Result<(), JobError> {
    let zone = office.config.business.timezone;
    let mut folder = DropFolder::new(&office.inbox).without_rest();
    folder.make().map_err(JobError::io("making the inbox of the simulation"))?;
    let mut drops = drops(simulation)?;
    let down: Vec<(NaiveDate, NaiveDate)> = simulation
        .events
        .iter()
        .filter_map(|event| match event.what {
            Happening::Down { until } => Some((event.date, until)),
            _ => None,
        })
        .collect();
    let mut now = zone.instant(simulation.from.and_time(NaiveTime::MIN));
    let end = zone.instant((simulation.until + Days::new(1)).and_time(NaiveTime::MIN));
    let (mut day_before, mut doubted) = (None, false);
    loop {
        let today = office.day(now);
        if day_before != Some(today) {
            day_before = Some(today);
            tick(today);
            office.clock.set(zone.instant(today.and_time(EVENTS_AT)));
            for event in simulation.events.iter().filter(|event| event.date == today) {
                match happen(office, event, simulation.out.as_deref()).await {
                    // As at the command line: a "no" changes nothing, and the days go on.
                    Err(JobError::Refused(why)) => {
                        office.tell(today, &Event::Happened { what: format!("refused: {why}") });
                    }
                    done => done?,
                }
            }
            office.clock.set(zone.instant(today.and_time(DROPS_AT)).max(now));
            let due: Vec<NaiveDate> = drops.range(..=today).map(|(day, _)| *day).collect();
            for file in due.iter().filter_map(|day| drops.remove(day)).flatten() {
                drop_file(office, &file)?;
            }
            if simulation.statements == Statements::KeepComing {
                cover_yesterday(office).await?;
            }
            now = office.clock.now();
        }
        if !down.iter().any(|(from, until)| *from <= today && today <= *until) {
            match wake(office, &mut folder).await? {
                Woke::Done => doubted = false,
                Woke::Doubtful(what) if doubted => drop(what),
                Woke::Doubtful(what) => {
                    doubted = true;
                    office.tell(today, &Event::Happened { what });
                }
                Woke::SafeMode(why) => return Err(JobError::SafeMode(why)),
            }
        }
        now = next_instant(office, now).await?;
        if now >= end {
            return Ok(());
        }
        office.clock.set(now);
    }
}

/// The next instant at which something can happen: a day begins, a job is due, a letter may leave.
async fn next_instant(office: &Office, now: DateTime<Utc>) -> Result<DateTime<Utc>, JobError> {
    let zone = office.config.business.timezone;
    let schedule = &office.config.schedule;
    let tomorrow = zone.instant((office.day(now) + Days::new(1)).and_time(NaiveTime::MIN));
    let jobs = [&schedule.issue, &schedule.dunning, &schedule.summary].into_iter().filter_map(|s| s.next(now, zone));
    let letter = office.store.read().await?.next_letter_at().await?;
    let letter = letter.map(|at| office.send_window().next(at.max(now + Duration::minutes(1))));
    Ok(jobs.chain(letter).chain([tomorrow]).min().unwrap_or(tomorrow))
}

/// Which file arrives on which day.
fn drops(simulation: &Simulation) -> Result<BTreeMap<NaiveDate, Vec<PathBuf>>, JobError> {
    let mut drops: BTreeMap<NaiveDate, Vec<PathBuf>> = BTreeMap::new();
    let Statements::Folder(folder) = &simulation.statements else { return Ok(drops) };
    let named: BTreeMap<&str, NaiveDate> = simulation
        .events
        .iter()
        .filter_map(|event| match &event.what {
            Happening::Statement { file } => Some((file.as_str(), event.date)),
            _ => None,
        })
        .collect();
    let mut files = Vec::new();
    let reading = || JobError::io(format!("reading {}", folder.display()));
    for entry in fs::read_dir(folder).map_err(reading())? {
        let path = entry.map_err(reading())?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    files.sort();
    if let Some((missing, _)) = named.iter().find(|(name, _)| !files.iter().any(|file| file.ends_with(name))) {
        return Err(JobError::Refused(format!("the events name {missing}, which is not in {}", folder.display())));
    }
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let day = named.get(name.as_str()).copied().or_else(|| newest_balance(&file)?.succ_opt());
        drops.entry(day.unwrap_or(simulation.from).max(simulation.from)).or_default().push(file);
    }
    Ok(drops)
}

/// Returns the day of the newest closing balance in a file.
fn newest_balance(file: &Path) -> Option<NaiveDate> {
    let read = read_file(file).ok()?;
    let proved = read.documents.iter().flat_map(|document| &document.proved);
    proved.filter_map(|proved| proved.statement.closing_balance()?.date).max()
}

/// Takes every account as covered through yesterday.
async fn cover_yesterday(office: &Office) -> Result<(), JobError> {
    let run = office.run("preview");
    let mut writing = office.store.write(&run, office.clock.now()).await?;
    for account in writing.tx.accounts().await? {
        writing.set_covered(account.id, run.today.pred_opt()).await?;
    }
    Ok(writing.commit().await?)
}

fn drop_file(office: &Office, file: &Path) -> Result<(), JobError> {
    let to = office.inbox.join(file.file_name().unwrap_or_default());
    fs::copy(file, &to).map_err(JobError::io(format!("dropping {}", file.display())))?;
    Ok(())
}

/// Lets something happen.
async fn happen(office: &Office, event: &Dated, out: Option<&Path>) -> Result<(), JobError> {
    let run = office.run("event");
    let what = match &event.what {
        Happening::Statement { .. } => return Ok(()),
        Happening::Down { until } => format!("the daemon does not run through {until}"),
        Happening::Dispute { invoice } => {
            acts::act(office, &run, Act::Dispute, invoice, None, "disputed").await?;
            format!("{invoice} is disputed")
        }
        Happening::DisputeEnd { invoice } => {
            acts::release(office, &run, invoice, None, "the dispute is settled").await?;
            format!("the dispute on {invoice} is settled")
        }
        Happening::Bounce { invoice } => {
            acts::came_back(office, &run, invoice, false, "5.1.1 no such mailbox").await?;
            format!("the mail with {invoice} came back")
        }
        Happening::DunBounce { invoice } => {
            acts::came_back(office, &run, invoice, true, "5.1.1 no such mailbox").await?;
            format!("the last letter on {invoice} came back")
        }
        Happening::Redelivered { invoice } => {
            acts::resend(office, &run, invoice).await?;
            acts::delivered(office, &run, invoice).await?;
            format!("{invoice} was delivered anew")
        }
        Happening::AddressFixed { invoice } => {
            acts::address_fixed(office, &run, invoice).await?;
            format!("the address for {invoice} is right now")
        }
        Happening::Promise { invoice, until } => {
            acts::act(office, &run, Act::Promise, invoice, Some(*until), "promised").await?;
            format!("{invoice} will be paid by {until}")
        }
        Happening::Instalments { invoice, instalments } => {
            let lines: Vec<(String, String)> = instalments.iter().map(|text| (invoice.clone(), text.clone())).collect();
            acts::agree_plan(office, &run, invoice, &lines).await?;
            format!("{invoice} is paid in instalments: {}", instalments.join(", "))
        }
        Happening::Hold { name, until } => {
            acts::act(office, &run, Act::Hold, name, *until, "held").await?;
            format!("no letters about {name}{}", until.map(|day| format!(" through {day}")).unwrap_or_default())
        }
        Happening::Release { name } => {
            acts::release(office, &run, name, None, "released").await?;
            format!("letters about {name} again")
        }
        Happening::Handover { invoice, now } => {
            let ripe = if *now { Ripe::Now } else { Ripe::AfterLastLetter };
            let folder = out.map(|out| out.join("handover"));
            let done = hand_over(office, &run, invoice, ripe, "", folder.as_deref()).await?;
            let total = done.total.plain(done.currency);
            format!("{invoice} is handed over: {total} {}", done.currency)
        }
        Happening::Pause { what, until } => {
            pause::pause(office, &run, *what, *until, "holidays").await?;
            format!("{} is paused through {until}", what.name())
        }
        Happening::Resume { what } => {
            pause::resume(office, &run, *what).await?;
            format!("{} goes on", what.name())
        }
        Happening::ClockConfirmed {} => {
            pause::confirm_clock(office, &run).await?;
            "the clock is right".to_owned()
        }
        Happening::Insolvent { customer } => {
            acts::insolvent(office, &run, customer, event.date).await?;
            format!("{customer} is insolvent")
        }
        Happening::Posted { about } => {
            acts::posted(office, &run, about).await?;
            format!("the letter about {about} is posted")
        }
        Happening::Assign { payment, documents, rest } => {
            assign(office, &run, payment_id(payment)?, &wanted(documents), *rest).await?;
            format!("{payment} is assigned to {}", documents.join(", "))
        }
        Happening::Unassign { payment } => {
            let numbers = unassign(office, &run, payment_id(payment)?, "a mistake").await?;
            let from = if numbers.is_empty() { String::new() } else { format!("; open again: {}", numbers.join(", ")) };
            format!("{payment} waits again{from}")
        }
        Happening::Ignore { payment } => {
            ignore(office, &run, payment_id(payment)?, "no invoice").await?;
            format!("{payment} concerns no invoice")
        }
        Happening::PaidInCash { amount, documents } => {
            let currency = office.config.business.currency;
            let (by, on, amount) = (PaidBy::Cash, event.date, amount.clone());
            let recorded = Recorded { by, on, amount, currency, payer: None, note: None, key: None };
            let recorded = record(office, &run, &recorded, &wanted(documents), Rest::Open).await?;
            format!("{} in cash for {}", recorded.payment, documents.join(", "))
        }
        Happening::Refund { customer } => {
            let drawn = super::refund::draw(office, &run, customer, None).await?;
            format!("{} over {} is drawn for {customer}", drawn.number, drawn.amount.plain(drawn.currency))
        }
        Happening::BankConfirmed { account, through, balance } => {
            super::confirm_bank::confirm(office, &run, account, *through, balance).await?;
            format!("nothing was booked on {account} through {through}")
        }
        Happening::IbanForgotten { customer, iban } => {
            forget_iban(office, &run, customer, iban, "somebody else's").await?;
            format!("{} is {customer}'s no more", iban.short())
        }
        Happening::Block { customer } => {
            acts::act(office, &run, Act::Hold, customer, None, "blocked").await?;
            format!("no letters to {customer}")
        }
        Happening::Unblock { customer } => {
            acts::release(office, &run, customer, None, "unblocked").await?;
            format!("letters to {customer} again")
        }
    };
    office.tell(event.date, &Event::Happened { what });
    Ok(())
}

fn payment_id(text: &str) -> Result<PaymentId, JobError> {
    text.parse().map_err(|error: crate::id::NotAPayment| JobError::Refused(error.to_string()))
}

/// Reads events, one JSON object a line.
///
/// # Errors
/// In words, with the line.
pub fn read_events(text: &str) -> Result<Vec<Dated>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let events = lines.map(|(place, line)| {
        serde_json::from_str::<Dated>(line).map_err(|error| format!("line {}: {error}", place + 1))
    });
    events.collect()
}
