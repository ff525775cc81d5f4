//! The mail that brings a quote, or the confirmation of an order.

use super::{Attempted, Composed, Whose, addressee};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreed;
use crate::jobs::records::document::{files, model};
use crate::letter;
use crate::letter::LetterKind;
use crate::shell::store::{Tx, WaitingLetter};

/// Composes it by the template of that name. A confirmation answers the mail with its quote.
pub(crate) async fn offer(
    office: &Office,
    tx: &mut Tx,
    letter: &WaitingLetter,
    template: &str,
) -> Result<Attempted, JobError> {
    let (Some(document), Some(customer)) = (letter.document_id, letter.customer_id) else {
        return Err(JobError::damaged(format!("the letter with {}", letter.about)));
    };
    let customer = agreed(tx, customer).await?;
    let attachments = files(tx, document).await?;
    let document = model(tx, document).await?;
    let context = letter::offer(&document, &customer);
    let text = match office.templates.write(template, document.language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let in_reply_to = match &document.follows {
        Some(quote) => mail_with(tx, &quote.number).await?,
        None => None,
    };
    Ok(Ok(Composed {
        text,
        language: document.language,
        from: None,
        name: addressee(&customer),
        to: customer.email.invoice.0.clone(),
        cc: customer.email.cc.0.clone(),
        whose: Whose::Customer { number: customer.number, name: customer.name },
        in_reply_to,
        attachments,
        number: Some(document.number.clone()),
        stage: 0,
        deadline_on: None,
        total: (document.currency, document.payable()),
        items: Vec::new(),
    }))
}

/// Returns the Message-ID of the mail that brought a quote.
async fn mail_with(tx: &mut Tx, quote: &str) -> Result<Option<String>, JobError> {
    let Some(round) = tx.letters_about(LetterKind::Quote, quote).await?.pop() else { return Ok(None) };
    Ok(tx.attempts_of(round.id).await?.pop().map(|attempt| attempt.message_id))
}
