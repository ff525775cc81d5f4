//! The book: what the owner writes in files, read strictly, and the mistakes in it.
//!
//! Reading yields what could be read and a list of mistakes, side by side. Nothing happens by reading; [`plan`] says what
//! applying the book would change.

mod check;
mod claims;
mod context;
mod mistake;
mod plan;
mod read;
mod text;
mod unread;
mod vat;

pub use check::check;
pub use context::{CheckContext, PolicyClaims};
pub use mistake::{Mistake, did_you_mean, from_toml};
pub use plan::{AgreementState, Change, KnownEntry, Plan, PlanContext, Vanished, plan};
pub use read::{Book, Entry, EntryKind, SourceFile, read};
pub use text::text_of;
pub use unread::{Unread, WhyUnread};
