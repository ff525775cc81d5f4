//! Revisions: what the book said of a customer or a contract when it was applied.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Fact, Unreadable};
use crate::customer::Customer;
use crate::invoice::{OneOff, Quote};
use crate::recurring::Contract;

/// A revision as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionFact {
    /// A customer.
    Customer(Box<Customer>),
    /// A recurring contract.
    Recurring(Contract),
    /// A one-off invoice.
    Once(OneOff),
    /// A quote.
    Quote(Quote),
}

impl Fact for RevisionFact {}

/// What was agreed on with a customer: what is invoiced, again and again or once, or what is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// A recurring contract.
    Recurring(Contract),
    /// A one-off invoice.
    Once(OneOff),
    /// A quote.
    Quote(Quote),
}

impl RevisionFact {
    /// Returns what it says by the keys of the book.
    pub fn keys(&self) -> Value {
        let keys = match self {
            RevisionFact::Customer(customer) => serde_json::to_value(customer),
            RevisionFact::Recurring(contract) => serde_json::to_value(contract),
            RevisionFact::Once(one_off) => serde_json::to_value(one_off),
            RevisionFact::Quote(quote) => serde_json::to_value(quote),
        };
        keys.expect("what was read from JSON is JSON")
    }

    /// Reads what the book said of a customer.
    ///
    /// # Errors
    /// When the text is no customer.
    pub fn read_customer(text: &str) -> Result<Customer, Unreadable> {
        let wanted = "customer".to_owned();
        match RevisionFact::read(text)? {
            RevisionFact::Customer(customer) => Ok(*customer),
            RevisionFact::Recurring(_) => Err(Unreadable::Kind { is: "recurring contract", wanted }),
            RevisionFact::Once(_) => Err(Unreadable::Kind { is: "one-off invoice", wanted }),
            RevisionFact::Quote(_) => Err(Unreadable::Kind { is: "quote", wanted }),
        }
    }

    /// Reads what the book said of a contract, a one-off invoice or a quote.
    ///
    /// # Errors
    /// When the text is none of them.
    pub fn read_agreement(text: &str) -> Result<Agreement, Unreadable> {
        match RevisionFact::read(text)? {
            RevisionFact::Recurring(contract) => Ok(Agreement::Recurring(contract)),
            RevisionFact::Once(one_off) => Ok(Agreement::Once(one_off)),
            RevisionFact::Quote(quote) => Ok(Agreement::Quote(quote)),
            RevisionFact::Customer(_) => Err(Unreadable::Kind { is: "customer", wanted: "contract".to_owned() }),
        }
    }
}

impl Agreement {
    /// Returns its number.
    pub fn number(&self) -> &str {
        match self {
            Agreement::Recurring(contract) => &contract.number,
            Agreement::Once(one_off) => &one_off.number,
            Agreement::Quote(quote) => &quote.number,
        }
    }

    /// Returns what a payer's standing order says, or may quote.
    pub fn payer_text(&self) -> Option<&str> {
        match self {
            Agreement::Recurring(contract) => contract.payer_text.as_deref(),
            Agreement::Once(one_off) => one_off.payer_text.as_deref(),
            Agreement::Quote(_) => None,
        }
    }

    /// Returns the dunning policy that it names.
    pub fn dunning_policy(&self) -> Option<&str> {
        match self {
            Agreement::Recurring(contract) => contract.dunning_policy.as_deref(),
            Agreement::Once(one_off) => one_off.dunning_policy.as_deref(),
            Agreement::Quote(quote) => quote.dunning_policy.as_deref(),
        }
    }
}
