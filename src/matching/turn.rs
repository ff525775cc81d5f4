//! In which order payments are decided (rule M1 Order).

use chrono::NaiveDate;

/// When a payment has its turn: by booking day, within a day money in, money out, returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    booked_on: NaiveDate,
    class: Class,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    MoneyIn,
    MoneyOut,
    Return,
}

impl Turn {
    /// Returns the turn of a payment; payments with one turn keep their places in the files.
    pub fn of(booked_on: NaiveDate, is_money_in: bool, is_return: bool) -> Turn {
        let class = match (is_return, is_money_in) {
            (true, _) => Class::Return,
            (false, true) => Class::MoneyIn,
            (false, false) => Class::MoneyOut,
        };
        Turn { booked_on, class }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_first_and_a_return_last_of_its_day() {
        let day = |day: u32| NaiveDate::from_ymd_opt(2026, 2, day).unwrap();
        let turns = [(3, true, false), (3, false, false), (3, true, true), (4, true, false), (4, false, true)]
            .map(|(d, i, r)| Turn::of(day(d), i, r));
        assert!(turns.is_sorted());
        assert_eq!(Turn::of(day(3), true, true), Turn::of(day(3), false, true));
    }
}
