//! What follows from what (rules K1 to K6): a quote is accepted, the order confirmed, and invoiced whole, or in deposits, parts and a final
//! invoice that deducts what was shown before.
//!
//! All that is asked is an amount for each VAT: what the whole comes to on a day, less what was invoiced of it. So per VAT the sum of all
//! invoices is the whole to the cent, whatever was rounded on the way, and every tax that was shown is shown once.

mod document;
mod order;
mod quote;
mod standing;

pub use document::{Follows, Piece, confirmation_of, invoice_of, quote_of, taken_back_for};
pub use order::{Advance, Deduction, Earlier, Line, OpenDeposits, Order, Reckoned, Taxed, What};
pub use quote::{Offer, QuoteState};
pub use standing::OrderState;
