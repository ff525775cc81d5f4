//! Where a letter stands in the outbox.

/// Where a letter stands. The words of the table `outbox_state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxState {
    /// It waits for its hour, or for a person who delivers it.
    Queued,
    /// An attempt is under way; its outcome is not in the books yet.
    Sending,
    /// A server took it, or a person delivered it.
    Accepted,
    /// It certainly did not arrive, and is tried again.
    Deferred,
    /// It certainly did not arrive, and is not tried again; or it came back.
    Refused,
    /// Nobody knows whether it left; the owner decides.
    Unclear,
    /// It was taken back before it left.
    Withdrawn,
}

impl OutboxState {
    /// All states.
    pub const ALL: [OutboxState; 7] = [
        OutboxState::Queued,
        OutboxState::Sending,
        OutboxState::Accepted,
        OutboxState::Deferred,
        OutboxState::Refused,
        OutboxState::Unclear,
        OutboxState::Withdrawn,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            OutboxState::Queued => "queued",
            OutboxState::Sending => "sending",
            OutboxState::Accepted => "accepted",
            OutboxState::Deferred => "deferred",
            OutboxState::Refused => "refused",
            OutboxState::Unclear => "unclear",
            OutboxState::Withdrawn => "withdrawn",
        }
    }

    /// Finds a state by its word.
    pub fn by_name(name: &str) -> Option<OutboxState> {
        OutboxState::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Tells whether the sender may take it up.
    pub const fn may_be_sent(self) -> bool {
        match self {
            OutboxState::Queued | OutboxState::Deferred => true,
            OutboxState::Sending
            | OutboxState::Accepted
            | OutboxState::Refused
            | OutboxState::Unclear
            | OutboxState::Withdrawn => false,
        }
    }

    /// Tells whether something is still to come of it.
    pub const fn is_under_way(self) -> bool {
        match self {
            OutboxState::Queued | OutboxState::Deferred | OutboxState::Sending | OutboxState::Unclear => true,
            OutboxState::Accepted | OutboxState::Refused | OutboxState::Withdrawn => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_found_by_its_word() {
        for state in OutboxState::ALL {
            assert_eq!(OutboxState::by_name(state.name()), Some(state));
        }
    }
}
