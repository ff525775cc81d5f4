//! What makes a statement and an entry the same as one seen before (rule M1.2).

use std::collections::{BTreeMap, HashMap};

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

/// An entry of a statement, as far as it matters for recognising it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The booking day.
    pub booked_on: NaiveDate,
    /// What it says, by hash.
    pub fallback_key: String,
    /// The bank's reference; placeholders are none.
    pub bank_ref: Option<String>,
    /// The signed amount in minor units.
    pub amount: i64,
}

/// An entry in the books, with a statement that saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its row.
    pub entry: i64,
    /// What it says.
    pub seen: Seen,
    /// The how-manieth equal one of its day.
    pub ordinal: i64,
    /// How the statement that saw it relates to the one in hand.
    pub relation: Relation,
}

/// How an earlier statement relates to the one in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Proved by the chain of balances to cover other bookings: equal entries are two.
    Disjoint,
    /// It covers the same bookings: equal entries are one.
    Overlapping,
    /// Neither is proved.
    Unknown,
    /// It is the statement in hand: the entry is one of those that it named before.
    InHand,
}

/// What an entry of the statement in hand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// This entry of the books.
    Known(i64),
    /// A new one, the how-manieth equal one of its day.
    New {
        /// From 1.
        ordinal: i64,
        /// Nothing proves that it is not one that is known.
        doubtful: bool,
    },
}

