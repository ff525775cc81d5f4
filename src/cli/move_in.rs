//! `settled apply FILES`: what is open in an earlier system, out of its e-invoices.

use std::path::Path;

use super::book::{ApplyOptions, mistakes, nothing_changed, show};
use super::opening::office;
use super::outcome::{Failure, Outcome};
use super::terminal::{confirm, say};
use crate::book::EntryKind;
use crate::jobs::agreements::apply;
use crate::jobs::agreements::apply::plan_of;
use crate::jobs::agreements::move_in::{Item, Moving, propose, take_over};
use crate::jobs::agreements::read::{read_book, read_book_with};
use crate::language::Language;
use crate::shell::files;

/// Proposes what the files say is open, with the customers that the book does not know, and takes it over when the owner agrees. The exit
/// code tells whether every file was taken over.
pub async fn move_in(file: &Path, options: &ApplyOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let language = office.config.owner.language;
    let moving = propose(&office, &read_book(&office.config, office.today())?, &options.files).await?;
    let read = read_book_with(&office.config, &moving.customers, office.today())?;
    let plan = plan_of(&office, &read.book).await?;
    if mistakes(read.mistakes.iter().chain(&plan.mistakes), &office.program) {
        eprintln!("{}", nothing_changed(language));
        return Err(Failure::Usage(String::new()));
    }
    let is_whole = moving.not_taken.is_empty();
    let outcome = if is_whole { Outcome::Fine } else { Outcome::No };
    say_left(&moving, language);
    if moving.items.is_empty() {
        println!("{}", language.say("Es gibt nichts zu übernehmen.", "There is nothing to take over."));
        return Ok(outcome);
    }
    show(&plan, language, &office.program);
    for item in &moving.items {
        say(&office.program, &line(item, language));
    }
    if !options.yes && !confirm(language.say("Das übernehmen?", "Apply this?"), language)? {
        println!("{}", language.say("Geändert wurde nichts.", "Nothing was changed."));
        return Ok(Outcome::No);
    }
    let run = office.run("apply");
    if !plan.is_empty() {
        let folder = office.config.paths.book.join(EntryKind::Customer.folder());
        files::make_folder(&folder).map_err(Failure::world("making"))?;
        for customer in &moving.customers {
            let path = folder.join(Path::new(&customer.path).file_name().unwrap_or_default());
            files::write_new(&path, &customer.text).map_err(Failure::world(&format!("writing {}", path.display())))?;
        }
        let read = read_book(&office.config, office.today())?;
        let plan = plan_of(&office, &read.book).await?;
        let applied = apply::apply(&office, &run, &read, &plan).await?;
        println!("{} {}.", language.say("Übernommen als Fassung", "Applied as version"), applied.version.get());
    }
    let count = take_over(&office, &run, &moving.items).await?;
    let items = language.count(count, ("offener Posten", "offene Posten"), ("open item", "open items"));
    println!("{items} {}.", language.say("übernommen", "taken over"));
    Ok(outcome)
}

/// Names the files that are not taken over, and those that were before.
fn say_left(moving: &Moving, language: Language) {
    for (path, number) in &moving.known {
        let words = language.say("ist schon in den Büchern", "is in the books already");
        println!("  {}: {number} {words}", path.display());
    }
    for (path, why) in &moving.not_taken {
        println!("  {} {}", path.display(), why.words(language));
    }
    if !moving.known.is_empty() || !moving.not_taken.is_empty() {
        println!();
    }
}

fn line(item: &Item, language: Language) -> String {
    let document = &item.document;
    let (number, name, due_on) = (&document.number, &document.buyer.name, language.day(document.due_on));
    let amount = document.payable().with_currency(document.currency, language);
    let (word, due) = (language.say("offen", "open"), language.say("fällig", "due"));
    format!("  {word:<8} {number:<12} {name} ({}), {amount}, {due} {due_on}", document.buyer.number)
}
