//! How an amount that the owner assigns is shared out over documents.

use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::discount_levels;
use crate::jobs::records::document::model;
use crate::ledger::Share;
use crate::matching::{Owed, late_discounts};
use crate::money::{Amount, Currency};
use crate::question::Money;
use crate::refusal::{NameRefusal, PaymentRefusal};
use crate::shell::store::{PaymentRow, ReceivableRow, Writing};

/// Credit notes add to what a payment can pay, so they come first.
async fn credit_notes_first<'d>(
    writing: &mut Writing<'_>,
    documents: &'d [(String, Option<String>)],
) -> Result<Vec<&'d (String, Option<String>)>, JobError> {
    let (mut notes, mut invoices) = (Vec::new(), Vec::new());
    for document in documents {
        let row = writing.tx.document_by_number(&document.0).await?;
        if row.is_some_and(|row| row.gross.is_negative()) { notes.push(document) } else { invoices.push(document) }
    }
    notes.extend(invoices);
    Ok(notes)
}

/// What one document may get.
struct Wish {
    row: ReceivableRow,
    /// The amount that the owner names.
    amount: Option<Amount>,
}

/// Shares money out among documents in their order: their principal first, then, of those that are paid, the costs (rule M5). Returns
/// the shares, what of each principal is left, and what is left of the money.
pub(super) async fn share_out(
    writing: &mut Writing<'_>,
    documents: &[(String, Option<String>)],
    money: Amount,
    currency: Currency,
) -> Result<(Vec<Share>, Vec<Amount>, Amount), JobError> {
    let part = |of: Amount, left: Amount| if of.is_negative() { left.max(of) } else { left.min(of) };
    let (mut shares, mut behind, mut wishes, mut left) = (Vec::new(), Vec::new(), Vec::new(), money);
    for (number, amount) in credit_notes_first(writing, documents).await? {
        let amount = amount.as_deref().map(|text| Amount::typed(text, currency)).transpose();
        let amount =
            amount.map_err(|why| JobError::refused(PaymentRefusal::AmountOf { number: number.clone(), why }))?;
        let wish = wish(writing, number, amount, money, left, currency).await?;
        let principal = wish.row.open_principal;
        // A credit note adds to money that came in, and takes up money that goes out.
        let most = if principal.is_negative() && money.is_positive() { principal } else { left };
        let paid = part(principal, amount.unwrap_or(most));
        left -= paid;
        behind.push(principal - paid);
        shares.push(Share { principal: paid, ..nothing(&wish.row) });
        wishes.push(wish);
    }
    let paid_up = shares.iter_mut().zip(&behind).zip(&wishes).filter(|((_, behind), _)| behind.is_zero());
    for ((share, _), wish) in paid_up {
        let cost = |open: Amount, left: Amount| part(open, left).max(Amount::ZERO);
        let mut own = wish.amount.map_or(left, |amount| (amount - share.principal).min(left));
        share.fees = cost(wish.row.open_fee, own);
        own -= share.fees;
        share.interest = cost(wish.row.open_interest, own);
        left -= share.fees + share.interest;
    }
    Ok((shares, behind, left))
}

