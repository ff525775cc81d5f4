//! Reminders and dunning letters: for every customer with something overdue, today's decision with its reason (rules D1 to D10).
//!
//! A letter is only numbered, written and queued here. Before it leaves it is decided anew, on what the books then know.

use chrono::NaiveDate;

use super::announce::announce;
use super::case::{Loaded, load};
use super::draft::{draft, queue_notice};
use super::numbered::Draft;
use super::plan::end_missed_plans;
use super::recorded::{not_written, record_plan, unreadable};
use super::stale::note_staleness;
use crate::dunning::{DunningDocument, Plan, Surroundings, decide};
use crate::id::CustomerId;
use crate::jobs::issuing::chunk::{CHUNK, Chunk, issue};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::alarm::alarm;
use crate::letter::Alarm;
use crate::question::Obstacle;
use crate::shell::crash;
use crate::shell::store::{Run, Tx, Writing};

/// How many customers are decided in one transaction.
const BATCH: i64 = 500;

/// Decides for every customer with an invoice that is to be looked at. Returns how many letters were queued.
///
/// # Errors
/// When the books fail, or no worker can be started to typeset the letters.
pub async fn escalate(office: &Office, run: &Run) -> Result<usize, JobError> {
    let (mut after, mut letters) = (None, 0);
    while !office.is_stopping() {
        let customers = office.store.read().await?.customers_to_look_at(run.today, after, BATCH).await?;
        let Some(last) = customers.last() else { break };
        after = Some(*last);
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
pub async fn decide_for(office: &Office, run: &Run, customers: &[CustomerId]) -> Result<usize, JobError> {
    let with_letters = record_others(office, run, customers).await?;
    let mut letters = 0;
    for chunk in with_letters.chunks(CHUNK) {
        letters += issue(office, run, &Letters(chunk)).await?.numbers.len();
    }
    Ok(letters)
}

/// Decides for customers and records what is no letter. Returns those who get one.
async fn record_others(office: &Office, run: &Run, customers: &[CustomerId]) -> Result<Vec<CustomerId>, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (mut events, mut with_letters) = (Vec::new(), Vec::new());
    for customer in customers {
        let decided = match decided(office, &mut writing.tx, *customer, run.today).await {
            // One who cannot be read keeps nobody else from a letter.
            Err(error @ JobError::Model { .. }) => {
                events.extend(unreadable(&mut writing, *customer, error.obstacle()).await?);
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
    customer: CustomerId,
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

/// Customers whose letters are stored in one transaction. They are decided once more in it: when somebody else wrote what concerns one
/// of them, all of them are decided anew.
struct Letters<'c>(&'c [CustomerId]);

impl Chunk for Letters<'_> {
    const DOING: &'static str = "queueing letters";

    type Draft = Draft<DunningDocument>;

    type Seen = Vec<(Loaded, Plan)>;

    async fn draft(&self, office: &Office, run: &Run) -> Result<(Self::Seen, Vec<Self::Draft>), JobError> {
        let mut tx = office.store.read().await?;
        let (mut plans, mut drafts) = (Vec::new(), Vec::new());
        for customer in self.0 {
            let Some((loaded, plan)) = decided(office, &mut tx, *customer, run.today).await? else { continue };
            if let Some(letter) = &plan.letter {
                drafts.push(draft(office, &mut tx, &loaded, letter, run.today).await?);
            }
            plans.push((loaded, plan));
        }
        Ok((plans, drafts))
    }

    async fn record(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        plans: &Self::Seen,
        unwritten: &[(Self::Draft, Obstacle)],
    ) -> Result<Option<Vec<Event>>, JobError> {
        let (today, mut events) = (writing.today(), Vec::new());
        for (before, plan) in plans {
            let now = decided(office, &mut writing.tx, before.id, today).await?;
            let Some((loaded, _)) = now.filter(|(l, p)| p == plan && l.customer == before.customer) else {
                return Ok(None);
            };
            events.extend(match unwritten.iter().find(|(draft, _)| draft.customer == loaded.id) {
                Some((draft, why)) => not_written(writing, &loaded, plan, draft, why).await?,
                None => record_plan(writing, &loaded, plan).await?,
            });
        }
        if !unwritten.is_empty() {
            alarm(writing, Alarm::LettersHeld).await?;
        }
        Ok(Some(events))
    }
}
