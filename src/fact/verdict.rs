//! What was decided, in a word.

use crate::matching::Decision;

/// What was decided, in a word. The words of the table `verdict_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VerdictKind {
    // On an invoice, or a contract.
    /// It was issued; a contract is issued again.
    Issued,
    /// Nothing is due yet.
    Waiting,
    /// It has not reached the customer.
    Undelivered,
    /// The letters of all stages have left.
    LastStage,
    /// What is due does not leave.
    Held,
    /// The owner is told of a letter before it leaves.
    Announced,
    /// A letter is written.
    Letter,
    /// What was wrong in the book of a contract may be right now.
    Agreed,

    // On a payment.
    /// The matcher books it.
    Auto,
    /// The matcher has a proposal for the owner.
    Suggest,
    /// The matcher has nothing to propose.
    Hold,
    /// It gives an earlier payment back.
    Return,
    /// The matcher finds no receivable that is concerned.
    Ignore,
    /// A rule of the owner's says that it is between his own accounts.
    OwnTransfer,
    /// The owner assigned it.
    Assigned,
    /// The owner took its bookings back.
    Unassigned,
    /// The owner broke it down.
    Split,
    /// It concerns no receivable: the owner says so, or its parts are payments of their own.
    Ignored,

    // On the books.
    /// The day's work was done, or mail leaves.
    Ok,
    /// The day's work failed.
    Failed,
    /// The mail server takes nothing.
    Misconfigured,
    /// Letters wait for a gate.
    Begun,
    /// No letter waits for the gate any more.
    Over,
    /// Files lie in the inbox and are not read.
    Left,
}

impl VerdictKind {
    /// All of them.
    pub const ALL: [VerdictKind; 24] = [
        VerdictKind::Issued,
        VerdictKind::Waiting,
        VerdictKind::Undelivered,
        VerdictKind::LastStage,
        VerdictKind::Held,
        VerdictKind::Announced,
        VerdictKind::Letter,
        VerdictKind::Agreed,
        VerdictKind::Auto,
        VerdictKind::Suggest,
        VerdictKind::Hold,
        VerdictKind::Return,
        VerdictKind::Ignore,
        VerdictKind::OwnTransfer,
        VerdictKind::Assigned,
        VerdictKind::Unassigned,
        VerdictKind::Split,
        VerdictKind::Ignored,
        VerdictKind::Ok,
        VerdictKind::Failed,
        VerdictKind::Misconfigured,
        VerdictKind::Begun,
        VerdictKind::Over,
        VerdictKind::Left,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            VerdictKind::Issued => "issued",
            VerdictKind::Waiting => "waiting",
            VerdictKind::Undelivered => "undelivered",
            VerdictKind::LastStage => "last_stage",
            VerdictKind::Held => "held",
            VerdictKind::Announced => "announced",
            VerdictKind::Letter => "letter",
            VerdictKind::Agreed => "agreed",
            VerdictKind::Auto => "auto",
            VerdictKind::Suggest => "suggest",
            VerdictKind::Hold => "hold",
            VerdictKind::Return => "return",
            VerdictKind::Ignore => "ignore",
            VerdictKind::OwnTransfer => "own_transfer",
            VerdictKind::Assigned => "assigned",
            VerdictKind::Unassigned => "unassigned",
            VerdictKind::Split => "split",
            VerdictKind::Ignored => "ignored",
            VerdictKind::Ok => "ok",
            VerdictKind::Failed => "failed",
            VerdictKind::Misconfigured => "misconfigured",
            VerdictKind::Begun => "begun",
            VerdictKind::Over => "over",
            VerdictKind::Left => "left",
        }
    }

    /// Finds one by its word.
    pub fn by_name(name: &str) -> Option<VerdictKind> {
        VerdictKind::ALL.into_iter().find(|verdict| verdict.name() == name)
    }

    /// Tells whether a payment is passed over by it, without the owner.
    pub const fn passes_over(self) -> bool {
        match self {
            VerdictKind::Ignore | VerdictKind::OwnTransfer => true,
            VerdictKind::Issued
            | VerdictKind::Waiting
            | VerdictKind::Undelivered
            | VerdictKind::LastStage
            | VerdictKind::Held
            | VerdictKind::Announced
            | VerdictKind::Letter
            | VerdictKind::Agreed
            | VerdictKind::Auto
            | VerdictKind::Suggest
            | VerdictKind::Hold
            | VerdictKind::Return
            | VerdictKind::Assigned
            | VerdictKind::Unassigned
            | VerdictKind::Split
            | VerdictKind::Ignored
            | VerdictKind::Ok
            | VerdictKind::Failed
            | VerdictKind::Misconfigured
            | VerdictKind::Begun
            | VerdictKind::Over
            | VerdictKind::Left => false,
        }
    }

    /// Tells whether a payment is no receivable's by it: it is passed over, or the owner says so; its money is booked nowhere, or was booked
    /// back.
    pub fn books_nothing(self) -> bool {
        self.passes_over() || self == VerdictKind::Ignored || self == VerdictKind::Split
    }
}

impl From<Decision> for VerdictKind {
    fn from(decision: Decision) -> VerdictKind {
        match decision {
            Decision::Auto => VerdictKind::Auto,
            Decision::Suggest => VerdictKind::Suggest,
            Decision::Hold => VerdictKind::Hold,
            Decision::Return => VerdictKind::Return,
            Decision::Ignore => VerdictKind::Ignore,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_is_found_by_its_word() {
        for verdict in VerdictKind::ALL {
            assert_eq!(VerdictKind::by_name(verdict.name()), Some(verdict));
        }
        assert_eq!(VerdictKind::by_name("perhaps"), None);
    }
}
