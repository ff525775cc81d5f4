//! The history of an invoice as events: what was booked, written, done and decided, each as one typed thing. It is gathered here once;
//! `why`, `invoice show`, `customer show` and the dossier put it into words.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::decision::{Decided, decisions_of};
use crate::customer::Delivery;
use crate::dunning::{NOTICE_STAGE, stage_name};
use crate::fact::{ActKind, DecisionFact, NoticeFact, Passed, Subject};
use crate::id::{CustomerId, DocumentId, PaymentId};
use crate::jobs::office::JobError;
use crate::jobs::office::acts::{Acted, acts_of};
use crate::language::Language;
use crate::ledger::{Account, BatchKind};
use crate::letter::LetterKind;
use crate::money::Amount;
use crate::outbox::{LetterEvent, OutboxState};
use crate::shell::store::{EventRow, LetterItemRow, LetterRow, PostingRow, Tx};

/// A booking on a document. Parts have the sign of what is paid: a claim of costs, and what undoes a payment, are negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// The civil day.
    pub on: NaiveDate,
    /// The run.
    pub run: i64,
    /// What it came to.
    pub what: Booked,
    /// What for, in the ledger.
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

/// What a booking came to for a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Booked {
    /// A payment paid it.
    Paid,
    /// The customer's credit paid it.
    SetOff,
    /// The owner gives up costs and interest that are left of it.
    GivenUp,
    /// A letter claims costs and interest.
    Claimed,
    /// It is a refund: the customer's credit is paid out.
    PaidOut,
    /// The refund was taken back.
    RefundWithdrawn,
    /// A payment was given back.
    GivenBack,
    /// Credit is gone from it, because its payment was given back.
    CreditGivenBack,
    /// Credit is gone from it.
    CreditTakenBack,
    /// The assignment of a payment was taken back.
    Unassigned,
    /// Costs and interest are claimed no more.
    ClaimTakenBack,
}

