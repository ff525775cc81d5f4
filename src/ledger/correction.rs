//! What a cancellation, a credit note or a write-off books (rules K8, K9, K11, K14).

use chrono::NaiveDate;

use super::posting::{Account, Batch, BatchKind, Leg};
use crate::id::{CustomerId, DocumentId};
use crate::money::{Amount, Currency};

/// How an invoice stands before it is corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub document: DocumentId,
    /// Whose.
    pub customer: CustomerId,
    /// Its currency.
    pub currency: Currency,
    /// What it was over.
    pub gross: Amount,
    /// What is open of it.
    pub open: Amount,
    /// The discounts that were taken on it.
    pub discount: Amount,
    /// What of it is written off.
    pub written_off: Amount,
}

/// What a correction is set against. The parts sum to what it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// What was open.
    pub open: Amount,
    /// Discounts, which are undone.
    pub discount: Amount,
    /// Write-offs, which are undone.
    pub writeoff: Amount,
    /// What was paid: it becomes the customer's credit.
    pub credit: Amount,
}

impl Effect {
    /// Returns what a cancellation is set against: all of it, and what was paid becomes credit, never more.
    pub fn of_cancellation(of: &Standing) -> Effect {
        let credit = of.gross - of.open - of.discount - of.written_off;
        Effect { open: of.open, discount: of.discount, writeoff: of.written_off, credit }
    }

    /// Returns what a credit note is set against: what is open, then a write-off, then what was paid.
    pub fn of_credit_note(of: &Standing, amount: Amount) -> Effect {
        let open = amount.min(of.open);
        let writeoff = (amount - open).min(of.written_off);
        Effect { open, discount: Amount::ZERO, writeoff, credit: amount - open - writeoff }
    }

    fn total(&self) -> Amount {
        self.open + self.discount + self.writeoff + self.credit
    }
}

/// Sets a cancellation or a credit note against what it is for, so that both are closed by it.
pub fn set_off(correction: DocumentId, of: &Standing, effect: Effect, day: NaiveDate) -> Batch {
    let leg = Leg::unpaid(of.currency, day);
    let legs = [
        leg(Account::Principal, Some(of.customer), Some(correction), effect.total()),
        leg(Account::Principal, Some(of.customer), Some(of.document), -effect.open),
        leg(Account::Discount, None, Some(of.document), -effect.discount),
        leg(Account::Writeoff, None, Some(of.document), -effect.writeoff),
        leg(Account::Credit, Some(of.customer), None, -effect.credit),
    ];
    Batch::of(BatchKind::SetOff, day, legs)
}

/// Takes from the customer's credit what corrections had made of money that is gone from the document now; a discount that went with the
/// money was undone before.
pub fn cover(
    document: DocumentId,
    customer: CustomerId,
    currency: Currency,
    (discount, credit): (Amount, Amount),
    day: NaiveDate,
) -> Batch {
    let leg = Leg::unpaid(currency, day);
    let legs = [
        leg(Account::Principal, Some(customer), Some(document), -(discount + credit)),
        leg(Account::Discount, None, Some(document), discount),
        leg(Account::Credit, Some(customer), None, credit),
    ];
    Batch::of(BatchKind::SetOff, day, legs)
}

/// Gives up what is open of an invoice, or a part of it; below zero that is taken back.
pub fn write_off(
    document: DocumentId,
    customer: CustomerId,
    currency: Currency,
    amount: Amount,
    day: NaiveDate,
) -> Batch {
    let leg = Leg::unpaid(currency, day);
    let legs = [
        leg(Account::Writeoff, None, Some(document), amount),
        leg(Account::Principal, Some(customer), Some(document), -amount),
    ];
    Batch::of(BatchKind::Writeoff, day, legs)
}
