//! Letters with a number: written and typeset with no transaction open, then stored in one transaction with their numbers, like
//! invoices. What fails to be written drops out before it has a number, and its successors move up; so there are no gaps. A letter
//! that is withdrawn before it leaves keeps its number.

use chrono::NaiveDate;

use super::number::next_sequence;
use crate::customer::Customer;
use crate::document::{Paper, Sheet};
use crate::dunning::{DunningDocument, WithdrawalDocument};
use crate::fact::{DocumentFact, Fact as _};
use crate::invoice::DocumentKind;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::records::document::file_name;
use crate::letter;
use crate::letter::TemplateError;
use crate::matching::letter_keys;
use crate::money::{Amount, Currency};
use crate::reference::shape_of;
use crate::shell::store::{LetterItemRow, NewDocument, NewLetter, Writing};

/// The series of letters in the books.
pub const SERIES: &str = "dunning";

/// A letter to be numbered.
#[derive(Debug, Clone)]
pub struct Draft {
    /// To which customer.
    pub customer: i64,
    /// What the book says of the customer.
    pub agreed: Customer,
    /// Its kind among letters: `reminder`, `dunning`, `withdrawal`.
    pub kind: &'static str,
    /// What it is about.
    pub about: String,
    /// What it says.
    pub content: Content,
    /// The invoices in it, with their stages.
    pub items: Vec<LetterItemRow>,
    /// Further papers that go with it, by file name.
    pub papers: Vec<(String, Sheet)>,
}

/// What a letter says.
#[derive(Debug, Clone)]
pub enum Content {
    /// It reminds or duns.
    Dunning(DunningDocument),
    /// It takes letters back.
    Withdrawal(WithdrawalDocument),
}

impl From<Content> for DocumentFact {
    fn from(content: Content) -> DocumentFact {
        match content {
            Content::Dunning(letter) => DocumentFact::Dunning(letter),
            Content::Withdrawal(letter) => DocumentFact::Withdrawal(letter),
        }
    }
}

impl Content {
    fn numbered(self, number: &str) -> Content {
        match self {
            Content::Dunning(letter) => Content::Dunning(letter.numbered(number)),
            Content::Withdrawal(letter) => Content::Withdrawal(letter.numbered(number)),
        }
    }

    fn kind(&self) -> DocumentKind {
        match self {
            Content::Dunning(letter) => letter.kind,
            Content::Withdrawal(letter) => letter.kind,
        }
    }

    fn number(&self) -> &str {
        match self {
            Content::Dunning(letter) => &letter.number,
            Content::Withdrawal(letter) => &letter.number,
        }
    }

    /// What it asks for, or takes back. A letter is not owed itself, so nothing is posted with it.
    fn total(&self) -> (Amount, Currency) {
        match self {
            Content::Dunning(letter) => (letter.total(), letter.currency),
            Content::Withdrawal(letter) => (letter.total(), letter.currency),
        }
    }

    /// Sets it as a letter on paper.
    fn sheet(&self, office: &Office, customer: &Customer) -> Result<Sheet, TemplateError> {
        match self {
            Content::Dunning(letter) => {
                let context = letter::dunning(letter, customer);
                let text = office.templates.write(&letter.stage_name, letter.language, &context)?;
                Ok(letter::dunning_sheet(letter, customer, &text))
            }
            Content::Withdrawal(letter) => {
                let context = letter::withdrawal(letter, customer);
                let text = office.templates.write("withdrawal", letter.language, &context)?;
                Ok(letter::withdrawal_sheet(letter, &text))
            }
        }
    }
}

/// The files of a letter: name and bytes.
type Files = Vec<(String, Vec<u8>)>;

/// Letters that are ready to be stored, and the counter that their numbers follow.
#[derive(Debug)]
pub struct Numbered {
    letters: Vec<(Draft, Files)>,
    period: String,
    first: i64,
    counter: Option<i64>,
}

/// A letter that could not be written, and why.
pub type Unwritten = (Draft, String);

