//! A business in a temporary folder, and a stretch of its life.
//!
//! A scenario is text: its first line says what it shows; `from DAY until DAY`; `file NAME` begins a file of the book, its lines
//! stand indented below; `pays DAY | payer | IBAN | amount | text`, `returns` with the same when the bank gives it back; `no
//! statements DAY DAY` (what the bank wrote on those days comes the day after); `event {…}` as in `settled simulate --events`; `posts at once` has letters by
//! post leave the day they are written;
//! `shows status` and `shows why NAME` tell at the end how things stand, `shows file NAME` what was written into a file, `shows
//! mail NAME` subject and text of a mail that left, `shows files NAME` what is attached to it; `typeset` has papers made.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use settled::command::USUAL;
use settled::jobs::office::Office;
use settled::jobs::office::error::in_words;
use settled::jobs::office::event::{Event, Observer};
use settled::jobs::owner::status::status;
use settled::jobs::owner::why::history;
use settled::jobs::safety::verify::verify;
use settled::jobs::time_machine;
use settled::jobs::time_machine::happening::read_events;
use settled::jobs::time_machine::scratch::furnish;
use settled::jobs::time_machine::simulation::{ByHand, Simulation, Statements};
use settled::shell::config::{self, Loaded};
use settled::shell::render::Renderer;
use settled::shell::store::Store;
use sqlx::{Executor, SqlSafeStr};

use crate::bank::{Movement, write_statements};

/// The business's own account.
const IBAN: &str = "DE02120300000000202051";

/// The configuration of all scenarios; a scenario may bring its own as `file settled.toml`.
pub const SETTLED_TOML: &str = r#"
[business]
name = "Muster IT GmbH"
tax_number = "30/123/45678"
email = "rechnung@muster.example"
holidays = "DE-BE"
[business.address]
street = "Musterstraße 1"
postcode = "10115"
city = "Berlin"
[owner]
email = "jana@muster.example"
language = "en"
[[bank_account]]
name = "main"
iban = "DE02 1203 0000 0000 2020 51"
[paths]
inbox = "/var/lib/settled/inbox"
"#;

/// Where the books lie.
pub enum Engine {
    Sqlite,
    /// On a server, by its URL.
    Postgres(String),
}

impl Engine {
    /// Returns PostgreSQL, where the environment names a server.
    pub fn postgres() -> Option<Engine> {
        std::env::var("SETTLED_TEST_POSTGRES").ok().map(Engine::Postgres)
    }

    async fn open(&self, folder: &Path) -> Store {
        match self {
            Engine::Sqlite => Store::scratch(&folder.join("books.db")).await.unwrap(),
            Engine::Postgres(server) => {
                static COUNT: AtomicU32 = AtomicU32::new(0);
                let name = format!("office_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
                let admin = sqlx::PgPool::connect(server).await.unwrap();
                let run = |sql: String| admin.execute(sqlx::AssertSqlSafe(sql).into_sql_str());
                run(format!("drop database if exists {name}")).await.unwrap();
                run(format!("create database {name}")).await.unwrap();
                Store::open(&format!("{}/{name}", server.rsplit_once('/').unwrap().0)).await.unwrap()
            }
        }
    }
}

/// A customer for a scenario, who gets mail at `invoice@kunde.example`; `more` are further lines of its file.
pub fn customer(number: &str, name: &str, more: &str) -> String {
    format!(
        "file book/customers/{number}.toml\n    number = \"{number}\"\n    name = \"{name}\"\n    {more}\n    [address]\n    \
         street = \"Hauptstraße 5\"\n    postcode = \"50667\"\n    city = \"Köln\"\n    [email]\n    invoice = \"invoice@kunde.example\"\n"
    )
}

/// A contract for a scenario: from 1 January 2026 on so many months, at a net price.
pub fn monthly(number: &str, customer: &str, price: &str, months: u32) -> String {
    format!(
        "file book/recurring/{number}.toml\n    number = \"{number}\"\n    customer = \"{customer}\"\n    start = 2026-01-01\n    \
         interval = \"month\"\n    end = {{ count = {months} }}\n    [[line]]\n    name = \"Wartung\"\n    unit_price = \"{price}\"\n    \
         vat = \"standard\"\n"
    )
}

/// A business and what is to happen to it.
pub struct House {
    folder: tempfile::TempDir,
    from: NaiveDate,
    until: NaiveDate,
    events: String,
    /// What becomes of letters by post.
    by_hand: ByHand,
    /// What is asked at the end: `status`, `why RE-2026-0001`.
    shows: Vec<String>,
    /// How papers are made: not at all, where the scenario does not ask for them.
    renderer: Renderer,
}

impl House {
    /// Builds the house of a scenario.
    pub fn of(text: &str) -> House {
        let folder = tempfile::tempdir().unwrap();
        let mut house = House {
            folder,
            from: NaiveDate::MIN,
            until: NaiveDate::MIN,
            events: String::new(),
            by_hand: ByHand::Waits,
            shows: Vec::new(),
            renderer: Renderer::Nothing,
        };
        house.write("settled.toml", SETTLED_TOML);
        let (mut movements, mut quiet) = (Vec::new(), Vec::new());
        let mut lines = text.lines().skip(1).peekable();
        while let Some(line) = lines.next() {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let rest = rest.trim();
            match word {
                "" | "#" => {}
                "from" => {
                    let (from, until) = rest.split_once(" until ").expect("from DAY until DAY");
                    (house.from, house.until) = (from.parse().unwrap(), until.parse().unwrap());
                }
                "file" => {
                    let mut content = String::new();
                    while let Some(line) = lines.next_if(|line| line.starts_with("    ") || line.is_empty()) {
                        content.push_str(line.trim_start());
                        content.push('\n');
                    }
                    house.write(rest, &content);
                }
                "pays" => movements.push(Movement::read(rest)),
                "returns" => movements.push(Movement::read_return(rest)),
                "no" => {
                    let days: Vec<NaiveDate> = rest.split(' ').skip(1).map(|day| day.parse().unwrap()).collect();
                    quiet.push((days[0], days[1]));
                }
                "posts" => house.by_hand = ByHand::IsPosted,
                "shows" => house.shows.push(rest.to_owned()),
                "typeset" => {
                    house.renderer = Renderer::Workers { program: env!("CARGO_BIN_EXE_settled").into(), most: 1 };
                }
                "event" => house.events.push_str(&format!("{rest}\n")),
                other => panic!("`{other}` means nothing in a scenario"),
            }
        }
        let loaded = house.loaded();
        let currency = loaded.config.business.currency.code();
        let bank = house.folder.path().join("bank");
        write_statements(&bank, (IBAN, currency), house.from, house.until, &movements);
        for (first, last) in quiet {
            let back = last.succ_opt().unwrap();
            for day in first.iter_days().take_while(|day| *day <= last) {
                if house.folder.path().join(format!("bank/{day}.xml")).exists() {
                    let event = format!("{{\"date\":\"{back}\",\"type\":\"statement\",\"file\":\"{day}.xml\"}}\n");
                    house.events.push_str(&event);
                }
            }
        }
        house
    }

