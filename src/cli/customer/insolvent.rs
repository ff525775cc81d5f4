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
    let (number, language) = (number.as_str(), office.config.owner.language);
    let run = office.run(&format!("customer insolvent {number}"));
    match options.since {
        Some(since) => {
            insolvency::insolvent(&office, &run, number, since).await?;
            let since = language.day(since);
            let words = language.say(
                format!(
                    "{number} ist seit {since} insolvent: keine Mahnungen und keine Rechnungen.\nDie Forderungen bis zum Vortag: settled \
                     customer claims {number}"
                ),
                format!(
                    "{number} is insolvent since {since}: no letters and no invoices.\nThe claims up to the day before: settled \
                     customer claims {number}"
                ),
            );
            say(&office.program, &words);
        }
        None => {
            insolvency::solvent(&office, &run, number).await?;
            let words = language.say(
                "ist nicht mehr insolvent; über Mahnungen und Rechnungen wird neu entschieden",
                "is not insolvent any more; letters and invoices are decided anew",
            );
            println!("{number} {words}.");
        }
    }
    Ok(Outcome::Fine)
}
