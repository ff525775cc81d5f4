//! The proof of an account (rule M1.2): over each unbroken piece of its chain the first opening balance and all entries of its days in the
//! books give the last closing balance. It finds what no statement shows by itself: an entry that is in the books twice, and two that
//! were taken for one.
//!
//! Letters look at the proof only as it was stored with the account, in the transaction that changed what it is over. What is stored follows
//! from the books, and `verify` compares it.

use std::collections::HashMap;

use super::coverage::proving;
use super::entries::json;
use crate::fact::{ActFact, Subject};
use crate::id::{BankAccountId, PaymentId, StatementId};
use crate::jobs::office::JobError;
use crate::jobs::office::acts::acts_of;
use crate::money::{Amount, Currency};
use crate::shell::store::{PieceSum, StatementLink, Tx, Writing};
use crate::statement::StatementKind;
use crate::statement::chain::{self, Link, Off, Piece, Unproved};

/// Returns the pieces of an account's chain whose entries do not add up. It reads all entries of the account.
pub async fn unproved(tx: &mut Tx, account: BankAccountId, currency: Currency) -> Result<Vec<Unproved>, JobError> {
    let proving = proving(&tx.links_of(account).await?);
    let links: Vec<Link> = proving.iter().map(|(_, link)| *link).collect();
    let pieces = chain::coverage(&links).pieces;
    let mut found = Vec::new();
    for (piece, sum) in pieces.iter().zip(sums(tx, account, &proving, &pieces).await?) {
        let Some((mut unproved, mut days)) = sum.zip(Some(piece.days())) else { continue };
        // Halved until the first closing day is found at which they do not add up any more.
        let mut proved = 0;
        while proved < days.len() {
            let middle = (proved + days.len()) / 2;
            let begun = sums(tx, account, &proving, &[piece.until(days[middle])]).await?;
            if begun.iter().any(Option::is_some) {
                days.truncate(middle);
            } else {
                proved = middle + 1;
            }
        }
        unproved.proved_through = days.last().copied();
        found.push(unproved);
    }
    if !found.is_empty() {
        let acts = acts_of(tx, Subject::BankAccount(account)).await?;
        for unproved in &mut found {
            let within = acts.iter().filter_map(|act| {
                let ActFact::Settle { on, difference } = &act.fact else { return None };
                (unproved.from..=unproved.through).contains(on).then_some(*difference)
            });
            let settled = within.sum();
            unproved.settled = Amount::exact(settled, currency).map_err(|why| JobError::damaged(why.to_string()))?;
        }
    }
    Ok(found)
}

/// Adds up the entries of pieces of a chain. Returns, for each, how they do not give what its balances say; nothing where they do.
async fn sums(
    tx: &mut Tx,
    account: BankAccountId,
    proving: &[(StatementId, Link)],
    pieces: &[Piece],
) -> Result<Vec<Option<Unproved>>, JobError> {
    let spans: Vec<_> = pieces.iter().map(Piece::span).collect();
    let (mut statements, mut days) = (Vec::new(), Vec::new());
    for (place, (piece, span)) in (0_i64..).zip(pieces.iter().zip(&spans)) {
        let Some(span) = span else { continue };
        let held = proving.iter().filter(|(_, link)| piece.holds(link, span));
        statements.extend(held.map(|(id, _)| (*id, place)));
        days.push((place, span.from_on, span.through_on));
    }
    let sums = tx.piece_sums(account, &json(&statements), &json(&days)).await?;
    let sums: HashMap<i64, PieceSum> = sums.into_iter().map(|sum| (sum.piece, sum)).collect();
    let unproved = |(place, span): (i64, Option<chain::Span>)| {
        let (span, sum) = (span?, sums.get(&place));
        let off: Off = span.off(sum.map_or(Amount::ZERO, |sum| sum.entries))?;
        let (from, through, strays) = (span.from_on, span.through_on, sum.map_or(0, |sum| sum.strays));
        Some(Unproved { from, through, off, strays, proved_through: None, settled: Amount::ZERO })
    };
    Ok((0_i64..).zip(spans).map(unproved).collect())
}

/// Returns the last day of the last piece that nobody has settled: so far letters cannot trust the account.
pub fn unproved_through(pieces: &[Unproved]) -> Option<chrono::NaiveDate> {
    pieces.iter().filter(|piece| !piece.is_settled()).map(|piece| piece.through).max()
}

/// Adds up the entries of an account anew and stores the outcome with it.
pub async fn prove(writing: &mut Writing<'_>, account: BankAccountId, currency: Currency) -> Result<(), JobError> {
    let through = unproved_through(&unproved(&mut writing.tx, account, currency).await?);
    Ok(writing.set_unproved(account, through).await?)
}

/// The same, after something became of a payment: whether it is passed over says whether its entry is counted that no statement holds.
pub async fn prove_again(writing: &mut Writing<'_>, payment: PaymentId) -> Result<(), JobError> {
    match writing.tx.account_of_payment(payment).await? {
        Some(account) => prove(writing, account.id, account.currency).await,
        None => Ok(()),
    }
}

/// Tells whether an account that was proved still is when statements came that brought nothing but new entries: then nothing has to be added
/// up. Where reports, notifications or statements that do not add up are among its statements, an entry may stand in none of a chain; where
/// one of the new covers the days of another, both say what was booked on them.
pub(super) fn stays_proved(new: &[StatementId], links: &[StatementLink]) -> bool {
    let is_plain = |link: &StatementLink| {
        let is_statement = match link.kind {
            StatementKind::OfBank(kind) => kind.is_statement(),
            StatementKind::Confirmed => true,
        };
        is_statement && link.difference.is_zero()
    };
    let begins = |link: &StatementLink| link.from_on.or(link.through_on);
    let covers = |one: &StatementLink, other: &StatementLink| {
        one.id != other.id && begins(one) <= begins(other) && other.through_on <= one.through_on
    };
    let mut own = links.iter().filter(|link| new.contains(&link.id));
    links.iter().all(is_plain) && !own.any(|own| links.iter().any(|link| covers(own, link)))
}
