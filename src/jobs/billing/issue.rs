//! Invoices for everything that is due, in chunks: what is due is drafted, and what is held is noted with the reason.

use chrono::NaiveDate;

use super::prepare::{Held, Prepared, Work, prepare};
use super::store::{hold, resume};
use crate::id::ContractId;
use crate::jobs::issuing::chunk::{CHUNK, Chunk, issue};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::alarm::alarm;
use crate::jobs::records::issued::note_issued;
use crate::letter::Alarm;
use crate::question::Obstacle;
use crate::recurring::Period;
use crate::shell::store::{DueContract, OwnersWord, Run, Writing};

/// Issues everything that is due. Returns how many invoices.
///
/// # Errors
/// When the books or the typesetter fail; what was stored before stays.
pub async fn issue_invoices(office: &Office, run: &Run) -> Result<usize, JobError> {
    let mut after = None;
    let mut issued = 0;
    while !office.is_stopping() {
        let limit = i64::try_from(CHUNK).unwrap_or(i64::MAX);
        let contracts = office.store.read().await?.due_contracts(run.today, after, limit).await?;
        let Some(last) = contracts.last() else { return Ok(issued) };
        after = Some((last.next_on, last.id));
        let contracts: Vec<ContractId> = contracts.iter().map(|contract| contract.id).collect();
        issued += issue(office, run, &Contracts(&contracts)).await?.numbers.len();
    }
    Ok(issued)
}

/// Issues one contract or one-off invoice, whatever its day. Returns how many invoices.
///
/// # Errors
/// When the books or the typesetter fail.
pub async fn issue_now(office: &Office, run: &Run, contract: ContractId) -> Result<usize, JobError> {
    let count = issue(office, run, &Contracts(&[contract])).await?.numbers.len();
    note_issued(office, run).await?;
    Ok(count)
}

/// Contracts whose invoices are issued in one transaction.
struct Contracts<'c>(&'c [ContractId]);

/// What was seen of contracts.
struct Seen {
    /// How far the owner's word reached.
    word: OwnersWord,
    /// Those of which nothing is issued, and why.
    held: Vec<(DueContract, Held)>,
    /// The periods that are due and cost nothing.
    free: Vec<(DueContract, Period)>,
    /// Those of which nothing is due, with the day on which they are looked at next.
    resting: Vec<(DueContract, Option<NaiveDate>)>,
}

impl Chunk for Contracts<'_> {
    const DOING: &'static str = "issuing";

    type Draft = Work;

    type Seen = Seen;

    async fn draft(&self, office: &Office, run: &Run) -> Result<(Seen, Vec<Work>), JobError> {
        let mut tx = office.store.read().await?;
        let word = tx.owners_word().await?;
        let mut rows = Vec::with_capacity(self.0.len());
        for contract in self.0 {
            rows.push(tx.contract_for_issue(*contract, run.today).await?);
        }
        drop(tx);
        let (mut seen, mut works) =
            (Seen { word, held: Vec::new(), free: Vec::new(), resting: Vec::new() }, Vec::new());
        for row in rows {
            let looked = prepare(office, run.today, &row).await;
            let looked = looked.map(|looked| {
                seen.free.extend(looked.free.into_iter().map(|period| (row.clone(), period)));
                looked.prepared
            });
            match looked {
                Ok(Prepared::Work(work)) => works.push(*work),
                Ok(Prepared::Held(why)) => seen.held.push((row, why)),
                Ok(Prepared::Nothing(next_on)) => seen.resting.push((row, next_on)),
                // One that cannot be read keeps nobody else from an invoice.
                Err(error @ JobError::Model { .. }) => {
                    seen.held.push((row, Held { rule: "model", reason: error.obstacle(), missed: 1 }));
                }
                Err(error) => return Err(error),
            }
        }
        Ok((seen, works))
    }

    async fn record(
        &self,
        _: &Office,
        writing: &mut Writing<'_>,
        seen: &Seen,
        unwritten: &[(Work, Obstacle)],
    ) -> Result<Option<Vec<Event>>, JobError> {
        // Typesetting takes its time: what was applied, held or paused meanwhile counts.
        if writing.tx.owners_word().await? != seen.word {
            return Ok(None);
        }
        let mut events = Vec::new();
        for (row, why) in &seen.held {
            events.extend(hold(writing, row, why).await?);
        }
        for (work, why) in unwritten {
            let why = Held { rule: "paper", reason: why.clone(), missed: work.drafts.len() };
            events.extend(hold(writing, &work.row, &why).await?);
        }
        if !events.is_empty() {
            alarm(writing, Alarm::InvoicesHeld).await?;
        }
        for (row, period) in &seen.free {
            writing.add_period(row.id, period.starts_on, 1, period.ends_on, None).await?;
            events.push(Event::PeriodSkipped {
                contract: row.number.clone(),
                service_from: period.starts_on,
                service_through: period.ends_on,
            });
        }
        for (row, next_on) in &seen.resting {
            writing.set_next_on(row.id, *next_on).await?;
            resume(writing, row.id, 0, *next_on).await?;
        }
        Ok(Some(events))
    }
}
