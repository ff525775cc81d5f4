//! Customers: who is invoiced, how to reach them, and what was agreed with them.

mod agreement;
mod dated;

pub use agreement::{
    Contact, Customer, CustomerKind, DatedChange, DebitMandate, DefaultBasis, Delivery, EInvoice, EmailList, Emails,
    PaymentMeans, Tone,
};
