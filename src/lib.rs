//! settled: a receivables daemon.
//!
//! The modules stand in reading order: each uses only those above it, and in a row only those to its left
//! (`tests/tidy.rs` holds that). ARCHITECTURE.md follows four things through the code.

// words
pub mod calendar;
pub mod command;
pub mod id;
pub mod journal;
pub mod language;
pub mod money;
pub mod party;
pub mod reference;

// papers
pub mod customer;
pub mod invoice;
pub mod items;
pub mod ledger;
pub mod recurring;
pub mod statement;

// book
pub mod book;

// judgements
pub mod chain;
pub mod dunning;
pub mod matching;
pub mod question;
pub mod refusal;
pub mod summary;

// facts
pub mod fact;

// paper
pub mod document;
pub mod letter;
pub mod outbox;

// histories
pub mod told;

// doors
pub mod shell;

// work
pub mod jobs;

// program
pub mod cli;
pub mod daemon;
