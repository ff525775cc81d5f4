//! Contracts: what is invoiced again and again, and what is done with it by command.

mod end;
mod list;
mod pause;
mod show;
mod skip;

use std::path::Path;

use chrono::NaiveDate;
use clap::Subcommand;

use super::outcome::{Failure, Outcome};
use super::terminal::say;
use crate::jobs::office::Office;

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

/// Says what was done, which invoice is the next, and how it is taken back.
fn done(office: &Office, number: &str, what: &str, next_on: Option<NaiveDate>) {
    let language = office.config.owner.language;
    let today = office.day(office.clock.now());
    let next = match next_on {
        Some(day) if day <= today => language
            .say(" Beim nächsten Lauf wird gestellt, was fällig ist.", " What is due is issued at the next run.")
            .to_owned(),
        Some(day) => {
            let day = language.day(day);
            language.say(format!(" Nächste Rechnung: {day}."), format!(" Next invoice: {day}."))
        }
        None => language.say(" Es kommt keine Rechnung mehr.", " No further invoice follows.").to_owned(),
    };
    say(&office.program, &format!("{number}: {what}{next}"));
    let undo = language.say("Zurücknehmen", "To take it back");
    say(&office.program, &format!("{undo}: settled release {number}"));
}
