//! Ids that cannot be swapped: one type for each kind of row, and the prefixes people write (`P-4690`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// Returns the number of the row.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl From<i64> for $name {
            fn from(row: i64) -> Self {
                Self(row)
            }
        }
    )* };
}

id! {
    /// A customer: the identity that money hangs on; the number (`K-1017`) may change, this does not.
    CustomerId
    /// A contract: whatever the book says is to be invoiced, recurring or once.
    ContractId
    /// A document with a number: an invoice, a credit note, a dunning letter.
    DocumentId
    /// A payment: money that moved, as the matcher sees it.
    PaymentId
    /// An entry: a line of a bank account, held once however often it was seen.
    EntryId
    /// A statement of one bank account.
    StatementId
    /// A file of the bank, or a member of an archive.
    BankFileId
    /// A bank account of the business.
    BankAccountId
    /// A letter: one decision to write to a customer or to the owner.
    LetterId
    /// A batch of postings that sums to zero.
    BatchId
    /// An act: something done by command or learned.
    ActId
    /// A run: one wake-up of the daemon, one pass of the sender, or one command that wrote something.
    RunId
    /// A version of book and configuration.
    BookVersionId
    /// A revision: what the book said of a customer or a contract from a version on.
    RevisionId
    /// A decision: what was decided of a subject, and why.
    DecisionId
    /// Bytes that are kept by their hash.
    BlobId
}

impl fmt::Display for PaymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P-{}", self.0)
    }
}

impl PaymentId {
    /// Reads what a person types: `P-12`, `p-12`, `P12`, `p 12`.
    pub fn typed(text: &str) -> Option<PaymentId> {
        let rest = text.trim().strip_prefix(['P', 'p'])?.trim_start_matches(['-', ' ']);
        rest.parse().ok().filter(|row| *row > 0).map(PaymentId).filter(|_| rest.bytes().all(|b| b.is_ascii_digit()))
    }
}

/// The text is not a payment's id such as `P-4690`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the id of a payment (expected something like P-4690)")]
pub struct NotAPayment(String);

impl FromStr for PaymentId {
    type Err = NotAPayment;

    fn from_str(text: &str) -> Result<Self, NotAPayment> {
        text.strip_prefix("P-")
            .and_then(|digits| digits.parse().ok())
            .filter(|row| *row > 0)
            .map(Self)
            .ok_or_else(|| NotAPayment(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_is_written_with_its_prefix() {
        assert_eq!(PaymentId::from(4690).to_string(), "P-4690");
        assert_eq!("P-4690".parse(), Ok(PaymentId::from(4690)));
        for wrong in ["4690", "P-", "P-0", "P--1", "RE-2026-0001"] {
            assert!(wrong.parse::<PaymentId>().is_err(), "{wrong}");
        }
        for typed in ["P-12", "p-12", "P12", "p 012"] {
            assert_eq!(PaymentId::typed(typed), Some(PaymentId::from(12)), "{typed}");
        }
        for wrong in ["12", "P", "P-0", "PA-1", "p+1", "RE-2026-0001"] {
            assert_eq!(PaymentId::typed(wrong), None, "{wrong}");
        }
    }
}
