//! The open-credit guard: the undecided payment that holds a customer's letters, and how long.

use chrono::NaiveDate;

use crate::dunning::{LAST_PAYMENTS, SameAmount, UndecidedPayment, Until};
use crate::id::{CustomerId, PaymentId};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::agreed;
use crate::jobs::records::payment::view;
use crate::shell::store::{OpenPaymentRow, Tx};

/// Finds the undecided payment that holds a customer's letters, or did; of several the one that does so longest.
pub(super) async fn guarding(
    office: &Office,
    tx: &mut Tx,
    customer: CustomerId,
) -> Result<Option<UndecidedPayment>, JobError> {
    let named = |payment: PaymentId, until: Until| UndecidedPayment { name: payment.to_string(), until };
    if let Some((payment, _)) = tx.concerning(customer).await? {
        return Ok(Some(named(payment, None)));
    }
    let mut longest: Option<UndecidedPayment> = None;
    for row in tx.concerning_by_amount(customer).await? {
        let until = held_until(office, tx, customer, &row).await?;
        let last = |until: Until| until.unwrap_or(NaiveDate::MAX);
        if longest.as_ref().is_none_or(|payment| last(until) > last(payment.until)) {
            longest = Some(named(row.payment_id, until));
        }
    }
    Ok(longest)
}

/// Returns how long a payment of just the right amount holds a customer's letters.
pub(super) async fn held_until(
    office: &Office,
    tx: &mut Tx,
    customer: CustomerId,
    row: &OpenPaymentRow,
) -> Result<Until, JobError> {
    let payment = tx.payment(row.payment_id).await?;
    let payment = payment.ok_or_else(|| JobError::damaged(format!("the payment {}", row.payment_id)))?;
    let payer = view(&payment, payment.amount)?.payer_name;
    let name = agreed(tx, customer).await?.name;
    let paid_last = tx.last_payments_of(customer, row.currency, LAST_PAYMENTS).await?;
    let same = SameAmount {
        amount: row.open_amount,
        since: row.since_on,
        payer: payer.as_deref(),
        customer: &name,
        paid_last: &paid_last.into_iter().collect::<Vec<_>>(),
    };
    Ok(same.holds_until(&office.business_days()))
}
