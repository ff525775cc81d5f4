//! Invoices that were issued, or are issued now.

mod accept_discount;
mod cancel;
mod claim_discount;
mod corrected;
mod credit;
mod issue;
mod list;
mod pursue;
pub mod show;
mod validate;
mod waive;
pub mod whole;
mod writeoff;

use std::path::Path;

use clap::Subcommand;

use super::outcome::{Failure, Outcome};

/// Invoices.
#[derive(Debug, Subcommand)]
pub enum InvoiceCommand {
    List(list::ListOptions),
    Show(show::ShowOptions),
    Issue(issue::IssueOptions),
    Cancel(cancel::CancelOptions),
    Credit(credit::CreditOptions),
    Writeoff(writeoff::WriteoffOptions),
    Waive(waive::WaiveOptions),
    Pursue(pursue::PursueOptions),
    Validate(validate::ValidateOptions),
    AcceptDiscount(accept_discount::AcceptDiscountOptions),
    ClaimDiscount(claim_discount::ClaimDiscountOptions),
}

/// Does what is asked about invoices.
pub async fn invoice(file: &Path, command: &InvoiceCommand) -> Result<Outcome, Failure> {
    match command {
        InvoiceCommand::List(options) => list::list(file, options).await,
        InvoiceCommand::Show(options) => show::show(file, options).await,
        InvoiceCommand::Issue(options) => issue::issue(file, options).await,
        InvoiceCommand::Cancel(options) => cancel::cancel(file, options).await,
        InvoiceCommand::Credit(options) => credit::credit(file, options).await,
        InvoiceCommand::Writeoff(options) => writeoff::writeoff(file, options).await,
        InvoiceCommand::Waive(options) => waive::waive(file, options).await,
        InvoiceCommand::Pursue(options) => pursue::pursue(file, options).await,
        InvoiceCommand::Validate(options) => validate::validate(file, options),
        InvoiceCommand::AcceptDiscount(options) => accept_discount::accept_discount(file, options).await,
        InvoiceCommand::ClaimDiscount(options) => claim_discount::claim_discount(file, options).await,
    }
}
