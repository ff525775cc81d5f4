//! What the decision looks at: one customer, the unpaid invoices, and what surrounds them.

use chrono::NaiveDate;

use super::gates::{BankState, CustomerObstacles, ItemObstacles};
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
    /// What may stand in the way of every letter.
    pub obstacles: CustomerObstacles,
    /// The open invoices.
    pub items: Vec<Item>,
}

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
    /// What may stand in the way of a letter.
    pub obstacles: ItemObstacles,
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
