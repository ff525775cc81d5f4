//! Letters that came back, and the next round.

use chrono::Days;

use super::by_hand::open_letter;
use crate::id::{CustomerId, DocumentId};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::{ending, look_again};
use crate::jobs::records::customer::agreed_in;
use crate::jobs::records::name::find;
use crate::jobs::records::posting;
use crate::ledger::Leg;
use crate::letter::LetterKind;
use crate::outbox::{LetterEvent, OutboxState};
use crate::refusal::{LetterRefusal, NameRefusal};
use crate::shell::store::{NewLetter, PostingRow, Run, Writing};

/// Records that the address which a letter on an invoice came back from is right now: it is written again.
///
/// # Errors
/// When there is no such invoice.
pub async fn address_fixed(office: &Office, run: &Run, number: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let named = find(&mut writing.tx, number).await?;
    writing.add_act(ending(&named, run.today, "the address is right", None)).await?;
    look_again(&mut writing, &named).await?;
    Ok(writing.commit().await?)
}

/// Sends a letter again: an unclear dunning letter is withdrawn and decided anew, an invoice that came back gets its next round.
///
/// # Errors
/// When there is no such letter.
pub async fn resend(office: &Office, run: &Run, about: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    if let Some(document) = writing.tx.document_by_number(about).await? {
        if !redeliver_invoice(office, &mut writing, document.id, about).await? {
            return Err(JobError::refused(LetterRefusal::NotBack { about: about.to_owned() }));
        }
    } else {
        let letter = open_letter(&mut writing.tx, about).await?;
        if letter.state != OutboxState::Unclear {
            return Err(JobError::refused(LetterRefusal::StillWaits { about: about.to_owned() }));
        }
        writing.add_event(letter.letter_id, None, LetterEvent::Withdrawn, None, "by command").await?;
        writing.set_outbox(letter.letter_id, OutboxState::Withdrawn, writing.now(), None).await?;
        if let Some(customer) = letter.customer_id {
            writing.look_at_customer(customer, run.today).await?;
        }
    }
    Ok(writing.commit().await?)
}

/// Queues the next round of every invoice of a customer that came back: the address was mended.
pub async fn redeliver(office: &Office, writing: &mut Writing<'_>, customer: CustomerId) -> Result<usize, JobError> {
    let mut again = 0;
    for row in writing.tx.open_receivables_of(customer).await? {
        again += usize::from(redeliver_invoice(office, writing, row.document_id, &row.number).await?);
    }
    writing.look_at_customer(customer, writing.today()).await?;
    Ok(again)
}

/// Queues the next round of an invoice's own letter, if the last one came back.
async fn redeliver_invoice(
    office: &Office,
    writing: &mut Writing<'_>,
    document: DocumentId,
    number: &str,
) -> Result<bool, JobError> {
    let Some(last) = writing.tx.letters_about(LetterKind::Invoice, number).await?.pop() else {
        return Ok(false);
    };
    if !writing.tx.events_of(last.id).await?.iter().any(|event| event.undoes) {
        return Ok(false);
    }
    let customer = last.customer_id.ok_or_else(|| JobError::damaged(format!("the letter on {number}, to nobody")))?;
    let row = writing.tx.customer(customer).await?;
    let customer = agreed_in(&row)?;
    let letter = NewLetter {
        kind: LetterKind::Invoice,
        about: number.to_owned(),
        customer: Some(row.id),
        document: Some(document),
        delivery: customer.delivery,
        not_before: office.send_window().next(writing.now()),
    };
    writing.add_letter(letter, Vec::new()).await?;
    Ok(true)
}

/// Records that a letter came back after it had been accepted: the last round on an invoice, its own (`invoice`) or a dunning letter.
/// What it claimed is undone (rule D9).
///
/// # Errors
/// When there is no such letter.
pub async fn came_back(office: &Office, run: &Run, number: &str, dunning: bool, words: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let document = writing.tx.document_by_number(number).await?;
    let document = document.ok_or_else(|| JobError::refused(NameRefusal::Invoice { number: number.to_owned() }))?;
    let letter = if dunning {
        writing.tx.items_on(document.id).await?.last().map(|item| item.letter_id)
    } else {
        writing.tx.letters_about(LetterKind::Invoice, number).await?.last().map(|letter| letter.id)
    };
    let letter = letter.ok_or_else(|| JobError::refused(LetterRefusal::NoneLeft { number: number.to_owned() }))?;
    writing.add_event(letter, None, LetterEvent::Bounced, None, words).await?;
    writing.set_outbox(letter, OutboxState::Refused, writing.now(), None).await?;
    for claim in writing.tx.claims_of(letter).await? {
        let legs = writing.tx.legs_of(claim.id).await?;
        let legs: Vec<Leg> = legs.iter().map(PostingRow::leg).collect();
        let undone = crate::ledger::mirror(
            claim.id,
            &legs,
            crate::ledger::BatchKind::Correction,
            crate::ledger::Account::Payer,
            None,
            run.today,
        );
        posting::post(&mut writing, &undone).await?;
    }
    let tomorrow = run.today + Days::new(1);
    writing.look_at_customer(document.customer_id, tomorrow).await?;
    Ok(writing.commit().await?)
}
