//! The book: whether it is right, and taking it into force.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;

use super::opening::{clock, office, reading_office, workers};
use super::outcome::{Failure, Outcome};
use super::terminal::{confirm, json as print_json, say};
use crate::book::{Book, Change, EntryKind, Mistake, Plan, Unread};
use crate::calendar::typed_day;
use crate::command::Program;
use crate::dunning::MissingRate;
use crate::invoice::Duty;
use crate::jobs::agreements::applied::unfit_policies;
use crate::jobs::agreements::apply;
use crate::jobs::agreements::apply::plan_of;
use crate::jobs::agreements::read::read_book;
use crate::jobs::agreements::try_templates::template_mistakes;
use crate::jobs::office::open::{stationery, templates};
use crate::jobs::owner::questions::book::missing_rates;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::recurring::AfterEnd;
use crate::shell::config::{self, ConfigError, Loaded, missing_files};

/// Prints mistakes; tells whether there were any.
pub(super) fn mistakes<'m>(found: impl Iterator<Item = &'m Mistake>, program: &Program) -> bool {
    let mut any = false;
    for mistake in found {
        eprintln!("{}\n", program.spell(&mistake.to_string()));
        any = true;
    }
    any
}

/// Says what mistakes mean for the books.
pub(super) fn nothing_changed(language: Language) -> &'static str {
    language.say(
        "Geändert wurde nichts; das zuletzt übernommene Buch bleibt in Kraft.",
        "Nothing was changed; the book applied before stays in force.",
    )
}

/// Check configuration, templates and book, and change nothing.
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// As JSON: all mistakes, and what was counted.
    #[arg(long)]
    json: bool,
    /// Who must get e-invoices by this day (§ 27 (38) UStG), and what the book does not say yet.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    as_of: Option<NaiveDate>,
}

/// Says whom the duty to issue e-invoices concerns.
fn say_duty(duty: &Duty, language: Language) {
    let from = language.day(duty.from);
    if duty.customers.is_empty() {
        let words = language.say(
            format!("Die Pflicht zur E-Rechnung beginnt am {from}; bis zum gefragten Tag betrifft sie keinen Ihrer Kunden.\n"),
            format!("The duty to issue e-invoices begins on {from}; by the day asked for it concerns none of your customers.\n"),
        );
        println!("{words}");
        return;
    }
    println!("{} {from}:", language.say("E-Rechnungen sind Pflicht ab", "E-invoices are a duty from"));
    for customer in &duty.customers {
        println!("  {}", customer.words(language));
    }
    println!();
}

/// What a check says, as JSON.
#[derive(Debug, Default, Serialize)]
struct Checked {
    /// Whether there is no mistake.
    is_well: bool,
    mistakes: Vec<Mistake>,
    /// Half-years without a base rate, which is no mistake of the owner's.
    missing_rates: Vec<MissingRate>,
    /// Files that lie in the book and are not read.
    unread: Vec<Unread>,
    customers: usize,
    contracts: usize,
    one_offs: usize,
    /// Where `--as-of` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    e_invoice_duty: Option<Duty>,
}

