//! Recurring invoices: which period of a contract is to be invoiced when, and at what price (rules R1 to R9).

mod by_command;
mod contract;
mod due;
mod ended;
mod kind;
mod rhythm;

pub use by_command::ByCommand;
pub use contract::{Contract, End, MOST_PERIODS, Notice, NoticeEffect, Pause};
pub use due::{Due, due};
pub use ended::{AfterEnd, Invoiced, after_end};
pub use kind::ContractKind;
pub use rhythm::{Align, AnchorDay, Billing, DayAdjust, Interval, NotAnInterval, Period, Proration, Rhythm, TimeUnit};
