//! What a payment settles of a document.

use crate::id::DocumentId;
use crate::money::Amount;

/// What a document gets of a payment. All parts have the sign of what is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// Which document.
    pub document: DocumentId,
    /// Paid of the principal.
    pub principal: Amount,
    /// Taken off as a discount.
    pub discount: Amount,
    /// Paid of the fees.
    pub fees: Amount,
    /// Paid of the interest.
    pub interest: Amount,
}
