//! The bank: what the statements said stands in the books as it was read, every statement adds up, and the chains have no gaps, or
//! where they have.

use std::collections::BTreeSet;

use super::check::{Check, PAGE};
use super::repair::Repair;
use crate::fact::SightingFact;
use crate::id::EntryId;
use crate::jobs::bank::confirm::contradicted;
use crate::jobs::bank::coverage::{coverage, is_accepted};
use crate::jobs::bank::proof::{unproved, unproved_through};
use crate::jobs::office::JobError;
use crate::jobs::records::account::accounts;
use crate::money::{Amount, Currency};
use crate::question::Money;
use crate::shell::store::{SightingProof, Tx};
use crate::statement::identity;
use crate::told::{Belied, Flaw, Looked, Noted, Piece};

fn money(amount: Amount, currency: Currency) -> Money {
    Money { amount, currency }
}

/// Every entry is what a statement said and has become payments as a whole; opening balance and entries give the closing balance.
pub(super) async fn statements(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(Looked::Entries {});
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
        let repair = Repair::Uetr { entry: *entry, uetr: uetr.clone(), is_said };
        let (entry, uetr) = (entry.get(), uetr.clone());
        check.stray(if is_said { Flaw::NoUetr { entry, uetr } } else { Flaw::StrayUetr { entry, uetr } }, repair);
    }
    for entry in tx.unseen_entries().await? {
        check.damaged(Flaw::NotSaid { entry: entry.get() });
    }
    for off in tx.entries_off().await? {
        let (amount, payments) = (money(off.amount, off.currency), money(off.payments, off.currency));
        let (account, entry, day) = (off.account, off.id.get(), off.booked_on);
        check.damaged(Flaw::EntryOff { account, entry, day, amount, payments });
    }
    for off in tx.statements_off().await? {
        let (opening, closing) = (money(off.opening, off.currency), money(off.closing, off.currency));
        let entries = money(off.entries + off.difference, off.currency);
        let (account, statement) = (off.account, off.reference);
        check.damaged(Flaw::StatementOff { account, statement, opening, entries, closing });
    }
    Ok(check)
}

/// The entry is what the statement said. Returns its UETR.
fn said(sighting: &SightingProof, check: &mut Check) -> Result<Option<String>, JobError> {
    let (statement, nth) = (sighting.statement_id.get(), sighting.position + 1);
    let entry = SightingFact::read_entry(&sighting.model);
    let entry = entry.map_err(JobError::model(format!("the statement {statement}, entry {nth} as it was read")))?;
    let read = entry.amount.and_then(|amount| Amount::rounded(amount, sighting.currency).ok());
    if read != Some(sighting.amount) || sighting.amount != sighting.entry_amount {
        let booked = money(sighting.entry_amount, sighting.currency);
        check.damaged(match read.map(|read| money(read, sighting.currency)) {
            Some(said) => Flaw::SaidOtherwise { statement, nth, said, booked },
            None => Flaw::SaidNoAmount { statement, nth, booked },
        });
    }
    // Later statements may say it in other words; the first one made the entry.
    let is_first = sighting.statement_id == sighting.first_statement_id;
    if is_first && identity::fallback_key(&entry) != sighting.fallback_key {
        check.damaged(Flaw::OtherText { statement, nth });
    }
    Ok(identity::uetr(&entry))
}

/// The chain of each account: how far it is unbroken, and where it is not.
pub(super) async fn chains(tx: &mut Tx) -> Result<Check, JobError> {
    let mut check = Check::new(Looked::Accounts {});
    for (account, _) in accounts(tx).await? {
        check.counted += 1;
        let chain = coverage(tx, account.id).await?;
        let (name, currency) = (|| account.name.clone(), account.currency);
        if chain.through != account.covered_through {
            let (says, is) = (account.covered_through, chain.through);
            let repair = Repair::Covered { account: account.id, through: is };
            check.stray(Flaw::Covered { account: name(), says, is }, repair);
        }
        for gap in &chain.gaps {
            check.noted.push(Noted::Gap { account: name(), after: gap.after, before: gap.before });
        }
        let off = unproved(tx, account.id, currency).await?;
        let through = unproved_through(&off);
        if through != account.unproved_through {
            let repair = Repair::Unproved { account: account.id, through };
            check.stray(Flaw::Proved { account: name(), says: account.unproved_through, is: through }, repair);
        }
        check.noted.extend(off.into_iter().map(|unproved| {
            let is_settled = unproved.is_settled();
            let (account, piece) = (name(), Piece { unproved, currency });
            if is_settled { Noted::Settled { account, piece } } else { Noted::NotProved { account, piece } }
        }));
        for confirmed in contradicted(tx, &account).await? {
            let belied = Belied { entries: confirmed.entries, by: confirmed.by };
            let (from, through) = (confirmed.from, confirmed.through);
            check.noted.push(Noted::Belied { account: name(), from, through, belied });
        }
        for statement in tx.statements_of(account.id).await?.into_iter().filter(is_accepted) {
            let difference = money(statement.difference, currency);
            check.noted.push(Noted::Accepted { account: name(), statement: statement.reference, difference });
        }
    }
    Ok(check)
}
