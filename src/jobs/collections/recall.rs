//! Letters that should not have left are taken back: the stage steps back, costs and interest go, and the customer gets an apology.
//!
//! Whenever the last of an invoice is paid, its letters are looked at once: each that left on the value date of the money or later
//! is recalled.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::letters::{SentLetter, sent_letters};
use super::numbered::Draft;
use crate::dunning::{Movement, SentStage, WithdrawalDocument, WithdrawnItem, recalled};
use crate::id::{BatchId, CustomerId, DocumentId, LetterId};
use crate::invoice::{Buyer, Document, DocumentKind, PayTo};
use crate::jobs::issuing::chunk::{CHUNK, Chunk, issue};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::receipts::credit::settle_with_credit;
use crate::jobs::records::alarm::alarm;
use crate::jobs::records::customer::agreed;
use crate::jobs::records::document::model;
use crate::jobs::records::posting::post;
use crate::ledger;
use crate::ledger::{Account, Leg, OpenCosts};
use crate::letter::{Alarm, LetterKind};
use crate::money::{Amount, Currency};
use crate::outbox::LetterEvent;
use crate::question::Obstacle;
use crate::shell::store::{PostingRow, ReceivableRow, Run, StoreError, Tx, Writing};

/// Looks at every dunned invoice that was paid meanwhile. Returns how many letters were taken back.
///
/// # Errors
/// When the books fail, or no worker can be started to typeset the letters.
pub async fn recall(office: &Office, run: &Run) -> Result<usize, JobError> {
    let (mut after, mut count) = (None, 0);
    while !office.is_stopping() && !paid(&mut office.store.read().await?, run.today, after).await?.is_empty() {
        let Seen { invoices, wrong } = issue(office, run, &Withdrawals { after }).await?.seen;
        let Some(last) = invoices.last() else { break };
        after = Some(last.document_id);
        count += wrong.len();
    }
    Ok(count)
}

/// The next dunned invoices that were paid meanwhile.
async fn paid(tx: &mut Tx, today: NaiveDate, after: Option<DocumentId>) -> Result<Vec<ReceivableRow>, StoreError> {
    tx.paid_after_letters(today, after, i64::try_from(CHUNK).unwrap_or(i64::MAX)).await
}

/// A letter on an invoice that is to be taken back.
#[derive(Debug, Clone, PartialEq)]
struct Wrong {
    invoice: ReceivableRow,
    letter: SentLetter,
    /// The letter's number.
    number: String,
    /// The value date of the payment that settled the invoice.
    paid_on: NaiveDate,
    /// The batch by which it claimed costs and interest, if it did, and how much.
    claim: Option<(BatchId, Amount)>,
}

/// What is taken back in one transaction, of the invoices behind one.
struct Withdrawals {
    after: Option<DocumentId>,
}

/// Paid invoices with letters.
#[derive(PartialEq)]
struct Seen {
    invoices: Vec<ReceivableRow>,
    /// The letters on them that should not have left.
    wrong: Vec<Wrong>,
}

impl Seen {
    async fn of(office: &Office, tx: &mut Tx, today: NaiveDate, after: Option<DocumentId>) -> Result<Seen, JobError> {
        let invoices = paid(tx, today, after).await?;
        let wrong = wrong(office, tx, &invoices).await?;
        Ok(Seen { invoices, wrong })
    }
}

impl Chunk for Withdrawals {
    const DOING: &'static str = "recalling";

    type Draft = Draft<WithdrawalDocument>;

    type Seen = Seen;

    async fn draft(&self, office: &Office, run: &Run) -> Result<(Seen, Vec<Self::Draft>), JobError> {
        let mut tx = office.store.read().await?;
        let seen = Seen::of(office, &mut tx, run.today, self.after).await?;
        let drafts = drafts(office, &mut tx, &seen.wrong, run.today).await?;
        Ok((seen, drafts))
    }

