//! Which periods are due, and their invoices.

pub mod by_command;
pub mod coming;
pub mod due;
pub mod ended;
pub mod issue;
pub mod owed;
pub mod prepare;
pub mod release;
pub mod store;
