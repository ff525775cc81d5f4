//! What the decision looks at: one customer, the unpaid invoices, and what surrounds them.

use chrono::NaiveDate;

use super::policy::Policy;
use super::rates::BaseRates;
use crate::calendar::BusinessDays;
use crate::customer::{CustomerKind, DefaultBasis};
use crate::id::DocumentId;
use crate::money::{Amount, Currency};

/// A customer on the day of a decision.
#[derive(Debug, Clone)]
pub struct CustomerCase {
    /// Business or consumer.
    pub kind: CustomerKind,
    /// The first day of the customer's insolvency.
    pub insolvent_since: Option<NaiveDate>,
    /// The owner's hold on the customer, and until when.
    pub blocked: Option<Until>,
    /// The owner's pause of all dunning, and until when.
    pub paused: Option<Until>,
    /// An undecided payment that concerns the customer (open-credit guard), by name.
    pub unallocated_credit: Option<String>,
    /// The customer's credit balance plus open credit notes, by currency.
    pub credit: Vec<(Currency, Amount)>,
    /// The open invoices.
    pub items: Vec<Item>,
}

/// The last day of a hold; absent: until the owner ends it.
pub type Until = Option<NaiveDate>;

/// An invoice that something is open of.
#[derive(Debug, Clone)]
pub struct Item {
    /// Which.
    pub document: DocumentId,
    /// Its number.
    pub number: String,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// The day on which it was due by its own words.
    pub due_on: NaiveDate,
    /// Its currency.
    pub currency: Currency,
    /// From when it is in default.
    pub default_basis: DefaultBasis,
    /// The policy that applies.
    pub policy: Policy,
    /// The day on which it first reached the customer: accepted by the server, posted, or issued by another system; nothing: not yet.
    pub delivered_on: Option<NaiveDate>,
    /// The day on which it was delivered anew after it had bounced.
    pub redelivered_on: Option<NaiveDate>,
    /// The invoice, or the last letter, came back.
    pub undelivered: bool,
    /// The customer disputes it.
    pub disputed: bool,
    /// The owner's hold on the invoice, and until when.
    pub blocked: Option<Until>,
    /// The customer promised to pay by this day, or the next instalment of the payment plan is watched until then.
    pub promised_until: Option<NaiveDate>,
    /// The day on which the owner handed it over to a lawyer or a collection agency.
    pub handed_over_on: Option<NaiveDate>,
    /// The day on which a payment was last returned.
    pub returned_on: Option<NaiveDate>,
    /// A notice on it left before it was due, or may have.
    pub noticed: bool,
    /// The stages whose letters count, oldest first.
    pub sent: Vec<SentStage>,
    /// Everything that moved the principal, by value date; undone movements left out.
    pub movements: Vec<Movement>,
    /// The open principal.
    pub open: Amount,
    /// What was paid or waived of costs and interest claimed before.
    pub costs_paid: Amount,
    /// What was paid or waived of interest claimed before.
    pub interest_paid: Amount,
    /// Whether the statements cover what they must for this invoice.
    pub bank: BankState,
    /// The owner wants to hear of the next letter a day before it leaves, and has not heard of it.
    pub unannounced: bool,
}

/// How far the bank's data reach for an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankState {
    /// The last day that all accounts are covered through; absent: not all are.
    pub covered_through: Option<NaiveDate>,
    /// The account that reaches least far, by name.
    pub weakest: String,
}

/// A stage whose letter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentStage {
    /// The stage, from 1.
    pub stage: usize,
    /// The day the letter left.
    pub sent_on: NaiveDate,
    /// The deadline that it set.
    pub deadline_on: NaiveDate,
    /// The fee of this letter alone.
    pub fee: Amount,
}

/// A change of the principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// The value date.
    pub value_on: NaiveDate,
    /// What was added; negative for payments.
    pub amount: Amount,
}

/// What is the same for all customers.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The civil day.
    pub today: NaiveDate,
    /// The business's calendar.
    pub business_days: &'a BusinessDays,
    /// Base rates.
    pub rates: &'a BaseRates,
}
