//! What a bank file says, and what it is good for: nothing is booked, and no books are needed. Where there is a configuration, the
//! accounts in it are the measure.

use std::ffi::OsStr;
use std::io::{self, BufWriter, Write, stdout};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde_json::{Map, json};

use super::entries;
use crate::cli::opening::load;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::count;
use crate::jobs::bank_file::{BankFile, Document, Unread, read_file};
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::config::{AccountSettings, BalanceCheck};
use crate::shell::dropfolder::shown;
use crate::statement::proof::{Proof, Proved};
use crate::statement::report;
use crate::statement::{Balance, Entry, Kind, Sink, Statement};

/// Shows what files say, and whether they are good enough for matching and dunning.
pub fn show(file: &Path, statements: &[PathBuf], as_json: bool) -> Result<Outcome, Failure> {
    let accounts = configured(file);
    let accounts = accounts.as_deref();
    let (mut outcome, mut written) = (Outcome::Fine, 0);
    let mut out = BufWriter::new(stdout().lock());
    let world = |error: io::Error| Failure::World(error.to_string());
    if as_json {
        writeln!(out, "[").map_err(world)?;
    }
    for (place, path) in statements.iter().enumerate() {
        let name = shown(path.as_os_str());
        let read = match read_file(path) {
            Ok(read) => read,
            Err(refusal) => {
                let words = format!("{name} was not read: {}", refusal.words);
                if statements.len() == 1 {
                    return Err(Failure::Refused(words));
                }
                eprintln!("{words}\n");
                outcome = Outcome::No;
                continue;
            }
        };
        let good = if as_json {
            report(&mut out, &mut written, &name, &read, accounts)?
        } else {
            if statements.len() > 1 {
                println!("{}{name}", if place > 0 { "\n" } else { "" });
            }
            print(&read, accounts)?
        };
        if !good {
            outcome = Outcome::No;
        }
    }
    if as_json {
        writeln!(out, "\n]").map_err(world)?;
    }
    out.flush().map_err(world)?;
    Ok(outcome)
}

/// The accounts of the configuration, where there is one that can be read.
fn configured(file: &Path) -> Option<Vec<AccountSettings>> {
    if !file.exists() {
        return None;
    }
    match load(file) {
        Ok(loaded) => Some(loaded.config.bank_accounts),
        Err(failure) => {
            eprintln!("The accounts are not compared with yours, for the configuration cannot be read:\n{failure}\n");
            None
        }
    }
}

/// What a statement is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GoodFor {
    /// Its payments are matched, and it proves how far the account is complete.
    Dunning,
    /// Its payments are matched.
    Matching,
    /// The import refuses it.
    Nothing,
}

impl GoodFor {
    const fn name(self) -> &'static str {
        match self {
            GoodFor::Dunning => "dunning",
            GoodFor::Matching => "matching",
            GoodFor::Nothing => "nothing",
        }
    }
}

/// What is to be said of a statement.
struct Judgement {
    /// The account's name, where it is one of those configured.
    own: Option<String>,
    good_for: GoodFor,
    /// Whether that is all that is wanted of this account.
    is_enough: bool,
    /// What is missing or amiss, and what to do.
    remarks: Vec<String>,
}

/// Which kind of export is the right one.
const ASK: &str = "ask the bank for camt.053 statements of account, one a day";

/// Judges a statement as the import will.
fn judge(kind: Kind, proved: &Proved, tally: &Tally, accounts: Option<&[AccountSettings]>) -> Judgement {
    let statement = &proved.statement;
    let own = accounts.and_then(|accounts| {
        let fits = |account: &&AccountSettings| {
            statement.account.is_one_of(&account.names())
                && statement.currency.is_none_or(|currency| currency == account.currency)
        };
        accounts.iter().find(fits)
    });
    let mut remarks = Vec::new();
    let mut good_for = good_for(kind, proved, own, &mut remarks);
    if let (Some(accounts), None) = (accounts, own) {
        remarks.insert(0, foreign(statement, accounts));
        good_for = GoodFor::Nothing;
    }
    let gates = own.is_none_or(|account| account.gates_dunning);
    if !gates {
        remarks.push("letters do not wait for this account (gates_dunning = false)".to_owned());
    }
    remarks.extend(tally.remarks(kind));
    let is_enough = good_for == GoodFor::Dunning || (good_for == GoodFor::Matching && !gates);
    Judgement { own: own.map(|account| account.name.clone()), good_for, is_enough, remarks }
}

