//! The mail that brings a reminder or a dunning letter.

use super::{Attempted, Composed, Whose, addressee, invoice_mail};
use crate::dunning::{DunningDocument, Enclosure};
use crate::fact::DocumentFact;
use crate::jobs::collections::anew::{Anew, letter_anew};
use crate::jobs::collections::case::Loaded;
use crate::jobs::mailroom::copies::Copies;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::document::papers;
use crate::letter;
use crate::letter::Medium;
use crate::shell::store::{Run, Tx, WaitingLetter, Writing};

/// Decides a reminder or dunning letter anew, and composes it if it stands.
pub(crate) async fn dunning(
    office: &Office,
    writing: &mut Writing<'_>,
    run: &Run,
    letter: &WaitingLetter,
    copies: &Copies,
) -> Result<Anew<Attempted>, JobError> {
    Ok(match letter_anew(office, writing, run, letter).await? {
        Anew::Stands(loaded) => Anew::Stands(written(office, &mut writing.tx, letter, &loaded, copies).await?),
        Anew::Gone { customer, event } => Anew::Gone { customer, event },
    })
}

/// Composes a reminder or dunning letter as it was written down, to the customer's address of now.
async fn written(
    office: &Office,
    tx: &mut Tx,
    letter: &WaitingLetter,
    loaded: &Loaded,
    copies: &Copies,
) -> Result<Attempted, JobError> {
    let customer = &loaded.customer;
    let id = letter.document_id.ok_or_else(|| JobError::damaged(format!("the letter {}", letter.about)))?;
    let row = tx.document(id).await?;
    let document = DocumentFact::read_dunning(&row.model);
    let document = document.map_err(JobError::model(format!("the letter {}", row.number)))?;
    let (mut attachments, mut parts) = (papers(tx, id).await?, Vec::new());
    for item in &document.items {
        let invoice = loaded.documents.iter().find(|(_, invoice)| invoice.number == item.number).map(|(id, _)| *id);
        let invoice = invoice.ok_or_else(|| JobError::damaged("a letter on an invoice that is not open"))?;
        if document.attach.contains(&Enclosure::Invoice) {
            attachments.extend(copies.get(&invoice).cloned());
        }
        let amounts = [item.principal, item.interest, item.costs].map(|amount| document.amount(amount));
        parts.push((item.number.clone(), item.stage, amounts));
    }
    let context = letter::dunning(&document, customer, Medium::Mail);
    let text = match office.templates.write(&document.stage_name, document.language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.words(office.config.owner.language))),
    };
    let first = document.items.first().ok_or_else(|| JobError::damaged("a letter on nothing"))?;
    let in_reply_to = invoice_mail(tx, &first.number).await?;
    let stages =
        loaded.case.items.iter().find(|case| case.number == first_at(&document)).map(|case| &case.policy.stages);
    let from = stages.and_then(|stages| stages.get(document.stage - 1)?.from.clone());
    Ok(Ok(Composed {
        text,
        language: document.language,
        from,
        name: addressee(customer),
        to: customer.email.for_dunning().to_vec(),
        cc: customer.email.cc.0.clone(),
        whose: Whose::Customer { number: customer.number.clone(), name: customer.name.clone() },
        in_reply_to,
        attachments,
        number: Some(document.number.clone()),
        stage: document.stage,
        deadline_on: Some(document.deadline_on),
        total: (document.currency, document.total()),
        items: parts,
    }))
}

/// Returns the first invoice that has reached a letter's stage: its policy says who sends the letter.
fn first_at(letter: &DunningDocument) -> &str {
    letter.items.iter().find(|item| item.stage == letter.stage).map_or("", |item| &item.number)
}
