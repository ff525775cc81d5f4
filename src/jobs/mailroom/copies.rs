//! The invoices that a letter brings along: copies of the papers as they were issued, marked as such and without what machines read. A
//! customer's program would take an e-invoice that comes twice for two invoices.

use std::collections::BTreeMap;

use crate::document::{Enclosed, Paper};
use crate::dunning::Enclosure;
use crate::fact::DocumentFact;
use crate::id::DocumentId;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreed;
use crate::jobs::records::document::papers;
use crate::language::Language;
use crate::letter::{Attachment, LetterKind};
use crate::shell::store::{Tx, WaitingLetter};

/// Copies by the invoices that they are of.
pub(super) type Copies = BTreeMap<DocumentId, Attachment>;

/// The invoices that a letter brings along, to be copied.
#[derive(Debug, Default)]
pub(super) struct ToCopy {
    language: Language,
    papers: Vec<(DocumentId, Enclosed)>,
}

/// Gathers the invoices that a letter brings along; none for letters that ask for nothing.
pub(super) async fn to_copy(tx: &mut Tx, letter: &WaitingLetter) -> Result<ToCopy, JobError> {
    let Some(language) = brings_invoices(tx, letter).await? else { return Ok(ToCopy::default()) };
    let mut gathered = Vec::new();
    for item in tx.items_of(letter.letter_id).await? {
        let number = tx.document(item.document_id).await?.number;
        // Books without papers, such as those of a simulation, have nothing to copy.
        if let Some(paper) = papers(tx, item.document_id).await?.into_iter().next() {
            gathered.push((item.document_id, Enclosed { name: number, bytes: paper.bytes }));
        }
    }
    Ok(ToCopy { language, papers: gathered })
}

/// Returns the language of a letter that brings invoices along. What a notice does is decided when it leaves.
async fn brings_invoices(tx: &mut Tx, letter: &WaitingLetter) -> Result<Option<Language>, JobError> {
    match (letter.kind, letter.document_id, letter.customer_id) {
        (LetterKind::Reminder | LetterKind::Dunning, Some(document), _) => {
            let row = tx.document(document).await?;
            let model = DocumentFact::read_dunning(&row.model);
            let model = model.map_err(JobError::model(format!("the letter {}", row.number)))?;
            Ok(model.attach.contains(&Enclosure::Invoice).then_some(model.language))
        }
        (LetterKind::Notice, _, Some(customer)) => Ok(Some(agreed(tx, customer).await?.language)),
        _ => Ok(None),
    }
}

/// Makes the copies.
///
/// # Errors
/// When no worker can be started to typeset them, or a paper in the books is no PDF that can be read.
pub(super) async fn copied(office: &Office, to_copy: ToCopy) -> Result<Copies, JobError> {
    let ToCopy { language, papers } = to_copy;
    if papers.is_empty() {
        return Ok(Copies::new());
    }
    let (names, papers): (Vec<_>, Vec<_>) = papers
        .into_iter()
        .map(|(document, paper)| ((document, paper.copy_name(language)), Paper::Copy(Box::new(paper), language)))
        .unzip();
    let rendered = office.renderer.render(&papers, &office.stationery).await;
    let rendered = rendered.map_err(JobError::io("starting a worker to copy invoices"))?;
    let mut copies = Copies::new();
    for ((document, name), result) in names.into_iter().zip(rendered) {
        let bytes = result.map_err(|error| JobError::damaged(format!("{name}: {error}")))?;
        let copy = |bytes| Attachment { name, media_type: "application/pdf".to_owned(), bytes };
        copies.extend(bytes.map(|bytes| (document, copy(bytes))));
    }
    Ok(copies)
}
