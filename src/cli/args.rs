//! What the command line understands.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::jobs::assign::Rest;
use crate::jobs::pause::Paused;
use crate::jobs::record_payment::PaidBy;
use crate::jobs::verify::Anchor;
use crate::money::Currency;
use crate::reference::Iban;

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
    /// Bank files and accounts.
    Bank {
        /// What to do.
        #[command(subcommand)]
        command: BankCommand,
    },
    /// Show payments and what they went to; record one, split one, or decide that one concerns no invoice.
    #[command(args_conflicts_with_subcommands = true)]
    Payments {
        /// Only those that wait for you, each with its candidates and the commands that decide it.
        #[arg(long)]
        undecided: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// What to do.
        #[command(subcommand)]
        command: Option<PaymentsCommand>,
    },
    /// Assign a payment to documents.
    Assign {
        /// The payment: P-12.
        payment: String,
        /// The documents: RE-2026-0001, or RE-2026-0001=50.00 for a part.
        #[arg(required = true, value_name = "DOCUMENT[=AMOUNT]")]
        documents: Vec<String>,
        /// What happens to what is left of the payment or of the documents.
        #[arg(long, value_enum, default_value = "open")]
        rest: RestOption,
    },
    /// Take the assignments of a payment back, or that it concerns no invoice; it waits for you again.
    Unassign {
        /// The payment: P-12.
        payment: String,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Pay out a customer's credit: draws a refund and says what to transfer; the outgoing entry that quotes it closes it.
    Refund {
        /// The customer, K-1017; with --withdraw the refund, ER-2026-0001.
        name: String,
        /// A part of the credit; without it all of it.
        amount: Option<String>,
        /// Take back a refund that you did not transfer.
        #[arg(long, conflicts_with = "amount")]
        withdraw: bool,
    },
    /// Customers: what they owe, how late they pay, and whether they are insolvent.
    Customer {
        /// What to do.
        #[command(subcommand)]
        command: CustomerCommand,
    },
    /// Invoices.
    Invoice {
        /// What to do.
        #[command(subcommand)]
        command: InvoiceCommand,
    },
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
    /// Letters that a person delivers, or that came back.
    Letter {
        /// What to do.
        #[command(subcommand)]
        command: LetterCommand,
    },
    /// Mail.
    Mail {
        /// What to do.
        #[command(subcommand)]
        command: MailCommand,
    },
    /// Prove that the books are whole: every fact as it was written and none slipped in, every cent somewhere (exit code 1 when something is off).
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

/// What can be done with bank files.
#[derive(Debug, Subcommand)]
pub enum BankCommand {
    /// Show what files say, and what they are good enough for; touches nothing, and needs no books (exit code 1 when one is not).
    Show {
        /// The files: camt.053, camt.052, camt.054, MT940, or a ZIP of them.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Book files now, instead of dropping them into the inbox.
    Import {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Book statements although their entries do not add up: the bank really delivers them so.
        #[arg(long)]
        accept_imbalance: bool,
    },
    /// Say that nothing was booked since the last statement; accepted if the balance is still the same.
    Confirm {
        /// The account: its name, its IBAN, or how that ends.
        account: String,
        /// The last day on which nothing was booked; it must be over.
        #[arg(long, value_name = "DATE")]
        through: NaiveDate,
        /// What the account holds, as the bank shows it: 12429.00.
        #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
        balance: String,
    },
    /// Show where statements are missing, do not add up, or contradict what you confirmed (exit code 1 when there is something).
    Gaps {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// The rules of settled.toml for bookings that concern no invoice (`[[bank.rule]]`).
    Rule {
        /// What to do.
        #[command(subcommand)]
        command: RuleCommand,
    },
    /// Show the accounts and how far their statements reach.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What can be done with the rules for bookings.
#[derive(Debug, Subcommand)]
pub enum RuleCommand {
    /// Show what each rule would have caught among all payments; touches nothing.
    Test {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// How a payment was made that no bank file tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ByOption {
    /// In cash.
    Cash,
    /// By card, or through a payment service that pays it out later.
    Card,
    /// Into an account whose statements settled does not read.
    Account,
}

impl From<ByOption> for PaidBy {
    fn from(option: ByOption) -> PaidBy {
        match option {
            ByOption::Cash => PaidBy::Cash,
            ByOption::Card => PaidBy::Card,
            ByOption::Account => PaidBy::OtherAccount,
        }
    }
}

/// The options of `payments record`.
#[derive(Debug, clap::Args)]
pub struct RecordOptions {
    /// How much: 119.00.
    pub amount: String,
    /// What it pays: RE-2026-0001, or RE-2026-0001=50.00 for a part. Without any the matcher looks at payer and note.
    #[arg(value_name = "DOCUMENT[=AMOUNT]")]
    pub documents: Vec<String>,
    /// How it was paid.
    #[arg(long, value_enum)]
    pub by: ByOption,
    /// The day; without it today.
    #[arg(long, value_name = "DATE")]
    pub on: Option<NaiveDate>,
    /// The currency; without it that of the business.
    #[arg(long)]
    pub currency: Option<Currency>,
    /// Who paid.
    #[arg(long)]
    pub payer: Option<String>,
    /// What there is to say of it.
    #[arg(long)]
    pub note: Option<String>,
    /// The key of another system's line; the same key is recorded once.
    #[arg(long)]
    pub key: Option<String>,
    /// What happens to what is left of the payment or of the documents.
    #[arg(long, value_enum, default_value = "open")]
    pub rest: RestOption,
}

/// What can be done with payments.
#[derive(Debug, Subcommand)]
pub enum PaymentsCommand {
    /// Record a payment that no bank file tells of: cash, a card, another account.
    Record(RecordOptions),
    /// Split a collective entry into its single payments, by a table that adds up to it.
    ///
    /// The table is a CSV file in UTF-8. Its first line names the columns, in any order: amount (needed), payer, iban, text,
    /// end_to_end_id. Between columns stands ; or , and amounts are written 1190.00; with ; also 1.190,00.
    Split {
        /// The payment: P-12.
        payment: String,
        /// The table.
        file: PathBuf,
    },
    /// Say that a payment concerns no invoice.
    Ignore {
        /// The payment: P-12.
        payment: String,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

/// What can be asked about customers, and said of them.
#[derive(Debug, Subcommand)]
pub enum CustomerCommand {
    /// List them with what they owe.
    List {
        /// Only those who owe something.
        #[arg(long)]
        open: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Forget an account that was learned: payments from it are not the customer's any more.
    ForgetIban {
        /// The number: K-1017.
        number: String,
        /// The account, as `settled customer show` names it.
        iban: Iban,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Show one: addresses, agreements, accounts, open invoices, how late it pays, last payments.
    Show {
        /// The number: K-1017.
        number: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Record that a customer is insolvent: no letters and no invoices from then on.
    #[command(group = clap::ArgGroup::new("when").required(true).args(["since", "ended"]))]
    Insolvent {
        /// The number: K-1017.
        number: String,
        /// The first day, as the court's decision says.
        #[arg(long, value_name = "DATE")]
        since: Option<NaiveDate>,
        /// It is insolvent no more, or never was.
        #[arg(long)]
        ended: bool,
    },
    /// List the claims on a customer's open invoices, with interest through a day, for an insolvency administrator.
    Claims {
        /// The number: K-1017.
        number: String,
        /// The day; without it the day before the insolvency, else today.
        #[arg(long, value_name = "DATE")]
        as_of: Option<NaiveDate>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What can be done with invoices.
#[derive(Debug, Subcommand)]
pub enum InvoiceCommand {
    /// List them.
    List {
        /// Only those that something is open of.
        #[arg(long)]
        open: bool,
        /// Only those of a customer.
        #[arg(long, value_name = "NUMBER", default_value = "")]
        customer: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one: lines, what was paid, which letters went out.
    Show {
        /// The number: RE-2026-0001.
        number: String,
        /// Write its PDF into this file.
        #[arg(long, value_name = "FILE")]
        pdf: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Issue a one-off invoice of the book now.
    Issue {
        /// Its number in the book: A-2026-17.
        id: String,
    },
}

/// What can be done with letters.
#[derive(Debug, Subcommand)]
pub enum LetterCommand {
    /// Say that you delivered a letter, or found an unclear one among the sent mail.
    Posted {
        /// What it is about, as `settled status` says it: RE-2026-0001, or "K-1017 2026-02-02".
        about: String,
    },
    /// Send a letter again that came back or is unclear.
    Resend {
        /// What it is about, as `settled status` says it.
        about: String,
    },
}

/// What can be done with mail.
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Send a mail to the owner, and explain what is wrong if that fails.
    Test,
}

/// What happens to what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RestOption {
    /// It stays open: of the payment it waits for you, of the invoice it is asked for.
    Open,
    /// The bank kept it: the invoice counts as paid.
    BankFee,
    /// It was a Skonto: the invoice counts as paid.
    Discount,
    /// It is given up: the invoice counts as paid.
    Writeoff,
    /// It goes to the customer's credit.
    Credit,
}

impl From<RestOption> for Rest {
    fn from(option: RestOption) -> Rest {
        match option {
            RestOption::Open => Rest::Open,
            RestOption::BankFee => Rest::BankFee,
            RestOption::Discount => Rest::Discount,
            RestOption::Writeoff => Rest::Writeoff,
            RestOption::Credit => Rest::Credit,
        }
    }
}
