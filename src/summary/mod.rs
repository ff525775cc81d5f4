//! The owner's week in figures: what is open by age, how late customers pay, what came in and went out, what waits and why.

mod behaviour;
mod figures;
mod week;

pub use behaviour::PayBehaviour;
pub use figures::{
    Age, AgeBucket, BankReach, Debtor, HeldGroup, OpenItem, SentLetters, Summary, ages, iso_week, mean_days_late,
};
pub use week::{Balance, Flow, MoneyByCurrency, Movement, Week};
