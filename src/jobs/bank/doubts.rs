//! Entries that may be another one seen again: the doubt ends when a chained statement proves it.

use std::collections::{BTreeSet, HashMap};

use super::entries::json;
use super::statement::{extent, near};
use super::twins::with_twin;
use crate::jobs::office::error::JobError;
use crate::shell::store::Writing;
use crate::statement::identity;
use crate::statement::identity::{Extent, Relation};

/// Looks anew at payments that may have been booked before: what has come meanwhile may prove that they are payments of their own.
pub(super) async fn settle_doubts(writing: &mut Writing<'_>, account: i64) -> Result<(), JobError> {
    let doubted = writing.tx.doubted_payments(account).await?;
    if doubted.is_empty() {
        return Ok(());
    }
    let links = writing.tx.links_of(account).await?;
    let extents: HashMap<i64, Extent> = links.iter().filter_map(|link| Some((link.id, extent(link)?))).collect();
    let all: Vec<Extent> = extents.values().copied().collect();
    let wanted: BTreeSet<_> = doubted.iter().map(|d| (d.booked_on, &d.fallback_key)).collect();
    let equal = writing.tx.entries_by_key(account, &json(&wanted)).await?;
    let seen_by =
        |entry: i64| -> Vec<i64> { equal.iter().filter(|row| row.id == entry).map(|row| row.statement_id).collect() };
    let relation = |a: &i64, b: &i64| match (extents.get(a), extents.get(b)) {
        (Some(a), Some(b)) => a.relation(b, &near(a, &all)),
        _ => Relation::Unknown,
    };
    let under_other_days = with_twin(writing, account, &doubted.iter().map(|d| d.entry_id).collect()).await?;
    let mut proved = Vec::new();
    for payment in doubted.iter().filter(|payment| !under_other_days.contains(&payment.entry_id)) {
        let own = seen_by(payment.entry_id);
        let others: BTreeSet<i64> = equal
            .iter()
            .filter(|row| row.booked_on == payment.booked_on && row.fallback_key == payment.fallback_key)
            .map(|row| row.id)
            .filter(|id| *id != payment.entry_id)
            .collect();
        if others.into_iter().all(|other| identity::are_two(&own, &seen_by(other), relation)) {
            proved.push(payment.payment_id);
        }
    }
    Ok(writing.try_again(&proved).await?)
}
