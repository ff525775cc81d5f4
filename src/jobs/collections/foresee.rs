//! What will leave by itself, although a payment is undecided that could be meant for it.

use chrono::NaiveDate;

use super::case::load;
use super::guard::held_until;
use crate::dunning::{Surroundings, decide};
use crate::id::DocumentId;
use crate::jobs::office::{JobError, Office};
use crate::shell::store::{OpenPaymentRow, Tx};

/// Finds the day on which a letter on an invoice leaves although a payment of its amount is undecided, if nothing else changes; nothing
/// where the payment holds it, or something else does.
pub async fn leaves_undecided(
    office: &Office,
    tx: &mut Tx,
    document: DocumentId,
    payment: &OpenPaymentRow,
) -> Result<Option<NaiveDate>, JobError> {
    let receivable = tx.receivable(document).await?;
    let Some(look) = receivable.next_on.filter(|_| receivable.open_principal.is_positive()) else { return Ok(None) };
    let Some(until) = held_until(office, tx, receivable.customer_id, payment).await? else { return Ok(None) };
    let (business_days, rates) = (office.business_days(), office.base_rates());
    let mut day = until.succ_opt().map_or(look, |day| day.max(look));
    // The day may be none on which letters leave: then the decision names the next.
    for _ in 0..2 {
        let mut case = load(office, tx, receivable.customer_id, day).await?.case;
        for item in &mut case.items {
            item.obstacles.unannounced = false;
            item.bank.covered_through = Some(day);
        }
        let plan = decide(&case, Surroundings { today: day, business_days: &business_days, rates: &rates });
        if plan.letter.is_some_and(|letter| letter.items.iter().any(|item| item.document == document)) {
            return Ok(Some(day));
        }
        let finding = plan.findings.into_iter().find(|finding| finding.document == document);
        match finding.and_then(|finding| finding.next_on).filter(|next| *next > day) {
            Some(next) => day = next,
            None => break,
        }
    }
    Ok(None)
}