    async fn record(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        seen: &Seen,
        unwritten: &[(Self::Draft, Obstacle)],
    ) -> Result<Option<Vec<Event>>, JobError> {
        let today = writing.today();
        if Seen::of(office, &mut writing.tx, today, self.after).await? != *seen {
            return Ok(None);
        }
        for invoice in &seen.invoices {
            writing.look_at(invoice.document_id, None).await?;
        }
        let mut events = Vec::new();
        for one in &seen.wrong {
            events.push(take_back(office, writing, one).await?);
        }
        // What was paid of the costs is credit now.
        for (customer, currency) in concerned(&seen.wrong)? {
            let settled = settle_with_credit(writing, customer, currency, office.config.waive_below()).await?;
            events.extend(settled.into_iter().map(|settled| settled.event));
        }
        // What is recalled is recalled, even if the apology cannot be written; the owner is told.
        if !unwritten.is_empty() {
            alarm(writing, Alarm::LettersHeld).await?;
        }
        events.extend(unwritten.iter().map(|(draft, words)| Event::LetterFailed {
            about: format!("{} {}", draft.kind, draft.about),
            outcome: "refused".to_owned(),
            words: words.clone(),
        }));
        Ok(Some(events))
    }
}

/// The customers of letters that are taken back, with the currency.
fn concerned(wrong: &[Wrong]) -> Result<BTreeSet<(CustomerId, Currency)>, JobError> {
    wrong.iter().map(|one| Ok((one.invoice.customer_id, one.invoice.currency))).collect()
}

/// Finds the letters on some invoices that should not have left.
async fn wrong(office: &Office, tx: &mut Tx, invoices: &[ReceivableRow]) -> Result<Vec<Wrong>, JobError> {
    let mut wrong = Vec::new();
    for invoice in invoices {
        let letters = sent_letters(office, tx, invoice.document_id).await?;
        let legs = tx.legs_of_document(invoice.document_id).await?;
        let (movements, payments) = (moved(&legs, |_| true), moved(&legs, |leg| leg.payment_id.is_some()));
        let sent: Vec<SentStage> = letters.iter().map(|letter| letter.sent).collect();
        let found: Vec<SentStage> = recalled(&sent, &movements, &payments).copied().collect();
        for letter in letters.into_iter().filter(|letter| found.contains(&letter.sent)) {
            let paid = payments.iter().filter(|movement| movement.value_on <= letter.sent.sent_on);
            let Some(paid_on) = paid.map(|movement| movement.value_on).max() else { continue };
            let document = tx.letter(letter.id).await?.document_id;
            let document = document.ok_or_else(|| JobError::damaged("a dunning letter without a number"))?;
            let number = tx.document(document).await?.number;
            let claim = claim(tx, letter.id, invoice.document_id).await?;
            wrong.push(Wrong { invoice: invoice.clone(), letter, number, paid_on, claim });
        }
    }
    Ok(wrong)
}

/// What moved the principal of a document, by value date.
fn moved(legs: &[PostingRow], counts: impl Fn(&PostingRow) -> bool) -> Vec<Movement> {
    let own = legs.iter().filter(|leg| leg.account == Account::Principal && counts(leg));
    own.map(|leg| Movement { value_on: leg.value_on, amount: leg.amount }).collect()
}

/// Returns the batch by which a letter claimed costs and interest on an invoice, and how much.
async fn claim(tx: &mut Tx, letter: LetterId, invoice: DocumentId) -> Result<Option<(BatchId, Amount)>, JobError> {
    for batch in tx.claims_of(letter).await? {
        let legs = tx.legs_of(batch.id).await?;
        let own = legs.iter().filter(|leg| leg.document_id == Some(invoice) && leg.customer_id.is_some());
        let claimed: Amount = own.map(|leg| leg.amount).sum();
        if claimed.is_positive() {
            return Ok(Some((batch.id, claimed)));
        }
    }
    Ok(None)
}

