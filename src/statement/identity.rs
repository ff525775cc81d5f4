//! What a statement and an entry are known by: digests of what they say, and the ids that they carry (rule M1.2).

use chrono::NaiveDate;

use super::model::{Entry, Statement, Transaction};
use crate::journal::Digest;
use crate::reference::squeeze;

/// Feeds an entry into the digest of its statement. White space and the order of elements do not count.
pub fn digest_entry(digest: Digest, entry: &Entry) -> Digest {
    let day = |day: Option<NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
    let mut digest = digest
        .text(&entry.amount.map(|a| a.normalize().to_string()).unwrap_or_default())
        .text(entry.currency.as_ref().map_or("", |c| c.code()))
        .text(entry.status.as_deref().unwrap_or("BOOK"))
        .text(&day(entry.booking_date))
        .text(&day(entry.value_date))
        .maybe(entry.acct_svcr_ref.as_deref());
    for transaction in &entry.transactions {
        digest = digest
            .text(&transaction.amount.map(|a| a.normalize().to_string()).unwrap_or_default())
            .maybe(transaction.end_to_end_id.as_deref())
            .maybe(counterparty_iban(entry, transaction))
            .text(&squeezed_text(transaction));
    }
    digest
}

/// Ends the digest of a statement: what it says of account, balances and entries. Its id does not count: some banks make a new
/// one for each download.
pub fn digest_statement(statement: &Statement, entries: &str) -> String {
    let account = &statement.account;
    let mut digest = Digest::new()
        .maybe(account.iban.as_deref())
        .maybe(account.other.as_deref())
        .text(statement.currency.as_ref().map_or("", |c| c.code()));
    for balance in &statement.balances {
        digest = digest
            .maybe(balance.kind.as_deref())
            .text(&balance.amount.map(|a| a.normalize().to_string()).unwrap_or_default())
            .text(&balance.date.map(|d| d.to_string()).unwrap_or_default());
    }
    digest.number(i64::try_from(statement.entry_count).unwrap_or(i64::MAX)).text(entries).end()
}

/// Returns the fallback key of an entry: what it says but for the bank's reference, which banks change and reuse (fault 40).
/// Equal keys of one booking day are counted, never merged.
pub fn fallback_key(entry: &Entry) -> String {
    let mut digest = Digest::new().text(&entry.amount.map(|a| a.normalize().to_string()).unwrap_or_default());
    for transaction in &entry.transactions {
        digest = digest
            .maybe(end_to_end_id(transaction))
            .maybe(counterparty_iban(entry, transaction))
            .text(&squeezed_text(transaction));
    }
    // Half of the hash tells entries of one day and account apart by far, and keeps the books small.
    digest.end()[..32].to_owned()
}

/// Returns the end-to-end id; `NOTPROVIDED` is none.
pub fn end_to_end_id(transaction: &Transaction) -> Option<&str> {
    transaction.end_to_end_id.as_deref().filter(|id| *id != "NOTPROVIDED")
}

/// Returns the UETR of an entry that is one payment: the number that it keeps from the first bank to the last, in whatever words each
/// tells of it. What is none, such as a row of zeros, says nothing.
pub fn uetr(entry: &Entry) -> Option<String> {
    let [transaction] = &entry.transactions[..] else { return None };
    let uetr = transaction.uetr.as_ref()?.to_ascii_lowercase();
    let parts: Vec<usize> = uetr.split('-').map(str::len).collect();
    let is_hex = uetr.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let says_nothing = uetr.bytes().all(|b| matches!(b, b'0' | b'-'));
    (parts == [8, 4, 4, 4, 12] && is_hex && !says_nothing).then_some(uetr)
}

/// Returns the other party's account: the debtor's for money in, the creditor's for money out.
pub fn counterparty_iban<'t>(entry: &Entry, transaction: &'t Transaction) -> Option<&'t str> {
    let money_out = transaction.amount.or(entry.amount).is_some_and(|amount| amount.is_sign_negative());
    let party = if money_out { &transaction.creditor } else { &transaction.debtor };
    party.as_ref().and_then(|party| party.iban.as_deref().or(party.other_account.as_deref()))
}

/// Returns the remittance of a transaction, letters and digits only.
fn squeezed_text(transaction: &Transaction) -> String {
    let structured = transaction.creditor_references.iter().map(|r| r.reference.as_str());
    let lines = transaction.ustrd.iter().map(String::as_str);
    structured.chain(lines).map(squeeze).collect()
}
