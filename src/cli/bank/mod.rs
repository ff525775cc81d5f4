//! Bank files and accounts.

pub mod entries;
pub mod gaps;
pub mod import;
pub mod show;
