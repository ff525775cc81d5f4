//! The entries of a piece, each recognised and booked once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::pieces::ReadEntry;
use super::statement::{digest_of, extent, from_on, near, reference, through_on};
use super::twins::with_twin;
use crate::jobs::office::error::JobError;
use crate::jobs::records::receipt::book_back;
use crate::money::Amount;
use crate::shell::store::{AccountRow, NewDecision, NewEntry, NewPayment, SightingRow, StatementRow, Subject, Writing};
use crate::statement::identity::{Extent, Known, Recognised, Relation, Seen};
use crate::statement::proof::Proved;
use crate::statement::{Kind, identity};

/// A statement while it is booked: itself, its entries that are new, what it says of all of them, and the payments in them.
pub(super) struct Booking {
    id: i64,
    account: i64,
    /// How earlier statements relate to it.
    relations: HashMap<i64, Relation>,
    /// Whether the books hold nothing else of its days: then only its own entries can be equal.
    is_alone: bool,
    /// Whether a statement in another format covers some of its days: what it says need not be worded alike.
    is_reworded: bool,
    pub(super) entries: usize,
    pub(super) payments: usize,
}

impl Booking {
    pub(super) async fn begin(
        writing: &mut Writing<'_>,
        kind: Kind,
        bank_file: i64,
        proved: &Proved,
        account: &AccountRow,
    ) -> Result<Booking, JobError> {
        let statement = &proved.statement;
        let balances = proved.proof.balances().filter(|_| kind != Kind::Camt054);
        let row = StatementRow {
            id: 0,
            bank_account_id: account.id,
            kind: kind.name().to_owned(),
            bank_file_id: Some(bank_file),
            reference: reference(statement),
            sequence: statement.electronic_seq.as_deref().and_then(|seq| seq.parse().ok()),
            from_on: from_on(proved),
            through_on: through_on(kind, statement),
            opening: balances.map(|(opening, _)| opening.minor()),
            closing: balances.map(|(_, closing)| closing.minor()),
            difference: proved.proof.difference().minor(),
            digest: digest_of(kind, proved),
            run_id: 0,
        };
        let hand = Extent {
            kind,
            sequence: row.sequence,
            from_on: row.from_on,
            through_on: row.through_on,
            opening: row.opening.map(Amount::from_minor),
            closing: row.closing.map(Amount::from_minor),
        };
        let links = writing.tx.links_of(account.id).await?;
        let extents: Vec<(i64, Extent)> = links.iter().filter_map(|link| Some((link.id, extent(link)?))).collect();
        let all = near(&hand, &extents.iter().map(|(_, extent)| *extent).collect::<Vec<_>>());
        let mut relations: HashMap<i64, Relation> =
            extents.iter().map(|(id, earlier)| (*id, earlier.relation(&hand, &all))).collect();
        let days: Vec<NaiveDate> =
            proved.booked.into_iter().flat_map(|(first, last)| [first, last]).chain(statement.day()).collect();
        let is_alone = match (days.iter().min(), days.iter().max()) {
            (Some(first), Some(last)) => !writing.tx.has_entries(account.id, *first, *last).await?,
            _ => true,
        };
        let id = writing.add_statement(row).await?;
        let is_reworded = !is_alone && relations.values().any(|relation| *relation == Relation::Reworded);
        relations.insert(id, Relation::InHand);
        Ok(Booking { id, account: account.id, relations, is_alone, is_reworded, entries: 0, payments: 0 })
    }

