//! Paying out a customer's credit, or taking that back.

use std::path::Path;

use clap::Args;

use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::command::line;
use crate::jobs::receipts::refund::{draw, withdraw as withdraw_refund};
use crate::language::Language;
use crate::money::Amount;

/// Pay out a customer's credit: draws a refund and says what to transfer; the outgoing entry that quotes it closes it.
#[derive(Debug, Args)]
pub struct RefundOptions {
    /// The customer, K-1017; with --withdraw the refund, ER-2026-0001.
    name: String,
    /// A part of the credit; without it all of it.
    amount: Option<String>,
    /// Take back a refund that you did not transfer.
    #[arg(long, conflicts_with = "amount")]
    withdraw: bool,
}

/// Draws a refund, or takes one back.
pub async fn refund(file: &Path, options: &RefundOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let name = meant(&office, &options.name).await?;
    let name = name.as_str();
    let run = office.run(&format!("refund {name}"));
    if options.withdraw {
        let withdrawn = withdraw_refund(&office, &run, name).await?;
        let money = |amount: Amount| amount.with_currency(withdrawn.currency, Language::En);
        println!("{name} is taken back; {} are credit again.", money(withdrawn.amount));
        if !withdrawn.used.is_zero() {
            let used = money(withdrawn.used);
            say(&office.program, &format!("{used} of the credit paid what was open (settled why NUMBER)."));
        }
        return Ok(Outcome::Fine);
    }
    let drawn = draw(&office, &run, name, options.amount.as_deref()).await?;
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
    say(&office.program, &line(["refund", &drawn.number, "--withdraw"]));
    if !drawn.left.is_zero() {
        println!("{} of the credit are left.", drawn.left.with_currency(drawn.currency, Language::En));
    }
    Ok(Outcome::Fine)
}
