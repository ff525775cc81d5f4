//! Public holidays by law, so that nobody has to type them each year.
//!
//! Germany by federal state, Austria, and Switzerland with the days that most cantons keep; a canton's own days are added in
//! the configuration (`holidays.extra`). Days that always fall on a Sunday are left out, but for Easter and Whit Sunday where
//! they are holidays by law (Brandenburg), which changes nothing either.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A country or state whose public holidays are known: `DE`, `DE-BY`, `AT`, `CH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region(&'static str);

/// The text names no region whose holidays are known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a region with known holidays (DE, DE-BW … DE-TH, AT or CH)")]
pub struct NotARegion(String);

/// A rule for one holiday in a year.
enum Rule {
    /// Every year on this month and day.
    On(u32, u32),
    /// So many days after Easter Sunday.
    Easter(i64),
    /// The Wednesday before 23 November (Buß- und Bettag).
    Repentance,
}

use Rule::{Easter, On, Repentance};

/// The holidays and where each is kept: an exact region, or `DE` for all of Germany.
const HOLIDAYS: &[(Rule, &[&str])] = &[
    (On(1, 1), &["DE", "AT", "CH"]),
    (On(1, 2), &["CH"]),
    (On(1, 6), &["DE-BW", "DE-BY", "DE-ST", "AT"]),
    (On(3, 8), &["DE-BE", "DE-MV"]),
    (Easter(-2), &["DE", "CH"]),
    (Easter(1), &["DE", "AT", "CH"]),
    (On(5, 1), &["DE", "AT"]),
    (Easter(39), &["DE", "AT", "CH"]),
    (Easter(50), &["DE", "AT", "CH"]),
    (Easter(60), &["DE-BW", "DE-BY", "DE-HE", "DE-NW", "DE-RP", "DE-SL", "AT"]),
    (On(8, 1), &["CH"]),
    (On(8, 15), &["DE-SL", "AT"]),
    (On(9, 20), &["DE-TH"]),
    (On(10, 3), &["DE"]),
    (On(10, 26), &["AT"]),
    (On(10, 31), &["DE-BB", "DE-HB", "DE-HH", "DE-MV", "DE-NI", "DE-SN", "DE-ST", "DE-SH", "DE-TH"]),
    (On(11, 1), &["DE-BW", "DE-BY", "DE-NW", "DE-RP", "DE-SL", "AT"]),
    (Repentance, &["DE-SN"]),
    (On(12, 8), &["AT"]),
    (On(12, 25), &["DE", "AT", "CH"]),
    (On(12, 26), &["DE", "AT", "CH"]),
];

const REGIONS: &[&str] = &[
    "DE", "DE-BW", "DE-BY", "DE-BE", "DE-BB", "DE-HB", "DE-HH", "DE-HE", "DE-MV", "DE-NI", "DE-NW", "DE-RP", "DE-SL",
    "DE-SN", "DE-ST", "DE-SH", "DE-TH", "AT", "CH",
];

impl Region {
    /// Germany, with the holidays of all states.
    pub const GERMANY: Region = Region("DE");

    /// Tells whether the day is a public holiday here.
    pub fn keeps(self, day: NaiveDate) -> bool {
        HOLIDAYS.iter().any(|(rule, kept_in)| {
            kept_in.iter().any(|place| *place == self.0 || (*place == "DE" && self.0.starts_with("DE-")))
                && rule.falls_on(day)
        })
    }
}

impl Rule {
    fn falls_on(&self, day: NaiveDate) -> bool {
        match self {
            On(month, of_month) => day.month() == *month && day.day() == *of_month,
            Easter(after) => (day - easter_sunday(day.year())).num_days() == *after,
            Repentance => day.month() == 11 && (16..=22).contains(&day.day()) && day.weekday() == Weekday::Wed,
        }
    }
}

/// Returns Easter Sunday of a Gregorian year (the "anonymous" algorithm, Nature 1876).
fn easter_sunday(year: i32) -> NaiveDate {
    let golden = year.rem_euclid(19);
    let (century, in_century) = (year.div_euclid(100), year.rem_euclid(100));
    let correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - correction + 15).rem_euclid(30);
    let weekday = (32 + 2 * century.rem_euclid(4) + 2 * in_century.div_euclid(4) - epact - in_century.rem_euclid(4))
        .rem_euclid(7);
    let shift = (golden + 11 * epact + 22 * weekday).div_euclid(451);
    let march = epact + weekday - 7 * shift + 22;
    let first = NaiveDate::from_ymd_opt(year, 3, 1).expect("every year has a March");
    first + Days::new(u64::from(march.unsigned_abs()) - 1)
}

impl FromStr for Region {
    type Err = NotARegion;

    fn from_str(text: &str) -> Result<Self, NotARegion> {
        let known = REGIONS.iter().find(|region| region.eq_ignore_ascii_case(text));
        known.map(|region| Region(region)).ok_or_else(|| NotARegion(text.to_owned()))
    }
}

// By hand: the derive takes the static name for borrowed input.
impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Region {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holidays(region: &str, year: i32) -> Vec<String> {
        let region: Region = region.parse().unwrap();
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        first
            .iter_days()
            .take_while(|d| d.year() == year)
            .filter(|d| region.keeps(*d))
            .map(|d| d.format("%m-%d").to_string())
            .collect()
    }

    #[test]
    fn each_region_keeps_its_days_in_2026() {
        let table = [
            ("DE", "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"),
            ("DE-BE", "01-01 03-08 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"),
            ("DE-BY", "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 10-03 11-01 12-25 12-26"),
            ("DE-SN", "01-01 04-03 04-06 05-01 05-14 05-25 10-03 10-31 11-18 12-25 12-26"),
            ("AT", "01-01 01-06 04-06 05-01 05-14 05-25 06-04 08-15 10-26 11-01 12-08 12-25 12-26"),
            ("CH", "01-01 01-02 04-03 04-06 05-14 05-25 08-01 12-25 12-26"),
        ];
        for (region, expected) in table {
            assert_eq!(holidays(region, 2026).join(" "), expected, "{region}");
        }
    }

    #[test]
    fn easter_is_where_the_almanac_has_it() {
        for (year, expected) in [
            (2024, "2024-03-31"),
            (2025, "2025-04-20"),
            (2026, "2026-04-05"),
            (2027, "2027-03-28"),
            (2038, "2038-04-25"),
        ] {
            assert_eq!(easter_sunday(year).to_string(), expected);
        }
    }

    #[test]
    fn an_unknown_region_is_refused() {
        assert!("DE-XX".parse::<Region>().is_err());
        assert_eq!("de-be".parse::<Region>().unwrap().to_string(), "DE-BE");
    }
}
