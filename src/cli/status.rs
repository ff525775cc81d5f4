//! How things stand, and what needs the owner.

use std::path::Path;

use chrono::{Datelike as _, NaiveDate};
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use super::opening::reading_office;
use super::outcome::{Failure, Outcome};
use super::terminal::json as print_json;
use crate::book::Unread;
use crate::jobs::agreements::read::{is_changed, read_book};
use crate::jobs::office::Office;
use crate::jobs::office::alive::Service;
use crate::jobs::owner::status::{OpenMoney, Status, status as status_of};
use crate::jobs::owner::summary::money;
use crate::language::Language;
use crate::letter::wrap;
use crate::money::Currency;
use crate::question::Question;
use crate::summary::{BankReach, HeldGroup};

/// How many held invoices of a reason, and files that are not read, are named.
const NAMED: usize = 12;

/// Say how things stand, and what needs you (exit code 1 when something does).
#[derive(Debug, Args)]
pub struct StatusOptions {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Says how things stand.
pub async fn status(file: &Path, options: &StatusOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let mut tx = office.store.read().await?;
    let status = status_of(&office, &mut tx).await?;
    drop(tx);
    let read = read_book(&office.config, office.today())?;
    let book = BookState { changed: is_changed(&office, &read).await?, unread: &read.unread };
    let outcome = if status.questions.is_empty() { Outcome::Fine } else { Outcome::No };
    if options.json {
        print_json(&status_json(&office, &status, &book))?;
    } else {
        print!("{}", office.program.spell(&status_words(&office, &status, &book)));
    }
    Ok(outcome)
}

/// How the files of the book stand to what is in force.
struct BookState<'b> {
    changed: bool,
    unread: &'b [Unread],
}

fn status_json(office: &Office, status: &Status, book: &BookState<'_>) -> Value {
    let open: Vec<Value> = status
        .open
        .iter()
        .map(|(currency, open)| {
            json!({
                "currency": currency, "open": open.amount.plain(*currency), "documents": open.documents,
                "overdue": open.overdue.plain(*currency), "overdue_documents": open.overdue_documents,
            })
        })
        .collect();
    let next = status.next_issue.as_ref().map(|(day, invoices, amounts)| {
        let amounts: Vec<Value> = amounts
            .iter()
            .map(|(currency, amount)| json!({ "currency": currency, "amount": amount.plain(*currency) }))
            .collect();
        json!({ "date": day, "invoices": invoices, "amounts": amounts })
    });
    json!({
        "business": office.config.business.name,
        "today": status.today,
        "books_of": status.books_of,
        "service": {
            "runs": match status.service {
                Service::Runs(_) => Some(true),
                Service::Silent(_) => Some(false),
                Service::NotExpected => None,
            },
            "last_at_work": status.service.last_at_work(),
        },
        "live_since": status.live_since,
        "book_changed": book.changed,
        "book_unread": book.unread.iter().map(|file| json!({ "file": file.path, "why": file.why.name() })).collect::<Vec<_>>(),
        "bank": bank_json(&status.bank),
        "money": open,
        "mail": status.mail,
        "next_issue": next,
        "held": held_json(&status.held),
        "paused": status.paused.iter().map(|(what, until)| json!({ "what": what.name(), "until": until })).collect::<Vec<_>>(),
        "needs_you": asked(&status.questions, office),
    })
}

/// How far the bank's data reach, for programs.
pub fn bank_json(accounts: &[BankReach]) -> Vec<Value> {
    let account = |account: &BankReach| {
        json!({
            "account": account.name, "iban": account.iban, "covered_through": account.through,
            "business_days_missing": account.behind, "fresh": account.through.is_some() && account.behind == 0,
        })
    };
    accounts.iter().map(account).collect()
}

/// What is held, for programs.
pub fn held_json(held: &[HeldGroup]) -> Vec<Value> {
    let group = |group: &HeldGroup| {
        json!({
            "reason": group.reason.name(), "letters": group.numbers.len(), "numbers": group.numbers, "leaves": group.leaves,
        })
    };
    held.iter().map(group).collect()
}

