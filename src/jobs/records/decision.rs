//! Stored decisions: the names that rules are remembered by, and words of a decision.

use serde_json::Value;

/// The rule under which a failure of the day's work is remembered.
pub const DAY_RULE: &str = "day";

/// The rule of letters that could not be written: a template or the paper fails.
pub const PAPER_RULE: &str = "paper";

/// The rule of letters to a customer whose model in the books cannot be read.
pub const MODEL_RULE: &str = "model";

/// Returns a word of a decision's facts.
pub fn word(facts: &str, key: &str) -> String {
    let facts: Value = serde_json::from_str(facts).unwrap_or_default();
    facts[key].as_str().unwrap_or_default().to_owned()
}

/// The rule under which the state of mail is recorded.
pub const MAIL_RULE: &str = "mail";
