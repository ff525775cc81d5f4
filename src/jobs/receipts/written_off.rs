//! Money for what was written off takes the write-off back first (rule K7).

use crate::jobs::office::JobError;
use crate::jobs::records::posting::post;
use crate::ledger;
use crate::money::{Amount, Currency};
use crate::shell::store::Writing;

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
