//! From a bank file to booked entries, and through which day an account is complete.

pub mod accept;
pub mod book;
pub mod confirm;
pub mod coverage;
pub mod discard;
pub mod doubts;
pub mod entries;
pub mod file;
pub mod import;
pub mod pieces;
pub mod proof;
pub mod settle;
pub mod statement;
pub mod waiting;
