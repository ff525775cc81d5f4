//! Giving up what is open of an invoice.

use std::path::Path;

use clap::{Args, ValueEnum};

use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::fact::WriteoffReason;
use crate::jobs::corrections::write_off as job;

/// Why it is given up.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Reason {
    /// Nobody will get it.
    Uncollectible,
    /// You waive it.
    Waived,
    /// It is not worth a letter.
    Small,
}

/// Give up what is open of an invoice: no letter asks for it any more, and the customer is not told.
#[derive(Debug, Args)]
pub struct WriteoffOptions {
    /// The invoice.
    invoice: String,
    /// Why; it decides how the accountant books it.
    #[arg(long)]
    reason: Reason,
    /// How much of it; nothing: all that is open.
    #[arg(long)]
    amount: Option<String>,
    /// The VAT is not corrected with it.
    #[arg(long)]
    without_vat: bool,
}

/// Gives up what is open.
pub async fn writeoff(file: &Path, options: &WriteoffOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let number = meant(&office, &options.invoice).await?;
    let run = office.run(&format!("invoice writeoff {number}"));
    let reason = match options.reason {
        Reason::Uncollectible => WriteoffReason::Uncollectible,
        Reason::Waived => WriteoffReason::Waived,
        Reason::Small => WriteoffReason::Small,
    };
    let amount = options.amount.as_deref();
    let given_up = job::write_off(&office, &run, &number, amount, (reason, !options.without_vat)).await?;
    let language = office.config.owner.language;
    let (amount, open) = (
        given_up.amount.with_currency(given_up.currency, language),
        given_up.open.with_currency(given_up.currency, language),
    );
    let words = language.say(
        format!("{number}: {amount} sind abgeschrieben, {open} bleiben offen. Kommt das Geld noch, gilt es."),
        format!("{number}: {amount} are written off, {open} stay open. Should the money still come, it counts."),
    );
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
