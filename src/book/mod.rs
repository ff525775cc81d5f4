//! The book: what the owner writes in files, read strictly, and the mistakes in it.
//!
//! Reading yields what could be read and a list of mistakes, side by side. Nothing happens by reading; [`plan`] says what
//! applying the book would change.

mod bounds;
mod check;
mod claims;
mod context;
mod mistake;
mod paper;
mod plan;
mod proposed;
mod proposed_quote;
mod read;
mod reading;
mod text;
mod unread;
mod vat;
mod words;

pub use bounds::{Complaints, Words};
pub use check::{TERM, TOLERANCE, check};
pub use claims::unfit_for_applied;
pub use context::{CheckContext, PolicyClaims};
pub use mistake::Mistake;
pub use paper::{unknown_logo, unprintable, unusable_accent, unusable_logo};
pub use plan::{AgreementState, Change, KnownEntry, Plan, PlanContext, Vanished, plan};
pub use proposed::{proposed_customer, proposed_number};
pub use proposed_quote::{positions_of, quote_file, quote_number};
pub use read::{Book, Entry, EntryKind, FoundFile, SourceFile, read};
pub use reading::{Reading, language_of, read_whole};
pub use text::text_of;
pub use unread::{Unread, WhyUnread};
pub use vat::id_words as vat_id_words;
pub use words::{did_you_mean, in_german};