/// Writes down that a letter is taken back for an invoice, and takes back what it claimed.
async fn take_back(office: &Office, writing: &mut Writing<'_>, wrong: &Wrong) -> Result<Event, JobError> {
    let invoice = wrong.invoice.document_id;
    // What happened, as a fact: the day of the money.
    let words = wrong.paid_on.to_string();
    writing.add_event(wrong.letter.id, Some(invoice), LetterEvent::Recalled, None, &words).await?;
    if let Some((batch, _)) = wrong.claim {
        let claim = writing.tx.legs_of(batch).await?;
        let claim: Vec<Leg> = claim.iter().map(PostingRow::leg).collect();
        let open = open(&mut writing.tx, invoice).await?;
        let (_, touched) = post(writing, &ledger::take_back(batch, &claim, open, writing.today())).await?;
        for row in touched.into_iter().filter(|row| row.document_id == invoice && row.open_principal.is_zero()) {
            // What is left of the other letters may be small now.
            let (fee, interest) = (row.open_fee, row.open_interest);
            if (fee + interest).is_positive() && fee + interest < office.config.waive_below() {
                let (customer, currency) = (row.customer_id, row.currency);
                let batch = ledger::give_up_costs(invoice, customer, currency, fee, interest, writing.today());
                post(writing, &batch).await?;
            }
        }
    }
    let stage = sent_letters(office, &mut writing.tx, invoice).await?.last().map_or(0, |letter| letter.sent.stage);
    writing.set_dunning(invoice, wrong.invoice.due_on, i64::try_from(stage).unwrap_or(i64::MAX), None).await?;
    let currency = wrong.invoice.currency;
    Ok(Event::LetterRecalled {
        number: wrong.number.clone(),
        invoice: wrong.invoice.number.clone(),
        stage: wrong.letter.sent.stage,
        paid_on: wrong.paid_on,
        taken_back: wrong.claim.map_or(Amount::ZERO, |(_, claimed)| claimed).plain(currency),
        currency,
    })
}

/// What is open of costs and interest, and what of them was given up.
async fn open(tx: &mut Tx, invoice: DocumentId) -> Result<OpenCosts, JobError> {
    let row = tx.receivable(invoice).await?;
    let legs = tx.legs_of_document(invoice).await?;
    let waived = legs.iter().filter(|leg| leg.account == Account::Waiver);
    Ok(OpenCosts { fee: row.open_fee, interest: row.open_interest, waived: waived.map(|leg| leg.amount).sum() })
}

/// Makes the apologies: one for each customer and currency.
async fn drafts(
    office: &Office,
    tx: &mut Tx,
    wrong: &[Wrong],
    today: NaiveDate,
) -> Result<Vec<Draft<WithdrawalDocument>>, JobError> {
    let mut by_customer: BTreeMap<(CustomerId, Currency), Vec<&Wrong>> = BTreeMap::new();
    for one in wrong {
        by_customer.entry((one.invoice.customer_id, one.invoice.currency)).or_default().push(one);
    }
    let mut drafts = Vec::new();
    for ((customer, currency), mut own) in by_customer {
        own.sort_by(|a, b| (a.letter.id, &a.invoice.number).cmp(&(b.letter.id, &b.invoice.number)));
        let Some(first) = own.first() else { continue };
        let agreed = agreed(tx, customer).await?;
        let invoice: Document = model(tx, first.invoice.document_id).await?;
        let decimal = |amount: Amount| amount.decimal(currency);
        let items = own.iter().map(|wrong| WithdrawnItem {
            letter: wrong.number.clone(),
            sent_on: wrong.letter.sent.sent_on,
            stage: wrong.letter.sent.stage,
            invoice: wrong.invoice.number.clone(),
            paid_on: wrong.paid_on,
            taken_back: decimal(wrong.claim.map_or(Amount::ZERO, |(_, claimed)| claimed)),
        });
        let letter = WithdrawalDocument {
            kind: DocumentKind::Withdrawal,
            number: String::new(),
            issued_on: today,
            currency,
            language: agreed.language.of_business_in(invoice.seller.address.country.code()),
            seller: office.config.business.seller(&office.config.owner),
            buyer: Buyer::of(&agreed),
            pay_to: PayTo { reference: String::new(), ..office.config.pay_into(&invoice.pay_to, currency, today) },
            credited: decimal(credited(tx, &own).await?),
            items: items.collect(),
        };
        drafts.push(Draft {
            customer,
            kind: LetterKind::Withdrawal,
            about: format!("{} {today}", agreed.number),
            agreed,
            letter,
            items: Vec::new(),
            papers: Vec::new(),
        });
    }
    Ok(drafts)
}

/// Returns what the customer had paid of what is taken back.
async fn credited(tx: &mut Tx, wrong: &[&Wrong]) -> Result<Amount, JobError> {
    let mut by_invoice: BTreeMap<DocumentId, Amount> = BTreeMap::new();
    for one in wrong {
        *by_invoice.entry(one.invoice.document_id).or_default() +=
            one.claim.map_or(Amount::ZERO, |(_, claimed)| claimed);
    }
    let mut credited = Amount::ZERO;
    for (invoice, claimed) in by_invoice {
        let open = open(tx, invoice).await?;
        credited += (claimed - open.fee - open.interest - open.waived).max(Amount::ZERO);
    }
    Ok(credited)
}
