//! What is made of every invoice, whatever it is for: its papers, how it is found, and what is owed by it.

use chrono::NaiveDate;

use crate::customer::Customer;
use crate::document::{Files, Paper, e_invoice};
use crate::dunning::{effective_due, first_look};
use crate::fact::{DecisionFact, DocumentFact, Fact as _, Subject};
use crate::id::{CustomerId, DocumentId};
use crate::invoice::{AccountOfDay, Document, EInvoiceFormat};
use crate::jobs::issuing::letter::{Brought, bring};
use crate::jobs::issuing::numbered::accepted;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::receipts::credit::settle_with_credit;
use crate::jobs::records::decision::new_decision;
use crate::jobs::records::document::{file_name, xml_name};
use crate::ledger;
use crate::ledger::ReceivableState;
use crate::letter;
use crate::letter::{Leaving, LetterKind};
use crate::matching::{KeyKind, document_keys};
use crate::money::Amount;
use crate::question::Obstacle;
use crate::shell::store::{NewDocument, ReceivableRow, Writing};

/// The rule by which invoices are issued.
pub(crate) const ISSUE_RULE: &str = "R4";

/// Returns the papers of an invoice, or why it cannot be written: its mail and its XML are tried as well.
pub(crate) fn papers(
    office: &Office,
    invoice: &Document,
    customer: &Customer,
    files: &Files,
) -> Result<Vec<(String, Paper)>, Obstacle> {
    let account = AccountOfDay { pay_to: invoice.pay_to.clone(), changed: false };
    let leaving = Leaving { credit: Amount::ZERO, due_on: invoice.due_on, account };
    let context = letter::invoice(invoice, customer, &leaving);
    office.templates.write("invoice", invoice.language, &context)?;
    accepted(e_invoice(invoice, files))?;
    Ok(vec![(file_name(&invoice.number), Paper::Invoice(Box::new(invoice.clone()), files.clone()))])
}

/// Returns the XML that stands beside an invoice's PDF.
pub(crate) fn machine_files(invoice: &Document, files: &Files) -> Vec<(String, Vec<u8>)> {
    let xml = e_invoice(invoice, files).filter(|_| invoice.e_invoice.is_some_and(EInvoiceFormat::is_xrechnung));
    xml.map(|xml| (xml_name(&invoice.number), xml.into_bytes())).into_iter().collect()
}

/// Returns what the books hold of a document, but for its place in the series and its files.
pub(crate) fn row(document: &Document, customer: CustomerId) -> NewDocument {
    NewDocument {
        kind: document.kind,
        customer,
        number: document.number.clone(),
        series: None,
        issued_on: document.issued_on,
        currency: document.currency,
        gross: document.payable(),
        model: DocumentFact::from(document.clone()).write(),
        files: Vec::new(),
    }
}

/// Returns what a payment may name an invoice by.
pub(crate) fn keys(invoice: &Document) -> Vec<(KeyKind, String)> {
    document_keys(&invoice.number, Some(&invoice.pay_to.reference), invoice.pay_to.qr_reference())
}

/// An invoice that was just stored: whose it is, and what it is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owed<'a> {
    pub(crate) document: DocumentId,
    pub(crate) customer: (CustomerId, &'a Customer),
    /// The policy that its contract names.
    pub(crate) dunning_policy: Option<&'a str>,
    /// The number of its contract.
    pub(crate) contract: &'a str,
    /// The day on which it was to be issued.
    pub(crate) scheduled_on: NaiveDate,
    /// The first and the last day of service.
    pub(crate) service: (NaiveDate, NaiveDate),
}

/// Stores what follows from an invoice: postings, what is owed, its letter, why it was issued; credit pays what is open longest. Returns
/// what is told. One over nothing, which deposits have paid, is paid at once.
pub(crate) async fn owe(
    office: &Office,
    writing: &mut Writing<'_>,
    owed: Owed<'_>,
    invoice: Document,
) -> Result<Vec<Event>, JobError> {
    let (amount, currency) = (invoice.payable(), invoice.currency);
    let (customer_id, customer) = owed.customer;
    let is_something = !amount.is_zero();
    if is_something {
        writing.add_batch(&ledger::issue(owed.document, customer_id, amount, currency, invoice.issued_on)).await?;
    }
    let policy = office.policy_for(owed.dunning_policy, customer);
    let due_on = effective_due(invoice.issued_on, invoice.due_on, None, &office.business_days());
    let first_look = first_look(&policy, invoice.issued_on, due_on).filter(|_| is_something);
    let receivable = ReceivableRow {
        state: if is_something { ReceivableState::Open } else { ReceivableState::Paid },
        due_on,
        next_on: first_look,
        ..ReceivableRow::of(owed.document, customer_id, &invoice, amount)
    };
    writing.add_receivable(&receivable).await?;
    let brought = Brought {
        kind: LetterKind::Invoice,
        about: &invoice.number,
        customer: owed.customer,
        document: owed.document,
        number: &invoice.number,
        total: (amount, currency),
    };
    let by_hand = bring(office, writing, brought, Vec::new()).await?;
    let fact = DecisionFact::Issued {
        contract: owed.contract.to_owned(),
        service_from: owed.service.0,
        service_through: owed.service.1,
        scheduled_on: owed.scheduled_on,
        due_on: invoice.due_on,
    };
    writing.add_decision(new_decision(Subject::Document(owed.document), ISSUE_RULE, &fact, first_look)).await?;
    // What is open longest comes first; the invoice's mail says what is left for it.
    let settled = settle_with_credit(writing, customer_id, currency, office.config.waive_below()).await?;
    let issued = Event::InvoiceIssued {
        number: invoice.number,
        customer: invoice.buyer.number,
        name: invoice.buyer.name,
        amount: amount.plain(currency),
        currency,
        due_on: invoice.due_on,
        service_from: invoice.service_from,
        service_through: invoice.service_through,
        contract: owed.contract.to_owned(),
    };
    let settled = settled.into_iter().map(|settled| settled.event);
    Ok([issued].into_iter().chain(by_hand).chain(settled).collect())
}