/// Says that a statement is of no account of the configuration, and what now.
fn foreign(statement: &Statement, accounts: &[AccountSettings]) -> String {
    let same = accounts.iter().find(|account| statement.account.is_one_of(&account.names()));
    let why = match (same, statement.currency) {
        (Some(own), Some(currency)) => {
            format!("your account {} is in {}, this statement in {currency}", own.name, own.currency)
        }
        _ => {
            let known: Vec<String> =
                accounts.iter().map(|a| format!("{} {} {}", a.name, a.iban.short(), a.currency)).collect();
            format!("not one of your accounts ({})", known.join(", "))
        }
    };
    format!(
        "{why}: the import refuses it; add it to settled.toml as a [[bank_account]], with gates_dunning = false if no customer pays into \
         it, or leave the file out if the account is none of the business's"
    )
}

/// Tells what a statement is good for by its kind and proof; what it lacks goes to `remarks`.
fn good_for(kind: Kind, proved: &Proved, own: Option<&AccountSettings>, remarks: &mut Vec<String>) -> GoodFor {
    let statement = &proved.statement;
    let has_day = statement.closing_balance().is_some_and(|balance| balance.date.is_some());
    let (good_for, remark) = match (&proved.proof, kind) {
        (_, Kind::Camt054) => (
            GoodFor::Matching,
            format!("a camt.054 tells of single bookings, never how far the account is complete: {ASK}, beside it"),
        ),
        (Proof::Fits { .. } | Proof::ValuedLater { .. }, _) if statement.is_continued() => (
            GoodFor::Dunning,
            "a further page goes on with it: it is complete up to the day before, until that one is there".to_owned(),
        ),
        (Proof::Fits { .. } | Proof::ValuedLater { .. }, _) if !has_day => {
            (GoodFor::Matching, "its closing balance has no day, so it does not prove up to when".to_owned())
        }
        (Proof::Fits { .. } | Proof::ValuedLater { .. }, _) if statement.complete_through().is_none() => (
            GoodFor::Matching,
            format!("it closes with an interim balance, which proves nothing when the day goes on: {ASK}"),
        ),
        (Proof::Fits { .. } | Proof::ValuedLater { .. }, _) => return GoodFor::Dunning,
        (Proof::NoBalances, Kind::Camt052) => {
            (GoodFor::Matching, format!("a camt.052 without balances is a list of turnovers: {ASK}"))
        }
        (Proof::NoBalances, _) => (
            GoodFor::Nothing,
            format!("without opening and closing balance it is a list of turnovers, which the import refuses: {ASK}"),
        ),
        (Proof::Off { .. }, Kind::Camt052) => {
            (GoodFor::Matching, format!("a report of the day may not add up; it proves nothing then: {ASK}"))
        }
        (Proof::Off { .. }, _) if own.is_some_and(|account| account.balance_check == BalanceCheck::Warn) => (
            GoodFor::Matching,
            "it is booked all the same, as balance_check = \"warn\" says; it proves nothing, and letters wait"
                .to_owned(),
        ),
        (Proof::Off { .. }, _) => (
            GoodFor::Nothing,
            "the import refuses it: export it again; if the bank really delivers it so, settled bank import \
             --accept-imbalance FILE"
                .to_owned(),
        ),
        (Proof::Unreadable(_), _) => (
            GoodFor::Nothing,
            "the import refuses it: export it again, and tell the bank if it comes the same".to_owned(),
        ),
    };
    remarks.push(remark);
    good_for
}

/// What matters in the entries of a statement.
#[derive(Default)]
struct Tally {
    money_in: usize,
    money_out: usize,
    without_name: usize,
    without_account: usize,
    without_text: usize,
    references: usize,
    collective: usize,
}

impl Tally {
    fn take(&mut self, entry: &Entry) {
        if !entry.is_booked() {
            return;
        }
        if entry.amount.is_some_and(|amount| amount.is_sign_negative()) {
            self.money_out += 1;
            return;
        }
        let declared: usize =
            entry.batches.iter().filter_map(|batch| batch.number_of_txs.as_deref()?.parse::<usize>().ok()).sum();
        self.collective += usize::from(entry.tx_details <= 1 && declared > 1);
        for transaction in &entry.transactions {
            self.money_in += 1;
            let debtor = transaction.debtor.as_ref();
            self.without_name += usize::from(debtor.is_none_or(|party| party.name.is_none()));
            self.without_account += usize::from(debtor.is_none_or(|party| party.iban.is_none()));
            self.without_text +=
                usize::from(transaction.ustrd.is_empty() && transaction.creditor_references.is_empty());
            self.references += usize::from(!transaction.creditor_references.is_empty());
        }
    }

