//! The books read as what they are: every other room asks here, and decides elsewhere.

pub mod account;
pub mod act;
pub mod alarm;
pub mod customer;
pub mod decision;
pub mod document;
pub mod issued;
pub mod letter;
pub mod name;
pub mod payment;
pub mod posting;
pub mod receipt;
pub mod told;
