//! What the owner says of a bank file that is not booked: nothing of it is missing.

use std::path::Path;

use clap::Args;

use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::bank::discard::discard as discard_file;

/// Say that nothing is missing of a bank file that is not booked: letters wait for it no more.
#[derive(Debug, Args)]
pub struct DiscardOptions {
    /// The file, as `settled bank list` names it.
    file: String,
    /// Why: "a test file of the bank".
    #[arg(long, value_name = "WHY")]
    reason: String,
}

/// Discards a bank file.
pub async fn discard(file: &Path, options: &DiscardOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let run = office.run(&format!("bank discard {}", options.file));
    let names = discard_file(&office, &run, &options.file, &options.reason).await?;
    for name in names {
        println!(
            "{name} {}",
            office.config.owner.language.say(
                "ist verworfen; Mahnungen warten nicht mehr darauf.",
                "is discarded; letters do not wait for it any more."
            )
        );
    }
    Ok(Outcome::Fine)
}
