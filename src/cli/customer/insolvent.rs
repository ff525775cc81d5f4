//! Recording that a customer is insolvent, or is no more.

use std::path::Path;

use chrono::NaiveDate;
use clap::{ArgGroup, Args};

use crate::calendar::typed_day;
use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::jobs::collections::insolvency;

/// Record that a customer is insolvent: no letters and no invoices from then on.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("when").required(true).args(["since", "ended"]))]
pub struct InsolventOptions {
    /// The number: K-1017.
    number: String,
    /// The first day, as the court's decision says.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    since: Option<NaiveDate>,
    /// It is insolvent no more, or never was.
    #[arg(long)]
    ended: bool,
}

/// Records that a customer is insolvent from a day on; without a day, that it is no more.
pub async fn insolvent(file: &Path, options: &InsolventOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let number = meant(&office, &options.number).await?;
    let number = number.as_str();
    let run = office.run(&format!("customer insolvent {number}"));
    match options.since {
        Some(since) => {
            insolvency::insolvent(&office, &run, number, since).await?;
            println!("{number} is insolvent since {since}: no letters and no invoices.");
            say(&office.program, &format!("The claims up to the day before: settled customer claims {number}"));
        }
        None => {
            insolvency::solvent(&office, &run, number).await?;
            println!("{number} is not insolvent any more; letters and invoices are decided anew.");
        }
    }
    Ok(Outcome::Fine)
}
