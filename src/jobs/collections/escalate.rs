//! Reminders and dunning letters: for every customer with something overdue, today's decision with its reason (rules D1 to D10).
//!
//! A letter is only numbered, written and queued here. Before it leaves it is decided anew, on what the books then know.

use chrono::NaiveDate;

use super::announce::announce;
use super::case::{Loaded, load};
use super::draft::{draft, queue_notice};
use super::plan::end_missed_plans;
use super::recorded::{not_written, record_plan, unreadable};
use super::stale::note_staleness;
use crate::dunning::{Plan, Surroundings, decide};
use crate::jobs::issuing::numbered::number;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::alarm::alarm;
use crate::shell::crash;
use crate::shell::store::{Run, Tx};

/// How many customers are decided in one transaction.
const BATCH: i64 = 500;

/// How many letters are stored in one transaction.
const CHUNK: usize = 64;

/// How often letters are decided again because somebody else wrote in between.
const TRIES: usize = 5;

/// Decides for every customer with an invoice that is to be looked at. Returns how many letters were queued.
///
/// # Errors
/// When the books fail, or no worker can be started to typeset the letters.
pub async fn escalate(office: &Office, run: &Run) -> Result<usize, JobError> {
    let (mut after, mut letters) = (0, 0);
    while !office.is_stopping() {
        let customers = office.store.read().await?.customers_to_look_at(run.today, after, BATCH).await?;
        let Some(last) = customers.last() else { break };
        after = *last;
        letters += decide_for(office, run, &customers).await?;
    }
    if office.config.dunning.announce {
        announce(office, run).await?;
    }
    note_staleness(office, run).await?;
    Ok(letters)
}

/// Decides for customers: what is no letter is recorded at once, letters are written and queued. Returns how many.
///
/// # Errors
/// When the books fail, or no worker can be started to typeset the letters.
pub async fn decide_for(office: &Office, run: &Run, customers: &[i64]) -> Result<usize, JobError> {
    let with_letters = record_others(office, run, customers).await?;
    let mut letters = 0;
    for chunk in with_letters.chunks(CHUNK) {
        let mut tries = 0;
        letters += loop {
            match write_letters(office, run, chunk).await? {
                Some(count) => break count,
                None if tries < TRIES => tries += 1,
                None => return Err(JobError::damaged("a customer whose case never rests")),
            }
        };
    }
    Ok(letters)
}

/// Decides for customers and records what is no letter. Returns those who get one.
async fn record_others(office: &Office, run: &Run, customers: &[i64]) -> Result<Vec<i64>, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (mut events, mut with_letters) = (Vec::new(), Vec::new());
    for customer in customers {
        let decided = match decided(office, &mut writing.tx, *customer, run.today).await {
            // One who cannot be read keeps nobody else from a letter.
            Err(error @ JobError::Model { .. }) => {
                events.extend(unreadable(&mut writing, *customer, &error.to_string()).await?);
                continue;
            }
            decided => decided?,
        };
        let Some((loaded, plan)) = decided else { continue };
        events.extend(end_missed_plans(&mut writing, &loaded).await?);
        if plan.letter.is_some() {
            with_letters.push(*customer);
        } else {
            events.extend(record_plan(&mut writing, &loaded, &plan).await?);
            if let Some(notice) = &plan.notice {
                queue_notice(office, &mut writing, &loaded, notice).await?;
            }
        }
    }
    crash::point("before escalating");
    writing.commit().await?;
    crash::point("after escalating");
    events.iter().for_each(|event| office.tell(run.today, event));
    Ok(with_letters)
}

/// Decides for a customer; nothing while a letter is under way: one at a time, so it is settled first.
async fn decided(
    office: &Office,
    tx: &mut Tx,
    customer: i64,
    today: NaiveDate,
) -> Result<Option<(Loaded, Plan)>, JobError> {
    if !tx.dunning_under_way(customer).await?.is_empty() {
        return Ok(None);
    }
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let around = Surroundings { today, business_days: &business_days, rates: &rates };
    let loaded = load(office, tx, customer, today).await?;
    let plan = decide(&loaded.case, around);
    Ok(Some((loaded, plan)))
}

/// Writes the letters of some customers with no transaction open, then decides once more, and stores them in one transaction.
/// Nothing when somebody else wrote in between, so that they are to be decided anew.
async fn write_letters(office: &Office, run: &Run, customers: &[i64]) -> Result<Option<usize>, JobError> {
    let mut tx = office.store.read().await?;
    let (mut plans, mut drafts) = (Vec::new(), Vec::new());
    for customer in customers {
        let Some((loaded, plan)) = decided(office, &mut tx, *customer, run.today).await? else { continue };
        if let Some(letter) = &plan.letter {
            drafts.push(draft(office, &mut tx, &loaded, letter, run.today).await?);
        }
        plans.push((loaded, plan));
    }
    drop(tx);
    let (numbered, unwritten) = number(office, run.today, drafts).await?;

    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (mut events, mut letters) = (Vec::new(), 0);
    for (before, plan) in &plans {
        let now = decided(office, &mut writing.tx, before.id, run.today).await?;
        let Some((loaded, _)) = now.filter(|(l, p)| p == plan && l.customer == before.customer) else {
            return Ok(None);
        };
        match unwritten.iter().find(|(draft, _)| draft.customer == loaded.id) {
            Some((draft, why)) => events.extend(not_written(&mut writing, &loaded, plan, draft, why).await?),
            None => {
                events.extend(record_plan(&mut writing, &loaded, plan).await?);
                letters += usize::from(plan.letter.is_some());
            }
        }
    }
    if !unwritten.is_empty() {
        alarm(&mut writing, "letters_held").await?;
    }
    if !numbered.store(office, &mut writing).await? {
        return Ok(None);
    }
    crash::point("before queueing letters");
    writing.commit().await?;
    crash::point("after queueing letters");
    events.iter().for_each(|event| office.tell(run.today, event));
    Ok(Some(letters))
}
