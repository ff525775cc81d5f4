//! A customer's credit, paid out: the refund gets a number of its own, the owner transfers it and quotes that, and the outgoing entry
//! that carries it closes it. Until then no invoice uses the credit.

use rust_decimal::Decimal;

use super::credit::{draws, of_customer, settle_with_credit, undo};
use super::learned::learned;
use crate::customer::Customer;
use crate::fact::{DocumentFact, Fact as _};
use crate::id::{CustomerId, DocumentId};
use crate::invoice::{Buyer, Document, DocumentKind, DocumentTotals, Origin, PayTo};
use crate::jobs::issuing::number::next_sequence;
use crate::jobs::office::Office;
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::error::JobError;
use crate::jobs::records::customer::named;
use crate::jobs::records::posting::post;
use crate::language::Language;
use crate::ledger;
use crate::ledger::{BatchKind, ReceivableState};
use crate::matching::document_keys;
use crate::money::{Amount, Currency};
use crate::reference::{CreditorReference, Iban, shape_of};
use crate::shell::store::{CustomerRow, NewDocument, ReceivableRow, Run, Subject, Tx, Writing};

/// The series of refunds in the books.
const SERIES: &str = "refund";

/// A refund that was drawn: what the owner transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Its number: what the transfer quotes.
    pub number: String,
    /// The same as a creditor reference (ISO 11649).
    pub reference: String,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// To whom.
    pub name: String,
    /// The accounts that are known of the customer: the book's first.
    pub ibans: Vec<Iban>,
    /// What is left of the credit.
    pub left: Amount,
}

/// Draws a refund over a customer's credit, or a part of it.
///
/// # Errors
/// When there is no such credit.
pub async fn draw(office: &Office, run: &Run, customer: &str, amount: Option<&str>) -> Result<Drawn, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (row, agreed) = named(&mut writing.tx, customer).await?;
    let currency = currency_of_credit(&mut writing.tx, &row, &agreed, office.config.business.currency).await?;
    let credit = of_customer(&mut writing.tx, row.id, currency).await?;
    if credit.is_negative() {
        return Err(JobError::Refused(format!(
            "{customer} has no credit: {} were paid out beyond it, for the payment that it came from was taken back",
            (-credit).with_currency(currency, Language::En)
        )));
    }
    let amount = match amount {
        None => credit,
        Some(text) => Amount::parse(text, currency).map_err(|error| JobError::Refused(error.to_string()))?,
    };
    if !amount.is_positive() || amount > credit {
        return Err(JobError::Refused(format!(
            "{customer} has a credit of {} {currency}, not of {}",
            credit.plain(currency),
            amount.plain(currency)
        )));
    }
    let (sequence, last) = next_sequence(office, &mut writing.tx, SERIES, run.today).await?;
    let series = &office.config.series(SERIES).series;
    let period = series.period(run.today);
    let number = series.number(run.today, sequence);
    let reference = CreditorReference::of_number(&number);
    let reference = reference.map(|reference| reference.as_str().to_owned()).unwrap_or_default();
    writing.move_counter(SERIES, &period, last, sequence).await?;
    let document = document(office, &agreed, currency, amount, &number, &reference, run)?;
    let id = writing
        .add_document(NewDocument {
            kind: document.kind.name(),
            customer: row.id,
            number: number.clone(),
            series: Some((SERIES.to_owned(), period, sequence)),
            issued_on: run.today,
            currency: currency.code().to_owned(),
            gross: -amount.minor(),
            model: DocumentFact::from(document.clone()).write(),
            files: Vec::new(),
        })
        .await?;
    writing.add_receivable(&receivable(id, row.id, &document, amount)).await?;
    writing.add_document_keys(id, &shape_of(&number), &document_keys(&number, Some(&reference), None)).await?;
    let batch = ledger::draw_refund(DocumentId::from(id), CustomerId::from(row.id), amount, currency, run.today);
    post(&mut writing, &batch).await?;
    let ibans = accounts(&mut writing, row.id, &agreed).await?;
    writing.commit().await?;
    let name = agreed.name;
    Ok(Drawn { number, reference, amount, currency, name, ibans, left: credit - amount })
}

