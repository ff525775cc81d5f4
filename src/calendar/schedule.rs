//! When a job may run: a cron expression evaluated on civil time.
//!
//! The crate `cron` on real instants skips a day in the spring gap and fires twice in the autumn hour. So an expression is
//! evaluated on civil time, as if that were UTC, and [`super::Zone::instant`] maps the civil time to an instant (rule R10).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Zone;

/// A cron expression: `minute hour day month weekday`, with a leading field for seconds if there are six.
///
/// Weekdays are names (`Mon`, `Mon-Fri`): the crate counts Sunday as 1, others count it as 0 or 7. Where both day and
/// weekday are given, both must fit.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Schedule {
    text: String,
    cron: cron::Schedule,
}

/// Why a text is not a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotASchedule {
    /// Neither five nor six fields.
    #[error("`{0}` has {1} fields; write `minute hour day month weekday`, such as `0 6 * * *` or `0 7 * * Mon`")]
    Fields(String, usize),
    /// A weekday given as a number.
    #[error("`{0}` names a weekday by a number, which every cron counts differently; write `Mon`, not `1`")]
    NumericWeekday(String),
    /// A field that cron does not understand, or a day that never comes.
    #[error("`{0}` is not a schedule such as `0 6 * * *`: {1}")]
    Syntax(String, String),
}

impl Schedule {
    /// Returns the last instant at or before `now`.
    pub fn latest(&self, now: DateTime<Utc>, zone: Zone) -> Option<DateTime<Utc>> {
        // The mapping is monotonic but for the gap, whose times all become its end: look one step around.
        let civil = zone.civil(now).and_utc() + chrono::Duration::hours(3);
        self.cron
            .after(&civil)
            .rev()
            .take(4 * 3600)
            .map(|t| zone.instant(t.naive_utc()))
            .find(|instant| *instant <= now)
    }

    /// Returns the first instant after `now`.
    pub fn next(&self, now: DateTime<Utc>, zone: Zone) -> Option<DateTime<Utc>> {
        let civil = zone.civil(now).and_utc() - chrono::Duration::hours(3);
        self.cron.after(&civil).take(4 * 3600 + 1).map(|t| zone.instant(t.naive_utc())).find(|instant| *instant > now)
    }

    /// Returns the most days that lie between two runs, on civil days over five years.
    pub fn longest_pause_days(&self) -> i64 {
        let first = NaiveDateTime::default().and_utc();
        let (mut day, mut longest) = (first, 0);
        while day < first + chrono::Duration::days(5 * 366) {
            let Some(next) = self.cron.after(&day).next() else { return i64::MAX };
            longest = longest.max((next - day).num_days());
            // Several runs a day are one: what is due follows from the day.
            day = next.max(day + chrono::Duration::days(1));
        }
        longest
    }

    /// Tells whether a run falls on a civil day.
    pub fn fires_on(&self, day: NaiveDate) -> bool {
        let midnight = NaiveDateTime::from(day).and_utc();
        let before = midnight - chrono::Duration::seconds(1);
        self.cron.after(&before).next().is_some_and(|next| next < midnight + chrono::Duration::days(1))
    }

    /// Returns the expression as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl FromStr for Schedule {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, NotASchedule> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let expression = match fields.len() {
            5 => format!("0 {}", fields.join(" ")),
            6 => fields.join(" "),
            n => return Err(NotASchedule::Fields(text.to_owned(), n)),
        };
        let weekday = fields[fields.len() - 1];
        let step = weekday.split_once('/').map_or(weekday, |(days, _)| days);
        if step.contains(|c: char| c.is_ascii_digit()) {
            return Err(NotASchedule::NumericWeekday(text.to_owned()));
        }
        let cron: cron::Schedule =
            expression.parse().map_err(|e: cron::error::Error| NotASchedule::Syntax(text.to_owned(), e.to_string()))?;
        let somewhere = NaiveDateTime::default().and_utc();
        if cron.after(&somewhere).next().is_none() {
            return Err(NotASchedule::Syntax(text.to_owned(), "that day never comes".to_owned()));
        }
        Ok(Schedule { text: text.to_owned(), cron })
    }
}

impl TryFrom<String> for Schedule {
    type Error = NotASchedule;

    fn try_from(text: String) -> Result<Self, NotASchedule> {
        text.parse()
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> String {
        schedule.text
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Schedule {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_daily_job_has_one_instant_a_day_across_both_changes_of_the_clock() {
        let daily: Schedule = "30 2 * * *".parse().unwrap();
        let mut now = utc("2026-03-27T12:00:00Z");
        let mut got = Vec::new();
        for _ in 0..3 {
            now = daily.next(now, Zone::BERLIN).unwrap();
            got.push(now);
        }
        assert_eq!(got, [utc("2026-03-28T01:30:00Z"), utc("2026-03-29T01:00:00Z"), utc("2026-03-30T00:30:00Z")]);
        let autumn = daily.next(utc("2026-10-24T12:00:00Z"), Zone::BERLIN).unwrap();
        assert_eq!(autumn, utc("2026-10-25T00:30:00Z"));
        assert_eq!(daily.next(autumn, Zone::BERLIN).unwrap(), utc("2026-10-26T01:30:00Z"));
    }

    #[test]
    fn the_latest_instant_is_found_looking_back() {
        let monday: Schedule = "0 7 * * Mon".parse().unwrap();
        let table = [
            ("2026-02-02T06:00:00Z", "2026-02-02T06:00:00Z"), // to the second
            ("2026-02-02T05:59:59Z", "2026-01-26T06:00:00Z"),
            ("2026-02-05T12:00:00Z", "2026-02-02T06:00:00Z"),
        ];
        for (now, latest) in table {
            assert_eq!(monday.latest(utc(now), Zone::BERLIN), Some(utc(latest)), "{now}");
        }
        let gap: Schedule = "30 2 * * *".parse().unwrap();
        assert_eq!(gap.latest(utc("2026-03-29T00:59:00Z"), Zone::BERLIN), Some(utc("2026-03-28T01:30:00Z")));
        assert_eq!(gap.latest(utc("2026-03-29T01:00:00Z"), Zone::BERLIN), Some(utc("2026-03-29T01:00:00Z")));
    }

    #[test]
    fn mistakes_are_told_with_advice() {
        for (text, words) in [
            ("0 8 * * 1", "write `Mon`, not `1`"),
            ("0 8 * *", "4 fields"),
            ("0 8 30 2 *", "never comes"),
            ("0 25 * * *", "not a schedule"),
        ] {
            let said = text.parse::<Schedule>().unwrap_err().to_string();
            assert!(said.contains(words), "{said}");
        }
        assert!("0 0 8 * * Mon-Fri".parse::<Schedule>().is_ok());
    }
}
