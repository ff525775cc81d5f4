//! An invoice that the customer disputes.

use std::path::Path;

use clap::Args;

use super::opening::{meant, office};
use super::outcome::{Failure, Outcome};
use super::terminal::say;
use crate::jobs::collections::holds;
use crate::jobs::collections::holds::Act;

/// The customer disputes an invoice: no letters about it until it is released.
#[derive(Debug, Args)]
pub struct DisputeOptions {
    /// The invoice.
    invoice: String,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Records a dispute.
pub async fn dispute(file: &Path, options: &DisputeOptions) -> Result<Outcome, Failure> {
    let DisputeOptions { invoice, reason } = options;
    let office = office(file).await?;
    let invoice = &meant(&office, invoice).await?;
    holds::act(&office, &office.run(&format!("dispute {invoice}")), Act::Dispute, invoice, None, reason).await?;
    let words = office.config.owner.language.say(
        format!("{invoice} ist bestritten: keine Mahnungen, bis Sie `settled release {invoice}` sagen."),
        format!("{invoice} is disputed: no letters until you say `settled release {invoice}`."),
    );
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
