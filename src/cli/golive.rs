//! Going live: what that would set in motion, and the word that does it.

use std::path::Path;

use clap::Args;

use super::cells::shortened;
use super::opening::office;
use super::outcome::{Failure, Outcome};
use super::terminal::{confirm, say};
use crate::command::Program;
use crate::jobs::agreements::read::{is_changed, read_book};
use crate::jobs::billing::coming::Coming;
use crate::jobs::office::live;
use crate::jobs::owner::outlook::{LetterDue, Outlook, outlook};
use crate::language::Language;
use crate::refusal::BooksRefusal;

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
    let language = office.config.owner.language;
    if is_changed(&office, &read_book(&office.config, office.today())?).await? {
        return Err(Failure::refused(BooksRefusal::NotApplied {}));
    }
    if office.live_since().await?.is_none() {
        let outlook = outlook(&office).await?;
        show_outlook(&outlook, &office.program, language);
        if let Some(folder) = &outlook.files_only {
            say(&office.program, &files_only(folder, language));
        }
    }
    let question = language.say(
        "Von nun an gehen Rechnungen und Mahnungen von selbst hinaus. In Betrieb gehen?",
        "From now on invoices and letters leave by themselves. Go live?",
    );
    if !options.yes && !confirm(question, language)? {
        println!("{}", language.say("Nichts geht hinaus.", "Nothing leaves."));
        return Ok(Outcome::No);
    }
    if live::golive(&office, &office.run("golive")).await? {
        let words = language.say(
            "settled ist in Betrieb. Der Dienst (`settled run`) stellt ab heute Rechnungen, mahnt und berichtet.",
            "settled is live. The daemon (`settled run`) issues, reminds and reports from today on.",
        );
        say(&office.program, words);
    } else {
        println!("{}", language.say("settled war schon in Betrieb.", "settled was live already."));
    }
    Ok(Outcome::Fine)
}

/// Prints what going live would set in motion.
fn show_outlook(outlook: &Outlook, program: &Program, language: Language) {
    /// How many of a kind are named.
    const NAMED: usize = 8;
    println!("{} {}.", language.say("Die nächste Nummer ist", "The next number is"), outlook.next_number);
    let (invoices, ends) = (&outlook.invoices, |n: usize| if n == 0 { "." } else { ":" });
    let due = language.count(invoices.len(), ("Rechnung", "Rechnungen"), ("invoice is", "invoices are"));
    let due =
        language.say(format!("In den nächsten fünf Wochen fällig: {due}"), format!("In the next five weeks {due} due"));
    println!("{due}{}", ends(invoices.len()));
    // What is due at once leaves with the word: all of it is named.
    let at_once = invoices.iter().filter(|invoice| invoice.on <= outlook.today).count();
    for Coming { on, contract, customer, currency, amount } in invoices.iter().take(at_once.max(NAMED)) {
        let at_once = || language.say("sofort", "at once").to_owned();
        let day = if *on <= outlook.today { at_once() } else { language.day(*on) };
        let amount = amount.with_currency(*currency, language);
        println!("  {day:<12} {amount:>16}  {contract:<10} {}", shortened(customer, 32));
    }
    more(invoices.len(), at_once.max(NAMED), language);
    for held in &outlook.held {
        println!("{}", held.words(language));
        for command in program.spell_all(&held.commands()) {
            println!("  {command}");
        }
    }
    let addresses = language.count(outlook.recipients.len(), ("Adresse", "Adressen"), ("address", "addresses"));
    let mail = language.say(format!("Mails gingen an {addresses}"), format!("Mail would go to {addresses}"));
    println!("{mail}{}", ends(outlook.recipients.len()));
    for recipient in outlook.recipients.iter().take(NAMED) {
        println!("  {recipient}");
    }
    more(outlook.recipients.len(), NAMED, language);
    let letters = language.count(
        outlook.letters.len(),
        ("Erinnerung oder Mahnung", "Erinnerungen und Mahnungen"),
        ("reminder or dunning letter is", "reminders and dunning letters are"),
    );
    let letters = language.say(format!("Heute fällig: {letters}"), format!("Today {letters} due"));
    println!("{letters}{}", ends(outlook.letters.len()));
    // They leave as soon as statements are fresh: all of them are named.
    for LetterDue { customer, stage, invoices, currency, total } in &outlook.letters {
        let total = total.with_currency(*currency, language);
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
fn more(all: usize, named: usize, language: Language) {
    if all > named {
        let more = all - named;
        println!("  {}", language.say(format!("und {more} weitere"), format!("and {more} more")));
    }
}