/// Recognises the entries of a statement among those of the books (rule M1.2): by the bank's reference where amount and day
/// agree too, else by what they say. Equal entries of one day are counted: statements that chain disjointly add their counts,
/// overlapping ones take the maximum, and where neither is proved the entry is new but doubtful.
///
/// A long statement comes in pieces; what it named in an earlier piece is among `known` as [`Relation::InHand`].
pub fn recognise<'s>(seen: &'s [Seen], known: &'s [Known]) -> Vec<Recognised> {
    /// An entry of the books. It overlaps if any statement that saw it does.
    struct Slot<'k> {
        seen: &'k Seen,
        overlaps: bool,
        unproved: bool,
        taken: bool,
    }
    let mut slots: BTreeMap<i64, Slot<'_>> = BTreeMap::new();
    let mut last: HashMap<(NaiveDate, &str), i64> = HashMap::new();
    for one in known {
        let new = Slot { seen: &one.seen, overlaps: false, unproved: false, taken: false };
        let slot = slots.entry(one.entry).or_insert(new);
        slot.overlaps |= one.relation == Relation::Overlapping;
        slot.unproved |= one.relation == Relation::Unknown;
        slot.taken |= one.relation == Relation::InHand;
        let count = last.entry((one.seen.booked_on, one.seen.fallback_key.as_str())).or_default();
        *count = (*count).max(one.ordinal);
    }
    type Index<'k> = HashMap<(NaiveDate, i64, &'k str), Vec<i64>>;
    let (mut by_ref, mut by_key): (Index<'_>, Index<'_>) = (HashMap::new(), HashMap::new());
    for (id, slot) in &slots {
        let Seen { booked_on, amount, fallback_key, bank_ref } = slot.seen;
        by_key.entry((*booked_on, *amount, fallback_key)).or_default().push(*id);
        if let Some(reference) = bank_ref {
            by_ref.entry((*booked_on, *amount, reference)).or_default().push(*id);
        }
    }
    let mut claim = |index: &Index<'_>, wanted: &Seen, what: &str| {
        let equal = index.get(&(wanted.booked_on, wanted.amount, what))?;
        let id = equal.iter().copied().find(|id| slots[id].overlaps && !slots[id].taken)?;
        slots.get_mut(&id).expect("it is indexed").taken = true;
        Some(Recognised::Known(id))
    };
    // References first: an equal text may belong to another reference.
    let mut found: Vec<Option<Recognised>> =
        seen.iter().map(|wanted| claim(&by_ref, wanted, wanted.bank_ref.as_deref()?)).collect();
    for (slot, wanted) in found.iter_mut().zip(seen).filter(|(slot, _)| slot.is_none()) {
        *slot = claim(&by_key, wanted, &wanted.fallback_key);
    }
    let doubtful = |wanted: &Seen| {
        let equal = by_key.get(&(wanted.booked_on, wanted.amount, wanted.fallback_key.as_str()));
        equal.into_iter().flatten().any(|id| slots[id].unproved && !slots[id].overlaps)
    };
    let number = |(slot, wanted): (Option<Recognised>, &'s Seen)| {
        slot.unwrap_or_else(|| {
            let count = last.entry((wanted.booked_on, wanted.fallback_key.as_str())).or_default();
            *count += 1;
            Recognised::New { ordinal: *count, doubtful: doubtful(wanted) }
        })
    };
    found.into_iter().zip(seen).map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(key: &str, bank_ref: Option<&str>) -> Seen {
        Seen {
            booked_on: "2026-02-04".parse().unwrap(),
            fallback_key: key.into(),
            bank_ref: bank_ref.map(str::to_owned),
            amount: 100,
        }
    }

    fn known(entry: i64, key: &str, bank_ref: Option<&str>, ordinal: i64, relation: Relation) -> Known {
        Known { entry, seen: seen(key, bank_ref), ordinal, relation }
    }

    #[test]
    fn entries_are_recognised_counted_and_doubted() {
        use Recognised::{Known as K, New};
        let new = |ordinal| New { ordinal, doubtful: false };
        type Row = (&'static str, Vec<Seen>, Vec<Known>, Vec<Recognised>);
        let table: Vec<Row> = vec![
            ("two equal payments on one day", vec![seen("a", None), seen("a", None)], vec![], vec![new(1), new(2)]),
            (
                "seen again by an overlapping statement",
                vec![seen("a", None)],
                vec![known(1, "a", None, 1, Relation::Overlapping)],
                vec![K(1)],
            ),
            (
                "an overlapping statement has one more",
                vec![seen("a", None), seen("a", None)],
                vec![known(1, "a", None, 1, Relation::Overlapping)],
                vec![K(1), new(2)],
            ),
            (
                "the next statement has an equal one",
                vec![seen("a", None)],
                vec![known(1, "a", None, 1, Relation::Disjoint)],
                vec![new(2)],
            ),
            (
                "nothing is proved",
                vec![seen("a", None)],
                vec![known(1, "a", None, 1, Relation::Unknown)],
                vec![New { ordinal: 2, doubtful: true }],
            ),
            (
                "the text changed, the reference did not",
                vec![seen("b", Some("R1"))],
                vec![known(1, "a", Some("R1"), 1, Relation::Overlapping)],
                vec![K(1)],
            ),
            (
                "the reference changed, the text did not",
                vec![seen("a", Some("R2"))],
                vec![known(1, "a", Some("R1"), 1, Relation::Overlapping)],
                vec![K(1)],
            ),
            (
                "a piece of a statement, behind one that named the same",
                vec![seen("a", None), seen("b", Some("R1"))],
                vec![known(1, "a", None, 1, Relation::InHand), known(2, "b", Some("R1"), 1, Relation::Overlapping)],
                vec![new(2), K(2)],
            ),
            (
                "named before by the statement in hand",
                vec![seen("a", None)],
                vec![known(1, "a", None, 1, Relation::Overlapping), known(1, "a", None, 1, Relation::InHand)],
                vec![new(2)],
            ),
            (
                "seen by a disjoint and by an overlapping one",
                vec![seen("a", None)],
                vec![known(1, "a", None, 1, Relation::Disjoint), known(1, "a", None, 1, Relation::Overlapping)],
                vec![K(1)],
            ),
        ];
        for (title, seen, known, expected) in table {
            assert_eq!(recognise(&seen, &known), expected, "{title}");
        }
    }
}
