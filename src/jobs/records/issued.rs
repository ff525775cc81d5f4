//! What was issued for delivery by hand, noted outside the books.

use crate::jobs::office::{JobError, Office};
use crate::outbox::OutboxState;
use crate::shell::issue_journal::Line;
use crate::shell::store::Run;

/// What the outbox says of a letter that the issue journal knows.
const NOTED: &str = "issue journal";

/// Notes the numbers of papers that wait for a person in the issue journal: from now on they may be on their way. A line may come twice when
/// the program ends in between; that does no harm.
///
/// # Errors
/// When the books or the issue journal fail.
pub async fn note_issued(office: &Office, run: &Run) -> Result<(), JobError> {
    let Some(journal) = &office.issue_journal else { return Ok(()) };
    let mut tx = office.store.read().await?;
    let mut noted = Vec::new();
    for letter in tx.all_waiting_letters().await? {
        let by_hand = letter.delivery.is_by_hand() && letter.state == OutboxState::Queued;
        let Some(document) = letter.document_id.filter(|_| by_hand) else { continue };
        if tx.outbox(letter.letter_id).await?.claimed_by.is_some() {
            continue;
        }
        let line = Line {
            books: office.books_key.clone(),
            kind: letter.kind.name().to_owned(),
            about: letter.about.clone(),
            sha256: tx.files_of(document).await?.into_iter().next().map(|file| file.sha256),
            message_id: None,
            number: Some(tx.document(document).await?.number),
        };
        journal.append(&line).map_err(JobError::io("the issue journal cannot be written"))?;
        noted.push(letter);
    }
    drop(tx);
    if noted.is_empty() {
        return Ok(());
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    for letter in noted {
        if writing.tx.outbox(letter.letter_id).await?.state == OutboxState::Queued {
            writing.set_outbox(letter.letter_id, OutboxState::Queued, letter.next_at, Some(NOTED)).await?;
        }
    }
    Ok(writing.commit().await?)
}