    /// What is missing in the payments, and which export has it.
    fn remarks(&self, kind: Kind) -> impl Iterator<Item = String> {
        let payers = match kind {
            Kind::Mt940 => "without the payer's IBAN, as often in MT940: a camt.053 has it",
            _ => "without the payer's IBAN: a payer is not recognised by the account",
        };
        let counted = [
            (self.without_text, "without any text: they can only be matched by amount"),
            (self.without_name, "without the payer's name"),
            (self.without_account, payers),
            (
                self.collective,
                "collective bookings without details: ask the bank to deliver the single payments, in camt.053 or as camt.054",
            ),
        ];
        counted.into_iter().filter(|(missing, _)| *missing > 0).map(|(missing, what)| format!("{missing} {what}"))
    }
}

/// Tallies the statements of a document, one by one.
#[derive(Default)]
struct Tallies {
    done: Vec<Tally>,
    open: Tally,
}

impl Sink for Tallies {
    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        self.open.take(&entry);
        ControlFlow::Continue(())
    }

    fn statement(&mut self, _: Statement) -> ControlFlow<()> {
        self.done.push(std::mem::take(&mut self.open));
        ControlFlow::Continue(())
    }
}

/// Judges all statements of a document.
fn judged(document: &Document, accounts: Option<&[AccountSettings]>) -> Result<Vec<(Tally, Judgement)>, Failure> {
    let mut tallies = Tallies::default();
    document.read(&mut tallies).map_err(|error| Failure::World(error.to_string()))?;
    let judge = |(proved, tally): (&Proved, Tally)| {
        let judgement = judge(document.message.kind, proved, &tally, accounts);
        (tally, judgement)
    };
    Ok(document.proved.iter().zip(tallies.done).map(judge).collect())
}

/// Writes what a file says as elements of a list, behind those `before`; tells whether it is good enough.
fn report(
    out: &mut dyn Write,
    before: &mut usize,
    file: &str,
    read: &BankFile,
    accounts: Option<&[AccountSettings]>,
) -> Result<bool, Failure> {
    let world = |error: &dyn std::error::Error| Failure::World(error.to_string());
    let mut good = read.refused.is_empty();
    let mut comma = || {
        *before += 1;
        if *before > 1 { ",\n" } else { "" }
    };
    for document in &read.documents {
        let judged = judged(document, accounts)?;
        good &= !judged.is_empty() && judged.iter().all(|(_, judgement)| judgement.is_enough);
        let more = judged.iter().map(|(_, judgement)| {
            let mut more = Map::new();
            if accounts.is_some() {
                more.insert("own_account".to_owned(), json!(judgement.own));
            }
            more.insert("good_for".to_owned(), json!(judgement.good_for.name()));
            more.insert("remarks".to_owned(), json!(judgement.remarks));
            more
        });
        let of_file = [("file".to_owned(), json!(file)), ("member".to_owned(), json!(document.member))];
        write!(out, "{}", comma()).map_err(|error| world(&error))?;
        let written =
            report::write(out, &more.collect::<Vec<_>>(), &of_file.into_iter().collect(), |sink| document.read(sink));
        written.map_err(|error| world(&error))?.map_err(|error| world(&error))?;
    }
    let unread = |unread: &Unread, refused: bool| json!({ "file": file, "member": unread.member, "error": unread.words, "refused": refused });
    let refused = read.refused.iter().map(|member| unread(member, true));
    for value in refused.chain(read.others.iter().map(|member| unread(member, false))) {
        write!(out, "{}{value}", comma()).map_err(|error| world(&error))?;
    }
    Ok(good)
}

/// Prints what a file says; tells whether it is good enough.
fn print(read: &BankFile, accounts: Option<&[AccountSettings]>) -> Result<bool, Failure> {
    let mut good = read.refused.is_empty();
    for document in &read.documents {
        good &= print_document(document, accounts)?;
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

fn print_document(document: &Document, accounts: Option<&[AccountSettings]>) -> Result<bool, Failure> {
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
    let mut printer = Printer { document, judged: &judged, at: 0, is_headed: false };
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
            print_statement(proved, tally, judgement);
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

fn print_statement(proved: &Proved, tally: &Tally, judgement: &Judgement) {
    let statement = &proved.statement;
    let account = statement.account.iban.as_deref().or(statement.account.other.as_deref()).unwrap_or("no account");
    let currency = statement.currency.unwrap_or(Currency::EUR);
    let money = |amount: Amount| amount.with_currency(currency, Language::En);
    let day = |balance: Option<&Balance>| {
        let day: Option<NaiveDate> = balance.and_then(|b| b.date);
        day.map_or_else(|| "?".to_owned(), |day| Language::En.day(day))
    };
    let own = judgement.own.as_ref().map(|name| format!(", your account {name}")).unwrap_or_default();
    println!("\n  account    {} {currency}{own}", shown(OsStr::new(account)));
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
        crate::letter::wrap(&mut text, remark, "  remark     ", "             ");
        print!("{text}");
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
