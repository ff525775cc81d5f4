//! A letter that was claimed, on its way to the server.

use super::letter::Composed;

/// A letter that is about to leave.
pub(super) struct Claim {
    pub(super) attempt: i64,
    pub(super) message_id: String,
    pub(super) composed: Composed,
    pub(super) eml: Vec<u8>,
    pub(super) hash: Option<String>,
}
