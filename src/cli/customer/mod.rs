//! Customers: what they owe, and what is to be said of them.

pub mod claims;
pub mod list;
pub mod show;