/// What needs the owner, for programs.
pub fn asked(questions: &[Question], office: &Office) -> Value {
    let asked = |question| Asked {
        question,
        text: Question::words(question, office.config.owner.language),
        commands: office.program.spell_all(&question.commands()),
    };
    json!(questions.iter().map(asked).collect::<Vec<_>>())
}

/// A question for programs: what it is and its facts, and how it is put to the owner.
#[derive(Serialize)]
struct Asked<'q> {
    #[serde(flatten)]
    question: &'q Question,
    text: String,
    commands: Vec<String>,
}

/// Writes the status for people, in the owner's language.
fn status_words(office: &Office, status: &Status, book: &BookState<'_>) -> String {
    let face = Face { office, status, language: office.config.owner.language };
    let mut lines = vec![face.heading(), String::new()];
    lines.extend(face.bank());
    lines.extend(face.money());
    lines.push(face.mail());
    lines.extend(face.ahead());
    if book.changed {
        lines.push(face.row(
            "Buch",
            "Book",
            face.say(
                "die Dateien haben Änderungen, die nicht übernommen sind: settled apply",
                "the files have changes that are not applied: settled apply",
            ),
        ));
    }
    lines.extend(face.unread(book.unread));
    lines.push(String::new());
    lines.extend(face.questions());
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

struct Face<'a> {
    office: &'a Office,
    status: &'a Status,
    language: Language,
}

