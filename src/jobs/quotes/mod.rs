//! What is offered, and what is ordered and invoiced of it (part K).

pub mod answer;
pub mod chain;
pub mod expiry;
pub mod invoice;
pub mod paper;
