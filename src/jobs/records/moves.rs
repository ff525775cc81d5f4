//! What moved on an invoice: bookings and letters, each as one thing.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::decision::{Decided, decisions_of};
use crate::customer::Delivery;
use crate::dunning::{NOTICE_STAGE, stage_name};
use crate::fact::{DecisionFact, NoticeFact, Passed};
use crate::id::PaymentId;
use crate::jobs::office::error::JobError;
use crate::language::Language;
use crate::ledger::{Account, BatchKind};
use crate::letter::LetterKind;
use crate::money::Amount;
use crate::outbox::{LetterEvent, OutboxState};
use crate::shell::store::{EventRow, LetterItemRow, LetterRow, PostingRow, Subject, Tx};

/// A booking on a document. Parts have the sign of what is paid: a claim of costs, and what undoes a payment, are negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// The civil day.
    pub on: NaiveDate,
    /// The run.
    pub run: i64,
    /// What for.
    pub kind: BatchKind,
    /// By which payment.
    pub payment: Option<PaymentId>,
    /// Its value date.
    pub value_on: NaiveDate,
    /// Paid of the principal.
    pub principal: Amount,
    /// Taken off as a discount.
    pub discount: Amount,
    /// Of the costs: paid or given up.
    pub fee: Amount,
    /// Of the interest: paid or given up.
    pub interest: Amount,
    /// What of costs and interest was given up.
    pub waived: Amount,
    /// What of the principal nobody paid: it was written off, as far as the booking is for this document alone.
    pub written_off: Amount,
    /// What of the principal banks kept, as far as the booking is for this document alone.
    pub kept_by_banks: Amount,
}

impl Booking {
    /// Returns what was paid of costs and interest.
    pub fn costs(&self) -> Amount {
        self.fee + self.interest - self.waived
    }

    /// Returns what was paid of all.
    pub fn paid(&self) -> Amount {
        self.principal + self.costs() - self.written_off - self.kept_by_banks
    }
}

/// Returns the bookings on a document, oldest first, without the one that issued it.
///
/// # Errors
/// When the books fail.
pub async fn bookings(tx: &mut Tx, document: i64) -> Result<Vec<Booking>, JobError> {
    let mut by_batch: BTreeMap<i64, Vec<PostingRow>> = BTreeMap::new();
    for leg in tx.legs_of_document(document).await? {
        by_batch.entry(leg.batch_id).or_default().push(leg);
    }
    let mut bookings = Vec::new();
    for (batch, legs) in by_batch {
        let batch = tx.batch(batch).await?;
        let Some(first) = legs.first().filter(|_| batch.kind != BatchKind::Issue) else { continue };
        let of = |account: Account| -> Amount {
            let own = legs.iter().filter(|leg| leg.account == account);
            own.map(|leg| Amount::from_minor(leg.amount)).sum()
        };
        let lost = match batch.kind {
            BatchKind::Allocation | BatchKind::Return | BatchKind::Correction => lost(tx, batch.id, document).await?,
            BatchKind::Issue | BatchKind::Receipt | BatchKind::Claim | BatchKind::Refund | BatchKind::Credit => {
                Lost::default()
            }
        };
        bookings.push(Booking {
            on: batch.booked_on,
            run: batch.run_id,
            payment: legs.iter().find_map(|leg| leg.payment_id).map(PaymentId::from),
            value_on: first.value_on,
            principal: -of(Account::Principal) - of(Account::Discount),
            discount: of(Account::Discount),
            fee: -of(Account::Fee),
            interest: -of(Account::Interest),
            waived: of(Account::Waiver),
            written_off: lost.written_off,
            kept_by_banks: lost.kept_by_banks,
            kind: batch.kind,
        });
    }
    Ok(bookings)
}

/// What a booking took off a document without being paid.
#[derive(Debug, Clone, Copy, Default)]
struct Lost {
    written_off: Amount,
    kept_by_banks: Amount,
}

/// Returns what a batch wrote off or left to banks. It says so once for all of its documents: of several, nobody knows which one.
async fn lost(tx: &mut Tx, batch: i64, document: i64) -> Result<Lost, JobError> {
    let legs = tx.legs_of(batch).await?;
    if legs.iter().filter_map(|leg| leg.document_id).any(|other| other != document) {
        return Ok(Lost::default());
    }
    let of = |account: Account| -> Amount {
        legs.iter().filter(|leg| leg.account == account).map(|leg| Amount::from_minor(leg.amount)).sum()
    };
    Ok(Lost { written_off: of(Account::Writeoff), kept_by_banks: of(Account::BankCharge) })
}

/// Why a letter was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The rule.
    pub rule: String,
    /// What the policy called its stage; nothing for a notice.
    pub name: Option<String>,
    /// The last day through which the bank's data were known.
    pub covered_through: Option<NaiveDate>,
    /// The gates that let it pass.
    pub passed: Vec<Passed>,
}

