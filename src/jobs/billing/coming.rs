//! The invoices to come, reckoned as the day's work will.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::prepare::{customer_of, too_many};
use crate::fact::{Agreement, Subject, VerdictKind};
use crate::id::ContractId;
use crate::invoice::{Draft, DraftError};
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::{by_command, released_through};
use crate::jobs::records::customer::agreement_in;
use crate::jobs::records::decision::contracts_standing;
use crate::money::{Amount, Currency};
use crate::question::{ContractHold, Obstacle};
use crate::recurring::{Contract, Due, due};
use crate::shell::store::{ContractRow, DueContract, Tx};

/// An invoice to come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coming {
    /// The day on which it is issued: today, when it is due already.
    pub on: NaiveDate,
    /// The contract, or the entry of a one-off invoice.
    pub contract: String,
    /// The customer's name.
    pub customer: String,
    /// The currency.
    pub currency: Currency,
    /// What is to be paid.
    pub amount: Amount,
}

/// Returns the invoices of a range of days, by day and contract.
pub async fn coming_invoices(
    office: &Office,
    tx: &mut Tx,
    from: NaiveDate,
    through: NaiveDate,
) -> Result<Vec<Coming>, JobError> {
    let mut coming = Vec::new();
    // Whether too many periods wait at once is seen anew: the owner may have released them.
    let held = contracts_standing(tx, VerdictKind::Held).await?.into_iter();
    let held = held.filter(|held| held.rule != ContractHold::ManyPeriods.rule());
    let held: BTreeSet<Subject> = held.map(|held| held.subject).collect();
    for row in tx.coming_contracts(from, through).await? {
        // Of these nothing is issued until the owner has decided.
        if held.contains(&Subject::Contract(row.id)) {
            continue;
        }
        match coming_of(office, tx, &row, through).await {
            // What cannot be read is not issued, and is told of by its contract.
            Err(JobError::Model { .. }) => {}
            invoices => coming.extend(invoices?),
        }
    }
    coming.sort_unstable();
    Ok(coming)
}

/// Returns how many invoices of a contract are issued on the day on which it is looked at next.
///
/// # Errors
/// When the books fail, or hold something of the contract that cannot be read.
pub async fn issued_together(
    office: &Office,
    tx: &mut Tx,
    contract: ContractId,
    day: NaiveDate,
) -> Result<usize, JobError> {
    let row = tx.contract_for_issue(contract, day).await?;
    let day = day.max(office.day(office.clock.now()));
    Ok(coming_of(office, tx, &row, day).await?.len())
}

/// Returns the next invoice of a contract, as far as it can be reckoned.
///
/// # Errors
/// When the books fail, or hold something of the contract that cannot be read.
pub async fn next_invoice(office: &Office, tx: &mut Tx, contract: &ContractRow) -> Result<Option<Coming>, JobError> {
    let Some(day) = contract.next_on else { return Ok(None) };
    let day = day.max(office.day(office.clock.now()));
    let row = tx.contract_for_issue(contract.id, day).await?;
    Ok(coming_of(office, tx, &row, day).await?.into_iter().next())
}

/// Says why nothing of a contract is issued of which too many periods wait at once, by what the books know now (rule R5).
///
/// # Errors
/// When the books fail, or hold something of the contract that cannot be read.
pub async fn braked(office: &Office, tx: &mut Tx, row: &DueContract) -> Result<Option<Obstacle>, JobError> {
    let Some(model) = &row.model else { return Ok(None) };
    match agreement_in(model, &row.number)? {
        Agreement::Recurring(contract) => braked_of(office, tx, row.id, &contract).await,
        Agreement::Once(_) | Agreement::Quote(_) => Ok(None),
    }
}

async fn braked_of(
    office: &Office,
    tx: &mut Tx,
    id: ContractId,
    contract: &Contract,
) -> Result<Option<Obstacle>, JobError> {
    let done: BTreeSet<NaiveDate> = tx.periods_of(id).await?.into_iter().map(|period| period.starts_on).collect();
    let acts = acts_of(tx, Subject::Contract(id)).await?;
    let (contract, released) = (contract.under(&by_command(&acts)), released_through(&acts));
    let today = office.day(office.clock.now());
    Ok(match due(&contract, &done, released, today, &office.business_days()) {
        Due::Held { missed } => Some(too_many(&contract, &missed)),
        Due::Nothing { .. } | Due::Issue { .. } => None,
    })
}

async fn coming_of(
    office: &Office,
    tx: &mut Tx,
    row: &DueContract,
    through: NaiveDate,
) -> Result<Vec<Coming>, JobError> {
    let Some(model) = &row.model else { return Ok(Vec::new()) };
    let today = office.day(office.clock.now());
    let (terms, business_days) = (office.terms(today), office.business_days());
    let customer = customer_of(row)?;
    let coming = |on: NaiveDate, draft: &Draft| Coming {
        on,
        contract: row.number.clone(),
        customer: customer.name.clone(),
        currency: draft.currency(),
        amount: draft.payable(),
    };
    let contract = match agreement_in(model, &row.number)? {
        Agreement::Recurring(contract) => contract,
        // What is ordered is invoiced by command.
        Agreement::Quote(_) => return Ok(Vec::new()),
        Agreement::Once(one_off) => {
            let day = row.next_on.max(today);
            let draft = Draft::of(&one_off.charge(), &customer, &terms, day).ok();
            return Ok(draft.map(|draft| coming(day, &draft)).into_iter().collect());
        }
    };
    // Too many at once wait for the owner (rule R5).
    if braked_of(office, tx, row.id, &contract).await?.is_some() {
        return Ok(Vec::new());
    }
    let contract = contract.under(&by_command(&acts_of(tx, Subject::Contract(row.id)).await?));
    let done: BTreeSet<NaiveDate> = tx.periods_of(row.id).await?.into_iter().map(|period| period.starts_on).collect();
    let (rhythm, billed) = (contract.rhythm(), contract.billed_through.unwrap_or(NaiveDate::MIN));
    let periods = contract.periods().map(|period| (rhythm.scheduled_on(&period, &business_days), period));
    let coming_periods = periods
        .take_while(|(day, _)| *day <= through)
        .filter(|(_, period)| period.ends_on > billed && !done.contains(&period.starts_on));
    let mut invoices = Vec::new();
    for (day, period) in coming_periods {
        // A period that was missed is caught up on today.
        let day = day.max(today);
        match Draft::of(&contract.charge(&period), &customer, &terms, day) {
            Ok(draft) => invoices.push(coming(day, &draft)),
            Err(DraftError::Free) => {}
            // The contract is held from there on.
            Err(_) => break,
        }
    }
    Ok(invoices)
}