/// Checks configuration, templates and book, and where there are books, whether the book could be applied; changes nothing.
pub async fn check(file: &Path, options: &CheckOptions) -> Result<Outcome, Failure> {
    let loaded = match config::load(file) {
        Ok(loaded) => loaded,
        Err(ConfigError::Mistakes(mistakes)) if options.json => {
            return told(&Checked { mistakes, ..Checked::default() });
        }
        Err(error) => return Err(error.into()),
    };
    let config = &loaded.config;
    let language = config.owner.language;
    let (mut checked, read) = check_all(file, &loaded).await?;
    if let Some(day) = options.as_of.filter(|_| config.business.owes_e_invoices()) {
        let customers = read.customers.values().map(|entry| &entry.value);
        checked.e_invoice_duty = Some(Duty::by(day, &config.business.e_invoicing(), customers));
    }
    if options.json {
        return told(&checked);
    }
    if mistakes(checked.mistakes.iter(), &Program::with(&loaded.file, language)) {
        eprintln!("{}", nothing_changed(language));
        return Err(Failure::Usage(String::new()));
    }
    for missing in &checked.missing_rates {
        let (from, file, lines) = (language.day(missing.from), file.display(), missing.lines().join("\n"));
        let words = language.say(
            format!("Der Basiszins ab {from} ist nicht bekannt; Mahnungen tragen keine Zinsen, bis er in {file} steht:\n\n{lines}\n"),
            format!("The base rate from {from} on is not known; letters carry no interest until {file} says it:\n\n{lines}\n"),
        );
        println!("{words}");
    }
    match (&checked.e_invoice_duty, options.as_of) {
        (Some(duty), _) => say_duty(duty, language),
        (None, Some(_)) => println!(
            "{}\n",
            language.say("E-Rechnungen müssen Sie nicht ausstellen.", "You need not issue e-invoices.")
        ),
        (None, None) => {}
    }
    let is_whole = say_unread(&checked.unread, language);
    let well = if is_whole {
        language.say("Alles in Ordnung", "All is well")
    } else {
        language.say("Was gelesen wird, ist richtig", "What is read is right")
    };
    let customers = language.count(read.customers.len(), ("Kunde", "Kunden"), ("customer", "customers"));
    let contracts = language.count(read.contracts.len(), ("Vertrag", "Verträge"), ("contract", "contracts"));
    let one_offs = language.count(
        read.one_offs.len(),
        ("einzelne Rechnung", "einzelne Rechnungen"),
        ("one-off invoice", "one-off invoices"),
    );
    let quotes = match read.quotes.len() {
        0 => String::new(),
        n => format!(", {}", language.count(n, ("Angebot", "Angebote"), ("quote", "quotes"))),
    };
    println!("{well}: {}; {customers}, {contracts}, {one_offs}{quotes}.", file.display());
    Ok(if is_whole { Outcome::Fine } else { Outcome::No })
}

/// Checks what a configuration leads to.
async fn check_all(file: &Path, loaded: &Loaded) -> Result<(Checked, Book), Failure> {
    // Papers are tried without a logo that is not there.
    let mut tried = loaded.clone();
    let mut found = missing_files(loaded);
    let is_complete = found.is_empty();
    tried.config.business.logo = tried.config.business.logo.filter(|_| is_complete);
    let config = &tried.config;
    let templates = templates(config)?;
    found.extend(template_mistakes(&tried, &templates, &stationery(config)?, &workers()).await?);
    let today = config.business.timezone.day(clock(config).now());
    let read = read_book(config, today)?;
    found.extend(read.mistakes);
    match reading_office(file).await {
        Ok(office) => {
            found.extend(plan_of(&office, &read.book).await?.mistakes);
            // What the files say wrongly is told with their places; what was applied may be another book.
            if found.is_empty() {
                found.extend(unfit_policies(&office.store, loaded).await?);
            }
        }
        // Before `init` there is nothing to compare with, and what is not there was told.
        Err(Failure::Usage(_) | Failure::Refused(_)) => {}
        Err(_) if !is_complete => {}
        Err(failure) => return Err(failure),
    }
    let checked = Checked {
        is_well: found.is_empty(),
        mistakes: found,
        missing_rates: missing_rates(config, today),
        unread: read.unread,
        customers: read.book.customers.len(),
        contracts: read.book.contracts.len(),
        one_offs: read.book.one_offs.len(),
        e_invoice_duty: None,
    };
    Ok((checked, read.book))
}

