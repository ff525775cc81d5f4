//! Which invoice a payment pays: decided by itself, or by the owner; credit and refunds.

pub mod agree;
pub mod assign;
pub mod booked_before;
pub mod case;
pub mod credit;
pub mod decided;
pub mod desk;
pub mod ignore;
pub mod keys;
pub mod later;
pub mod learned;
pub mod matching;
pub mod record;
pub mod refund;
pub mod share_out;
pub mod snapshot;
pub mod split;
pub mod unassign;
mod written_off;
