//! Why a letter that was queued does not leave.

use super::gates::HoldReason;
use crate::language::Language;

/// Why a notice, reminder or dunning letter was taken back before it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawnFor {
    /// Something holds an invoice in it now.
    Held(HoldReason),
    /// It would say something else now, and is decided anew.
    WrittenAnew,
    /// It is not earned any more: the money came.
    NoLongerDue,
}

impl WithdrawnFor {
    /// Returns the word in the books.
    pub fn name(self) -> &'static str {
        match self {
            WithdrawnFor::Held(reason) => reason.name(),
            WithdrawnFor::WrittenAnew => "written anew",
            WithdrawnFor::NoLongerDue => "no longer due",
        }
    }

    /// Finds a reason by its word.
    pub fn by_name(name: &str) -> Option<WithdrawnFor> {
        let own =
            [WithdrawnFor::WrittenAnew, WithdrawnFor::NoLongerDue].into_iter().find(|reason| reason.name() == name);
        own.or_else(|| HoldReason::by_name(name).map(WithdrawnFor::Held))
    }

    /// Says it in words that follow "did not leave:".
    pub fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (WithdrawnFor::Held(reason), _) => reason.words(language),
            (WithdrawnFor::WrittenAnew, Language::De(_)) => "neu geschrieben",
            (WithdrawnFor::WrittenAnew, Language::En) => "written anew",
            (WithdrawnFor::NoLongerDue, Language::De(_)) => "nicht mehr fällig",
            (WithdrawnFor::NoLongerDue, Language::En) => "no longer due",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_found_by_its_word() {
        let held = HoldReason::all().map(WithdrawnFor::Held);
        for reason in held.chain([WithdrawnFor::WrittenAnew, WithdrawnFor::NoLongerDue]) {
            assert_eq!(WithdrawnFor::by_name(reason.name()), Some(reason));
        }
        assert_eq!(WithdrawnFor::by_name("by command"), None);
    }
}
