//! Questions about the book: contracts that wait, base rates that are missing, the duty to issue e-invoices.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::calendar::{EARLIEST, LATEST};
use crate::dunning::{MissingRate, Policy};
use crate::fact::{ActKind, Decided, DecisionFact, Subject, VerdictKind};
use crate::id::ContractId;
use crate::invoice::{Duty, EInvoicing};
use crate::jobs::billing::coming::braked;
use crate::jobs::billing::ended::invoiced_after_end;
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::in_force;
use crate::jobs::records::customer::customer_in;
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

/// The duty to issue e-invoices comes, and something is missing for it: the turnover that decides when, or keys of customers' files.
pub(super) async fn e_invoices(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Vec<Question>, JobError> {
    let business = &office.config.business;
    let said = business.e_invoicing();
    let year = Duty::asks_turnover_of(&said, today);
    if !business.owes_e_invoices() || (year.is_none() && Duty::near(&said, today).is_none()) {
        return Ok(Vec::new());
    }
    let mut questions = Vec::new();
    if let Some(year) = year
        && !duty(tx, &said, LATEST).await?.customers.is_empty()
    {
        questions.push(Question::TurnoverAsked { year });
    }
    if let Some(Duty { from, mut customers }) = near_duty(office, tx, today).await?.filter(|duty| !duty.is_ready()) {
        customers.sort_by_key(|customer| customer.lacks.is_empty());
        questions.push(Question::EInvoicesDue { from, customers });
    }
    Ok(questions)
}

/// Looks whom the duty to issue e-invoices concerns, where its first day is near.
///
/// # Errors
/// When the books fail.
pub async fn near_duty(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Option<Duty>, JobError> {
    let business = &office.config.business;
    let said = business.e_invoicing();
    let Some(from) = Duty::near(&said, today).filter(|_| business.owes_e_invoices()) else { return Ok(None) };
    let duty = duty(tx, &said, from).await?;
    Ok((!duty.customers.is_empty()).then_some(duty))
}

/// Looks whom the duty concerns by a day, of those whom the book in force has.
async fn duty(tx: &mut Tx, said: &EInvoicing, day: NaiveDate) -> Result<Duty, JobError> {
    let mut customers = Vec::new();
    for row in tx.customers().await? {
        // What cannot be read is asked about elsewhere.
        customers.extend(row.model.and_then(|model| customer_in(&model, &row.number).ok()));
    }
    Ok(Duty::by(day, said, customers.iter()))
}

/// Contracts that are not invoiced: of what was decided what still holds them, and those of which too many periods wait at once, before
/// anybody has decided on them.
///
/// # Errors
/// When the books fail, or hold a decision that cannot be read.
pub async fn contracts(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Vec<Question>, JobError> {
    let (mut questions, mut known) = (Vec::new(), BTreeSet::new());
    for held in contracts_standing(tx, VerdictKind::Held).await? {
        let Subject::Contract(id) = held.subject else { continue };
        let contract = tx.contract(id).await?.number;
        let hold = contract_hold(&contract, &held)?;
        let since = held.today;
        known.insert(id);
        if hold == ContractHold::ManyPeriods && !is_braked(office, tx, id, today).await? {
            continue;
        }
        let DecisionFact::ContractHeld { reason, .. } = held.fact else { continue };
        questions.push(Question::ContractHeld { contract, hold, reason, since });
    }
    for row in tx.coming_contracts(EARLIEST, today).await? {
        if known.contains(&row.id) {
            continue;
        }
        let reason = match braked(office, tx, &row).await {
            // What cannot be read is told of by the run that finds it.
            Err(JobError::Model { .. }) => None,
            reason => reason?,
        };
        questions.extend(reason.map(|reason| Question::ContractHeld {
            contract: row.number,
            hold: ContractHold::ManyPeriods,
            reason,
            since: today,
        }));
    }
    Ok(questions)
}

/// Tells whether too many periods of a contract wait at once, by what the books know now.
///
/// # Errors
/// When the books fail, or hold something of the contract that cannot be read.
pub(crate) async fn is_braked(
    office: &Office,
    tx: &mut Tx,
    contract: ContractId,
    today: NaiveDate,
) -> Result<bool, JobError> {
    let row = tx.contract_for_issue(contract, today).await?;
    Ok(braked(office, tx, &row).await?.is_some())
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
