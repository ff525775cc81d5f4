//! The one loop in which documents get their numbers: drafted and validated, numbered, typeset with no transaction open, and stored in
//! one transaction with all that follows from them.
//!
//! What cannot be written drops out before it has a number for good, and its successors move up. The counter moves from exactly the
//! value read; where it moved meanwhile, or the books say otherwise than they did, the chunk is done again. So there are no gaps.

use std::collections::BTreeMap;

use super::number::{Numbers, next_sequence};
use super::numbered::Numbered;
use crate::document::Paper;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::question::Obstacle;
use crate::reference::shape_of;
use crate::shell::crash;
use crate::shell::store::{NewDocument, Run, StoreError, Writing};

/// How many drafts are stored in one transaction.
pub(crate) const CHUNK: usize = 64;

/// How often a chunk is done again because somebody else wrote in between.
const TRIES: usize = 5;

/// What is issued in one transaction: drafts of one series, and what is recorded beside them.
pub(crate) trait Chunk {
    /// What it is doing, for the names of the crash points: `issuing`.
    const DOING: &'static str;

    /// What is numbered.
    type Draft: Numbered;

    /// What was seen in the books when the drafts were made.
    type Seen;

    /// Looks into the books and drafts what is to be issued. What cannot be drafted is seen, and recorded.
    async fn draft(&self, office: &Office, run: &Run) -> Result<(Self::Seen, Vec<Self::Draft>), JobError>;

    /// Records what goes with the documents, and the drafts that could not be written, each with the reason. Returns what is told;
    /// nothing when the books say otherwise than was seen, so that all of it is to be done again.
    async fn record(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        seen: &Self::Seen,
        unwritten: &[(Self::Draft, Obstacle)],
    ) -> Result<Option<Vec<Event>>, JobError>;
}

/// What came of a chunk.
#[derive(Debug)]
pub(crate) struct Issued<S> {
    /// What was seen in the books.
    pub(crate) seen: S,
    /// The numbers of the documents, in order.
    pub(crate) numbers: Vec<String>,
}

/// Issues a chunk.
///
/// # Errors
/// When the books fail, no worker can be started to typeset, or others write so much that the chunk never fits.
pub(crate) async fn issue<C: Chunk>(office: &Office, run: &Run, chunk: &C) -> Result<Issued<C::Seen>, JobError> {
    let mut tries = 0;
    loop {
        match try_once(office, run, chunk).await {
            // Another writer took the number or invoiced the period: look again.
            Err(JobError::Store(StoreError::Refused { rule, .. }))
                if tries < TRIES && matches!(rule.as_str(), "document_sequence_key" | "contract_period_key") =>
            {
                tries += 1;
            }
            Ok(None) if tries < TRIES => tries += 1,
            Ok(None) => return Err(JobError::damaged(format!("{} in books that never rest", C::DOING))),
            Ok(Some(issued)) => return Ok(issued),
            Err(error) => return Err(error),
        }
    }
}

/// Does a chunk once; nothing when somebody else wrote meanwhile what concerns it.
async fn try_once<C: Chunk>(office: &Office, run: &Run, chunk: &C) -> Result<Option<Issued<C::Seen>>, JobError> {
    let (seen, drafts) = chunk.draft(office, run).await?;
    let numbered = number(office, run, drafts).await?;

    let mut writing = office.store.write(run, office.clock.now()).await?;
    let Some(mut events) = chunk.record(office, &mut writing, &seen, &numbered.unwritten).await? else {
        return Ok(None);
    };
    let Some((numbers, told)) = numbered.store(office, &mut writing).await? else { return Ok(None) };
    events.extend(told);
    crash::point(&format!("before {}", C::DOING));
    writing.commit().await?;
    crash::point(&format!("after {}", C::DOING));
    events.iter().for_each(|event| office.tell(run.today, event));
    Ok(Some(Issued { seen, numbers }))
}

/// The files of a document: name and bytes.
type Files = Vec<(String, Vec<u8>)>;

/// Drafts with their documents, ready to be stored.
struct Ready<D: Numbered> {
    drafts: Vec<D>,
    /// The documents in order of their numbers, each with the place of its draft and its files.
    documents: Vec<(usize, D::Document, Files)>,
    /// The drafts that could not be written, and why.
    unwritten: Vec<(D, Obstacle)>,
    /// The period of the series.
    period: String,
    /// The first number in the sequence.
    first: i64,
    /// The counter that it follows.
    counter: Option<i64>,
}

