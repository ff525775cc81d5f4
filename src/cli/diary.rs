//! The diary of a simulation: what happens, a line each, for people or as JSON, beside a progress bar.

use std::sync::{Arc, Mutex};

use chrono::{Datelike as _, NaiveDate};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::terminal::count;
use crate::jobs::office::event::{Event, LetterItem, Observer, Paid};
use crate::language::Language;
use crate::letter::LetterKind;

/// Prints what happens. A bar on standard error says how far the days have got; without a terminal there is none.
#[derive(Debug, Clone)]
pub struct Diary {
    json: bool,
    bar: ProgressBar,
    page: Arc<Mutex<Page>>,
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
    /// Opens a diary of some days.
    pub fn new(json: bool, from: NaiveDate, until: NaiveDate) -> Diary {
        let days = u64::try_from((until - from).num_days() + 1).unwrap_or(0);
        let bar = ProgressBar::new(days);
        bar.set_style(ProgressStyle::with_template("{msg:12} {bar:40} {percent:>3} %").expect("the template is right"));
        Diary { json, bar, page: Arc::default() }
    }

    /// Returns who writes in it.
    pub fn observer(&self) -> Observer {
        let diary = self.clone();
        Observer::new(move |day, event| diary.write(day, event))
    }

    /// Notes that a day begins.
    pub fn day(&self, day: NaiveDate) {
        self.bar.set_message(Language::En.day(day));
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
        let (word, text) = in_words(event);
        self.line(&mut page, day, word, &text);
    }

    /// Writes a line, with the day when it is another one than before.
    fn line(&self, page: &mut Page, day: NaiveDate, word: &str, text: &str) {
        let mut label = String::new();
        if page.day.replace(day) != Some(day) {
            label = format!("{} {:>2} {}", Language::En.weekday(day.weekday()), day.day(), day.format("%b"));
        }
        self.bar.suspend(|| println!("{label:<12}{word:<10}{}", text.trim_end()));
    }

    /// Writes the invoices that were mailed in a row: a few with their addresses, many as a number.
    fn write_mailed(&self, page: &mut Page) {
        for row in std::mem::take(&mut page.mailed).chunk_by(|a, b| a.0 == b.0) {
            if row.len() <= 2 {
                for (day, number, to) in row {
                    self.line(page, *day, "mailed", &format!("{number:<14}-> {to}"));
                }
            } else if let [(day, first, _), .., (_, last, _)] = row {
                self.line(page, *day, "mailed", &format!("{} invoices, {first} to {last}", row.len()));
            }
        }
    }
}

fn short(day: NaiveDate) -> String {
    format!("{} {}", day.day(), day.format("%b"))
}

