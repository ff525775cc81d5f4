//! Bank files and accounts.

pub mod confirm;
pub mod entries;
pub mod gaps;
pub mod import;
pub mod judge;
pub mod list;
pub mod print;
pub mod rule_test;
pub mod show;
