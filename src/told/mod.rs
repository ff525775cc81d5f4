//! Histories: what was booked, written, done and decided about an invoice, a payment, a customer or a contract, each as one typed event
//! with the names that it speaks of. The books are read into them once (`jobs/records/told`); here they are put into words, at length for
//! `settled why` and in a line for lists.

mod act;
mod bank;
mod booking;
mod decision;
mod deed;
mod evidence;
mod flaw;
mod heading;
mod letter;
mod names;
mod next;
mod page;
mod papers;
mod revised;
mod seen;
mod short;

use chrono::NaiveDate;

pub use bank::{belied, unproved};
pub use booking::{Booked, Booking};
pub use deed::{Deed, NoEvent};
pub use evidence::verdict_facts;
pub use flaw::{Amiss, Belied, Flaw, Looked, Noted, Piece, Rows};
pub use heading::Heading;
pub use letter::{Fate, Posted, PostedItem, Written};
pub use names::{NamedDocument, NamedPayment, Names};
pub use next::Next;
pub use page::{History, Line, Seen, Teller};
pub use papers::OrderPaper;
pub use revised::{Changed, Revised, RevisedEntry, Revision};
pub use seen::{OpenInvoice, Undecided};
pub use short::{Standing, issued};

use crate::fact::{Acted, Decided, DecisionFact};
use crate::id::{PaymentId, RunId};
use crate::money::{Amount, Currency};

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Told {
    /// The owner changed the book.
    Revised(Revised),
    /// The document was issued.
    Issued {
        /// The civil day.
        on: NaiveDate,
        /// The run.
        run: RunId,
        /// What it is over.
        gross: Amount,
        /// The currency.
        currency: Currency,
    },
    /// The invoice was booked on.
    Booked(Box<Booking>),
    /// Something was done by command, or learned.
    Act(Acted),
    /// The same, on the invoice's customer.
    OfCustomer(Acted),
    /// Something was decided.
    Decided(Box<Decided>),
    /// A letter was written, and came to something.
    Letter(Box<Posted>),
    /// A letter that had left was undone.
    Undone(Box<Posted>, Fate),
    /// A cancellation or a credit note took the invoice back.
    TakenBack {
        /// The civil day.
        on: NaiveDate,
        /// The run.
        run: RunId,
        /// Whether it took back all of it.
        is_cancellation: bool,
        /// Its number.
        by: String,
        /// What it took off.
        amount: Amount,
        /// What of that had been paid and became credit.
        credit: Amount,
        /// The currency.
        currency: Currency,
    },
    /// The payment was given back.
    GivenBack {
        /// The civil day.
        on: NaiveDate,
        /// The run.
        run: RunId,
        /// By which payment.
        by: PaymentId,
        /// How much.
        amount: Amount,
    },
}

impl Told {
    /// The order in which things are told: by day and run; within a run money comes before acts, acts before decisions, decisions before
    /// letters, and letters before what they claim.
    pub fn order(&self) -> (NaiveDate, RunId, u8) {
        match self {
            // What a revision says holds from the beginning of its day.
            Told::Revised(revised) => (revised.on, RunId::from(0), 0),
            Told::Issued { on, run, .. } => (*on, *run, 0),
            Told::Booked(booking) if booking.what == Booked::Claimed => (booking.on, booking.run, 4),
            Told::Booked(booking) => (booking.on, booking.run, 0),
            Told::TakenBack { on, run, .. } | Told::GivenBack { on, run, .. } => (*on, *run, 0),
            Told::Act(act) | Told::OfCustomer(act) => (act.from_on, act.run, 1),
            Told::Decided(decided) => (decided.today, decided.run, 2),
            Told::Letter(posted) => (posted.on(), posted.left().map_or(posted.run, |left| left.run), 3),
            Told::Undone(_, fate) => (fate.on, fate.run, 3),
        }
    }

    /// Puts events in the order in which they are told.
    pub fn in_order(mut told: Vec<Told>) -> Vec<Told> {
        told.sort_by_key(Told::order);
        told
    }

    /// Tells it at length; nothing where another event tells more of it.
    pub fn line(&self, teller: &Teller<'_>) -> Option<Line> {
        Some(match self {
            Told::Revised(revised) => teller.revised(revised),
            Told::Issued { on, gross, currency, .. } => teller.issued(*on, *gross, *currency),
            Told::Booked(booking) => teller.booking(booking),
            Told::Act(act) => teller.act(act),
            Told::OfCustomer(act) => teller.act_on_customer(act),
            // A letter is told by what came of it.
            Told::Decided(decided) if matches!(decided.fact, DecisionFact::Letter { .. }) => return None,
            Told::Decided(decided) => teller.decision(decided),
            Told::Letter(posted) => teller.letter(posted),
            Told::Undone(_, fate) => teller.letter_undone(fate),
            Told::TakenBack { on, is_cancellation, by, amount, credit, currency, .. } => {
                teller.taken_back(*on, *is_cancellation, by, (*amount, *credit, *currency))
            }
            Told::GivenBack { on, by, amount, .. } => teller.given_back(*on, *by, *amount),
        })
    }
}
