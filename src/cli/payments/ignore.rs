//! Saying that a payment concerns no invoice.

use std::path::Path;

use super::assign::payment_id;
use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::assign;

/// Says that a payment concerns no invoice.
pub async fn ignore(file: &Path, payment: &str, reason: &str) -> Result<Outcome, Failure> {
    let payment = payment_id(payment)?;
    let office = office(file).await?;
    assign::ignore(&office, &office.run(&format!("payments ignore {payment}")), payment, reason).await?;
    println!("{payment} is asked about no more (settled unassign {payment} changes that).");
    Ok(Outcome::Fine)
}