/// The currency that the customer has credit in: its own, else the only one.
async fn currency_of_credit(
    tx: &mut Tx,
    row: &CustomerRow,
    agreed: &Customer,
    business: Currency,
) -> Result<Currency, JobError> {
    let credit = tx.credit_of(row.id).await?;
    let own = agreed.currency.unwrap_or(business);
    match &credit[..] {
        [] => {
            let notes = tx.open_receivables_of(row.id).await?.into_iter().filter(|row| row.open_principal < 0);
            let notes: Vec<String> = notes.map(|row| row.number).collect();
            let more = if notes.is_empty() {
                String::new()
            } else {
                format!(
                    "; to pay out {}, transfer it and quote its number: the outgoing entry closes it",
                    notes.join(", ")
                )
            };
            Err(JobError::Refused(format!("{} has no credit{more}", row.number)))
        }
        [(only, _)] => only.parse().map_err(|_| JobError::damaged(format!("a currency `{only}`"))),
        _ => Ok(own),
    }
}

/// The refund as a document: nothing is invoiced by it, so it has no lines.
fn document(
    office: &Office,
    agreed: &Customer,
    currency: Currency,
    amount: Amount,
    number: &str,
    reference: &str,
    run: &Run,
) -> Result<Document, JobError> {
    let terms = office.terms();
    let account = terms.accounts.iter().find(|(of, ..)| *of == currency).or(terms.accounts.first());
    let (_, iban, bic) = account.ok_or_else(|| JobError::Refused("there is no bank account to pay from".to_owned()))?;
    let owed = (-amount).decimal(currency);
    Ok(Document {
        payment_means: crate::customer::PaymentMeans::Transfer,
        kind: DocumentKind::Refund,
        origin: Origin::Issued,
        number: number.to_owned(),
        issued_on: run.today,
        due_on: run.today,
        currency,
        language: agreed.language,
        title: None,
        note: None,
        contract: None,
        buyer_reference: None,
        order_number: None,
        service_from: run.today,
        service_through: run.today,
        seller: terms.seller.clone(),
        buyer: Buyer {
            number: agreed.number.clone(),
            name: agreed.name.clone(),
            address: agreed.address.clone(),
            vat_id: None,
            contact: None,
        },
        lines: Vec::new(),
        totals: DocumentTotals { net: owed, vat: Decimal::ZERO, gross: owed, prepaid: Decimal::ZERO, payable: owed },
        vat: Vec::new(),
        discounts: Vec::new(),
        pay_to: PayTo {
            holder: terms.holder.clone(),
            iban: iban.clone(),
            bic: bic.clone(),
            reference: reference.to_owned(),
        },
    })
}

/// What is owed to the customer on it: nothing until the credit is booked over.
fn receivable(id: i64, customer: i64, document: &Document, amount: Amount) -> ReceivableRow {
    ReceivableRow {
        document_id: id,
        number: document.number.clone(),
        gross: -amount.minor(),
        customer_id: customer,
        currency: document.currency.code().to_owned(),
        open_principal: 0,
        open_fee: 0,
        open_interest: 0,
        state: ReceivableState::Open.name().to_owned(),
        due_on: document.due_on,
        stage: 0,
        next_on: None,
        issued_on: document.issued_on,
    }
}

/// The accounts that are known of a customer.
async fn accounts(writing: &mut Writing<'_>, customer: i64, agreed: &Customer) -> Result<Vec<Iban>, JobError> {
    let acts = acts_of(&mut writing.tx, Subject::customer(customer)).await?;
    let learned = learned(&acts).into_iter().filter_map(|account| account.iban.parse().ok());
    let mut ibans = agreed.ibans.clone();
    ibans.extend(learned);
    Ok(ibans)
}

/// A refund that was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawn {
    /// How much became credit again.
    pub amount: Amount,
    /// How much of the credit open invoices got at once.
    pub used: Amount,
    /// The currency.
    pub currency: Currency,
}

/// Takes a refund back that was not transferred: the customer has the credit again, and it pays what is open.
///
/// # Errors
/// When there is no such refund, or it was transferred.
pub async fn withdraw(office: &Office, run: &Run, number: &str) -> Result<Withdrawn, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let document = writing.tx.document_by_number(number).await?;
    let document = document.filter(|row| row.kind == DocumentKind::Refund.name());
    let document = document.ok_or_else(|| JobError::Refused(format!("{number} is no refund")))?;
    let row = writing.tx.receivable(document.id).await?;
    let open = Amount::from_minor(-row.open_principal);
    let currency = row.currency()?;
    let Some(drawn) = draws(&mut writing.tx, &row).await? else {
        return Err(JobError::Refused(format!("{number} was transferred or taken back already")));
    };
    undo(&mut writing, &drawn, BatchKind::Correction).await?;
    let settled = settle_with_credit(&mut writing, row.customer_id, currency).await?;
    writing.commit().await?;
    settled.iter().for_each(|settled| office.tell(run.today, &settled.event));
    let used = settled.iter().map(|settled| settled.used).sum();
    Ok(Withdrawn { amount: open, used, currency })
}
