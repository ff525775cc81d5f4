//! Forgetting an account that was learned.

use std::path::Path;

use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::customer_keys;
use crate::reference::Iban;

/// Forgets an account that was learned.
pub async fn forget_iban(file: &Path, customer: &str, iban: &Iban, reason: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let run = office.run(&format!("customer forget-iban {customer}"));
    customer_keys::forget_iban(&office, &run, customer, iban, reason).await?;
    println!("{} is {customer}'s no more, and is not learned again by itself.", iban.grouped());
    Ok(Outcome::Fine)
}
