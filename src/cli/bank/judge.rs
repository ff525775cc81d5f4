//! What a statement of a bank is good for: matching, dunning or nothing, and what is to be asked of the bank.

use std::ops::ControlFlow;
use std::path::Path;

use crate::cli::opening::load;
use crate::cli::outcome::Failure;
use crate::jobs::bank::file::Document;
use crate::shell::config::{AccountSettings, BalanceCheck};
use crate::shell::files;
use crate::statement::proof::{Proof, Proved};
use crate::statement::{Entry, Kind, Sink, Statement};

/// The accounts of the configuration, where there is one that can be read.
pub fn configured(file: &Path) -> Option<Vec<AccountSettings>> {
    if !files::exists(file) {
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
pub enum GoodFor {
    /// Its payments are matched, and it proves how far the account is complete.
    Dunning,
    /// Its payments are matched.
    Matching,
    /// The import refuses it.
    Nothing,
}

impl GoodFor {
    /// Returns its name, for programs.
    pub const fn name(self) -> &'static str {
        match self {
            GoodFor::Dunning => "dunning",
            GoodFor::Matching => "matching",
            GoodFor::Nothing => "nothing",
        }
    }
}

/// What is to be said of a statement.
pub struct Judgement {
    /// The account's name, where it is one of those configured.
    pub own: Option<String>,
    pub good_for: GoodFor,
    /// Whether that is all that is wanted of this account.
    pub is_enough: bool,
    /// What is missing or amiss, and what to do.
    pub remarks: Vec<String>,
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
            "the import refuses it: export it again, or accept it if the bank really delivers it so".to_owned(),
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
pub struct Tally {
    /// Payments that came in.
    pub money_in: usize,
    /// Payments that went out.
    pub money_out: usize,
    without_name: usize,
    without_account: usize,
    without_text: usize,
    /// Payments with a structured reference.
    pub references: usize,
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
///
/// # Errors
/// When the document cannot be read a second time.
pub fn judged(document: &Document, accounts: Option<&[AccountSettings]>) -> Result<Vec<(Tally, Judgement)>, Failure> {
    let mut tallies = Tallies::default();
    document.read(&mut tallies).map_err(|error| Failure::World(error.to_string()))?;
    let judge = |(proved, tally): (&Proved, Tally)| {
        let judgement = judge(document.message.kind, proved, &tally, accounts);
        (tally, judgement)
    };
    Ok(document.proved.iter().zip(tallies.done).map(judge).collect())
}
