//! Entries that may be another one seen again: the doubt ends when a chained statement proves it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::entries::{json, seen_of};
use super::statement::{extent, near};
use crate::id::{BankAccountId, EntryId, StatementId};
use crate::jobs::office::JobError;
use crate::shell::store::Writing;
use crate::statement::recognise;
use crate::statement::recognise::{Extent, Relation, Seen};

/// Looks anew at payments that may have been booked before: what has come meanwhile may prove that they are payments of their own.
pub(super) async fn settle_doubts(writing: &mut Writing<'_>, account: BankAccountId) -> Result<(), JobError> {
    let doubted = writing.tx.doubted_payments(account).await?;
    if doubted.is_empty() {
        return Ok(());
    }
    let links = writing.tx.links_of(account).await?;
    let extents: HashMap<StatementId, Extent> =
        links.iter().filter_map(|link| Some((link.id, extent(link)?))).collect();
    let all: Vec<Extent> = extents.values().copied().collect();
    let wanted: BTreeSet<_> =
        doubted.iter().flat_map(|d| recognise::days_around(d.booked_on).map(|day| (day, &d.fallback_key))).collect();
    let rows = writing.tx.entries_by_key(account, &json(&wanted)).await?;
    let equal = seen_of(writing, rows).await?;
    let seen_by = |entry: EntryId| -> Vec<StatementId> {
        equal.iter().filter(|(row, _)| row.id == entry).map(|(row, _)| row.statement_id).collect()
    };
    let relation = |a: &StatementId, b: &StatementId| match (extents.get(a), extents.get(b)) {
        (Some(a), Some(b)) => a.relation(b, &near(a, &all)),
        _ => Relation::Unknown,
    };
    let mut proved = Vec::new();
    for payment in &doubted {
        let Some((_, seen)) = equal.iter().find(|(row, _)| row.id == payment.entry_id) else { continue };
        let has_end_to_end_id =
            writing.tx.payment(payment.payment_id).await?.is_some_and(|payment| payment.end_to_end_id.is_some());
        let seen = Seen { has_end_to_end_id, ..seen.clone() };
        let own = seen_by(payment.entry_id);
        let others: BTreeMap<EntryId, bool> = equal
            .iter()
            .filter(|(row, other)| row.id != payment.entry_id && other.fallback_key == seen.fallback_key)
            .filter(|(_, other)| other.booked_on == seen.booked_on || seen.may_be_of_another_day(other))
            .map(|(row, other)| (row.id, other.booked_on == seen.booked_on))
            .collect();
        let is_two =
            |(other, on_one_day): (EntryId, bool)| recognise::are_two(&own, &seen_by(other), on_one_day, relation);
        if others.into_iter().all(is_two) {
            proved.push(payment.payment_id);
        }
    }
    Ok(writing.try_again(&proved).await?)
}
