//! Half a year of a sample business, to look at: the very jobs of the daemon work in a folder, with a clock that jumps, mails that
//! become files, and a bank that hears what is invoiced and answers with statements.

mod bank;
mod business;
mod payers;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::{Datelike as _, NaiveDate, NaiveTime};
use clap::Args;

use self::bank::Bank;
use self::payers::Payers;
use super::diary::Diary;
use super::opening::workers;
use super::outcome::{Failure, Outcome};
use super::terminal::say;
use crate::calendar::BusinessDays;
use crate::command::Program;
use crate::fact::Rest;
use crate::jobs::office::event::{Event, Observer};
use crate::jobs::office::{JobError, Office, Transport};
use crate::jobs::receipts::assign::Learn;
use crate::jobs::time_machine;
use crate::jobs::time_machine::happening::{Dated, Happening};
use crate::jobs::time_machine::papers;
use crate::jobs::time_machine::scratch;
use crate::jobs::time_machine::simulation::{ByHand, Simulation, Statements};
use crate::journal::sha256;
use crate::language::Language;
use crate::shell::clock::Clock;
use crate::shell::config::{self, Loaded};
use crate::shell::files;
use crate::shell::store::Store;

/// The first day.
const FROM: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");

/// The last day; `demo_ends_on` of the sample configuration.
const UNTIL: NaiveDate = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day");

/// The days on which the owner forgets to export what the bank has.
const FORGOTTEN: (NaiveDate, NaiveDate) =
    (NaiveDate::from_ymd_opt(2026, 4, 13).expect("a day"), NaiveDate::from_ymd_opt(2026, 4, 26).expect("a day"));

/// The day on which the owner decides the one question of the first quarter.
const ANSWERED: NaiveDate = NaiveDate::from_ymd_opt(2026, 2, 24).expect("a day");

/// How many banking days the owner lets pass before the next export.
const EXPORT_EVERY: usize = 2;

/// Let half a year of a sample business pass in a folder, to look at.
#[derive(Debug, Args)]
pub struct DemoOptions {
    /// The folder; it must be empty or not exist.
    #[arg(default_value = "demo")]
    folder: PathBuf,
}

/// Lets half a year pass in a folder.
pub async fn demo(options: &DemoOptions) -> Result<Outcome, Failure> {
    let folder = options.folder.as_path();
    if files::holds_something(folder) {
        return Err(Failure::Usage(format!("{} is not empty; name a new folder: settled demo DIR", folder.display())));
    }
    files::make_folder(&folder.join("data")).map_err(Failure::world("making"))?;
    let folder = files::from_root(folder).map_err(Failure::world("finding"))?;
    business::write(&folder).map_err(Failure::world("writing"))?;
    let loaded = config::load_with(&folder.join("settled.toml"), business::CONFIGURATION, &BTreeMap::new())?;

    let diary = Diary::new(false, loaded.config.owner.language, FROM, UNTIL);
    let outside = Arc::new(Mutex::new(Outside::new(&folder, &loaded)));
    let mut office = open(&folder, &loaded, observer(&diary, &outside, loaded.config.owner.language)).await?;
    scratch::begin(&mut office).await?;
    let simulation = Simulation {
        from: FROM,
        until: UNTIL,
        statements: Statements::Nothing,
        by_hand: ByHand::Waits,
        events: vec![answer()],
        scratch: folder.clone(),
        out: Some(folder.clone()),
        renderer: office.renderer.clone(),
    };
    let mut failed = None;
    let ran = time_machine::run(&office, &simulation, |day| {
        diary.day(day);
        let morning = outside.lock().expect("the bank does not panic").morning(day);
        failed = failed.take().or(morning.err());
    })
    .await;
    diary.finish();
    ran?;
    if let Some(cause) = failed {
        return Err(Failure::world("dropping bank files:")(cause));
    }
    papers::lay_out(&office, FROM, &folder.join("documents")).await?;
    office.store.close().await;
    let outside = outside.lock().expect("the bank does not panic");
    print_where_to_look(&folder, &loaded, &outside.remarkable).map_err(Failure::world("looking into"))?;
    Ok(Outcome::Fine)
}

