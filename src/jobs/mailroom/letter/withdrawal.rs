//! The mail that takes a letter back.

use super::{Attempted, Composed, Whose, addressee};
use crate::fact::DocumentFact;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreed;
use crate::jobs::records::document::papers;
use crate::letter;
use crate::money::Amount;
use crate::shell::store::{Tx, WaitingLetter};

pub(crate) async fn withdrawal(office: &Office, tx: &mut Tx, letter: &WaitingLetter) -> Result<Attempted, JobError> {
    let (Some(document), Some(customer)) = (letter.document_id, letter.customer_id) else {
        return Err(JobError::damaged(format!("the withdrawal {}", letter.about)));
    };
    let customer = agreed(tx, customer).await?;
    let attachments = papers(tx, document).await?;
    let row = tx.document(document).await?;
    let written = DocumentFact::read_withdrawal(&row.model);
    let written = written.map_err(JobError::model(format!("the letter {}", row.number)))?;
    let context = letter::withdrawal(&written, &customer);
    let text = match office.templates.write("withdrawal", written.language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.words(office.config.owner.language))),
    };
    let zero = [Amount::ZERO; 3];
    Ok(Ok(Composed {
        text,
        language: written.language,
        from: None,
        name: addressee(&customer),
        to: customer.email.for_dunning().to_vec(),
        cc: customer.email.cc.0.clone(),
        whose: Whose::Customer { number: customer.number, name: customer.name },
        in_reply_to: None,
        attachments,
        number: Some(written.number.clone()),
        stage: 0,
        deadline_on: None,
        total: (written.currency, written.total()),
        items: written.items.iter().map(|item| (item.invoice.clone(), item.stage, zero)).collect(),
    }))
}
