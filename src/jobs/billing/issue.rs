//! Invoices for everything that is due: drafted, numbered, typeset, and stored in chunks, each in one transaction with its number.
//!
//! First everything is validated, then the survivors are numbered, then they are typeset with no transaction open; what fails
//! drops out, and its successors are numbered again. The counter moves from exactly the value read, so there are no gaps.

use chrono::NaiveDate;

use super::prepare::{Held, Prepared, Work, prepare};
use super::store::{SERIES, hold, resume, store};
use crate::calendar::EARLIEST;
use crate::document::Paper;
use crate::invoice::Document;
use crate::jobs::issuing::number::next_sequence;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::alarm::alarm;
use crate::jobs::records::issued::note_issued;
use crate::letter;
use crate::money::Amount;
use crate::reference::Series;
use crate::shell::crash;
use crate::shell::store::{Run, StoreError};

/// How many documents are stored in one transaction, at least.
const CHUNK: usize = 64;

/// How often a chunk is done again because somebody else wrote in between.
const TRIES: usize = 5;

/// Issues everything that is due. Returns how many invoices.
///
/// # Errors
/// When the books or the typesetter fail; what was stored before stays.
pub async fn issue_invoices(office: &Office, run: &Run) -> Result<usize, JobError> {
    let mut after = (EARLIEST, 0);
    let mut issued = 0;
    while !office.is_stopping() {
        let limit = i64::try_from(CHUNK).unwrap_or(i64::MAX);
        let contracts = office.store.read().await?.due_contracts(run.today, after, limit).await?;
        let Some(last) = contracts.last() else { return Ok(issued) };
        after = (last.next_on, last.id);
        let contracts: Vec<i64> = contracts.iter().map(|contract| contract.id).collect();
        issued += issue_chunk(office, run, &contracts).await?;
    }
    Ok(issued)
}

/// Issues one contract or one-off invoice, whatever its day. Returns how many invoices.
///
/// # Errors
/// When the books or the typesetter fail.
pub async fn issue_now(office: &Office, run: &Run, contract: i64) -> Result<usize, JobError> {
    let count = issue_chunk(office, run, &[contract]).await?;
    note_issued(office, run).await?;
    Ok(count)
}

async fn issue_chunk(office: &Office, run: &Run, contracts: &[i64]) -> Result<usize, JobError> {
    let mut tries = 0;
    loop {
        match try_chunk(office, run, contracts).await {
            // Another writer took the number or invoiced the period: look again.
            Err(JobError::Store(StoreError::Refused { rule, .. }))
                if tries < TRIES && matches!(rule.as_str(), "document_sequence_key" | "contract_period_key") =>
            {
                tries += 1;
            }
            Ok(None) if tries < TRIES => tries += 1,
            Ok(None) => return Err(JobError::Store(StoreError::Damaged("the books never rest".to_owned()))),
            Ok(Some(count)) => return Ok(count),
            Err(error) => return Err(error),
        }
    }
}

