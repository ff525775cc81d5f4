//! Letters that a person delivers, or that are sent once more.

use std::path::Path;

use clap::Args;

use crate::calendar::typed_day;
use crate::cli::opening::{meant_or_typed, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::mailroom::{by_hand, returned};
use crate::jobs::office::Office;

/// Finds what a letter is about as somebody typed it: a number, or a number and a day.
async fn letter_meant(office: &Office, text: &str) -> Result<String, Failure> {
    let day = text.trim().rsplit_once(' ').and_then(|(name, day)| Some((name, typed_day(day).ok()?)));
    match day {
        Some((name, day)) => Ok(format!("{} {day}", meant_or_typed(office, name).await?)),
        None => meant_or_typed(office, text).await,
    }
}

/// Say that you delivered a letter, or found an unclear one among the sent mail.
#[derive(Debug, Args)]
pub struct PostedOptions {
    /// What it is about, as `settled status` says it: RE-2026-0001, or "K-1017 2026-02-02".
    about: String,
}

/// Records that a person delivered a letter.
pub async fn posted(file: &Path, options: &PostedOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let about = letter_meant(&office, &options.about).await?;
    let about = about.as_str();
    by_hand::posted(&office, &office.run(&format!("letter posted {about}")), about).await?;
    let words = office.config.owner.language.say(
        format!("Das Schreiben zu {about} gilt als heute zugestellt."),
        format!("The letter about {about} counts as delivered today."),
    );
    println!("{words}");
    Ok(Outcome::Fine)
}

/// Send a letter again that came back or is unclear.
#[derive(Debug, Args)]
pub struct ResendOptions {
    /// What it is about, as `settled status` says it.
    about: String,
}

/// Sends a letter again.
pub async fn resend(file: &Path, options: &ResendOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let about = letter_meant(&office, &options.about).await?;
    let about = about.as_str();
    returned::resend(&office, &office.run(&format!("letter resend {about}")), about).await?;
    let words = office.config.owner.language.say(
        format!("Das Schreiben zu {about} wird noch einmal gesendet, wenn es dann noch fällig ist."),
        format!("The letter about {about} is sent again, if it is still due then."),
    );
    println!("{words}");
    Ok(Outcome::Fine)
}
