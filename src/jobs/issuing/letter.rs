//! The letter that brings a document, queued with it.

use crate::customer::Customer;
use crate::id::{CustomerId, DocumentId};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::letter::LetterKind;
use crate::money::{Amount, Currency};
use crate::shell::store::{NewLetter, NewLetterItem, Writing};

/// A document that was just stored and is brought to its customer.
pub(crate) struct Brought<'a> {
    /// By which kind of letter.
    pub(crate) kind: LetterKind,
    /// What the letter is about, in the books.
    pub(crate) about: &'a str,
    /// To whom.
    pub(crate) customer: (CustomerId, &'a Customer),
    /// Which document.
    pub(crate) document: DocumentId,
    /// Its number.
    pub(crate) number: &'a str,
    /// What it asks for.
    pub(crate) total: (Amount, Currency),
}

/// Queues the letter that brings a document, with the invoices that it asks for. Returns what is told where a person has to deliver it.
pub(crate) async fn bring(
    office: &Office,
    writing: &mut Writing<'_>,
    brought: Brought<'_>,
    items: Vec<NewLetterItem>,
) -> Result<Option<Event>, JobError> {
    let (id, customer) = brought.customer;
    let letter = NewLetter {
        kind: brought.kind,
        about: brought.about.to_owned(),
        customer: Some(id),
        document: Some(brought.document),
        delivery: customer.delivery,
        not_before: office.send_window().next(writing.now()),
    };
    writing.add_letter(letter, items).await?;
    let (total, currency) = brought.total;
    Ok(customer.delivery.is_by_hand().then(|| Event::LetterByHand {
        kind: brought.kind,
        number: brought.number.to_owned(),
        customer: customer.number.clone(),
        name: customer.name.clone(),
        by: customer.delivery.name(),
        total: total.plain(currency),
        currency,
    }))
}
