//! A customer's credit, paid out: the refund gets a number of its own, the owner transfers it and quotes that, and the outgoing entry
//! that carries it closes it. Until then no invoice uses the credit.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::credit::{draws, of_customer, settle_with_credit, undo};
use super::learned::learned;
use crate::customer::Customer;
use crate::document::Paper;
use crate::fact::{DocumentFact, Fact as _, Subject};
use crate::id::{CustomerId, DocumentId};
use crate::invoice::{Buyer, Document, DocumentKind, DocumentTotals, InvoicePart, Origin, PayTo};
use crate::jobs::issuing::chunk::{Chunk, Issued, issue};
use crate::jobs::issuing::number::Numbers;
use crate::jobs::issuing::numbered::Numbered;
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::named;
use crate::jobs::records::posting::post;
use crate::ledger;
use crate::ledger::BatchKind;
use crate::matching::{KeyKind, document_keys};
use crate::money::{Amount, Currency};
use crate::question::{Money, Obstacle};
use crate::reference::{CreditorReference, Iban};
use crate::refusal::{CustomerRefusal, NameRefusal, PaymentRefusal};
use crate::shell::store::{CustomerRow, NewDocument, OpenPaymentRow, ReceivableRow, Run, Tx, Writing};

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
    let Issued { seen, numbers } = issue(office, run, &Credit { customer, amount }).await?;
    let number = numbers.into_iter().next().ok_or_else(|| JobError::damaged("a refund without a number"))?;
    let Refund { agreed, amount, ibans, left, document, .. } = seen;
    let (reference, currency) = (reference(&number), document.currency);
    Ok(Drawn { number, reference, amount, currency, name: agreed.name, ibans, left })
}

/// A customer's credit that is to be paid out, or a part of it, in the owner's words.
struct Credit<'c> {
    customer: &'c str,
    amount: Option<&'c str>,
}

/// A refund that may be drawn.
#[derive(Clone, PartialEq)]
struct Refund {
    customer: CustomerId,
    agreed: Customer,
    amount: Amount,
    /// The accounts that are known of the customer.
    ibans: Vec<Iban>,
    /// What is left of the credit.
    left: Amount,
    /// The refund as a document, but for its number.
    document: Document,
}

impl Refund {
    /// Looks whether the credit is there.
    async fn of(office: &Office, tx: &mut Tx, credit: &Credit<'_>, today: NaiveDate) -> Result<Refund, JobError> {
        let customer = credit.customer;
        let (row, agreed) = named(tx, customer).await?;
        let currency = currency_of_credit(tx, &row, &agreed, office.config.business.currency).await?;
        let has = of_customer(tx, row.id, currency).await?;
        if has.is_negative() {
            let owed = Money { amount: -has, currency };
            return Err(JobError::refused(CustomerRefusal::CreditGone { number: customer.to_owned(), owed }));
        }
        let amount = match credit.amount {
            None => has,
            Some(text) => {
                Amount::typed(text, currency).map_err(|why| JobError::refused(PaymentRefusal::Amount { why }))?
            }
        };
        if !amount.is_positive() || amount > has {
            let (has, asked) = (Money { amount: has, currency }, Money { amount, currency });
            return Err(JobError::refused(CustomerRefusal::CreditLess { number: customer.to_owned(), has, asked }));
        }
        let document = document(office, &agreed, currency, amount, today)?;
        let ibans = accounts(tx, row.id, &agreed).await?;
        Ok(Refund { customer: row.id, agreed, amount, ibans, left: has - amount, document })
    }
}

impl Chunk for Credit<'_> {
    const DOING: &'static str = "drawing a refund";

    type Draft = Refund;

    type Seen = Refund;

    async fn draft(&self, office: &Office, run: &Run) -> Result<(Refund, Vec<Refund>), JobError> {
        let refund = Refund::of(office, &mut office.store.read().await?, self, run.today).await?;
        Ok((refund.clone(), vec![refund]))
    }

    async fn record(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        seen: &Refund,
        _: &[(Refund, Obstacle)],
    ) -> Result<Option<Vec<Event>>, JobError> {
        let today = writing.today();
        let now = Refund::of(office, &mut writing.tx, self, today).await?;
        Ok((now == *seen).then(Vec::new))
    }
}

impl Numbered for Refund {
    const SERIES: &'static str = "refund";

    type Document = Document;

    fn documents(&self, numbers: &mut Numbers<'_>) -> Vec<Document> {
        let number = numbers.draw();
        let pay_to = PayTo { reference: reference(&number), ..self.document.pay_to.clone() };
        vec![Document { number, pay_to, ..self.document.clone() }]
    }

    /// It is a word between the owner and his bank; nobody gets a paper.
    fn papers(&self, _: &Office, _: &Document) -> Result<Vec<(String, Paper)>, Obstacle> {
        Ok(Vec::new())
    }

    fn row(&self, refund: &Document) -> NewDocument {
        NewDocument {
            kind: refund.kind,
            customer: self.customer,
            number: refund.number.clone(),
            series: None,
            issued_on: refund.issued_on,
            currency: refund.currency,
            gross: refund.payable(),
            model: DocumentFact::from(refund.clone()).write(),
            files: Vec::new(),
        }
    }

    fn keys(&self, refund: &Document) -> Vec<(KeyKind, String)> {
        document_keys(&refund.number, Some(&refund.pay_to.reference), refund.pay_to.qr_reference())
    }

