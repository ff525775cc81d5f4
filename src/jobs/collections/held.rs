//! What holds letters now: a decision that something has overtaken is made anew, without writing it down.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::NaiveDate;

use super::case::load;
use super::recorded::held_fact;
use crate::dunning::{Finding, Outcome, Surroundings, decide};
use crate::fact::{DecisionFact, Fact as _, VerdictKind};
use crate::id::{CustomerId, DocumentId};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::decision::{Standing, standing};
use crate::shell::store::Tx;

/// Returns the open documents whose letters are held, each with what holds it now: as it was decided, or as the next run will decide
/// where it is to look again already.
///
/// # Errors
/// When the books fail, or hold a decision that cannot be read; its document is named.
pub async fn held_now(office: &Office, tx: &mut Tx, today: NaiveDate) -> Result<Vec<Standing>, JobError> {
    let (mut held, mut decided) = (Vec::new(), Decided::default());
    for Standing { mut row, fact } in standing(tx, VerdictKind::Held).await? {
        if !matches!(fact, DecisionFact::Held { .. }) || !is_overtaken(tx, row.id, today).await? {
            held.push(Standing { row, fact });
            continue;
        }
        let found = match decided.found(office, tx, row.id, today).await {
            // A customer who cannot be read keeps what was decided.
            Err(JobError::Model { .. }) => {
                held.push(Standing { row, fact });
                continue;
            }
            found => found?,
        };
        if let Some((rule, fact)) = found {
            row.rule = rule;
            row.facts = fact.write();
            held.push(Standing { row, fact });
        }
    }
    Ok(held)
}

/// Tells whether an invoice is to be looked at again, so that what was decided of it may be true no more. While a letter to its customer
/// is under way nothing is decided.
///
/// # Errors
/// When the books fail.
pub async fn is_overtaken(tx: &mut Tx, document: DocumentId, today: NaiveDate) -> Result<bool, JobError> {
    let row = tx.receivable(document).await?;
    Ok(row.next_on.is_some_and(|day| day <= today) && tx.dunning_under_way(row.customer_id).await?.is_empty())
}

/// Decides what the next run will find that holds an invoice's letter, if nothing else changes: the rule, and what it sees; nothing when
/// nothing holds it.
///
/// # Errors
/// When the books fail, or hold something of the customer that cannot be read.
pub async fn found_now(
    office: &Office,
    tx: &mut Tx,
    document: DocumentId,
    today: NaiveDate,
) -> Result<Option<(String, DecisionFact)>, JobError> {
    Decided::default().found(office, tx, document, today).await
}

/// What was found of customers already: a decision is on all invoices of a customer, and is made once for each and day.
#[derive(Default)]
struct Decided {
    findings: BTreeMap<(CustomerId, NaiveDate), Vec<Finding>>,
}

impl Decided {
    async fn found(
        &mut self,
        office: &Office,
        tx: &mut Tx,
        document: DocumentId,
        today: NaiveDate,
    ) -> Result<Option<(String, DecisionFact)>, JobError> {
        let mut finding = self.finding(office, tx, document, today).await?;
        // On a day on which no letters leave, the next on which they do is looked at.
        let sending_day = finding.as_ref().and_then(|finding| {
            let is_earned = finding.earned.as_ref().is_some_and(|earned| earned.on <= today);
            finding.next_on.filter(|_| is_earned && finding.outcome == Outcome::Waiting)
        });
        if let Some(day) = sending_day {
            finding = self.finding(office, tx, document, day).await?;
        }
        Ok(finding.and_then(|finding| match &finding.outcome {
            Outcome::Held { reason, about, leaves_on } => Some((reason.rule(), held_fact(&finding, about, *leaves_on))),
            Outcome::Settled | Outcome::Undelivered | Outcome::Waiting | Outcome::LastStage | Outcome::InLetter => None,
        }))
    }

    async fn finding(
        &mut self,
        office: &Office,
        tx: &mut Tx,
        document: DocumentId,
        day: NaiveDate,
    ) -> Result<Option<Finding>, JobError> {
        let customer = tx.receivable(document).await?.customer_id;
        let findings = match self.findings.entry((customer, day)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(room) => {
                let (business_days, rates) = (office.business_days(), office.base_rates());
                let loaded = load(office, tx, customer, day).await?;
                let around = Surroundings { today: day, business_days: &business_days, rates: &rates };
                room.insert(decide(&loaded.case, around).findings)
            }
        };
        Ok(findings.iter().find(|finding| finding.document == document).cloned())
    }
}
