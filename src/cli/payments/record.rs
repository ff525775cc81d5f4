//! Recording a payment that no bank file tells of.

use std::path::Path;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::assign::{RestOption, documents_meant, say_assigned};
use crate::calendar::typed_day;
use crate::cli::opening::office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::say;
use crate::jobs::receipts::matching::match_payments;
use crate::jobs::receipts::record::{PaidBy, Recorded, record as record_payment};
use crate::money::Currency;

/// How a payment was made that no bank file tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ByOption {
    /// In cash.
    Cash,
    /// By card, or through a payment service that pays it out later.
    Card,
    /// Into an account whose statements settled does not read.
    Account,
}

impl From<ByOption> for PaidBy {
    fn from(option: ByOption) -> PaidBy {
        match option {
            ByOption::Cash => PaidBy::Cash,
            ByOption::Card => PaidBy::Card,
            ByOption::Account => PaidBy::OtherAccount,
        }
    }
}

/// Record a payment that no bank file tells of: cash, a card, another account.
#[derive(Debug, Args)]
pub struct RecordOptions {
    /// How much: 119.00.
    amount: String,
    /// What it pays: RE-2026-0001, or RE-2026-0001=50.00 for a part; or whose it is: K-1017. Without any the matcher looks at payer and note.
    #[arg(value_name = "DOCUMENT[=AMOUNT]|CUSTOMER")]
    documents: Vec<String>,
    /// How it was paid.
    #[arg(long, value_enum)]
    by: ByOption,
    /// The day; without it today.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    on: Option<NaiveDate>,
    /// The currency; without it that of the business.
    #[arg(long)]
    currency: Option<Currency>,
    /// Who paid.
    #[arg(long)]
    payer: Option<String>,
    /// What there is to say of it.
    #[arg(long)]
    note: Option<String>,
    /// The key of another system's line; the same key is recorded once.
    #[arg(long)]
    key: Option<String>,
    /// What happens to what is left of the payment or of the documents.
    #[arg(long, value_enum, default_value = "open")]
    rest: RestOption,
}

/// Records a payment.
pub async fn record(file: &Path, options: &RecordOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let wanted = documents_meant(&office, &options.documents).await?;
    let run = office.run(&format!("payments record {} {}", options.amount, options.documents.join(" ")));
    let recorded = Recorded {
        by: options.by.into(),
        on: options.on.unwrap_or(run.today),
        amount: options.amount.clone(),
        currency: options.currency.unwrap_or(office.config.business.currency),
        payer: options.payer.clone(),
        note: options.note.clone(),
        key: options.key.clone(),
    };
    let outcome = record_payment(&office, &run, &recorded, &wanted, options.rest.into()).await?;
    let (payment, language) = (outcome.payment, office.config.owner.language);
    match &outcome.assigned {
        _ if outcome.known => {
            let words = language.say(
                "ist mit diesem Schlüssel schon erfasst; nichts wurde doppelt gebucht",
                "was recorded with this key before; nothing was booked twice",
            );
            println!("{payment} {words}.");
        }
        Some(assigned) => say_assigned(payment, assigned, &office),
        None => {
            match_payments(&office, &office.run("match")).await?;
            let words = language.say(
                format!("{payment} ist erfasst; was daraus wurde: settled why {payment}"),
                format!("{payment} is recorded; what became of it: settled why {payment}"),
            );
            say(&office.program, &words);
        }
    }
    Ok(Outcome::Fine)
}
