//! The command line: what is asked is read here, done by jobs, and said in words or JSON.

mod args;
mod bank;
mod book;
mod cells;
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
mod opening;
mod outcome;
mod pause;
mod payments;
mod preview;
mod promise;
mod release;
mod simulate;
mod status;
mod summary;
mod terminal;
mod verify;
mod why;

use std::io::{IsTerminal as _, stderr};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::args::{Args, Command};
use self::outcome::{Failure, Outcome};
use crate::shell::render;

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
            let words = failure.to_string();
            // Mistakes in files were told one by one.
            if !words.is_empty() {
                eprintln!("{words}");
            }
            ExitCode::from(failure.code())
        }
    }
}

async fn dispatch(args: &Args) -> Result<Outcome, Failure> {
    let file = args.config.as_path();
    match &args.command {
        Command::Init(options) => init::init(options).await,
        Command::Demo { folder } => demo::demo(folder).await,
        Command::Check => book::check(file).await,
        Command::Apply { yes } => book::apply(file, *yes).await,
        Command::Golive { yes } => golive::golive(file, *yes).await,
        Command::Run => Ok(crate::daemon::run(file).await.map(|()| Outcome::Fine)?),
        Command::Simulate(options) => simulate::simulate(file, options).await,
        Command::Preview(options) => preview::preview(file, options).await,
        Command::Status { json } => status::status(file, *json).await,
        Command::Summary { html } => summary::summary(file, *html).await,
        Command::Why { name, json } => why::why(file, name, *json).await,
        Command::Bank(command) => bank::bank(file, command).await,
        Command::Payments(options) => payments::payments(file, options).await,
        Command::Assign(options) => payments::assign::assign(file, options).await,
        Command::Unassign(options) => payments::unassign::unassign(file, options).await,
        Command::Refund(options) => payments::refund::refund(file, options).await,
        Command::Customer(command) => customer::customer(file, command).await,
        Command::Invoice(command) => invoice::invoice(file, command).await,
        Command::Release { name, skip_until, reason } => release::release(file, name, *skip_until, reason).await,
        Command::Hold { name, until, reason } => hold::hold(file, name, *until, reason).await,
        Command::Dispute { invoice, reason } => dispute::dispute(file, invoice, reason).await,
        Command::Handover { invoice, to, now, reason } => handover::handover(file, invoice, to, *now, reason).await,
        Command::Promise { invoice, until: Some(until), .. } => promise::promise(file, invoice, *until).await,
        Command::Promise { invoice, instalments, plan, .. } => {
            promise::agree_plan(file, invoice, instalments, plan.as_deref()).await
        }
        Command::Pause { what, until, reason } => pause::pause(file, (*what).into(), *until, reason).await,
        Command::Resume { what } => pause::resume(file, *what).await,
        Command::Letter(command) => letter::letter(file, command).await,
        Command::Mail(command) => letter::mail(file, command).await,
        Command::Verify { rebuild, anchor, json } => verify::verify(file, *rebuild, anchor.as_ref(), *json).await,
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
