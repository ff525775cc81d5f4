//! The row of a statement: its digest, its reference, its first and last day.

use chrono::NaiveDate;

use crate::journal::Digest;
use crate::shell::store::StatementLink;
use crate::statement::proof::Proved;
use crate::statement::recognise::Extent;
use crate::statement::{Kind, Statement};

/// By which hash a statement is known again. A report of the day may say what the statement of the day says, word for word: they are two,
/// for only the statement tells apart the equal payments of a day.
pub(super) fn digest_of(kind: Kind, proved: &Proved) -> String {
    if kind.is_statement() { proved.digest.clone() } else { Digest::new().text(kind.name()).text(&proved.digest).end() }
}

/// What a statement is called, where it is called anything.
pub(super) fn name(statement: &Statement) -> Option<String> {
    let names = [&statement.electronic_seq, &statement.legal_seq, &statement.id];
    names.into_iter().flatten().find(|name| !name.trim_start_matches('0').is_empty()).cloned()
}

/// What a statement is called in a report of what was done.
pub(super) fn reference(statement: &Statement) -> String {
    name(statement).unwrap_or_else(|| "without a name".to_owned())
}

/// The day up to which it is complete; a notification (camt.054) never is.
pub(super) fn through_on(kind: Kind, statement: &Statement) -> Option<NaiveDate> {
    statement.complete_through().filter(|_| !kind.is_notification())
}

/// The first day that a statement covers: as stated, else the day of its opening balance.
pub(super) fn from_on(proved: &Proved) -> Option<NaiveDate> {
    let statement = &proved.statement;
    let stated = statement.from.as_deref().and_then(|from| from.get(..10)?.parse().ok());
    let opening = statement.opening_balance().and_then(|balance| match balance.kind.as_deref() {
        // The closing balance of the day before.
        Some("PRCD") => balance.date?.succ_opt(),
        _ => balance.date,
    });
    [stated, opening, proved.booked.map(|(first, _)| first)].into_iter().flatten().next()
}

/// The most statements of some days whose balances are followed from one to the other.
const MOST_LINKS: usize = 200;

/// What an earlier statement covers; nothing where it holds no entries, as the owner's word.
pub(super) fn extent(link: &StatementLink) -> Option<Extent> {
    Some(Extent {
        kind: link.kind.of_bank()?,
        sequence: link.sequence,
        from_on: link.from_on,
        through_on: link.through_on,
        opening: link.opening,
        closing: link.closing,
    })
}

/// The statements among some that may share days with one, or lead from it to one that does.
pub(super) fn near(hand: &Extent, all: &[Extent]) -> Vec<Extent> {
    let near = all.iter().filter(|other| other.kind.is_statement() && other.is_near(hand));
    near.take(MOST_LINKS).copied().collect()
}
