//! Pausing a contract.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;

use super::done::done;
use crate::calendar::typed_day;
use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::billing::by_command;

/// Pause a contract: periods that begin within the pause are skipped for good.
#[derive(Debug, Args)]
pub struct PauseOptions {
    /// The contract: V-12.
    number: String,
    /// The first day of the pause; without it today.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    from: Option<NaiveDate>,
    /// The last day of the pause; without it until it is released.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    until: Option<NaiveDate>,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Pauses a contract.
pub async fn pause(file: &Path, options: &PauseOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let number = meant(&office, &options.number).await?;
    let run = office.run(&format!("contract pause {number}"));
    let from = options.from.unwrap_or(run.today);
    let next_on = by_command::pause(&office, &run, &number, (from, options.until), &options.reason).await?;
    let language = office.config.owner.language;
    let first = language.day(from);
    let what = match options.until.map(|day| language.day(day)) {
        Some(last) => language.say(
            format!("Zeiträume, die vom {first} bis {last} beginnen, werden nicht berechnet."),
            format!("periods that begin from {first} through {last} are not invoiced."),
        ),
        None => language.say(
            format!("Zeiträume, die ab {first} beginnen, werden nicht berechnet."),
            format!("periods that begin from {first} on are not invoiced."),
        ),
    };
    done(&office, &number, &what, next_on);
    Ok(Outcome::Fine)
}
