//! The chain of an account's statements: the closing balance of one is the opening balance of the next. As far as it is
//! unbroken, the bank's data are complete.

use chrono::NaiveDate;

use crate::money::Amount;

/// A statement as a link: from a balance to a balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The first day it covers, where the file says so.
    pub from_on: Option<NaiveDate>,
    /// The day of its closing booked balance.
    pub through_on: NaiveDate,
    /// The opening balance.
    pub opening: Amount,
    /// The closing balance.
    pub closing: Amount,
}

/// A place where the chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The last day before the gap that is proved.
    pub after: NaiveDate,
    /// The balance on that day.
    pub expected: Amount,
    /// The closing day of the first statement behind the gap.
    pub before: NaiveDate,
    /// The balance that it opens with.
    pub found: Amount,
}

/// How far an account's data reach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// The last day up to which the chain is unbroken from its first statement.
    pub through: Option<NaiveDate>,
    /// The balance on that day.
    pub balance: Option<Amount>,
    /// Where it is broken behind that.
    pub gaps: Vec<Gap>,
}

/// Follows the chain. The links may come in any order, overlap, and be seen twice.
pub fn coverage(links: &[Link]) -> Coverage {
    let mut links = links.to_vec();
    links.sort_by_key(|link| (link.through_on, link.from_on, link.opening.minor(), link.closing.minor()));
    links.dedup();
    let Some(first) =
        links.iter().min_by_key(|link| (link.from_on.unwrap_or(link.through_on), link.through_on)).copied()
    else {
        return Coverage::default();
    };
    // The balances at which the chain has arrived so far, and those behind gaps.
    let mut reached = vec![(first.through_on, first.closing)];
    let mut covered = Coverage { through: Some(first.through_on), balance: Some(first.closing), gaps: Vec::new() };
    for link in links.iter().filter(|link| **link != first) {
        let joins = reached.iter().any(|(day, balance)| {
            *balance == link.opening && *day <= link.through_on && link.from_on.is_none_or(|from| *day <= from)
        });
        let (last_day, last_balance) = *reached.last().expect("the first link was reached");
        let adds_nothing = link.through_on <= last_day;
        if joins || adds_nothing {
            reached.push((link.through_on, link.closing));
        } else {
            covered.gaps.push(Gap {
                after: last_day,
                expected: last_balance,
                before: link.through_on,
                found: link.opening,
            });
            reached.push((link.through_on, link.closing));
        }
        reached.sort_by_key(|(day, _)| *day);
        if covered.gaps.is_empty() && covered.through.is_none_or(|through| link.through_on >= through) {
            covered.through = Some(link.through_on);
            covered.balance = Some(link.closing);
        }
    }
    covered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, d).unwrap()
    }

    fn link(from: u32, through: u32, opening: i64, closing: i64) -> Link {
        Link {
            from_on: Some(day(from)),
            through_on: day(through),
            opening: Amount::from_minor(opening),
            closing: Amount::from_minor(closing),
        }
    }

    #[test]
    fn the_chain_reaches_as_far_as_it_is_unbroken() {
        let table: Vec<(&str, Vec<Link>, u32, usize)> = vec![
            ("daily", vec![link(2, 2, 0, 10), link(3, 3, 10, 15), link(4, 4, 15, 15)], 4, 0),
            ("any order", vec![link(4, 4, 15, 15), link(2, 2, 0, 10), link(3, 3, 10, 15)], 4, 0),
            ("seen twice", vec![link(2, 2, 0, 10), link(2, 2, 0, 10)], 2, 0),
            ("a day is missing", vec![link(2, 2, 0, 10), link(4, 4, 15, 20), link(5, 5, 20, 20)], 2, 1),
            ("an overlapping week", vec![link(2, 2, 0, 10), link(3, 3, 10, 15), link(3, 6, 10, 30)], 6, 0),
            ("a week over its days", vec![link(2, 6, 0, 30), link(3, 3, 10, 15)], 6, 0),
        ];
        for (title, links, through, gaps) in table {
            let covered = coverage(&links);
            assert_eq!((covered.through, covered.gaps.len()), (Some(day(through)), gaps), "{title}");
        }
        assert_eq!(coverage(&[]), Coverage::default());
    }

    #[test]
    fn a_gap_names_both_sides() {
        let covered = coverage(&[link(2, 2, 0, 10), link(4, 4, 15, 20)]);
        let gap =
            Gap { after: day(2), expected: Amount::from_minor(10), before: day(4), found: Amount::from_minor(15) };
        assert_eq!(covered.gaps, [gap]);
    }
}
