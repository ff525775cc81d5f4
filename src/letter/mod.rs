//! Letters: the texts of mails, from templates that the owner may replace, as plain text and HTML of one source; and the mail
//! itself, byte for byte the same whenever it is made of the same facts.

mod account;
mod alarm;
mod announcement;
mod context;
mod direct;
mod dossier;
mod eml;
mod kind;
mod page;
mod sample;
mod sheet;
mod summary;
mod templates;

pub use account::{AccountLine, account_sheet};
pub use alarm::Alarm;
pub use announcement::{Announced, announcement};
pub use context::{
    CorrectionContext, DunningContext, InvoiceContext, Leaving, Medium, NoticeContext, NoticeLine, OfferContext,
    Sender, SetAgainst, WithdrawalContext, correction, dunning, hello, invoice, notice, offer, withdrawal,
};
pub use direct::DirectMail;
pub use dossier::{Dossier, Entry, Happened, Step};
pub use eml::{Attachment, Mail, MailError, compose, rebuild, skeleton};
pub use kind::{LetterKind, WhenUnclear};
pub use page::{Bar, Block, Page, wrap};
pub use sheet::{dunning_sheet, withdrawal_sheet};
pub use summary::summary_page;
pub use templates::{TemplateError, Templates, Text};
