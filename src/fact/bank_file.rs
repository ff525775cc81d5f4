//! Bank files that were not booked: what they could tell of.

use serde::{Deserialize, Serialize};

use super::Fact;
use crate::statement::Unbooked;

/// What the books keep of a bank file beside its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BankFileFact {
    /// It was refused, and may tell of payments.
    Unbooked {
        /// The statements that it may hold.
        statements: Vec<Unbooked>,
    },
}

impl Fact for BankFileFact {}
