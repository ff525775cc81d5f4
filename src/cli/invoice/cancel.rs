//! Cancelling an invoice.

use std::path::Path;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::corrected::told;
use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::jobs::corrections::take_back;

/// Cancel an invoice (Storno): the cancellation goes to the customer, and what was paid becomes his credit.
#[derive(Debug, Args)]
pub struct CancelOptions {
    /// The invoice.
    invoice: String,
    /// Why: for you and your accountant.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    reason: String,
}

/// Cancels an invoice.
pub async fn cancel(file: &Path, options: &CancelOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let number = meant(&office, &options.invoice).await?;
    let run = office.run(&format!("invoice cancel {number}"));
    let cancelled = take_back::cancel(&office, &run, &number, &options.reason).await?;
    let language = office.config.owner.language;
    let (number, by) = (&cancelled.invoice, &cancelled.number);
    let what = language.say(format!("{number} ist storniert, mit {by}"), format!("{number} is cancelled, by {by}"));
    say(&office.program, &told(&what, &cancelled, language));
    Ok(Outcome::Fine)
}
