//! Giving up what a discount left open that was taken too late.

use std::path::Path;

use clap::Args;

use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::jobs::collections::late_discount;
use crate::language::Language;

/// Let a Skonto count that was taken too late: the rest of the invoice is given up.
#[derive(Debug, Args)]
pub struct AcceptDiscountOptions {
    /// The invoice.
    invoice: String,
}

/// Gives up the rest.
pub async fn accept_discount(file: &Path, options: &AcceptDiscountOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let number = meant(&office, &options.invoice).await?;
    let run = office.run(&format!("invoice accept-discount {number}"));
    let given_up = late_discount::accept(&office, &run, &number).await?;
    let rest = given_up.rest.with_currency(given_up.currency, office.config.owner.language);
    let words = match office.config.owner.language {
        Language::De(_) => format!("{number}: {rest} Skonto sind gewährt; die Rechnung ist bezahlt."),
        Language::En => format!("{number}: {rest} of discount are accepted; the invoice is paid."),
    };
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
