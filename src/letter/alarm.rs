//! What the owner is told at once, because it cannot wait for the summary.

use crate::dunning::HoldReason;
use crate::language::Language;

/// What an alarm is about; one a day of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// Letters wait for a gate that the owner is told of at once.
    Gate(HoldReason),
    /// The day's work fails.
    Failure,
    /// A bank file was not booked.
    StatementRejected,
    /// An instalment of a payment plan was not paid.
    InstalmentMissed,
    /// What the books say of a customer cannot be read.
    Unreadable,
    /// A letter could not be written.
    LettersHeld,
    /// Invoices of a contract wait for the owner.
    InvoicesHeld,
}

impl Alarm {
    /// All but those of the gates.
    const OTHERS: [Alarm; 6] = [
        Alarm::Failure,
        Alarm::StatementRejected,
        Alarm::InstalmentMissed,
        Alarm::Unreadable,
        Alarm::LettersHeld,
        Alarm::InvoicesHeld,
    ];

    /// Returns the word in the books.
    pub fn name(self) -> &'static str {
        match self {
            Alarm::Gate(reason) => reason.name(),
            Alarm::Failure => "failure",
            Alarm::StatementRejected => "statement_rejected",
            Alarm::InstalmentMissed => "instalment_missed",
            Alarm::Unreadable => "unreadable",
            Alarm::LettersHeld => "letters_held",
            Alarm::InvoicesHeld => "invoices_held",
        }
    }

    /// Finds an alarm by its word.
    pub fn by_name(name: &str) -> Option<Alarm> {
        let gates = HoldReason::all().filter(|reason| reason.told_at_once().is_some()).map(Alarm::Gate);
        Alarm::OTHERS.into_iter().chain(gates).find(|alarm| alarm.name() == name)
    }

    /// Returns the mail's subject and how it begins; `waiting` tells how many letters wait for a gate.
    pub fn words(self, language: Language, waiting: impl Fn(HoldReason) -> usize) -> (String, &'static str) {
        let [german, english] = match self {
            Alarm::Gate(reason) => {
                let told =
                    reason.told_at_once().map(|told| (told.subject(waiting(reason), language), told.opening(language)));
                return told.unwrap_or_else(|| (reason.words(language).to_owned(), ""));
            }
            Alarm::Failure => [
                (
                    "Die Arbeit des Tages schlägt fehl",
                    "etwas hindert settled an der Arbeit; es versucht es jede Minute noch einmal. Rechnungen und Mahnungen warten \
                     so lange.",
                ),
                (
                    "The day's work fails",
                    "something keeps settled from its work; it tries again each minute. Invoices and letters wait meanwhile.",
                ),
            ],
            Alarm::StatementRejected => [
                (
                    "Ein Kontoauszug wurde nicht gebucht",
                    "eine Datei der Bank konnte nicht gebucht werden; nichts davon ist verloren.",
                ),
                ("A bank file was not booked", "a file of the bank could not be booked; nothing of it is lost."),
            ],
            Alarm::InstalmentMissed => [
                (
                    "Eine Rate wurde nicht bezahlt",
                    "eine vereinbarte Rate ist nicht eingegangen; der Ratenplan ist damit beendet, und es wird wieder gemahnt.",
                ),
                (
                    "An instalment was not paid",
                    "an instalment that was agreed on has not come in; so the plan is over, and letters go out again.",
                ),
            ],
            Alarm::Unreadable => [
                (
                    "Ein Kunde kann nicht gelesen werden",
                    "was die Bücher über einen Kunden sagen, kann dieses Programm nicht lesen: an ihn geht kein Schreiben; alle \
                     anderen gehen hinaus.",
                ),
                (
                    "A customer cannot be read",
                    "this program cannot read what the books say of a customer: no letter to that customer leaves; all others do.",
                ),
            ],
            Alarm::LettersHeld => [
                (
                    "Ein Schreiben konnte nicht verfasst werden",
                    "eine Erinnerung oder Mahnung geht nicht hinaus, weil ihre Vorlage nicht stimmt; die anderen gehen hinaus.",
                ),
                (
                    "A letter could not be written",
                    "a reminder or dunning letter does not leave because its template is wrong; the others leave.",
                ),
            ],
            Alarm::InvoicesHeld => [
                (
                    "Rechnungen warten auf Sie",
                    "für einen Vertrag gehen keine Rechnungen hinaus, bis Sie entschieden haben.",
                ),
                ("Invoices wait for you", "no invoices go out for a contract until you have decided."),
            ],
        };
        let (subject, opening) = match language {
            Language::De(_) => german,
            Language::En => english,
        };
        (subject.to_owned(), opening)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alarm_is_found_by_its_word() {
        for alarm in Alarm::OTHERS.into_iter().chain([Alarm::Gate(HoldReason::BankStale)]) {
            assert_eq!(Alarm::by_name(alarm.name()), Some(alarm));
        }
    }
}
