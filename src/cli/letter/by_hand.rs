//! Letters that a person delivers, or that are sent once more.

use std::path::Path;

use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::acts;

/// Records that a person delivered a letter.
pub async fn posted(file: &Path, about: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    acts::posted(&office, &office.run(&format!("letter posted {about}")), about).await?;
    println!("The letter about {about} counts as delivered today.");
    Ok(Outcome::Fine)
}

/// Sends a letter again.
pub async fn resend(file: &Path, about: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    acts::resend(&office, &office.run(&format!("letter resend {about}")), about).await?;
    println!("The letter about {about} is sent again, if it is still due then.");
    Ok(Outcome::Fine)
}
