//! Customers: what they owe, and what is to be said of them.

pub mod claims;
pub mod forget_iban;
pub mod insolvent;
pub mod list;
pub mod show;