/// Prints what a check says as JSON.
fn told(checked: &Checked) -> Result<Outcome, Failure> {
    print_json(checked)?;
    match (checked.is_well, checked.unread.is_empty()) {
        (true, true) => Ok(Outcome::Fine),
        (true, false) => Ok(Outcome::No),
        (false, _) => Err(Failure::Usage(String::new())),
    }
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

/// Take the book into force, or with files what is open in an earlier system: shows what would change, and asks.
#[derive(Debug, Args)]
pub struct ApplyOptions {
    /// E-invoices of an earlier system (ZUGFeRD PDFs, XRechnung): taken over as open items, and from then on matched and dunned.
    pub(super) files: Vec<PathBuf>,
    /// Do not ask.
    #[arg(long)]
    pub(super) yes: bool,
}

/// Takes the book into force.
pub async fn apply(file: &Path, options: &ApplyOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let language = office.config.owner.language;
    let read = read_book(&office.config, office.today())?;
    let plan = plan_of(&office, &read.book).await?;
    if mistakes(read.mistakes.iter().chain(&plan.mistakes), &office.program) {
        eprintln!("{}", nothing_changed(language));
        return Err(Failure::Usage(String::new()));
    }
    say_unread(&read.unread, language);
    if plan.is_empty() {
        let words = language.say(
            "Das Buch ist so in Kraft, wie es ist; es gibt nichts zu übernehmen.",
            "The book is in force as it is; there is nothing to apply.",
        );
        println!("{words}");
        return Ok(Outcome::Fine);
    }
    show(&plan, language, &office.program);
    if !options.yes && !confirm(language.say("Das übernehmen?", "Apply this?"), language)? {
        println!("{}", language.say("Geändert wurde nichts.", "Nothing was changed."));
        return Ok(Outcome::No);
    }
    let applied = apply::apply(&office, &office.run("apply"), &read, &plan).await?;
    println!("{} {}.", language.say("Übernommen als Fassung", "Applied as version"), applied.version.get());
    if applied.redelivered > 0 {
        let invoices = language.count(
            applied.redelivered,
            ("Rechnung, die zurückkam, geht", "Rechnungen, die zurückkamen, gehen"),
            ("invoice that came back goes", "invoices that came back go"),
        );
        println!("{invoices} {}.", language.say("noch einmal hinaus", "out again"));
    }
    if office.live_since().await?.is_none() {
        let words = language.say(
            "Noch geht nichts hinaus: sehen Sie es sich mit `settled simulate` an, dann sagen Sie `settled golive`.",
            "Nothing leaves yet: look at it with `settled simulate`, then say `settled golive`.",
        );
        say(&office.program, words);
    }
    Ok(Outcome::Fine)
}

/// Prints what applying would change.
pub(super) fn show(plan: &Plan, language: Language, program: &Program) {
    for change in &plan.changes {
        say(program, &line(change, language));
        for part in &change.after_end {
            println!("           {}", after_end(part, language));
        }
    }
    for gone in &plan.vanished {
        let (word, folder) = (language.say("fehlt", "gone"), gone.kind.folder());
        let words = language.say(
            format!("die Datei ist nicht mehr in {folder}/; er wird angehalten"),
            format!("its file is not in {folder}/ any more; it is held"),
        );
        println!("  {word:<8} {:<12} {words}", gone.number);
    }
}

/// Says what of an invoice lies after the end of its contract.
fn after_end(part: &AfterEnd, language: Language) -> String {
    let AfterEnd { invoice, last_day, days, of_days, amount } = part;
    let money = |amount: Amount| amount.with_currency(invoice.currency, language);
    let costs = if amount.is_zero() {
        language
            .say(
                "was der Vertrag trotzdem berechnet, weil er keine Tage zählt (`proration`)",
                "which the contract charges all the same, as it counts no days (`proration`)",
            )
            .to_owned()
    } else {
        format!("{} {} {}", money(*amount), language.say("von", "of its"), money(invoice.gross))
    };
    let (number, last_day) = (&invoice.number, language.day(*last_day));
    language.say(
        format!("{number}: {days} von {of_days} Tagen sind nach dem Ende am {last_day} berechnet, {costs}"),
        format!("{number}: {days} of {of_days} days are invoiced after the end on {last_day}, {costs}"),
    )
}

fn line(change: &Change, language: Language) -> String {
    let word = if change.is_new { language.say("neu", "new") } else { language.say("geändert", "changed") };
    let money = |next: &Option<(NaiveDate, Amount, Currency)>| {
        next.as_ref().map(|(day, amount, currency)| {
            format!("{} {}", language.day(*day), amount.with_currency(*currency, language))
        })
    };
    let next = match (change.kind, money(&change.next.before), money(&change.next.after)) {
        (EntryKind::Customer, ..) => String::new(),
        (_, Some(before), Some(after)) if before != after => {
            format!("  {} {before} -> {after}", language.say("nächste Rechnung", "next invoice"))
        }
        (_, _, Some(after)) => format!("  {} {after}", language.say("nächste Rechnung", "next invoice")),
        (EntryKind::OneOff, _, None) => {
            let by = language.say("gestellt mit", "issued by");
            format!("  {by}: settled invoice issue {}", change.number)
        }
        (EntryKind::Quote, ..) => {
            let by = language.say("geht hinaus mit", "sent by");
            format!("  {by}: settled quote send {}", change.number)
        }
        (_, _, None) => format!("  {}", language.say("keine weitere Rechnung", "no further invoice")),
    };
    let due = match change.next.due_now {
        0 => String::new(),
        n => {
            let are = language.count(n, ("ist", "sind"), ("is", "are"));
            format!("; {are} {}", language.say("sofort fällig", "due at once"))
        }
    };
    let was = language.say("bisher", "was");
    let former = change.former.as_ref().map(|former| format!(" ({was} {former})")).unwrap_or_default();
    format!("  {word:<8} {:<12} {}{former}{next}{due}", change.number, change.name)
}
