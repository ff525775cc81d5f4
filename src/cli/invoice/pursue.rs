//! Asking for the costs that are left of a paid invoice.

use std::path::Path;

use clap::Args;

use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::jobs::collections::costs_left;
use crate::language::Language;

/// Do not give up the costs and the interest that are left of a paid invoice: you ask for them yourself.
#[derive(Debug, Args)]
pub struct PursueOptions {
    /// The invoice.
    invoice: String,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Records that costs are pursued.
pub async fn pursue(file: &Path, options: &PursueOptions) -> Result<Outcome, Failure> {
    let PursueOptions { invoice: number, reason } = options;
    let office = office(file).await?;
    let run = office.run(&format!("invoice pursue {number}"));
    let left = costs_left::pursue(&office, &run, number, reason).await?;
    let amount = left.amount.with_currency(left.currency, office.config.owner.language);
    let words = match office.config.owner.language {
        Language::De(_) => format!(
            "{number}: {amount} Kosten und Zinsen bleiben offen. settled schreibt dafür allein keine Mahnung; kommt das Geld, sagen Sie \
             `settled assign ZAHLUNG {number}`."
        ),
        Language::En => format!(
            "{number}: {amount} of costs and interest stay open. settled writes no letter for these alone; when the money comes, say \
             `settled assign PAYMENT {number}`."
        ),
    };
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
