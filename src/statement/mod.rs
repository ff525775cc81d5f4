//! Bank statements: what a file of the bank says, and whether it can be true.
//!
//! [`read`] turns bytes into [`Message`], [`Statement`] and [`Entry`] as a stream; it reports and refuses nothing but what is
//! no statement. [`proof`] adds up balances, [`chain`] links statements to each other, [`identity`] says what they are known by, [`recognise`] what was seen before.

mod archive;
mod camt;
pub mod chain;
mod decode;
mod foreign;
mod guard;
pub mod identity;
mod illegible;
mod model;
mod mt940;
mod not_read;
mod note;
pub mod proof;
mod read;
pub mod recognise;
pub mod report;
mod returned;
mod unbooked;

pub use archive::{ArchiveError, ArchiveLimits, Member, is_archive, members, read_member};
pub use decode::Charset;
pub use illegible::Illegible;
pub use model::{
    AccountName, AmountDetail, Balance, BatchInfo, ChargeInfo, CreditorRef, Declared, Entry, Exchange, Kind, Message,
    Party, ReadError, ReferredDocument, Sink, Statement, StatementKind, Transaction, TransactionCode,
};
pub use not_read::{ACCEPT_FILE, NotRead};
pub use note::Note;
pub use read::read;
pub use unbooked::{NotBooked, Unbooked};
