//! A customer's credit: it pays the next invoice, and is taken back from there when the payment that it came from is.

use super::office::JobError;
use super::posting::post;
use crate::id::{BatchId, CustomerId, DocumentId};
use crate::ledger::{self, Account, BatchKind};
use crate::money::{Amount, Currency};
use crate::shell::store::{ReceivableRow, Tx, Writing};

/// Pays an invoice out of its customer's credit, as far as that reaches. Returns what was used and what is open.
///
/// # Errors
/// When the books fail.
pub async fn use_credit(
    writing: &mut Writing<'_>,
    invoice: &ReceivableRow,
) -> Result<Option<(Amount, Amount)>, JobError> {
    let currency = invoice.currency()?;
    let credit = of_customer(&mut writing.tx, invoice.customer_id, currency).await?;
    let used = credit.min(Amount::from_minor(invoice.open_principal));
    if !used.is_positive() {
        return Ok(None);
    }
    let (document, customer) = (DocumentId::from(invoice.document_id), CustomerId::from(invoice.customer_id));
    let batch = ledger::use_credit(document, customer, used, currency, writing.today());
    let (_, touched) = post(writing, &batch).await?;
    let open = touched.first().map_or(Amount::ZERO, |row| Amount::from_minor(row.open_principal));
    Ok(Some((used, open)))
}

/// Returns a customer's credit in a currency; negative when what it came from was taken back and it is paid out already.
///
/// # Errors
/// When the books fail.
pub async fn of_customer(tx: &mut Tx, customer: i64, currency: Currency) -> Result<Amount, JobError> {
    let credit = tx.credit_of(customer).await?;
    let own = credit.into_iter().find(|(code, _)| code == currency.code());
    Ok(own.map_or(Amount::ZERO, |(_, amount)| Amount::from_minor(amount)))
}

/// Takes credit back from the invoices that it paid, the newest first, until the customer has as much as was used. Returns the
/// invoices that are open again.
///
/// # Errors
/// When the books fail.
pub async fn take_back(
    writing: &mut Writing<'_>,
    customer: i64,
    currency: Currency,
) -> Result<Vec<ReceivableRow>, JobError> {
    let mut reopened = Vec::new();
    for used in writing.tx.credit_uses(customer, currency.code()).await? {
        if !of_customer(&mut writing.tx, customer, currency).await?.is_negative() {
            break;
        }
        let legs = writing.tx.legs_of(used.id).await?;
        let legs = legs.iter().map(|leg| leg.leg()).collect::<Result<Vec<_>, _>>()?;
        let today = writing.today();
        let undone = ledger::mirror(BatchId::from(used.id), &legs, BatchKind::Correction, Account::Payer, None, today);
        let (_, touched) = post(writing, &undone).await?;
        for row in touched {
            // What is still there pays as before.
            let paid = use_credit(writing, &row).await?;
            writing.look_at(row.document_id, Some(today)).await?;
            reopened.push(match paid {
                Some((_, open)) => ReceivableRow { open_principal: open.minor(), ..row },
                None => row,
            });
        }
    }
    Ok(reopened)
}

/// Returns what of a document was paid out of its customer's credit.
///
/// # Errors
/// When the books fail.
pub async fn used_on(tx: &mut Tx, document: i64) -> Result<Amount, JobError> {
    let mut used = Amount::ZERO;
    for batch in tx.live_batches_on(document, BatchKind::Credit.name()).await? {
        let legs = tx.legs_of(batch.id).await?;
        let paid = legs.iter().filter(|leg| leg.account == Account::Principal.name());
        used -= paid.map(|leg| Amount::from_minor(leg.amount)).sum::<Amount>();
    }
    Ok(used)
}
