//! Questions about the book: contracts that wait, base rates that are missing.

use chrono::NaiveDate;

use super::asking::{Ask, Asking};
use crate::dunning::MissingRate;
use crate::fact::DecisionFact;
use crate::jobs::office::error::JobError;
use crate::jobs::records::decision::{Decided, contracts_standing};
use crate::language::Language;
use crate::shell::config::Config;
use crate::shell::store::Tx;

/// A base rate is missing that a policy in use needs: letters carry no interest (N15).
pub(super) fn rates(config: &Config, today: NaiveDate) -> Option<Ask> {
    let missing = missing_rates(config, today);
    let first = missing.first()?.from;
    let (de, en) = (Language::De.day(first), Language::En.day(first));
    Some(Ask {
        german: format!(
            "Der Basiszinssatz ab {de} ist nicht bekannt: Mahnungen enthalten keine Zinsen. Tragen Sie ihn in settled.toml ein:"
        ),
        english: format!("The base rate from {en} on is not known: letters carry no interest. Add it to settled.toml:"),
        commands: missing.iter().flat_map(MissingRate::lines).collect(),
    })
}

/// Returns the half-years whose base rate a policy in use needs and that are not known.
pub fn missing_rates(config: &Config, today: NaiveDate) -> Vec<MissingRate> {
    let rates = config.base_rates();
    let rules = config.dunning.in_use().filter(|policy| policy.stages.iter().any(|stage| stage.interest));
    let mut missing: Vec<MissingRate> =
        rules.filter_map(|policy| policy.interest.as_ref()).flat_map(|rule| rates.missing(rule, today)).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

impl Asking<'_> {
    pub(super) async fn contracts(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        for held in contracts_standing(tx, "held").await? {
            let DecisionFact::ContractHeld { reason, .. } = &held.fact else { continue };
            let contract = tx.contract(held.subject_id).await?;
            let number = &contract.number;
            let commands = contract_commands(number, &held);
            self.ask(
                format!("Der Vertrag {number} wird nicht abgerechnet: {reason}."),
                format!("The contract {number} is not invoiced: {reason}."),
                commands,
            );
        }
        Ok(())
    }
}

/// The commands that let a contract's invoices go out again.
pub fn contract_commands(number: &str, held: &Decided) -> Vec<String> {
    match held.rule.as_str() {
        "R5" => {
            vec![format!("settled release {number}"), format!("settled release {number} --skip-until {}", held.today)]
        }
        "book" | "insolvent" => vec!["settled apply".to_owned()],
        _ => vec!["settled check".to_owned(), "settled apply".to_owned()],
    }
}
