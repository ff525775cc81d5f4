//! Bank files and accounts.

mod confirm;
mod discard;
mod entries;
mod gaps;
mod import;
mod judge;
mod list;
mod print;
mod reach;
mod rule_test;
mod settle;
mod show;

use std::path::Path;

use clap::Subcommand;

use super::outcome::{Failure, Outcome};

/// Bank files and accounts.
#[derive(Debug, Subcommand)]
pub enum BankCommand {
    Show(show::ShowOptions),
    Import(import::ImportOptions),
    Confirm(confirm::ConfirmOptions),
    Discard(discard::DiscardOptions),
    Gaps(gaps::GapsOptions),
    Settle(settle::SettleOptions),
    #[command(subcommand)]
    Rule(RuleCommand),
    List(list::ListOptions),
}

/// The rules of settled.toml for bookings that concern no invoice (`[[bank.rule]]`).
#[derive(Debug, Subcommand)]
pub enum RuleCommand {
    Test(rule_test::RuleTestOptions),
}

/// Does what is asked with bank files.
pub async fn bank(file: &Path, command: &BankCommand) -> Result<Outcome, Failure> {
    match command {
        BankCommand::Show(options) => show::show(file, options),
        BankCommand::Import(options) => import::import(file, options).await,
        BankCommand::Confirm(options) => confirm::confirm(file, options).await,
        BankCommand::Discard(options) => discard::discard(file, options).await,
        BankCommand::Gaps(options) => gaps::gaps(file, options).await,
        BankCommand::Settle(options) => settle::settle(file, options).await,
        BankCommand::Rule(RuleCommand::Test(options)) => rule_test::rule_test(file, options).await,
        BankCommand::List(options) => list::list(file, options).await,
    }
}
