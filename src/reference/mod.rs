//! References: the numbers of documents, and what a payer can quote so that a machine recognises the document.

mod iban;
mod number;
mod qrr;
mod rf;
mod series;
mod stated;
mod typed;
mod vat_id;

pub use iban::{Iban, NotAnIban, german_iban};
pub use number::{Segment, digits_of, segments, shape_of, squeeze};
pub use qrr::QrReference;
pub use rf::CreditorReference;
pub use series::{NotASeries, Series};
pub use stated::stated;
pub use typed::{Typed, typed_number};
pub use vat_id::{NotAVatId, VatId};
