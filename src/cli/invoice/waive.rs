//! Giving up the costs that are left of a paid invoice.

use std::path::Path;

use clap::Args;

use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::jobs::collections::costs_left;
use crate::language::Language;

/// Give up the costs and the interest that are left of a paid invoice.
#[derive(Debug, Args)]
pub struct WaiveOptions {
    /// The invoice.
    invoice: String,
}

/// Gives up costs.
pub async fn waive(file: &Path, options: &WaiveOptions) -> Result<Outcome, Failure> {
    let number = options.invoice.as_str();
    let office = office(file).await?;
    let given_up = costs_left::waive(&office, &office.run(&format!("invoice waive {number}")), number).await?;
    let amount = given_up.amount.with_currency(given_up.currency, office.config.owner.language);
    let words = match office.config.owner.language {
        Language::De(_) => format!("{number}: {amount} Kosten und Zinsen sind erlassen."),
        Language::En => format!("{number}: {amount} of costs and interest are given up."),
    };
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
