//! Letters: the texts of mails, from templates that the owner may replace, as plain text and HTML of one source; and the mail
//! itself, byte for byte the same whenever it is made of the same facts.

mod account;
mod context;
mod dossier;
mod eml;
mod page;
mod sample;
mod sheet;
mod summary;
mod templates;

pub use account::{AccountLine, account_sheet};
pub use context::{
    DunningContext, InvoiceContext, NoticeContext, NoticeLine, Sender, WithdrawalContext, dunning, invoice, notice,
    withdrawal,
};
pub use dossier::{Dossier, Entry, Step};
pub use eml::{Attachment, Mail, MailError, compose, rebuild, skeleton};
pub use page::{Bar, Block, Page, wrap};
pub use sheet::{dunning_sheet, withdrawal_sheet};
pub use summary::summary_page;
pub use templates::{TemplateError, Templates, Text};
