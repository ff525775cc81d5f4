//! A customer's credit: it pays what is open longest, and is taken back from there when the payment that it came from is.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::fact::{ActKind, Subject};
use crate::id::{CustomerId, DocumentId};
use crate::invoice::DocumentKind;
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::{handed_over_on, in_force, insolvent_since};
use crate::jobs::records::posting::post;
use crate::ledger;
use crate::ledger::{Account, Batch, BatchKind, Leg, Share};
use crate::money::{Amount, Currency};
use crate::shell::store::{BatchRow, PostingRow, ReceivableRow, Run, Tx, Writing};

/// An invoice that credit has paid, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// What is open of it now.
    pub row: ReceivableRow,
    /// How much of the credit it got.
    pub used: Amount,
    /// What is told.
    pub event: Event,
}

/// Pays a customer's open invoices in a currency out of the credit, the longest due first, as far as that reaches: principal, costs,
/// interest (rule M5). What is disputed or handed over gets nothing, nor does an insolvent customer; the owner decides there. Interest
/// counts to the day of the set-off, which is the day on which the credit arose or, later, the invoice.
pub async fn settle_with_credit(
    writing: &mut Writing<'_>,
    customer: CustomerId,
    currency: Currency,
    waive_below: Amount,
) -> Result<Vec<Settled>, JobError> {
    let mut settled = Vec::new();
    if !of_customer(&mut writing.tx, customer, currency).await?.is_positive() {
        return Ok(settled);
    }
    let today = writing.today();
    for row in paid_by_credit(&mut writing.tx, customer, currency, today).await? {
        let Some(paid) = use_credit(writing, &row, waive_below).await? else { break };
        settled.push(paid);
    }
    Ok(settled)
}

/// Returns the invoices of a customer that its credit pays, the longest due first: what is disputed or handed over is left out, and all of
/// an insolvent customer's.
pub(super) async fn paid_by_credit(
    tx: &mut Tx,
    customer: CustomerId,
    currency: Currency,
    today: NaiveDate,
) -> Result<Vec<ReceivableRow>, JobError> {
    if insolvent_since(&acts_of(tx, Subject::Customer(customer)).await?).is_some() {
        return Ok(Vec::new());
    }
    let mut paid = Vec::new();
    for row in tx.open_receivables_of(customer).await? {
        if !row.open_principal.is_positive() || row.currency != currency {
            continue;
        }
        let acts = acts_of(tx, Subject::Document(row.document_id)).await?;
        if in_force(&acts, ActKind::Dispute, today).is_none() && handed_over_on(&acts).is_none() {
            paid.push(row);
        }
    }
    Ok(paid)
}

/// Uses the credit that batches have just given.
pub async fn settle_credit_of(
    writing: &mut Writing<'_>,
    batches: &[Batch],
    waive_below: Amount,
) -> Result<Vec<Settled>, JobError> {
    let given = batches.iter().flat_map(|batch| &batch.legs);
    let given = given.filter(|leg| leg.account == Account::Credit && leg.amount.is_negative());
    let customers: BTreeSet<_> = given.filter_map(|leg| Some((leg.customer?, leg.currency))).collect();
    let mut settled = Vec::new();
    for (customer, currency) in customers {
        settled.extend(settle_with_credit(writing, customer, currency, waive_below).await?);
    }
    Ok(settled)
}