impl Booked {
    /// Tells what a batch came to; `is_refund`: the document is one.
    fn of(kind: BatchKind, by_payment: bool, principal: Amount, waived: Amount, is_refund: bool) -> Booked {
        match kind {
            BatchKind::Allocation => Booked::Paid,
            BatchKind::Claim => Booked::Claimed,
            BatchKind::Return if by_payment => Booked::GivenBack,
            BatchKind::Return => Booked::CreditGivenBack,
            BatchKind::Issue | BatchKind::Receipt | BatchKind::Correction if by_payment => Booked::Unassigned,
            BatchKind::Credit => Booked::SetOff,
            BatchKind::Refund => Booked::PaidOut,
            BatchKind::Issue | BatchKind::Receipt | BatchKind::Correction if is_refund => Booked::RefundWithdrawn,
            // A claim that is taken back takes back what was given up of it.
            BatchKind::Correction if waived.is_positive() => Booked::GivenUp,
            BatchKind::Issue | BatchKind::Receipt | BatchKind::Correction if !principal.is_zero() => {
                Booked::CreditTakenBack
            }
            BatchKind::Issue | BatchKind::Receipt | BatchKind::Correction => Booked::ClaimTakenBack,
        }
    }
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
pub async fn bookings(tx: &mut Tx, document: DocumentId) -> Result<Vec<Booking>, JobError> {
    let mut by_batch: BTreeMap<i64, Vec<PostingRow>> = BTreeMap::new();
    for leg in tx.legs_of_document(document).await? {
        by_batch.entry(leg.batch_id).or_default().push(leg);
    }
    let mut bookings = Vec::new();
    let mut is_refund = false;
    for (batch, legs) in by_batch {
        let batch = tx.batch(batch).await?;
        let kind = batch.kind;
        let Some(first) = legs.first().filter(|_| kind != BatchKind::Issue) else { continue };
        is_refund |= kind == BatchKind::Refund;
        let of = |account: Account| -> Amount {
            let own = legs.iter().filter(|leg| leg.account == account);
            own.map(|leg| Amount::from_minor(leg.amount)).sum()
        };
        let lost = if matches!(kind, BatchKind::Allocation | BatchKind::Return | BatchKind::Correction) {
            lost(tx, batch.id, document).await?
        } else {
            Lost::default()
        };
        let payment = legs.iter().find_map(|leg| leg.payment_id);
        let principal = -of(Account::Principal) - of(Account::Discount);
        bookings.push(Booking {
            on: batch.booked_on,
            run: batch.run_id,
            what: Booked::of(kind, payment.is_some(), principal, of(Account::Waiver), is_refund),
            kind,
            payment,
            value_on: first.value_on,
            principal,
            discount: of(Account::Discount),
            fee: -of(Account::Fee),
            interest: -of(Account::Interest),
            waived: of(Account::Waiver),
            written_off: lost.written_off,
            kept_by_banks: lost.kept_by_banks,
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
async fn lost(tx: &mut Tx, batch: i64, document: DocumentId) -> Result<Lost, JobError> {
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

/// Something that came of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// What.
    pub event: LetterEvent,
    /// The civil day.
    pub on: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
    /// The run.
    pub run: i64,
    /// What the server or the owner said; of a letter that was recalled, the day of the money.
    pub words: String,
    /// It delivered the letter.
    pub counts: bool,
    /// It undid the letter.
    pub undoes: bool,
}

impl Fate {
    fn of(row: EventRow) -> Fate {
        let (event, on, at, run) = (row.kind, row.today, row.happened_at, row.run_id);
        Fate { event, on, at, run, words: row.words, counts: row.counts, undoes: row.undoes }
    }

    /// Tells whether the letter was taken back because the money had been there before it left.
    pub fn is_recall(&self) -> bool {
        self.event == LetterEvent::Recalled
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
    pub fates: Vec<Fate>,
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

    /// Returns what delivered it: a server or a person.
    pub fn left(&self) -> Option<&Fate> {
        self.fates.iter().find(|fate| fate.counts)
    }

    /// Tells how it reached the customer: what a person delivered did not go by mail, even if it was to.
    pub fn reached_by(&self, left: &Fate) -> Delivery {
        let by_hand = left.event == LetterEvent::Posted;
        match self.delivery {
            Delivery::Mail if by_hand => Delivery::Post,
            Delivery::Post | Delivery::Portal if by_hand => self.delivery,
            Delivery::Mail | Delivery::Post | Delivery::Portal => Delivery::Mail,
        }
    }

    /// Returns what undid it.
    pub fn undone(&self) -> Option<&Fate> {
        self.fates.iter().find(|fate| fate.undoes)
    }

    /// Returns what undid it after it had left.
    pub fn undone_after_leaving(&self) -> Option<&Fate> {
        self.undone().filter(|_| self.left().is_some())
    }

    /// Returns its day: on which it left, else on which it was decided.
    pub fn on(&self) -> NaiveDate {
        self.left().map_or(self.letter.decided_on, |left| left.on)
    }
}

/// Returns the letters on an invoice, oldest first: its own, then reminders and dunning letters.
pub async fn letters(tx: &mut Tx, document: DocumentId, number: &str) -> Result<Vec<Posted>, JobError> {
    let mut posted = Vec::new();
    for letter in tx.letters_about(LetterKind::Invoice, number).await? {
        posted.push(gather(tx, letter, None, document).await?);
    }
    let items = tx.items_on(document).await?;
    let decisions = if items.is_empty() { Vec::new() } else { decisions_of(tx, Subject::Document(document)).await? };
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
    document: DocumentId,
) -> Result<Posted, JobError> {
    let events = tx.events_of(letter.id).await?.into_iter();
    let own = events.filter(|event| event.document_id.is_none_or(|of| of == document));
    let fates = own.map(Fate::of).collect();
    let recipients = tx.attempts_of(letter.id).await?.pop().map(|attempt| attempt.recipients).unwrap_or_default();
    let (delivery, state) = (letter.delivery, tx.outbox(letter.id).await?.state);
    Ok(Posted { letter, item, decided: None, fates, recipients, delivery, state })
}

/// Something that happened to an invoice.
#[derive(Debug, Clone)]
pub enum Told {
    /// It was booked on.
    Booked(Booking),
    /// Something was done by command, or learned.
    Act(Acted),
    /// The same, on its customer.
    OfCustomer(Acted),
    /// Something was decided.
    Decided(Box<Decided>),
    /// A letter was written, and came to something.
    Letter(Box<Posted>),
    /// A letter that had left was undone.
    Undone(Box<Posted>, Fate),
}

impl Told {
    /// The order in which things are told: by day and run; within a run money comes before decisions, decisions before letters, and
    /// letters before what they claim.
    fn order(&self) -> (NaiveDate, i64, u8) {
        match self {
            Told::Booked(booking) if booking.what == Booked::Claimed => (booking.on, booking.run, 4),
            Told::Booked(booking) => (booking.on, booking.run, 0),
            Told::Act(act) | Told::OfCustomer(act) => (act.from_on, act.run, 1),
            Told::Decided(decided) => (decided.today, decided.run, 2),
            Told::Letter(posted) => (posted.on(), posted.left().map_or(posted.letter.run_id, |left| left.run), 3),
            Told::Undone(_, fate) => (fate.on, fate.run, 3),
        }
    }
}

/// Tells the history of an invoice, oldest first.
///
/// # Errors
/// When the books hold something that cannot be read; it is named.
pub async fn history(
    tx: &mut Tx,
    document: DocumentId,
    number: &str,
    customer: CustomerId,
) -> Result<Vec<Told>, JobError> {
    let mut told: Vec<Told> = bookings(tx, document).await?.into_iter().map(Told::Booked).collect();
    told.extend(acts_of(tx, Subject::Document(document)).await?.into_iter().map(Told::Act));
    let of_customer = acts_of(tx, Subject::Customer(customer)).await?.into_iter();
    let concerns = |act: &Acted| matches!(act.fact.kind(), ActKind::Hold | ActKind::Release | ActKind::Insolvent);
    told.extend(of_customer.filter(concerns).map(Told::OfCustomer));
    told.extend(decisions_of(tx, Subject::Document(document)).await?.into_iter().map(Box::new).map(Told::Decided));
    for posted in letters(tx, document, number).await? {
        let posted = Box::new(posted);
        let undone = posted.undone_after_leaving().cloned();
        told.push(Told::Letter(posted.clone()));
        told.extend(undone.map(|fate| Told::Undone(posted, fate)));
    }
    told.sort_by_key(Told::order);
    Ok(told)
}

/// Names the stage that an invoice has reached, as its letter was named; nothing before the first letter.
pub async fn stage_reached(
    tx: &mut Tx,
    document: DocumentId,
    stage: i64,
    language: Language,
) -> Result<Option<String>, JobError> {
    if stage == 0 {
        return Ok(None);
    }
    let decisions = decisions_of(tx, Subject::Document(document)).await?;
    let name = decisions.iter().rev().find_map(|decided| Written::of(decided, stage)?.name);
    Ok(Some(stage_name(stage, name.as_deref(), language)))
}
