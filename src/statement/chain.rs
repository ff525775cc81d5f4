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
    /// Whether it is a report within the day: it proves something where it fits, and nothing is missing where it does not.
    pub is_report: bool,
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
    /// Its unbroken pieces, in order: one more than there are gaps.
    pub pieces: Vec<Piece>,
}

/// An unbroken piece of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    links: Vec<Link>,
}

/// What an unbroken piece of a chain says of itself: from which balance to which the entries of its days lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its first day.
    pub from_on: NaiveDate,
    /// Its last day.
    pub through_on: NaiveDate,
    /// The balances that it may begin with: several only where those of one day tell no order.
    openings: Vec<Amount>,
    /// The balances that it may end with.
    closings: Vec<Amount>,
}

/// A span whose entries do not add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Off {
    /// The first opening balance.
    pub opening: Amount,
    /// The sum of the entries.
    pub entries: Amount,
    /// The last closing balance.
    pub closing: Amount,
}

impl Off {
    /// Returns closing − opening − entries.
    pub fn difference(&self) -> Amount {
        self.closing - self.opening - self.entries
    }
}

impl Span {
    /// Returns how its entries do not add up; nothing where they do.
    pub fn off(&self, entries: Amount) -> Option<Off> {
        let pairs =
            || self.openings.iter().flat_map(|opening| self.closings.iter().map(move |closing| (opening, closing)));
        let mut all = pairs().map(|(opening, closing)| Off { opening: *opening, entries, closing: *closing });
        if all.clone().any(|off| off.difference().is_zero()) { None } else { all.next() }
    }
}

/// An unbroken piece of an account's chain whose entries in the books do not add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproved {
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub through: NaiveDate,
    /// The balances and what the entries sum up to.
    pub off: Off,
    /// How many of the entries stand in none of its statements: a report or a notification of the day told of them.
    pub strays: i64,
    /// The last closing day up to which the entries do add up; nothing where they never do.
    pub proved_through: Option<NaiveDate>,
    /// How much of the difference the owner has looked into and settled.
    pub settled: Amount,
}

impl Unproved {
    /// Tells whether the owner has settled it all.
    pub fn is_settled(&self) -> bool {
        self.settled == self.off.difference()
    }
}

impl Piece {
    /// Returns the closing days of its statements, in order.
    pub fn days(&self) -> Vec<NaiveDate> {
        let mut days: Vec<_> = self.links.iter().filter(|link| !link.is_report).map(|link| link.through_on).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Returns what there was of it when a day was over.
    pub fn until(&self, day: NaiveDate) -> Piece {
        Piece { links: self.links.iter().filter(|link| link.through_on <= day).copied().collect() }
    }

    /// Returns what it says of itself; nothing where it consists of reports, which begin and end at any hour.
    pub fn span(&self) -> Option<Span> {
        let statements: Vec<&Link> = self.links.iter().filter(|link| !link.is_report).collect();
        let outer: Vec<&Link> =
            statements.iter().copied().filter(|link| !statements.iter().any(|other| other.contains(link))).collect();
        let from_on = outer.iter().map(|link| link.begins_on()).min()?;
        let through_on = outer.iter().map(|link| link.through_on).max()?;
        let at_start = outer.iter().filter(|link| link.begins_on() == from_on);
        let at_end = outer.iter().filter(|link| link.through_on == through_on);
        let (opening, closing) = (|link: &&&Link| link.opening, |link: &&&Link| link.closing);
        Some(Span {
            from_on,
            through_on,
            openings: outermost(at_start.clone().map(|link| opening(&link)), at_start.map(|link| closing(&link))),
            closings: outermost(at_end.clone().map(|link| closing(&link)), at_end.map(|link| opening(&link))),
        })
    }

    /// Tells whether the entries of a statement are among those that lead through a span of this piece. Those of a report behind the
    /// last statement are not.
    pub fn holds(&self, link: &Link, span: &Span) -> bool {
        (!link.is_report || link.through_on < span.through_on) && self.links.contains(link)
    }
}

/// Returns the balances of one side of a day's statements that none of the other side meets; all of them where each is met.
fn outermost(own: impl Iterator<Item = Amount>, others: impl Iterator<Item = Amount>) -> Vec<Amount> {
    let all: Vec<Amount> = own.collect();
    let mut free = all.clone();
    for other in others {
        if let Some(place) = free.iter().position(|balance| *balance == other) {
            free.swap_remove(place);
        }
    }
    if free.is_empty() { all } else { free }
}

impl Link {
    /// The first day it covers; where it does not say, its last one.
    fn begins_on(&self) -> NaiveDate {
        self.from_on.unwrap_or(self.through_on)
    }

