//! Letters that a person delivers, or that are sent once more.

use std::path::Path;

use clap::Args;

use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::mailroom::{by_hand, returned};

/// Say that you delivered a letter, or found an unclear one among the sent mail.
#[derive(Debug, Args)]
pub struct PostedOptions {
    /// What it is about, as `settled status` says it: RE-2026-0001, or "K-1017 2026-02-02".
    about: String,
}

/// Records that a person delivered a letter.
pub async fn posted(file: &Path, options: &PostedOptions) -> Result<Outcome, Failure> {
    let about = options.about.as_str();
    let office = office(file).await?;
    by_hand::posted(&office, &office.run(&format!("letter posted {about}")), about).await?;
    println!("The letter about {about} counts as delivered today.");
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
    let about = options.about.as_str();
    let office = office(file).await?;
    returned::resend(&office, &office.run(&format!("letter resend {about}")), about).await?;
    println!("The letter about {about} is sent again, if it is still due then.");
    Ok(Outcome::Fine)
}
