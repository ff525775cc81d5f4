//! What the command line understands.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::bank::BankCommand;
use super::customer::CustomerCommand;
use super::invoice::InvoiceCommand;
use super::letter::{LetterCommand, MailCommand};
use super::payments::PaymentsOptions;
use super::payments::assign::AssignOptions;
use super::payments::refund::RefundOptions;
use super::payments::unassign::UnassignOptions;
use crate::jobs::pause::Paused;
use crate::jobs::verify::Anchor;

/// settled issues recurring invoices, reads the bank's statements, matches payments, reminds whoever is late, and tells its owner.
#[derive(Debug, Parser)]
#[command(name = "settled", version, max_term_width = 100)]
pub struct Args {
    /// The configuration.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "SETTLED_CONFIG",
        default_value = "/etc/settled/settled.toml"
    )]
    pub config: PathBuf,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a configuration, a sample book and empty books in a folder.
    Init(Box<InitOptions>),
    /// Let half a year of a sample business pass in a folder, to look at.
    Demo {
        /// The folder; it must be empty or not exist.
        #[arg(default_value = "demo")]
        folder: PathBuf,
    },
    /// Check configuration and book, and change nothing.
    Check,
    /// Take the book into force: shows what would change, and asks.
    Apply {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Let the daemon act: from now on invoices and letters leave.
    Golive {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Run as a daemon, until it is stopped.
    Run,
    /// Run the daemon's jobs over past or coming days on a copy of the books, with bank files of a folder.
    Simulate(SimulateOptions),
    /// Show what will be issued, sent and escalated: the daemon's jobs over the coming days on a copy of the books. It takes for granted that
    /// the statements keep coming and that nobody pays.
    Preview(PreviewOptions),
    /// Say how things stand, and what needs you (exit code 1 when something does).
    Status {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show the summary of the week as of now.
    Summary {
        /// As HTML, as it is mailed.
        #[arg(long)]
        html: bool,
    },
    /// Say why something was done or not: an invoice, a payment, a customer or a contract.
    Why {
        /// RE-2026-0001, P-12, K-1017, V-3.
        name: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    #[command(subcommand)]
    Bank(BankCommand),
    Payments(PaymentsOptions),
    Assign(AssignOptions),
    Unassign(UnassignOptions),
    Refund(RefundOptions),
    #[command(subcommand)]
    Customer(CustomerCommand),
    #[command(subcommand)]
    Invoice(InvoiceCommand),
    /// End holds, disputes, promises and the handover of an invoice or a customer; or let a contract's waiting invoices go out.
    Release {
        /// An invoice, a customer or a contract.
        name: String,
        /// Of a contract: skip periods that begin before this day, for good.
        #[arg(long, value_name = "DATE")]
        skip_until: Option<NaiveDate>,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Write no letters about an invoice or to a customer.
    Hold {
        /// An invoice or a customer.
        name: String,
        /// Through this day; without it until it is released.
        #[arg(long, value_name = "DATE")]
        until: Option<NaiveDate>,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// The customer disputes an invoice: no letters about it until it is released.
    Dispute {
        /// The invoice.
        invoice: String,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Hand an unpaid invoice over to a lawyer or a collection agency: writes a dossier (PDF and CSV), and settled writes no more letters
    /// about it until it is released. Said again it writes the same files with the figures of the day.
    Handover {
        /// The invoice.
        invoice: String,
        /// The folder that the files are written into.
        #[arg(long, value_name = "DIR", default_value = ".")]
        to: PathBuf,
        /// Before the last letter, or before its deadline is over.
        #[arg(long)]
        now: bool,
        /// To whom, or why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// The customer promised to pay an invoice, on a day or in instalments: no letters about it as long as that is kept.
    #[command(group = clap::ArgGroup::new("how").required(true).args(["until", "instalments", "plan"]))]
    Promise {
        /// The invoice.
        invoice: String,
        /// The day: no letters until it is over.
        #[arg(long, value_name = "DATE")]
        until: Option<NaiveDate>,
        /// The instalments; one that is not paid in time ends the plan.
        #[arg(long, value_name = "DATE=AMOUNT", value_delimiter = ',')]
        instalments: Vec<String>,
        /// A file with the instalments, DATE=AMOUNT on a line each; lines that begin with # are not read.
        #[arg(long, value_name = "FILE")]
        plan: Option<PathBuf>,
    },
    /// Write no letters to anybody, or issue no invoices, through a day; what was due in between follows then.
    Pause {
        /// What.
        #[arg(value_enum)]
        what: PauseOption,
        /// The last day.
        #[arg(long, value_name = "DATE")]
        until: NaiveDate,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// End a pause; or say that the clock is right although the last run is long ago.
    Resume {
        /// What.
        #[arg(value_enum)]
        what: ResumeOption,
    },
    #[command(subcommand)]
    Letter(LetterCommand),
    #[command(subcommand)]
    Mail(MailCommand),
    /// Prove that the books are whole: every fact as it was written, every cent somewhere (exit code 1 when something is off).
    Verify {
        /// Repair the working tables, which follow from the facts; facts are never changed.
        #[arg(long)]
        rebuild: bool,
        /// A place in the journal that must be there: what a weekly summary ends with.
        #[arg(long, value_name = "SEQ:HASH")]
        anchor: Option<Anchor>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Typeset papers from standard input.
    #[command(hide = true)]
    RenderWorker,
}

/// The options of `init`; what is missing is asked for.
#[derive(Debug, clap::Args)]
pub struct InitOptions {
    /// The folder.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// The name of the business.
    #[arg(long)]
    pub name: Option<String>,
    /// Street and number.
    #[arg(long)]
    pub street: Option<String>,
    /// The postcode.
    #[arg(long)]
    pub postcode: Option<String>,
    /// The city.
    #[arg(long)]
    pub city: Option<String>,
    /// The country, two letters: DE, AT, CH.
    #[arg(long)]
    pub country: Option<String>,
    /// The VAT id, such as DE123456789.
    #[arg(long)]
    pub vat_id: Option<String>,
    /// The tax number, where there is no VAT id.
    #[arg(long)]
    pub tax_number: Option<String>,
    /// The e-mail address on invoices.
    #[arg(long)]
    pub email: Option<String>,
    /// Where summaries go; without it the address on invoices.
    #[arg(long)]
    pub owner_email: Option<String>,
    /// The language of summaries: de or en.
    #[arg(long)]
    pub language: Option<String>,
    /// The IBAN that customers pay to.
    #[arg(long)]
    pub iban: Option<String>,
    /// The first invoice number that settled gives this year, for those who move in during a year.
    #[arg(long, value_name = "NUMBER")]
    pub next_number: Option<i64>,
    /// Where the books lie, for PostgreSQL: postgres://user@host/database. Without it an SQLite file in the folder.
    #[arg(long, value_name = "ADDRESS")]
    pub store: Option<String>,
    /// The mail server; without it mails become files.
    #[arg(long)]
    pub mail_host: Option<String>,
    /// The user at the mail server.
    #[arg(long)]
    pub mail_user: Option<String>,
    /// Ask nothing: what is not given stays out.
    #[arg(long)]
    pub yes: bool,
}

/// The options of `simulate`.
#[derive(Debug, clap::Args)]
pub struct SimulateOptions {
    /// The first day.
    #[arg(long, value_name = "DATE")]
    pub from: NaiveDate,
    /// The last day.
    #[arg(long, value_name = "DATE")]
    pub until: NaiveDate,
    /// A folder with bank files; each is dropped on the day after its newest closing balance.
    #[arg(long, value_name = "DIR")]
    pub bank: Option<PathBuf>,
    /// What else happens: one JSON object a line, such as {"date":"2026-03-02","type":"dispute","invoice":"RE-2026-0001"}.
    ///
    /// Types: statement (file), dispute, dispute_end, bounce, redelivered, dun_bounce, address_fixed (invoice), promise (invoice, until),
    /// instalments (invoice, instalments), hold (name, until), release (name), block, unblock, insolvent (customer), pause (what, until),
    /// resume (what), posted (about), down (until), clock_confirmed.
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// Keep mails, papers and summaries in this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// One JSON object for each thing that happens.
    #[arg(long)]
    pub json: bool,
}

/// The options of `preview`.
#[derive(Debug, clap::Args)]
pub struct PreviewOptions {
    /// The last day; without it five weeks from the first.
    #[arg(long, value_name = "DATE")]
    pub until: Option<NaiveDate>,
    /// The first day; without it today.
    #[arg(long, value_name = "DATE")]
    pub today: Option<NaiveDate>,
    /// Keep mails, papers and summaries in this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// One JSON object for each thing that happens.
    #[arg(long)]
    pub json: bool,
}

/// What can be paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PauseOption {
    /// Reminders and dunning letters.
    Dunning,
    /// Invoices.
    Issuing,
}

impl From<PauseOption> for Paused {
    fn from(option: PauseOption) -> Paused {
        match option {
            PauseOption::Dunning => Paused::Dunning,
            PauseOption::Issuing => Paused::Issuing,
        }
    }
}

/// What can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ResumeOption {
    /// Reminders and dunning letters.
    Dunning,
    /// Invoices.
    Issuing,
    /// Everything: the clock is right, although the last run is long ago.
    Clock,
}