    /// Books some of its entries.
    pub(super) async fn book(&mut self, writing: &mut Writing<'_>, entries: Vec<ReadEntry>) -> Result<(), JobError> {
        let seen: Vec<Seen> = entries.iter().map(|read| read.seen.clone()).collect();
        let known = self.known(writing, &seen).await?;
        let recognised = identity::recognise(&seen, &known);
        let new = seen.iter().zip(&recognised).filter_map(|(seen, recognised)| match recognised {
            Recognised::Known(_) => None,
            Recognised::New { ordinal, .. } => Some(NewEntry {
                booked_on: seen.booked_on,
                fallback_key: seen.fallback_key.clone(),
                ordinal: *ordinal,
                bank_ref: seen.bank_ref.clone(),
                amount: seen.amount,
            }),
        });
        let new = writing.add_entries(self.account, new.collect()).await?;
        let mut ids = new.iter().copied();
        self.entries += entries.len();
        let (mut sightings, mut payments) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
        let mut told_again: BTreeMap<i64, Vec<NewPayment>> = BTreeMap::new();
        for (read, recognised) in entries.into_iter().zip(&recognised) {
            let id = match recognised {
                Recognised::Known(id) => *id,
                Recognised::New { .. } => ids.next().expect("a row for each new entry"),
            };
            let ReadEntry { position, value_on, details, model, .. } = read;
            let amount = read.seen.amount;
            sightings.push(SightingRow { position, entry: id, amount, value_on, details, model });
            // An entry over nothing, such as the bank's closing of the quarter, moves no money.
            let own = read.payments.into_iter().filter(|payment| payment.amount != 0);
            let own = own.map(|payment| NewPayment { entry: payment.entry.map(|(_, detail)| (id, detail)), ..payment });
            match recognised {
                Recognised::Known(_) => {
                    told_again.insert(id, own.collect());
                }
                Recognised::New { doubtful, .. } => payments.extend(own.map(|payment| NewPayment {
                    held_because: payment.held_because.or(doubtful.then_some("possible_duplicate")),
                    ..payment
                })),
            }
        }
        writing.add_sightings(self.id, sightings).await?;
        payments.extend(hear_again(writing, told_again).await?);
        self.payments += payments.len();
        let places: Vec<(i64, bool)> =
            payments.iter().map(|p| (p.entry.map_or(0, |(entry, _)| entry), p.held_because.is_some())).collect();
        let payments = writing.add_payments(payments).await?;
        let doubtful = with_twin(writing, self.account, &new.into_iter().collect()).await?;
        for (payment, (entry, is_held)) in payments.into_iter().zip(places) {
            if doubtful.contains(&entry) && !is_held {
                writing.hold_payment(payment, "possible_duplicate").await?;
            }
        }
        Ok(())
    }

    /// The entries of the books that some of the statement's could be, and how the statements that saw them relate to it.
    async fn known(&self, writing: &mut Writing<'_>, seen: &[Seen]) -> Result<Vec<Known>, JobError> {
        let mut rows;
        if self.is_reworded {
            let days: BTreeSet<NaiveDate> = seen.iter().map(|s| s.booked_on).collect();
            rows = writing.tx.entries_of_days(self.account, &json(&days)).await?;
        } else {
            let wanted: BTreeSet<_> = seen.iter().map(|s| (s.booked_on, &s.fallback_key, &s.bank_ref)).collect();
            rows = writing.tx.entries_by_key(self.account, &json(&wanted)).await?;
            if !self.is_alone {
                rows.extend(writing.tx.entries_by_ref(self.account, &json(&wanted)).await?);
            }
        }
        let known = rows.into_iter().map(|entry| Known {
            entry: entry.id,
            seen: Seen {
                booked_on: entry.booked_on,
                fallback_key: entry.fallback_key,
                bank_ref: entry.bank_ref,
                amount: entry.amount,
            },
            ordinal: entry.ordinal,
            relation: self.relations.get(&entry.statement_id).copied().unwrap_or(Relation::Unknown),
        });
        Ok(known.collect())
    }
}

/// Takes over what a statement says of entries that are known: their undecided payments are tried again, for it may say more; and the
/// details of a collective entry, where they were missing, are the payments. Returns these.
async fn hear_again(
    writing: &mut Writing<'_>,
    mut told: BTreeMap<i64, Vec<NewPayment>>,
) -> Result<Vec<NewPayment>, JobError> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let mut details = Vec::new();
    let mut again = Vec::new();
    for payment in writing.tx.undecided_of_entries(&told.keys().copied().collect::<Vec<_>>()).await? {
        let Some(said) = told.get_mut(&payment.entry_id) else { continue };
        let is_whole = payment.open_amount == payment.amount;
        match payment.held_because.as_deref() {
            None | Some("return_unmatched") => again.push(payment.payment_id),
            Some("batch_without_details") if is_whole && said.len() > 1 => {
                let whole = writing.tx.payment(payment.payment_id).await?;
                book_back(writing, &whole.ok_or_else(|| JobError::damaged("an entry without its payment"))?).await?;
                writing.close_payments(&[payment.payment_id]).await?;
                let reason = "the bank has told its details, which are payments of their own";
                let decision = NewDecision {
                    subject: Subject::payment(payment.payment_id),
                    rule: "M1".to_owned(),
                    verdict: "ignored".to_owned(),
                    facts: serde_json::json!({ "flags": [], "reason": reason }).to_string(),
                    next_on: None,
                };
                writing.add_decision(decision).await?;
                details.append(said);
            }
            Some(_) => {}
        }
    }
    writing.try_again(&again).await?;
    Ok(details)
}

pub(super) fn json(wanted: &impl serde::Serialize) -> String {
    serde_json::to_string(wanted).expect("days and texts are JSON")
}
