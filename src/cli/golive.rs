//! Going live: what that would set in motion, and the word that does it.

use std::path::Path;

use clap::Args;

use super::cells::shortened;
use super::opening::office;
use super::outcome::{Failure, Outcome};
use super::terminal::{confirm, count, say};
use crate::jobs::agreements::read::{is_changed, read_book};
use crate::jobs::billing::coming::Coming;
use crate::jobs::office::live;
use crate::jobs::owner::outlook::{LetterDue, Outlook, outlook};
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
        let outlook = outlook(&office).await?;
        show_outlook(&outlook);
        if let Some(folder) = &outlook.files_only {
            say(&office.program, &files_only(folder, office.config.owner.language));
        }
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
    // What is due at once leaves with the word: all of it is named.
    let at_once = invoices.iter().filter(|invoice| invoice.on <= outlook.today).count();
    for Coming { on, contract, customer, currency, amount } in invoices.iter().take(at_once.max(NAMED)) {
        let day = if *on <= outlook.today { "at once".to_owned() } else { Language::En.day(*on) };
        let amount = amount.with_currency(*currency, Language::En);
        println!("  {day:<12} {amount:>16}  {contract:<10} {}", shortened(customer, 32));
    }
    more(invoices.len(), at_once.max(NAMED));
    let addresses = count(outlook.recipients.len(), "address", "addresses");
    println!("Mail would go to {addresses}{}", ends(outlook.recipients.len()));
    for recipient in outlook.recipients.iter().take(NAMED) {
        println!("  {recipient}");
    }
    more(outlook.recipients.len(), NAMED);
    let letters = count(outlook.letters.len(), "reminder or dunning letter is", "reminders and dunning letters are");
    println!("Today {letters} due{}", ends(outlook.letters.len()));
    // They leave as soon as statements are fresh: all of them are named.
    for LetterDue { customer, stage, invoices, currency, total } in &outlook.letters {
        let total = total.with_currency(*currency, Language::En);
        println!("  {stage:<14} {total:>16}  {}  {}", invoices.join(", "), shortened(customer, 32));
    }
}

/// Warns that mails become files.
fn files_only(folder: &Path, language: Language) -> String {
    let folder = folder.display();
    language.say(
        format!(
            "VORSICHT: es ist kein Mailserver eingerichtet. Rechnungen und Mahnungen werden Dateien in\n{folder}\nund erreichen \
             niemanden. Tragen Sie unter [mail] erst `transport = \"smtp\"` und `host` ein, und\nversuchen Sie es: settled mail test\n"
        ),
        format!(
            "CAREFUL: no mail server is configured. Invoices and letters become files in\n{folder}\nand reach nobody. Set \
             `transport = \"smtp\"` and `host` under [mail] first, and try it:\nsettled mail test\n"
        ),
    )
}

/// Says how many were not named.
fn more(all: usize, named: usize) {
    if all > named {
        println!("  and {} more", all - named);
    }
}
