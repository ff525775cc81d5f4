//! Bank files: booking one by hand, and how far the accounts reach.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::cli::opening::{office, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{count, json, table};
use crate::jobs::bank_file::read_file;
use crate::jobs::book_document::{Fate, book_document};
use crate::jobs::coverage::coverage;
use crate::jobs::customer_case::{accounts, covered_through};
use crate::jobs::event::{Event, Observer};
use crate::jobs::match_payments::match_payments;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::dropfolder::shown;
use crate::shell::store::AccountRow;

/// Books files now.
pub async fn import(file: &Path, files: &[PathBuf], accept_imbalance: bool) -> Result<Outcome, Failure> {
    let mut office = office(file).await?;
    if let Some(why) = office.safe_mode().await? {
        return Err(Failure::Refused(format!("safe mode: {why}")));
    }
    let ignored = Arc::new(AtomicUsize::new(0));
    office.observer = counting(&ignored);
    let run = office.run("bank import");
    let mut outcome = Outcome::Fine;
    for path in files {
        let name = shown(path.file_name().unwrap_or(OsStr::new("file")));
        let read = match read_file(path) {
            Ok(read) => read,
            Err(refusal) => {
                eprintln!("{name} was not read: {}\nNothing was booked.", refusal.words);
                outcome = Outcome::No;
                continue;
            }
        };
        for document in &read.documents {
            let file = if document.member.is_empty() { name.clone() } else { format!("{name} ({})", document.member) };
            match book_document(&office, &run, &name, document, accept_imbalance).await? {
                Fate::Booked { statements, payments } => println!(
                    "{file}: {} with {} booked.",
                    count(statements, "statement", "statements"),
                    count(payments, "new payment", "new payments")
                ),
                Fate::Known => println!("{file}: known already, nothing was booked twice."),
                Fate::Refused(words) | Fate::Unfinished(words) => {
                    eprintln!("{file} was not read: {words}\nNothing was booked of it.");
                    outcome = Outcome::No;
                }
            }
        }
        for unread in &read.refused {
            eprintln!("{} was not read: {}\nNothing was booked of it.", unread.name(&name), unread.words);
            outcome = Outcome::No;
        }
    }
    let before = office.store.read().await?.waiting_payments().await?;
    if match_payments(&office, &office.run("match")).await? > 0 {
        let waiting = office.store.read().await?.waiting_payments().await?;
        let ignored = ignored.load(Ordering::Relaxed);
        let concern = match ignored {
            0 => String::new(),
            1 => ", 1 concerns no invoice".to_owned(),
            _ => format!(", {ignored} concern no invoice"),
        };
        println!(
            "{} matched{concern}; {waiting} of all payments wait for you (settled payments --undecided).",
            count(before.saturating_sub(waiting + ignored), "payment", "payments")
        );
    }
    Ok(outcome)
}

/// Counts the payments that concern no invoice.
fn counting(ignored: &Arc<AtomicUsize>) -> Observer {
    let ignored = Arc::clone(ignored);
    Observer::new(move |_, event| {
        if matches!(event, Event::PaymentIgnored { .. }) {
            ignored.fetch_add(1, Ordering::Relaxed);
        }
    })
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