/// Uses all credit that lies beside open invoices, wherever it came from: a dispute may have ended meanwhile.
pub async fn settle_all(office: &Office, run: &Run) -> Result<(), JobError> {
    let credit = office.store.read().await?.all_credit().await?;
    if !credit.iter().any(|(.., credit)| credit.is_positive()) {
        return Ok(());
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let mut settled = Vec::new();
    for (number, _, currency, _) in
        writing.tx.all_credit().await?.into_iter().filter(|(.., credit)| credit.is_positive())
    {
        let customer = writing.tx.customer_by_number(&number).await?;
        let customer = customer.ok_or_else(|| JobError::damaged(format!("the customer {number}")))?;
        settled.extend(settle_with_credit(&mut writing, customer.id, currency, office.config.waive_below()).await?);
    }
    if settled.is_empty() {
        return Ok(());
    }
    writing.commit().await?;
    settled.iter().for_each(|settled| office.tell(run.today, &settled.event));
    Ok(())
}

/// Pays an invoice out of its customer's credit, as far as that reaches.
async fn use_credit(
    writing: &mut Writing<'_>,
    invoice: &ReceivableRow,
    waive_below: Amount,
) -> Result<Option<Settled>, JobError> {
    let currency = invoice.currency;
    let credit = of_customer(&mut writing.tx, invoice.customer_id, currency).await?;
    let principal = credit.min(invoice.open_principal);
    if !principal.is_positive() {
        return Ok(None);
    }
    // With the last of the principal go the costs, and what is not paid of them is given up where it is small.
    let closes = principal == invoice.open_principal;
    let open = |amount: Amount| if closes { amount } else { Amount::ZERO };
    let (open_fee, open_interest) = (open(invoice.open_fee), open(invoice.open_interest));
    let fees = open_fee.min(credit - principal);
    let interest = open_interest.min(credit - principal - fees);
    let mut share = Share {
        document: invoice.document_id,
        customer: invoice.customer_id,
        principal,
        discount: Amount::ZERO,
        fees,
        interest,
        waived_fees: Amount::ZERO,
        waived_interest: Amount::ZERO,
    };
    share.give_up_costs(open_fee, open_interest, waive_below);
    let today = writing.today();
    let (_, touched) = post(writing, &ledger::use_credit(share, currency, today)).await?;
    let row =
        touched.into_iter().next().ok_or_else(|| JobError::damaged(format!("what is owed on {}", invoice.number)))?;
    let used = principal + fees + interest;
    let event = Event::CreditUsed {
        number: row.number.clone(),
        name: writing.tx.customer(row.customer_id).await?.name,
        amount: used.plain(currency),
        open: row.open_principal.plain(currency),
        currency,
    };
    Ok(Some(Settled { row, used, event }))
}

/// Returns a customer's credit in a currency; negative when what it came from was taken back and it is paid out already.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId, currency: Currency) -> Result<Amount, JobError> {
    let credit = tx.credit_of(customer).await?;
    let own = credit.into_iter().find(|(code, _)| *code == currency);
    Ok(own.map_or(Amount::ZERO, |(_, amount)| amount))
}

/// What came of taking credit back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TakenBack {
    /// The invoices that are open again.
    pub reopened: Vec<ReceivableRow>,
    /// What is told: refunds that are not to be transferred any more.
    pub events: Vec<Event>,
}

/// Takes credit back until the customer has as much as was used: drawn refunds that were not transferred first, then from the invoices
/// that it paid, the newest first. `because` is [`BatchKind::Return`] when the bank gave the money back: letters on the invoices then
/// rest some days, as on those that the payment itself had paid (rule D7).
pub async fn take_back(
    writing: &mut Writing<'_>,
    customer: CustomerId,
    currency: Currency,
    because: BatchKind,
    waive_below: Amount,
) -> Result<TakenBack, JobError> {
    let mut back = TakenBack::default();
    let today = writing.today();
    for refund in drawn_refunds(&mut writing.tx, customer, currency).await? {
        if !of_customer(&mut writing.tx, customer, currency).await?.is_negative() {
            break;
        }
        let Some(drawn) = draws(&mut writing.tx, &refund).await? else { continue };
        undo(writing, &drawn, BatchKind::Correction).await?;
        back.events.push(Event::RefundWithdrawn {
            number: refund.number.clone(),
            name: writing.tx.customer(customer).await?.name,
            amount: (-refund.open_principal).plain(currency),
            currency,
        });
    }
    for used in writing.tx.credit_uses(customer, currency).await? {
        if !of_customer(&mut writing.tx, customer, currency).await?.is_negative() {
            break;
        }
        for row in undo(writing, &used, because).await? {
            if cover(writing, &row).await?.is_some() {
                continue;
            }
            // What is still there pays as before.
            let paid = use_credit(writing, &row, waive_below).await?;
            writing.look_at(row.document_id, Some(today)).await?;
            back.reopened.push(paid.map_or(row, |paid| paid.row));
        }
    }
    Ok(back)
}

