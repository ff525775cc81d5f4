//! What the owner is told at once, because it cannot wait for the summary.

use crate::language::Language;

/// What an alarm is about; one a day of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// Letters wait for the bank's data.
    BankStale,
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
    /// All of them.
    pub const ALL: [Alarm; 7] = [
        Alarm::BankStale,
        Alarm::Failure,
        Alarm::StatementRejected,
        Alarm::InstalmentMissed,
        Alarm::Unreadable,
        Alarm::LettersHeld,
        Alarm::InvoicesHeld,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            Alarm::BankStale => "bank_stale",
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
        Alarm::ALL.into_iter().find(|alarm| alarm.name() == name)
    }

    /// Returns the mail's subject and how it begins; `waiting` letters wait for the bank's data.
    pub fn words(self, language: Language, waiting: usize) -> (String, &'static str) {
        let [german, english] = match self {
            Alarm::BankStale => {
                return match language {
                    Language::De => (
                        format!("Bankdaten fehlen: {waiting} Schreiben warten"),
                        "solange die Kontoauszüge nicht weit genug reichen, geht keine Erinnerung und keine Mahnung hinaus. Sobald \
                         sie da sind, geht alles von selbst weiter.",
                    ),
                    Language::En => (
                        format!("Bank data are missing: {waiting} letters wait"),
                        "while the statements do not reach far enough, no reminder and no dunning letter leaves. As soon as they are \
                         there, everything goes on by itself.",
                    ),
                };
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
            Language::De => german,
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
        for alarm in Alarm::ALL {
            assert_eq!(Alarm::by_name(alarm.name()), Some(alarm));
        }
    }
}