    async fn follow(
        &self,
        _: &Office,
        writing: &mut Writing<'_>,
        id: DocumentId,
        refund: Document,
    ) -> Result<Vec<Event>, JobError> {
        // Nothing is owed to the customer on it until the credit is booked over.
        let gross = refund.payable();
        let receivable = ReceivableRow::of(id, self.customer, &refund, gross);
        writing.add_receivable(&ReceivableRow { open_principal: Amount::ZERO, ..receivable }).await?;
        let batch = ledger::draw_refund(id, self.customer, self.amount, refund.currency, refund.issued_on);
        post(writing, &batch).await?;
        Ok(Vec::new())
    }
}

/// A number as a creditor reference (ISO 11649).
fn reference(number: &str) -> String {
    CreditorReference::of_number(number).map(|reference| reference.as_str().to_owned()).unwrap_or_default()
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
            let notes =
                tx.open_receivables_of(row.id).await?.into_iter().filter(|row| row.open_principal.is_negative());
            let notes: Vec<String> = notes.map(|row| row.number).collect();
            let number = row.number.clone();
            if !notes.is_empty() {
                return Err(JobError::refused(CustomerRefusal::CreditNotes { number, notes }));
            }
            let mut waiting = Vec::new();
            for (payment, _) in tx.concerns_of(row.id).await? {
                waiting.extend(tx.open_payment(payment).await?.filter(|open| open.open_amount.is_positive()));
            }
            Err(JobError::refused(match waiting.first().map(|open| open.payment_id) {
                None => CustomerRefusal::NoCredit { number },
                Some(first) => {
                    let payment = |open: &OpenPaymentRow| {
                        let money = open.open_amount.plain(open.currency);
                        format!("{} ({money} {})", open.payment_id, open.currency)
                    };
                    CustomerRefusal::NoCreditYet { number, payments: waiting.iter().map(payment).collect(), first }
                }
            }))
        }
        [(only, _)] => Ok(*only),
        _ => Ok(own),
    }
}

/// The refund as a document without its number: nothing is invoiced by it, so it has no lines.
fn document(
    office: &Office,
    agreed: &Customer,
    currency: Currency,
    amount: Amount,
    today: NaiveDate,
) -> Result<Document, JobError> {
    let terms = office.terms(today);
    let account = terms.accounts.iter().find(|account| account.currency == currency).or(terms.accounts.first());
    let account = account.ok_or_else(|| JobError::refused(CustomerRefusal::NoAccountToPayFrom {}))?;
    let owed = (-amount).decimal(currency);
    Ok(Document {
        payment_means: crate::customer::PaymentMeans::Transfer,
        kind: DocumentKind::Refund,
        origin: Origin::Issued,
        number: String::new(),
        issued_on: today,
        due_on: today,
        currency,
        language: agreed.language.of_business_in(terms.seller.address.country.code()),
        title: None,
        note: None,
        contract: None,
        buyer_reference: None,
        order_number: None,
        service_from: today,
        service_through: today,
        seller: terms.seller.clone(),
        buyer: Buyer {
            number: agreed.number.clone(),
            name: agreed.name.clone(),
            address: agreed.address.clone(),
            vat_id: None,
            contact: None,
            electronic_address: None,
        },
        lines: Vec::new(),
        totals: DocumentTotals {
            net: owed,
            vat: Decimal::ZERO,
            gross: owed,
            prepaid: Decimal::ZERO,
            rounding: Decimal::ZERO,
            payable: owed,
        },
        vat: Vec::new(),
        discounts: Vec::new(),
        default_notice: false,
        part: InvoicePart::Whole,
        preceding: Vec::new(),
        allowances: Vec::new(),
        charges: Vec::new(),
        tax_currency: None,
        mandate: None,
        attachments: Vec::new(),
        e_invoice: None,
        follows: None,
        deductions: Vec::new(),
        offered: Vec::new(),
        pay_to: account.pay_to(),
    })
}

/// The accounts that are known of a customer.
async fn accounts(tx: &mut Tx, customer: CustomerId, agreed: &Customer) -> Result<Vec<Iban>, JobError> {
    let acts = acts_of(tx, Subject::Customer(customer)).await?;
    let learned = learned(&acts).into_iter().filter_map(|account| account.iban.parse().ok());
    let mut ibans = agreed.ibans.clone();
    ibans.extend(learned);
    Ok(ibans)
}

/// A refund that was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// How much became credit again.
    pub amount: Amount,
    /// How much of the credit open invoices got at once.
    pub used: Amount,
    /// Whose credit it is: the customer's number.
    pub customer: String,
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
    let document = match document {
        Some(row) if row.kind == DocumentKind::Refund => row,
        _ => return Err(JobError::refused(NameRefusal::NoRefund { name: number.to_owned() })),
    };
    let row = writing.tx.receivable(document.id).await?;
    let open = -row.open_principal;
    let currency = row.currency;
    let Some(drawn) = draws(&mut writing.tx, &row).await? else {
        return Err(JobError::refused(CustomerRefusal::RefundSettled { number: number.to_owned() }));
    };
    undo(&mut writing, &drawn, BatchKind::Correction).await?;
    let settled = settle_with_credit(&mut writing, row.customer_id, currency, office.config.waive_below()).await?;
    let customer = writing.tx.customer(row.customer_id).await?.number;
    writing.commit().await?;
    settled.iter().for_each(|settled| office.tell(run.today, &settled.event));
    let used = settled.iter().map(|settled| settled.used).sum();
    Ok(Withdrawn { amount: open, used, customer, currency })
}
