//! The look-up keys of a customer: numbers, accounts, words of the name, contracts.

use super::learned::learned;
use crate::customer::Customer;
use crate::fact::Subject;
use crate::id::CustomerId;
use crate::jobs::office::JobError;
use crate::jobs::office::acts::acts_of;
use crate::jobs::records::customer::agreement_in;
use crate::matching::{KeyKind, customer_name_key, payer_text_key};
use crate::reference::{shape_of, squeeze};
use crate::shell::store::Tx;

/// The keys of a customer, and the shapes of what texts are searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerKeys {
    /// The keys: kind and key.
    pub keys: Vec<(KeyKind, String)>,
    /// The shapes of numbers, and the lengths of payers' texts: kind and shape.
    pub shapes: Vec<(KeyKind, String)>,
}

/// Returns everything that a customer is found by: what the book says, and what was learned since.
pub async fn customer_keys(tx: &mut Tx, id: CustomerId, customer: &Customer) -> Result<CustomerKeys, JobError> {
    let mut keys = vec![(KeyKind::Customer, squeeze(&customer.number))];
    let mut shapes = vec![(KeyKind::Customer, shape_of(&customer.number))];
    keys.extend(customer.ibans.iter().map(|iban| (KeyKind::Iban, iban.as_str().to_owned())));
    keys.extend(customer_name_key(&customer.name).map(|name| (KeyKind::Name, name)));
    let acts = acts_of(tx, Subject::Customer(id)).await?;
    keys.extend(learned(&acts).into_iter().map(|account| (KeyKind::Iban, account.iban)));
    for row in tx.agreements_of(id).await? {
        let Some(model) = row.model else { continue };
        let agreement = agreement_in(&model, &row.number)?;
        keys.push((KeyKind::Contract, squeeze(agreement.number())));
        shapes.push((KeyKind::Contract, shape_of(agreement.number())));
        if let Some(text) = agreement.payer_text().map(payer_text_key).filter(|key| !key.is_empty()) {
            shapes.push((KeyKind::PayerText, text.len().to_string()));
            keys.push((KeyKind::PayerText, text));
        }
    }
    for list in [&mut keys, &mut shapes] {
        list.sort_unstable();
        list.dedup();
    }
    Ok(CustomerKeys { keys, shapes })
}
