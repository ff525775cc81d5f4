//! What is known of one payment when it is decided.

use crate::id::PaymentId;
use crate::jobs::office::JobError;
use crate::jobs::records::payment::view;
use crate::ledger::{Account, MoneySource};
use crate::matching;
use crate::matching::{Keys, Payment, Shapes, Turn, name_keys};
use crate::money::{Amount, Currency};
use crate::shell::store::UntriedRow;

/// A payment to be decided.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) row: UntriedRow,
    pub(super) payment: Payment,
    pub(super) keys: Keys,
    /// Whether all was looked up that it could be for, not only what it names.
    pub(super) complete: bool,
}

impl Case {
    /// Sees a payment as the matcher does, and takes its text apart.
    pub(super) fn of(row: UntriedRow, shapes: &Shapes) -> Result<Case, JobError> {
        let payment = view(&row.payment, row.open_amount)?;
        let keys = matching::keys(&payment, shapes);
        Ok(Case { row, payment, keys, complete: false })
    }

    /// When it is decided.
    pub(super) fn turn(&self) -> Turn {
        Turn::of(self.row.payment.booked_on, self.amount().is_positive(), self.payment.is_return)
    }

    pub(super) fn looked_up(&self) -> (&Payment, &Keys) {
        (&self.payment, &self.keys)
    }

    /// Has it looked up by the payer's name too.
    pub(super) fn widen(&mut self) {
        self.complete = true;
        self.keys.customers.extend(self.payment.payer_name.as_deref().map(name_keys).unwrap_or_default());
    }

    pub(super) fn id(&self) -> PaymentId {
        self.row.payment.id
    }

    pub(super) fn name(&self) -> String {
        self.id().to_string()
    }

    /// What is undecided of it, signed.
    pub(super) fn amount(&self) -> Amount {
        self.row.open_amount
    }

    pub(super) fn currency(&self) -> Currency {
        self.row.payment.currency
    }

    pub(super) fn payer(&self) -> String {
        self.payment.payer_name.clone().unwrap_or_default()
    }

    /// Where its money lies: on the bank until it was tried, then on `payer`.
    pub(super) fn source(&self) -> MoneySource {
        let tried = self.row.tried_run_id.is_some();
        let paid_into = self.row.payment.paid_into;
        MoneySource {
            payment: self.id(),
            account: if tried { Account::Payer } else { paid_into },
            currency: self.currency(),
            value_on: self.row.payment.value_on,
        }
    }
}