impl Face<'_> {
    fn say<'w>(&self, german: &'w str, english: &'w str) -> &'w str {
        match self.language {
            Language::De(_) => german,
            Language::En => english,
        }
    }

    fn row(&self, german: &str, english: &str, text: &str) -> String {
        format!("{:<10}{text}", self.say(german, english))
    }

    /// A day as one says it: `Fr 20.03.`, `Fri 20 Mar`.
    fn day(&self, day: NaiveDate) -> String {
        format!("{} {}", self.language.weekday(day.weekday()), self.language.day(day))
    }

    fn heading(&self) -> String {
        let business = &self.office.config.business;
        let written = self.status.books_of.map(|instant| {
            let local = business.timezone.civil(instant);
            format!("{}, {}", self.day(local.date()), local.format("%H:%M"))
        });
        format!(
            "settled {} · {}, {} · {} {}",
            env!("CARGO_PKG_VERSION"),
            business.name,
            business.address.city,
            self.say("Bücher vom", "books of"),
            written.as_deref().unwrap_or("?")
        )
    }

    fn bank(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (place, account) in self.status.bank.iter().enumerate() {
            let state = match account.through {
                None => self.say("noch kein Auszug", "no statement yet").to_owned(),
                Some(day) => {
                    let fresh = match account.behind {
                        0 => self.say("aktuell", "fresh").to_owned(),
                        n => match self.language {
                            Language::De(_) => format!("VERALTET: {n} Banktage"),
                            Language::En => format!("STALE: {n} bank days"),
                        },
                    };
                    format!("{} {}   {fresh}", self.say("vollständig bis", "complete up to"), self.day(day))
                }
            };
            let text = format!("{:<12} {:<14} {state}", account.name, account.iban);
            lines.push(if place == 0 { self.row("Bank", "Bank", &text) } else { self.row("", "", &text) });
        }
        lines
    }

    fn money(&self) -> Vec<String> {
        if self.status.open.is_empty() {
            return vec![self.row("Geld", "Money", self.say("nichts ist offen", "nothing is open"))];
        }
        let line = |(place, (currency, open)): (usize, (&Currency, &OpenMoney))| {
            let (all, overdue) = (
                open.amount.with_currency(*currency, self.language),
                open.overdue.with_currency(*currency, self.language),
            );
            let text = match self.language {
                Language::De(_) => format!(
                    "offen {all} in {} {} · überfällig {overdue} in {}",
                    open.documents,
                    if open.documents == 1 { "Rechnung" } else { "Rechnungen" },
                    open.overdue_documents
                ),
                Language::En => format!(
                    "open {all} in {} {} · overdue {overdue} in {}",
                    open.documents,
                    if open.documents == 1 { "invoice" } else { "invoices" },
                    open.overdue_documents
                ),
            };
            if place == 0 { self.row("Geld", "Money", &text) } else { self.row("", "", &text) }
        };
        self.status.open.iter().enumerate().map(line).collect()
    }

    fn mail(&self) -> String {
        let mail = &self.status.mail;
        let mut parts = vec![format!("{} {}", mail.sent_today, self.say("heute gesendet", "sent today"))];
        for (count, german, english) in [
            (mail.queued, "warten", "waiting"),
            (mail.deferred, "werden noch einmal versucht", "to be tried again"),
            (mail.unclear, "ungewiss", "unclear"),
            (mail.by_hand, "von Hand zu versenden", "to be sent by hand"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {}", self.say(german, english)));
            }
        }
        self.row("Post", "Mail", &parts.join(" · "))
    }

    fn ahead(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.status.live_since.is_none() {
            let words = self.say(
                "es geht nichts hinaus, bis Sie es sagen: settled golive",
                "nothing leaves until you say so: settled golive",
            );
            lines.push(self.row("Nächstes", "Next", words));
        } else if let Some((day, invoices, amounts)) = &self.status.next_issue {
            let amount = money(amounts, self.language);
            let text = match self.language {
                Language::De(_) if *invoices == 1 => format!("{} eine Rechnung (etwa {amount})", self.day(*day)),
                Language::De(_) => format!("{} {invoices} Rechnungen (etwa {amount})", self.day(*day)),
                Language::En if *invoices == 1 => format!("{} issue one invoice (about {amount})", self.day(*day)),
                Language::En => format!("{} issue {invoices} invoices (about {amount})", self.day(*day)),
            };
            lines.push(self.row("Nächstes", "Next", &text));
        }
        for group in &self.status.held {
            let text = format!(
                "{}: {} {} ({}): {}",
                self.say("zurückgehalten", "held"),
                group.numbers.len(),
                self.say("Schreiben", if group.numbers.len() == 1 { "letter" } else { "letters" }),
                group.reason.words(self.language),
                group.some(NAMED)
            );
            lines.push(self.row("", "", &text));
            lines.extend(group.leaves(NAMED, self.language).map(|leaves| self.row("", "", &format!("  {leaves}"))));
        }
        for (what, until) in &self.status.paused {
            let (word, until) = (what.words(self.language), until.map(|day| self.day(day)).unwrap_or_default());
            let text = match self.language {
                Language::De(_) => {
                    format!("{word} unterbrochen bis einschließlich {until}: settled resume {}", what.name())
                }
                Language::En => format!("{word} paused through {until}: settled resume {}", what.name()),
            };
            lines.push(self.row("Pause", "Paused", &self.language.spelled(text)));
        }
        lines
    }

    /// Says what lies in the book and is not read.
    fn unread(&self, unread: &[Unread]) -> Vec<String> {
        let line = |(place, file): (usize, &Unread)| {
            let text =
                format!("{} {}: {}", self.say("nicht gelesen", "not read"), file.path, file.why.words(self.language));
            if place == 0 { self.row("Buch", "Book", &text) } else { self.row("", "", &text) }
        };
        let mut lines: Vec<String> = unread.iter().take(NAMED).enumerate().map(line).collect();
        if unread.len() > NAMED {
            lines.push(self.row("", "", &format!("… +{}: settled check", unread.len() - NAMED)));
        }
        lines
    }

    fn questions(&self) -> Vec<String> {
        if self.status.questions.is_empty() {
            return vec![self.say("Zu tun ist nichts.", "Nothing needs you.").to_owned()];
        }
        let mut lines = vec![self.say("Zu entscheiden", "Needs you").to_owned()];
        for (number, question) in self.status.questions.iter().enumerate() {
            let number = number + 1;
            let mut text = String::new();
            wrap(&mut text, &question.words(self.language), &format!("{number:>3}  "), "     ");
            lines.extend(text.lines().map(str::to_owned));
            lines.extend(question.commands().iter().map(|command| format!("     {command}")));
        }
        lines.push(String::new());
        lines.push(self.say("Rückgabewert 1: etwas wartet auf Sie", "exit code 1: something needs you").to_owned());
        lines
    }
}
