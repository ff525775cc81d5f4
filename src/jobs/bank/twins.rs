//! One booking that two files tell under two days: it is held until the balances prove that it is two (rule M1.2).

use std::collections::{BTreeSet, HashMap};

use super::statement::extent;
use crate::jobs::office::currency;
use crate::jobs::office::error::JobError;
use crate::matching::{MOST_DAYS_APART, Payment, is_twin};
use crate::money::Amount;
use crate::shell::store::{AccountRow, ToldRow, Writing};
use crate::statement::Entry;
use crate::statement::identity::Extent;

/// Returns those of some entries of an account that another statement may tell under another day, while no chain of balances leads from
/// the one statement to the other.
///
/// # Errors
/// When the books cannot be read, or hold an entry that is none.
pub(super) async fn with_twin(
    writing: &mut Writing<'_>,
    account: i64,
    entries: &BTreeSet<i64>,
) -> Result<BTreeSet<i64>, JobError> {
    let mut found = BTreeSet::new();
    if entries.is_empty() {
        return Ok(found);
    }
    let pairs = writing.tx.twins_of(&ids(entries), MOST_DAYS_APART).await?;
    if pairs.is_empty() {
        return Ok(found);
    }
    let account: Option<AccountRow> = writing.tx.accounts().await?.into_iter().find(|row| row.id == account);
    let account = account.ok_or_else(|| JobError::damaged("an entry of no account"))?;
    let links = writing.tx.links_of(account.id).await?;
    let extents: HashMap<i64, Extent> = links.iter().filter_map(|link| Some((link.id, extent(link)?))).collect();
    let both: BTreeSet<i64> = pairs.iter().flat_map(|(entry, other)| [*entry, *other]).collect();
    let told = writing.tx.sightings_of(&ids(&both)).await?;
    let by = |entry: i64| told.iter().filter(move |row| row.entry_id == entry);
    for (entry, other) in pairs {
        // One statement that tells both, or two that chain: these are two bookings.
        let are_two = by(entry).any(|one| {
            by(other).any(|another| {
                let chain = extents.get(&one.statement_id).zip(extents.get(&another.statement_id));
                one.statement_id == another.statement_id
                    || chain.is_some_and(|(one, other)| one.chains_with(other, &between(one, other, &extents)))
            })
        });
        let Some((one, other)) = by(entry).next().zip(by(other).next()).filter(|_| !are_two) else { continue };
        let (seen, other_seen) = (seen(one, &account)?, seen(other, &account)?);
        if is_twin((&seen, one.bank_ref.as_deref()), (&other_seen, other.bank_ref.as_deref())) {
            found.insert(entry);
        }
    }
    Ok(found)
}

/// The statements of the days of two, and of those between.
fn between(one: &Extent, other: &Extent, all: &HashMap<i64, Extent>) -> Vec<Extent> {
    let (first, last) = (one.from_on.min(other.from_on), one.through_on.max(other.through_on));
    all.values().filter(|extent| extent.through_on >= first && extent.from_on <= last).copied().collect()
}

/// An entry as the matcher sees it.
fn seen(told: &ToldRow, account: &AccountRow) -> Result<Payment, JobError> {
    let entry: Entry =
        serde_json::from_str(&told.model).map_err(JobError::model(format!("an entry of {}", account.name)))?;
    let currency = currency(&account.currency)?;
    let amount = entry.amount.and_then(|amount| Amount::rounded(amount, currency).ok()).unwrap_or_default();
    Ok(Payment::of_entry(&entry, 0, amount, currency, (told.booked_on, told.booked_on), None))
}

fn ids(entries: &BTreeSet<i64>) -> String {
    serde_json::to_string(entries).expect("numbers are JSON")
}
