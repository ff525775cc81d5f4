//! Bank files: what one says, booking one by hand, and how far the accounts reach.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::outcome::{Failure, Outcome};
use super::terminal::{count, json, table};
use super::{office, reading_office};
use crate::jobs::customer_case::{accounts, covered_through};
use crate::jobs::import_statements::{Document, Fate, coverage, import_document, read_documents};
use crate::jobs::match_payments::match_payments;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::store::AccountRow;
use crate::statement::proof::Proof;
use crate::statement::report::{self, Collector};
use crate::statement::{Entry, Sink};

/// Shows what a file says, and whether it is good enough for matching and dunning.
pub fn show(file: &Path, as_json: bool) -> Result<Outcome, Failure> {
    let documents = read_documents(file)
        .map_err(|refusal| Failure::Refused(format!("{} was not read: {}", file.display(), refusal.words)))?;
    if as_json {
        let mut values = Vec::with_capacity(documents.len());
        for document in &documents {
            let mut collector = Collector::default();
            document.read(&mut collector).map_err(|error| Failure::World(error.to_string()))?;
            let mut value = report::document(&document.message, &collector.statements);
            value["member"] = json!(document.member);
            values.push(value);
        }
        json(&values)?;
        return Ok(Outcome::Fine);
    }
    let mut good = true;
    for document in &documents {
        good &= show_document(document)?;
    }
    Ok(if good { Outcome::Fine } else { Outcome::No })
}

/// What matters in the entries of a file.
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

