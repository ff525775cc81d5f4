//! The mail that brings a cancellation or a credit note.

use super::{Attempted, Composed, Whose, addressee, invoice_mail};
use crate::fact::{DecisionFact, Subject};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreed;
use crate::jobs::records::decision::latest;
use crate::jobs::records::document::{files, model};
use crate::ledger::{BatchKind, Effect};
use crate::letter;
use crate::letter::SetAgainst;
use crate::money::Amount;
use crate::shell::store::{Tx, WaitingLetter};

/// Composes it. What its credit has paid by itself is told to the customer (§ 388 BGB).
pub(crate) async fn correction(office: &Office, tx: &mut Tx, letter: &WaitingLetter) -> Result<Attempted, JobError> {
    let (Some(id), Some(customer)) = (letter.document_id, letter.customer_id) else {
        return Err(JobError::damaged(format!("the letter with the correction {}", letter.about)));
    };
    let agreed = agreed(tx, customer).await?;
    let attachments = files(tx, id).await?;
    let document = model(tx, id).await?;
    let decided = latest(tx, Subject::Document(id)).await?;
    let Some(DecisionFact::Corrected { open, discount, writeoff, credit, .. }) = decided.map(|decided| decided.fact)
    else {
        return Err(JobError::damaged(format!("what {} was set against", document.number)));
    };
    let amount = |decimal| document.amount(decimal);
    let effect =
        Effect { open: amount(open), discount: amount(discount), writeoff: amount(writeoff), credit: amount(credit) };
    let used = if effect.credit.is_positive() { used(tx, id).await? } else { Vec::new() };
    let context = letter::correction(&document, &agreed, &SetAgainst { effect, used });
    let text = match office.templates.write("correction", document.language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.words(office.config.owner.language))),
    };
    let invoice = document.preceding.first().map(|preceding| preceding.number.clone()).unwrap_or_default();
    Ok(Ok(Composed {
        text,
        language: document.language,
        from: None,
        name: addressee(&agreed),
        to: agreed.email.invoice.0.clone(),
        cc: agreed.email.cc.0.clone(),
        whose: Whose::Customer { number: agreed.number, name: agreed.name },
        in_reply_to: invoice_mail(tx, &invoice).await?,
        attachments,
        number: None,
        stage: 0,
        deadline_on: None,
        total: (document.currency, -document.payable().abs()),
        items: vec![(invoice, 0, [Amount::ZERO; 3])],
    }))
}

/// The invoices that credit has paid since a correction was issued, in the same run, and how much each got.
async fn used(tx: &mut Tx, correction: crate::id::DocumentId) -> Result<Vec<(String, Amount)>, JobError> {
    let row = tx.document(correction).await?;
    let mut used = Vec::new();
    for batch in tx.credit_uses(row.customer_id, row.currency).await? {
        if batch.run_id != row.run_id || batch.kind != BatchKind::Credit {
            continue;
        }
        let legs = tx.legs_of(batch.id).await?;
        let Some(document) = legs.iter().find_map(|leg| leg.document_id) else { continue };
        let paid = legs.iter().filter(|leg| leg.document_id.is_none()).map(|leg| leg.amount).sum();
        used.push((tx.document(document).await?.number, paid));
    }
    used.reverse();
    Ok(used)
}
