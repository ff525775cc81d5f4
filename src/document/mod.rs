//! Papers: a document's model as a PDF that one is proud to send, as XML that machines read, and the code that fills in a transfer.

mod einvoice;
mod girocode;
mod glyphs;
mod paper;
mod pdf;
mod qr_bill;
mod qr_code;
mod sheet;
mod words;
mod xmp;

pub use einvoice::{Files, Finding, Syntax, Verdict, Version, carried_xml, e_invoice, judge, objections, read_foreign};
pub use girocode::{GiroCode, svg};
pub use glyphs::Glyphs;
pub use paper::{Style, data};
pub use pdf::{Enclosed, Engine, Logo, Paper, PaperError, Request, Templates};
pub use qr_bill::QrBill;
pub use sheet::{Sheet, SheetBlock};
pub use words::vat_id_word;
