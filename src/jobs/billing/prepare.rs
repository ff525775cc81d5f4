//! What is to be invoiced is prepared and validated, before anything has a number.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::customer::Customer;
use crate::document::Files;
use crate::fact::{Agreement, RevisionFact, Subject};
use crate::invoice::{Draft, DraftError, OneOff, Terms};
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::{by_command, insolvent_since, released_through};
use crate::jobs::records::customer::agreement_in;
use crate::question::Obstacle;
use crate::recurring::{Contract, Due, Period, due};
use crate::shell::store::{DueContract, Tx};

/// What is to be done for a contract.
pub(super) struct Work {
    pub(super) row: DueContract,
    pub(super) customer: Customer,
    pub(super) dunning_policy: Option<String>,
    pub(super) drafts: Vec<(Period, Draft)>,
    pub(super) next_on: Option<NaiveDate>,
    /// The bytes of the files that go with its invoices.
    pub(super) files: Files,
}

/// Why nothing is issued of a contract.
pub(super) struct Held {
    pub(super) rule: &'static str,
    pub(super) reason: Obstacle,
    pub(super) missed: usize,
}

pub(super) enum Prepared {
    Work(Box<Work>),
    Held(Held),
    /// Nothing is issued; look again on that day.
    Nothing(Option<NaiveDate>),
}

/// What came of a look at a contract, and the periods that are due and cost nothing: they are skipped, whatever else comes of it.
pub(super) struct Looked {
    pub(super) prepared: Prepared,
    pub(super) free: Vec<Period>,
}

impl From<Prepared> for Looked {
    fn from(prepared: Prepared) -> Looked {
        Looked { prepared, free: Vec::new() }
    }
}

/// Finds out what of a contract is due, and drafts it.
pub(super) async fn prepare(office: &Office, today: NaiveDate, row: &DueContract) -> Result<Looked, JobError> {
    let held = |rule, reason: Obstacle, missed| Ok(Prepared::Held(Held { rule, reason, missed }).into());
    let Some(model) = &row.model else {
        return held("book", Obstacle::Vanished {}, 1);
    };
    let mut tx = office.store.read().await?;
    let acts = acts_of(&mut tx, Subject::Customer(row.customer_id)).await?;
    if let Some(since) = insolvent_since(&acts).filter(|since| *since <= today) {
        return held("insolvent", Obstacle::Insolvent { since }, 1);
    }
    let customer = customer_of(row)?;
    let terms = office.terms(today);
    let done: BTreeSet<NaiveDate> = tx.periods_of(row.id).await?.into_iter().map(|period| period.starts_on).collect();
    let contract = match agreement_in(model, &row.number)? {
        Agreement::Recurring(contract) => contract,
        // What is ordered is invoiced by command.
        Agreement::Quote(_) => return Ok(Prepared::Nothing(None).into()),
        Agreement::Once(_) if !done.is_empty() => return Ok(Prepared::Nothing(None).into()),
        Agreement::Once(one_off) => return Ok(once(&mut tx, &terms, today, row, customer, one_off).await?.into()),
    };
    let acts = acts_of(&mut tx, Subject::Contract(row.id)).await?;
    let (contract, released) = (contract.under(&by_command(&acts)), released_through(&acts));
    let (periods, next_on) = match due(&contract, &done, released, today, &office.business_days()) {
        Due::Nothing { next_on } => return Ok(Prepared::Nothing(next_on).into()),
        Due::Held { missed } => {
            let reason = too_many(&contract, &missed);
            return held("R5", reason, missed.len());
        }
        Due::Issue { periods, next_on } => (periods, next_on),
    };
    let (mut drafts, mut free) = (Vec::with_capacity(periods.len()), Vec::new());
    for period in periods {
        match Draft::of(&contract.charge(&period), &customer, &terms, today) {
            Ok(draft) => match draft.lacks() {
                None => drafts.push((period, draft)),
                Some(lacks) => return held("draft", lacks.into(), 1),
            },
            Err(DraftError::Free) => free.push(period),
            Err(error) => return held("draft", error.into(), 1),
        }
    }
    if drafts.is_empty() {
        return Ok(Looked { prepared: Prepared::Nothing(next_on), free });
    }
    let files = files_of(&mut tx, &drafts).await?;
    let (row, dunning_policy) = (row.clone(), contract.dunning_policy);
    let work = Work { row, customer, dunning_policy, drafts, next_on, files };
    Ok(Looked { prepared: Prepared::Work(Box::new(work)), free })
}

/// Says that too many periods wait at once.
pub(super) fn too_many(contract: &Contract, missed: &[Period]) -> Obstacle {
    let day = |period: Option<&Period>| period.expect("a contract is held for its periods").starts_on;
    let (from, to) = (day(missed.first()), day(missed.last()));
    Obstacle::ManyPeriods { periods: missed.len(), from, to, most: contract.max_catch_up }
}

/// Returns the bytes of the files that go with invoices, as they were when the book was applied.
async fn files_of(tx: &mut Tx, drafts: &[(Period, Draft)]) -> Result<Files, JobError> {
    let mut files = Files::new();
    for attached in drafts.iter().flat_map(|(_, draft)| draft.attachments()) {
        let bytes = tx.blob(&attached.sha256).await?;
        // A copy of the books, such as a simulation's, holds no bytes.
        if !bytes.is_empty() {
            files.insert(attached.sha256.clone(), bytes);
        }
    }
    Ok(files)
}

/// Drafts a one-off invoice.
async fn once(
    tx: &mut Tx,
    terms: &Terms,
    today: NaiveDate,
    row: &DueContract,
    customer: Customer,
    one_off: OneOff,
) -> Result<Prepared, JobError> {
    let (from, through) = (one_off.service_from, one_off.service_through());
    let period = Period { starts_on: from, ends_on: through, full_from: from, full_through: through };
    let held = |reason: Obstacle| Ok(Prepared::Held(Held { rule: "draft", reason, missed: 1 }));
    let draft = match Draft::of(&one_off.charge(), &customer, terms, today) {
        Err(error) => return held(error.into()),
        Ok(draft) => draft,
    };
    if let Some(lacks) = draft.lacks() {
        return held(lacks.into());
    }
    let (row, dunning_policy, drafts) = (row.clone(), one_off.dunning_policy, vec![(period, draft)]);
    let files = files_of(tx, &drafts).await?;
    Ok(Prepared::Work(Box::new(Work { row, customer, dunning_policy, drafts, next_on: None, files })))
}

/// Returns what was agreed with the customer of a contract.
pub(super) fn customer_of(row: &DueContract) -> Result<Customer, JobError> {
    RevisionFact::read_customer(&row.customer_model).map_err(JobError::model(format!("the customer of {}", row.number)))
}
