//! What becomes of a late payer: letters decided and drafted, holds, plans, insolvency, recall, handover.

pub mod account;
pub mod anew;
pub mod announce;
pub mod case;
pub mod claims;
pub mod costs_left;
pub mod counted;
pub mod dossier;
pub mod draft;
pub mod escalate;
pub mod foresee;
pub mod guard;
pub mod handover;
pub mod held;
pub mod holds;
pub mod insolvency;
pub mod late_discount;
pub mod letters;
pub mod numbered;
pub mod plan;
pub mod recall;
pub mod recorded;
pub mod stale;
