//! Payments, and what they go to.

pub mod assign;
pub mod ignore;
pub mod list;
pub mod record;
pub mod refund;
pub mod split;
pub mod unassign;
