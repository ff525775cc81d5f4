//! A note on a customer.

use std::path::Path;

use clap::Args;

use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::jobs::owner::note::note as write_note;

/// Note something about a customer: what was said by phone, and what else is to be remembered. It stands in the history.
#[derive(Debug, Args)]
pub struct NoteOptions {
    /// The number: K-1017.
    number: String,
    /// What is to be remembered.
    text: String,
}

/// Writes a note on a customer.
pub async fn note(file: &Path, options: &NoteOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let number = meant(&office, &options.number).await?;
    write_note(&office, &office.run(&format!("customer note {number}")), &number, &options.text).await?;
    let words = office.config.owner.language.say(
        format!("Notiert; sie steht im Verlauf: settled customer show {number}"),
        format!("Noted; it stands in the history: settled customer show {number}"),
    );
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
