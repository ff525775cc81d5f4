//! The mail that brings an invoice.

use super::{Attempted, Composed, Whose, addressee};
use crate::dunning::effective_due;
use crate::jobs::collections::letters::delivery;
use crate::jobs::office::{JobError, Office};
use crate::jobs::receipts::credit::used_on;
use crate::jobs::records::customer::agreed;
use crate::jobs::records::document::{attached, files, model};
use crate::letter;
use crate::letter::Leaving;
use crate::money::Amount;
use crate::shell::store::{Run, Tx, WaitingLetter};

/// Composes the mail that brings an invoice. What is otherwise on the day on which it leaves than on the paper, the mail says.
pub(crate) async fn invoice(
    office: &Office,
    tx: &mut Tx,
    run: &Run,
    letter: &WaitingLetter,
) -> Result<Attempted, JobError> {
    let (Some(document), Some(customer)) = (letter.document_id, letter.customer_id) else {
        return Err(JobError::damaged(format!("the letter with the invoice {}", letter.about)));
    };
    let customer = agreed(tx, customer).await?;
    let mut attachments = files(tx, document).await?;
    let credit = used_on(tx, document).await?;
    let document = model(tx, document).await?;
    attachments.extend(attached(tx, &document).await?);
    let term_from = delivery(tx, &document).await?.term_from(document.issued_on, run.today);
    let due_on = term_from.map_or(document.due_on, |day| {
        effective_due(document.issued_on, document.due_on, Some(day), &office.business_days())
    });
    let account = office.config.account_of_day([&document], run.today);
    let account = account.ok_or_else(|| JobError::damaged("a mail without its invoice"))?;
    let context = letter::invoice(&document, &customer, &Leaving { credit, due_on, account });
    let text = match office.templates.write("invoice", document.language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.words(office.config.owner.language))),
    };
    Ok(Ok(Composed {
        text,
        language: document.language,
        from: None,
        name: addressee(&customer),
        to: customer.email.invoice.0.clone(),
        cc: customer.email.cc.0.clone(),
        whose: Whose::Customer { number: customer.number, name: customer.name },
        in_reply_to: None,
        attachments,
        number: None,
        stage: 0,
        deadline_on: Some(due_on),
        total: (document.currency, document.payable()),
        items: vec![(document.number.clone(), 0, [document.payable(), Amount::ZERO, Amount::ZERO])],
    }))
}
