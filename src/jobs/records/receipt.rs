//! What lies of a payment on documents, and taking it back.

use super::posting::post;
use crate::jobs::office::JobError;
use crate::ledger;
use crate::ledger::{Account, MoneySource};
use crate::shell::store::{PaymentRow, Writing};

/// Where an undecided payment's money lies: on `payer` once it was booked at all.
pub(crate) async fn lies_on(writing: &mut Writing<'_>, row: &PaymentRow) -> Result<Account, JobError> {
    let booked = !writing.tx.on_payer(row.id).await?.is_zero();
    Ok(if booked { Account::Payer } else { row.paid_into })
}

/// Books back what was booked of a payment while it waited: its money lies on `payer`, and is no receivable's.
pub async fn book_back(writing: &mut Writing<'_>, row: &PaymentRow) -> Result<(), JobError> {
    let lying = writing.tx.on_payer(row.id).await?;
    if lying.is_zero() {
        return Ok(());
    }
    let source =
        MoneySource { payment: row.id, account: row.paid_into, currency: row.currency, value_on: row.value_on };
    // The receipt, the other way round.
    post(writing, &ledger::receive(source, lying, writing.today())).await?;
    Ok(())
}
