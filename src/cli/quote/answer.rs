//! What the customer says to a quote, and for how long he may.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;

use crate::calendar::typed_day;
use crate::cli::opening::{meant_or_typed, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::command::line;
use crate::jobs::quotes::answer;

/// The customer may accept a quote for longer.
#[derive(Debug, Args)]
pub struct ExtendOptions {
    /// The quote.
    quote: String,
    /// The last day now.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    until: NaiveDate,
}

/// The customer accepted a quote.
#[derive(Debug, Args)]
pub struct AcceptOptions {
    /// The quote.
    quote: String,
    /// An optional or alternative position that he chose; several are fine.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    choose: Vec<String>,
}

/// The customer declined a quote.
#[derive(Debug, Args)]
pub struct DeclineOptions {
    /// The quote.
    quote: String,
    /// Why, in his words.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Extends a quote.
pub async fn extend(file: &Path, options: &ExtendOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let quote = meant_or_typed(&office, &options.quote).await?;
    let run = office.run(&format!("quote extend {quote}"));
    let quote = answer::extend(&office, &run, &quote, options.until).await?;
    let language = office.config.owner.language;
    let until = language.day(options.until);
    println!(
        "{}",
        language.say(
            format!("{quote} kann bis zum {until} angenommen werden. Sagen Sie es dem Kunden; sein Papier nennt noch den früheren Tag."),
            format!("{quote} can be accepted until {until}. Tell the customer; the paper still names the earlier day."),
        )
    );
    Ok(Outcome::Fine)
}

/// Accepts a quote.
pub async fn accept(file: &Path, options: &AcceptOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let quote = meant_or_typed(&office, &options.quote).await?;
    let run = office.run(&format!("quote accept {quote}"));
    let quote = answer::accept(&office, &run, &quote, &options.choose).await?;
    let words = office.config.owner.language.say(
        format!("{quote} ist angenommen. Bestätigen, eine Anzahlung verlangen oder abrechnen:"),
        format!("{quote} is accepted. To confirm it, to ask for a deposit, or to invoice it:"),
    );
    let next = [
        line(["quote", "confirm", &quote]),
        line(["quote", "deposit", &quote, "--percent", "30"]),
        line(["quote", "invoice", &quote]),
    ];
    let next: String = next.iter().map(|command| format!("\n  -> {command}")).collect();
    say(&office.program, &(words + &next));
    Ok(Outcome::Fine)
}

/// Declines a quote.
pub async fn decline(file: &Path, options: &DeclineOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let quote = meant_or_typed(&office, &options.quote).await?;
    let run = office.run(&format!("quote decline {quote}"));
    let quote = answer::decline(&office, &run, &quote, &options.reason).await?;
    let words = office.config.owner.language.say(format!("{quote} ist abgelehnt."), format!("{quote} is declined."));
    println!("{words}");
    Ok(Outcome::Fine)
}
