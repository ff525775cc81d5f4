//! The work: each job pulls what is due from the store, asks a pure function for the decision, and commits. Every job can be run
//! twice without harm.

pub mod account;
pub mod acts;
pub mod announce;
pub mod apply_book;
pub mod assign;
pub mod attention;
pub mod by_hand;
pub mod claims;
pub mod compose;
pub mod customer_case;
pub mod customer_keys;
pub mod day;
pub mod direct_mail;
pub mod escalate;
pub mod event;
pub mod found;
pub mod history;
pub mod import_statements;
pub mod issue_invoices;
pub mod letters;
pub mod match_payments;
pub mod numbered;
pub mod numbering;
pub mod office;
pub mod outlook;
pub mod pause;
pub mod posting;
pub mod recall;
pub mod send_mail;
pub mod simulate;
pub mod status;
pub mod verify;
pub mod weekly_summary;
