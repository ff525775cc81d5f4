//! Saying that a payment concerns no invoice.

use std::path::Path;

use clap::Args;

use super::assign::payment_meant;
use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::jobs::receipts::ignore;

/// Say that a payment concerns no invoice.
#[derive(Debug, Args)]
pub struct IgnoreOptions {
    /// The payment: P-12.
    payment: String,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Says that a payment concerns no invoice.
pub async fn ignore(file: &Path, options: &IgnoreOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let payment = payment_meant(&office, &options.payment).await?;
    ignore::ignore(&office, &office.run(&format!("payments ignore {payment}")), payment, &options.reason).await?;
    let words = office.config.owner.language.say(
        format!("Nach {payment} wird nicht mehr gefragt (settled unassign {payment} ändert das)."),
        format!("{payment} is asked about no more (settled unassign {payment} changes that)."),
    );
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
