//! What the matcher sees: a payment, and what was found in the books for it.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::allocation::Allocation;
use crate::id::{CustomerId, DocumentId, PaymentId};
use crate::invoice::EarlyPayment;
use crate::money::{Amount, Currency};

/// How the matcher decides where the rules leave a choice.
#[derive(Debug, Clone)]
pub struct Config {
    /// What may be missing or too much with a reference.
    pub rounding_tolerance: Amount,
    /// Calendar days that a Skonto may be late, for the bank's transit.
    pub discount_grace_days: u32,
    /// What a payment with a reference may fall short because banks kept it; the invoice counts as paid.
    pub bank_fee_tolerance: Amount,
    /// A rest below this is given up when a payment with a reference leaves it.
    pub writeoff_below: Amount,
    /// Costs and interest below this are given up when the principal is paid.
    pub waive_below: Amount,
    /// The letter prefixes of all series of documents: `RE`, `GS`, `MA`.
    pub series_prefixes: Vec<String>,
}

/// Money that moved, as the matcher sees it.
#[derive(Debug, Clone, Default)]
pub struct Payment {
    /// How much, without sign.
    pub amount: Amount,
    /// Its currency; absent only in tests of text.
    pub currency: Option<Currency>,
    /// The day on which the bank booked it.
    pub booked_on: NaiveDate,
    /// The day whose discounts and interest count.
    pub value_on: NaiveDate,
    /// The other party's name.
    pub payer_name: Option<String>,
    /// The other party's account, without blanks.
    pub payer_iban: Option<String>,
    /// Structured creditor references.
    pub structured: Vec<StructuredReference>,
    /// The end-to-end id.
    pub end_to_end_id: Option<String>,
    /// The remittance lines as delivered.
    pub remittance: Vec<String>,
    /// A collective entry that the file does not break down.
    pub batch_without_details: bool,
    /// What the bank kept of a returned payment.
    pub charges: Amount,
    /// Whether it gives an earlier payment back.
    pub is_return: bool,
    /// The bank's reference of the payment that it gives back.
    pub original_bank_ref: Option<String>,
    /// The bank's codes of the booking, whole and in parts: `NTRF+166+9248`, `166`, `PMNT-RCDT-ESCT`.
    pub codes: Vec<String>,
}

/// A structured creditor reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructuredReference {
    /// `SCOR`, `QRR`, or what the bank calls it.
    pub kind: Option<String>,
    /// The reference as delivered.
    pub value: String,
}

/// A document that a payment could be for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub id: DocumentId,
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: CandidateKind,
    /// Whose.
    pub customer: CustomerId,
    /// Its currency.
    pub currency: Currency,
    /// The day on which it is due.
    pub due_on: NaiveDate,
    /// What it was over; negative for a credit note.
    pub gross: Amount,
    /// What is open of it; negative for a credit note.
    pub open: Amount,
    /// Where it stands.
    pub state: CandidateState,
    /// Its creditor reference (ISO 11649).
    pub rf: Option<String>,
    /// Its QR reference of 27 digits.
    pub qrr: Option<String>,
    /// Its discounts.
    pub discounts: Vec<DiscountLevel>,
    /// Dunning fees claimed and unpaid.
    pub fees_open: Amount,
    /// Default interest claimed and unpaid.
    pub interest_open: Amount,
    /// Whether the customer disputes it.
    pub disputed: bool,
    /// The contract that it invoices.
    pub contract: Option<String>,
}

impl Candidate {
    /// Tells whether something is open of it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, CandidateState::Open | CandidateState::PartiallyPaid) && !self.open.is_zero()
    }

    /// Tells whether it is an invoice of which something is open.
    pub fn is_open_invoice(&self) -> bool {
        self.kind == CandidateKind::Invoice && self.is_open()
    }

    /// Tells whether it is an invoice that is paid but for costs that letters claimed.
    pub fn owes_costs(&self) -> bool {
        let is_paid = self.kind == CandidateKind::Invoice && self.state == CandidateState::Paid;
        is_paid && (self.fees_open + self.interest_open).is_positive()
    }

    /// The order "oldest first": by due day, then number.
    pub(super) fn age(&self) -> (NaiveDate, &str) {
        (self.due_on, &self.number)
    }
}

/// What a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateKind {
    /// Something is owed on it.
    Invoice,
    /// It lowers what is owed.
    CreditNote,
    /// Credit that is to be paid out: only money out settles it.
    Refund,
}

/// Where a candidate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateState {
    /// Nothing paid.
    Open,
    /// Something paid.
    PartiallyPaid,
    /// All paid.
    Paid,
    /// Cancelled.
    Cancelled,
}

/// The days of grace of a customer whose Skonto always counts: a hundred years.
pub const ALWAYS_IN_TIME: u32 = 36_525;

/// A Skonto of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscountLevel {
    /// Percent of the gross amount.
    pub percent: Decimal,
    /// The last day.
    pub until: NaiveDate,
}

impl From<&EarlyPayment> for DiscountLevel {
    fn from(discount: &EarlyPayment) -> DiscountLevel {
        DiscountLevel { percent: discount.percent, until: discount.until }
    }
}

/// A customer that a payment could be from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCustomer {
    /// Which.
    pub id: CustomerId,
    /// The customer number.
    pub number: String,
    /// The name.
    pub name: String,
    /// Accounts known or learned, without blanks.
    pub ibans: Vec<String>,
}

/// A reminder or dunning letter that a payment may quote: another name of the invoices in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedLetter {
    /// Its number.
    pub number: String,
    /// Its creditor reference.
    pub rf: Option<String>,
    /// The invoices in it.
    pub items: Vec<DocumentId>,
}

/// A contract or one-off invoice that a payer may quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownContract {
    /// Its number.
    pub number: String,
    /// Whose.
    pub customer: CustomerId,
    /// What the payer's standing order says.
    pub payer_text: Option<String>,
}

/// An earlier payment that was booked, or that waits for the owner, for returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// Which; absent in tests.
    pub payment: Option<PaymentId>,
    /// The day on which the bank booked it.
    pub booked_on: NaiveDate,
    /// The bank's reference.
    pub bank_ref: Option<String>,
    /// The end-to-end id.
    pub end_to_end_id: Option<String>,
    /// How much, without sign.
    pub amount: Amount,
    /// What it paid; nothing while it waits.
    pub allocations: Vec<Allocation>,
    /// By which documents it is named: those that it paid, or, while it waits, those that were proposed or could be meant.
    pub documents: Vec<DocumentId>,
}

/// What the books hold for a payment: whatever its keys led to. It may hold more than fits; it must not miss what fits.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Documents that a key of the text leads to, open or closed, and those in the letters that it leads to.
    pub named: Vec<Candidate>,
    /// Letters that a key of the text leads to.
    pub letters: Vec<NamedLetter>,
    /// Customers that number, account or name lead to, and those of the named documents.
    pub customers: Vec<KnownCustomer>,
    /// Contracts that a key of the text may lead to.
    pub contracts: Vec<KnownContract>,
    /// Open documents of these customers.
    pub of_customers: Vec<Candidate>,
    /// Open invoices over exactly this amount, of anybody; more than one is as good as many.
    pub same_amount: Vec<Candidate>,
    /// Earlier payments that a return may give back.
    pub booked: Vec<Booked>,
}
