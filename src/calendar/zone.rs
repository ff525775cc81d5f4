//! The time zone of the business: the civil day of an instant, and the instant of a civil time (rule R10).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A time zone of the IANA database. Only the configured one counts; that of the server never does (fault 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(Tz);

/// The text is not a zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time zone such as Europe/Berlin")]
pub struct NotAZone(String);

impl Zone {
    /// Central European time as Berlin keeps it.
    pub const BERLIN: Zone = Zone(Tz::Europe__Berlin);

    /// Returns the civil day of an instant.
    pub fn day(self, instant: DateTime<Utc>) -> NaiveDate {
        self.civil(instant).date()
    }

    /// Returns the civil time of an instant.
    pub fn civil(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.0).naive_local()
    }

    /// Returns the instant of a civil time: in the spring gap the first existing instant after it, in the doubled autumn
    /// hour its first occurrence.
    pub fn instant(self, civil: NaiveDateTime) -> DateTime<Utc> {
        match self.0.from_local_datetime(&civil) {
            LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => instant.to_utc(),
            LocalResult::None => self.end_of_gap(civil),
        }
    }

    /// Returns the first instant after the gap that swallows a civil time. Gaps begin and end on whole minutes.
    fn end_of_gap(self, civil: NaiveDateTime) -> DateTime<Utc> {
        let mut minute = civil;
        loop {
            minute += Duration::minutes(1);
            if let Some(instant) = self.0.from_local_datetime(&minute).earliest() {
                let seconds = i64::from(chrono::Timelike::second(&civil));
                return instant.to_utc() - Duration::seconds(seconds);
            }
        }
    }

    /// Writes an instant in civil time with its offset, as a mail header wants it.
    pub fn rfc2822(self, instant: DateTime<Utc>) -> String {
        instant.with_timezone(&self.0).to_rfc2822()
    }
}

impl FromStr for Zone {
    type Err = NotAZone;

    fn from_str(text: &str) -> Result<Self, NotAZone> {
        text.parse().map(Zone).map_err(|_| NotAZone(text.to_owned()))
    }
}

impl TryFrom<String> for Zone {
    type Error = NotAZone;

    fn try_from(text: String) -> Result<Self, NotAZone> {
        text.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.0.name().to_owned()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_civil_time_becomes_one_instant() {
        let table = [
            ("2026-03-28T02:30:00", "2026-03-28T01:30:00Z"), // an ordinary day
            ("2026-03-29T02:30:00", "2026-03-29T01:00:00Z"), // in the gap: the first instant after it
            ("2026-03-29T02:30:20", "2026-03-29T01:00:00Z"),
            ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"), // twice: the first time
        ];
        for (civil, instant) in table {
            let got = Zone::BERLIN.instant(civil.parse().unwrap());
            assert_eq!(got, instant.parse::<DateTime<Utc>>().unwrap(), "{civil}");
        }
    }

    #[test]
    fn the_day_is_the_civil_one() {
        assert_eq!(Zone::BERLIN.day("2026-03-31T22:01:00Z".parse().unwrap()).to_string(), "2026-04-01");
        assert!("Europe/Springfield".parse::<Zone>().is_err());
    }
}
