//! The entries of a statement, for people: what was booked, whom with, and by which words and references it may be recognised.

use std::ffi::OsStr;

use rust_decimal::Decimal;

use crate::language::Language;
use crate::letter::wrap;
use crate::money::Currency;
use crate::shell::dropfolder::shown;
use crate::statement::{ChargeInfo, Entry, Party, Transaction, TransactionCode};

/// Prints an entry, and below it the transactions of a collective one.
pub fn print(entry: &Entry) {
    let day = entry.booked_on().map_or_else(|| "no day".to_owned(), |day| Language::En.day(day));
    let amount = amount(entry.amount, entry.currency);
    let single = if let [only] = &entry.transactions[..] { Some(only) } else { None };
    let who = match single {
        Some(only) => party(entry, only),
        None => format!("{} transactions", entry.transactions.len()),
    };
    println!("{}", format!("\n  {day:<12} {amount:>18}  {}", clean(&who)).trim_end());
    let mut facts = Facts::default();
    if let Some(only) = single {
        facts.of_transaction(only, entry);
    }
    facts.of_entry(entry);
    facts.print("    ");
    if single.is_none() {
        for transaction in &entry.transactions {
            let amount = self::amount(transaction.amount, transaction.currency);
            println!("{}", format!("  - {amount:>29}  {}", clean(&party(entry, transaction))).trim_end());
            let mut facts = Facts::default();
            facts.of_transaction(transaction, entry);
            facts.print("      ");
        }
    }
}

fn clean(text: &str) -> String {
    shown(OsStr::new(text))
}

fn amount(amount: Option<Decimal>, currency: Option<Currency>) -> String {
    let currency = currency.map(|currency| format!(" {currency}")).unwrap_or_default();
    match amount {
        Some(amount) => format!("{amount:+}{currency}"),
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
#[derive(Default)]
struct Facts(Vec<String>);

impl Facts {
    fn say(&mut self, name: &str, value: Option<&String>) {
        self.0.extend(value.map(|value| format!("{name} {value}")));
    }

    fn of_entry(&mut self, entry: &Entry) {
        match entry.status.as_deref() {
            None | Some("BOOK") => {}
            Some(status) => self.0.push(format!("NOT BOOKED ({status})")),
        }
        if entry.reversal {
            self.0.push("reversal".to_owned());
        }
        if let Some(day) = entry.value_date.filter(|day| Some(*day) != entry.booking_date) {
            self.0.push(format!("value date {}", Language::En.day(day)));
        }
        self.say("bank's reference", entry.acct_svcr_ref.as_ref());
        self.say("entry", entry.entry_ref.as_ref());
        self.say("code", entry.bank_tx_code.as_ref().map(code).as_ref());
        for batch in &entry.batches {
            let count = batch.number_of_txs.as_deref().unwrap_or("an unknown number");
            self.0.push(format!("batch of {count}"));
        }
        if let Some(rest) = entry.entry_residual.filter(|rest| !rest.is_zero()) {
            self.0.push(format!("details leave {rest}"));
        }
        self.charges(&entry.charges);
        self.say("info", entry.additional_entry_info.as_ref());
    }

    fn of_transaction(&mut self, transaction: &Transaction, entry: &Entry) {
        self.0.extend(transaction.ustrd.iter().map(|line| format!("\"{line}\"")));
        for reference in &transaction.creditor_references {
            let kind = reference.kind.as_deref().unwrap_or("reference");
            self.0.push(format!("{kind} {}", reference.reference));
        }
        for document in &transaction.referred_documents {
            self.0.push(format!("document {}", document.number));
        }
        self.0.extend(transaction.additional_remittance.iter().map(|line| format!("\"{line}\"")));
        self.say("end-to-end", transaction.end_to_end_id.as_ref());
        self.say("mandate", transaction.mandate_id.as_ref());
        self.say("its reference", transaction.acct_svcr_ref.as_ref());
        self.say("ultimate debtor", transaction.ultimate_debtor.as_ref());
        self.say("ultimate creditor", transaction.ultimate_creditor.as_ref());
        let own = transaction.bank_tx_code.as_ref().filter(|own| Some(*own) != entry.bank_tx_code.as_ref());
        self.say("code", own.map(code).as_ref());
        self.say("returned because", transaction.return_reason.as_ref());
        self.0.extend(transaction.return_info.iter().map(|line| format!("\"{line}\"")));
        if transaction.tx_amount.is_some() && transaction.tx_amount != transaction.amount {
            self.0.push(format!("originally {}", amount(transaction.tx_amount, transaction.tx_currency)));
        }
        if transaction.charges != entry.charges {
            self.charges(&transaction.charges);
        }
        self.say("purpose", transaction.purpose.as_ref());
        self.say("info", transaction.additional_tx_info.as_ref());
    }

    fn charges(&mut self, charges: &[ChargeInfo]) {
        for charge in charges {
            let currency = charge.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
            let value = charge.amount.map_or_else(|| "?".to_owned(), |amount| amount.to_string());
            self.0.push(format!("charges {value}{currency}"));
        }
    }

    fn print(&self, indent: &str) {
        if self.0.is_empty() {
            return;
        }
        let mut text = String::new();
        wrap(&mut text, &clean(&self.0.join(" · ")), indent, indent);
        print!("{text}");
    }
}
