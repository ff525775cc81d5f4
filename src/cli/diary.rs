//! The diary of a simulation: what happens, a line each, for people or as JSON, beside a progress bar.

use std::sync::{Arc, Mutex};

use chrono::{Datelike as _, NaiveDate};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::cells::shortened as cut;
use super::terminal::width;
use crate::dunning::{HoldReason, WithdrawnFor};
use crate::jobs::office::event::{Event, LetterItem, Observer, Paid};
use crate::language::Language;
use crate::letter::LetterKind;
use crate::matching::Flag;
use crate::money::Currency;

/// Prints what happens. A bar on standard error says how far the days have got; without a terminal there is none.
#[derive(Debug, Clone)]
pub struct Diary {
    json: bool,
    language: Language,
    bar: ProgressBar,
    page: Arc<Mutex<Page>>,
    /// How many columns there are to write on.
    width: Option<usize>,
}

/// Where the diary stands.
#[derive(Debug, Default)]
struct Page {
    /// The day of the last line; its name is written once.
    day: Option<NaiveDate>,
    /// Invoices that were mailed in a row: day, number and address. They make one line.
    mailed: Vec<(NaiveDate, String, String)>,
}

/// A line for programs.
#[derive(Serialize)]
struct Dated<'a> {
    date: NaiveDate,
    #[serde(flatten)]
    event: &'a Event,
}

impl Diary {
    /// Opens a diary of some days, in the owner's language.
    pub fn new(json: bool, language: Language, from: NaiveDate, until: NaiveDate) -> Diary {
        let days = u64::try_from((until - from).num_days() + 1).unwrap_or(0);
        let bar = ProgressBar::new(days);
        bar.set_style(ProgressStyle::with_template("{msg:12} {bar:40} {percent:>3} %").expect("the template is right"));
        Diary { json, language, bar, page: Arc::default(), width: width() }
    }

    /// Returns who writes in it.
    pub fn observer(&self) -> Observer {
        let diary = self.clone();
        Observer::new(move |day, event| diary.write(day, event))
    }

    /// Notes that a day begins.
    pub fn day(&self, day: NaiveDate) {
        self.bar.set_message(self.language.day(day));
        self.bar.inc(1);
    }

    /// Closes it.
    pub fn finish(&self) {
        self.write_mailed(&mut self.page());
        self.bar.finish_and_clear();
    }

    fn page(&self) -> std::sync::MutexGuard<'_, Page> {
        self.page.lock().expect("writing a line does not panic")
    }

    fn write(&self, day: NaiveDate, event: &Event) {
        if self.json {
            let line = serde_json::to_string(&Dated { date: day, event }).expect("an event is plain data");
            return self.bar.suspend(|| println!("{line}"));
        }
        let mut page = self.page();
        if let Event::LetterSent { kind, to, items, .. } = event
            && *kind == LetterKind::Invoice
            && let [item, ..] = items.as_slice()
        {
            page.mailed.push((day, item.number.clone(), to.join(", ")));
            return;
        }
        self.write_mailed(&mut page);
        let (word, text) = self.words().of(event);
        self.line(&mut page, day, word, &text);
    }

    /// Writes a line, with the day when it is another one than before.
    fn line(&self, page: &mut Page, day: NaiveDate, word: &str, text: &str) {
        let mut label = String::new();
        if page.day.replace(day) != Some(day) {
            let date = self.words().short(day);
            label = format!("{} {date:>6}", self.language.weekday(day.weekday()));
        }
        let margin = self.margin();
        let line = format!("{:<margin$}{}", format!("{label:<DAY$}{word}"), text.trim_end());
        let lines = match self.width {
            Some(width) if line.chars().count() > width => broken(&line, width, margin + 2),
            _ => line,
        };
        self.bar.suspend(|| println!("{lines}"));
    }

    /// Returns where the texts begin, behind the day and the word; German words are longer.
    fn margin(&self) -> usize {
        DAY + self.language.say(12, 10)
    }

    /// Says events, with as much of each name as there is room for.
    fn words(&self) -> Words {
        let room = self.width.map_or(NAME, |width| width.saturating_sub(self.margin() + BESIDE).clamp(SHORT, NAME));
        Words(self.language, room)
    }

    /// Writes the invoices that were mailed in a row: a few with their addresses, many as a number.
    fn write_mailed(&self, page: &mut Page) {
        let word = LetterKind::Invoice.left(self.language);
        for row in std::mem::take(&mut page.mailed).chunk_by(|a, b| a.0 == b.0) {
            if row.len() <= 2 {
                for (day, number, to) in row {
                    self.line(page, *day, word, &format!("{number:<14}-> {to}"));
                }
            } else if let [(day, first, _), .., (_, last, _)] = row {
                let many = row.len();
                let text = self.language.say(
                    format!("{many} Rechnungen, {first} bis {last}"),
                    format!("{many} invoices, {first} to {last}"),
                );
                self.line(page, *day, word, &text);
            }
        }
    }
}

