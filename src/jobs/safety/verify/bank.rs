//! The bank: what the statements said stands in the books as it was read, every statement adds up, and the chains have no gaps, or
//! where they have.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::check::{Check, PAGE};
use super::repair::Repair;
use crate::fact::SightingFact;
use crate::id::EntryId;
use crate::jobs::bank::confirm::contradicted;
use crate::jobs::bank::coverage::{coverage, is_accepted};
use crate::jobs::bank::proof::{unproved, unproved_through};
use crate::jobs::office::JobError;
use crate::jobs::records::account::accounts;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::store::{SightingProof, Tx};
use crate::statement::identity;
use crate::told;
use crate::told::belied;

fn money(amount: Amount, currency: Currency) -> String {
    amount.with_currency(currency, Language::En)
}

/// Every entry is what a statement said and has become payments as a whole; opening balance and entries give the closing balance.
pub(super) async fn statements(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(
        "entries",
        "entries: as the statements said, each statement adds up, and each entry is its payments",
    );
    let (mut after, mut uetrs) = (None, BTreeSet::new());
    loop {
        let page = tx.sighting_proofs(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.statement_id, last.position));
        for sighting in &page {
            check.counted += 1;
            uetrs.extend(said(sighting, &mut check)?.map(|uetr| (sighting.entry_id, uetr)));
        }
    }
    let known: BTreeSet<(EntryId, String)> = tx.all_uetrs().await?.into_iter().collect();
    for (entry, uetr) in uetrs.symmetric_difference(&known) {
        let is_said = uetrs.contains(&(*entry, uetr.clone()));
        let words = if is_said { "is not found by" } else { "is found by what no statement says of it:" };
        let repair = Repair::Uetr { entry: *entry, uetr: uetr.clone(), is_said };
        check.stray(format!("entry {} {words} the UETR {uetr}", entry.get()), repair);
    }
    for entry in tx.unseen_entries().await? {
        check.damaged(format!("no statement says entry {}", entry.get()));
    }
    for off in tx.entries_off().await? {
        let (amount, payments) = (money(off.amount, off.currency), money(off.payments, off.currency));
        let (account, day) = (&off.account, Language::En.day(off.booked_on));
        check.damaged(format!("{account}, entry {} of {day} over {amount}: its payments are {payments}", off.id.get()));
    }
    for off in tx.statements_off().await? {
        let (opening, closing) = (money(off.opening, off.currency), money(off.closing, off.currency));
        let entries = money(off.entries + off.difference, off.currency);
        let (account, reference) = (&off.account, &off.reference);
        check.damaged(format!(
            "{account}, statement {reference}: {opening} and entries of {entries} do not give {closing}"
        ));
    }
    Ok(check)
}

/// The entry is what the statement said. Returns its UETR.
fn said(sighting: &SightingProof, check: &mut Check) -> Result<Option<String>, JobError> {
    let place = format!("statement {}, entry {}", sighting.statement_id.get(), sighting.position + 1);
    let entry = SightingFact::read_entry(&sighting.model);
    let entry = entry.map_err(JobError::model(format!("the {place} as it was read")))?;
    let read = entry.amount.and_then(|amount| Amount::rounded(amount, sighting.currency).ok());
    if read != Some(sighting.amount) || sighting.amount != sighting.entry_amount {
        let said = read.map_or_else(|| "no amount".to_owned(), |read| money(read, sighting.currency));
        let booked = money(sighting.entry_amount, sighting.currency);
        check.damaged(format!("{place}: the bank said {said}, the books hold {booked}"));
    }
    // Later statements may say it in other words; the first one made the entry.
    let is_first = sighting.statement_id == sighting.first_statement_id;
    if is_first && identity::fallback_key(&entry) != sighting.fallback_key {
        check.damaged(format!("{place}: payer or text are not what they were"));
    }
    Ok(identity::uetr(&entry))
}

/// The chain of each account: how far it is unbroken, and where it is not.
pub(super) async fn chains(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new("accounts", "accounts: each is complete as far as its chain of statements is unbroken");
    for (account, _) in accounts(tx).await? {
        check.counted += 1;
        let chain = coverage(tx, account.id).await?;
        let name = &account.name;
        if chain.through != account.covered_through {
            let day = |day: Option<NaiveDate>| day.map_or_else(|| "nowhere".to_owned(), |d| Language::En.day(d));
            let (says, is) = (day(account.covered_through), day(chain.through));
            let repair = Repair::Covered { account: account.id, through: chain.through };
            check.stray(format!("{name} counts as complete up to {says}, its statements reach {is}"), repair);
        }
        for gap in &chain.gaps {
            let (after, before) = (Language::En.day(gap.after), Language::En.day(gap.before));
            check
                .noted
                .push(format!("{name}: a gap after {after}, before the statement of {before} (settled bank gaps)"));
        }
        let off = unproved(tx, account.id, account.currency).await?;
        let through = unproved_through(&off);
        if through != account.unproved_through {
            let day = |day: Option<NaiveDate>| day.map_or_else(|| "on no day".to_owned(), |d| Language::En.day(d));
            let (says, is) = (day(account.unproved_through), day(through));
            let repair = Repair::Unproved { account: account.id, through };
            check.stray(format!("{name} counts as not proved through {says}, its entries say {is}"), repair);
        }
        for unproved in off {
            let says = told::unproved(&unproved, account.currency, Language::En);
            let is = if unproved.is_settled() { "settled by you" } else { "not proved" };
            check.noted.push(format!("{name}: {is} (settled bank gaps): {says}"));
        }
        for confirmed in contradicted(tx, &account).await? {
            let (from, through) = (Language::En.day(confirmed.from), Language::En.day(confirmed.through));
            let says = belied(confirmed.entries, confirmed.by, Language::En);
            check.noted.push(format!("{name}: confirmed without entries from {from} to {through}, but {says}"));
        }
        for statement in tx.statements_of(account.id).await?.iter().filter(|statement| is_accepted(statement)) {
            let difference = money(statement.difference, account.currency);
            let reference = &statement.reference;
            check.noted.push(format!("{name}: statement {reference} was accepted although {difference} are missing"));
        }
    }
    Ok(check)
}
