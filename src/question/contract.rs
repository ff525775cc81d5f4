//! What keeps a contract's invoices back.

use chrono::NaiveDate;
use serde::Serialize;

use crate::command::line;
use crate::language::Language;

/// Why a contract is not invoiced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractHold {
    /// So many periods are due at once that nobody issues them without asking.
    ManyPeriods,
    /// Its entry has vanished from the book.
    Book,
    /// The customer is insolvent.
    Insolvent,
    /// What the books say of the contract or its customer cannot be read.
    Model,
    /// What it asks for makes no invoice.
    Draft,
    /// The paper cannot be written.
    Paper,
}

impl ContractHold {
    const ALL: [ContractHold; 6] = [
        ContractHold::ManyPeriods,
        ContractHold::Book,
        ContractHold::Insolvent,
        ContractHold::Model,
        ContractHold::Draft,
        ContractHold::Paper,
    ];

    /// Returns the rule under which the books keep it.
    pub const fn rule(self) -> &'static str {
        match self {
            ContractHold::ManyPeriods => "R5",
            ContractHold::Book => "book",
            ContractHold::Insolvent => "insolvent",
            ContractHold::Model => "model",
            ContractHold::Draft => "draft",
            ContractHold::Paper => "paper",
        }
    }

    /// Finds it by its rule.
    pub fn by_rule(rule: &str) -> Option<ContractHold> {
        ContractHold::ALL.into_iter().find(|hold| hold.rule() == rule)
    }

    /// Returns the commands that let the contract's invoices go out again; `since` is the day from which on it is held.
    pub fn commands(self, contract: &str, since: NaiveDate) -> Vec<String> {
        match self {
            ContractHold::ManyPeriods => {
                vec![line(["release", contract]), line(["release", contract, "--skip-until", &since.to_string()])]
            }
            ContractHold::Book | ContractHold::Insolvent => vec![line(["apply"])],
            ContractHold::Model | ContractHold::Draft | ContractHold::Paper => {
                vec![line(["check"]), line(["apply"])]
            }
        }
    }

    /// Says when the next invoice goes out.
    pub fn ends(self, language: Language) -> &'static str {
        match self {
            ContractHold::ManyPeriods => language.say("sobald Sie es freigeben", "as soon as you release it"),
            ContractHold::Insolvent => {
                language.say("nichts, solange der Kunde insolvent ist", "nothing, as long as the customer is insolvent")
            }
            ContractHold::Book | ContractHold::Model | ContractHold::Draft | ContractHold::Paper => {
                language.say("sobald das Buch berichtigt ist", "as soon as the book is corrected")
            }
        }
    }
}
