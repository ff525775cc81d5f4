//! The entries of a piece, each recognised and booked once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::pieces::ReadEntry;
use super::statement::{digest_of, extent, from_on, near, reference, through_on};
use crate::fact::{DecisionFact, Subject};
use crate::id::{BankAccountId, BankFileId, EntryId, StatementId};
use crate::jobs::office::JobError;
use crate::jobs::records::decision::new_decision;
use crate::jobs::records::receipt::book_back;
use crate::matching::HeldBecause;
use crate::shell::store::{AccountRow, EntryRow, NewEntry, NewPayment, NewStatement, SightingRow, Writing};
use crate::statement::proof::Proved;
use crate::statement::recognise::{Extent, Known, Recognised, Relation, Seen};
use crate::statement::{Kind, StatementKind, recognise};

/// A statement while it is booked: itself, its entries that are new, what it says of all of them, and the payments in them.
pub(super) struct Booking {
    pub(super) id: StatementId,
    account: BankAccountId,
    /// How earlier statements relate to it.
    relations: HashMap<StatementId, Relation>,
    /// Whether the books hold nothing else of its days: then only its own entries can be equal.
    is_alone: bool,
    /// Whether a statement in another format covers some of its days: what it says need not be worded alike.
    is_reworded: bool,
    /// Whether some source tells of days near its own that is not proved to tell of other bookings.
    has_doubts: bool,
    pub(super) entries: usize,
    pub(super) payments: usize,
    /// Whether it holds nothing but entries of its own, on days of which the books held none.
    pub(super) is_all_new: bool,
}

impl Booking {
    pub(super) async fn begin(
        writing: &mut Writing<'_>,
        kind: Kind,
        bank_file: BankFileId,
        proved: &Proved,
        account: &AccountRow,
    ) -> Result<Booking, JobError> {
        let statement = &proved.statement;
        let (opening, closing) = proved.proof.balances().filter(|_| !kind.is_notification()).unzip();
        let new = NewStatement {
            bank_account_id: account.id,
            kind: StatementKind::OfBank(kind),
            bank_file_id: Some(bank_file),
            reference: reference(statement),
            sequence: statement.electronic_seq.as_deref().and_then(|seq| seq.parse().ok()),
            from_on: from_on(proved),
            through_on: through_on(kind, statement),
            opening,
            closing,
            difference: proved.proof.difference(),
            digest: digest_of(kind, proved),
        };
        let hand = Extent {
            kind,
            sequence: new.sequence,
            from_on: new.from_on,
            through_on: new.through_on,
            opening: new.opening,
            closing: new.closing,
        };
        let links = writing.tx.links_of(account.id).await?;
        let extents: Vec<(StatementId, Extent)> =
            links.iter().filter_map(|link| Some((link.id, extent(link)?))).collect();
        let all = near(&hand, &extents.iter().map(|(_, extent)| *extent).collect::<Vec<_>>());
        let mut relations: HashMap<StatementId, Relation> =
            extents.iter().map(|(id, earlier)| (*id, earlier.relation(&hand, &all))).collect();
        let days: Vec<NaiveDate> =
            proved.booked.into_iter().flat_map(|(first, last)| [first, last]).chain(statement.day()).collect();
        let is_alone = match (days.iter().min(), days.iter().max()) {
            (Some(first), Some(last)) => !writing.tx.has_entries(account.id, *first, *last).await?,
            _ => true,
        };
        let id = writing.add_statement(new).await?;
        let has_doubts =
            extents.iter().any(|(id, earlier)| earlier.is_near(&hand) && relations[id] != Relation::Disjoint);
        let is_reworded = !is_alone && relations.values().any(|relation| *relation == Relation::Reworded);
        relations.insert(id, Relation::InHand);
        Ok(Booking {
            id,
            account: account.id,
            relations,
            is_alone,
            is_reworded,
            has_doubts,
            entries: 0,
            payments: 0,
            is_all_new: is_alone,
        })
    }

