//! Whether the books are what they were.

pub mod verify;
