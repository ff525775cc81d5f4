//! The book: whether it is right, and taking it into force.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;

use super::opening::{clock, load, office, reading_office, workers};
use super::outcome::{Failure, Outcome};
use super::terminal::{confirm, count, say};
use crate::book::{Change, EntryKind, Mistake, Plan, Unread};
use crate::command::Program;
use crate::jobs::agreements::apply;
use crate::jobs::agreements::apply::plan_of;
use crate::jobs::agreements::read::read_book;
use crate::jobs::agreements::try_templates::template_mistakes;
use crate::jobs::office::open::{stationery, templates};
use crate::jobs::owner::questions::book::missing_rates;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::recurring::AfterEnd;

/// Prints mistakes; tells whether there were any.
fn mistakes<'m>(found: impl Iterator<Item = &'m Mistake>, program: &Program) -> bool {
    let mut any = false;
    for mistake in found {
        eprintln!("{}\n", program.spell(&mistake.to_string()));
        any = true;
    }
    any
}

/// Checks configuration, templates and book, and where there are books, whether the book could be applied; changes nothing.
pub async fn check(file: &Path) -> Result<Outcome, Failure> {
    let loaded = load(file)?;
    let config = &loaded.config;
    let templates = templates(&config.paths.templates)?;
    let wrong = template_mistakes(&loaded, &templates, &stationery(config)?, &workers()).await?;
    let read = read_book(config)?;
    let plan = match reading_office(file).await {
        Ok(office) => plan_of(&office, &read.book).await?.mistakes,
        // Before `init` there is nothing to compare with.
        Err(Failure::Usage(_) | Failure::Refused(_)) => Vec::new(),
        Err(failure) => return Err(failure),
    };
    if mistakes(wrong.iter().chain(&read.mistakes).chain(&plan), &Program::with(&loaded.file)) {
        eprintln!("Nothing was changed; the book applied before stays in force.");
        return Err(Failure::Usage(String::new()));
    }
    let book = &read.book;
    let today = config.business.timezone.day(clock(config).now());
    for missing in missing_rates(config, today) {
        println!(
            "The base rate from {} on is not known; letters carry no interest until {} says it:\n\n{}\n",
            missing.from,
            file.display(),
            missing.lines().join("\n")
        );
    }
    let is_whole = say_unread(&read.unread, config.owner.language);
    println!(
        "{}: {}; {}, {}, {}.",
        if is_whole { "All is well" } else { "What is read is right" },
        file.display(),
        count(book.customers.len(), "customer", "customers"),
        count(book.contracts.len(), "contract", "contracts"),
        count(book.one_offs.len(), "one-off invoice", "one-off invoices")
    );
    Ok(if is_whole { Outcome::Fine } else { Outcome::No })
}

/// Names what lies in the book and is not read; tells whether there is nothing of that kind.
fn say_unread(unread: &[Unread], language: Language) -> bool {
    if unread.is_empty() {
        return true;
    }
    println!("{}", language.say("Im Buch wird nicht gelesen:", "Of the book these are not read:"));
    for file in unread {
        println!("  {}: {}", file.path, file.why.words(language));
    }
    println!();
    false
}

/// Take the book into force: shows what would change, and asks.
#[derive(Debug, Args)]
pub struct ApplyOptions {
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

/// Takes the book into force.
pub async fn apply(file: &Path, options: &ApplyOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let read = read_book(&office.config)?;
    let plan = plan_of(&office, &read.book).await?;
    if mistakes(read.mistakes.iter().chain(&plan.mistakes), &office.program) {
        eprintln!("Nothing was changed; the book applied before stays in force.");
        return Err(Failure::Usage(String::new()));
    }
    say_unread(&read.unread, office.config.owner.language);
    if plan.is_empty() {
        println!("The book is in force as it is; there is nothing to apply.");
        return Ok(Outcome::Fine);
    }
    show(&plan, &office.program);
    if !options.yes && !confirm("Apply this?")? {
        println!("Nothing was changed.");
        return Ok(Outcome::No);
    }
    let applied = apply::apply(&office, &office.run("apply"), &read, &plan).await?;
    println!("Applied as version {}.", applied.version);
    if applied.redelivered > 0 {
        println!("{} that came back go out again.", count(applied.redelivered, "invoice", "invoices"));
    }
    if office.live_since().await?.is_none() {
        say(&office.program, "Nothing leaves yet: look at it with `settled simulate`, then say `settled golive`.");
    }
    Ok(Outcome::Fine)
}

/// Prints what applying would change.
fn show(plan: &Plan, program: &Program) {
    for change in &plan.changes {
        say(program, &line(change));
        for part in &change.after_end {
            println!("           {}", after_end(part));
        }
    }
    for gone in &plan.vanished {
        println!("  gone     {:<12} its file is not in {}/ any more; it is held", gone.number, gone.kind.folder());
    }
}

/// Says what of an invoice lies after the end of its contract.
fn after_end(part: &AfterEnd) -> String {
    let AfterEnd { invoice, last_day, days, of_days, amount } = part;
    let money = |amount: Amount| amount.with_currency(invoice.currency, Language::En);
    let costs = if amount.is_zero() {
        "which the contract charges all the same, as it counts no days (`proration`)".to_owned()
    } else {
        format!("{} of its {}", money(*amount), money(invoice.gross))
    };
    let last_day = Language::En.day(*last_day);
    format!("{}: {days} of {of_days} days are invoiced after the end on {last_day}, {costs}", invoice.number)
}

fn line(change: &Change) -> String {
    let word = if change.is_new { "new" } else { "changed" };
    let money = |next: &Option<(NaiveDate, Amount, Currency)>| {
        next.as_ref().map(|(day, amount, currency)| {
            format!("{} {}", Language::En.day(*day), amount.with_currency(*currency, Language::En))
        })
    };
    let next = match (change.kind, money(&change.next.before), money(&change.next.after)) {
        (EntryKind::Customer, ..) => String::new(),
        (_, Some(before), Some(after)) if before != after => format!("  next invoice {before} -> {after}"),
        (_, _, Some(after)) => format!("  next invoice {after}"),
        (EntryKind::OneOff, _, None) => format!("  issued by: settled invoice issue {}", change.number),
        (_, _, None) => "  no further invoice".to_owned(),
    };
    let due = match change.next.due_now {
        0 => String::new(),
        n => format!("; {} due at once", count(n, "is", "are")),
    };
    let former = change.former.as_ref().map(|former| format!(" (was {former})")).unwrap_or_default();
    format!("  {word:<8} {:<12} {}{former}{next}{due}", change.number, change.name)
}
