//! Customers: who is invoiced, how to reach them, and what was agreed with them.

mod agreement;

pub use agreement::{
    Contact, Customer, CustomerKind, DebitMandate, DefaultBasis, Delivery, EInvoice, EmailList, Emails, PaymentMeans,
    Tone,
};