/// Numbers drafts and typesets their papers, again and again until what is left can be written.
async fn number<D: Numbered>(office: &Office, run: &Run, mut drafts: Vec<D>) -> Result<Ready<D>, JobError> {
    let series = &office.config.series(D::SERIES).series;
    let (first, counter) = next_sequence(office, &mut office.store.read().await?, D::SERIES, run.today).await?;
    let mut unwritten = Vec::new();
    loop {
        let mut numbers = Numbers::new(series, run.today, first);
        let mut documents = Vec::with_capacity(drafts.len());
        for (place, draft) in drafts.iter().enumerate() {
            documents.extend(draft.documents(&mut numbers).into_iter().map(|document| (place, document)));
        }
        let mut failed = match typeset(office, &drafts, &documents).await? {
            Ok(files) => {
                let documents =
                    documents.into_iter().zip(files).map(|((place, document), files)| (place, document, files));
                let (documents, period) = (documents.collect(), series.period(run.today));
                return Ok(Ready { drafts, documents, unwritten, period, first, counter });
            }
            Err(failed) => failed,
        };
        let mut left = Vec::with_capacity(drafts.len());
        for (place, draft) in drafts.into_iter().enumerate() {
            match failed.remove(&place) {
                Some(why) => unwritten.push((draft, why)),
                None => left.push(draft),
            }
        }
        drafts = left;
    }
}

/// The files of each document, or the places of the drafts that cannot be written, and why.
type Typeset = Result<Vec<Files>, BTreeMap<usize, Obstacle>>;

/// Writes and typesets the papers. Nothing is typeset as long as a text fails.
async fn typeset<D: Numbered>(
    office: &Office,
    drafts: &[D],
    documents: &[(usize, D::Document)],
) -> Result<Typeset, JobError> {
    let (mut names, mut papers, mut failed) = (Vec::new(), Vec::<Paper>::new(), BTreeMap::new());
    for (nth, (place, document)) in documents.iter().enumerate() {
        match drafts[*place].papers(office, document) {
            Ok(own) => {
                for (name, paper) in own {
                    names.push((nth, name));
                    papers.push(paper);
                }
            }
            Err(why) => {
                failed.entry(*place).or_insert(why);
            }
        }
    }
    if !failed.is_empty() {
        return Ok(Err(failed));
    }
    let rendered = office.renderer.render(&papers, &office.stationery).await;
    let rendered = rendered.map_err(JobError::io("starting a worker to typeset documents"))?;
    let mut files = vec![Files::new(); documents.len()];
    for ((nth, name), result) in names.into_iter().zip(rendered) {
        match result {
            Ok(pdf) => files[nth].extend(pdf.map(|bytes| (name, bytes))),
            Err(error) => {
                failed.entry(documents[nth].0).or_insert(error.into());
            }
        }
    }
    for (own, (place, document)) in files.iter_mut().zip(documents) {
        own.extend(drafts[*place].machine_files(document));
    }
    Ok(if failed.is_empty() { Ok(files) } else { Err(failed) })
}

impl<D: Numbered> Ready<D> {
    /// Stores the documents with all that follows from them. Returns their numbers, and what is told; nothing when the counter has
    /// moved since it was read.
    async fn store(
        self,
        office: &Office,
        writing: &mut Writing<'_>,
    ) -> Result<Option<(Vec<String>, Vec<Event>)>, JobError> {
        let (mut numbers, mut events) = (Vec::with_capacity(self.documents.len()), Vec::new());
        let last = self.first + i64::try_from(self.documents.len()).unwrap_or(i64::MAX) - 1;
        if last >= self.first && !writing.move_counter(D::SERIES, &self.period, self.counter, last).await? {
            return Ok(None);
        }
        let mut documents = self.documents.into_iter().zip(self.first..).peekable();
        for (place, draft) in self.drafts.iter().enumerate() {
            while let Some(((_, document, files), sequence)) = documents.next_if(|((of, ..), _)| *of == place) {
                let series = Some((D::SERIES.to_owned(), self.period.clone(), sequence));
                let row = NewDocument { series, files, ..draft.row(&document) };
                let number = row.number.clone();
                let id = writing.add_document(row).await?;
                writing.add_document_keys(id, &shape_of(&number), &draft.keys(&document)).await?;
                events.extend(draft.follow(office, writing, id, document).await?);
                numbers.push(number);
            }
            draft.finish(writing).await?;
        }
        Ok(Some((numbers, events)))
    }
}