/// The columns of a day: `Mon  5 Jan`.
const DAY: usize = 11;

/// The columns of a name, where there is room, and the least that is left of it.
const NAME: usize = 26;
const SHORT: usize = 12;

/// What stands beside the name of an invoice: its number, the amount with its currency, the day.
const BESIDE: usize = 14 + 15 + 15;

/// Breaks a line between words; what is left of it goes on below, from a column on.
fn broken(line: &str, width: usize, column: usize) -> String {
    let mut lines = String::new();
    let mut rest = line.to_owned();
    while rest.chars().count() > width {
        let fits: String = rest.chars().take(width + 1).collect();
        // A word that fills a line goes over its end.
        let at = fits.rfind(' ').filter(|at| !fits[..*at].trim().is_empty() && fits[..*at].chars().count() > column);
        let Some(at) = at.or_else(|| rest[fits.len()..].find(' ').map(|at| fits.len() + at)) else { break };
        lines.push_str(rest[..at].trim_end());
        lines.push('\n');
        rest = format!("{:column$}{}", "", rest[at..].trim_start());
    }
    lines + &rest
}

/// Says events in the owner's language, with so many columns for a name.
#[derive(Debug, Clone, Copy)]
struct Words(Language, usize);

impl Words {
    fn say<T>(self, german: T, english: T) -> T {
        self.0.say(german, english)
    }

    /// A day of the year at hand: `5 Jan`, `05.01.`.
    fn short(self, day: NaiveDate) -> String {
        self.say(day.format("%d.%m.").to_string(), format!("{} {}", day.day(), day.format("%b")))
    }

    /// An amount of an event, which is a decimal string.
    fn number(self, amount: &str) -> String {
        amount.parse().map_or_else(|_| amount.to_owned(), |amount| self.0.number(amount))
    }

    fn money(self, amount: &str, currency: Currency) -> String {
        self.0.with_currency(&self.number(amount), currency.code())
    }

