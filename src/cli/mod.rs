//! The command line: what is asked is read here, done by jobs, and said in words or JSON. Each command is a file with its options and
//! what runs it; a noun with several of them is a folder.

mod agree;
mod bank;
mod book;
mod cells;
mod contract;
mod customer;
mod demo;
mod diary;
mod dispute;
mod golive;
mod handover;
mod hold;
mod init;
mod invoice;
mod letter;
mod move_in;
mod opening;
mod outcome;
mod paper;
mod pause;
mod payments;
mod preview;
mod promise;
mod quote;
mod release;
mod simulate;
mod status;
mod summary;
mod terminal;
mod verify;
mod why;
mod wrapped;

use std::io::{IsTerminal as _, stderr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::opening::program;
use self::outcome::{Failure, Outcome};
use crate::command::USUAL;
use crate::shell::config::owner_language;
use crate::shell::render;

/// settled issues recurring invoices, reads the bank's statements, matches payments, reminds whoever is late, and tells its owner.
#[derive(Debug, Parser)]
#[command(name = "settled", version, max_term_width = 100)]
struct Args {
    /// The configuration.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "SETTLED_CONFIG",
        default_value = USUAL
    )]
    config: PathBuf,
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

/// The commands. What each is for, and what it takes, stands where it is done.
#[derive(Debug, Subcommand)]
enum Command {
    Init(Box<init::InitOptions>),
    Demo(demo::DemoOptions),
    Check(book::CheckOptions),
    Apply(book::ApplyOptions),
    Golive(golive::GoliveOptions),
    /// Run as a daemon, until it is stopped.
    Run,
    Simulate(simulate::SimulateOptions),
    Preview(preview::PreviewOptions),
    Status(status::StatusOptions),
    Summary(summary::SummaryOptions),
    Why(why::WhyOptions),
    #[command(subcommand)]
    Bank(bank::BankCommand),
    Payments(payments::PaymentsOptions),
    Assign(payments::assign::AssignOptions),
    Unassign(payments::unassign::UnassignOptions),
    Refund(payments::refund::RefundOptions),
    #[command(subcommand)]
    Customer(customer::CustomerCommand),
    #[command(subcommand)]
    Contract(contract::ContractCommand),
    #[command(subcommand)]
    Invoice(invoice::InvoiceCommand),
    #[command(subcommand)]
    Quote(quote::QuoteCommand),
    Release(release::ReleaseOptions),
    Hold(hold::HoldOptions),
    Dispute(dispute::DisputeOptions),
    Handover(handover::HandoverOptions),
    Promise(promise::PromiseOptions),
    Agree(agree::AgreeOptions),
    Pause(pause::PauseOptions),
    Resume(pause::ResumeOptions),
    #[command(subcommand)]
    Letter(letter::LetterCommand),
    #[command(subcommand)]
    Mail(letter::MailCommand),
    #[command(subcommand)]
    Paper(paper::PaperCommand),
    Verify(verify::VerifyOptions),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Typeset papers from standard input.
    #[command(hide = true)]
    RenderWorker,
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are no mistakes.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    if matches!(args.command, Command::RenderWorker) {
        return match render::serve(std::io::stdin().lock(), std::io::stdout().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(3),
        };
    }
    // A daemon must outlive whoever listens; a command ends with `head`.
    if !matches!(args.command, Command::Run) {
        sigpipe::reset();
    }
    log(&args.command);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(dispatch(&args)),
        Err(cause) => Err(Failure::World(format!("the program cannot start: {cause}"))),
    };
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(1),
        Err(failure) => {
            // Before there is a configuration, nothing else says what the owner speaks.
            let language = if let Command::Init(options) = &args.command {
                options.spoken()
            } else {
                owner_language(&args.config)
            };
            let words = failure.words(language);
            // Mistakes in files were told one by one.
            if !words.is_empty() {
                eprintln!("{}", program(&args.config, language).spell(&words));
            }
            ExitCode::from(failure.code())
        }
    }
}

