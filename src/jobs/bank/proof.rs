//! The proof of an account (rule M1.2): over each unbroken piece of its chain the first opening balance and all entries of its days in the
//! books give the last closing balance. It finds what no statement shows by itself: an entry that is in the books twice, and two that
//! were taken for one.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::coverage::proving;
use super::entries::json;
use crate::jobs::office::JobError;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::store::{PieceSum, Tx};
use crate::statement::chain::{self, Link, Off};

/// An unbroken piece of an account's chain whose entries do not add up.
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
}

impl Unproved {
    /// Says by how much, as a part of a sentence that begins with the account.
    pub fn says(&self, currency: Currency) -> String {
        let money = |amount: Amount| amount.with_currency(currency, Language::En);
        let difference = self.off.difference();
        let than = if difference.is_positive() { "less" } else { "more" };
        let strays = match self.strays {
            0 => String::new(),
            1 => "; 1 of them stands in no statement of these days".to_owned(),
            strays => format!("; {strays} of them stand in no statement of these days"),
        };
        format!(
            "from {} to {} the balance goes from {} to {}, but the entries in the books come to {}, {} {than}{strays}",
            Language::En.day(self.from),
            Language::En.day(self.through),
            money(self.off.opening),
            money(self.off.closing),
            money(self.off.entries),
            money(difference.abs())
        )
    }
}

/// Returns the pieces of an account's chain whose entries do not add up. It reads all entries of the account.
pub async fn unproved(tx: &mut Tx, account: i64) -> Result<Vec<Unproved>, JobError> {
    let proving = proving(&tx.links_of(account).await?);
    let links: Vec<Link> = proving.iter().map(|(_, link)| *link).collect();
    let pieces = chain::coverage(&links).pieces;
    let spans: Vec<_> = pieces.iter().filter_map(|piece| Some((piece, piece.span()?))).collect();
    let (mut statements, mut days) = (Vec::new(), Vec::new());
    for (place, (piece, span)) in (0_i64..).zip(&spans) {
        let held = proving.iter().filter(|(_, link)| piece.holds(link, span));
        statements.extend(held.map(|(id, _)| (*id, place)));
        days.push((place, span.from_on, span.through_on));
    }
    let sums = tx.piece_sums(account, &json(&statements), &json(&days)).await?;
    let sums: HashMap<i64, PieceSum> = sums.into_iter().map(|sum| (sum.piece, sum)).collect();
    let off = |(place, (_, span)): (i64, &(_, chain::Span))| {
        let sum = sums.get(&place);
        let off = span.off(sum.map_or(Amount::ZERO, |sum| sum.entries))?;
        Some(Unproved { from: span.from_on, through: span.through_on, off, strays: sum.map_or(0, |sum| sum.strays) })
    };
    Ok((0_i64..).zip(&spans).filter_map(off).collect())
}