    /// Says an event in a word and a line.
    fn of(self, event: &Event) -> (&'static str, String) {
        match event {
            Event::InvoiceIssued { number, name, amount, currency, due_on, .. } => {
                let due = format!("{} {}", self.say("fällig", "due"), self.short(*due_on));
                (self.say("gestellt", "issued"), format!("{}  {due}", self.row(number, name, amount, *currency)))
            }
            Event::QuoteIssued { number, name, amount, currency, valid_until, .. } => {
                let until = format!("{} {}", self.say("gültig bis", "valid until"), self.short(*valid_until));
                (self.say("Angebot", "quote"), format!("{}  {until}", self.row(number, name, amount, *currency)))
            }
            Event::OrderConfirmed { number, name, amount, currency, .. } => {
                (self.say("Auftrag", "order"), self.row(number, name, amount, *currency))
            }
            Event::CreditUsed { number, name, amount, open, currency } => {
                let row = self.row(number, name, amount, *currency);
                (self.say("Guthaben", "credit"), format!("{row}  {}", self.open(open)))
            }
            Event::InvoiceCorrected { number, invoice, name, amount, currency, .. } => {
                let row = self.row(number, name, amount, *currency);
                (self.say("berichtigt", "corrected"), format!("{row}  {} {invoice}", self.say("zu", "for")))
            }
            Event::RefundWithdrawn { number, name, amount, currency } => {
                let row = self.row(number, name, amount, *currency);
                let words = self.say("nicht überweisen", "do not transfer it");
                (self.say("entfällt", "withdrawn"), format!("{row}  {words}"))
            }
            Event::InvoiceHeld { contract, missed, reason } => {
                let invoices = self.0.count(*missed, ("Rechnung", "Rechnungen"), ("invoice", "invoices"));
                let wait = self.say(if *missed == 1 { "wartet" } else { "warten" }, "wait");
                (self.say("wartet", "held"), format!("{contract}: {invoices} {wait}: {}", reason.words(self.0)))
            }
            Event::PeriodSkipped { contract, service_from, service_through } => {
                let service = self.0.period(*service_from, *service_through);
                let words = self.say("kostet nichts", "costs nothing");
                (self.say("ausgelassen", "skipped"), format!("{contract}: {service} {words}"))
            }
            Event::StatementImported { account, statement, through, payments, .. } => {
                let through = through.map(|day| format!(" {} {}", self.say("bis", "up to"), self.short(day)));
                let through = through.unwrap_or_default();
                let payments = self.0.count(*payments, ("Zahlung", "Zahlungen"), ("payment", "payments"));
                let named = self.say("Auszug", "statement");
                (self.say("Bank", "bank"), format!("{account}, {named} {statement}{through}: {payments}"))
            }
            Event::StatementKnown { file } => {
                (self.say("Bank", "bank"), format!("{file} {}", self.say("ist schon bekannt", "is known already")))
            }
            Event::StatementRejected { file, reason } => {
                (self.say("abgewiesen", "rejected"), format!("{file}: {reason}"))
            }
            Event::PaymentMatched { payer, amount, currency, invoices, credit, rung, flags, waived, .. } => {
                let paid: Vec<String> = invoices.iter().map(|paid| self.paid(paid)).collect();
                let mut notes = vec![rung.clone()];
                notes.extend(flags.iter().map(|flag| self.flag(flag)));
                if is_something(credit) {
                    notes.push(format!("{} {}", self.money(credit, *currency), self.say("Guthaben", "credit")));
                }
                let given_up = self.say("Kosten erlassen", "of costs given up");
                notes.extend(waived.iter().map(|waived| format!("{} {given_up}", self.money(waived, *currency))));
                let (payer, amount) = (self.name(payer), self.number(amount));
                let text = format!("{payer} {amount:>10} {currency} -> {}  ({})", paid.join(", "), notes.join(", "));
                (self.say("zugeordnet", "matched"), text)
            }
            Event::PaymentUndecided { payment, payer, amount, currency, text, flags, candidates, .. } => {
                let none = || self.say("keine Referenz", "no reference").to_owned();
                let why = flags.first().map_or_else(none, |flag| self.flag(flag));
                let near = match candidates.as_slice() {
                    [] => String::new(),
                    some => {
                        format!("; {} {}", self.say("vielleicht", "perhaps"), some[..some.len().min(3)].join(", "))
                    }
                };
                let (amount, from) = (self.money(amount, *currency), self.say("von", "from"));
                let (payer, text) = (cut(payer, 26), cut(text, 40));
                (
                    self.say("unklar", "undecided"),
                    format!("{payment}: {amount} {from} \"{payer}\", \"{text}\": {why}{near}"),
                )
            }
            Event::PaymentReturned { payment, amount, currency, invoices } => {
                let words = self.say("gingen zurück; wieder offen", "went back; open again");
                let (amount, invoices) = (self.money(amount, *currency), invoices.join(", "));
                (self.say("Rückgabe", "returned"), format!("{payment}: {amount} {words}: {invoices}"))
            }
            Event::PaymentIgnored { payment, amount, currency } => {
                (self.say("übergangen", "ignored"), format!("{payment}: {}", self.money(amount, *currency)))
            }
            Event::LetterHeld { number, name, stage, reason, about, leaves_on, .. } => {
                let leaves = self.say("geht hinaus am", "leaves on");
                let until = leaves_on.map(|day| format!("; {leaves} {}", self.short(day))).unwrap_or_default();
                let reason = HoldReason::by_name(reason)
                    .map_or_else(|| format!("{reason} {about}"), |reason| reason.held(about, self.0));
                let (name, letter) = (self.name(name), self.letter(*stage));
                (self.say("wartet", "held"), format!("{number:<14}{name} {letter}: {reason}{until}"))
            }
            Event::InstalmentMissed { number, name, due_on, amount, currency, .. } => {
                let due = format!("{} {}", self.say("fällig", "due"), self.short(*due_on));
                let (name, amount) = (self.name(name), self.money(amount, *currency));
                (self.say("versäumt", "missed"), format!("{number:<14}{name} {amount} {due}"))
            }
            Event::LetterSent { kind, name, total, currency, items, deadline, .. } => {
                let until = deadline.map(|day| format!("  {} {}", self.say("bis", "by"), self.short(day)));
                let until = until.unwrap_or_default();
                let items: Vec<String> = items.iter().map(|item| self.item(item)).collect();
                // It begins where a number stands elsewhere.
                let room = self.1 + 14;
                let (name, total) = (cut(name, room), self.number(total));
                (kind.left(self.0), format!("{name:<room$} {total:>10} {currency}{until}  {}", items.join(", ")))
            }
            Event::LetterByHand { number, name, by, total, currency, .. } => {
                let by = match *by {
                    "portal" => self.say("Portal", "portal"),
                    _ => self.say("Post", "post"),
                };
                let words = self.say("von Hand zuzustellen", "to be delivered by hand");
                (by, format!("{}  {words}", self.row(number, name, total, *currency)))
            }
            Event::LetterFailed { about, outcome, words } => {
                let (about, outcome) = (self.about(about), self.outcome(outcome));
                (self.say("misslungen", "failed"), format!("{about}: {outcome}: {}", words.words(self.0)))
            }
            Event::LetterWithdrawn { about, reason } => {
                let known = WithdrawnFor::by_name(reason);
                let reason = known.map_or(reason.as_str(), |reason| reason.words(self.0));
                (self.say("entfällt", "withdrawn"), format!("{about}: {reason}"))
            }
            Event::LetterRecalled { number, invoice, paid_on, taken_back, currency, .. } => {
                let (paid_on, taken_back) = (self.short(*paid_on), self.money(taken_back, *currency));
                let words = self.say(
                    format!("{number} zu {invoice}: bezahlt am {paid_on}; {taken_back} zurückgenommen"),
                    format!("{number} on {invoice}: paid {paid_on}; {taken_back} taken back"),
                );
                (self.say("zurück", "recalled"), words)
            }
            Event::SummarySent { subject, .. } => (LetterKind::Summary.left(self.0), subject.clone()),
            Event::AnnouncementSent { subject, .. } => (LetterKind::Announcement.left(self.0), subject.clone()),
            Event::AlarmSent { subject } => (LetterKind::Alarm.left(self.0), subject.clone()),
            Event::Refused { why } => (self.say("abgelehnt", "refused"), why.clone()),
            Event::Happened { what } => (self.say("Ereignis", "event"), what.clone()),
        }
    }

