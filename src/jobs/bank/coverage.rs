//! How far an account is complete: the chain of its statements, and what the owner confirmed, unless the bank says otherwise.

use crate::id::{BankAccountId, StatementId};
use chrono::NaiveDate;

use crate::jobs::office::JobError;
use crate::jobs::records::account::accounts;
use crate::shell::store::{AccountRow, StatementLink, StatementRow, Tx, Writing};
use crate::statement::chain::{Gap, Link};
use crate::statement::{StatementKind, chain};

/// Returns the accounts whose chain of statements has a gap, with the first one.
pub async fn broken(tx: &mut Tx) -> Result<Vec<(AccountRow, Gap)>, JobError> {
    let mut broken = Vec::new();
    for (account, _) in accounts(tx).await?.into_iter().filter(|(account, _)| account.gates_dunning) {
        let gaps = coverage(tx, account.id).await?.gaps;
        broken.extend(gaps.first().map(|gap| (account, *gap)));
    }
    Ok(broken)
}

/// Follows the chain of an account anew and stores how far it reaches.
pub async fn cover(writing: &mut Writing<'_>, account: BankAccountId) -> Result<(), JobError> {
    let coverage = coverage(&mut writing.tx, account).await?;
    writing.set_covered(account, coverage.through).await?;
    Ok(())
}

/// Returns how far the chain of an account reaches, and where it is broken.
pub async fn coverage(tx: &mut Tx, account: BankAccountId) -> Result<chain::Coverage, JobError> {
    let links: Vec<Link> = proving(&tx.links_of(account).await?).into_iter().map(|(_, link)| link).collect();
    Ok(chain::coverage(&links))
}

/// Returns the statements of an account that prove something, as links of its chain: (statement, link).
pub(super) fn proving(rows: &[StatementLink]) -> Vec<(StatementId, Link)> {
    // What the owner accepted although it does not add up proves nothing.
    rows.iter()
        .filter(|row| row.difference.is_zero() && !row.kind.is_notification())
        .filter(|row| row.kind != StatementKind::Confirmed || belied_by(row, rows).is_none())
        .filter_map(|row| {
            Some((
                row.id,
                Link {
                    from_on: row.from_on,
                    through_on: row.through_on?,
                    opening: row.opening?,
                    closing: row.closing?,
                    is_report: row.kind.is_report(),
                },
            ))
        })
        .collect()
}

/// Tells whether a statement was booked although it does not add up. A report of the day need not: it proves nothing then, and breaks
/// nothing.
pub fn is_accepted(statement: &StatementRow) -> bool {
    !statement.difference.is_zero() && !statement.kind.is_report()
}

/// Returns the statement of the bank that contradicts what the owner confirmed: one with another balance on the confirmed days, or the
/// next one behind them, where it does not begin with that balance. Then the bank's word counts, and the confirmation proves nothing.
pub fn belied_by<'l>(confirmed: &StatementLink, all: &'l [StatementLink]) -> Option<&'l StatementLink> {
    let bank: Vec<&StatementLink> =
        all.iter().filter(|row| row.kind != StatementKind::Confirmed && !row.kind.is_notification()).collect();
    let closes_within = |row: &&StatementLink| {
        let within = row.through_on >= confirmed.from_on && row.through_on <= confirmed.through_on;
        within && row.closing.is_some() && row.closing != confirmed.closing
    };
    if let Some(row) = bank.iter().copied().find(closes_within) {
        return Some(row);
    }
    // A report within the day may begin with the balance of any hour.
    let opens = bank.iter().copied().filter(|row| !row.kind.is_report() && row.opening.is_some());
    let behind: Vec<(Option<NaiveDate>, &StatementLink)> = opens
        .map(|row| (row.from_on.or(row.through_on), row))
        .filter(|(first, row)| *first > confirmed.from_on && row.through_on > confirmed.through_on)
        .collect();
    let next = behind.iter().map(|(first, _)| *first).min()?;
    let mut next = behind.into_iter().filter(|(first, _)| *first == next).map(|(_, row)| row).peekable();
    let first = next.peek().copied();
    // Several of one day come in any order.
    if next.any(|row| row.opening == confirmed.closing) { None } else { first }
}
