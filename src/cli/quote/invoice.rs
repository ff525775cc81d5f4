//! What is ordered is invoiced: in whole, or as deposits, parts and the rest.

use std::path::Path;

use chrono::NaiveDate;
use clap::{ArgGroup, Args, ValueEnum};
use rust_decimal::Decimal;

use super::typed::{number, quantity};
use crate::calendar::typed_day;
use crate::chain::OpenDeposits;
use crate::cli::opening::numbering_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::quotes::invoice as job;
use crate::jobs::quotes::invoice::{Asked, Part};

/// Invoice a deposit on an order.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("how_much").required(true).args(["percent", "amount"]))]
pub struct DepositOptions {
    /// The quote.
    quote: String,
    /// Percent of the whole.
    #[arg(long, value_name = "PERCENT", value_parser = number)]
    percent: Option<Decimal>,
    /// An amount, VAT included.
    #[arg(long, value_name = "AMOUNT")]
    amount: Option<String>,
    /// The day on which the service is expected; its VAT rates count.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    expected_on: Option<NaiveDate>,
}

/// When it was done.
#[derive(Debug, Args)]
struct Service {
    /// The first day of service, where it is not the last.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    service_from: Option<NaiveDate>,
    /// The last day of service; its VAT rates count. Today where nothing is said.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    service_through: Option<NaiveDate>,
}

impl Service {
    fn days(&self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let through = self.service_through.unwrap_or(today);
        (self.service_from.unwrap_or(through).min(through), through)
    }
}

/// Invoice a part of an order that was delivered.
#[derive(Debug, Args)]
pub struct PartialOptions {
    /// The quote.
    quote: String,
    /// A position and how much of it; several are fine.
    #[arg(long = "line", value_name = "ID=QTY", value_parser = quantity, required = true)]
    lines: Vec<(String, Decimal)>,
    #[command(flatten)]
    service: Service,
}

/// Invoice the rest of an order: deposits and partial invoices are deducted.
#[derive(Debug, Args)]
pub struct FinalOptions {
    /// The quote.
    quote: String,
    /// A position and how much of it was delivered in all, where that differs from the order; several are fine.
    #[arg(long = "line", value_name = "ID=QTY", value_parser = quantity)]
    lines: Vec<(String, Decimal)>,
    #[command(flatten)]
    service: Service,
    /// What becomes of deposits that are not paid in full.
    #[arg(long, value_enum)]
    open_deposits: Option<Open>,
}

/// Invoice all of an order at once.
#[derive(Debug, Args)]
pub struct InvoiceOptions {
    /// The quote.
    quote: String,
    /// A position and how much of it was delivered, where that differs from the order; several are fine.
    #[arg(long = "line", value_name = "ID=QTY", value_parser = quantity)]
    lines: Vec<(String, Decimal)>,
    #[command(flatten)]
    service: Service,
}

/// What becomes of deposits that are not paid in full.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Open {
    /// They stay open and are deducted in full.
    Keep,
    /// What is open is taken back, and what was paid is deducted.
    Credit,
}

/// Invoices a deposit.
pub async fn deposit(file: &Path, options: &DepositOptions) -> Result<Outcome, Failure> {
    let advance = match (options.percent, &options.amount) {
        (Some(percent), _) => Asked::Percent(percent),
        (None, amount) => Asked::Amount(amount.clone().unwrap_or_default()),
    };
    let part = |_| Part::Deposit { advance: advance.clone(), expected_on: options.expected_on };
    issue(file, "deposit", &options.quote, part).await
}

/// Invoices a part.
pub async fn partial(file: &Path, options: &PartialOptions) -> Result<Outcome, Failure> {
    let part = |today| Part::Partial { service: options.service.days(today), quantities: options.lines.clone() };
    issue(file, "partial", &options.quote, part).await
}

/// Invoices the rest.
pub async fn last(file: &Path, options: &FinalOptions) -> Result<Outcome, Failure> {
    let open_deposits = options.open_deposits.map(|open| match open {
        Open::Keep => OpenDeposits::Keep,
        Open::Credit => OpenDeposits::Credit,
    });
    let part =
        |today| Part::Final { service: options.service.days(today), quantities: options.lines.clone(), open_deposits };
    issue(file, "final", &options.quote, part).await
}

/// Invoices all of it.
pub async fn invoice(file: &Path, options: &InvoiceOptions) -> Result<Outcome, Failure> {
    let part = |today| Part::Whole { service: options.service.days(today), quantities: options.lines.clone() };
    issue(file, "invoice", &options.quote, part).await
}

async fn issue(file: &Path, verb: &str, name: &str, part: impl Fn(NaiveDate) -> Part) -> Result<Outcome, Failure> {
    let (office, quote) = numbering_office(file, name).await?;
    let run = office.run(&format!("quote {verb} {quote}"));
    let number = job::invoice(&office, &run, &quote, &part(run.today)).await?;
    let mut tx = office.store.read().await?;
    let document = tx.document_by_number(&number).await?;
    let language = office.config.owner.language;
    let amount = document.map(|row| row.gross.with_currency(row.currency, language)).unwrap_or_default();
    let words = language.say(
        format!("{number} über {amount} ist gestellt; sie geht im nächsten Versandfenster hinaus."),
        format!("{number} over {amount} is issued; it leaves in the next sending window."),
    );
    println!("{words}");
    Ok(Outcome::Fine)
}
