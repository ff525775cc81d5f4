//! What waits for a person, as PDFs.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::opening::{reading_office, workers};
use crate::cli::outcome::{Failure, Outcome};
use crate::command::line;
use crate::customer::Delivery;
use crate::jobs::mailroom::print;
use crate::jobs::mailroom::print::Printed;
use crate::jobs::office::Office;

/// Write the letters that wait for post or portal: a PDF for each, with the address in the window, and behind it what it encloses.
#[derive(Debug, Args)]
pub struct PrintOptions {
    /// Into which folder; without it the print folder of the configuration, which the daemon fills by itself.
    folder: Option<PathBuf>,
}

/// Writes the letters that wait for a person.
pub async fn print(file: &Path, options: &PrintOptions) -> Result<Outcome, Failure> {
    let mut office = reading_office(file).await?;
    // A letter and what it encloses become one file.
    office.renderer = workers();
    let language = office.config.owner.language;
    let folder = options.folder.as_ref().unwrap_or(&office.config.paths.print);
    let (printed, failed) = print::print(&office, folder).await?;
    if printed.is_empty() && failed.is_none() {
        let words = language.say("Kein Schreiben wartet auf Post oder Portal.", "No letter waits for post or portal.");
        println!("{words}");
        return Ok(Outcome::Fine);
    }
    for letter in &printed {
        let way = match letter.delivery {
            Delivery::Portal => language.say("für das Portal von", "for the portal of"),
            Delivery::Post | Delivery::Mail => language.say("mit der Post an", "to post to"),
        };
        println!("{} {way} {}", letter.about, letter.name);
        match &letter.file {
            Some(path) => println!("  {}", path.display()),
            None => {
                let words = language.say(
                    "die Bücher haben kein Papier davon; es wurde simuliert",
                    "the books hold no paper of it; it was simulated",
                );
                println!("  {words}");
            }
        }
    }
    if !printed.is_empty() {
        say_so(&office, &printed);
    }
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(Outcome::Fine),
    }
}

/// Names the commands for when they have left.
fn say_so(office: &Office, printed: &[Printed]) {
    let language = office.config.owner.language;
    println!("\n{}", language.say("Wenn sie hinausgegangen sind, sagen Sie es:", "Say so when they have left:"));
    for letter in printed {
        println!("  {}", office.program.spell(&line(["letter", "posted", &letter.about])));
    }
}
