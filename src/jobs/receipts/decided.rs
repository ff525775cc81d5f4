//! A payment is decided, or waits again.

use super::matching::concerned;
use crate::fact::{DecisionFact, Subject};
use crate::id::{CustomerId, PaymentId};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::decision::{OWNER_RULE, new_decision};
use crate::matching::Because;
use crate::money::Amount;
use crate::refusal::{NameRefusal, PaymentRefusal};
use crate::shell::store::{OpenPaymentRow, PaymentRow, Writing};

/// Finds a payment that is not decided.
pub(super) async fn undecided(
    writing: &mut Writing<'_>,
    payment: PaymentId,
) -> Result<(PaymentRow, OpenPaymentRow), JobError> {
    let row = writing.tx.payment(payment).await?;
    let row = row.ok_or_else(|| JobError::refused(NameRefusal::Payment { payment }))?;
    match writing.tx.open_payment(payment).await? {
        Some(open) => Ok((row, open)),
        None => {
            let paid = writing.tx.allocations_of(payment).await?;
            let to: Vec<String> = paid.into_iter().map(|(number, _)| number).collect();
            Err(JobError::refused(if to.is_empty() {
                PaymentRefusal::DecidedForNothing { payment }
            } else {
                PaymentRefusal::Decided { payment, to }
            }))
        }
    }
}

/// Has a payment wait for the owner: its customers, and whoever else it could be from, get no letters meanwhile.
pub(super) async fn wait(
    office: &Office,
    writing: &mut Writing<'_>,
    row: &PaymentRow,
    amount: Amount,
    mut customers: Vec<(CustomerId, Because)>,
) -> Result<(), JobError> {
    customers.extend(concerned(&mut writing.tx, &office.config.matching(), row, amount).await?);
    customers.sort_unstable();
    customers.dedup_by_key(|(customer, _)| *customer);
    Ok(writing.wait_for_owner(&[(row.id, customers)]).await?)
}

/// Records what the owner decided of a payment.
pub(super) async fn decided(
    writing: &mut Writing<'_>,
    payment: PaymentId,
    fact: &DecisionFact,
) -> Result<(), JobError> {
    let decision = new_decision(Subject::Payment(payment), OWNER_RULE, fact, None);
    Ok(writing.add_decision(decision).await?)
}
