//! Public holidays by law, so that nobody has to type them each year.
//!
//! Germany by federal state, Austria, Switzerland by canton; what a town keeps beside them is added in the configuration
//! (`business.extra_holidays`). Days that always fall on a Sunday are left out: no letter leaves on a Sunday anyway.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A country, state or canton whose public holidays are known: `DE`, `DE-BY`, `AT`, `CH`, `CH-ZH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region(&'static str);

/// The text names no region whose holidays are known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a region with known holidays (DE or a state such as DE-BE, AT, CH or a canton such as CH-ZH)")]
pub struct NotARegion(String);

/// A rule for one holiday in a year.
enum Rule {
    /// Every year on this month and day.
    On(u32, u32),
    /// Only in this year, on this month and day.
    Once(i32, u32, u32),
    /// So many days after Easter Sunday.
    Easter(i64),
    /// The Wednesday before 23 November (Buß- und Bettag).
    Repentance,
    /// The first Thursday of April; a week later where that lies in Holy Week (Näfelser Fahrt).
    Naefels,
    /// So many days after the n-th Sunday of September: the Genevan fast, the Monday after the federal day of prayer.
    September {
        /// Which Sunday, from 1.
        sunday: u32,
        /// Days after it.
        after: u64,
    },
}

use Rule::{Easter, Naefels, On, Once, Repentance, September};

/// The holidays and where each is kept: `DE` and `CH` stand for all their states and cantons, `CH!` for Switzerland where no canton
/// is named: days of its banks and of most cantons.
const HOLIDAYS: &[(Rule, &str)] = &[
    (On(1, 1), "DE AT CH"),
    (On(1, 2), "CH! CH-AG CH-BE CH-JU CH-LU CH-NE CH-TG CH-VD"),
    (On(1, 6), "DE-BW DE-BY DE-ST AT CH-SZ CH-TI CH-UR"),
    (On(3, 1), "CH-NE"),
    (On(3, 8), "DE-BE DE-MV"),
    (On(3, 19), "CH-NW CH-SZ CH-TI CH-UR CH-VS"),
    (Naefels, "CH-GL"),
    (
        Easter(-2),
        "DE CH! CH-AG CH-AI CH-AR CH-BE CH-BL CH-BS CH-FR CH-GE CH-GL CH-JU CH-LU CH-NE CH-NW CH-OW CH-SG CH-SH CH-SO \
         CH-SZ CH-TG CH-UR CH-VD CH-ZG CH-ZH",
    ),
    (
        Easter(1),
        "DE AT CH! CH-AG CH-AI CH-AR CH-BE CH-BL CH-BS CH-GE CH-GL CH-GR CH-JU CH-LU CH-SG CH-SH CH-SZ CH-TG CH-TI \
         CH-UR CH-VD CH-ZH",
    ),
    (On(5, 1), "DE AT CH-AG CH-BL CH-BS CH-JU CH-NE CH-SH CH-TG CH-TI CH-ZH"),
    // 80 years after the end of the war, 75 after the rising of 1953: laws of Berlin for one day each.
    (Once(2025, 5, 8), "DE-BE"),
    (Once(2028, 6, 17), "DE-BE"),
    (Easter(39), "DE AT CH"),
    (
        Easter(50),
        "DE AT CH! CH-AG CH-AI CH-AR CH-BE CH-BL CH-BS CH-GE CH-GL CH-GR CH-JU CH-LU CH-SG CH-SH CH-SZ CH-TG CH-TI \
         CH-UR CH-VD CH-ZH",
    ),
    (
        Easter(60),
        "DE-BW DE-BY DE-HE DE-NW DE-RP DE-SL AT CH-AG CH-AI CH-JU CH-LU CH-NE CH-NW CH-OW CH-SZ CH-TI CH-UR CH-VS CH-ZG",
    ),
    (On(6, 23), "CH-JU"),
    (On(6, 29), "CH-TI"),
    (On(8, 1), "CH"),
    (On(8, 15), "DE-SL AT CH-AG CH-AI CH-JU CH-LU CH-NW CH-OW CH-SZ CH-TI CH-UR CH-VS CH-ZG"),
    (September { sunday: 1, after: 4 }, "CH-GE"),
    (September { sunday: 3, after: 1 }, "CH-VD"),
    (On(9, 20), "DE-TH"),
    (On(9, 25), "CH-OW"),
    (On(10, 3), "DE"),
    (On(10, 26), "AT"),
    (On(10, 31), "DE-BB DE-HB DE-HH DE-MV DE-NI DE-SN DE-ST DE-SH DE-TH"),
    (
        On(11, 1),
        "DE-BW DE-BY DE-NW DE-RP DE-SL AT CH-AG CH-AI CH-GL CH-JU CH-LU CH-NW CH-OW CH-SG CH-SZ CH-TI CH-UR CH-VS CH-ZG",
    ),
    (Repentance, "DE-SN"),
    (On(12, 8), "AT CH-AG CH-AI CH-LU CH-NW CH-OW CH-SZ CH-TI CH-UR CH-VS CH-ZG"),
    (On(12, 25), "DE AT CH"),
    (
        On(12, 26),
        "DE AT CH! CH-AG CH-AI CH-AR CH-BE CH-BL CH-BS CH-GL CH-GR CH-LU CH-NE CH-SG CH-SH CH-SZ CH-TG CH-TI CH-UR CH-ZH",
    ),
    (On(12, 31), "CH-GE"),
];

