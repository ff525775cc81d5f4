//! Commands for money that no bank file tells of in full: recorded by hand, split by hand, paid out.

use std::fs;
use std::path::Path;

use crate::cli::args::RecordOptions;
use crate::cli::hold::{payment_id, say_assigned};
use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::count;
use crate::jobs::assign::wanted;
use crate::jobs::match_payments::match_payments;
use crate::jobs::record_payment::{Recorded, record as record_payment};
use crate::jobs::refund::{draw, withdraw as withdraw_refund};
use crate::jobs::split_payment::split as split_payment;
use crate::language::Language;
use crate::money::Amount;

/// The largest table that is read.
const LARGEST_TABLE: u64 = 16 << 20;

/// Records a payment.
pub async fn record(file: &Path, options: &RecordOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let run = office.run(&format!("payments record {} {}", options.amount, options.documents.join(" ")));
    let recorded = Recorded {
        by: options.by.into(),
        on: options.on.unwrap_or(run.today),
        amount: options.amount.clone(),
        currency: options.currency.unwrap_or(office.config.business.currency),
        payer: options.payer.clone(),
        note: options.note.clone(),
        key: options.key.clone(),
    };
    let outcome = record_payment(&office, &run, &recorded, &wanted(&options.documents), options.rest.into()).await?;
    let payment = outcome.payment;
    match &outcome.assigned {
        _ if outcome.known => println!("{payment} was recorded with this key before; nothing was booked twice."),
        Some(assigned) => say_assigned(payment, assigned),
        None => {
            match_payments(&office, &office.run("match")).await?;
            println!("{payment} is recorded; settled why {payment} says what became of it.");
        }
    }
    Ok(Outcome::Fine)
}

/// Splits a collective entry by a table.
pub async fn split(file: &Path, payment: &str, table: &Path) -> Result<Outcome, Failure> {
    let payment = payment_id(payment)?;
    let name = table.display().to_string();
    let unreadable = |cause: std::io::Error| Failure::Usage(format!("{name}: {cause}"));
    let size = fs::metadata(table).map_err(unreadable)?.len();
    if size > LARGEST_TABLE {
        return Err(Failure::Usage(format!("{name} has {size} bytes; tables over {LARGEST_TABLE} are not read")));
    }
    let bytes = fs::read(table).map_err(unreadable)?;
    let office = office(file).await?;
    let parts =
        split_payment(&office, &office.run(&format!("payments split {payment}")), payment, &bytes, &name).await?;
    match_payments(&office, &office.run("match")).await?;
    let (mut tx, mut waiting) = (office.store.read().await?, 0);
    for part in &parts {
        waiting += usize::from(tx.open_payment(part.get()).await?.is_some());
    }
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    println!("{payment} is split into {}, {first} to {last}.", count(parts.len(), "payment", "payments"));
    println!("{} matched; {waiting} wait for you (settled payments --undecided).", parts.len() - waiting);
    Ok(Outcome::Fine)
}

/// Draws a refund, or takes one back.
pub async fn refund(file: &Path, name: &str, amount: Option<&str>, withdraw: bool) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let run = office.run(&format!("refund {name}"));
    if withdraw {
        let withdrawn = withdraw_refund(&office, &run, name).await?;
        let money = |amount: Amount| amount.with_currency(withdrawn.currency, Language::En);
        println!("{name} is taken back; {} are credit again.", money(withdrawn.amount));
        if !withdrawn.used.is_zero() {
            println!("{} of the credit paid what was open (settled why NUMBER).", money(withdrawn.used));
        }
        return Ok(Outcome::Fine);
    }
    let drawn = draw(&office, &run, name, amount).await?;
    let row = |label: &str, words: &str| println!("  {label:<11}{words}");
    println!("{} is drawn. Please transfer:\n", drawn.number);
    row("to", &drawn.name);
    match &drawn.ibans[..] {
        [] => row("IBAN", "none is known; ask the customer"),
        ibans => ibans.iter().for_each(|iban| row("IBAN", &iban.grouped())),
    }
    row("amount", &drawn.amount.with_currency(drawn.currency, Language::En));
    row("text", &drawn.number);
    row("reference", &drawn.reference);
    println!("\nThe outgoing entry that quotes {} closes it. Not transferred after all:", drawn.number);
    println!("settled refund {} --withdraw", drawn.number);
    if !drawn.left.is_zero() {
        println!("{} of the credit are left.", drawn.left.with_currency(drawn.currency, Language::En));
    }
    Ok(Outcome::Fine)
}
