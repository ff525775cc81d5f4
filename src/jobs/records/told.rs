//! What happened, read from the books as typed events, each thing once: of an invoice, a payment, a customer or a contract. `settled why`, the
//! lists and the dossier put them into words (`told`), or into rows of their own.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::NaiveDate;

use super::decision::decisions_of;
use super::payment::view;
use crate::dunning::{HoldReason, Saw};
use crate::fact::{Decided, DecisionFact, DocumentFact, Fact as _, NoticeFact, RevisionFact, Subject};
use crate::id::{BatchId, ContractId, CustomerId, DocumentId, PaymentId, RunId};
use crate::invoice::DocumentKind;
use crate::jobs::office::JobError;
use crate::jobs::office::acts::acts_of;
use crate::ledger::{Account, BatchKind};
use crate::letter::LetterKind;
use crate::matching::Verdict;
use crate::money::{Amount, Currency};
use crate::shell::store::{CustomerRow, EventRow, InvoiceRow, LetterRow, PostingRow, Tx};
use crate::told::{
    Booked, Booking, Fate, NamedDocument, NamedPayment, Names, Posted, PostedItem, Revised, RevisedEntry, Revision,
    Standing, Told, Written,
};

/// Returns the bookings on a document, oldest first, without the one by which it came into the books.
pub async fn bookings(tx: &mut Tx, document: DocumentId) -> Result<Vec<Booking>, JobError> {
    let mut by_batch: BTreeMap<BatchId, Vec<PostingRow>> = BTreeMap::new();
    for leg in tx.legs_of_document(document).await? {
        by_batch.entry(leg.batch_id).or_default().push(leg);
    }
    let mut bookings = Vec::new();
    let mut is_refund = false;
    for (batch, legs) in by_batch {
        let batch = tx.batch(batch).await?;
        let kind = batch.kind;
        let Some(first) = legs.first().filter(|_| !matches!(kind, BatchKind::Issue | BatchKind::Opening)) else {
            continue;
        };
        is_refund |= kind == BatchKind::Refund;
        let of = |account: Account| -> Amount {
            let own = legs.iter().filter(|leg| leg.account == account);
            own.map(|leg| leg.amount).sum()
        };
        let lost = match kind {
            BatchKind::Allocation | BatchKind::Return | BatchKind::Correction => lost(tx, batch.id, document).await?,
            BatchKind::Issue
            | BatchKind::Opening
            | BatchKind::Receipt
            | BatchKind::Claim
            | BatchKind::Refund
            | BatchKind::Credit
            | BatchKind::Writeoff => Lost::default(),
            BatchKind::SetOff => Lost { written_off: of(Account::Writeoff), kept_by_banks: Amount::ZERO },
        };
        let payment = legs.iter().find_map(|leg| leg.payment_id);
        let principal = -of(Account::Principal) - of(Account::Discount);
        bookings.push(Booking {
            on: batch.booked_on,
            run: batch.run_id,
            what: Booked::of(kind, payment.is_some(), principal, of(Account::Waiver), is_refund),
            kind,
            payment,
            other: if kind == BatchKind::SetOff { other(tx, batch.id, document).await? } else { None },
            rule: rule(tx, payment, batch.run_id).await?,
            value_on: first.value_on,
            currency: first.currency,
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

/// Returns the other document of a batch.
async fn other(tx: &mut Tx, batch: BatchId, document: DocumentId) -> Result<Option<DocumentId>, JobError> {
    let legs = tx.legs_of(batch).await?;
    Ok(legs.into_iter().filter_map(|leg| leg.document_id).find(|other| *other != document))
}

/// What a booking took off a document without being paid.
#[derive(Debug, Clone, Copy, Default)]
struct Lost {
    written_off: Amount,
    kept_by_banks: Amount,
}

/// Returns what a batch wrote off or left to banks. It says so once for all of its documents: of several, nobody knows which one.
async fn lost(tx: &mut Tx, batch: BatchId, document: DocumentId) -> Result<Lost, JobError> {
    let legs = tx.legs_of(batch).await?;
    if legs.iter().filter_map(|leg| leg.document_id).any(|other| other != document) {
        return Ok(Lost::default());
    }
    let of =
        |account: Account| -> Amount { legs.iter().filter(|leg| leg.account == account).map(|leg| leg.amount).sum() };
    Ok(Lost { written_off: of(Account::Writeoff), kept_by_banks: of(Account::BankCharge) })
}

/// Returns the rule by which a payment was decided in a run; nothing where no payment was.
async fn rule(tx: &mut Tx, payment: Option<PaymentId>, run: RunId) -> Result<String, JobError> {
    let Some(payment) = payment else { return Ok(String::new()) };
    let decisions = decisions_of(tx, Subject::Payment(payment)).await?;
    Ok(decisions.into_iter().find(|decided| decided.run == run).map(|decided| decided.rule).unwrap_or_default())
}

/// Returns the letters on an invoice, oldest first: its own, then reminders and dunning letters.
pub async fn letters(tx: &mut Tx, document: DocumentId, number: &str) -> Result<Vec<Posted>, JobError> {
    let currency = tx.receivable(document).await?.currency;
    let mut posted = Vec::new();
    for kind in [LetterKind::Invoice, LetterKind::Correction] {
        for letter in tx.letters_about(kind, number).await? {
            posted.push(gather(tx, letter, None, (document, currency)).await?);
        }
    }
    let items = tx.items_on(document).await?;
    let decisions = if items.is_empty() { Vec::new() } else { decisions_of(tx, Subject::Document(document)).await? };
    for item in items {
        let letter = tx.letter(item.letter_id).await?;
        let before = decisions.iter().filter(|decided| decided.today <= letter.decided_on);
        let decided = before.rev().find_map(|decided| Written::of(decided, item.stage));
        let interest = interest_asked(tx, &letter, number).await?;
        let item = PostedItem {
            stage: item.stage,
            deadline_on: item.deadline_on,
            principal: item.principal,
            fee: item.fee,
            interest,
        };
        posted.push(Posted { decided, ..gather(tx, letter, Some(item), (document, currency)).await? });
    }
    Ok(posted)
}

/// Returns the interest that a letter asks for on an invoice. The row of the item has all that accrued, paid and given up or not; what a letter
/// says is in the letter. A notice asks for none.
async fn interest_asked(tx: &mut Tx, letter: &LetterRow, number: &str) -> Result<Amount, JobError> {
    let Some(own) = letter.document_id else { return Ok(Amount::ZERO) };
    let row = tx.document(own).await?;
    let model = DocumentFact::read_dunning(&row.model);
    let model = model.map_err(JobError::model(format!("the letter {}", row.number)))?;
    let item = model.items.iter().find(|item| item.number == number);
    Ok(item.map_or(Amount::ZERO, |item| model.amount(item.interest)))
}

async fn gather(
    tx: &mut Tx,
    letter: LetterRow,
    item: Option<PostedItem>,
    (document, currency): (DocumentId, Currency),
) -> Result<Posted, JobError> {
    let events = tx.events_of(letter.id).await?.into_iter();
    let own = events.filter(|event| event.document_id.is_none_or(|of| of == document));
    Ok(Posted {
        fates: own.map(fate).collect(),
        recipients: tx.attempts_of(letter.id).await?.pop().map(|attempt| attempt.recipients).unwrap_or_default(),
        state: tx.outbox(letter.id).await?.state,
        kind: letter.kind,
        about: letter.about,
        round: letter.round,
        document: letter.document_id,
        decided_on: letter.decided_on,
        run: letter.run_id,
        delivery: letter.delivery,
        currency,
        item,
        decided: None,
    })
}

fn fate(row: EventRow) -> Fate {
    let (event, on, at, run) = (row.kind, row.today, row.happened_at, row.run_id);
    Fate { event, on, at, run, words: row.words, counts: row.counts, undoes: row.undoes }
}

/// Tells the history of an invoice, oldest first.
///
/// # Errors
/// When the books hold something that cannot be read; it is named.
pub async fn of_invoice(
    tx: &mut Tx,
    document: DocumentId,
    number: &str,
    customer: CustomerId,
) -> Result<Vec<Told>, JobError> {
    let mut told = of_money_and_letters(tx, document, number).await?;
    told.extend(acts_of(tx, Subject::Document(document)).await?.into_iter().map(Told::Act));
    let of_customer = acts_of(tx, Subject::Customer(customer)).await?.into_iter();
    told.extend(of_customer.filter(|act| act.fact.kind().concerns_invoices()).map(Told::OfCustomer));
    told.extend(decisions_of(tx, Subject::Document(document)).await?.into_iter().map(Box::new).map(Told::Decided));
    Ok(Told::in_order(told))
}

/// Tells what was booked on an invoice, and the letters on it, oldest first.
///
/// # Errors
/// When the books hold something that cannot be read; it is named.
pub async fn of_money_and_letters(tx: &mut Tx, document: DocumentId, number: &str) -> Result<Vec<Told>, JobError> {
    let bookings = bookings(tx, document).await?;
    let mut told = taken_back(tx, document, &bookings).await?;
    // What takes it back is told with its number.
    let is_told = |booking: &Booking| booking.what == Booked::Corrected && booking.principal.is_positive();
    let others = bookings.into_iter().filter(|booking| !is_told(booking));
    told.extend(others.map(|booking| Told::Booked(Box::new(booking))));
    for posted in letters(tx, document, number).await? {
        let posted = Box::new(posted);
        let undone = posted.undone_after_leaving().cloned();
        told.push(Told::Letter(posted.clone()));
        told.extend(undone.map(|fate| Told::Undone(posted, fate)));
    }
    Ok(Told::in_order(told))
}

/// Tells what took an invoice back.
async fn taken_back(tx: &mut Tx, document: DocumentId, bookings: &[Booking]) -> Result<Vec<Told>, JobError> {
    let mut told = Vec::new();
    for by in tx.links_to(document).await?.into_iter().map(|link| link.document) {
        let is_cancellation = match by.kind {
            DocumentKind::Cancellation => true,
            DocumentKind::CreditNote => false,
            DocumentKind::Invoice
            | DocumentKind::Quote
            | DocumentKind::Confirmation
            | DocumentKind::Refund
            | DocumentKind::Dunning
            | DocumentKind::Withdrawal => continue,
        };
        let set_off = bookings.iter().filter(|booking| booking.other == Some(by.id));
        let set_off: Amount = set_off.map(|booking| booking.principal - booking.written_off).sum();
        let (amount, currency) = (-by.gross, by.currency);
        told.push(Told::TakenBack {
            on: by.issued_on,
            run: by.run_id,
            is_cancellation,
            by: by.number,
            amount,
            credit: amount - set_off,
            currency,
        });
    }
    Ok(told)
}

/// Tells the history of a payment, oldest first: how it was decided, and what undid that.
///
/// # Errors
/// When the books hold something that cannot be read; it is named.
pub async fn of_payment(tx: &mut Tx, payment: PaymentId) -> Result<Vec<Told>, JobError> {
    let decisions = decisions_of(tx, Subject::Payment(payment)).await?;
    let mut told: Vec<Told> = decisions.into_iter().map(Box::new).map(Told::Decided).collect();
    let returns = |kind: BatchKind, reverses: Option<BatchId>| kind == BatchKind::Return && reverses.is_some();
    for batch in tx.batches_of(payment).await?.into_iter().filter(|batch| returns(batch.kind, batch.reverses_id)) {
        let legs = tx.legs_of(batch.id).await?;
        let by = legs.iter().find_map(|leg| leg.payment_id).filter(|by| *by != payment);
        let Some(by) = by else { continue };
        // A return that waited itself was taken from the bank before.
        let money = legs.iter().filter(|leg| matches!(leg.account, Account::Bank | Account::Payer));
        let amount = money.map(|leg| -leg.amount).sum();
        told.push(Told::GivenBack { on: batch.booked_on, run: batch.run_id, by, amount });
    }
    Ok(Told::in_order(told))
}

/// Tells what was done with a customer, and what changed of it in the book, oldest first.
///
/// # Errors
/// When the books hold an act that cannot be read; it is named.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Told>, JobError> {
    let acts = acts_of(tx, Subject::Customer(customer)).await?;
    let mut told = revisions(tx, Subject::Customer(customer), RevisedEntry::Customer).await?;
    // That it came into the book is no news of a customer.
    told.retain(|one| !matches!(one, Told::Revised(Revised { how: Revision::Added, .. })));
    told.extend(acts.into_iter().map(Told::Act));
    Ok(Told::in_order(told))
}

/// Tells what else belongs to the history of a customer than money and letters, each with the number of what it is about: what the owner
/// changed in the book, that documents were issued, and what was done with the customer, its contracts and these documents.
///
/// # Errors
/// When the books hold something that cannot be read; it is named.
pub async fn around_customer(
    tx: &mut Tx,
    customer: &CustomerRow,
    invoices: &[InvoiceRow],
) -> Result<Vec<(String, Told)>, JobError> {
    let mut told = Vec::new();
    let mut add = |about: &str, events: Vec<Told>| told.extend(events.into_iter().map(|one| (about.to_owned(), one)));
    add(&customer.number, revisions(tx, Subject::Customer(customer.id), RevisedEntry::Customer).await?);
    add(&customer.number, acts_of(tx, Subject::Customer(customer.id)).await?.into_iter().map(Told::Act).collect());
    for contract in tx.contracts_of(customer.id).await? {
        let subject = Subject::Contract(contract.id);
        add(&contract.number, revisions(tx, subject, RevisedEntry::Contract).await?);
        add(&contract.number, acts_of(tx, subject).await?.into_iter().map(Told::Act).collect());
    }
    for invoice in invoices {
        let run = tx.document(invoice.id).await?.run_id;
        let (on, gross, currency) = (invoice.issued_on, invoice.gross, invoice.currency);
        add(&invoice.number, vec![Told::Issued { on, run, gross, currency }]);
        let acts = acts_of(tx, Subject::Document(invoice.id)).await?;
        add(&invoice.number, acts.into_iter().map(Told::Act).collect());
    }
    Ok(told)
}

/// Tells how what the book says of a subject changed, oldest first.
async fn revisions(tx: &mut Tx, subject: Subject, what: RevisedEntry) -> Result<Vec<Told>, JobError> {
    let (mut told, mut before) = (Vec::new(), None);
    for (on, model) in tx.revisions_of(subject).await? {
        let after = model.as_deref().map(RevisionFact::read).transpose();
        let after = after.map_err(JobError::model(format!("the book of {on}")))?.map(|fact| fact.keys());
        let how = Revision::of(before.as_ref(), after.as_ref());
        told.extend(how.map(|how| Told::Revised(Revised { on, what, how })));
        before = after;
    }
    Ok(told)
}

/// Tells what was done with a contract, and decided on it, oldest first.
///
/// # Errors
/// When the books hold something that cannot be read; it is named.
pub async fn of_contract(tx: &mut Tx, contract: ContractId) -> Result<Vec<Told>, JobError> {
    let subject = Subject::Contract(contract);
    let acts = acts_of(tx, subject).await?.into_iter().map(Told::Act);
    let decisions = decisions_of(tx, subject).await?.into_iter().map(Box::new).map(Told::Decided);
    Ok(Told::in_order(acts.chain(decisions).collect()))
}

/// Returns the last decision among events.
pub fn last_decision(told: &[Told]) -> Option<&Decided> {
    told.iter().rev().find_map(|told| if let Told::Decided(decided) = told { Some(&**decided) } else { None })
}

/// Looks up the names of all that events speak of.
///
/// # Errors
/// When the books hold a payment that cannot be read; it is named.
pub async fn names<'t>(tx: &mut Tx, told: impl IntoIterator<Item = &'t Told>) -> Result<Names, JobError> {
    let mut names = Names::default();
    for told in told {
        let payment = match told {
            Told::Booked(booking) => {
                if let Some(other) = booking.other {
                    name(tx, other, &mut names).await?;
                }
                booking.payment
            }
            Told::Decided(decided) => {
                if let Some(verdict) = decided.found() {
                    add_found(tx, &verdict, &mut names).await?;
                }
                waits_for(decided)
            }
            Told::Revised(_)
            | Told::Issued { .. }
            | Told::Act(_)
            | Told::OfCustomer(_)
            | Told::Letter(_)
            | Told::Undone(..)
            | Told::TakenBack { .. }
            | Told::GivenBack { .. } => None,
        };
        let Some(payment) = payment.filter(|payment| !names.payments.contains_key(payment)) else { continue };
        let Some(row) = tx.payment(payment).await? else { continue };
        let amount = row.amount;
        let named = NamedPayment { amount, currency: row.currency, payer: view(&row, amount)?.payer_name };
        names.payments.insert(payment, named);
    }
    Ok(names)
}

/// Returns the undecided payment that a letter waits for.
fn waits_for(decided: &Decided) -> Option<PaymentId> {
    let notice = if let DecisionFact::Waiting { notice, .. } = &decided.fact { notice.as_ref() } else { None };
    let (reason, about): (HoldReason, &str) = match notice {
        Some(NoticeFact::Held { held, about, .. }) => (*held, about),
        Some(NoticeFact::Written { .. } | NoticeFact::Waiting { .. }) | None => {
            decided.gate().map(|(reason, about, _)| (reason, about))?
        }
    };
    (reason.saw() == Saw::Payment).then(|| about.parse().ok()).flatten()
}

/// Adds a document.
async fn name(tx: &mut Tx, document: DocumentId, names: &mut Names) -> Result<(), JobError> {
    if let Entry::Vacant(unknown) = names.documents.entry(document) {
        let row = tx.receivable(document).await?;
        let (number, state, currency) = (row.number, row.state, row.currency);
        let open = row.open_principal;
        unknown.insert(NamedDocument { number, state, open, currency });
    }
    Ok(())
}

/// Adds the documents and customers that a verdict names.
async fn add_found(tx: &mut Tx, verdict: &Verdict, names: &mut Names) -> Result<(), JobError> {
    let allocated = verdict.allocations.iter().map(|allocation| allocation.document);
    let quoted = verdict.evidence.iter().map(|evidence| evidence.document);
    let read = verdict.readings.iter().flat_map(|reading| reading.documents.iter().copied());
    let all: Vec<DocumentId> = allocated.chain(quoted).chain(read).chain(verdict.candidates.iter().copied()).collect();
    for id in all {
        name(tx, id, names).await?;
    }
    for (id, _) in &verdict.concerns {
        if let Entry::Vacant(unknown) = names.customers.entry(*id) {
            let row = tx.customer(*id).await?;
            unknown.insert((row.number, row.name));
        }
    }
    Ok(())
}

/// Returns the stage that an invoice has reached and what its policy called it; nothing before the first letter.
///
/// # Errors
/// When the books hold a decision that cannot be read; it is named.
pub async fn stage_reached(
    tx: &mut Tx,
    document: DocumentId,
    stage: i64,
) -> Result<Option<(i64, Option<String>)>, JobError> {
    if stage == 0 {
        return Ok(None);
    }
    let decisions = decisions_of(tx, Subject::Document(document)).await?;
    Ok(Some((stage, decisions.iter().rev().find_map(|decided| Written::of(decided, stage)?.name))))
}

/// Returns where an invoice stands on a day.
///
/// # Errors
/// When the books hold a decision that cannot be read; it is named.
pub async fn standing(tx: &mut Tx, row: &InvoiceRow, today: NaiveDate) -> Result<Standing, JobError> {
    let is_overdue =
        row.open_principal.is_positive() && row.due_on < today && !tx.undelivered().await?.contains(&row.id);
    let stage = if row.open_principal.is_positive() { row.stage } else { 0 };
    let is_correction = !row.kind.asks_for_payment() && !row.kind.is_paid_out();
    Ok(Standing { state: row.state, is_correction, is_overdue, stage: stage_reached(tx, row.id, stage).await? })
}
