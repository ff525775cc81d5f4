//! One way to a number, for every kind of document: validate, number, typeset, commit.

pub mod chunk;
pub mod letter;
pub mod number;
pub mod numbered;
