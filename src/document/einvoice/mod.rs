//! E-invoices: a document's model as XML after EN 16931, and what official checkers would say of it.
//!
//! One writer for each syntax (`cii`, `ubl`); what is said in both stands in `content`, and which edition of which specification is kept
//! on a day in `version`. Two calls give the same bytes.

mod carried;
mod check;
mod cii;
mod content;
mod foreign;
mod ubl;
mod version;
mod xml;

use content::Content;

pub use carried::carried_xml;
pub use check::{Finding, Verdict, judge, objections};
pub use content::Files;
pub use foreign::read_foreign;
pub use version::{Syntax, Version};

use crate::invoice::Document;

/// Writes the e-invoice that a document was issued as; nothing where it is paper alone.
pub fn e_invoice(document: &Document, files: &Files) -> Option<String> {
    let version = Version::of(document)?;
    let content = Content { document, version, files };
    Some(match version.syntax {
        Syntax::Cii => cii::write(&content),
        Syntax::Ubl => ubl::write(&content),
    })
}