impl Written {
    /// Takes what wrote the letter of a stage out of a decision; nothing when that is about something else.
    fn of(decided: &Decided, stage: i64) -> Option<Written> {
        let (name, covered_through, passed) = match &decided.fact {
            DecisionFact::Letter { stage: own, name, covered_through, passed, .. }
                if i64::try_from(*own) == Ok(stage) =>
            {
                (Some(name.clone()), *covered_through, passed.clone())
            }
            DecisionFact::Waiting { notice: Some(NoticeFact::Written { passed, covered_through, .. }), .. }
                if stage == NOTICE_STAGE =>
            {
                (None, *covered_through, passed.clone())
            }
            _ => return None,
        };
        Some(Written { rule: decided.rule.clone(), name, covered_through, passed })
    }
}

/// A letter on an invoice, with what came of it.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The letter.
    pub letter: LetterRow,
    /// The invoice in it; nothing when it is the invoice's own letter.
    pub item: Option<LetterItemRow>,
    /// The decision to write it.
    pub decided: Option<Written>,
    /// What came of it, in order.
    pub events: Vec<EventRow>,
    /// To whom it was tried last.
    pub recipients: String,
    /// How it is delivered.
    pub delivery: Delivery,
    /// Where it stands.
    pub state: OutboxState,
}

impl Posted {
    /// Names its stage: `reminder`, `dunning 1`; nothing when it is the invoice's own letter.
    pub fn stage(&self, language: Language) -> Option<String> {
        let name = self.decided.as_ref().and_then(|written| written.name.as_deref());
        self.item.as_ref().map(|item| stage_name(item.stage, name, language))
    }

    /// Returns the event by which it counts: a server or a person delivered it.
    pub fn left(&self) -> Option<&EventRow> {
        self.events.iter().find(|event| event.counts)
    }

    /// Tells how it reached the customer: what a person delivered did not go by mail, even if it was to.
    ///
    /// # Errors
    /// When this program does not know the event.
    pub fn reached_by(&self, left: &EventRow) -> Result<Delivery, JobError> {
        let by_hand = left.kind == LetterEvent::Posted;
        Ok(match self.delivery {
            Delivery::Mail if by_hand => Delivery::Post,
            Delivery::Post | Delivery::Portal if by_hand => self.delivery,
            Delivery::Mail | Delivery::Post | Delivery::Portal => Delivery::Mail,
        })
    }

    /// Returns the event that undid it.
    pub fn undone(&self) -> Option<&EventRow> {
        self.events.iter().find(|event| event.undoes)
    }

    /// Returns its day: on which it left, else on which it was decided.
    pub fn on(&self) -> NaiveDate {
        self.left().map_or(self.letter.decided_on, |event| event.today)
    }
}

/// Returns the letters on an invoice, oldest first: its own, then reminders and dunning letters.
///
/// # Errors
/// When the books fail.
pub async fn letters(tx: &mut Tx, document: i64, number: &str) -> Result<Vec<Posted>, JobError> {
    let mut posted = Vec::new();
    for letter in tx.letters_about(LetterKind::Invoice, number).await? {
        posted.push(gather(tx, letter, None, document).await?);
    }
    let items = tx.items_on(document).await?;
    let decisions = if items.is_empty() { Vec::new() } else { decisions_of(tx, Subject::document(document)).await? };
    for item in items {
        let letter = tx.letter(item.letter_id).await?;
        let before = decisions.iter().filter(|decided| decided.today <= letter.decided_on);
        let decided = before.rev().find_map(|decided| Written::of(decided, item.stage));
        posted.push(Posted { decided, ..gather(tx, letter, Some(item), document).await? });
    }
    Ok(posted)
}

async fn gather(
    tx: &mut Tx,
    letter: LetterRow,
    item: Option<LetterItemRow>,
    document: i64,
) -> Result<Posted, JobError> {
    let mut events = tx.events_of(letter.id).await?;
    events.retain(|event| event.document_id.is_none_or(|of| of == document));
    let recipients = tx.attempts_of(letter.id).await?.pop().map(|attempt| attempt.recipients).unwrap_or_default();
    let (delivery, state) = (letter.delivery, tx.outbox(letter.id).await?.state);
    Ok(Posted { letter, item, decided: None, events, recipients, delivery, state })
}

/// Names the stage that an invoice has reached, as its letter was named; nothing before the first letter.
///
/// # Errors
/// When the books fail.
pub async fn stage_reached(
    tx: &mut Tx,
    document: i64,
    stage: i64,
    language: Language,
) -> Result<Option<String>, JobError> {
    if stage == 0 {
        return Ok(None);
    }
    let decisions = decisions_of(tx, Subject::document(document)).await?;
    let name = decisions.iter().rev().find_map(|decided| Written::of(decided, stage)?.name);
    Ok(Some(stage_name(stage, name.as_deref(), language)))
}