/// Does a chunk once; nothing when the counter moved meanwhile, or the owner said something that may concern it.
async fn try_chunk(office: &Office, run: &Run, contracts: &[i64]) -> Result<Option<usize>, JobError> {
    let mut tx = office.store.read().await?;
    let word = tx.owners_word().await?;
    let mut rows = Vec::with_capacity(contracts.len());
    for contract in contracts {
        rows.push(tx.contract_for_issue(*contract, run.today).await?);
    }
    drop(tx);
    let (mut works, mut held) = (Vec::new(), Vec::new());
    let mut resting = Vec::new();
    for row in &rows {
        let prepared = match prepare(office, run.today, row).await {
            // One that cannot be read keeps nobody else from an invoice.
            Err(error @ JobError::Model { .. }) => {
                Prepared::Held(Held { rule: "model", reason: error.to_string(), missed: 1 })
            }
            prepared => prepared?,
        };
        match prepared {
            Prepared::Work(work) => works.push(*work),
            Prepared::Held(why) => held.push((row, why)),
            Prepared::Nothing(next_on) => resting.push((row, next_on)),
        }
    }

    let series = office.config.series(SERIES);
    let period = series.series.period(run.today);
    let mut tx = office.store.read().await?;
    let (first, counter) = next_sequence(office, &mut tx, SERIES, run.today).await?;
    drop(tx);

    let papers = loop {
        let documents = numbered(&works, &series.series, run.today, first);
        let failed = match check_texts(office, &works, &documents) {
            Some(failed) => Err(failed),
            None => typeset(office, &works, &documents).await?,
        };
        match failed {
            Ok(papers) => break documents.into_iter().zip(papers).collect::<Vec<_>>(),
            Err((place, reason)) => {
                let work = works.remove(place);
                held.push((work.row, Held { rule: "paper", reason, missed: work.drafts.len() }));
            }
        }
    };

    let mut writing = office.store.write(run, office.clock.now()).await?;
    // Typesetting takes its time: what was applied, held or paused meanwhile counts.
    if writing.tx.owners_word().await? != word {
        return Ok(None);
    }
    let mut events = Vec::new();
    for (row, why) in &held {
        events.extend(hold(&mut writing, row, why).await?);
    }
    if !events.is_empty() {
        alarm(&mut writing, "invoices_held").await?;
    }
    for (row, next_on) in resting {
        writing.set_next_on(row.id, next_on).await?;
    }
    let count = papers.len();
    if count > 0 {
        let last = first + i64::try_from(count).unwrap_or(i64::MAX) - 1;
        if !writing.move_counter(SERIES, &period, counter, last).await? {
            return Ok(None);
        }
        let mut papers = papers.into_iter().zip(first..);
        for work in &works {
            for (service, _) in &work.drafts {
                let ((document, pdf), sequence) = papers.next().expect("a paper for each draft");
                let at = (period.clone(), sequence);
                events.extend(store(office, &mut writing, work, service, document, pdf, at).await?);
            }
            writing.set_next_on(work.row.id, work.next_on).await?;
            resume(&mut writing, work).await?;
        }
    }
    crash::point("before issuing");
    writing.commit().await?;
    crash::point("after issuing");
    events.iter().for_each(|event| office.tell(run.today, event));
    Ok(Some(count))
}

fn numbered(works: &[Work<'_>], series: &Series, today: NaiveDate, first: i64) -> Vec<Document> {
    let drafts = works.iter().flat_map(|work| &work.drafts);
    drafts.zip(first..).map(|((_, draft), sequence)| draft.clone().numbered(&series.number(today, sequence))).collect()
}

/// Returns the contract that a paper belongs to.
fn place_of(works: &[Work<'_>], paper: usize) -> usize {
    let mut behind = 0;
    works
        .iter()
        .position(|work| {
            behind += work.drafts.len();
            paper < behind
        })
        .expect("every paper has a contract")
}

/// Writes the mail of each invoice once, so that a mistake in a template shows before a number is drawn.
fn check_texts(office: &Office, works: &[Work<'_>], documents: &[Document]) -> Option<(usize, String)> {
    documents.iter().enumerate().find_map(|(paper, document)| {
        let place = place_of(works, paper);
        let context = letter::invoice(document, &works[place].customer, Amount::ZERO);
        let text = office.templates.write("invoice", document.language, &context);
        text.err().map(|error| (place, error.to_string()))
    })
}

/// Papers in the order of their documents, or the first contract whose paper failed, and why.
type Typeset = Result<Vec<Option<Vec<u8>>>, (usize, String)>;

async fn typeset(office: &Office, works: &[Work<'_>], documents: &[Document]) -> Result<Typeset, JobError> {
    let papers: Vec<Paper> = documents.iter().map(|document| Paper::Invoice(Box::new(document.clone()))).collect();
    let rendered = office.renderer.render(&papers, &office.stationery).await;
    let rendered = rendered.map_err(JobError::io("starting a worker to typeset invoices"))?;
    let mut papers = Vec::with_capacity(rendered.len());
    for (paper, result) in rendered.into_iter().enumerate() {
        match result {
            Ok(pdf) => papers.push(pdf),
            Err(error) => return Ok(Err((place_of(works, paper), error.to_string()))),
        }
    }
    Ok(Ok(papers))
}
