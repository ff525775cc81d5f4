//! Why an undecided payment is not the matcher's to decide as it likes.

/// What holds an undecided payment, or has it tried again. Written in `open_payment`; where nothing stands there, the matcher may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBecause {
    /// It may be booked already: a person must look first.
    PossibleDuplicate,
    /// Its details are missing, so that nobody knows how many payments it is.
    BatchWithoutDetails,
    /// It is in another currency than its account.
    CurrencyMismatch,
    /// It is what the bank kept of a collective entry.
    BankFee,
    /// It gives back a payment that is not in the books yet.
    ReturnUnmatched,
    /// The owner took its assignment back.
    Unassigned,
    /// The matcher failed with it.
    Failed,
    /// More is known now: it is tried again.
    Again,
}

impl HeldBecause {
    /// All of them.
    pub const ALL: [HeldBecause; 8] = [
        HeldBecause::PossibleDuplicate,
        HeldBecause::BatchWithoutDetails,
        HeldBecause::CurrencyMismatch,
        HeldBecause::BankFee,
        HeldBecause::ReturnUnmatched,
        HeldBecause::Unassigned,
        HeldBecause::Failed,
        HeldBecause::Again,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            HeldBecause::PossibleDuplicate => "possible_duplicate",
            HeldBecause::BatchWithoutDetails => "batch_without_details",
            HeldBecause::CurrencyMismatch => "currency_mismatch",
            HeldBecause::BankFee => "bank_fee",
            HeldBecause::ReturnUnmatched => "return_unmatched",
            HeldBecause::Unassigned => "unassigned",
            HeldBecause::Failed => "failed",
            HeldBecause::Again => "again",
        }
    }

    /// Finds one by its word.
    pub fn by_name(name: &str) -> Option<HeldBecause> {
        HeldBecause::ALL.into_iter().find(|held| held.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_found_by_its_word() {
        for held in HeldBecause::ALL {
            assert_eq!(HeldBecause::by_name(held.name()), Some(held));
        }
    }
}
