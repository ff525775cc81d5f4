//! Recording that a customer is insolvent, or is no more.

use std::path::Path;

use chrono::NaiveDate;

use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::acts;

/// Records that a customer is insolvent from a day on; without a day, that it is no more.
pub async fn insolvent(file: &Path, number: &str, since: Option<NaiveDate>) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let run = office.run(&format!("customer insolvent {number}"));
    match since {
        Some(since) => {
            acts::insolvent(&office, &run, number, since).await?;
            println!("{number} is insolvent since {since}: no letters and no invoices.");
            println!("The claims up to the day before: settled customer claims {number}");
        }
        None => {
            acts::solvent(&office, &run, number).await?;
            println!("{number} is not insolvent any more; letters and invoices are decided anew.");
        }
    }
    Ok(Outcome::Fine)
}
