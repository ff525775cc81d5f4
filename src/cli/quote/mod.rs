//! Quotes, and what is ordered and invoiced of them.

mod answer;
mod invoice;
mod list;
mod new;
mod paper;
mod show;
mod typed;

use std::path::Path;

use clap::Subcommand;

use super::outcome::{Failure, Outcome};

/// Quotes, orders, and what is invoiced of them.
#[derive(Debug, Subcommand)]
pub enum QuoteCommand {
    List(list::ListOptions),
    Show(show::ShowOptions),
    New(new::NewOptions),
    Send(paper::SendOptions),
    Extend(answer::ExtendOptions),
    Accept(answer::AcceptOptions),
    Decline(answer::DeclineOptions),
    Confirm(paper::ConfirmOptions),
    Deposit(invoice::DepositOptions),
    Partial(invoice::PartialOptions),
    Final(invoice::FinalOptions),
    Invoice(invoice::InvoiceOptions),
}

/// Does what is asked about quotes.
pub async fn quote(file: &Path, command: &QuoteCommand) -> Result<Outcome, Failure> {
    match command {
        QuoteCommand::List(options) => list::list(file, options).await,
        QuoteCommand::Show(options) => show::show(file, options).await,
        QuoteCommand::New(options) => new::new(file, options).await,
        QuoteCommand::Send(options) => paper::send(file, options).await,
        QuoteCommand::Extend(options) => answer::extend(file, options).await,
        QuoteCommand::Accept(options) => answer::accept(file, options).await,
        QuoteCommand::Decline(options) => answer::decline(file, options).await,
        QuoteCommand::Confirm(options) => paper::confirm(file, options).await,
        QuoteCommand::Deposit(options) => invoice::deposit(file, options).await,
        QuoteCommand::Partial(options) => invoice::partial(file, options).await,
        QuoteCommand::Final(options) => invoice::last(file, options).await,
        QuoteCommand::Invoice(options) => invoice::invoice(file, options).await,
    }
}
