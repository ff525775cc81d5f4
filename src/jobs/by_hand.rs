//! Letters that a person delivers, by post or in a portal. They wait until `settled letter posted` says that they left, and what they
//! ask for may be paid meanwhile: so each day those that are no longer right are withdrawn. Their numbers are noted outside the books, as
//! those of mails are: a backup that is older than they are would give them again.

use super::customer_case::load;
use super::event::Event;
use super::office::{JobError, Office};
use crate::dunning::{Outcome, Surroundings, decide};
use crate::money::Amount;
use crate::shell::issue_journal::Line;
use crate::shell::store::{Run, WaitingLetter};

/// Withdraws reminders and dunning letters that wait for a person and are not to leave as they are: an invoice in them was paid, in full
/// or in part, or something holds it now. What is still due is decided anew.
///
/// # Errors
/// When the books fail.
pub async fn withdraw_outdated(office: &Office, run: &Run) -> Result<(), JobError> {
    let waiting = office.store.read().await?.all_waiting_letters().await?;
    for letter in waiting.iter().filter(|letter| waits_for_a_person(letter)) {
        let Some(customer) = letter.customer_id else { continue };
        let mut writing = office.store.write(run, office.clock.now()).await?;
        let (business_days, rates) = (office.business_days(), office.base_rates());
        let around = Surroundings { today: run.today, business_days: &business_days, rates: &rates };
        let loaded = match load(office, &mut writing.tx, customer, run.today).await {
            // Who cannot be read is held, and told of, when letters are decided.
            Err(JobError::Model { .. }) => continue,
            loaded => loaded?,
        };
        let plan = decide(&loaded.case, around);
        let mut outdated = None;
        for was in writing.tx.items_of(letter.letter_id).await? {
            let item = loaded.case.items.iter().find(|item| item.document.get() == was.document_id);
            let finding = plan.findings.iter().find(|finding| finding.document.get() == was.document_id);
            let same = item.is_some_and(|item| item.open == Amount::from_minor(was.principal));
            match finding.map(|finding| &finding.outcome) {
                Some(Outcome::Held { reason, .. }) => outdated = Some(reason.name()),
                Some(Outcome::Waiting | Outcome::InLetter) if same => {}
                _ => outdated = Some("no longer due"),
            }
        }
        let Some(reason) = outdated else { continue };
        writing.add_event(letter.letter_id, None, "withdrawn", None, reason).await?;
        writing.set_outbox(letter.letter_id, "withdrawn", writing.now(), None).await?;
        writing.look_at_customer(customer, run.today).await?;
        writing.commit().await?;
        office.tell(run.today, &Event::LetterWithdrawn { about: letter.about.clone(), reason: reason.to_owned() });
    }
    Ok(())
}

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
        let Some(document) = letter.document_id.filter(|_| letter.delivery != "mail" && letter.state == "queued")
        else {
            continue;
        };
        if tx.outbox(letter.letter_id).await?.claimed_by.is_some() {
            continue;
        }
        let line = Line {
            books: office.books_key.clone(),
            kind: letter.kind.clone(),
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
        if writing.tx.outbox(letter.letter_id).await?.state == "queued" {
            writing.set_outbox(letter.letter_id, "queued", letter.next_at, Some(NOTED)).await?;
        }
    }
    Ok(writing.commit().await?)
}

/// Tells whether a letter is a reminder or dunning letter that a person is to deliver.
fn waits_for_a_person(letter: &WaitingLetter) -> bool {
    matches!(letter.kind.as_str(), "reminder" | "dunning") && letter.delivery != "mail" && letter.state == "queued"
}
