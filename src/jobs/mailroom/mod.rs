//! From a letter that waits to the server's answer: claimed, composed, handed over, and what came of it.

pub mod attempt;
pub mod by_hand;
pub mod claim;
pub mod compose;
mod copies;
pub mod direct;
pub mod letter;
pub mod outcome;
pub mod print;
pub mod returned;
pub mod send;
pub mod transport;
