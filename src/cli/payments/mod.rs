//! Payments, and what they go to.

pub mod assign;
mod ignore;
mod list;
mod record;
pub mod refund;
mod split;
pub mod unassign;

use std::path::Path;

use clap::{Args, Subcommand};

use super::outcome::{Failure, Outcome};

/// Show payments and what they went to; record one, split one, or decide that one concerns no invoice.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct PaymentsOptions {
    #[command(flatten)]
    list: list::ListOptions,
    #[command(subcommand)]
    command: Option<PaymentsCommand>,
}

/// What can be done with payments.
#[derive(Debug, Subcommand)]
pub enum PaymentsCommand {
    Record(record::RecordOptions),
    Split(split::SplitOptions),
    Ignore(ignore::IgnoreOptions),
}

/// Shows payments, or does what is asked with them.
pub async fn payments(file: &Path, options: &PaymentsOptions) -> Result<Outcome, Failure> {
    match &options.command {
        None => list::list(file, &options.list).await,
        Some(PaymentsCommand::Record(options)) => record::record(file, options).await,
        Some(PaymentsCommand::Split(options)) => split::split(file, options).await,
        Some(PaymentsCommand::Ignore(options)) => ignore::ignore(file, options).await,
    }
}
