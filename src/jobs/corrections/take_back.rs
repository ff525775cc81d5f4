//! Taking an invoice back: all of it by a cancellation (Storno), a part by a credit note (Rechnungskorrektur). What was paid of it
//! becomes the customer's credit.

use chrono::NaiveDate;

use super::numbered::Correction;
use super::{Corrected, Invoice};
use crate::invoice::{Before, Extent, cancellation, credit_note};
use crate::jobs::issuing::chunk::{Chunk, Issued, issue};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreed;
use crate::ledger::Effect;
use crate::question::Obstacle;
use crate::refusal::DocumentRefusal;
use crate::shell::store::{Run, Tx, Writing};

/// Cancels an invoice.
///
/// # Errors
/// When it may not be cancelled, its cancellation cannot be written, or the books fail.
pub async fn cancel(office: &Office, run: &Run, number: &str, reason: &str) -> Result<Corrected, JobError> {
    take_back(office, run, TakeBack { number, part: None, reason }).await
}

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
    take_back(office, run, TakeBack { number, part: Some(extent), reason }).await
}

async fn take_back(office: &Office, run: &Run, wanted: TakeBack<'_>) -> Result<Corrected, JobError> {
    let Issued { seen, numbers } = issue(office, run, &wanted).await?;
    let number = numbers.into_iter().next().ok_or_else(|| JobError::damaged("a correction without a number"))?;
    Ok(Corrected::of(seen, number))
}

/// An invoice that is to be taken back, which part of it, and why.
struct TakeBack<'c> {
    number: &'c str,
    /// Nothing: all of it.
    part: Option<&'c Extent>,
    reason: &'c str,
}

impl TakeBack<'_> {
    async fn seen(&self, tx: &mut Tx, today: NaiveDate) -> Result<Correction, JobError> {
        let invoice = Invoice::of(tx, self.number).await?;
        let number = || self.number.to_owned();
        if let Some(by) = invoice.standing_final(tx, self.part.is_none()).await? {
            return Err(JobError::refused(DocumentRefusal::FinalStands { number: number(), by }));
        }
        let (document, effect) = match self.part {
            None if !invoice.notes.is_empty() => {
                return Err(JobError::refused(DocumentRefusal::CreditedBefore { number: number() }));
            }
            None => (cancellation(&invoice.document, today), Effect::of_cancellation(&invoice.standing)),
            Some(extent) => {
                let before = Before { notes: &invoice.notes, discounts: invoice.standing.discount };
                let note = credit_note(&invoice.document, before, extent, today);
                let note =
                    note.map_err(|why| JobError::refused(DocumentRefusal::NotCredited { number: number(), why }))?;
                let effect = Effect::of_credit_note(&invoice.standing, note.payable());
                (note, effect)
            }
        };
        let agreed = agreed(tx, invoice.row.customer_id).await?;
        let (standing, reason) = (invoice.standing, self.reason.to_owned());
        Ok(Correction { standing, agreed, document, effect, reason })
    }
}

impl Chunk for TakeBack<'_> {
    const DOING: &'static str = "taking an invoice back";

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
        // One correction is all that there is.
        if let Some((_, why)) = unwritten.first() {
            let (invoice, why) = (self.number.to_owned(), Box::new(why.clone()));
            return Err(JobError::refused(DocumentRefusal::NotCorrectedOnPaper { invoice, why }));
        }
        let today = writing.today();
        Ok((self.seen(&mut writing.tx, today).await? == *seen).then(Vec::new))
    }
}
