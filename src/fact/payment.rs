//! Payments that no statement tells of as they are: recorded by hand, or split off a collective entry. Each is said in the form of a
//! bank's entry, so that what reads one reads all.

use serde::{Deserialize, Serialize};

use super::{Fact, Stored, Unreadable};
use crate::statement::Entry;

/// A payment as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentFact {
    /// Recorded by hand: cash, a card, another account.
    Recorded(Entry),
    /// A part of a collective entry that the owner broke down.
    Split(Entry),
}

impl Fact for PaymentFact {}

/// What tells of a payment: its own fact, or a sighting of its entry.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Recorded(Entry),
    Split(Entry),
    Entry(Entry),
}

impl PaymentFact {
    /// Reads what tells of a payment: its own fact, or the best sighting of its entry.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn read_entry(text: &str) -> Result<Entry, Unreadable> {
        let stored: Stored<Told> = serde_json::from_str(text)?;
        match stored.fact {
            Told::Recorded(entry) | Told::Split(entry) | Told::Entry(entry) => Ok(entry),
        }
    }
}
