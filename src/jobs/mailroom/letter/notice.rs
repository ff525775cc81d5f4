//! The mail before the due date.

use super::{Attempted, Composed, Whose, addressee, invoice_mail};
use crate::dunning::Notice;
use crate::jobs::collections::anew::{Anew, notice_anew};
use crate::jobs::collections::case::Loaded;
use crate::jobs::mailroom::copies::Copies;
use crate::jobs::office::{JobError, Office};
use crate::letter;
use crate::letter::NoticeLine;
use crate::money::Amount;
use crate::shell::store::{Run, Tx, WaitingLetter, Writing};

/// Decides a notice before the due date anew, and composes it if it stands.
pub(crate) async fn notice(
    office: &Office,
    writing: &mut Writing<'_>,
    run: &Run,
    letter: &WaitingLetter,
    copies: &Copies,
) -> Result<Anew<Attempted>, JobError> {
    Ok(match notice_anew(office, writing, run, letter).await? {
        Anew::Stands((loaded, notice)) => {
            Anew::Stands(written(office, &mut writing.tx, run, &loaded, (&notice, copies)).await?)
        }
        Anew::Gone { customer, event } => Anew::Gone { customer, event },
    })
}

/// Composes a notice before the due date, of what is open now.
async fn written(
    office: &Office,
    tx: &mut Tx,
    run: &Run,
    loaded: &Loaded,
    (notice, copies): (&Notice, &Copies),
) -> Result<Attempted, JobError> {
    let customer = &loaded.customer;
    let (mut attachments, mut lines) = (Vec::new(), Vec::new());
    for item in &notice.items {
        let invoice = loaded.documents.get(&item.document);
        let invoice = invoice.ok_or_else(|| JobError::damaged("a notice on an invoice that is not open"))?;
        if notice.with_invoice {
            attachments.extend(copies.get(&item.document).cloned());
        }
        lines.push(NoticeLine { invoice, open: item.open, due_on: item.due_on });
    }
    let account = office.config.account_of_day(lines.iter().map(|line| line.invoice), run.today);
    let account = account.ok_or_else(|| JobError::damaged("a notice on nothing"))?;
    let context =
        letter::notice(&lines, customer, &account, notice.covered_through, notice.tone, !attachments.is_empty());
    let language = customer.language.of_business_in(office.config.business.address.country.code());
    let text = match office.templates.write("notice", language, &context) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error.words(office.config.owner.language))),
    };
    let first = lines.first().ok_or_else(|| JobError::damaged("a notice on nothing"))?;
    let in_reply_to = invoice_mail(tx, &first.invoice.number).await?;
    Ok(Ok(Composed {
        text,
        language,
        from: None,
        name: addressee(customer),
        to: customer.email.invoice.0.clone(),
        cc: customer.email.cc.0.clone(),
        whose: Whose::Customer { number: customer.number.clone(), name: customer.name.clone() },
        in_reply_to,
        attachments,
        number: None,
        stage: 0,
        deadline_on: lines.iter().map(|line| line.due_on).min(),
        total: (notice.currency, lines.iter().map(|line| line.open).sum()),
        items: lines
            .iter()
            .map(|line| (line.invoice.number.clone(), 0, [line.open, Amount::ZERO, Amount::ZERO]))
            .collect(),
    }))
}