/// What the owner answers on the day after the summary had asked: that somebody else pays for Sabine Vogt, for good.
fn answer() -> Dated {
    let (payment, documents) = ("P-27".to_owned(), vec!["RE-2026-0019".to_owned()]);
    Dated { date: ANSWERED, what: Happening::Assign { payment, documents, rest: Rest::Open, learn: Learn::Always } }
}

/// Opens new books in the folder. Nothing waits for the disk: what a power failure loses, another run brings back.
async fn open(folder: &Path, loaded: &Loaded, observer: Observer) -> Result<Office, JobError> {
    let store = Store::scratch(&folder.join("data/settled.db")).await?;
    let midnight = loaded.config.business.timezone.instant(FROM.and_time(NaiveTime::MIN));
    // Not by chance: a demo gives the same bytes each time.
    store.create_books(&sha256(loaded.text.as_bytes())[..32], midnight).await?;
    let transport = Transport::Folder {
        folder: Some(loaded.config.mail.folder.clone()),
        summaries: Some(folder.join("summary")),
        counts: true,
    };
    let mut office = Office::open(store, loaded, Clock::at(midnight), workers(), transport, observer).await?;
    "demo".clone_into(&mut office.person);
    Ok(office)
}

/// Tells the diary and those outside; the owner's answer in the owner's words.
fn observer(diary: &Diary, outside: &Arc<Mutex<Outside>>, language: Language) -> Observer {
    let (diary, outside) = (diary.observer(), Arc::clone(outside));
    let answered = language.say(
        "der Inhaber ordnet P-27 zu: R. Lehmann zahlt von jetzt an für Sabine Vogt",
        "the owner assigns P-27: from now on R. Lehmann pays for Sabine Vogt",
    );
    let answered = Event::Happened { what: answered.to_owned() };
    Observer::new(move |day, event| {
        diary.tell(day, if matches!(event, Event::Happened { .. }) { &answered } else { event });
        outside.lock().expect("the bank does not panic").hear(day, event);
    })
}

/// Those outside: payers, the bank, and the owner, who carries its statements into the inbox.
struct Outside {
    payers: Payers,
    bank: Bank,
    business_days: BusinessDays,
    inbox: PathBuf,
    /// Statements that the owner has not exported yet.
    waiting: Vec<PathBuf>,
    remarkable: Remarkable,
}

/// What is worth a closer look at the end.
#[derive(Default)]
struct Remarkable {
    /// The first invoice that got the last letter.
    dunned: Option<String>,
    /// Payments that wait for the owner, each with an invoice that it may be for.
    undecided: Vec<(String, Option<String>)>,
}

impl Outside {
    fn new(folder: &Path, loaded: &Loaded) -> Outside {
        let config = &loaded.config;
        let account = config.bank_accounts.first().expect("the sample business has an account");
        let business_days = config.business_days();
        let holder = &config.business.name;
        Outside {
            payers: Payers::default(),
            bank: Bank::new(folder.join("bank"), account.iban.clone(), holder, business_days.clone(), FROM),
            business_days,
            inbox: config.paths.inbox.clone(),
            waiting: Vec::new(),
            remarkable: Remarkable::default(),
        }
    }

    fn hear(&mut self, day: NaiveDate, event: &Event) {
        for (day, transfer) in self.payers.hear(day, event) {
            self.bank.order(day, transfer);
        }
        self.remarkable.hear(event);
    }

    /// Lets a day begin: the bank has booked until the evening before, and the owner exports, unless it is forgotten.
    fn morning(&mut self, day: NaiveDate) -> io::Result<()> {
        if day.day() == 1 {
            payers::costs().into_iter().for_each(|cost| self.bank.order(day, cost));
        }
        if !self.business_days.is_business_day(day) {
            return Ok(());
        }
        let yesterday = self.business_days.before(day, 1);
        if self.bank.unstated(yesterday) >= EXPORT_EVERY {
            self.waiting.push(self.bank.statement(yesterday)?);
        }
        if (FORGOTTEN.0..=FORGOTTEN.1).contains(&day) {
            return Ok(());
        }
        for file in self.waiting.drain(..) {
            files::copy(&file, &self.inbox.join(file.file_name().unwrap_or_default()))?;
        }
        Ok(())
    }
}