    /// A document, a name and an amount in their columns.
    fn row(self, number: &str, name: &str, amount: &str, currency: Currency) -> String {
        format!("{number:<14}{} {:>10} {currency}", self.name(name), self.number(amount))
    }

    /// A name in its column.
    fn name(self, name: &str) -> String {
        format!("{:<room$}", cut(name, self.1), room = self.1)
    }

    fn open(self, amount: &str) -> String {
        let amount = self.number(amount);
        self.say(format!("{amount} bleiben offen"), format!("{amount} stay open"))
    }

    fn paid(self, paid: &Paid) -> String {
        let Paid { number, open, .. } = paid;
        if is_something(open) { format!("{number} ({})", self.open(open)) } else { number.clone() }
    }

    fn letter(self, stage: usize) -> String {
        format!("{} {stage}", self.say("Schreiben", "letter"))
    }

    fn item(self, item: &LetterItem) -> String {
        if item.stage == 0 {
            return item.number.clone();
        }
        format!("{} ({})", item.number, self.letter(item.stage))
    }

    fn flag(self, flag: &str) -> String {
        Flag::by_name(flag).map_or_else(|| flag.to_owned(), |flag| flag.words(self.0).to_owned())
    }

    /// What a failed letter is about: its kind and a number.
    fn about(self, about: &str) -> String {
        let named = about.split_once(' ').and_then(|(kind, number)| Some((LetterKind::by_name(kind)?, number)));
        named.map_or_else(|| about.to_owned(), |(kind, number)| format!("{} {number}", kind.words(1, self.0)))
    }

    fn outcome(self, outcome: &str) -> &str {
        match outcome {
            "held" => self.say("wartet", "held"),
            "deferred" => self.say("aufgeschoben", "deferred"),
            "refused" => self.say("abgelehnt", "refused"),
            "unclear" => self.say("unklar", "unclear"),
            "misconfigured" => self.say("falsch eingestellt", "misconfigured"),
            other => other,
        }
    }
}

/// Tells whether a decimal string is not zero.
fn is_something(amount: &str) -> bool {
    amount.bytes().any(|digit| matches!(digit, b'1'..=b'9'))
}
