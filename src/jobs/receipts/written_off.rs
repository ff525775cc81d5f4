//! Money for what was written off takes the write-off back first (rule K7); taken back itself, it leaves the write-off as it was.

use crate::id::RunId;
use crate::jobs::office::JobError;
use crate::jobs::records::posting::post;
use crate::ledger;
use crate::ledger::{Account, BatchKind};
use crate::money::{Amount, Currency};
use crate::shell::store::{ReceivableRow, Writing};

/// Takes write-offs on documents back, as far as money for them reaches beyond what is open. A document without an amount gets all that
/// is left.
///
/// # Errors
/// When the books fail.
pub(super) async fn take_back(
    writing: &mut Writing<'_>,
    documents: &[(String, Option<String>)],
    money: Amount,
    currency: Currency,
) -> Result<(), JobError> {
    let mut left = money;
    for (number, amount) in documents {
        let Some(document) = writing.tx.document_by_number(number).await? else { continue };
        if !document.kind.asks_for_payment() || document.currency != currency {
            continue;
        }
        let row = writing.tx.receivable(document.id).await?;
        let taken_back = writing.tx.taken_back(&[document.id]).await?;
        let written_off: Amount = taken_back.iter().map(|back| back.written_off).sum();
        // What cannot be read is refused where it is shared out.
        let gets = amount.as_deref().and_then(|text| Amount::typed(text, currency).ok()).unwrap_or(left);
        let back = written_off.min((gets - row.open_principal).max(Amount::ZERO));
        if back.is_positive() {
            let today = writing.today();
            post(writing, &ledger::write_off(document.id, row.customer_id, currency, -back, today)).await?;
        }
        left -= gets.min(row.open_principal + back).max(Amount::ZERO);
    }
    Ok(())
}

/// Gives up again what an assignment had taken back of write-offs, when that assignment is taken back: as it was before.
///
/// # Errors
/// When the books fail.
pub(super) async fn restore(writing: &mut Writing<'_>, invoice: &ReceivableRow, run: RunId) -> Result<(), JobError> {
    let document = invoice.document_id;
    let mut back = Amount::ZERO;
    for batch in writing.tx.live_batches_on(document, BatchKind::Writeoff).await? {
        if batch.run_id == run {
            let legs = writing.tx.legs_of(batch.id).await?;
            back -= legs.iter().filter(|leg| leg.account == Account::Writeoff).map(|leg| leg.amount).sum::<Amount>();
        }
    }
    let back = back.min(writing.tx.receivable(document).await?.open_principal);
    if back.is_positive() {
        let today = writing.today();
        post(writing, &ledger::write_off(document, invoice.customer_id, invoice.currency, back, today)).await?;
    }
    Ok(())
}
