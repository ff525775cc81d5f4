//! Money: whole minor units with the currency beside them, rounding once and to the cent, and nothing in binary fractions.

mod amount;
mod currency;
pub mod decimal;
mod round;
mod share;
mod typed;

pub use amount::{Amount, NotAnAmount};
pub use currency::{Currency, NotACurrency};
pub use round::round_to;
pub use share::{largest_remainder, percent_of};
