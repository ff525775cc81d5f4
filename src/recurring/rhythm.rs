//! The rhythm of a contract: its periods, counted from the start and never from the period before.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::calendar::{BusinessDays, add_months, last_of_month};

/// A unit of time that periods are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// One day.
    Day,
    /// Seven days.
    Week,
    /// One month.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    Halfyear,
    /// Twelve months.
    Year,
}

/// A length of time: `"month"`, or `{ n = 2, unit = "week" }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenInterval")]
pub struct Interval {
    /// How many units.
    pub n: u32,
    /// The unit.
    pub unit: TimeUnit,
}

/// The ways to write an interval.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected an interval such as \"month\" or { n = 2, unit = \"week\" }")]
enum WrittenInterval {
    Unit(TimeUnit),
    Many(ManyUnits),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManyUnits {
    n: u32,
    unit: TimeUnit,
}

/// An interval of nothing, or longer than a century.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an interval has 1 to 1200 units, not {0}")]
pub struct NotAnInterval(u32);

impl TryFrom<WrittenInterval> for Interval {
    type Error = NotAnInterval;

    fn try_from(written: WrittenInterval) -> Result<Self, NotAnInterval> {
        match written {
            WrittenInterval::Unit(unit) => Ok(Interval { n: 1, unit }),
            WrittenInterval::Many(ManyUnits { n, unit }) if (1..=1200).contains(&n) => Ok(Interval { n, unit }),
            WrittenInterval::Many(ManyUnits { n, .. }) => Err(NotAnInterval(n)),
        }
    }
}

impl Interval {
    /// Returns its length in months, where it is counted in months.
    pub const fn months(self) -> Option<u32> {
        match self.unit {
            TimeUnit::Day | TimeUnit::Week => None,
            TimeUnit::Month => Some(self.n),
            TimeUnit::Quarter => Some(self.n * 3),
            TimeUnit::Halfyear => Some(self.n * 6),
            TimeUnit::Year => Some(self.n * 12),
        }
    }

    /// Returns the day `times` intervals after `day`, clamped to the last day of the month (rule R1).
    pub fn after(self, day: NaiveDate, times: u32) -> NaiveDate {
        match (self.months(), self.unit) {
            (Some(months), _) => add_months(day, months * times),
            (None, TimeUnit::Week) => day + Days::new(u64::from(self.n) * 7 * u64::from(times)),
            (None, _) => day + Days::new(u64::from(self.n) * u64::from(times)),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = format!("{:?}", self.unit).to_lowercase();
        match self.n {
            1 => write!(f, "{unit}"),
            n => write!(f, "{n} {unit}s"),
        }
    }
}

/// Whether a period is invoiced before or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Billing {
    /// On its first day.
    #[default]
    Advance,
    /// On the day after its last.
    Arrears,
}

/// Where periods begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// Counted from the start.
    #[default]
    Anchor,
    /// On the first of every n-th month counted from January; the first period is cut (rule R2).
    Calendar,
}

/// A special day of the month that periods begin on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AnchorDay {
    /// Always the month's last day.
    Last,
}

/// What happens to an issue day that is no business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayAdjust {
    /// It stays.
    #[default]
    None,
    /// It becomes the next business day.
    Next,
    /// It becomes the business day before.
    Previous,
}

/// What a cut period costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proration {
    /// The full price.
    #[default]
    None,
    /// By days (rule R7).
    Daily,
}

/// The part of a contract that may not change once a period is issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    /// The first day of service.
    pub start: NaiveDate,
    /// The length of a period.
    pub interval: Interval,
    /// Before or after.
    pub billing: Billing,
    /// From the start, or by the calendar.
    pub align: Align,
    /// Set when the start is a month's last day and periods shall always begin on one.
    pub anchor_day: Option<AnchorDay>,
    /// Days added to the nominal issue day.
    pub issue_offset_days: i32,
    /// What happens to an issue day that is no business day.
    pub issue_day_adjust: DayAdjust,
}

/// A period of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its first day: its key.
    pub starts_on: NaiveDate,
    /// Its last day, cut if the contract ends inside it.
    pub ends_on: NaiveDate,
    /// The first day of the full period that it is a part of.
    pub full_from: NaiveDate,
    /// The last day of that full period.
    pub full_through: NaiveDate,
}

impl Period {
    /// Returns the days of service, both ends included.
    pub fn days(&self) -> i64 {
        (self.ends_on - self.starts_on).num_days() + 1
    }

    /// Returns the days of the full period, both ends included.
    pub fn full_days(&self) -> i64 {
        (self.full_through - self.full_from).num_days() + 1
    }

    /// Tells whether it is only a part of its full period.
    pub fn is_cut(&self) -> bool {
        self.days() != self.full_days()
    }
}

impl Rhythm {
    /// Returns period k, from 0, in full but for its front (rules R1 and R2).
    pub fn period(&self, k: u32) -> Period {
        let (full_from, next) = match (self.align, self.grid_months()) {
            (Align::Calendar, Some(step)) => {
                let first = self.grid_before_start(step);
                (add_months(first, step * k), add_months(first, step * (k + 1)))
            }
            _ => (self.anchored(k), self.anchored(k + 1)),
        };
        let full_through = next - Days::new(1);
        Period { starts_on: full_from.max(self.start), ends_on: full_through, full_from, full_through }
    }

    /// Returns the start of period k counted from the start (rule R1).
    fn anchored(&self, k: u32) -> NaiveDate {
        let day = self.interval.after(self.start, k);
        match self.anchor_day {
            Some(AnchorDay::Last) => last_of_month(day),
            None => day,
        }
    }

    /// Returns the step of the calendar grid in months, where the interval fits a year evenly (rule R2).
    pub fn grid_months(&self) -> Option<u32> {
        self.interval.months().filter(|months| 12 % months == 0)
    }

    /// Returns the grid day at or before the start.
    fn grid_before_start(&self, step: u32) -> NaiveDate {
        let month = self.start.month0() / step * step + 1;
        NaiveDate::from_ymd_opt(self.start.year(), month, 1).expect("a first of a month")
    }

    /// Returns the day on which a period is to be invoiced (rule R3); its service days never move.
    pub fn scheduled_on(&self, period: &Period, business_days: &BusinessDays) -> NaiveDate {
        let nominal = match self.billing {
            Billing::Advance => period.starts_on,
            Billing::Arrears => period.ends_on + Days::new(1),
        };
        let day = nominal + TimeDelta::days(i64::from(self.issue_offset_days));
        match self.issue_day_adjust {
            DayAdjust::None => day,
            DayAdjust::Next => business_days.next(day),
            DayAdjust::Previous => business_days.previous(day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Holder {
        interval: Interval,
    }

    #[test]
    fn intervals_are_written_in_two_ways() {
        for (text, n, unit) in
            [("interval = \"month\"", 1, TimeUnit::Month), ("interval = { n = 2, unit = \"week\" }", 2, TimeUnit::Week)]
        {
            let holder: Holder = toml::from_str(text).unwrap();
            assert_eq!(holder.interval, Interval { n, unit });
        }
        for wrong in ["interval = \"moon\"", "interval = { n = 0, unit = \"week\" }", "interval = 3"] {
            assert!(toml::from_str::<Holder>(wrong).is_err(), "{wrong}");
        }
    }
}
