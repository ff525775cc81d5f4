//! What a bank file says, for people: its statements one by one, what each is good for, and its entries.

use std::ffi::OsStr;
use std::ops::ControlFlow;

use chrono::NaiveDate;

use super::entries;
use super::judge::{GoodFor, Judgement, Tally, judged};
use crate::cli::outcome::Failure;
use crate::cli::terminal::count;
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
pub fn print(read: &BankFile, accounts: Option<&[AccountSettings]>, accept: &str) -> Result<bool, Failure> {
    let mut good = read.refused.is_empty();
    for document in &read.documents {
        good &= print_document(document, accounts, accept)?;
    }
    for unread in &read.others {
        println!("\n{}\n  left aside: {}", unread.member, shown(OsStr::new(&unread.words)));
    }
    for unread in &read.refused {
        println!("\n{}\n  NOT READ: {}", unread.member, shown(OsStr::new(&unread.words)));
    }
    if !read.refused.is_empty() {
        let refused = count(read.refused.len(), "member", "members");
        println!("\n{refused} of the archive cannot be read; the import books the others and says so.");
    }
    Ok(good)
}

fn print_document(document: &Document, accounts: Option<&[AccountSettings]>, accept: &str) -> Result<bool, Failure> {
    if !document.member.is_empty() {
        println!("\n{}", document.member);
    }
    let message = &document.message;
    println!("{}", [message.kind.name(), message.version.as_deref().unwrap_or_default()].join(" ").trim_end());
    for warning in &message.warnings {
        println!("  note       {}", shown(OsStr::new(warning)));
    }
    let judged = judged(document, accounts)?;
    if judged.is_empty() {
        println!("\n  There is no statement in it.");
    }
    let mut printer = Printer { document, judged: &judged, accept, at: 0, is_headed: false };
    document.read(&mut printer).map_err(|error| Failure::World(error.to_string()))?;
    let good = !judged.is_empty() && judged.iter().all(|(_, judgement)| judgement.is_enough);
    let refused = judged.iter().filter(|(_, judgement)| judgement.good_for == GoodFor::Nothing).count();
    if (1..judged.len()).contains(&refused) {
        println!("\n  The import takes a document whole or not at all: because of this it refuses the others with it.");
    }
    Ok(good)
}

/// Prints statements as they are read once more: first what is to be said of one, then its entries.
struct Printer<'a> {
    document: &'a Document,
    judged: &'a [(Tally, Judgement)],
    accept: &'a str,
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
            print_statement(proved, tally, judgement, self.accept);
            self.is_headed = true;
        }
    }
}

impl Sink for Printer<'_> {
    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        self.heading();
        entries::print(&entry);
        ControlFlow::Continue(())
    }

    fn statement(&mut self, _: Statement) -> ControlFlow<()> {
        self.heading();
        (self.at, self.is_headed) = (self.at + 1, false);
        ControlFlow::Continue(())
    }
}

fn print_statement(proved: &Proved, tally: &Tally, judgement: &Judgement, accept: &str) {
    let statement = &proved.statement;
    let account = statement.account.iban.as_deref().or(statement.account.other.as_deref()).unwrap_or("no account");
    // As for the proof: a statement that names none has no amounts to print.
    let currency = statement.currency.or(statement.closing_balance().and_then(|balance| balance.currency));
    let money = |amount: Amount| match currency {
        Some(currency) => amount.with_currency(currency, Language::En),
        None => amount.to_string(),
    };
    let named = currency.map_or_else(|| "in no currency".to_owned(), |currency| currency.to_string());
    let day = |balance: Option<&Balance>| {
        let day: Option<NaiveDate> = balance.and_then(|b| b.date);
        day.map_or_else(|| "?".to_owned(), |day| Language::En.day(day))
    };
    let own = judgement.own.as_ref().map(|name| format!(", your account {name}")).unwrap_or_default();
    println!("\n  account    {} {named}{own}", shown(OsStr::new(account)));
    let names = [("", &statement.id), ("number ", &statement.electronic_seq), ("created ", &statement.created)];
    let names: Vec<String> =
        names.into_iter().filter_map(|(what, name)| Some(format!("{what}{}", name.as_ref()?))).collect();
    if !names.is_empty() {
        println!("  statement  {}", shown(OsStr::new(&names.join(", "))));
    }
    println!(
        "  entries    {} booked, {} others",
        statement.booked_count,
        statement.entry_count - statement.booked_count
    );
    match &proved.proof {
        Proof::Fits { opening, closing } => {
            println!("  opening    {:>16}  {}", money(*opening), day(statement.opening_balance()));
            println!("  closing    {:>16}  {}", money(*closing), day(statement.closing_balance()));
            println!("  proof      the entries add up");
        }
        Proof::ValuedLater { opening, closing } => {
            println!("  opening    {:>16}  {}", money(*opening), day(statement.opening_balance()));
            println!("  closing    {:>16}  {}", money(*closing), day(statement.closing_balance()));
            println!("  proof      the entries add up, with those that have a later value date");
        }
        Proof::NoBalances => println!("  proof      none: there are no balances"),
        Proof::Unreadable(why) => println!("  proof      none: {}", shown(OsStr::new(why))),
        Proof::Off { opening, entries, closing } => {
            let difference = *closing - (*opening + *entries);
            println!(
                "  proof      OFF by {}: {} + {} is not {}",
                money(difference),
                money(*opening),
                money(*entries),
                money(*closing)
            );
        }
    }
    println!("  money in   {}, money out {}", count(tally.money_in, "payment", "payments"), tally.money_out);
    println!("  matching   {} with a structured reference", tally.references);
    for warning in &statement.warnings {
        println!("  note       {}", shown(OsStr::new(warning)));
    }
    for remark in &judgement.remarks {
        let mut text = String::new();
        wrap(&mut text, remark, "  remark     ", "             ");
        print!("{text}");
    }
    if matches!(proved.proof, Proof::Off { .. }) && judgement.own.is_some() && judgement.good_for == GoodFor::Nothing {
        println!("  accept     {accept}");
    }
    println!(
        "\n  {}",
        match judgement.good_for {
            GoodFor::Dunning => "Good enough for matching and dunning.",
            GoodFor::Matching => "Good enough for matching, not for dunning.",
            GoodFor::Nothing => "Not good enough.",
        }
    );
}
