//! What comes next, and when.

use chrono::NaiveDate;

use super::letter::Posted;
use super::page::Teller;
use crate::command::line;
use crate::dunning::HoldReason;
use crate::id::PaymentId;
use crate::money::{Amount, Currency};
use crate::question::{ContractHold, Leaving, leaves_undecided};

/// What comes next of an invoice, a payment, a customer or a contract.
#[derive(Debug, Clone)]
pub enum Next {
    /// Nothing: the invoice is cancelled.
    Cancelled,
    /// Nothing: what was open of the invoice is written off.
    WrittenOff,
    /// Nothing: credit notes took off all of the invoice; or it is one, and is set off.
    Credited,
    /// The credit note is set off against payments.
    SetOff,
    /// Nothing: the refund is taken back.
    RefundWithdrawn,
    /// Nothing: the refund is transferred.
    RefundTransferred,
    /// Nothing: the invoice is paid.
    Paid,
    /// Nothing by itself: so much of costs and interest is left.
    CostsLeft(Amount, Currency),
    /// The invoice is decided on a day.
    DecidedOn(NaiveDate),
    /// Nothing by itself.
    Nothing,
    /// A letter is under way.
    UnderWay(Box<Posted>),
    /// A letter that a gate holds leaves when that ends.
    Leaves {
        /// The gate.
        reason: HoldReason,
        /// What it saw.
        saw: String,
        /// Whether the payment that it saw still waits to be decided.
        waits: bool,
        /// The day on which it leaves by itself.
        on: Option<NaiveDate>,
    },
    /// Nothing until the invoice reaches its customer.
    Delivery,
    /// The letter is written as soon as its template can be.
    TemplateCorrected,
    /// Nothing by itself: all letters have left.
    YourTurn,
    /// A letter at the earliest on a day.
    Stage {
        /// Its stage.
        stage: i64,
        /// The day.
        on: NaiveDate,
    },
    /// Nothing: it is collected by direct debit.
    Collected,
    /// Nothing: the customer pays in advance.
    PaidInAdvance,
    /// The payment is decided by the next run.
    NextRun,
    /// So much of the payment waits for the owner; and the letters that leave meanwhile, each with its day.
    WaitsForYou(Amount, Currency, Vec<Leaving>),
    /// Nothing: the payment is assigned.
    Assigned(PaymentId),
    /// The contract is invoiced as soon as what holds it ends.
    Held(ContractHold),
    /// The contract's next invoices: their day, and how many periods are invoiced on it; one where nobody can say yet.
    InvoiceOn(NaiveDate, usize),
    /// The one-off invoice is issued by command.
    IssueByCommand(String),
    /// The contract brings no further invoice.
    NoFurtherInvoice,
    /// The customer's invoices are decided again on a day.
    DecidedAgainOn(NaiveDate),
}

impl Next {
    /// Says it.
    pub fn words(&self, teller: &Teller<'_>) -> String {
        let say = |german: &str, english: &str| teller.say(german, english).to_owned();
        match self {
            Next::Cancelled => say("nichts; sie ist storniert", "nothing; it is cancelled"),
            Next::WrittenOff => say("nichts; sie ist abgeschrieben", "nothing; it is written off"),
            Next::Credited => say("nichts; sie ist verrechnet", "nothing; it is set off"),
            Next::SetOff => say("wird mit Zahlungen verrechnet", "is set off against payments"),
            Next::RefundWithdrawn => say("nichts; sie ist zurückgenommen", "nothing; it is taken back"),
            Next::RefundTransferred => say("nichts; sie ist überwiesen", "nothing; it is transferred"),
            Next::Paid => say("nichts; sie ist bezahlt", "nothing; it is paid"),
            Next::CostsLeft(costs, currency) => {
                let costs = teller.money(*costs, *currency);
                teller.say(
                    format!("nichts von selbst; {costs} Kosten und Zinsen sind offen"),
                    format!("nothing by itself; {costs} of costs and interest are open"),
                )
            }
            Next::DecidedOn(day) => {
                let day = teller.day(*day);
                teller.say(format!("am {day} wird entschieden"), format!("it is decided on {day}"))
            }
            Next::Nothing => say("nichts von selbst", "nothing by itself"),
            Next::UnderWay(posted) => teller.fate(posted),
            Next::Leaves { reason, saw, waits, on } => reason.leaves(saw, *waits, *on, teller.language),
            Next::Delivery => say(
                "nichts, bis sie den Kunden erreicht; ihre Frist läuft erst dann",
                "nothing until it reaches the customer; its term begins only then",
            ),
            Next::TemplateCorrected => say("sobald die Vorlage berichtigt ist", "as soon as the template is corrected"),
            Next::YourTurn => say("nichts von selbst; jetzt sind Sie dran", "nothing by itself; it is your turn"),
            Next::Stage { stage, on } => {
                let (stage, day) = (teller.names.stage(*stage, teller.language), teller.day(*on));
                teller.say(
                    format!("{stage} frühestens am {day}, wenn bis dahin nichts eingeht"),
                    format!("{stage} on {day} at the earliest, if nothing is paid by then"),
                )
            }
            Next::Collected => say("nichts; sie wird eingezogen", "nothing; it is collected"),
            Next::PaidInAdvance => say("nichts; der Kunde zahlt im Voraus", "nothing; the customer pays in advance"),
            Next::NextRun => say("der nächste Lauf entscheidet", "the next run decides"),
            Next::WaitsForYou(open, currency, leaves) => {
                let open = teller.money(*open, *currency);
                let waits = teller.say(format!("{open} warten auf Sie"), format!("{open} wait for you"));
                let leaves = leaves_undecided(leaves, teller.language);
                leaves.map_or(waits.clone(), |leaves| format!("{waits}. {leaves}"))
            }
            Next::Assigned(payment) => teller.say(
                format!("nichts; anders zuordnen: settled unassign {payment}"),
                format!("nothing; to decide anew: settled unassign {payment}"),
            ),
            Next::Held(hold) => hold.ends(teller.language).to_owned(),
            Next::InvoiceOn(day, invoices) if *invoices > 1 => {
                let day = teller.day(*day);
                teller.say(format!("{invoices} Rechnungen am {day}"), format!("{invoices} invoices on {day}"))
            }
            Next::InvoiceOn(day, _) => {
                let day = teller.day(*day);
                teller.say(format!("Rechnung am {day}"), format!("an invoice on {day}"))
            }
            Next::IssueByCommand(contract) => line(["invoice", "issue", contract]),
            Next::NoFurtherInvoice => say("keine Rechnung mehr", "no further invoice"),
            Next::DecidedAgainOn(day) => {
                let day = teller.day(*day);
                teller.say(format!("am {day} wird wieder entschieden"), format!("it is decided again on {day}"))
            }
        }
    }
}
