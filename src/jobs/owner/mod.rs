//! What the owner sees: how things stand, what needs him, and why something was done or not.

pub mod alarm;
pub mod announcement;
pub mod note;
pub mod outlook;
pub mod questions;
pub mod status;
pub mod summary;
pub mod undecided;
pub mod why;
