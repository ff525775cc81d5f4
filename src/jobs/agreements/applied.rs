//! The settings against what was applied before: a policy that was changed since may not fit somebody any more.

use std::collections::BTreeMap;

use crate::book::{Mistake, SourceFile, unfit_for_applied};
use crate::customer::Customer;
use crate::fact::Agreement;
use crate::jobs::office::JobError;
use crate::jobs::records::customer::{agreement_in, customer_in};
use crate::shell::config::Loaded;
use crate::shell::store::Store;

/// Finds policies that claim what the law does not give against those who were applied, or that are gone. Whoever cannot be read gets no
/// letter anyway.
///
/// # Errors
/// When the books fail.
pub async fn unfit_policies(store: &Store, loaded: &Loaded) -> Result<Vec<Mistake>, JobError> {
    let mut tx = store.read().await?;
    let mut applied: BTreeMap<String, (Customer, Vec<String>)> = BTreeMap::new();
    for row in tx.customers().await? {
        let Some(model) = &row.model else { continue };
        if let Ok(customer) = customer_in(model, &row.number) {
            applied.insert(customer.number.clone(), (customer, Vec::new()));
        }
    }
    for row in tx.contracts().await? {
        let Some(Ok(agreement)) = row.model.as_deref().map(|model| agreement_in(model, &row.number)) else { continue };
        let customer = match &agreement {
            Agreement::Recurring(contract) => &contract.customer,
            Agreement::Once(one_off) => &one_off.customer,
            Agreement::Quote(quote) => &quote.customer,
        };
        if let (Some(policy), Some((_, policies))) = (agreement.dunning_policy(), applied.get_mut(customer)) {
            policies.push(policy.to_owned());
        }
    }
    let applied: Vec<(Customer, Vec<String>)> = applied.into_values().collect();
    let settings = SourceFile { path: loaded.file.display().to_string(), text: loaded.text.clone() };
    Ok(unfit_for_applied(&applied, &loaded.config.check_context(), &settings))
}
