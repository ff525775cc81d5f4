//! Invoices: the document as a model shaped after EN 16931, how it is drafted from what is charged, and one-off invoices.

mod draft;
mod duty;
mod e_invoice;
mod foreign;
mod model;
mod one_off;
mod turnover;

pub use draft::{Charge, Draft, DraftError, OwnAccount, QrAccount, Terms};
pub use duty::{Concerned, Duty, Lack};
pub use e_invoice::EInvoicing;
pub use foreign::{Foreign, NotTaken};
pub use model::{
    AccountOfDay, Attachment, Buyer, Document, DocumentKind, DocumentLine, DocumentModifier, DocumentTotals,
    DocumentVat, EInvoiceFormat, EarlyPayment, InvoicePart, LineAllowance, LineModifier, Mandate, Origin, PayTo,
    Preceding, QrPayTo, Seller, SellerContact, TaxCurrency,
};
pub use one_off::OneOff;
pub use turnover::{Turnover, turnover_year};
