//! What the owner says of an account whose entries do not add up.

use std::path::Path;

use clap::Args;

use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::bank::settle::settle as settle_account;

/// Say what the difference is where the entries of an account do not add up; letters go on.
#[derive(Debug, Args)]
pub struct SettleOptions {
    /// The account: its name, its IBAN, or how that ends.
    account: String,
    /// By how much they are off, as `settled bank gaps` shows it: 33.00.
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    difference: String,
    /// What it is.
    #[arg(long)]
    reason: String,
}

/// Records what the difference is.
pub async fn settle(file: &Path, options: &SettleOptions) -> Result<Outcome, Failure> {
    let SettleOptions { account, difference, reason } = options;
    let office = office(file).await?;
    let run = office.run(&format!("bank settle {account} --difference {difference}"));
    let settled = settle_account(&office, &run, account, difference, reason).await?;
    let language = office.config.owner.language;
    let money = settled.stretch.off.difference().abs().with_currency(settled.currency, language);
    let (name, from) = (settled.account, language.day(settled.stretch.from));
    let words = language.say(
        format!("Die {money}, um die die Buchungen von {name} seit {from} abweichen, sind geklärt; die Schreiben warten nicht mehr darauf."),
        format!("The {money} by which the entries of {name} are off since {from} are settled; letters wait for it no more."),
    );
    println!("{words}");
    Ok(Outcome::Fine)
}