async fn dispatch(args: &Args) -> Result<Outcome, Failure> {
    let file = args.config.as_path();
    match &args.command {
        Command::Init(options) => init::init(options).await,
        Command::Demo(options) => demo::demo(options).await,
        Command::Check(options) => book::check(file, options).await,
        Command::Apply(options) if !options.files.is_empty() => move_in::move_in(file, options).await,
        Command::Apply(options) => book::apply(file, options).await,
        Command::Golive(options) => golive::golive(file, options).await,
        Command::Run => Ok(crate::daemon::run(file).await.map(|()| Outcome::Fine)?),
        Command::Simulate(options) => simulate::simulate(file, options).await,
        Command::Preview(options) => preview::preview(file, options).await,
        Command::Status(options) => status::status(file, options).await,
        Command::Summary(options) => summary::summary(file, options).await,
        Command::Why(options) => why::why(file, options).await,
        Command::Bank(command) => bank::bank(file, command).await,
        Command::Payments(options) => payments::payments(file, options).await,
        Command::Assign(options) => payments::assign::assign(file, options).await,
        Command::Unassign(options) => payments::unassign::unassign(file, options).await,
        Command::Refund(options) => payments::refund::refund(file, options).await,
        Command::Customer(command) => customer::customer(file, command).await,
        Command::Contract(command) => contract::contract(file, command).await,
        Command::Invoice(command) => invoice::invoice(file, command).await,
        Command::Quote(command) => quote::quote(file, command).await,
        Command::Release(options) => release::release(file, options).await,
        Command::Hold(options) => hold::hold(file, options).await,
        Command::Dispute(options) => dispute::dispute(file, options).await,
        Command::Handover(options) => handover::handover(file, options).await,
        Command::Promise(options) => promise::promise(file, options).await,
        Command::Agree(options) => agree::agree(file, options).await,
        Command::Pause(options) => pause::pause(file, options).await,
        Command::Resume(options) => pause::resume(file, options).await,
        Command::Letter(command) => letter::letter(file, command).await,
        Command::Mail(command) => letter::mail(file, command).await,
        Command::Paper(command) => paper::paper(file, command).await,
        Command::Verify(options) => verify::verify(file, options).await,
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Args::command(), "settled", &mut std::io::stdout());
            Ok(Outcome::Fine)
        }
        Command::RenderWorker => Ok(Outcome::Fine),
    }
}

/// Sets up the log: what the daemon does goes to standard error, commands say only what is wrong.
fn log(command: &Command) {
    let level = if matches!(command, Command::Run) { LevelFilter::INFO } else { LevelFilter::ERROR };
    let journald = std::env::var_os("JOURNAL_STREAM").is_some();
    // PostgreSQL remarks on each connection that is given back; nobody needs to read that.
    let quiet = Targets::new().with_default(level).with_target("sqlx::postgres::notice", LevelFilter::OFF);
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(stderr).with_target(false);
    let log = log.with_ansi(stderr().is_terminal());
    // systemd writes the time itself.
    if journald { log.without_time().finish().with(quiet).init() } else { log.finish().with(quiet).init() }
}

#[cfg(test)]
mod tests {
    use clap::error::ErrorKind;

    use super::*;
    use crate::command::VERBS;
    use crate::question::questions;

    #[test]
    fn every_command_that_reads_the_configuration_is_known_where_commands_are_suggested() {
        let makes_one = ["init", "demo", "completions", "render-worker"];
        let args = Args::command();
        let mut verbs: Vec<&str> = args.get_subcommands().map(clap::Command::get_name).collect();
        verbs.retain(|verb| !makes_one.contains(verb));
        verbs.sort_unstable();
        assert_eq!(verbs, VERBS);
    }

    /// Splits a command as a shell does, as far as suggested ones need it.
    fn words(command: &str) -> Vec<String> {
        let parts = command.split('"').enumerate();
        let whole = |(place, part): (usize, &str)| -> Vec<String> {
            if place % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
        };
        parts.flat_map(whole).collect()
    }

    #[test]
    fn every_command_that_a_question_suggests_is_one_and_names_what_there_is() {
        let mut seen = 0;
        for question in questions() {
            for command in question.commands().iter().filter(|command| command.starts_with("settled ")) {
                let read = Args::try_parse_from(words(command));
                let is_help = read.as_ref().is_err_and(|error| error.kind() == ErrorKind::DisplayHelp);
                assert!(read.is_ok() || is_help, "{command}: {:?}", read.err());
                // The owner alone knows the reason, and which file is the next.
                let filled = command.replace("--reason …", "").replace("--reason \"…\"", "").replace(" FILE", "");
                let is_placeholder =
                    |word: &str| word.contains('…') || word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase());
                assert!(!filled.split_whitespace().any(is_placeholder), "{command}");
                seen += 1;
            }
        }
        assert!(seen > 30, "{seen}");
    }

    /// Collects the options that take a day.
    fn days(command: &clap::Command, to: &mut Vec<clap::Arg>) {
        let takes_a_day = |arg: &&clap::Arg| arg.get_value_names().is_some_and(|names| names[0] == "DATE");
        to.extend(command.get_arguments().filter(takes_a_day).cloned());
        command.get_subcommands().for_each(|command| days(command, to));
    }

    #[test]
    fn every_option_that_takes_a_day_takes_it_as_people_write_it() {
        let mut options = Vec::new();
        days(&Args::command(), &mut options);
        assert!(options.len() >= 12);
        for option in options {
            let name = format!("--{}", option.get_long().unwrap());
            let command = clap::Command::new("settled").arg(option.clone());
            for (day, is_one) in [("2026-09-30", true), ("30.09.2026", true), ("03/04/2026", false), ("soon", false)] {
                let read = command.clone().try_get_matches_from(["settled", &name, day]);
                assert_eq!(read.is_ok(), is_one, "{name} {day}");
            }
        }
    }
}
