//! Invoices that were issued.

pub mod list;
pub mod whole;
