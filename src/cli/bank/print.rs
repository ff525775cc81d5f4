//! What a bank file says, for people: its statements one by one, what each is good for, and its entries.

use std::ffi::OsStr;
use std::ops::ControlFlow;

use chrono::NaiveDate;

use super::entries;
use super::judge::{GoodFor, Judgement, Tally, judged};
use crate::cli::outcome::Failure;
use crate::jobs::bank::file::{BankFile, Document};
use crate::language::Language;
use crate::letter::wrap;
use crate::money::Amount;
use crate::shell::config::AccountSettings;
use crate::shell::dropfolder::shown;
use crate::statement::proof::{Proof, Proved};
use crate::statement::{Balance, Entry, Sink, Statement};

/// Prints what a file says; tells whether it is good enough. `accept` is the command that books statements which do not add up.
///
/// # Errors
/// When a document cannot be read a second time.
pub fn print(
    read: &BankFile,
    accounts: Option<&[AccountSettings]>,
    accept: &str,
    language: Language,
) -> Result<bool, Failure> {
    let mut good = read.refused.is_empty();
    for document in &read.documents {
        good &= print_document(document, accounts, accept, language)?;
    }
    for unread in &read.others {
        let aside = language.say("übergangen", "left aside");
        println!("\n{}\n  {aside}: {}", unread.member, shown(OsStr::new(&unread.why.words(language))));
    }
    for unread in &read.refused {
        let not_read = language.say("NICHT GELESEN", "NOT READ");
        println!("\n{}\n  {not_read}: {}", unread.member, shown(OsStr::new(&unread.why.words(language))));
    }
    if !read.refused.is_empty() {
        let refused = language.count(read.refused.len(), ("Datei", "Dateien"), ("member", "members"));
        let words = language.say(
            format!("{refused} des Archivs nicht lesbar; der Import bucht die anderen und sagt es."),
            format!("{refused} of the archive cannot be read; the import books the others and says so."),
        );
        println!("\n{words}");
    }
    Ok(good)
}

fn print_document(
    document: &Document,
    accounts: Option<&[AccountSettings]>,
    accept: &str,
    language: Language,
) -> Result<bool, Failure> {
    let label = |german, english| label(language.say(german, english));
    if !document.member.is_empty() {
        println!("\n{}", document.member);
    }
    let message = &document.message;
    println!("{}", [message.kind.name(), message.version.as_deref().unwrap_or_default()].join(" ").trim_end());
    for warning in &message.warnings {
        println!("{}{}", label("Hinweis", "note"), shown(OsStr::new(warning)));
    }
    let judged = judged(document, accounts, language)?;
    if judged.is_empty() {
        println!("\n  {}", language.say("Es steht kein Auszug darin.", "There is no statement in it."));
    }
    let mut printer = Printer { document, judged: &judged, accept, language, at: 0, is_headed: false };
    document.read(&mut printer).map_err(|error| Failure::World(error.to_string()))?;
    let good = !judged.is_empty() && judged.iter().all(|(_, judgement)| judgement.is_enough);
    let refused = judged.iter().filter(|(_, judgement)| judgement.good_for == GoodFor::Nothing).count();
    if (1..judged.len()).contains(&refused) {
        let words = language.say(
            "Der Import nimmt ein Dokument ganz oder gar nicht: deswegen nimmt er auch die anderen nicht an.",
            "The import takes a document whole or not at all: because of this it refuses the others with it.",
        );
        println!("\n  {words}");
    }
    Ok(good)
}

/// Prints statements as they are read once more: first what is to be said of one, then its entries.
struct Printer<'a> {
    document: &'a Document,
    judged: &'a [(Tally, Judgement)],
    accept: &'a str,
    language: Language,
    /// The statement in hand.
    at: usize,
    /// Whether its heading is printed.
    is_headed: bool,
}

impl Printer<'_> {
    fn heading(&mut self) {
        if let (false, Some(proved), Some((tally, judgement))) =
            (self.is_headed, self.document.proved.get(self.at), self.judged.get(self.at))
        {
            print_statement(proved, tally, judgement, self.accept, self.language);
            self.is_headed = true;
        }
    }
}

impl Sink for Printer<'_> {
    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        self.heading();
        entries::print(&entry, self.language);
        ControlFlow::Continue(())
    }

    fn statement(&mut self, _: Statement) -> ControlFlow<()> {
        self.heading();
        (self.at, self.is_headed) = (self.at + 1, false);
        ControlFlow::Continue(())
    }
}

/// A label with the room that all have.
fn label(name: &str) -> String {
    format!("  {name:<11}")
}