const REGIONS: &[&str] = &[
    "DE", "DE-BW", "DE-BY", "DE-BE", "DE-BB", "DE-HB", "DE-HH", "DE-HE", "DE-MV", "DE-NI", "DE-NW", "DE-RP", "DE-SL",
    "DE-SN", "DE-ST", "DE-SH", "DE-TH", "AT", "CH", "CH-AG", "CH-AI", "CH-AR", "CH-BE", "CH-BL", "CH-BS", "CH-FR",
    "CH-GE", "CH-GL", "CH-GR", "CH-JU", "CH-LU", "CH-NE", "CH-NW", "CH-OW", "CH-SG", "CH-SH", "CH-SO", "CH-SZ",
    "CH-TG", "CH-TI", "CH-UR", "CH-VD", "CH-VS", "CH-ZG", "CH-ZH",
];

impl Region {
    /// Germany, with the holidays of all states.
    pub const GERMANY: Region = Region("DE");

    /// Tells whether the day is a public holiday here.
    pub fn keeps(self, day: NaiveDate) -> bool {
        HOLIDAYS.iter().any(|(rule, places)| places.split(' ').any(|place| self.lies_in(place)) && rule.falls_on(day))
    }

    fn lies_in(self, place: &str) -> bool {
        match place.strip_suffix('!') {
            Some(whole) => self.0 == whole,
            None => self.0.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
        }
    }
}

impl Rule {
    fn falls_on(&self, day: NaiveDate) -> bool {
        match *self {
            On(month, of_month) => (day.month(), day.day()) == (month, of_month),
            Once(year, month, of_month) => (day.year(), day.month(), day.day()) == (year, month, of_month),
            Easter(after) => (day - easter_sunday(day.year())).num_days() == after,
            Repentance => day.month() == 11 && (16..=22).contains(&day.day()) && day.weekday() == Weekday::Wed,
            Naefels => {
                let first = nth(day.year(), 4, Weekday::Thu, 1);
                let days_to_easter = (easter_sunday(day.year()) - first).num_days();
                day == if days_to_easter == 3 { first + Days::new(7) } else { first }
            }
            September { sunday, after } => day == nth(day.year(), 9, Weekday::Sun, sunday) + Days::new(after),
        }
    }
}

/// Returns the n-th such weekday of a month.
fn nth(year: i32, month: u32, weekday: Weekday, n: u32) -> NaiveDate {
    let of_month = u8::try_from(n).ok().and_then(|n| NaiveDate::from_weekday_of_month_opt(year, month, weekday, n));
    of_month.expect("a month has its first four of each weekday")
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

    /// Public holidays from Monday to Friday of each region and year from 2023 to 2040, as `tests/tools/public_holidays.py` writes them.
    const TABLE: &str = include_str!("../../tests/cases/holidays.txt");

    fn holidays(region: Region, year: i32) -> Vec<String> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let of_year = first.iter_days().take_while(|day| day.year() == year);
        let kept = of_year.filter(|day| region.keeps(*day) && !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
        kept.map(|day| day.format("%m-%d").to_string()).collect()
    }

    #[test]
    fn every_state_and_canton_keeps_its_days() {
        let mut regions = std::collections::BTreeSet::new();
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            let (name, year) = (words.next().unwrap(), words.next().unwrap());
            let region: Region = name.parse().unwrap();
            assert_eq!(holidays(region, year.parse().unwrap()), words.collect::<Vec<_>>(), "{name} {year}");
            regions.insert(name);
        }
        // Switzerland without a canton is our own choice.
        assert_eq!(regions.len(), REGIONS.len() - 1);
    }

    #[test]
    fn switzerland_without_a_canton_keeps_what_most_do() {
        let days = ["01-01", "01-02", "04-03", "04-06", "05-14", "05-25", "12-25"];
        assert_eq!(holidays(Region("CH"), 2026), days);
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
        assert!("DE-XX".parse::<Region>().is_err() && "CH!".parse::<Region>().is_err());
        assert_eq!("de-be".parse::<Region>().unwrap().to_string(), "DE-BE");
    }
}