/// Says an event in a word and a line.
fn in_words(event: &Event) -> (&'static str, String) {
    match event {
        Event::InvoiceIssued { number, name, amount, currency, due_on, .. } => {
            ("issued", format!("{number:<14}{:<26} {amount:>10} {currency}  due {}", cut(name, 26), short(*due_on)))
        }
        Event::CreditUsed { number, name, amount, open, currency } => {
            ("credit", format!("{number:<14}{:<26} {amount:>10} {currency}  {open} stay open", cut(name, 26)))
        }
        Event::RefundWithdrawn { number, name, amount, currency } => {
            ("withdrawn", format!("{number:<14}{:<26} {amount:>10} {currency}  do not transfer it", cut(name, 26)))
        }
        Event::InvoiceHeld { contract, missed, reason } => {
            ("held", format!("{contract}: {} wait: {reason}", count(*missed, "invoice", "invoices")))
        }
        Event::PeriodSkipped { contract, service_from, service_through } => {
            let service = Language::En.period(*service_from, *service_through);
            ("skipped", format!("{contract}: {service} costs nothing"))
        }
        Event::StatementImported { account, statement, through, payments, .. } => {
            let through = through.map(|day| format!(" up to {}", short(day))).unwrap_or_default();
            ("bank", format!("{account}, statement {statement}{through}: {}", count(*payments, "payment", "payments")))
        }
        Event::StatementKnown { file } => ("bank", format!("{file} is known already")),
        Event::StatementRejected { file, reason } => ("rejected", format!("{file}: {reason}")),
        Event::PaymentMatched { payer, amount, currency, invoices, credit, rung, flags, waived, .. } => {
            let paid: Vec<String> = invoices.iter().map(paid).collect();
            let mut notes = vec![rung.clone()];
            notes.extend(flags.iter().map(|flag| flag.replace('_', " ")));
            if credit.bytes().any(|digit| matches!(digit, b'1'..=b'9')) {
                notes.push(format!("{credit} {currency} credit"));
            }
            notes.extend(waived.iter().map(|waived| format!("{waived} {currency} of costs given up")));
            (
                "matched",
                format!(
                    "{:<26} {amount:>10} {currency} -> {}  ({})",
                    cut(payer, 26),
                    paid.join(", "),
                    notes.join(", ")
                ),
            )
        }
        Event::PaymentUndecided { payment, payer, amount, currency, text, flags, candidates, .. } => {
            let why = flags.first().map_or_else(|| "no reference".to_owned(), |flag| flag.replace('_', " "));
            let near = match candidates.as_slice() {
                [] => String::new(),
                some => format!("; perhaps {}", some[..some.len().min(3)].join(", ")),
            };
            (
                "undecided",
                format!(
                    "{payment}: {amount} {currency} from \"{}\", \"{}\": {why}{near}",
                    cut(payer, 26),
                    cut(text, 40)
                ),
            )
        }
        Event::PaymentReturned { payment, amount, currency, invoices } => {
            ("returned", format!("{payment}: {amount} {currency} went back; open again: {}", invoices.join(", ")))
        }
        Event::PaymentIgnored { payment, amount, currency } => ("ignored", format!("{payment}: {amount} {currency}")),
        Event::LetterHeld { number, name, stage, reason, about, leaves_on, .. } => {
            let about = if about.is_empty() { String::new() } else { format!(" ({about})") };
            let until = leaves_on.map(|day| format!("; leaves on {}", short(day))).unwrap_or_default();
            let reason = reason.replace('_', " ");
            ("held", format!("{number:<14}{:<26} letter {stage}: {reason}{about}{until}", cut(name, 26)))
        }
        Event::InstalmentMissed { number, name, due_on, amount, currency, .. } => {
            ("missed", format!("{number:<14}{:<26} {amount} {currency} due {}", cut(name, 26), short(*due_on)))
        }
        Event::LetterSent { kind, name, total, currency, items, deadline, .. } => {
            let until = deadline.map(|day| format!("  by {}", short(day))).unwrap_or_default();
            let items: Vec<String> = items.iter().map(item).collect();
            (kind.left(), format!("{:<40} {total:>10} {currency}{until}  {}", cut(name, 40), items.join(", ")))
        }
        Event::LetterByHand { number, name, by, total, currency, .. } => {
            (by, format!("{number:<14}{:<26} {total:>10} {currency}  to be delivered by hand", cut(name, 26)))
        }
        Event::LetterFailed { about, outcome, words } => ("failed", format!("{about}: {outcome}: {words}")),
        Event::LetterWithdrawn { about, reason } => ("withdrawn", format!("{about}: {reason}")),
        Event::LetterRecalled { number, invoice, paid_on, taken_back, currency, .. } => {
            ("recalled", format!("{number} on {invoice}: paid {}; {taken_back} {currency} taken back", short(*paid_on)))
        }
        Event::SummarySent { subject, .. } => (LetterKind::Summary.left(), subject.clone()),
        Event::AnnouncementSent { subject, .. } => (LetterKind::Announcement.left(), subject.clone()),
        Event::AlarmSent { subject } => (LetterKind::Alarm.left(), subject.clone()),
        Event::Happened { what } => ("event", what.clone()),
    }
}

fn paid(paid: &Paid) -> String {
    let part = paid.open.bytes().any(|digit| matches!(digit, b'1'..=b'9'));
    if part { format!("{} ({} stay open)", paid.number, paid.open) } else { paid.number.clone() }
}

fn item(item: &LetterItem) -> String {
    if item.stage == 0 {
        return item.number.clone();
    }
    format!("{} (letter {})", item.number, item.stage)
}

/// Cuts a text to a number of characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
