//! Payments, and what they go to.

pub mod list;
pub mod record;
