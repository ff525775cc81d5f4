//! Claiming what a discount left open that was taken too late.

use std::path::Path;

use clap::Args;

use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::jobs::collections::late_discount;
use crate::language::Language;

/// Do not let a Skonto count that was taken too late: the rest of the invoice is owed, and dunned like any other.
#[derive(Debug, Args)]
pub struct ClaimDiscountOptions {
    /// The invoice.
    invoice: String,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Records that the rest is owed.
pub async fn claim_discount(file: &Path, options: &ClaimDiscountOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let number = meant(&office, &options.invoice).await?;
    let run = office.run(&format!("invoice claim-discount {number}"));
    let claimed = late_discount::claim(&office, &run, &number, &options.reason).await?;
    let rest = claimed.rest.with_currency(claimed.currency, office.config.owner.language);
    let words = match office.config.owner.language {
        Language::De(_) => format!("{number}: {rest} werden gefordert, wenn nötig mit Mahnung."),
        Language::En => format!("{number}: {rest} are claimed, and dunned where it comes to that."),
    };
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
