//! What needs the owner: each question as data, in his language, and with the commands that answer it; and the mails that put them at
//! once.

mod alarm;
mod commands;
mod contract;
mod facts;
mod kind;
mod words;

pub use alarm::Alarm;
pub use contract::ContractHold;
pub use facts::{Confirmation, ExpiringClaim, Money, Proposal};
pub use kind::Question;
pub use words::waits_because;