impl Sink for Tally {
    fn entry(&mut self, entry: Entry) -> ControlFlow<()> {
        if !entry.is_booked() {
            return ControlFlow::Continue(());
        }
        if entry.amount.is_some_and(|amount| amount.is_sign_negative()) {
            self.money_out += 1;
            return ControlFlow::Continue(());
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
        ControlFlow::Continue(())
    }

    fn statement(&mut self, _: crate::statement::Statement) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn show_document(document: &Document) -> Result<bool, Failure> {
    if !document.member.is_empty() {
        println!("{}", document.member);
    }
    let message = &document.message;
    println!("{} {}", message.kind.name(), message.version.as_deref().unwrap_or_default());
    let mut good = true;
    for proved in &document.proved {
        let statement = &proved.statement;
        let account = statement.account.iban.as_deref().or(statement.account.other.as_deref()).unwrap_or("no account");
        let currency = statement.currency.unwrap_or(Currency::EUR);
        let money = |amount: Amount| amount.with_currency(currency, Language::En);
        let day = |balance: Option<&crate::statement::Balance>| {
            balance.and_then(|b| b.date).map_or_else(|| "?".to_owned(), |day| Language::En.day(day))
        };
        println!("\n  account    {account} {currency}");
        println!("  entries    {} booked", statement.booked_count);
        match &proved.proof {
            Proof::Fits { opening, closing } => {
                println!("  opening    {:>16}  {}", money(*opening), day(statement.opening_balance()));
                println!("  closing    {:>16}  {}", money(*closing), day(statement.closing_balance()));
                println!("  proof      the entries add up");
            }
            Proof::ValuedLater { .. } => println!("  proof      the entries add up, some are booked later"),
            Proof::NoBalances => {
                good = false;
                println!("  proof      none: there are no balances; dunning needs camt.053 account statements");
            }
            Proof::Unreadable(why) => {
                good = false;
                println!("  proof      none: {why}");
            }
            Proof::Off { opening, entries, closing } => {
                good = false;
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
        for warning in &statement.warnings {
            println!("  note       {warning}");
        }
    }
    let mut tally = Tally::default();
    document.read(&mut tally).map_err(|error| Failure::World(error.to_string()))?;
    println!("\n  money in   {}, money out {}", count(tally.money_in, "payment", "payments"), tally.money_out);
    println!("  matching   {} with a structured reference", tally.references);
    for (missing, what) in [
        (tally.without_text, "without any text: they can only be matched by amount"),
        (tally.without_name, "without the payer's name"),
        (tally.without_account, "without the payer's IBAN: a payer is not recognised by the account"),
        (tally.collective, "collective bookings without details: ask the bank to deliver the single payments"),
    ] {
        if missing > 0 {
            println!("             {missing} {what}");
        }
    }
    println!("\n  {}", if good { "Good enough for matching and dunning." } else { "Not good enough for dunning." });
    Ok(good)
}

/// Books files now.
pub async fn import(file: &Path, files: &[PathBuf], accept_imbalance: bool) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    if let Some(why) = office.safe_mode().await? {
        return Err(Failure::Refused(format!("safe mode: {why}")));
    }
    let run = office.run("bank import");
    let mut outcome = Outcome::Fine;
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let documents = match read_documents(path) {
            Ok(documents) => documents,
            Err(refusal) => {
                eprintln!("{name} was not read: {}\nNothing was booked.", refusal.words);
                outcome = Outcome::No;
                continue;
            }
        };
        for document in &documents {
            match import_document(&office, &run, &name, document, accept_imbalance).await? {
                Fate::Booked { statements, payments } => println!(
                    "{name}: {} with {} booked.",
                    count(statements, "statement", "statements"),
                    count(payments, "new payment", "new payments")
                ),
                Fate::Known => println!("{name}: known already, nothing was booked twice."),
                Fate::Refused(words) | Fate::Unfinished(words) => {
                    eprintln!("{name} was not read: {words}\nNothing was booked.");
                    outcome = Outcome::No;
                }
            }
        }
    }
    let before = office.store.read().await?.payment_lines(true).await?.len();
    if match_payments(&office, &office.run("match")).await? > 0 {
        let waiting = office.store.read().await?.payment_lines(true).await?.len();
        println!(
            "{} matched; {waiting} of all payments wait for you (settled payments).",
            count(before.saturating_sub(waiting), "payment", "payments")
        );
    }
    Ok(outcome)
}

fn currency(account: &AccountRow) -> Currency {
    account.currency.parse().unwrap_or(Currency::EUR)
}

/// Shows the accounts.
pub async fn list(file: &Path, as_json: bool) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let mut tx = office.store.read().await?;
    let mut rows = Vec::new();
    for (account, _) in accounts(&mut tx).await? {
        let settings = office.config.bank_accounts.iter().find(|settings| settings.name == account.name);
        let iban = settings.map(|settings| settings.iban.short()).unwrap_or_default();
        let statements = tx.statements_of(account.id).await?.len();
        let chain = coverage(&mut tx, account.id).await?;
        rows.push((account, iban, statements, chain));
    }
    if as_json {
        let values: Vec<_> = rows
            .iter()
            .map(|(account, iban, statements, chain)| {
                json!({
                    "account": account.name, "iban": iban, "currency": account.currency, "statements": statements,
                    "covered_through": covered_through(account), "gates_dunning": account.gates_dunning,
                    "gaps": chain.gaps.iter().map(|gap| json!({
                        "after": gap.after, "expected": gap.expected.plain(currency(account)),
                        "before": gap.before, "found": gap.found.plain(currency(account)),
                    })).collect::<Vec<_>>(),
                })
            })
            .collect();
        json(&values)?;
        return Ok(Outcome::Fine);
    }
    let lines = rows
        .iter()
        .map(|(account, iban, statements, _)| {
            let through = covered_through(account).map_or_else(|| "none yet".to_owned(), |day| Language::En.day(day));
            vec![account.name.clone(), iban.clone(), account.currency.clone(), statements.to_string(), through]
        })
        .collect();
    table(&["account", "IBAN", "currency", "statements", "complete up to"], &[3], lines);
    for (account, _, _, chain) in &rows {
        for gap in &chain.gaps {
            let money = |amount: Amount| amount.with_currency(currency(account), Language::En);
            println!(
                "{}: a gap after {} ({}): the next statement, of {}, begins with {}.",
                account.name,
                Language::En.day(gap.after),
                money(gap.expected),
                Language::En.day(gap.before),
                money(gap.found)
            );
        }
    }
    Ok(Outcome::Fine)
}