/// Takes from a customer's credit what a cancellation or a credit note had made of money that is gone from the invoice now (rule K7):
/// nothing of a cancelled invoice is ever open, and of a credited one no more than is left of it. Returns how the invoice stands then;
/// nothing where nothing is to be taken. The credit may be below zero after it.
pub(super) async fn cover(
    writing: &mut Writing<'_>,
    invoice: &ReceivableRow,
) -> Result<Option<ReceivableRow>, JobError> {
    let document = invoice.document_id;
    let back = writing.tx.taken_back(&[document]).await?;
    let Some(back) = back.into_iter().next() else { return Ok(None) };
    let is_cancelled = back.cancellations > 0;
    let owed = if is_cancelled { Amount::ZERO } else { invoice.gross - back.credited - back.written_off };
    let excess = invoice.open_principal - owed.max(Amount::ZERO);
    if !excess.is_positive() {
        return Ok(None);
    }
    let legs = writing.tx.legs_of_document(document).await?;
    let taken: Amount = legs.iter().filter(|leg| leg.account == Account::Discount).map(|leg| leg.amount).sum();
    let discount = excess.min((-taken).max(Amount::ZERO));
    let (customer, currency, today) = (invoice.customer_id, invoice.currency, writing.today());
    let batch = ledger::cover(document, customer, currency, (discount, excess - discount), today);
    Ok(post(writing, &batch).await?.1.into_iter().next())
}

/// Returns the refunds of a customer that were drawn and not transferred, not even in part; the newest first.
async fn drawn_refunds(tx: &mut Tx, customer: CustomerId, currency: Currency) -> Result<Vec<ReceivableRow>, JobError> {
    let mut refunds = Vec::new();
    for row in tx.open_receivables_of(customer).await? {
        if row.open_principal.is_negative()
            && row.open_principal == row.gross
            && row.currency == currency
            && tx.document(row.document_id).await?.kind == DocumentKind::Refund
        {
            refunds.push(row);
        }
    }
    refunds.sort_by_key(|row| std::cmp::Reverse(row.document_id));
    Ok(refunds)
}

/// Returns the booking by which a refund was drawn, unless it was transferred, in part even, or taken back.
pub async fn draws(tx: &mut Tx, refund: &ReceivableRow) -> Result<Option<BatchRow>, JobError> {
    let drawn = tx.live_batches_on(refund.document_id, BatchKind::Refund).await?;
    Ok(drawn.into_iter().next().filter(|_| refund.open_principal == refund.gross))
}

/// Undoes a booking of credit. Returns the documents that it was for.
pub async fn undo(
    writing: &mut Writing<'_>,
    batch: &BatchRow,
    kind: BatchKind,
) -> Result<Vec<ReceivableRow>, JobError> {
    let legs = writing.tx.legs_of(batch.id).await?;
    let legs: Vec<Leg> = legs.iter().map(PostingRow::leg).collect();
    let undone = ledger::mirror(batch.id, &legs, kind, Account::Payer, None, writing.today());
    Ok(post(writing, &undone).await?.1)
}

/// Returns what of a document was paid out of its customer's credit.
pub async fn used_on(tx: &mut Tx, document: DocumentId) -> Result<Amount, JobError> {
    let mut used = Amount::ZERO;
    for batch in tx.live_batches_on(document, BatchKind::Credit).await? {
        let legs = tx.legs_of(batch.id).await?;
        let paid = legs.iter().filter(|leg| leg.account == Account::Principal);
        used -= paid.map(|leg| leg.amount).sum::<Amount>();
    }
    Ok(used)
}
