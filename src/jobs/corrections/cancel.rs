//! Cancelling an invoice (Storno): a document that mirrors it, and what was paid becomes the customer's credit.

use super::numbered::{Correction, Link};
use super::{Corrected, Invoice};
use crate::invoice::cancellation;
use crate::jobs::issuing::chunk::{Chunk, Issued, issue};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreed;
use crate::ledger::Effect;
use crate::question::Obstacle;
use crate::refusal::DocumentRefusal;
use crate::shell::store::{Run, Tx, Writing};
use chrono::NaiveDate;

/// Cancels an invoice.
///
/// # Errors
/// When it may not be cancelled, its cancellation cannot be written, or the books fail.
pub async fn cancel(office: &Office, run: &Run, number: &str, reason: &str) -> Result<Corrected, JobError> {
    let Issued { seen, numbers } = issue(office, run, &Cancel { number, reason }).await?;
    let number = numbers.into_iter().next().ok_or_else(|| JobError::damaged("a cancellation without a number"))?;
    Ok(Corrected::of(seen, number))
}

/// An invoice that is to be cancelled, and why.
struct Cancel<'c> {
    number: &'c str,
    reason: &'c str,
}

impl Cancel<'_> {
    async fn seen(&self, tx: &mut Tx, today: NaiveDate) -> Result<Correction, JobError> {
        let invoice = Invoice::of(tx, self.number).await?;
        if !invoice.notes.is_empty() {
            return Err(JobError::refused(DocumentRefusal::CreditedBefore { number: self.number.to_owned() }));
        }
        let document = cancellation(&invoice.document, today);
        let effect = Effect::of_cancellation(&invoice.standing);
        let agreed = agreed(tx, invoice.row.customer_id).await?;
        Ok(Correction::new(invoice.standing, agreed, document, Link::Cancels, effect, self.reason))
    }
}

impl Chunk for Cancel<'_> {
    const DOING: &'static str = "cancelling";

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
