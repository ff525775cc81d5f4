//! What a statement of a bank is good for: matching, dunning or nothing, and what is to be asked of the bank.

use std::ops::ControlFlow;
use std::path::Path;

use crate::cli::opening::load;
use crate::cli::outcome::Failure;
use crate::jobs::bank::file::Document;
use crate::language::Language;
use crate::shell::config::{AccountSettings, BalanceCheck, Config, owner_language};
use crate::shell::files;
use crate::statement::proof::{Proof, Proved};
use crate::statement::{Entry, Kind, Sink, Statement};

/// The configuration, where there is one that can be read.
pub fn configured(file: &Path) -> Option<Config> {
    if !files::exists(file) {
        return None;
    }
    match load(file) {
        Ok(loaded) => Some(loaded.config),
        Err(failure) => {
            let language = owner_language(file);
            let why = language.say(
                "Die Konten werden nicht mit Ihren verglichen, denn die Konfiguration lässt sich nicht lesen",
                "The accounts are not compared with yours, for the configuration cannot be read",
            );
            eprintln!("{why}:\n{}\n", failure.words(language));
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
fn ask(language: Language) -> &'static str {
    language.say(
        "bitten Sie die Bank um Kontoauszüge als camt.053, einen für jeden Tag",
        "ask the bank for camt.053 statements of account, one a day",
    )
}

/// Judges a statement as the import will.
fn judge(
    kind: Kind,
    proved: &Proved,
    tally: &Tally,
    accounts: Option<&[AccountSettings]>,
    language: Language,
) -> Judgement {
    let statement = &proved.statement;
    let own = accounts.and_then(|accounts| {
        let fits = |account: &&AccountSettings| {
            statement.account.is_one_of(&account.names())
                && statement.currency.is_none_or(|currency| currency == account.currency)
        };
        accounts.iter().find(fits)
    });
    let mut remarks = Vec::new();
    let mut good_for = good_for(kind, proved, own, language, &mut remarks);
    if let (Some(accounts), None) = (accounts, own) {
        remarks.insert(0, foreign(statement, accounts, language));
        good_for = GoodFor::Nothing;
    }
    let gates = own.is_none_or(|account| account.gates_dunning);
    if !gates {
        let words = language.say(
            "Mahnungen warten nicht auf dieses Konto (gates_dunning = false)",
            "letters do not wait for this account (gates_dunning = false)",
        );
        remarks.push(words.to_owned());
    }
    remarks.extend(tally.remarks(kind, language));
    let is_enough = good_for == GoodFor::Dunning || (good_for == GoodFor::Matching && !gates);
    Judgement { own: own.map(|account| account.name.clone()), good_for, is_enough, remarks }
}

/// Says that a statement is of no account of the configuration, and what now.
fn foreign(statement: &Statement, accounts: &[AccountSettings], language: Language) -> String {
    let same = accounts.iter().find(|account| statement.account.is_one_of(&account.names()));
    let why = match (same, statement.currency) {
        (Some(own), Some(currency)) => {
            let (name, its) = (&own.name, own.currency);
            language.say(
                format!("Ihr Konto {name} wird in {its} geführt, dieser Auszug in {currency}"),
                format!("your account {name} is in {its}, this statement in {currency}"),
            )
        }
        _ => {
            let known: Vec<String> =
                accounts.iter().map(|a| format!("{} {} {}", a.name, a.iban.short(), a.currency)).collect();
            let known = known.join(", ");
            language.say(format!("keines Ihrer Konten ({known})"), format!("not one of your accounts ({known})"))
        }
    };
    language.say(
        format!(
            "{why}: der Import nimmt ihn nicht an; tragen Sie das Konto in settled.toml als [[bank_account]] ein, mit gates_dunning = \
             false, wenn kein Kunde darauf zahlt, oder lassen Sie die Datei weg, wenn es kein Konto des Geschäfts ist"
        ),
        format!(
            "{why}: the import refuses it; add it to settled.toml as a [[bank_account]], with gates_dunning = false if no customer pays \
             into it, or leave the file out if the account is none of the business's"
        ),
    )
}

/// Tells what a statement is good for by its kind and proof; what it lacks goes to `remarks`.
fn good_for(
    kind: Kind,
    proved: &Proved,
    own: Option<&AccountSettings>,
    language: Language,
    remarks: &mut Vec<String>,
) -> GoodFor {
    let statement = &proved.statement;
    let has_day = statement.closing_balance().is_some_and(|balance| balance.date.is_some());
    let ask = ask(language);
    let (good_for, german, english) = match (&proved.proof, kind) {
        (_, Kind::Camt054) => (
            GoodFor::Matching,
            format!("ein camt.054 meldet einzelne Buchungen, nie, bis wann das Konto vollständig ist: {ask}, dazu"),
            format!("a camt.054 tells of single bookings, never how far the account is complete: {ask}, beside it"),
        ),
        (Proof::Fits { .. } | Proof::ValuedLater { .. }, _) if statement.is_continued() => (
            GoodFor::Dunning,
            "er geht auf einem weiteren Blatt weiter: vollständig ist er bis zum Vortag, bis auch das da ist".to_owned(),
            "a further page goes on with it: it is complete up to the day before, until that one is there".to_owned(),
        ),
        (Proof::Fits { .. } | Proof::ValuedLater { .. }, _) if !has_day => (
            GoodFor::Matching,
            "sein Endsaldo hat keinen Tag; so belegt er nicht, bis wann er reicht".to_owned(),
            "its closing balance has no day, so it does not prove up to when".to_owned(),
        ),
        (Proof::Fits { .. } | Proof::ValuedLater { .. }, _) if statement.complete_through().is_none() => (
            GoodFor::Matching,
            format!("er schließt mit einem Zwischensaldo, der nichts belegt, wenn der Tag weitergeht: {ask}"),
            format!("it closes with an interim balance, which proves nothing when the day goes on: {ask}"),
        ),
        (Proof::Fits { .. } | Proof::ValuedLater { .. }, _) => return GoodFor::Dunning,
        (Proof::NoBalances, Kind::Camt052) => (
            GoodFor::Matching,
            format!("ein camt.052 ohne Salden ist eine Umsatzliste: {ask}"),
            format!("a camt.052 without balances is a list of turnovers: {ask}"),
        ),
        (Proof::NoBalances, _) => (
            GoodFor::Nothing,
            format!("ohne Anfangs- und Endsaldo ist er eine Umsatzliste, die der Import nicht annimmt: {ask}"),
            format!("without opening and closing balance it is a list of turnovers, which the import refuses: {ask}"),
        ),
        (Proof::Off { .. }, Kind::Camt052) => (
            GoodFor::Matching,
            format!("ein Tagesbericht muss nicht aufgehen; er belegt dann nichts: {ask}"),
            format!("a report of the day may not add up; it proves nothing then: {ask}"),
        ),
        (Proof::Off { .. }, _) if own.is_some_and(|account| account.balance_check == BalanceCheck::Warn) => (
            GoodFor::Matching,
            "er wird trotzdem gebucht, wie balance_check = \"warn\" sagt; er belegt nichts, und Mahnungen warten".to_owned(),
            "it is booked all the same, as balance_check = \"warn\" says; it proves nothing, and letters wait"
                .to_owned(),
        ),
        (Proof::Off { .. }, _) => (
            GoodFor::Nothing,
            "der Import nimmt ihn nicht an: exportieren Sie ihn neu, oder nehmen Sie ihn an, wenn die Bank ihn wirklich so liefert"
                .to_owned(),
            "the import refuses it: export it again, or accept it if the bank really delivers it so".to_owned(),
        ),
        (Proof::Unreadable(_), _) => (
            GoodFor::Nothing,
            "der Import nimmt ihn nicht an: exportieren Sie ihn neu, und sagen Sie es der Bank, wenn er wieder so kommt".to_owned(),
            "the import refuses it: export it again, and tell the bank if it comes the same".to_owned(),
        ),
    };
    remarks.push(language.say(german, english));
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
    fn remarks(&self, kind: Kind, language: Language) -> impl Iterator<Item = String> {
        let payers = match kind {
            Kind::Mt940 => language.say(
                "ohne die IBAN des Zahlers, wie oft in MT940: ein camt.053 hat sie",
                "without the payer's IBAN, as often in MT940: a camt.053 has it",
            ),
            Kind::Camt053 | Kind::Camt052 | Kind::Camt054 => language.say(
                "ohne die IBAN des Zahlers: am Konto wird ein Zahler nicht erkannt",
                "without the payer's IBAN: a payer is not recognised by the account",
            ),
        };
        let counted = [
            (
                self.without_text,
                language.say(
                    "ohne jeden Text: sie lassen sich nur nach dem Betrag zuordnen",
                    "without any text: they can only be matched by amount",
                ),
            ),
            (self.without_name, language.say("ohne den Namen des Zahlers", "without the payer's name")),
            (self.without_account, payers),
            (
                self.collective,
                language.say(
                    "Sammelbuchungen ohne Einzelheiten: bitten Sie die Bank um die einzelnen Zahlungen, im camt.053 oder als camt.054",
                    "collective bookings without details: ask the bank to deliver the single payments, in camt.053 or as camt.054",
                ),
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
pub fn judged(
    document: &Document,
    accounts: Option<&[AccountSettings]>,
    language: Language,
) -> Result<Vec<(Tally, Judgement)>, Failure> {
    let mut tallies = Tallies::default();
    document.read(&mut tallies).map_err(|error| Failure::World(error.to_string()))?;
    let judge = |(proved, tally): (&Proved, Tally)| {
        let judgement = judge(document.message.kind, proved, &tally, accounts, language);
        (tally, judgement)
    };
    Ok(document.proved.iter().zip(tallies.done).map(judge).collect())
}
