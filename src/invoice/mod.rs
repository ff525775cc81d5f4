//! Invoices: the document as a model shaped after EN 16931, how it is drafted from what is charged, and one-off invoices.

mod adjusted;
mod attached;
mod correction;
mod draft;
mod duty;
mod e_invoice;
mod exchange;
mod foreign;
mod model;
mod objection;
mod one_off;
mod order;
mod quote;
mod turnover;

pub use attached::{AttachedFile, FileFault, MOST_BYTES};
pub use correction::{Before, Extent, NotCorrected, cancellation, credit_note};
pub use draft::{Body, Charge, Draft, DraftError, OwnAccount, QrAccount, Terms};
pub use duty::{Concerned, Duty, Lack};
pub use e_invoice::EInvoicing;
pub use exchange::{NoExchangeRate, TaxCurrency, VatExchangeRate, tax_currency_of};
pub use foreign::{Foreign, NotTaken};
pub use model::{
    AccountOfDay, Attachment, Buyer, DeductedDeposit, Document, DocumentKind, DocumentLine, DocumentModifier,
    DocumentTotals, DocumentVat, EInvoiceFormat, EarlyPayment, Followed, InvoicePart, LineAllowance, LineModifier,
    LinkKind, Mandate, OfferedLine, Origin, PayTo, Preceding, QrPayTo, Seller, SellerContact,
};
pub use objection::Objection;
pub use one_off::OneOff;
pub use quote::{Position, Quote, Role};
pub use turnover::{Turnover, turnover_year};
