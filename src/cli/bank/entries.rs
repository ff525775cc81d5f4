//! The entries of a statement, for people: what was booked, whom with, and by which words and references it may be recognised.

use std::ffi::OsStr;

use rust_decimal::Decimal;

use crate::language::Language;
use crate::letter::wrap;
use crate::money::Currency;
use crate::shell::dropfolder::shown;
use crate::statement::{ChargeInfo, Entry, Party, Transaction, TransactionCode};

/// Prints an entry, and below it the transactions of a collective one.
pub fn print(entry: &Entry, language: Language) {
    let day = entry.booked_on().map_or_else(|| language.say("kein Tag", "no day").to_owned(), |day| language.day(day));
    let amount = amount(entry.amount, entry.currency, language);
    let single = if let [only] = &entry.transactions[..] { Some(only) } else { None };
    let who = match single {
        Some(only) => party(entry, only),
        None => {
            let (german, english) = (("Einzelbuchung", "Einzelbuchungen"), ("transaction", "transactions"));
            language.count(entry.transactions.len(), german, english)
        }
    };
    println!("{}", format!("\n  {day:<12} {amount:>18}  {}", clean(&who)).trim_end());
    let mut facts = Facts::new(language);
    if let Some(only) = single {
        facts.of_transaction(only, entry);
    }
    facts.of_entry(entry);
    facts.print("    ");
    if single.is_none() {
        for transaction in &entry.transactions {
            let amount = self::amount(transaction.amount, transaction.currency, language);
            println!("{}", format!("  - {amount:>29}  {}", clean(&party(entry, transaction))).trim_end());
            let mut facts = Facts::new(language);
            facts.of_transaction(transaction, entry);
            facts.print("      ");
        }
    }
}

fn clean(text: &str) -> String {
    shown(OsStr::new(text))
}

fn amount(amount: Option<Decimal>, currency: Option<Currency>, language: Language) -> String {
    let currency = currency.map(|currency| format!(" {currency}")).unwrap_or_default();
    match amount {
        Some(amount) => {
            let sign = if amount.is_sign_negative() { "" } else { "+" };
            format!("{sign}{}{currency}", language.number(amount))
        }
        None => format!("?{currency}"),
    }
}

/// The other party: who pays, or is paid.
fn party(entry: &Entry, transaction: &Transaction) -> String {
    let goes_out = transaction.amount.or(entry.amount).is_some_and(|amount| amount.is_sign_negative());
    let party = if goes_out { &transaction.creditor } else { &transaction.debtor };
    let Some(Party { name, iban, other_account }) = party else { return String::new() };
    let account = iban.as_ref().or(other_account.as_ref());
    [name.as_deref(), account.map(String::as_str)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn code(code: &TransactionCode) -> String {
    let parts = [&code.domain, &code.family, &code.subfamily, &code.proprietary];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("-")
}

/// What is said of an entry or a transaction, each with its name.
struct Facts {
    told: Vec<String>,
    language: Language,
}

impl Facts {
    const fn new(language: Language) -> Facts {
        Facts { told: Vec::new(), language }
    }

    fn add(&mut self, german: &str, english: &str, value: Option<&String>) {
        let name = self.language.say(german, english);
        self.told.extend(value.map(|value| format!("{name} {value}")));
    }

    fn of_entry(&mut self, entry: &Entry) {
        let language = self.language;
        match entry.status.as_deref() {
            None | Some("BOOK") => {}
            Some(status) => self.told.push(format!("{} ({status})", language.say("NICHT GEBUCHT", "NOT BOOKED"))),
        }
        if entry.reversal {
            self.told.push(language.say("Storno", "reversal").to_owned());
        }
        if let Some(day) = entry.value_date.filter(|day| Some(*day) != entry.booking_date) {
            self.told.push(format!("{} {}", language.say("Wertstellung", "value date"), language.day(day)));
        }
        self.add("Referenz der Bank", "bank's reference", entry.acct_svcr_ref.as_ref());
        self.add("Umsatz", "entry", entry.entry_ref.as_ref());
        self.add("Code", "code", entry.bank_tx_code.as_ref().map(code).as_ref());
        for batch in &entry.batches {
            let unknown = language.say("unbekannt vielen", "an unknown number");
            let count = batch.number_of_txs.as_deref().unwrap_or(unknown);
            self.told.push(format!("{} {count}", language.say("Sammler aus", "batch of")));
        }
        if let Some(rest) = entry.entry_residual.filter(|rest| !rest.is_zero()) {
            let rest = language.number(rest);
            self.told.push(language.say(format!("ohne Einzelheiten bleiben {rest}"), format!("details leave {rest}")));
        }
        self.charges(&entry.charges);
        self.add("Hinweis", "info", entry.additional_entry_info.as_ref());
    }

    fn of_transaction(&mut self, transaction: &Transaction, entry: &Entry) {
        let language = self.language;
        self.told.extend(transaction.ustrd.iter().map(|line| format!("\"{line}\"")));
        for reference in &transaction.creditor_references {
            let kind = reference.kind.as_deref().unwrap_or(language.say("Referenz", "reference"));
            self.told.push(format!("{kind} {}", reference.reference));
        }
        for document in &transaction.referred_documents {
            self.told.push(format!("{} {}", language.say("Beleg", "document"), document.number));
        }
        self.told.extend(transaction.additional_remittance.iter().map(|line| format!("\"{line}\"")));
        self.add("End-to-End", "end-to-end", transaction.end_to_end_id.as_ref());
        self.add("Mandat", "mandate", transaction.mandate_id.as_ref());
        self.add("eigene Referenz", "its reference", transaction.acct_svcr_ref.as_ref());
        self.add("eigentlicher Zahler", "ultimate debtor", transaction.ultimate_debtor.as_ref());
        self.add("eigentlicher Empfänger", "ultimate creditor", transaction.ultimate_creditor.as_ref());
        let own = transaction.bank_tx_code.as_ref().filter(|own| Some(*own) != entry.bank_tx_code.as_ref());
        self.add("Code", "code", own.map(code).as_ref());
        self.add("zurück wegen", "returned because", transaction.return_reason.as_ref());
        self.told.extend(transaction.return_info.iter().map(|line| format!("\"{line}\"")));
        if transaction.tx_amount.is_some() && transaction.tx_amount != transaction.amount {
            let original = amount(transaction.tx_amount, transaction.tx_currency, language);
            self.told.push(format!("{} {original}", language.say("ursprünglich", "originally")));
        }
        if transaction.charges != entry.charges {
            self.charges(&transaction.charges);
        }
        self.add("Zweck", "purpose", transaction.purpose.as_ref());
        self.add("Hinweis", "info", transaction.additional_tx_info.as_ref());
    }

    fn charges(&mut self, charges: &[ChargeInfo]) {
        for charge in charges {
            let currency = charge.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
            let value = charge.amount.map_or_else(|| "?".to_owned(), |amount| self.language.number(amount));
            self.told.push(format!("{} {value}{currency}", self.language.say("Gebühren", "charges")));
        }
    }

    fn print(&self, indent: &str) {
        if self.told.is_empty() {
            return;
        }
        let mut text = String::new();
        wrap(&mut text, &clean(&self.told.join(" · ")), indent, indent);
        print!("{text}");
    }
}
