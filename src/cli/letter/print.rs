//! What waits for a person, as PDFs.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::command::line;
use crate::customer::Delivery;
use crate::jobs::mailroom::print;

/// Write the letters that wait for post or portal: a PDF for each, with the address in the window, and what it encloses.
#[derive(Debug, Args)]
pub struct PrintOptions {
    /// Into which folder; without it the print folder of the configuration, which the daemon fills by itself.
    folder: Option<PathBuf>,
}

/// Writes the letters that wait for a person.
pub async fn print(file: &Path, options: &PrintOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let folder = options.folder.as_ref().unwrap_or(&office.config.paths.print);
    let printed = print::print(&office, folder).await?;
    if printed.is_empty() {
        println!("No letter waits for post or portal.");
        return Ok(Outcome::Fine);
    }
    for letter in &printed {
        let way = match letter.delivery {
            Delivery::Portal => "for the portal of",
            Delivery::Post | Delivery::Mail => "to post to",
        };
        println!("{} {way} {}", letter.about, letter.name);
        if letter.files.is_empty() {
            println!("  the books hold no paper of it; it was simulated");
        }
        letter.files.iter().for_each(|path| println!("  {}", path.display()));
    }
    println!("\nSay so when they have left:");
    for letter in &printed {
        println!("  {}", office.program.spell(&line(["letter", "posted", &letter.about])));
    }
    Ok(Outcome::Fine)
}
