//! The subledger: postings that are only ever added, in batches that sum to zero.
//!
//! Debit is positive. What is decided is turned into legs here; the store writes them, and the database itself refuses a batch
//! that does not sum to zero.

mod booking;
mod correction;
mod posting;
mod receivable;

pub use booking::{
    MoneySource, OpenCosts, Share, allocate, bank_charge, claim, draw_refund, give_back_rest, give_up_costs, issue,
    mirror, receive, take_back, take_over, use_credit,
};
pub use correction::{Effect, Standing, cover, set_off, write_off};
pub use posting::{Account, Batch, BatchKind, Leg};
pub use receivable::{Receivable, ReceivableState, TakenBack};
