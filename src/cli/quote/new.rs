//! The file of a new quote, made of another quote or of an invoice.

use std::io::ErrorKind;
use std::path::Path;

use chrono::{Days, NaiveDate};
use clap::Args;

use crate::book::{EntryKind, positions_of, quote_file, quote_number};
use crate::calendar::typed_day;
use crate::cli::opening::{meant_or_typed, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::command::line;
use crate::invoice::{DocumentKind, Quote};
use crate::jobs::agreements::read::read_book;
use crate::jobs::quotes::chain::Chain;
use crate::jobs::records::document::document_in;
use crate::refusal::QuoteRefusal;
use crate::shell::files;

/// Write the file of a new quote, made of another quote or of an invoice.
#[derive(Debug, Args)]
pub struct NewOptions {
    /// What it is made of: a quote, or an invoice.
    #[arg(long, value_name = "QUOTE|INVOICE")]
    from: String,
    /// The number of the customer, where it is another one.
    #[arg(long, value_name = "NUMBER")]
    customer: Option<String>,
    /// The last day on which it can be accepted; in thirty days where nothing is said.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    valid_until: Option<NaiveDate>,
}

/// For how many days a quote is valid where nothing is said.
const VALID_DAYS: Days = Days::new(30);

/// Writes the file of a new quote.
pub async fn new(file: &Path, options: &NewOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let today = office.day(office.clock.now());
    let from = meant_or_typed(&office, &options.from).await?;
    let mut tx = office.store.read().await?;
    let invoice = tx.document_by_number(&from).await?.filter(|row| row.kind == DocumentKind::Invoice);
    let mut quote = match invoice {
        None => Chain::load(&office, &mut tx, &from).await?.offer.quote,
        Some(row) => {
            let invoice = document_in(&row.model, &row.number)?;
            Quote {
                number: String::new(),
                customer: tx.customer(row.customer_id).await?.number,
                title: invoice.title.clone(),
                valid_until: today,
                discount_percent: invoice.allowances.iter().find_map(|allowance| allowance.percent),
                term_days: None,
                currency: Some(invoice.currency).filter(|currency| *currency != office.config.business.currency),
                order_number: None,
                dunning_policy: None,
                note: None,
                lines: positions_of(&invoice),
            }
        }
    };
    let book = read_book(&office.config, office.today())?.book;
    let mut taken: Vec<String> = tx.contracts().await?.into_iter().map(|row| row.number).collect();
    taken.extend(book.contracts.into_keys().chain(book.one_offs.into_keys()).chain(book.quotes.into_keys()));
    quote.number = quote_number(today, |number| taken.iter().any(|other| other == number));
    quote.valid_until = options.valid_until.unwrap_or(today + VALID_DAYS);
    if let Some(customer) = &options.customer {
        quote.customer = meant_or_typed(&office, customer).await?;
    }
    let written = quote_file(&quote);
    let name = Path::new(&written.path).file_name().unwrap_or_default();
    let folder = office.config.paths.book.join(EntryKind::Quote.folder());
    files::make_folder(&folder).map_err(Failure::world("making"))?;
    let path = folder.join(name);
    files::write_new(&path, written.text.into_bytes()).map_err(|cause| {
        if cause.kind() == ErrorKind::AlreadyExists {
            return Failure::refused(QuoteRefusal::FileThere { file: path.display().to_string() });
        }
        Failure::world("writing")(cause)
    })?;
    let path = path.display();
    let words = office.config.owner.language.say(
        format!("{path} ist geschrieben, als {}. Ändern Sie, was anders sein soll; dann:", quote.number),
        format!("{path} is written, as {}. Change what is to be otherwise; then:", quote.number),
    );
    say(
        &office.program,
        &format!("{words}\n  -> {}\n  -> {}", line(["apply"]), line(["quote", "send", &quote.number])),
    );
    Ok(Outcome::Fine)
}
