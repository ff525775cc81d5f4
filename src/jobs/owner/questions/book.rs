//! Questions about the book: contracts that wait, base rates that are missing.

use chrono::NaiveDate;

use crate::dunning::{MissingRate, Policy};
use crate::fact::{ActKind, Decided, DecisionFact, Subject};
use crate::jobs::billing::ended::invoiced_after_end;
use crate::jobs::office::JobError;
use crate::jobs::office::acts::acts_of;
use crate::jobs::records::act::in_force;
use crate::jobs::records::decision::contracts_standing;
use crate::jobs::records::name::find;
use crate::question::{ContractHold, Money, Question};
use crate::recurring::AfterEnd;
use crate::shell::config::Config;
use crate::shell::store::Tx;

/// A base rate is missing that a policy in use needs: letters carry no interest (N15).
pub(super) fn rates(config: &Config, today: NaiveDate) -> Option<Question> {
    let rates = missing_rates(config, today);
    (!rates.is_empty()).then_some(Question::RatesMissing { rates })
}

/// Returns the half-years whose base rate a policy in use needs and that are not known.
pub fn missing_rates(config: &Config, today: NaiveDate) -> Vec<MissingRate> {
    let rates = config.base_rates();
    let rules = config.dunning.in_use().filter_map(Policy::interest_claimed);
    let mut missing: Vec<MissingRate> = rules.flat_map(|rule| rates.missing(rule, today)).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// Contracts that are not invoiced.
pub(super) async fn contracts(tx: &mut Tx) -> Result<Vec<Question>, JobError> {
    let mut questions = Vec::new();
    for held in contracts_standing(tx, "held").await? {
        let Subject::Contract(contract) = held.subject else { continue };
        let contract = tx.contract(contract).await?.number;
        let hold = contract_hold(&contract, &held)?;
        let since = held.today;
        let DecisionFact::ContractHeld { reason, .. } = held.fact else { continue };
        questions.push(Question::ContractHeld { contract, hold, reason, since });
    }
    Ok(questions)
}

/// Invoices that go on after the end of their contract, until the owner holds or disputes them.
pub(super) async fn after_end(tx: &mut Tx, today: NaiveDate) -> Result<Vec<Question>, JobError> {
    let mut questions = Vec::new();
    for (contract, AfterEnd { invoice, last_day, days, of_days, amount }) in invoiced_after_end(tx).await? {
        let named = find(tx, &invoice.number).await?;
        let acts = acts_of(tx, named.subject).await?;
        let is_decided =
            [ActKind::Hold, ActKind::Dispute].into_iter().any(|kind| in_force(&acts, kind, today).is_some());
        if amount.is_zero() || is_decided {
            continue;
        }
        let money = Money { amount, currency: invoice.currency };
        questions.push(Question::InvoicedAfterEnd { contract, last_day, number: invoice.number, days, of_days, money });
    }
    Ok(questions)
}

/// Returns what holds a contract.
///
/// # Errors
/// When the rule of the decision holds no contract.
pub(crate) fn contract_hold(contract: &str, held: &Decided) -> Result<ContractHold, JobError> {
    ContractHold::by_rule(&held.rule).ok_or_else(|| JobError::damaged(format!("what holds the contract {contract}")))
}
