//! Letters for post and portal as files: a PDF for each, with the address in the window, and beside it what the letter encloses. The daemon
//! keeps a folder of what waits: whoever prints all of it prints nothing that was posted, paid or withdrawn meanwhile.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::copies::{copied, to_copy};
use crate::customer::Delivery;
use crate::id::DocumentId;
use crate::jobs::office::{JobError, Office, PrintFolder};
use crate::jobs::records::document::{file_name, papers};
use crate::outbox::OutboxState;
use crate::shell::files;
use crate::shell::store::{Tx, WaitingLetter};

/// A letter that was written for a person to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// What it is about, as `letter posted` wants it.
    pub about: String,
    /// The customer's name.
    pub name: String,
    /// How it is delivered.
    pub delivery: Delivery,
    /// Its files: the letter, and what it encloses. None where the books hold no papers, as those of a simulation.
    pub files: Vec<PathBuf>,
}

/// Writes all letters that wait for a person into a folder.
///
/// # Errors
/// When the books fail, or a file cannot be written.
pub async fn print(office: &Office, folder: &Path) -> Result<Vec<Printed>, JobError> {
    let mut tx = office.store.read().await?;
    let mut printed = Vec::new();
    for letter in by_hand(&mut tx).await? {
        let (Some(document), Some(customer)) = (letter.document_id, letter.customer_id) else { continue };
        let written = write(office, &mut tx, &letter, document, folder).await?;
        let name = tx.customer(customer).await?.name;
        printed.push(Printed { about: letter.about, name, delivery: letter.delivery, files: written });
    }
    Ok(printed)
}

/// Lays what waits into the office's print folder, and takes away what waits no more.
///
/// # Errors
/// When the books fail, or the folder cannot be written.
pub async fn keep_print_folder(office: &Office) -> Result<(), JobError> {
    let Some(PrintFolder { path: folder, keeps_all }) = &office.print else { return Ok(()) };
    let mut tx = office.store.read().await?;
    let mut waiting = BTreeSet::new();
    for letter in by_hand(&mut tx).await? {
        let Some(document) = letter.document_id else { continue };
        let name = file_name(&tx.document(document).await?.number);
        // The letter itself is written last: when it is there, all of it is.
        if !files::exists(&folder.join(&name)) {
            write(office, &mut tx, &letter, document, folder).await?;
        }
        waiting.insert(name);
    }
    if *keeps_all {
        return Ok(());
    }
    for path in files::list(folder).map_err(JobError::File)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(number) = name.strip_suffix(".pdf").and_then(|stem| stem.split(' ').next()) else { continue };
        // What is no document of ours somebody else put there.
        if !waiting.contains(&file_name(number)) && tx.document_by_number(number).await?.is_some() {
            files::remove(&path).map_err(JobError::File)?;
        }
    }
    Ok(())
}

async fn by_hand(tx: &mut Tx) -> Result<Vec<WaitingLetter>, JobError> {
    let mut waiting = tx.all_waiting_letters().await?;
    waiting.retain(|letter| letter.delivery.is_by_hand() && letter.state == OutboxState::Queued);
    Ok(waiting)
}

/// Writes a letter with what it encloses: `MA-2026-0001.pdf`, `MA-2026-0001 RE-2026-0001-Kopie.pdf`.
async fn write(
    office: &Office,
    tx: &mut Tx,
    letter: &WaitingLetter,
    document: DocumentId,
    folder: &Path,
) -> Result<Vec<PathBuf>, JobError> {
    let row = tx.document(document).await?;
    let own = file_name(&row.number);
    let mut all = papers(tx, document).await?;
    all.extend(copied(office, to_copy(tx, letter).await?).await?.into_values());
    let stem = own.trim_end_matches(".pdf").to_owned();
    let mut written = Vec::new();
    for paper in all.into_iter().rev() {
        let name = if paper.name == own { own.clone() } else { format!("{stem} {}", paper.name) };
        let path = folder.join(name);
        files::put(&path, &paper.bytes).map_err(JobError::File)?;
        written.insert(0, path);
    }
    Ok(written)
}
