//! What came of a letter.

/// What came of a letter. The words of the table `letter_event_kind`, which says too by which of them a letter counts, and by which its
/// round is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LetterEvent {
    /// A server took it.
    Accepted,
    /// A server took it, but not for all of its addresses; it counts all the same.
    PartlyRefused,
    /// A person delivered it.
    Posted,
    /// It did not leave, and is tried again.
    Deferred,
    /// Nobody knows whether it left.
    Unclear,
    /// A server refused it for good, or it cannot be written.
    Refused,
    /// It came back after a server had taken it.
    Bounced,
    /// It had left and was taken back: the money had been there.
    Recalled,
    /// It was taken back before it left.
    Withdrawn,
}

impl LetterEvent {
    /// All of them.
    pub const ALL: [LetterEvent; 9] = [
        LetterEvent::Accepted,
        LetterEvent::PartlyRefused,
        LetterEvent::Posted,
        LetterEvent::Deferred,
        LetterEvent::Unclear,
        LetterEvent::Refused,
        LetterEvent::Bounced,
        LetterEvent::Recalled,
        LetterEvent::Withdrawn,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            LetterEvent::Accepted => "accepted",
            LetterEvent::PartlyRefused => "partly_refused",
            LetterEvent::Posted => "posted",
            LetterEvent::Deferred => "deferred",
            LetterEvent::Unclear => "unclear",
            LetterEvent::Refused => "refused",
            LetterEvent::Bounced => "bounced",
            LetterEvent::Recalled => "recalled",
            LetterEvent::Withdrawn => "withdrawn",
        }
    }

    /// Finds one by its word.
    pub fn by_name(name: &str) -> Option<LetterEvent> {
        LetterEvent::ALL.into_iter().find(|event| event.name() == name)
    }

    /// Tells whether the letter came back: it was written in vain.
    pub const fn is_return(self) -> bool {
        match self {
            LetterEvent::Refused | LetterEvent::Bounced => true,
            LetterEvent::Accepted
            | LetterEvent::PartlyRefused
            | LetterEvent::Posted
            | LetterEvent::Deferred
            | LetterEvent::Unclear
            | LetterEvent::Recalled
            | LetterEvent::Withdrawn => false,
        }
    }

    /// Tells whether the letter may have reached somebody. What was only tried, or taken back before it left, has not.
    pub const fn may_have_left(self) -> bool {
        match self {
            LetterEvent::Accepted
            | LetterEvent::PartlyRefused
            | LetterEvent::Posted
            | LetterEvent::Unclear
            | LetterEvent::Refused
            | LetterEvent::Bounced
            | LetterEvent::Recalled => true,
            LetterEvent::Deferred | LetterEvent::Withdrawn => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_found_by_its_word() {
        for event in LetterEvent::ALL {
            assert_eq!(LetterEvent::by_name(event.name()), Some(event));
        }
    }
}