    /// Loads its configuration; it goes as the usual one, so that commands do not name a folder made for the test.
    pub fn loaded(&self) -> Loaded {
        let loaded = config::load(&self.folder.path().join("settled.toml")).unwrap_or_else(|error| panic!("{error}"));
        Loaded { file: USUAL.into(), ..loaded }
    }

    /// Adds lines to the bank account of the configuration.
    pub fn change_configuration(&self, lines: &str) {
        let (iban, rest) = ("iban = \"DE02 1203 0000 0000 2020 51\"\n", "[paths]");
        self.write("settled.toml", &SETTLED_TOML.replace(&format!("{iban}{rest}"), &format!("{iban}{lines}\n{rest}")));
    }

    /// Opens its office on its first day; the books lie in the folder.
    pub async fn office(&self, engine: &Engine) -> (Office, tempfile::TempDir) {
        let scratch = tempfile::tempdir().unwrap();
        let simulation = Simulation {
            from: self.from,
            until: self.until,
            statements: Statements::Nothing,
            by_hand: self.by_hand,
            events: Vec::new(),
            scratch: scratch.path().to_owned(),
            out: None,
            renderer: Renderer::Nothing,
        };
        let store = engine.open(scratch.path()).await;
        store.create_books("0123456789abcdef", "2026-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
        let office = furnish(store, &self.loaded(), &simulation, Observer::new(|_, _| ())).await;
        (office.unwrap_or_else(|error| panic!("{}", in_words(&error))), scratch)
    }

    /// Returns a path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of its folder.
    pub fn write(&self, name: &str, content: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// What came of it.
pub struct Played {
    /// What happened, a JSON object a line, but for statements without payments.
    pub diary: String,
    /// Every file that was made, by name, and the diary.
    pub everything: Vec<(String, Vec<u8>)>,
}

/// Lets a stretch of life pass.
pub async fn play(house: &House, engine: Engine) -> Played {
    let lived = live(house, engine).await;
    let mut lines = lived.lines.lock().unwrap().clone();
    for what in &house.shows {
        match what.split_once(' ') {
            Some(("mail", name)) => {
                let path = lived.scratch.path().join(format!("out/mail/{name}.eml"));
                let eml = fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
                lines.push(format!("-- {name}"));
                lines.extend(mail_text(&eml).lines().map(str::to_owned));
            }
            Some(("files", name)) => {
                let path = lived.scratch.path().join(format!("out/mail/{name}.eml"));
                let eml = fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
                lines.push(format!("-- {name}"));
                let eml = String::from_utf8_lossy(&eml).into_owned();
                let named = |part: &str| part.split('"').next().unwrap_or_default().to_owned();
                lines.extend(eml.split("filename=\"").skip(1).map(named));
            }
            Some(("file", name)) => {
                let path = lived.scratch.path().join("out").join(name);
                let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
                lines.extend([format!("-- {name}")].into_iter().chain(text.lines().map(str::to_owned)));
            }
            _ => lines.extend(show(&lived.office, what).await),
        }
    }
    lived.office.store.close().await;
    let mut everything = vec![("the diary".to_owned(), lines.join("\n").into_bytes())];
    let empty = |line: &&String| line.contains("statement_imported") && line.contains("\"payments\":0");
    let told: Vec<&str> = lines.iter().filter(|line| !empty(line)).map(String::as_str).collect();
    let diary = told.join("\n");
    collect(&lived.scratch.path().join("out"), &mut everything);
    Played { diary, everything }
}

/// An office at the end of a stretch of life, with what happened.
pub struct Lived {
    pub office: Office,
    pub lines: Arc<Mutex<Vec<String>>>,
    pub scratch: tempfile::TempDir,
}

/// Lets a stretch of life pass, and keeps the office open.
pub async fn live(house: &House, engine: Engine) -> Lived {
    let folder = house.folder.path();
    let loaded = house.loaded();
    let scratch = tempfile::tempdir().unwrap();
    let simulation = Simulation {
        from: house.from,
        until: house.until,
        statements: Statements::Folder(folder.join("bank")),
        by_hand: house.by_hand,
        events: read_events(&house.events).unwrap(),
        scratch: scratch.path().to_owned(),
        out: Some(scratch.path().join("out")),
        renderer: house.renderer.clone(),
    };
    let store = engine.open(scratch.path()).await;
    store.create_books("0123456789abcdef", "2026-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    let lines: Arc<Mutex<Vec<String>>> = Arc::default();
    let observer = {
        let lines = Arc::clone(&lines);
        Observer::new(move |day, event: &Event| {
            let mut value = serde_json::to_value(event).unwrap();
            value["date"] = day.to_string().into();
            lines.lock().unwrap().push(value.to_string());
        })
    };
    let office =
        furnish(store, &loaded, &simulation, observer).await.unwrap_or_else(|error| panic!("{}", in_words(&error)));
    time_machine::run(&office, &simulation, |_| ()).await.unwrap_or_else(|error| panic!("{}", in_words(&error)));
    let proof = verify(&office, &mut office.store.read().await.unwrap(), None).await.unwrap();
    let wrong: Vec<String> = proof.wrong().map(|wrong| wrong.flaw.words(settled::language::Language::En)).collect();
    assert!(proof.holds(), "the books are off:\n{}", wrong.join("\n"));
    Lived { office, lines, scratch }
}

/// Tells how things stand, or why.
async fn show(office: &Office, what: &str) -> Vec<String> {
    let mut tx = office.store.read().await.unwrap();
    let mut lines = vec![format!("-- {what}")];
    if let Some(name) = what.strip_prefix("why ") {
        let history = history(office, &mut tx, name).await.unwrap();
        lines.extend(history.lines.iter().map(|line| {
            let commands: String = line.commands.iter().map(|command| format!(" -> {command}")).collect();
            format!("{} {}: {} [{}]{commands}", line.on, line.title, line.text, line.rule)
        }));
        lines.extend(history.next.map(|next| format!("next {next}")));
        return lines;
    }
    let status = status(office, &mut tx).await.unwrap();
    for group in &status.held {
        lines.push(format!("held {}: {} {}", group.reason.name(), group.numbers.len(), group.some(20)));
    }
    lines.extend(status.paused.iter().map(|(what, until)| format!("paused {} through {until:?}", what.name())));
    for question in &status.questions {
        let commands: String = question.commands().iter().map(|command| format!(" -> {command}")).collect();
        lines.push(format!("{}{commands}", question.words(office.config.owner.language)));
    }
    lines
}

fn collect(folder: &Path, to: &mut Vec<(String, Vec<u8>)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, to);
        } else {
            to.push((path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()));
        }
    }
}

/// Returns the text of a mail for people without HTML.
pub fn mail_text(eml: &[u8]) -> String {
    let mail = unquoted(eml).replace("\r\n", "\n");
    let (_, part) = mail.split_once("Content-Type: text/plain").expect("a mail has a plain text");
    let (_, body) = part.split_once("\n\n").expect("a part has a body");
    // All boundaries begin with an underscore; a heading is underlined with hyphens.
    body.split("\n--_").next().unwrap_or_default().trim_end().to_owned()
}

/// Undoes the quoted-printable encoding of a mail (RFC 2045).
pub fn unquoted(eml: &[u8]) -> String {
    let text = String::from_utf8_lossy(eml).replace("=\r\n", "");
    let mut bytes = Vec::new();
    for (place, part) in text.split('=').enumerate() {
        let code = part.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok()).filter(|_| place > 0);
        bytes.extend(code);
        bytes.extend_from_slice(&part.as_bytes()[if code.is_some() { 2 } else { 0 }..]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
