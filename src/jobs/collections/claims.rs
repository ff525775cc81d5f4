//! The claims on a customer as of a day, invoice by invoice: what an insolvency administrator asks for.

use chrono::NaiveDate;

use super::case::load_all;
use crate::dunning::{Claim, Surroundings, claim};
use crate::fact::Subject;
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::insolvent_since;
use crate::jobs::records::name::find;
use crate::money::{Amount, Currency};
use crate::refusal::NameRefusal;
use crate::shell::store::Tx;

/// The claims on a customer.
#[derive(Debug, Clone)]
pub struct Claims {
    /// The customer's number.
    pub customer: String,
    /// The customer's name.
    pub name: String,
    /// The first day of the insolvency, if there is one.
    pub insolvent_since: Option<NaiveDate>,
    /// The day that the claims are reckoned through.
    pub as_of: NaiveDate,
    /// The invoices, by due date and number.
    pub rows: Vec<ClaimRow>,
}

/// The claim on an invoice.
#[derive(Debug, Clone)]
pub struct ClaimRow {
    /// Its number.
    pub number: String,
    /// The day of issue.
    pub issued_on: NaiveDate,
    /// The day on which it was due.
    pub due_on: NaiveDate,
    /// Its currency.
    pub currency: Currency,
    /// Principal and interest.
    pub claim: Claim,
    /// What letters claimed of costs and was not paid.
    pub costs: Amount,
}

impl ClaimRow {
    /// Returns all of it.
    pub fn total(&self) -> Amount {
        self.claim.principal + self.claim.interest + self.costs
    }
}

/// Lists the claims on a customer as of a day; without one as of the day before the insolvency, because interest from its first day on
/// ranks behind (§ 39 (1) no. 1 InsO), else as of today.
///
/// # Errors
/// When there is no such customer, or the books fail.
pub async fn claims(office: &Office, tx: &mut Tx, number: &str, as_of: Option<NaiveDate>) -> Result<Claims, JobError> {
    let named = find(tx, number).await?;
    let Subject::Customer(customer) = named.subject else {
        return Err(JobError::refused(NameRefusal::NoCustomer { name: number.to_owned() }));
    };
    let today = office.day(office.clock.now());
    let insolvent_since = insolvent_since(&acts_of(tx, named.subject).await?);
    let day_before = insolvent_since.and_then(|day| day.pred_opt());
    let as_of = as_of.or(day_before).unwrap_or(today);
    let loaded = load_all(office, tx, customer, today).await?;
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today, business_days: &business_days, rates: &rates };
    let mut rows = Vec::new();
    for item in &loaded.case.items {
        let receivable = tx.receivable(item.document).await?;
        rows.push(ClaimRow {
            number: item.number.clone(),
            issued_on: item.issued_on,
            due_on: item.due_on,
            currency: item.currency,
            claim: claim(item, as_of, around),
            costs: receivable.open_fee,
        });
    }
    rows.retain(|row| row.issued_on <= as_of && row.claim.principal.is_positive());
    Ok(Claims { customer: loaded.customer.number, name: loaded.customer.name, insolvent_since, as_of, rows })
}
