//! The names of what events speak of: documents, customers and payments by id, stages by their place.

use std::collections::BTreeMap;

use crate::dunning::stage_name;
use crate::id::{CustomerId, DocumentId, PaymentId};
use crate::language::Language;
use crate::ledger::ReceivableState;
use crate::money::{Amount, Currency};

/// What the events of a history speak of, by name.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Documents.
    pub documents: BTreeMap<DocumentId, NamedDocument>,
    /// Customers: number and name.
    pub customers: BTreeMap<CustomerId, (String, String)>,
    /// Payments.
    pub payments: BTreeMap<PaymentId, NamedPayment>,
    /// The stages of letters, as the policy in force calls them.
    pub stages: Vec<String>,
    /// The number of the customer whose invoice it is; empty where it is about no invoice.
    pub customer: String,
}

/// A document, and what is open of it.
#[derive(Debug, Clone)]
pub struct NamedDocument {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: ReceivableState,
    /// What is open of it.
    pub open: Amount,
    /// Of what.
    pub currency: Currency,
}

/// A payment, and who paid.
#[derive(Debug, Clone)]
pub struct NamedPayment {
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
    /// Who, where the bank says so.
    pub payer: Option<String>,
}

impl Names {
    /// Returns the number of a document.
    pub fn number(&self, id: DocumentId) -> &str {
        self.documents.get(&id).map(|document| document.number.as_str()).unwrap_or_default()
    }

    /// Names a stage as the policy in force does.
    pub fn stage(&self, stage: i64, language: Language) -> String {
        let place = usize::try_from(stage - 1).unwrap_or(usize::MAX);
        stage_name(stage, self.stages.get(place).map(String::as_str), language)
    }
}