    /// Tells whether it goes on where an earlier one ends.
    fn follows(&self, earlier: &Link) -> bool {
        let in_order =
            earlier.through_on <= self.through_on && self.from_on.is_none_or(|from| earlier.through_on <= from);
        earlier.closing == self.opening && in_order
    }

    /// Tells whether it covers more days than another and all of them. A page that ends within a day covers none of that day's.
    fn contains(&self, other: &Link) -> bool {
        let (from, through) = (other.begins_on(), other.through_on.max(other.begins_on()));
        let is_wider = (self.begins_on(), self.through_on) != (from, through);
        is_wider && self.begins_on() <= from && through <= self.through_on
    }

    /// Tells whether one that is part of the chain shows that this one is.
    fn is_proved_by(&self, known: &Link) -> bool {
        let begins_like = self.from_on.is_some() && (self.from_on, self.opening) == (known.from_on, known.opening);
        let ends_like = (self.through_on, self.closing) == (known.through_on, known.closing);
        self.follows(known) || begins_like || ends_like || known.contains(self)
    }
}

/// Follows the chain. The links may come in any order, overlap, and be seen twice.
pub fn coverage(links: &[Link]) -> Coverage {
    let mut links = links.to_vec();
    links.sort_by_key(|link| {
        (link.through_on, link.is_report, link.from_on, link.opening.minor(), link.closing.minor())
    });
    links.dedup();
    let covered = follow(&links);
    // Where a statement of a week stands in for the missing ones of its days, those that are there are in its way.
    let wide: Vec<Link> = links.iter().filter(|link| link.begins_on() < link.through_on).copied().collect();
    if covered.gaps.is_empty() || wide.is_empty() {
        return covered;
    }
    links.retain(|link| !wide.iter().any(|wide| wide.contains(link)));
    let outer = follow(&links);
    if outer.through > covered.through { outer } else { covered }
}

/// Follows links that are sorted by their last day.
fn follow(links: &[Link]) -> Coverage {
    let place = |link: &Link| (link.is_report, link.begins_on(), link.through_on);
    let Some(earliest) = links.iter().map(place).min() else { return Coverage::default() };
    let earliest: Vec<&Link> = links.iter().filter(|link| place(link) == earliest).collect();
    // Of several of the first day, the one that none of the others leads to.
    let is_first = |link: &&&Link| !earliest.iter().any(|other| *other != **link && link.follows(other));
    let first = **earliest.iter().find(is_first).unwrap_or(&earliest[0]);
    let mut known = vec![first];
    let mut covered = Coverage {
        through: Some(first.through_on),
        balance: Some(first.closing),
        gaps: Vec::new(),
        pieces: vec![Piece { links: vec![first] }],
    };
    let rest: Vec<Link> = links.iter().filter(|link| **link != first).copied().collect();
    // Those of one day may go on from each other in any order.
    for day in rest.chunk_by(|a, b| a.through_on == b.through_on) {
        let mut waiting = day.to_vec();
        while !waiting.is_empty() {
            let next = waiting.iter().position(|link| known.iter().any(|known| link.is_proved_by(known)));
            if next.is_none()
                && let Some(report) = waiting.iter().position(|link| link.is_report)
            {
                waiting.remove(report);
                continue;
            }
            // Of those behind a gap, the one that none of the others leads to.
            let is_first = |link: &Link| !waiting.iter().any(|other| other != link && link.follows(other));
            let place = next.or_else(|| waiting.iter().position(is_first)).unwrap_or(0);
            let link = waiting.remove(place);
            if next.is_none() {
                let last = known.iter().max_by_key(|link| link.through_on).expect("the first link is known");
                let (after, expected) = (last.through_on, last.closing);
                // A day of which a statement is missing is not complete.
                let before = link.begins_on().pred_opt();
                if covered.gaps.is_empty() && covered.through > before {
                    let last = known.iter().filter(|link| Some(link.through_on) <= before).max_by_key(|l| l.through_on);
                    covered.through = last.and(before);
                    covered.balance = last.map(|link| link.closing);
                }
                covered.gaps.push(Gap { after, expected, before: link.through_on, found: link.opening });
            }
            if covered.gaps.is_empty() && covered.through.is_none_or(|through| link.through_on >= through) {
                covered.through = Some(link.through_on);
                covered.balance = Some(link.closing);
            }
            // It belongs to the piece that proves it; behind a gap a new one begins.
            let of = covered.pieces.iter().rposition(|piece| piece.links.iter().any(|known| link.is_proved_by(known)));
            match of.filter(|_| next.is_some()) {
                Some(of) => covered.pieces[of].links.push(link),
                None => covered.pieces.push(Piece { links: vec![link] }),
            }
            known.push(link);
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
            is_report: false,
        }
    }

    fn report(from: u32, through: u32, opening: i64, closing: i64) -> Link {
        Link { is_report: true, ..link(from, through, opening, closing) }
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
            ("a week from the first day", vec![link(2, 2, 0, 10), link(2, 6, 0, 30)], 6, 0),
            ("a week for missing days", vec![link(2, 2, 0, 10), link(5, 5, 15, 20), link(3, 6, 10, 30)], 6, 0),
            (
                "several of a day",
                vec![link(2, 2, 0, 50), link(3, 3, 50, 40), link(3, 3, 40, 10), link(3, 3, 10, 20)],
                3,
                0,
            ),
            ("several of the first day", vec![link(3, 3, 50, 40), link(3, 3, 40, 10), link(3, 3, 10, 20)], 3, 0),
            ("one of a day is missing", vec![link(2, 2, 0, 50), link(3, 3, 50, 40), link(3, 3, 10, 20)], 2, 1),
            ("the first of a day is missing", vec![link(2, 2, 0, 50), link(3, 3, 40, 10), link(3, 3, 10, 20)], 2, 1),
            ("a report of the same day", vec![report(3, 3, 0, 10), link(3, 3, 0, 40), link(4, 4, 40, 40)], 4, 0),
            ("a report that fits", vec![link(2, 2, 0, 10), report(3, 3, 10, 40)], 3, 0),
            ("a report that does not", vec![link(2, 2, 0, 10), report(3, 3, 20, 30), link(3, 3, 10, 40)], 3, 0),
            ("a report before all", vec![report(2, 2, 5, 7), link(3, 3, 10, 40)], 3, 0),
            ("nothing but reports", vec![report(2, 2, 0, 10), report(3, 3, 10, 40)], 3, 0),
            ("a page that ends within its day", vec![link(2, 2, 0, 10), link(3, 2, 10, 20), link(3, 3, 20, 30)], 3, 0),
            ("its page before is missing", vec![link(2, 2, 0, 10), link(3, 2, 15, 20), link(3, 3, 20, 30)], 2, 1),
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

    #[test]
    fn each_piece_says_from_which_balance_to_which_its_entries_lead() {
        type Row = (&'static str, Vec<Link>, Vec<(u32, u32, i64, i64)>);
        let table: Vec<Row> = vec![
            ("daily", vec![link(2, 2, 0, 10), link(3, 3, 10, 15)], vec![(2, 3, 0, 15)]),
            (
                "a gap",
                vec![link(2, 2, 0, 10), link(4, 4, 15, 20), link(5, 5, 20, 21)],
                vec![(2, 2, 0, 10), (4, 5, 15, 21)],
            ),
            (
                "several of the last day, against the order of their balances",
                vec![link(2, 2, 0, 50), link(3, 3, 50, 60), link(3, 3, 60, 50), link(3, 3, 50, 40)],
                vec![(2, 3, 0, 40)],
            ),
            (
                "several of the first day",
                vec![link(3, 3, 50, 40), link(3, 3, 40, 10), link(4, 4, 10, 20)],
                vec![(3, 4, 50, 20)],
            ),
            ("a week over its days", vec![link(2, 6, 0, 30), link(3, 3, 10, 15)], vec![(2, 6, 0, 30)]),
            (
                "a week for missing days",
                vec![link(2, 2, 0, 10), link(5, 5, 15, 20), link(3, 6, 10, 30)],
                vec![(2, 6, 0, 30)],
            ),
            ("a page that ends within its day", vec![link(2, 2, 0, 10), link(3, 2, 10, 20)], vec![(2, 2, 0, 20)]),
            ("a report behind it", vec![link(2, 2, 0, 10), report(3, 3, 10, 40)], vec![(2, 2, 0, 10)]),
            (
                "a report between",
                vec![link(2, 2, 0, 10), report(3, 3, 10, 40), link(4, 4, 40, 41)],
                vec![(2, 4, 0, 41)],
            ),
            ("nothing but reports", vec![report(2, 2, 0, 10), report(3, 3, 10, 40)], vec![]),
        ];
        for (title, links, expected) in table {
            let spans: Vec<Span> = coverage(&links).pieces.iter().filter_map(Piece::span).collect();
            assert_eq!(spans.len(), expected.len(), "{title}");
            for (span, (from, through, opening, closing)) in spans.iter().zip(expected) {
                assert_eq!((span.from_on, span.through_on), (day(from), day(through)), "{title}");
                assert_eq!(span.off(Amount::from_minor(closing - opening)), None, "{title}");
                let off = span.off(Amount::from_minor(closing - opening + 3)).expect("three too much");
                let balances = (off.opening.minor(), off.closing.minor(), off.difference().minor());
                assert_eq!(balances, (opening, closing, -3), "{title}");
            }
        }
    }
}
