//! What needs the owner: each question as data, in his language, and with the commands that answer it.

mod commands;
mod contract;
mod facts;
mod halt;
mod kind;
mod obstacle;
mod words;

pub use contract::ContractHold;
pub use facts::{Confirmation, ExpiringClaim, LateRest, Leaving, Money, Proposal};
pub use halt::Halt;
pub use kind::Question;
#[cfg(test)]
pub(crate) use kind::tests::questions;
pub use obstacle::{Obstacle, TemplatePlace};
pub use words::{leaves_undecided, waits_because};