/// Numbers, writes and typesets letters. Returns those that are ready, and those that could not be written.
///
/// # Errors
/// When the books fail, or no worker can be started.
pub async fn number(
    office: &Office,
    today: NaiveDate,
    mut drafts: Vec<Draft>,
) -> Result<(Numbered, Vec<Unwritten>), JobError> {
    let series = &office.config.series(SERIES).series;
    let (first, counter) = next_sequence(office, &mut office.store.read().await?, SERIES, today).await?;
    let mut unwritten = Vec::new();
    loop {
        let numbered: Vec<Draft> = drafts
            .iter()
            .zip(first..)
            .map(|(draft, sequence)| {
                let content = draft.content.clone().numbered(&series.number(today, sequence));
                Draft { content, ..draft.clone() }
            })
            .collect();
        match typeset(office, &numbered).await? {
            Ok(papers) => {
                let letters = numbered.into_iter().zip(papers).collect();
                return Ok((Numbered { letters, period: series.period(today), first, counter }, unwritten));
            }
            Err((place, why)) => unwritten.push((drafts.remove(place), why)),
        }
    }
}

/// The files of each letter, or the first letter that failed, and why.
type Typeset = Result<Vec<Files>, (usize, String)>;

async fn typeset(office: &Office, drafts: &[Draft]) -> Result<Typeset, JobError> {
    let mut sheets = Vec::new();
    for (place, draft) in drafts.iter().enumerate() {
        match draft.content.sheet(office, &draft.agreed) {
            Ok(sheet) => sheets.push((place, file_name(draft.content.number()), sheet)),
            Err(error) => return Ok(Err((place, error.to_string()))),
        }
        sheets.extend(draft.papers.iter().map(|(name, sheet)| (place, name.clone(), sheet.clone())));
    }
    let papers: Vec<Paper> = sheets.iter().map(|(.., sheet)| Paper::Letter(Box::new(sheet.clone()))).collect();
    let rendered = office.renderer.render(&papers, &office.stationery).await;
    let rendered = rendered.map_err(JobError::io("starting a worker to typeset letters"))?;
    let mut files = vec![Vec::new(); drafts.len()];
    for ((place, name, _), result) in sheets.into_iter().zip(rendered) {
        match result {
            Ok(pdf) => files[place].extend(pdf.map(|bytes| (name, bytes))),
            Err(error) => return Ok(Err((place, error.to_string()))),
        }
    }
    Ok(Ok(files))
}

impl Numbered {
    /// Stores the letters with their documents and keys, and queues them. Tells whether the counter still had the value that was
    /// read; otherwise nothing may be committed.
    ///
    /// # Errors
    /// When the books refuse a letter.
    pub async fn store(self, office: &Office, writing: &mut Writing<'_>) -> Result<bool, JobError> {
        let count = i64::try_from(self.letters.len()).unwrap_or(i64::MAX);
        if count == 0 {
            return Ok(true);
        }
        if !writing.move_counter(SERIES, &self.period, self.counter, self.first + count - 1).await? {
            return Ok(false);
        }
        for ((draft, files), sequence) in self.letters.into_iter().zip(self.first..) {
            store(office, writing, draft, files, (self.period.clone(), sequence)).await?;
        }
        Ok(true)
    }
}

async fn store(
    office: &Office,
    writing: &mut Writing<'_>,
    draft: Draft,
    files: Files,
    (period, sequence): (String, i64),
) -> Result<(), JobError> {
    let number = draft.content.number().to_owned();
    let (total, currency) = draft.content.total();
    let document = NewDocument {
        kind: draft.content.kind().name(),
        customer: draft.customer,
        number: number.clone(),
        series: Some((SERIES.to_owned(), period, sequence)),
        issued_on: writing.today(),
        currency: currency.code().to_owned(),
        gross: total.minor(),
        model: DocumentFact::from(draft.content).write(),
        files,
    };
    let document = writing.add_document(document).await?;
    writing.add_document_keys(document, &shape_of(&number), &letter_keys(&number)).await?;
    let letter = NewLetter {
        kind: draft.kind,
        about: draft.about,
        customer: Some(draft.customer),
        document: Some(document),
        delivery: draft.agreed.delivery.name(),
        not_before: office.send_window().next(writing.now()),
    };
    writing.add_letter(letter, draft.items).await?;
    Ok(())
}
