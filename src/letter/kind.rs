//! The kinds of letters, and what the work asks of each.

use std::fmt;

use serde::Serialize;

use crate::language::Language;

/// What a letter is. The words of the table `letter_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// It brings an invoice.
    Invoice,
    /// It brings a quote.
    Quote,
    /// It brings the confirmation of an order.
    Confirmation,
    /// A friendly word before the due date.
    Notice,
    /// It asks for what is overdue for the first time (a Zahlungserinnerung).
    Reminder,
    /// It asks again (a Mahnung).
    Dunning,
    /// It takes reminders or dunning letters back.
    Withdrawal,
    /// It brings a cancellation or a credit note.
    Correction,
    /// Tells the owner which letters leave on the next sending day.
    Announcement,
    /// The owner's week.
    Summary,
    /// Tells the owner at once what cannot wait.
    Alarm,
}

/// What is done with a letter when nobody knows whether it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenUnclear {
    /// Nothing: it is not worth a question, and not worth coming twice.
    LetBe,
    /// The owner looks for it among the sent mail: coming twice, it would be embarrassing.
    AskOwner,
    /// It is sent again under its name, so that the receiver can tell; the owner is asked when that does not help.
    SendAgain,
}

impl LetterKind {
    /// All kinds.
    pub const ALL: [LetterKind; 11] = [
        LetterKind::Invoice,
        LetterKind::Quote,
        LetterKind::Confirmation,
        LetterKind::Notice,
        LetterKind::Reminder,
        LetterKind::Dunning,
        LetterKind::Withdrawal,
        LetterKind::Correction,
        LetterKind::Announcement,
        LetterKind::Summary,
        LetterKind::Alarm,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            LetterKind::Invoice => "invoice",
            LetterKind::Quote => "quote",
            LetterKind::Confirmation => "confirmation",
            LetterKind::Notice => "notice",
            LetterKind::Reminder => "reminder",
            LetterKind::Dunning => "dunning",
            LetterKind::Withdrawal => "withdrawal",
            LetterKind::Correction => "correction",
            LetterKind::Announcement => "announcement",
            LetterKind::Summary => "summary",
            LetterKind::Alarm => "alarm",
        }
    }

    /// Finds a kind by its word.
    pub fn by_name(name: &str) -> Option<LetterKind> {
        LetterKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Tells whether it is a stage of dunning: it may claim costs and sets a deadline, and there is one at a time.
    pub const fn is_dunning(self) -> bool {
        match self {
            LetterKind::Reminder | LetterKind::Dunning => true,
            LetterKind::Invoice
            | LetterKind::Quote
            | LetterKind::Confirmation
            | LetterKind::Notice
            | LetterKind::Withdrawal
            | LetterKind::Correction
            | LetterKind::Announcement
            | LetterKind::Summary
            | LetterKind::Alarm => false,
        }
    }

    /// Tells whether it asks for what is open: it is decided once more when it leaves, and waits while a bank file may hold the payment.
    pub const fn asks_for_payment(self) -> bool {
        match self {
            LetterKind::Notice | LetterKind::Reminder | LetterKind::Dunning => true,
            LetterKind::Invoice
            | LetterKind::Quote
            | LetterKind::Confirmation
            | LetterKind::Withdrawal
            | LetterKind::Correction
            | LetterKind::Announcement
            | LetterKind::Summary
            | LetterKind::Alarm => false,
        }
    }

    /// Tells whether the owner's week counts it among reminders and dunning letters.
    pub const fn is_collecting(self) -> bool {
        match self {
            LetterKind::Notice | LetterKind::Reminder | LetterKind::Dunning | LetterKind::Withdrawal => true,
            LetterKind::Invoice
            | LetterKind::Quote
            | LetterKind::Confirmation
            | LetterKind::Correction
            | LetterKind::Announcement
            | LetterKind::Summary
            | LetterKind::Alarm => false,
        }
    }

    /// Tells what is done when nobody knows whether it left.
    pub const fn when_unclear(self) -> WhenUnclear {
        match self {
            LetterKind::Notice => WhenUnclear::LetBe,
            LetterKind::Reminder | LetterKind::Dunning => WhenUnclear::AskOwner,
            LetterKind::Invoice
            | LetterKind::Quote
            | LetterKind::Confirmation
            | LetterKind::Withdrawal
            | LetterKind::Correction
            | LetterKind::Announcement
            | LetterKind::Summary
            | LetterKind::Alarm => WhenUnclear::SendAgain,
        }
    }

    /// Says in a word, for the diary, that it left: `reminded`.
    pub fn left(self, language: Language) -> &'static str {
        match self {
            LetterKind::Invoice => language.say("gemailt", "mailed"),
            LetterKind::Quote => language.say("angeboten", "quoted"),
            LetterKind::Confirmation => language.say("bestätigt", "confirmed"),
            LetterKind::Notice => language.say("hingewiesen", "noticed"),
            LetterKind::Reminder => language.say("erinnert", "reminded"),
            LetterKind::Dunning => language.say("gemahnt", "dunned"),
            LetterKind::Withdrawal => language.say("Rücknahme", "apology"),
            LetterKind::Correction => language.say("berichtigt", "corrected"),
            LetterKind::Announcement => language.say("angekündigt", "announced"),
            LetterKind::Summary => language.say("Bericht", "summary"),
            LetterKind::Alarm => language.say("Meldung", "alarm"),
        }
    }

    /// Names so many letters of the kind: `Erinnerung`, `Erinnerungen`.
    pub const fn words(self, count: usize, language: Language) -> &'static str {
        let [[german, germans], [english, englishes]] = match self {
            LetterKind::Invoice => [["Rechnung", "Rechnungen"], ["invoice", "invoices"]],
            LetterKind::Quote => [["Angebot", "Angebote"], ["quote", "quotes"]],
            LetterKind::Confirmation => {
                [["Auftragsbestätigung", "Auftragsbestätigungen"], ["order confirmation", "order confirmations"]]
            }
            LetterKind::Notice => [
                ["Hinweis vor Fälligkeit", "Hinweise vor Fälligkeit"],
                ["notice before the due date", "notices before the due date"],
            ],
            LetterKind::Reminder => [["Erinnerung", "Erinnerungen"], ["reminder", "reminders"]],
            LetterKind::Dunning => [["Mahnung", "Mahnungen"], ["dunning letter", "dunning letters"]],
            LetterKind::Withdrawal => [["Rücknahme", "Rücknahmen"], ["withdrawal", "withdrawals"]],
            LetterKind::Correction => [["Rechnungskorrektur", "Rechnungskorrekturen"], ["correction", "corrections"]],
            LetterKind::Announcement => [["Ankündigung", "Ankündigungen"], ["announcement", "announcements"]],
            LetterKind::Summary => [["Wochenbericht", "Wochenberichte"], ["weekly summary", "weekly summaries"]],
            LetterKind::Alarm => [["Meldung", "Meldungen"], ["alarm", "alarms"]],
        };
        match (language, count) {
            (Language::De(_), 1) => german,
            (Language::De(_), _) => germans,
            (Language::En, 1) => english,
            (Language::En, _) => englishes,
        }
    }
}

impl fmt::Display for LetterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_word_and_told_by_it() {
        for kind in LetterKind::ALL {
            assert_eq!(LetterKind::by_name(kind.name()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert_eq!(LetterKind::by_name("telegram"), None);
    }
}
