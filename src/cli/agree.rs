//! What was agreed with a customer about one invoice, by phone or in any other way.

use std::path::Path;

use chrono::NaiveDate;
use clap::{ArgGroup, Args};
use rust_decimal::Decimal;

use super::opening::{meant, office};
use super::outcome::{Failure, Outcome};
use super::terminal::say;
use crate::calendar::typed_day;
use crate::jobs::receipts::agree::{self, Agreement};

/// A Skonto was agreed on an issued invoice: paid by that day, so much less is enough.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["discount", "withdraw"]))]
pub struct AgreeOptions {
    /// The invoice.
    invoice: String,
    /// How much of the gross amount need not be paid: 5%.
    #[arg(long, value_name = "PERCENT", value_parser = typed_percent, requires = "until", requires = "with")]
    discount: Option<Decimal>,
    /// The last day on which that is enough; `matching.discount_grace_days` are added, as for any Skonto.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    until: Option<NaiveDate>,
    /// With whom it was agreed.
    #[arg(long, value_name = "NAME")]
    with: Option<String>,
    /// Take back what was agreed.
    #[arg(long, conflicts_with_all = ["until", "with"])]
    withdraw: bool,
    /// Why, or what else was said.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Reads a percentage as people write it: `5%`, `2,5 %`, `5`.
fn typed_percent(text: &str) -> Result<Decimal, String> {
    let number = text.trim().trim_end_matches('%').trim().replace(',', ".");
    Decimal::from_str_exact(&number).map_err(|_| format!("`{text}` is no percentage such as 5%"))
}

/// Records what was agreed, or takes it back.
pub async fn agree(file: &Path, options: &AgreeOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let invoice = meant(&office, &options.invoice).await?;
    let run = office.run(&format!("agree {invoice}"));
    let language = office.config.owner.language;
    let (Some(percent), Some(until)) = (options.discount, options.until) else {
        agree::withdraw(&office, &run, &invoice, &options.reason).await?;
        let words = language.say(
            format!("{invoice}: der vereinbarte Nachlass gilt nicht mehr."),
            format!("{invoice}: what was agreed to be taken off counts no more."),
        );
        println!("{words}");
        return Ok(Outcome::Fine);
    };
    let with = options.with.clone().unwrap_or_default();
    let agreement = Agreement { percent, until, with, reason: options.reason.clone() };
    let agreed = agree::agree(&office, &run, &invoice, &agreement).await?;
    let (to_pay, day) = (agreed.to_pay.with_currency(agreed.currency, language), language.day(until));
    let words = language.say(
        format!("{invoice}: mit {to_pay} bis {day} ist sie bezahlt. Zurücknehmen: settled agree {invoice} --withdraw"),
        format!("{invoice}: {to_pay} by {day} pay it. To take that back: settled agree {invoice} --withdraw"),
    );
    say(&office.program, &words);
    if agreed.due_on < until {
        let promise = format!("settled promise {invoice} --until {until}");
        let words = language.say(
            format!("Gemahnt wird trotzdem; damit bis {day} nichts hinausgeht: {promise}"),
            format!("Letters leave all the same; for none until {day}: {promise}"),
        );
        say(&office.program, &words);
    }
    Ok(Outcome::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_read_as_people_write_them() {
        for (text, percent) in [("5%", "5"), ("2,5 %", "2.5"), (" 3 ", "3"), ("12.25%", "12.25")] {
            assert_eq!(typed_percent(text).unwrap().to_string(), percent, "{text}");
        }
        for text in ["", "%", "five", "5%%x", "1,2,3"] {
            assert!(typed_percent(text).is_err(), "{text}");
        }
    }
}
