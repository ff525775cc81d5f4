//! Business days: Monday to Friday, but for holidays (cases: "Business day").

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::Region;

/// The business days of a place.
#[derive(Debug, Clone, Default)]
pub struct BusinessDays {
    region: Option<Region>,
    extra: BTreeSet<NaiveDate>,
}

impl BusinessDays {
    /// Makes a calendar of a region's public holidays and further days off.
    pub fn new(region: Option<Region>, extra: impl IntoIterator<Item = NaiveDate>) -> Self {
        BusinessDays { region, extra: extra.into_iter().collect() }
    }

    /// Tells whether the day is a public holiday or one of the further days off.
    pub fn is_holiday(&self, day: NaiveDate) -> bool {
        self.extra.contains(&day) || self.region.is_some_and(|region| region.keeps(day))
    }

    /// Tells whether the day is a business day.
    pub fn is_business_day(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.is_holiday(day)
    }

    /// Returns the day itself if it is a business day, else the next one (§ 193 BGB, Art. 78 OR, § 903 ABGB).
    pub fn next(&self, day: NaiveDate) -> NaiveDate {
        let mut day = day;
        while !self.is_business_day(day) {
            day = day + Days::new(1);
        }
        day
    }

    /// Returns the day itself if it is a business day, else the one before.
    pub fn previous(&self, day: NaiveDate) -> NaiveDate {
        let mut day = day;
        while !self.is_business_day(day) {
            day = day - Days::new(1);
        }
        day
    }

    /// Returns the `n`-th business day before `day`, which does not count itself.
    pub fn before(&self, day: NaiveDate, n: u32) -> NaiveDate {
        let mut day = day;
        for _ in 0..n {
            day = self.previous(day - Days::new(1));
        }
        day
    }

    /// Returns the `n`-th business day after `day`, which does not count itself.
    pub fn after(&self, day: NaiveDate, n: u32) -> NaiveDate {
        let mut day = day;
        for _ in 0..n {
            day = self.next(day + Days::new(1));
        }
        day
    }

    /// Counts the business days after `from` up to and including `through`; nothing when `through` is not later.
    pub fn between(&self, from: NaiveDate, through: NaiveDate) -> usize {
        from.iter_days().skip(1).take_while(|day| *day <= through).filter(|day| self.is_business_day(*day)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_is_jumped_over() {
        let germany = BusinessDays::new(Some(Region::GERMANY), []);
        assert_eq!(germany.next(day("2026-04-03")), day("2026-04-07"));
        assert_eq!(germany.previous(day("2026-04-06")), day("2026-04-02"));
        assert_eq!(germany.before(day("2026-04-07"), 2), day("2026-04-01"));
        assert_eq!(germany.after(day("2026-04-02"), 1), day("2026-04-07"));
        assert_eq!(germany.between(day("2026-04-01"), day("2026-04-08")), 3);
        assert_eq!(germany.between(day("2026-04-08"), day("2026-04-01")), 0);
    }

    #[test]
    fn further_days_off_count() {
        let days = BusinessDays::new(None, [day("2026-02-16")]);
        assert_eq!(days.next(day("2026-02-14")), day("2026-02-17"));
    }
}
