//! Crediting a part of an invoice (Rechnungskorrektur): lines, percent, an amount, or all that is left of it.

use chrono::NaiveDate;

use super::numbered::{Correction, Link};
use super::{Corrected, Invoice};
use crate::invoice::{Before, Extent, credit_note};
use crate::jobs::issuing::chunk::{Chunk, Issued, issue};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreed;
use crate::ledger::Effect;
use crate::question::Obstacle;
use crate::refusal::DocumentRefusal;
use crate::shell::store::{Run, Tx, Writing};

/// Credits a part of an invoice.
///
/// # Errors
/// When it may not be credited, the credit note cannot be written, or the books fail.
pub async fn credit(
    office: &Office,
    run: &Run,
    number: &str,
    extent: &Extent,
    reason: &str,
) -> Result<Corrected, JobError> {
    let Issued { seen, numbers } = issue(office, run, &Credit { number, extent, reason }).await?;
    let number = numbers.into_iter().next().ok_or_else(|| JobError::damaged("a credit note without a number"))?;
    Ok(Corrected::of(seen, number))
}

/// An invoice that is to be credited, how much of it, and why.
struct Credit<'c> {
    number: &'c str,
    extent: &'c Extent,
    reason: &'c str,
}

impl Credit<'_> {
    async fn seen(&self, tx: &mut Tx, today: NaiveDate) -> Result<Correction, JobError> {
        let invoice = Invoice::of(tx, self.number).await?;
        let before = Before { notes: &invoice.notes, discounts: invoice.standing.discount };
        let number = self.number.to_owned();
        let document = credit_note(&invoice.document, before, self.extent, today)
            .map_err(|why| JobError::refused(DocumentRefusal::NotCredited { number, why }))?;
        let effect = Effect::of_credit_note(&invoice.standing, document.payable());
        let agreed = agreed(tx, invoice.row.customer_id).await?;
        Ok(Correction::new(invoice.standing, agreed, document, Link::Corrects, effect, self.reason))
    }
}

impl Chunk for Credit<'_> {
    const DOING: &'static str = "crediting";

    type Draft = Correction;

    type Seen = Correction;

    async fn draft(&self, office: &Office, run: &Run) -> Result<(Correction, Vec<Correction>), JobError> {
        let seen = self.seen(&mut office.store.read().await?, run.today).await?;
        Ok((seen.clone(), vec![seen]))
    }

    async fn record(
        &self,
        _: &Office,
        writing: &mut Writing<'_>,
        seen: &Correction,
        unwritten: &[(Correction, Obstacle)],
    ) -> Result<Option<Vec<Event>>, JobError> {
        super::numbered::written(unwritten)?;
        let today = writing.today();
        Ok((self.seen(&mut writing.tx, today).await? == *seen).then(Vec::new))
    }
}
