//! The work: each job pulls what is due from the store, asks a pure function for the decision, and commits. Every job can be run
//! twice without harm.
//!
//! The rooms, from the ground up; a room uses only those before it (`tests/tidy.rs` holds that):
//!
//! * `office`: what every job works with: books, configuration, clock, templates; safe mode, pause, doubt of the clock.
//! * `records`: the books read as what they are: names, customers, documents, acts, decisions, payments, accounts; the history of an
//!   invoice, told once.
//! * `issuing`: one way to a number, for every kind of document.
//! * `bank`: from a file to booked entries, and how far an account is complete.
//! * `receipts`: which invoice a payment pays: matching, and what the owner decides himself; credit and refunds.
//! * `billing`: which periods are due, and their invoices.
//! * `quotes`: what is offered, ordered and invoiced of it.
//! * `collections`: what becomes of a late payer: letters decided and drafted, holds, plans, insolvency, recall, handover.
//! * `safety`: whether the books are what they were.
//! * `owner`: how things stand, what needs the owner, and why something was done or not.
//! * `mailroom`: from a letter that waits to the server's answer.
//! * `agreements`: what the owner wrote, taken into force.
//! * `day`: which job is due when.
//! * `time_machine`: the day's work under a clock that jumps.

pub mod agreements;
pub mod bank;
pub mod billing;
pub mod collections;
pub mod corrections;
pub mod day;
pub mod issuing;
pub mod mailroom;
pub mod office;
pub mod owner;
pub mod quotes;
pub mod receipts;
pub mod records;
pub mod safety;
pub mod time_machine;
