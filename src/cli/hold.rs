//! Holding letters about an invoice or to a customer.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;

use super::opening::{meant, office};
use super::outcome::{Failure, Outcome};
use super::terminal::say;
use crate::calendar::typed_day;
use crate::jobs::collections::holds;
use crate::jobs::collections::holds::Act;

/// Write no letters about an invoice or to a customer.
#[derive(Debug, Args)]
pub struct HoldOptions {
    /// An invoice or a customer.
    name: String,
    /// Through this day; without it until it is released.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    until: Option<NaiveDate>,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Holds letters.
pub async fn hold(file: &Path, options: &HoldOptions) -> Result<Outcome, Failure> {
    let HoldOptions { name, until, reason } = options;
    let office = office(file).await?;
    let name = &meant(&office, name).await?;
    holds::act(&office, &office.run(&format!("hold {name}")), Act::Hold, name, *until, reason).await?;
    let language = office.config.owner.language;
    let words = match until.map(|day| language.day(day)) {
        None => language.say(
            format!("Keine Mahnungen zu {name}, bis Sie `settled release {name}` sagen."),
            format!("No letters about {name} until you say `settled release {name}`."),
        ),
        Some(day) => language.spelled(language.say(
            format!("Keine Mahnungen zu {name} bis einschließlich {day}."),
            format!("No letters about {name} through {day}."),
        )),
    };
    say(&office.program, &words);
    Ok(Outcome::Fine)
}
