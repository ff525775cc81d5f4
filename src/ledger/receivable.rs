//! What is open of a document: the sum of its postings.

use super::posting::{Account, Leg};
use crate::id::{CustomerId, DocumentId};
use crate::money::{Amount, Currency};

/// Where a receivable stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceivableState {
    /// Nothing paid.
    Open,
    /// Something paid.
    PartiallyPaid,
    /// All paid.
    Paid,
    /// Cancelled.
    Cancelled,
    /// Closed, and something of it is written off.
    WrittenOff,
    /// Credit notes have taken off all of it; what was paid became credit.
    Credited,
}

impl ReceivableState {
    /// All states.
    pub const ALL: [ReceivableState; 6] = [
        ReceivableState::Open,
        ReceivableState::PartiallyPaid,
        ReceivableState::Paid,
        ReceivableState::Cancelled,
        ReceivableState::WrittenOff,
        ReceivableState::Credited,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            ReceivableState::Open => "open",
            ReceivableState::PartiallyPaid => "partially_paid",
            ReceivableState::Paid => "paid",
            ReceivableState::Cancelled => "cancelled",
            ReceivableState::WrittenOff => "written_off",
            ReceivableState::Credited => "credited",
        }
    }

    /// Finds a state by its word.
    pub fn by_name(name: &str) -> Option<ReceivableState> {
        ReceivableState::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What is open of a document (credit notes are negative).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receivable {
    /// Which.
    pub document: DocumentId,
    /// Whose.
    pub customer: CustomerId,
    /// Its currency.
    pub currency: Currency,
    /// What it was over.
    pub gross: Amount,
    /// Open principal.
    pub principal: Amount,
    /// Open fees.
    pub fee: Amount,
    /// Open interest.
    pub interest: Amount,
    /// What takes it back.
    pub taken_back: TakenBack,
}

/// What takes a document back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TakenBack {
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// What credit notes took off.
    pub credited: Amount,
    /// What is written off.
    pub written_off: Amount,
}

impl Receivable {
    /// Takes a leg into account; legs on other documents and accounts change nothing.
    pub fn apply(&mut self, leg: &Leg) {
        if leg.document != Some(self.document) {
            return;
        }
        match leg.account {
            Account::Principal => self.principal += leg.amount,
            Account::Fee => self.fee += leg.amount,
            Account::Interest => self.interest += leg.amount,
            Account::Credit
            | Account::Bank
            | Account::Cash
            | Account::Clearing
            | Account::Payer
            | Account::Discount
            | Account::Rounding
            | Account::Waiver
            | Account::Writeoff
            | Account::BankCharge
            | Account::Revenue => {}
        }
    }

    /// Returns where it stands.
    pub fn state(&self) -> ReceivableState {
        let back = self.taken_back;
        if back.cancelled {
            ReceivableState::Cancelled
        } else if self.principal.is_zero() && !back.written_off.is_zero() {
            ReceivableState::WrittenOff
        } else if self.principal.is_zero() && back.credited == self.gross && self.gross.is_positive() {
            ReceivableState::Credited
        } else if self.principal.is_zero() {
            ReceivableState::Paid
        } else if self.principal == self.gross {
            ReceivableState::Open
        } else {
            ReceivableState::PartiallyPaid
        }
    }
}
