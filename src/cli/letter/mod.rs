//! Letters that a person delivers or that came back, and the mail they leave by.

mod by_hand;
mod print;
mod test_mail;

use std::path::Path;

use clap::Subcommand;

use super::outcome::{Failure, Outcome};

/// Letters that a person delivers, or that came back.
#[derive(Debug, Subcommand)]
pub enum LetterCommand {
    Print(print::PrintOptions),
    Posted(by_hand::PostedOptions),
    Resend(by_hand::ResendOptions),
}

/// Mail.
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Send a mail to the owner, and explain what is wrong if that fails.
    Test,
}

/// Does what is asked with letters.
pub async fn letter(file: &Path, command: &LetterCommand) -> Result<Outcome, Failure> {
    match command {
        LetterCommand::Print(options) => print::print(file, options).await,
        LetterCommand::Posted(options) => by_hand::posted(file, options).await,
        LetterCommand::Resend(options) => by_hand::resend(file, options).await,
    }
}

/// Does what is asked with mail.
pub async fn mail(file: &Path, command: &MailCommand) -> Result<Outcome, Failure> {
    match command {
        MailCommand::Test => test_mail::test(file).await,
    }
}
