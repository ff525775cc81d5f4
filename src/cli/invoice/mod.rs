//! Invoices that were issued.

pub mod issue;
pub mod list;
pub mod show;
pub mod whole;
