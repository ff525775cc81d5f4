//! Skipping a period of a contract.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;

use super::done::done;
use crate::calendar::typed_day;
use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::billing::by_command;

/// Skip one period of a contract: it is not invoiced.
#[derive(Debug, Args)]
pub struct SkipOptions {
    /// The contract: V-12.
    number: String,
    /// A day of service in that period; without it the next one that is not invoiced.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    period: Option<NaiveDate>,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Skips a period.
pub async fn skip(file: &Path, options: &SkipOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let number = meant(&office, &options.number).await?;
    let run = office.run(&format!("contract skip {number}"));
    let (next_on, period) = by_command::skip(&office, &run, &number, options.period, &options.reason).await?;
    let language = office.config.owner.language;
    let service = language.period(period.starts_on, period.ends_on);
    let what = language.say(format!("{service} wird nicht berechnet."), format!("{service} is not invoiced."));
    done(&office, &number, &what, next_on);
    Ok(Outcome::Fine)
}
