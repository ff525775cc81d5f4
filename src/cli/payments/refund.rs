//! Paying out a customer's credit, or taking that back.

use std::path::Path;

use clap::Args;

use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::command::line;
use crate::jobs::receipts::refund::{draw, withdraw as withdraw_refund};
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
    let (name, language) = (name.as_str(), office.config.owner.language);
    let run = office.run(&format!("refund {name}"));
    if options.withdraw {
        let withdrawn = withdraw_refund(&office, &run, name).await?;
        let money = |amount: Amount| amount.with_currency(withdrawn.currency, language);
        let amount = money(withdrawn.amount);
        let words = language.say(
            format!("{name} ist zurückgenommen; {amount} sind wieder Guthaben."),
            format!("{name} is taken back; {amount} are credit again."),
        );
        println!("{words}");
        if !withdrawn.used.is_zero() {
            let (used, why) = (money(withdrawn.used), line(["customer", "show", &withdrawn.customer]));
            let words = language.say(
                format!("{used} vom Guthaben haben Offenes bezahlt: {why}"),
                format!("{used} of the credit paid what was open: {why}"),
            );
            say(&office.program, &words);
        }
        return Ok(Outcome::Fine);
    }
    let drawn = draw(&office, &run, name, options.amount.as_deref()).await?;
    let row = |label: &str, words: &str| println!("  {label:<11}{words}");
    let number = &drawn.number;
    let words = language
        .say(format!("{number} ist angelegt. Bitte überweisen Sie:"), format!("{number} is drawn. Please transfer:"));
    println!("{words}\n");
    row(language.say("an", "to"), &drawn.name);
    match &drawn.ibans[..] {
        [] => row("IBAN", language.say("keine bekannt; fragen Sie den Kunden", "none is known; ask the customer")),
        ibans => ibans.iter().for_each(|iban| row("IBAN", &iban.grouped())),
    }
    row(language.say("Betrag", "amount"), &drawn.amount.with_currency(drawn.currency, language));
    row(language.say("Text", "text"), number);
    row(language.say("Referenz", "reference"), &drawn.reference);
    let words = language.say(
        format!("Der Ausgang, der {number} nennt, schließt sie ab. Doch nicht überwiesen:"),
        format!("The outgoing entry that quotes {number} closes it. Not transferred after all:"),
    );
    println!("\n{}", language.spelled(words));
    say(&office.program, &line(["refund", number, "--withdraw"]));
    if !drawn.left.is_zero() {
        let left = drawn.left.with_currency(drawn.currency, language);
        println!("{left} {}.", language.say("vom Guthaben bleiben", "of the credit are left"));
    }
    Ok(Outcome::Fine)
}
