//! Matching: from what a payer wrote to the documents that the money pays (rules M).
//!
//! text -> keys -> evidence -> alternatives -> amount -> decision. The text yields the few keys that are worth looking up
//! ([`keys`]); the store finds documents and customers by them ([`Found`]); [`decide`] is pure and says what is booked,
//! proposed or held, and why.

mod allocation;
mod alternatives;
mod amount;
mod buyer;
mod case;
mod collective;
mod contract;
mod customer;
mod date;
mod debit;
mod decide;
mod evidence;
mod flag;
mod foreign;
mod held;
mod key_kind;
mod keys;
mod list;
mod model;
mod named;
mod number;
mod rule;
mod text;
mod turn;
mod twin;
mod unnamed;
mod verdict;
mod view;

pub use allocation::Allocation;
pub use amount::{Owed, is_late_discount, late_discounts};
pub use buyer::{FoundBuyer, found_buyer};
pub use collective::kept_of_collective;
pub use contract::payer_text_key;
pub use customer::{name_fits, shares_a_word};
pub use debit::decide_debit;
pub use decide::{decide, decide_held};
pub use evidence::{Evidence, Hit};
pub use flag::Flag;
pub use held::HeldBecause;
pub use key_kind::KeyKind;
pub use keys::{Keys, Shapes, customer_name_key, document_keys, keys, letter_keys, name_keys};
pub use model::{
    ALWAYS_IN_TIME, Booked, Candidate, CandidateKind, CandidateState, Config, DiscountLevel, Found, KnownContract,
    KnownCustomer, NamedLetter, Payment, StructuredReference,
};
pub use rule::{Rule, RuleEffect, rule_for};
pub use text::{Texts, normalise};
pub use turn::Turn;
pub use twin::{MOST_DAYS_APART, is_twin};
pub use verdict::{Because, Decision, Reading, Rung, Verdict};
pub use view::charges_in;
