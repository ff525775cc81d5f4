//! Ending a contract.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;

use super::done::done;
use crate::calendar::typed_day;
use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::jobs::billing::by_command;

/// End a contract: nothing is invoiced for days of service after this one.
#[derive(Debug, Args)]
pub struct EndOptions {
    /// The contract: V-12.
    number: String,
    /// The last day of service.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    on: NaiveDate,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Ends a contract.
pub async fn end(file: &Path, options: &EndOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let number = meant(&office, &options.number).await?;
    let run = office.run(&format!("contract end {number}"));
    let (next_on, beyond) = by_command::end(&office, &run, &number, options.on, &options.reason).await?;
    let language = office.config.owner.language;
    let day = language.day(options.on);
    let what =
        language.say(format!("letzter Leistungstag ist der {day}."), format!("its last day of service is {day}."));
    done(&office, &number, &what, next_on);
    for part in beyond {
        let (invoice, through) = (&part.invoice.number, language.day(part.invoice.ends_on));
        let cost = part.amount.with_currency(part.invoice.currency, language);
        let days = language.count(usize::try_from(part.days).unwrap_or(0), ("Tag", "Tage"), ("day", "days"));
        let words = language.say(
            format!("{invoice} reicht bis {through}, {days} darüber hinaus ({cost}). Gutschreiben: settled invoice credit {invoice} --reason …"),
            format!("{invoice} reaches through {through}, {days} beyond it ({cost}). To credit that: settled invoice credit {invoice} --reason …"),
        );
        say(&office.program, &words);
    }
    Ok(Outcome::Fine)
}
