//! Sightings: an entry as a statement said it.

use serde::{Deserialize, Serialize};

use super::{Fact, Unreadable};
use crate::statement::Entry;

/// A sighting as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SightingFact {
    /// An entry of a statement, as read.
    Entry(Entry),
}

impl Fact for SightingFact {}

impl SightingFact {
    /// Reads the entry.
    ///
    /// # Errors
    /// When the text is none.
    pub fn read_entry(text: &str) -> Result<Entry, Unreadable> {
        let SightingFact::Entry(entry) = SightingFact::read(text)?;
        Ok(entry)
    }
}