fn print_statement(proved: &Proved, tally: &Tally, judgement: &Judgement, accept: &str, language: Language) {
    let label = |german, english| label(language.say(german, english));
    let statement = &proved.statement;
    let unnamed = language.say("ohne Konto", "no account");
    let account = statement.account.iban.as_deref().or(statement.account.other.as_deref()).unwrap_or(unnamed);
    // As for the proof: a statement that names none has no amounts to print.
    let currency = statement.currency.or(statement.closing_balance().and_then(|balance| balance.currency));
    let money = |amount: Amount| match currency {
        Some(currency) => amount.with_currency(currency, language),
        None => amount.to_string(),
    };
    let named = currency
        .map_or_else(|| language.say("ohne Währung", "in no currency").to_owned(), |currency| currency.to_string());
    let day = |balance: Option<&Balance>| {
        let day: Option<NaiveDate> = balance.and_then(|b| b.date);
        day.map_or_else(|| "?".to_owned(), |day| language.day(day))
    };
    let yours = language.say("Ihr Konto", "your account");
    let own = judgement.own.as_ref().map(|name| format!(", {yours} {name}")).unwrap_or_default();
    println!("\n{}{} {named}{own}", label("Konto", "account"), shown(OsStr::new(account)));
    let names = [
        ("", &statement.id),
        (language.say("Nummer ", "number "), &statement.electronic_seq),
        (language.say("erstellt ", "created "), &statement.created),
    ];
    let names: Vec<String> =
        names.into_iter().filter_map(|(what, name)| Some(format!("{what}{}", name.as_ref()?))).collect();
    if !names.is_empty() {
        println!("{}{}", label("Auszug", "statement"), shown(OsStr::new(&names.join(", "))));
    }
    let (booked, others) = (statement.booked_count, statement.entry_count - statement.booked_count);
    println!(
        "{}{}",
        label("Umsätze", "entries"),
        language.say(format!("{booked} gebucht, {others} andere"), format!("{booked} booked, {others} others"))
    );
    print_proof(proved, language, money, day);
    let money_in = language.count(tally.money_in, ("Zahlung", "Zahlungen"), ("payment", "payments"));
    let money_out = tally.money_out;
    println!(
        "{}{}",
        label("Eingänge", "money in"),
        language.say(format!("{money_in}, Ausgänge {money_out}"), format!("{money_in}, money out {money_out}"))
    );
    let with_reference = language.say("mit strukturierter Referenz", "with a structured reference");
    println!("{}{} {with_reference}", label("Zuordnung", "matching"), tally.references);
    for warning in &statement.warnings {
        println!("{}{}", label("Hinweis", "note"), shown(OsStr::new(warning)));
    }
    for remark in &judgement.remarks {
        let mut text = String::new();
        wrap(&mut text, remark, &label("Bemerkung", "remark"), "             ");
        print!("{text}");
    }
    if matches!(proved.proof, Proof::Off { .. }) && judgement.own.is_some() && judgement.good_for == GoodFor::Nothing {
        println!("{}{accept}", label("annehmen", "accept"));
    }
    println!(
        "\n  {}",
        match judgement.good_for {
            GoodFor::Dunning =>
                language.say("Gut genug für Zuordnung und Mahnungen.", "Good enough for matching and dunning."),
            GoodFor::Matching => language
                .say("Gut genug für die Zuordnung, nicht für Mahnungen.", "Good enough for matching, not for dunning."),
            GoodFor::Nothing => language.say("Nicht gut genug.", "Not good enough."),
        }
    );
}

/// Prints the balances, and whether the entries go with them.
fn print_proof(
    proved: &Proved,
    language: Language,
    money: impl Fn(Amount) -> String,
    day: impl Fn(Option<&Balance>) -> String,
) {
    let label = |german, english| label(language.say(german, english));
    let statement = &proved.statement;
    if let Proof::Fits { opening, closing } | Proof::ValuedLater { opening, closing } = &proved.proof {
        let (first, last) = (day(statement.opening_balance()), day(statement.closing_balance()));
        println!("{}{:>16}  {first}", label("Anfang", "opening"), money(*opening));
        println!("{}{:>16}  {last}", label("Ende", "closing"), money(*closing));
    }
    let words = match &proved.proof {
        Proof::Fits { .. } => language.say("die Umsätze gehen auf", "the entries add up").to_owned(),
        Proof::ValuedLater { .. } => {
            let german = "die Umsätze gehen auf, mit denen, die später wertgestellt sind";
            language.say(german, "the entries add up, with those that have a later value date").to_owned()
        }
        Proof::NoBalances => language.say("keine: es gibt keine Salden", "none: there are no balances").to_owned(),
        Proof::Unreadable(why) => {
            format!("{}: {}", language.say("keine", "none"), shown(OsStr::new(&why.words(language))))
        }
        Proof::Off { opening, entries, closing } => {
            let difference = money(*closing - (*opening + *entries));
            let (opening, entries, closing) = (money(*opening), money(*entries), money(*closing));
            language.say(
                format!("UM {difference} FALSCH: {opening} + {entries} ist nicht {closing}"),
                format!("OFF by {difference}: {opening} + {entries} is not {closing}"),
            )
        }
    };
    println!("{}{words}", label("Probe", "proof"));
}
