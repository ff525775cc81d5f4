//! Letters that a person delivers, by post or in a portal. They wait until `settled letter posted` says that they left, and what they
//! ask for may be paid meanwhile: so each day those that are no longer right are withdrawn.

use super::customer_case::load;
use super::event::Event;
use super::office::{JobError, Office};
use crate::dunning::{Outcome, Surroundings, decide};
use crate::money::Amount;
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
        let loaded = load(office, &mut writing.tx, customer, run.today).await?;
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

/// Tells whether a letter is a reminder or dunning letter that a person is to deliver.
fn waits_for_a_person(letter: &WaitingLetter) -> bool {
    matches!(letter.kind.as_str(), "reminder" | "dunning") && letter.delivery != "mail" && letter.state == "queued"
}
