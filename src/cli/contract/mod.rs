//! Contracts: what is invoiced again and again, and what is done with it by command.

mod done;
mod end;
mod list;
mod pause;
mod show;
mod skip;

use std::path::Path;

use clap::Subcommand;

use super::outcome::{Failure, Outcome};

/// Contracts: list and show them, end or pause one, skip a period. The book stays as it is; `settled release` takes it back.
#[derive(Debug, Subcommand)]
pub enum ContractCommand {
    List(list::ListOptions),
    Show(show::ShowOptions),
    End(end::EndOptions),
    Pause(pause::PauseOptions),
    Skip(skip::SkipOptions),
}

/// Does what is asked about contracts.
pub async fn contract(file: &Path, command: &ContractCommand) -> Result<Outcome, Failure> {
    match command {
        ContractCommand::List(options) => list::list(file, options).await,
        ContractCommand::Show(options) => show::show(file, options).await,
        ContractCommand::End(options) => end::end(file, options).await,
        ContractCommand::Pause(options) => pause::pause(file, options).await,
        ContractCommand::Skip(options) => skip::skip(file, options).await,
    }
}
