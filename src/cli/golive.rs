//! Going live: what that would set in motion, and the word that does it.

use std::path::Path;

use clap::Args;

use super::opening::office;
use super::outcome::{Failure, Outcome};
use super::terminal::{confirm, count, say};
use crate::jobs::agreements::read::{is_changed, read_book};
use crate::jobs::office::live;
use crate::jobs::owner::outlook::{Outlook, outlook};
use crate::language::Language;

/// Let the daemon act: from now on invoices and letters leave.
#[derive(Debug, Args)]
pub struct GoliveOptions {
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

/// Lets the daemon act.
pub async fn golive(file: &Path, options: &GoliveOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    if is_changed(&office, &read_book(&office.config)?).await? {
        return Err(Failure::Refused("the book has changes that are not applied; say: settled apply".to_owned()));
    }
    if office.live_since().await?.is_none() {
        show_outlook(&outlook(&office).await?);
    }
    if !options.yes && !confirm("From now on invoices and letters leave by themselves. Go live?")? {
        println!("Nothing leaves.");
        return Ok(Outcome::No);
    }
    if live::golive(&office, &office.run("golive")).await? {
        say(&office.program, "settled is live. The daemon (`settled run`) issues, reminds and reports from today on.");
    } else {
        println!("settled was live already.");
    }
    Ok(Outcome::Fine)
}

/// Prints what going live would set in motion.
fn show_outlook(outlook: &Outlook) {
    /// How many of a kind are named.
    const NAMED: usize = 8;
    println!("The next number is {}.", outlook.next_number);
    let (invoices, ends) = (&outlook.invoices, |n: usize| if n == 0 { "." } else { ":" });
    let due = count(invoices.len(), "invoice is", "invoices are");
    println!("In the next five weeks {due} due{}", ends(invoices.len()));
    for (day, currency, amount) in invoices.iter().take(NAMED) {
        let day = if *day <= outlook.today { "at once".to_owned() } else { Language::En.day(*day) };
        println!("  {day:<12} {:>16}", amount.with_currency(*currency, Language::En));
    }
    let addresses = count(outlook.recipients.len(), "address", "addresses");
    println!("Mail would go to {addresses}{}", ends(outlook.recipients.len()));
    for recipient in outlook.recipients.iter().take(NAMED) {
        println!("  {recipient}");
    }
    let letters = count(outlook.letters.len(), "reminder or dunning letter is", "reminders and dunning letters are");
    println!("Today {letters} due{}", ends(outlook.letters.len()));
    for (customer, stage, currency, amount) in outlook.letters.iter().take(NAMED) {
        println!("  {stage:<14} {:>16}  {customer}", amount.with_currency(*currency, Language::En));
    }
}
