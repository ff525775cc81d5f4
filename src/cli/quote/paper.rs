//! The quote is sent, the order is confirmed.

use std::path::Path;

use clap::Args;

use crate::cli::opening::numbering_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::command::line;
use crate::jobs::quotes::paper;

/// Send a quote to the customer.
#[derive(Debug, Args)]
pub struct SendOptions {
    /// Its number in the book: A-2026-17.
    quote: String,
}

/// Confirm what the customer ordered.
#[derive(Debug, Args)]
pub struct ConfirmOptions {
    /// The quote: A-2026-17, or AN-2026-0001.
    quote: String,
}

/// Sends a quote.
pub async fn send(file: &Path, options: &SendOptions) -> Result<Outcome, Failure> {
    let (office, quote) = numbering_office(file, &options.quote).await?;
    let number = paper::send(&office, &office.run(&format!("quote send {quote}")), &quote).await?;
    let language = office.config.owner.language;
    let words = language.say(
        format!("{quote} geht als {number} hinaus, im nächsten Versandfenster. Sagt der Kunde ja:"),
        format!("{quote} leaves as {number}, in the next sending window. When the customer says yes:"),
    );
    say(&office.program, &format!("{words}\n  -> {}", line(["quote", "accept", &quote])));
    Ok(Outcome::Fine)
}

/// Confirms an order.
pub async fn confirm(file: &Path, options: &ConfirmOptions) -> Result<Outcome, Failure> {
    let (office, quote) = numbering_office(file, &options.quote).await?;
    let number = paper::confirm(&office, &office.run(&format!("quote confirm {quote}")), &quote).await?;
    let words = office.config.owner.language.say(
        format!("{number} bestätigt den Auftrag; sie geht im nächsten Versandfenster hinaus."),
        format!("{number} confirms the order; it leaves in the next sending window."),
    );
    println!("{words}");
    Ok(Outcome::Fine)
}
