//! Letters for post and portal as files: one PDF for each, with the address in the window, and behind it what the letter encloses. The daemon
//! keeps a folder of what waits: whoever prints all of it prints nothing that was posted, paid or withdrawn meanwhile.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::copies::{copied, to_copy};
use crate::customer::Delivery;
use crate::document::{Enclosed, Paper};
use crate::id::DocumentId;
use crate::jobs::office::{JobError, Office, PrintFolder};
use crate::jobs::records::document::{PDF, attached, file_name, model, papers};
use crate::letter::LetterKind;
use crate::outbox::OutboxState;
use crate::refusal::DocumentRefusal;
use crate::shell::files;
use crate::shell::store::{DocumentRow, Tx, WaitingLetter};

/// A letter that was written for a person to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// What it is about, as `letter posted` wants it.
    pub about: String,
    /// The customer's name.
    pub name: String,
    /// How it is delivered.
    pub delivery: Delivery,
    /// Its file: the letter, and behind it what it encloses. None where the books hold no papers, as those of a simulation.
    pub file: Option<PathBuf>,
}

/// Writes all letters that wait for a person into a folder: those that could be written, and why one of the others could not.
///
/// # Errors
/// When the books fail.
pub async fn print(office: &Office, folder: &Path) -> Result<(Vec<Printed>, Option<JobError>), JobError> {
    let mut tx = office.store.read().await?;
    let (mut printed, mut failed) = (Vec::new(), None);
    for letter in by_hand(&mut tx).await? {
        let (Some(document), Some(customer)) = (letter.document_id, letter.customer_id) else { continue };
        let row = tx.document(document).await?;
        match write(office, &mut tx, &letter, &row, folder).await {
            Ok(file) => {
                let name = tx.customer(customer).await?.name;
                printed.push(Printed { about: letter.about, name, delivery: letter.delivery, file });
            }
            // One letter that cannot be put together keeps no other from its envelope.
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    Ok((printed, failed))
}

/// Lays what waits into the office's print folder, and takes away what waits no more.
///
/// # Errors
/// When the books fail or the folder cannot be written; after all others, when a letter and its enclosures cannot be put together.
pub async fn keep_print_folder(office: &Office) -> Result<(), JobError> {
    let Some(PrintFolder { path: folder, keeps_all }) = &office.print else { return Ok(()) };
    let mut tx = office.store.read().await?;
    let (mut waiting, mut failed) = (BTreeSet::new(), None);
    for letter in by_hand(&mut tx).await? {
        let Some(document) = letter.document_id else { continue };
        let row = tx.document(document).await?;
        let name = file_name(&row.number);
        if !files::exists(&folder.join(&name)) {
            failed = failed.or(write(office, &mut tx, &letter, &row, folder).await.err());
        }
        waiting.insert(name);
    }
    if *keeps_all {
        return failed.map_or(Ok(()), Err);
    }
    for path in files::list(folder).map_err(JobError::File)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(number) = name.strip_suffix(".pdf") else { continue };
        // What is no document of ours somebody else put there.
        if !waiting.contains(&name) && tx.document_by_number(number).await?.is_some() {
            files::remove(&path).map_err(JobError::File)?;
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn by_hand(tx: &mut Tx) -> Result<Vec<WaitingLetter>, JobError> {
    let mut waiting = tx.all_waiting_letters().await?;
    waiting.retain(|letter| letter.delivery.is_by_hand() && letter.state == OutboxState::Queued);
    Ok(waiting)
}

/// Writes a letter with what it encloses behind it, as it goes into one envelope: `MA-2026-0001.pdf`. Each paper is as it was issued, with
/// page numbers of its own.
async fn write(
    office: &Office,
    tx: &mut Tx,
    letter: &WaitingLetter,
    row: &DocumentRow,
    folder: &Path,
) -> Result<Option<PathBuf>, JobError> {
    let mut all = enclosed(tx, row.id, &row.number).await?;
    if letter.kind == LetterKind::Invoice {
        let invoice = model(tx, row.id).await?;
        let mut files = attached(tx, &invoice).await?;
        files.retain(|file| file.media_type == PDF);
        all.extend(files.into_iter().map(|file| Enclosed { name: file.name, bytes: file.bytes }));
    }
    let copies = copied(office, to_copy(tx, letter).await?).await?;
    all.extend(copies.into_values().map(|copy| Enclosed { name: copy.name, bytes: copy.bytes }));
    let bytes = match all.len() {
        0 => return Ok(None),
        1 => all.remove(0).bytes,
        _ => staple(office, &row.number, all).await?,
    };
    let path = folder.join(file_name(&row.number));
    files::put(&path, &bytes).map_err(JobError::File)?;
    Ok(Some(path))
}

/// The papers of a document, as they were issued.
async fn enclosed(tx: &mut Tx, document: DocumentId, number: &str) -> Result<Vec<Enclosed>, JobError> {
    let papers = papers(tx, document).await?;
    Ok(papers.into_iter().map(|paper| Enclosed { name: number.to_owned(), bytes: paper.bytes }).collect())
}

/// Puts papers into one file.
async fn staple(office: &Office, number: &str, papers: Vec<Enclosed>) -> Result<Vec<u8>, JobError> {
    let rendered = office.renderer.render(&[Paper::Stapled(number.to_owned(), papers)], &office.stationery).await;
    let rendered = rendered.map_err(JobError::io("starting a worker to put papers together"))?;
    let stapled = rendered.into_iter().next().transpose();
    let stapled = stapled
        .map_err(|error| {
            JobError::refused(DocumentRefusal::NotTypeset { name: number.to_owned(), why: Box::new(error.into()) })
        })?
        .flatten();
    // Where nothing is typeset there are no papers either.
    stapled.ok_or_else(|| JobError::damaged(format!("the papers of {number}, which nobody has typeset")))
}
