//! Invoices that were issued, or are issued now.

mod issue;
mod list;
mod pursue;
mod show;
mod validate;
mod waive;
pub mod whole;

use std::path::Path;

use clap::Subcommand;

use super::outcome::{Failure, Outcome};

/// Invoices.
#[derive(Debug, Subcommand)]
pub enum InvoiceCommand {
    List(list::ListOptions),
    Show(show::ShowOptions),
    Issue(issue::IssueOptions),
    Waive(waive::WaiveOptions),
    Pursue(pursue::PursueOptions),
    Validate(validate::ValidateOptions),
}

/// Does what is asked about invoices.
pub async fn invoice(file: &Path, command: &InvoiceCommand) -> Result<Outcome, Failure> {
    match command {
        InvoiceCommand::List(options) => list::list(file, options).await,
        InvoiceCommand::Show(options) => show::show(file, options).await,
        InvoiceCommand::Issue(options) => issue::issue(file, options).await,
        InvoiceCommand::Waive(options) => waive::waive(file, options).await,
        InvoiceCommand::Pursue(options) => pursue::pursue(file, options).await,
        InvoiceCommand::Validate(options) => validate::validate(file, options),
    }
}
