//! Civil days: months that are counted and not chained, business days, public holidays, cron expressions on civil time,
//! and the one place where a civil time becomes an instant.

mod business_day;
pub mod date;
mod holiday;
mod month;
mod schedule;
mod typed;
mod zone;

use chrono::NaiveDate;

/// The first day that both databases keep: before anything that a business can name.
pub const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(1, 1, 1).expect("the first day of the first year");

/// The last day that both databases keep in order: after anything that a business can name.
pub const LATEST: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("the last day of four digits");

pub use business_day::BusinessDays;
pub use holiday::{NotARegion, Region};
pub use month::{add_months, day_meant, last_of_month};
pub use schedule::{NotASchedule, Schedule};
pub use typed::{NotADay, typed_day};
pub use zone::{NotAZone, Zone};
