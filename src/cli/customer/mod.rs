//! Customers: what they owe, and what is to be said of them.

mod claims;
mod forget_iban;
mod insolvent;
mod late_discount;
mod list;
mod note;
mod show;

use std::path::Path;

use clap::Subcommand;

use super::outcome::{Failure, Outcome};

/// Customers: what they owe, how late they pay, and whether they are insolvent.
#[derive(Debug, Subcommand)]
pub enum CustomerCommand {
    List(list::ListOptions),
    ForgetIban(forget_iban::ForgetIbanOptions),
    Show(show::ShowOptions),
    Insolvent(insolvent::InsolventOptions),
    Claims(claims::ClaimsOptions),
    LateDiscount(late_discount::LateDiscountOptions),
    Note(note::NoteOptions),
}

/// Does what is asked about customers.
pub async fn customer(file: &Path, command: &CustomerCommand) -> Result<Outcome, Failure> {
    match command {
        CustomerCommand::List(options) => list::list(file, options).await,
        CustomerCommand::ForgetIban(options) => forget_iban::forget_iban(file, options).await,
        CustomerCommand::Show(options) => show::show(file, options).await,
        CustomerCommand::Insolvent(options) => insolvent::insolvent(file, options).await,
        CustomerCommand::Claims(options) => claims::claims(file, options).await,
        CustomerCommand::LateDiscount(options) => late_discount::late_discount(file, options).await,
        CustomerCommand::Note(options) => note::note(file, options).await,
    }
}