impl Remarkable {
    fn hear(&mut self, event: &Event) {
        if let Event::LetterSent { items, .. } = event {
            let last = items.iter().find(|item| item.stage == 3).map(|item| item.number.clone());
            self.dunned = self.dunned.take().or(last);
        } else if let Event::PaymentUndecided { payment, candidates, .. } = event {
            self.undecided.push((payment.clone(), candidates.first().cloned()));
        } else if let Event::PaymentMatched { payment, .. } = event {
            self.undecided.retain(|(waiting, _)| waiting != payment);
        }
    }
}

fn print_where_to_look(folder: &Path, loaded: &Loaded, remarkable: &Remarkable) -> io::Result<()> {
    let language = loaded.config.owner.language;
    let program = Program::with(&loaded.file, language);
    let (business, place) = (&loaded.config.business.name, folder.display());
    let words = language.say(
        format!("Ein halbes Jahr von {business}, einem Geschäft, das es nicht gibt, liegt in {place}"),
        format!("Half a year of {business}, a business that does not exist, lies in {place}"),
    );
    println!("\n{words}\n");
    for (name, german, english) in [
        (
            "book",
            "Kunden und Verträge, wie ihr Inhaber sie schrieb; daneben settled.toml",
            "customers and contracts as their owner wrote them; settled.toml lies beside",
        ),
        (
            "mail",
            "Schreiben, wie sie hinausgingen: öffnen Sie eines mit Ihrem Mailprogramm",
            "letters as they left: open one with your mail program",
        ),
        ("documents", "Rechnungen als PDF", "invoices as PDF"),
        (
            "summary",
            "was der Inhaber jeden Montag erfuhr; in KW 17 fehlen die Bankdaten",
            "what the owner was told each Monday; in W17 the bank's data are missing",
        ),
        ("bank", "Kontoauszüge, camt.053", "statements of the bank, camt.053"),
    ] {
        let what = language.say(german, english);
        println!("  {:<12}{:>4}  {what}", format!("{name}/"), files::count(&folder.join(name))?);
    }
    let evening = language.day(UNTIL);
    let words = language.say(
        format!("Dort ist es der Abend des {evening}. Fragen Sie:"),
        format!("It is the evening of {evening} there. Ask:"),
    );
    println!("\n{words}\n");
    let question = |german: &'static str, english: &'static str| language.say(german, english);
    let first = question(
        "Wie stehen die Dinge, und was braucht den Inhaber?",
        "How do things stand, and what needs the owner?",
    );
    let mut commands = vec![(first, "status".to_owned())];
    if let Some(number) = &remarkable.dunned {
        let which = question(
            "Welche Schreiben gingen zu dieser Rechnung hinaus, und warum?",
            "Which letters went out about this invoice, and why?",
        );
        commands.push((which, format!("why {number}")));
    }
    if let Some((payment, candidate)) = remarkable.undecided.last() {
        let why = question("Warum wurde diese Zahlung nicht gebucht?", "Why was this payment not booked?");
        commands.push((why, format!("why {payment}")));
        let then = question("Dann entscheiden Sie:", "Then decide it:");
        commands.extend(candidate.iter().map(|number| (then, format!("assign {payment} {number}"))));
    }
    let who = question("Wer schuldet was, und wie spät zahlen sie?", "Who owes what, and how late do they pay?");
    commands.push((who, "customer list --open".to_owned()));
    let summer = question("Und der Sommer, wenn niemand zahlte?", "And the summer, if nobody paid?");
    commands.push((summer, "preview --until 2026-08-31".to_owned()));
    for (question, command) in commands {
        println!("  {question}");
        say(&program, &format!("    settled {command}"));
    }
    Ok(())
}
