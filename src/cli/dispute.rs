//! An invoice that the customer disputes.

use std::path::Path;

use super::opening::office;
use super::outcome::{Failure, Outcome};
use crate::jobs::acts::{self, Act};

/// Records a dispute.
pub async fn dispute(file: &Path, invoice: &str, reason: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    acts::act(&office, &office.run(&format!("dispute {invoice}")), Act::Dispute, invoice, None, reason).await?;
    println!("{invoice} is disputed: no letters until you say `settled release {invoice}`.");
    Ok(Outcome::Fine)
}
