//! Holding letters about an invoice or to a customer.

use std::path::Path;

use chrono::NaiveDate;

use super::opening::office;
use super::outcome::{Failure, Outcome};
use crate::jobs::acts::{self, Act};

/// Holds letters.
pub async fn hold(file: &Path, name: &str, until: Option<NaiveDate>, reason: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    acts::act(&office, &office.run(&format!("hold {name}")), Act::Hold, name, until, reason).await?;
    let end = until.map_or_else(|| format!("until you say `settled release {name}`"), |day| format!("through {day}"));
    println!("No letters about {name} {end}.");
    Ok(Outcome::Fine)
}
