//! When what is done.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::calendar::{BusinessDays, Schedule, Zone};

/// The schedules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schedules {
    /// When due invoices are issued.
    pub issue: Schedule,
    /// When reminders and dunning letters are decided.
    pub dunning: Schedule,
    /// When the summary is written.
    pub summary: Schedule,
    /// How often the inbox is looked at, in seconds.
    pub poll_seconds: u32,
    /// Letters to customers leave from this time of day on.
    #[serde(with = "time_of_day")]
    pub send_from: NaiveTime,
    /// And before this one.
    #[serde(with = "time_of_day")]
    pub send_until: NaiveTime,
    /// On these days, but for holidays.
    #[serde(with = "weekdays")]
    pub send_days: Vec<Weekday>,
}

impl Default for Schedules {
    fn default() -> Self {
        let schedule = |text: &str| text.parse().expect("the defaults are schedules");
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("a full hour");
        Schedules {
            issue: schedule("0 6 * * *"),
            dunning: schedule("30 6 * * *"),
            summary: schedule("0 7 * * Mon"),
            poll_seconds: 15,
            send_from: time(9),
            send_until: time(17),
            send_days: vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri],
        }
    }
}

/// The hours in which letters leave.
#[derive(Debug, Clone)]
pub struct SendWindow {
    /// From this time of day.
    pub from: NaiveTime,
    /// Before this one.
    pub until: NaiveTime,
    /// On these days.
    pub days: Vec<Weekday>,
    /// But for the holidays of this calendar.
    pub business_days: BusinessDays,
    /// In this zone.
    pub zone: Zone,
}

impl SendWindow {
    /// Returns the first instant at or after `now` at which letters may leave.
    pub fn next(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let civil = self.zone.civil(now);
        if self.is_open_on(civil.date()) && civil.time() < self.until {
            return now.max(self.zone.instant(civil.date().and_time(self.from)));
        }
        let tomorrow = civil.date() + Days::new(1);
        // A calendar without any sending day within a year is a mistake that must not stop mail for ever.
        let day = tomorrow.iter_days().take(366).find(|day| self.is_open_on(*day)).unwrap_or(tomorrow);
        self.zone.instant(day.and_time(self.from))
    }

    /// Tells whether letters may leave now.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.next(now) == now
    }

    fn is_open_on(&self, day: NaiveDate) -> bool {
        self.days.contains(&day.weekday()) && !self.business_days.is_holiday(day)
    }
}

/// A time of day such as `09:00`.
mod time_of_day {
    use super::{Deserialize, Deserializer, NaiveTime, Serializer, de};

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(from)?;
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map_err(|_| de::Error::custom(format!("`{text}` is not a time of day such as \"09:00\"")))
    }

    pub fn serialize<S: Serializer>(time: &NaiveTime, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&time.format("%H:%M").to_string())
    }
}

/// Weekdays by name: `["Mon", "Tue"]`.
mod weekdays {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Weekday, de};

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Weekday>, D::Error> {
        let names = Vec::<String>::deserialize(from)?;
        let days = names.iter().map(|name| {
            name.parse::<Weekday>().map_err(|_| de::Error::custom(format!("`{name}` is not a weekday such as \"Mon\"")))
        });
        let days: Vec<Weekday> = days.collect::<Result<_, _>>()?;
        if days.is_empty() { Err(de::Error::custom("`send_days` names no day")) } else { Ok(days) }
    }

    pub fn serialize<S: Serializer>(days: &[Weekday], to: S) -> Result<S::Ok, S::Error> {
        days.iter().map(ToString::to_string).collect::<Vec<_>>().serialize(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Region;

    #[test]
    fn letters_leave_inside_the_window() {
        let schedules = Schedules::default();
        let window = SendWindow {
            from: schedules.send_from,
            until: schedules.send_until,
            days: schedules.send_days,
            business_days: BusinessDays::new(Some(Region::GERMANY), []),
            zone: Zone::BERLIN,
        };
        let table = [
            ("2026-02-03T05:00:00Z", "2026-02-03T08:00:00Z"), // before the window
            ("2026-02-03T10:30:00Z", "2026-02-03T10:30:00Z"), // in it
            ("2026-02-03T16:00:00Z", "2026-02-04T08:00:00Z"), // at its end
            ("2026-02-06T20:00:00Z", "2026-02-09T08:00:00Z"), // Friday evening
            ("2026-04-02T20:00:00Z", "2026-04-07T07:00:00Z"), // before Easter, and summer time
        ];
        for (now, expected) in table {
            assert_eq!(window.next(now.parse().unwrap()), expected.parse::<DateTime<Utc>>().unwrap(), "{now}");
        }
    }
}
