//! What the owner is told at once, in a mail of its own, because it cannot wait for the summary.

use crate::dunning::HoldReason;
use crate::language::Language;

/// Why the owner gets a mail at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// A gate holds letters, and its entry says that the owner is told.
    LettersWait(HoldReason),
    /// The day's work fails.
    WorkFails,
    /// A bank file was not booked.
    StatementRejected,
    /// An instalment was not paid.
    InstalmentMissed,
    /// A customer cannot be read.
    CustomerUnreadable,
    /// A letter could not be written.
    LetterUnwritten,
    /// A contract is not invoiced.
    InvoicesHeld,
}

impl Alarm {
    /// Those that no gate gives.
    const OWN: [Alarm; 6] = [
        Alarm::WorkFails,
        Alarm::StatementRejected,
        Alarm::InstalmentMissed,
        Alarm::CustomerUnreadable,
        Alarm::LetterUnwritten,
        Alarm::InvoicesHeld,
    ];

    /// Returns the word under which the books keep the mail.
    pub fn name(self) -> &'static str {
        match self {
            Alarm::LettersWait(reason) => reason.name(),
            Alarm::WorkFails => "failure",
            Alarm::StatementRejected => "statement_rejected",
            Alarm::InstalmentMissed => "instalment_missed",
            Alarm::CustomerUnreadable => "unreadable",
            Alarm::LetterUnwritten => "letters_held",
            Alarm::InvoicesHeld => "invoices_held",
        }
    }

    /// Finds an alarm by its word.
    pub fn by_name(name: &str) -> Option<Alarm> {
        let of_gates = HoldReason::all().filter(|reason| reason.told_at_once().is_some()).map(Alarm::LettersWait);
        Alarm::OWN.into_iter().chain(of_gates).find(|alarm| alarm.name() == name)
    }

    /// Returns the subject of the mail; `held` counts the letters that each gate holds now.
    pub fn subject(self, held: impl Fn(HoldReason) -> usize, language: Language) -> String {
        let (german, english) = match self {
            Alarm::LettersWait(reason) => {
                let told = reason.told_at_once().map(|told| told.subject(held(reason), language));
                return told.unwrap_or_else(|| reason.words(language).to_owned());
            }
            Alarm::WorkFails => ("Die Arbeit des Tages schlägt fehl", "The day's work fails"),
            Alarm::StatementRejected => ("Ein Kontoauszug wurde nicht gebucht", "A bank file was not booked"),
            Alarm::InstalmentMissed => ("Eine Rate wurde nicht bezahlt", "An instalment was not paid"),
            Alarm::CustomerUnreadable => ("Ein Kunde kann nicht gelesen werden", "A customer cannot be read"),
            Alarm::LetterUnwritten => ("Ein Schreiben konnte nicht verfasst werden", "A letter could not be written"),
            Alarm::InvoicesHeld => ("Rechnungen warten auf Sie", "Invoices wait for you"),
        };
        language.say(german, english).to_owned()
    }

    /// Returns what the mail begins with, before the questions.
    pub fn opening(self, language: Language) -> &'static str {
        let (german, english) = match self {
            Alarm::LettersWait(reason) => {
                return reason.told_at_once().map_or_else(|| reason.words(language), |told| told.opening(language));
            }
            Alarm::WorkFails => (
                "etwas hindert settled an der Arbeit; es versucht es jede Minute noch einmal. Rechnungen und Mahnungen warten so lange.",
                "something keeps settled from its work; it tries again each minute. Invoices and letters wait meanwhile.",
            ),
            Alarm::StatementRejected => (
                "eine Datei der Bank konnte nicht gebucht werden; nichts davon ist verloren.",
                "a file of the bank could not be booked; nothing of it is lost.",
            ),
            Alarm::InstalmentMissed => (
                "eine vereinbarte Rate ist nicht eingegangen; der Ratenplan ist damit beendet, und es wird wieder gemahnt.",
                "an instalment that was agreed on has not come in; so the plan is over, and letters go out again.",
            ),
            Alarm::CustomerUnreadable => (
                "was die Bücher über einen Kunden sagen, kann dieses Programm nicht lesen: an ihn geht kein Schreiben; alle anderen gehen hinaus.",
                "this program cannot read what the books say of a customer: no letter to that customer leaves; all others do.",
            ),
            Alarm::LetterUnwritten => (
                "eine Erinnerung oder Mahnung geht nicht hinaus, weil ihre Vorlage nicht stimmt; die anderen gehen hinaus.",
                "a reminder or dunning letter does not leave because its template is wrong; the others leave.",
            ),
            Alarm::InvoicesHeld => (
                "für einen Vertrag gehen keine Rechnungen hinaus, bis Sie entschieden haben.",
                "no invoices go out for a contract until you have decided.",
            ),
        };
        language.say(german, english)
    }
}
