//! The invoices to come, reckoned as the day's work will.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::prepare::customer_of;
use crate::fact::{Agreement, Subject, VerdictKind};
use crate::invoice::{Draft, DraftError};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreement_in;
use crate::jobs::records::decision::contracts_standing;
use crate::money::{Amount, Currency};
use crate::shell::store::{DueContract, Tx};

/// An invoice to come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coming {
    /// The day on which it is issued.
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
    let held: BTreeSet<Subject> =
        contracts_standing(tx, VerdictKind::Held).await?.into_iter().map(|held| held.subject).collect();
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
        Agreement::Once(one_off) => {
            let draft = Draft::of(&one_off.charge(), &customer, &terms, row.next_on).ok();
            return Ok(draft.map(|draft| coming(row.next_on, &draft)).into_iter().collect());
        }
    };
    let done: Vec<NaiveDate> = tx.periods_of(row.id).await?.into_iter().map(|period| period.starts_on).collect();
    let (rhythm, billed) = (contract.rhythm(), contract.billed_through.unwrap_or(NaiveDate::MIN));
    let periods = contract.periods().map(|period| (rhythm.scheduled_on(&period, &business_days), period));
    let due: Vec<_> = periods
        .take_while(|(day, _)| *day <= through)
        .filter(|(day, period)| *day >= row.next_on && period.ends_on > billed && !done.contains(&period.starts_on))
        .collect();
    // Too many at once wait for the owner (rule R5).
    let missed = due.iter().filter(|(day, _)| *day <= today).count();
    if missed > usize::try_from(contract.max_catch_up).unwrap_or(usize::MAX) {
        return Ok(Vec::new());
    }
    let mut invoices = Vec::new();
    for (day, period) in due {
        match Draft::of(&contract.charge(&period), &customer, &terms, day) {
            Ok(draft) => invoices.push(coming(day, &draft)),
            Err(DraftError::Free) => {}
            // The contract is held from there on.
            Err(_) => break,
        }
    }
    Ok(invoices)
}