/// Shares money out among several documents whose discounts it took, one of them too late: those in time count, and each late one is left
/// with its own rest (rule M5.5). Returns the shares, and what of each principal is left; nothing where the owner names amounts, or it is
/// not so.
pub(super) async fn late_discounts_in(
    office: &Office,
    writing: &mut Writing<'_>,
    payment: &PaymentRow,
    documents: &[(String, Option<String>)],
    money: Amount,
) -> Result<Option<(Vec<Share>, Vec<Amount>)>, JobError> {
    if documents.len() < 2 || documents.iter().any(|(_, amount)| amount.is_some()) {
        return Ok(None);
    }
    let (mut rows, mut owed) = (Vec::new(), Vec::new());
    for (number, _) in documents {
        let Some(document) = writing.tx.document_by_number(number).await? else { return Ok(None) };
        let row = writing.tx.receivable(document.id).await?;
        if row.currency != payment.currency || !row.open_principal.is_positive() {
            return Ok(None);
        }
        let document = model(&mut writing.tx, document.id).await?;
        let discounts = discount_levels(&mut writing.tx, row.document_id, &document).await?;
        owed.push(Owed { gross: row.gross, open: row.open_principal, discounts });
        rows.push(row);
    }
    let config = office.config.matching();
    let (grace_days, tolerance) = (config.discount_grace_days, config.rounding_tolerance);
    let Some(taken) = late_discounts(&owed, money, payment.value_on, grace_days, tolerance) else { return Ok(None) };
    let (mut shares, mut behind) = (Vec::new(), Vec::new());
    for (row, taken) in rows.iter().zip(taken) {
        behind.push(row.open_principal - taken.principal - taken.discount);
        let share = nothing(row);
        shares.push(Share { principal: taken.principal, discount: taken.discount, ..share });
    }
    Ok(Some((shares, behind)))
}

/// A share that is nothing yet.
fn nothing(row: &ReceivableRow) -> Share {
    Share {
        document: row.document_id,
        customer: row.customer_id,
        principal: Amount::ZERO,
        discount: Amount::ZERO,
        fees: Amount::ZERO,
        interest: Amount::ZERO,
        waived_fees: Amount::ZERO,
        waived_interest: Amount::ZERO,
    }
}

/// Finds a document that money can go to.
async fn wish(
    writing: &mut Writing<'_>,
    number: &str,
    amount: Option<Amount>,
    money: Amount,
    left: Amount,
    currency: Currency,
) -> Result<Wish, JobError> {
    let refused = |refusal: PaymentRefusal| Err(JobError::refused(refusal));
    let (number_of, money_of) = (|| number.to_owned(), |amount| Money { amount, currency });
    let Some(document) = writing.tx.document_by_number(number).await? else {
        return Err(JobError::refused(NameRefusal::Invoice { number: number_of() }));
    };
    let row = writing.tx.receivable(document.id).await?;
    let principal = row.open_principal;
    let all = principal + row.open_fee + row.open_interest;
    if row.currency != currency {
        return refused(PaymentRefusal::OtherCurrency { number: number_of(), currency: row.currency, paid: currency });
    }
    // Costs may be left of an invoice that is paid.
    if principal.is_zero() && !all.is_positive() {
        return refused(PaymentRefusal::NothingOpen { number: number_of() });
    }
    if !principal.is_negative() && money.is_negative() {
        return refused(PaymentRefusal::MoneyOut { number: number_of() });
    }
    if document.kind.is_paid_out() && money.is_positive() {
        return refused(PaymentRefusal::RefundNeedsMoneyOut { number: number_of() });
    }
    let Some(amount) = amount else {
        return if left.is_zero() {
            refused(PaymentRefusal::NothingLeft { number: number_of() })
        } else {
            Ok(Wish { row, amount })
        };
    };
    if amount.is_zero() || amount.is_negative() != principal.is_negative() {
        return refused(PaymentRefusal::CannotGet { number: number_of(), amount: money_of(amount) });
    }
    if !principal.is_negative() && amount > left {
        return refused(PaymentRefusal::MoreThanLeft {
            number: number_of(),
            amount: money_of(amount),
            left: money_of(left),
        });
    }
    if amount.abs() > all.abs() {
        return refused(PaymentRefusal::MoreThanOpen { number: number_of(), open: money_of(all) });
    }
    Ok(Wish { row, amount: Some(amount) })
}

/// With the last of the principal go the costs that nobody paid, where they are less than `below` (rule M5).
pub(super) async fn waive_costs(
    writing: &mut Writing<'_>,
    shares: &mut [Share],
    below: Amount,
) -> Result<(), JobError> {
    for share in shares {
        let row = writing.tx.receivable(share.document).await?;
        let paid = share.principal + share.discount;
        if row.open_principal == paid && !paid.is_zero() {
            share.give_up_costs(row.open_fee, row.open_interest, below);
        }
    }
    Ok(())
}