    /// Books some of its entries.
    pub(super) async fn book(&mut self, writing: &mut Writing<'_>, entries: Vec<ReadEntry>) -> Result<(), JobError> {
        let seen: Vec<Seen> = entries.iter().map(|read| read.seen.clone()).collect();
        let known = self.known(writing, &seen).await?;
        let recognised = recognise::recognise(&seen, &known);
        self.is_all_new &= recognised.iter().all(|one| matches!(one, Recognised::New { .. }));
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
        let mut told_again: BTreeMap<EntryId, Vec<NewPayment>> = BTreeMap::new();
        let mut uetrs: Vec<(EntryId, String)> = Vec::new();
        for (read, recognised) in entries.into_iter().zip(&recognised) {
            let id = match recognised {
                Recognised::Known(id) => *id,
                Recognised::New { .. } => ids.next().expect("a row for each new entry"),
            };
            let ReadEntry { position, value_on, details, model, .. } = read;
            let amount = read.seen.amount;
            uetrs.extend(read.seen.uetr.map(|uetr| (id, uetr)));
            sightings.push(SightingRow { position, entry: id, amount, value_on, details, model });
            // An entry over nothing, such as the bank's closing of the quarter, moves no money.
            let own = read.payments.into_iter().filter(|(_, payment)| !payment.amount.is_zero());
            let own = own.map(|(detail, payment)| NewPayment { entry: Some((id, detail)), ..payment });
            match recognised {
                Recognised::Known(_) => {
                    told_again.insert(id, own.collect());
                }
                Recognised::New { doubtful, .. } => payments.extend(own.map(|payment| NewPayment {
                    held_because: payment.held_because.or(doubtful.then_some(HeldBecause::PossibleDuplicate)),
                    ..payment
                })),
            }
        }
        writing.add_sightings(self.id, sightings).await?;
        if !uetrs.is_empty() {
            writing.add_uetrs(&json(&uetrs)).await?;
        }
        payments.extend(hear_again(writing, told_again).await?);
        self.payments += payments.len();
        writing.add_payments(payments).await?;
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
        if self.has_doubts {
            let near: BTreeSet<_> = seen
                .iter()
                .filter(|s| s.has_end_to_end_id || s.bank_ref.is_some())
                .flat_map(|s| recognise::days_around(s.booked_on).map(|day| (day, &s.fallback_key)))
                .collect();
            rows.extend(writing.tx.entries_by_key(self.account, &json(&near)).await?);
        }
        let uetrs: BTreeSet<&String> = seen.iter().filter_map(|s| s.uetr.as_ref()).collect();
        if !uetrs.is_empty() {
            rows.extend(writing.tx.entries_by_uetr(self.account, &json(&uetrs)).await?);
        }
        let known = seen_of(writing, rows).await?.into_iter().map(|(entry, seen)| Known {
            entry: entry.id,
            seen,
            ordinal: entry.ordinal,
            relation: self.relations.get(&entry.statement_id).copied().unwrap_or(Relation::Unknown),
        });
        Ok(known.collect())
    }
}

/// What the books know of entries, as far as it matters for recognising them. Whether an end-to-end id is part of what they say, only who
/// says the same knows.
pub(super) async fn seen_of(writing: &mut Writing<'_>, rows: Vec<EntryRow>) -> Result<Vec<(EntryRow, Seen)>, JobError> {
    let ids: BTreeSet<EntryId> = rows.iter().map(|row| row.id).collect();
    let uetrs: HashMap<EntryId, String> =
        if ids.is_empty() { HashMap::new() } else { writing.tx.uetrs_of(&json(&ids)).await?.into_iter().collect() };
    let seen = |row: &EntryRow| Seen {
        booked_on: row.booked_on,
        fallback_key: row.fallback_key.clone(),
        bank_ref: row.bank_ref.clone(),
        has_end_to_end_id: false,
        uetr: uetrs.get(&row.id).cloned(),
        amount: row.amount,
    };
    Ok(rows.into_iter().map(|row| (row.clone(), seen(&row))).collect())
}

/// Takes over what a statement says of entries that are known: their undecided payments are tried again, for it may say more; and the
/// details of a collective entry, where they were missing, are the payments. Returns these.
async fn hear_again(
    writing: &mut Writing<'_>,
    mut told: BTreeMap<EntryId, Vec<NewPayment>>,
) -> Result<Vec<NewPayment>, JobError> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let mut details = Vec::new();
    let mut again = Vec::new();
    for payment in writing.tx.undecided_of_entries(&told.keys().copied().collect::<Vec<_>>()).await? {
        let Some(said) = told.get_mut(&payment.entry_id) else { continue };
        let is_whole = payment.open_amount == payment.amount;
        match payment.held_because {
            None | Some(HeldBecause::ReturnUnmatched) => again.push(payment.payment_id),
            Some(HeldBecause::BatchWithoutDetails) if is_whole && said.len() > 1 => {
                let whole = writing.tx.payment(payment.payment_id).await?;
                book_back(writing, &whole.ok_or_else(|| JobError::damaged("an entry without its payment"))?).await?;
                writing.close_payments(&[payment.payment_id]).await?;
                let reason = "the bank has told its details, which are payments of their own".to_owned();
                let subject = Subject::Payment(payment.payment_id);
                writing.add_decision(new_decision(subject, "M1", &DecisionFact::Ignored { reason }, None)).await?;
                details.append(said);
            }
            Some(
                HeldBecause::BatchWithoutDetails
                | HeldBecause::PossibleDuplicate
                | HeldBecause::CurrencyMismatch
                | HeldBecause::BankFee
                | HeldBecause::Unassigned
                | HeldBecause::Failed
                | HeldBecause::Again,
            ) => {}
        }
    }
    writing.try_again(&again).await?;
    Ok(details)
}

pub(super) fn json(wanted: &impl serde::Serialize) -> String {
    serde_json::to_string(wanted).expect("days and texts are JSON")
}
