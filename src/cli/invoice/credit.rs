//! Crediting a part of an invoice.

use std::path::Path;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args};
use rust_decimal::Decimal;

use super::corrected::told;
use crate::cli::opening::{meant, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::fact::Subject;
use crate::invoice::Extent;
use crate::jobs::corrections::take_back;
use crate::jobs::records::name::find;
use crate::money::Amount;
use crate::refusal::{NameRefusal, PaymentRefusal};

/// Credit a part of an invoice (Rechnungskorrektur): the credit note goes to the customer and is set against what is open; what was
/// paid of it becomes his credit.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("extent").required(true).multiple(false)))]
pub struct CreditOptions {
    /// The invoice.
    invoice: String,
    /// A line of it, by its place from 1, and how much of it: 2, or 2=1.5. May be given several times.
    #[arg(long = "line", value_name = "N[=QTY]", group = "extent", value_parser = line)]
    lines: Vec<(usize, Option<Decimal>)>,
    /// Percent of it.
    #[arg(long, group = "extent", value_parser = percent)]
    percent: Option<Decimal>,
    /// An amount with VAT, spread over its rates.
    #[arg(long, group = "extent")]
    amount: Option<String>,
    /// All that is left of it.
    #[arg(long, group = "extent")]
    rest: bool,
    /// Why: for you and your accountant.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    reason: String,
}

/// Credits a part of an invoice.
pub async fn credit(file: &Path, options: &CreditOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let number = meant(&office, &options.invoice).await?;
    let extent = match (&options.amount, options.percent) {
        (Some(text), _) => {
            let mut tx = office.store.read().await?;
            let Subject::Document(id) = find(&mut tx, &number).await?.subject else {
                return Err(Failure::refused(NameRefusal::NoInvoice { name: number }));
            };
            let currency = tx.document(id).await?.currency;
            let amount = Amount::typed(text, currency);
            Extent::Amount(amount.map_err(|why| Failure::refused(PaymentRefusal::Amount { why }))?)
        }
        (None, Some(percent)) => Extent::Percent(percent),
        (None, None) if options.rest => Extent::Rest,
        (None, None) => Extent::Lines(options.lines.clone()),
    };
    let run = office.run(&format!("invoice credit {number}"));
    let credited = take_back::credit(&office, &run, &number, &extent, &options.reason).await?;
    let language = office.config.owner.language;
    let (number, by) = (&credited.invoice, &credited.number);
    let what = language.say(format!("{number} ist berichtigt, mit {by}"), format!("{number} is credited, by {by}"));
    say(&office.program, &told(&what, &credited, language));
    Ok(Outcome::Fine)
}

fn percent(text: &str) -> Result<Decimal, String> {
    text.replace(',', ".").parse().map_err(|_| format!("`{text}` is no number"))
}

fn line(text: &str) -> Result<(usize, Option<Decimal>), String> {
    let (place, quantity) = text.split_once('=').map_or((text, None), |(place, quantity)| (place, Some(quantity)));
    let place = place.trim().parse().map_err(|_| format!("`{place}` is no place of a line, such as 2"))?;
    Ok((place, quantity.map(percent).transpose()?))
}
