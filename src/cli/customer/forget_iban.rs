//! Forgetting an account that was learned.

use std::path::Path;

use clap::Args;

use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::receipts::learned;
use crate::reference::Iban;

/// Forget an account that was learned: payments from it are not the customer's any more.
#[derive(Debug, Args)]
pub struct ForgetIbanOptions {
    /// The number: K-1017.
    number: String,
    /// The account, as `settled customer show` names it.
    iban: Iban,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Forgets an account that was learned.
pub async fn forget_iban(file: &Path, options: &ForgetIbanOptions) -> Result<Outcome, Failure> {
    let ForgetIbanOptions { number, iban, reason } = options;
    let office = office(file).await?;
    let number = &meant(&office, number).await?;
    let run = office.run(&format!("customer forget-iban {number}"));
    learned::forget_iban(&office, &run, number, iban, reason).await?;
    let iban = iban.grouped();
    let words = office.config.owner.language.say(
        format!("{iban} gehört nicht mehr zu {number} und wird nicht von selbst wieder gelernt."),
        format!("{iban} is {number}'s no more, and is not learned again by itself."),
    );
    println!("{words}");
    Ok(Outcome::Fine)
}
