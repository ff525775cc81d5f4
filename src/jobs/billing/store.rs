//! Invoices are stored: document, period, postings, receivable, keys, letter and outbox row in one transaction.

use super::prepare::{Held, Work};
use crate::dunning::{effective_due, first_look};
use crate::fact::{DecisionFact, DocumentFact, Fact as _};
use crate::id::{CustomerId, DocumentId};
use crate::invoice::Document;
use crate::jobs::office::Office;
use crate::jobs::office::error::JobError;
use crate::jobs::office::event::Event;
use crate::jobs::receipts::credit::settle_with_credit;
use crate::jobs::records::decision::{latest, new_decision};
use crate::jobs::records::document::file_name;
use crate::ledger;
use crate::ledger::ReceivableState;
use crate::matching::document_keys;
use crate::recurring::Period;
use crate::reference::shape_of;
use crate::shell::store::{DueContract, NewDocument, NewLetter, ReceivableRow, Subject, Writing};

/// The series of invoices in the books.
pub const SERIES: &str = "invoice";

/// The rule by which invoices are issued.
const ISSUE_RULE: &str = "R4";

/// Notes that nothing is issued of a contract; tells it when that is news.
pub(super) async fn hold(writing: &mut Writing<'_>, row: &DueContract, why: &Held) -> Result<Option<Event>, JobError> {
    let fact = DecisionFact::ContractHeld { reason: why.reason.clone(), missed: why.missed };
    let news = writing.decide(new_decision(Subject::contract(row.id), why.rule, &fact, None)).await?;
    let event = Event::InvoiceHeld { contract: row.number.clone(), missed: why.missed, reason: why.reason.clone() };
    Ok(news.then_some(event))
}

/// Notes that a contract which was held is issued again.
pub(super) async fn resume(writing: &mut Writing<'_>, work: &Work<'_>) -> Result<(), JobError> {
    let subject = Subject::contract(work.row.id);
    let last = latest(&mut writing.tx, subject).await?;
    if last.is_some_and(|last| matches!(last.fact, DecisionFact::ContractHeld { .. })) {
        let fact = DecisionFact::ContractIssued { periods: work.drafts.len() };
        writing.add_decision(new_decision(subject, ISSUE_RULE, &fact, work.next_on)).await?;
    }
    Ok(())
}

/// Stores one invoice with everything that follows from it.
pub(super) async fn store(
    office: &Office,
    writing: &mut Writing<'_>,
    work: &Work<'_>,
    service: &Period,
    document: Document,
    pdf: Option<Vec<u8>>,
    (number_period, sequence): (String, i64),
) -> Result<Vec<Event>, JobError> {
    let (amount, currency) = (document.payable(), document.currency);
    let files = pdf.map(|bytes| (file_name(&document.number), bytes)).into_iter().collect();
    let id = writing
        .add_document(NewDocument {
            kind: document.kind.name(),
            customer: work.row.customer_id,
            number: document.number.clone(),
            series: Some((SERIES.to_owned(), number_period, sequence)),
            issued_on: document.issued_on,
            currency: currency.code().to_owned(),
            gross: amount.minor(),
            model: DocumentFact::from(document.clone()).write(),
            files,
        })
        .await?;
    writing.add_period(work.row.id, service.starts_on, 1, service.ends_on, Some(id)).await?;
    let customer = CustomerId::from(work.row.customer_id);
    writing.add_batch(&ledger::issue(DocumentId::from(id), customer, amount, currency, document.issued_on)).await?;
    let policy = office.policy_for(work.dunning_policy.as_deref(), &work.customer);
    let due_on = effective_due(document.issued_on, document.due_on, None, &office.business_days());
    let first_look = first_look(&policy, document.issued_on, due_on);
    let receivable = ReceivableRow {
        document_id: id,
        number: document.number.clone(),
        gross: amount.minor(),
        customer_id: work.row.customer_id,
        currency: currency.code().to_owned(),
        open_principal: amount.minor(),
        open_fee: 0,
        open_interest: 0,
        state: ReceivableState::Open.name().to_owned(),
        due_on,
        stage: 0,
        next_on: first_look,
        issued_on: document.issued_on,
    };
    writing.add_receivable(&receivable).await?;
    let keys = document_keys(&document.number, Some(&document.pay_to.reference), None);
    writing.add_document_keys(id, &shape_of(&document.number), &keys).await?;
    let letter = NewLetter {
        kind: "invoice",
        about: document.number.clone(),
        customer: Some(work.row.customer_id),
        document: Some(id),
        delivery: work.customer.delivery.name(),
        not_before: office.send_window().next(writing.now()),
    };
    writing.add_letter(letter, Vec::new()).await?;
    let fact = DecisionFact::Issued {
        contract: work.row.number.clone(),
        service_from: service.starts_on,
        service_through: service.ends_on,
        scheduled_on: work.row.next_on,
        due_on: document.due_on,
    };
    writing.add_decision(new_decision(Subject::document(id), ISSUE_RULE, &fact, first_look)).await?;
    // What is open longest comes first; the invoice's mail says what is left for it.
    let settled = settle_with_credit(writing, work.row.customer_id, currency).await?;
    let issued = Event::InvoiceIssued {
        number: document.number,
        customer: document.buyer.number,
        name: document.buyer.name,
        amount: amount.plain(currency),
        currency,
        due_on: document.due_on,
        service_from: document.service_from,
        service_through: document.service_through,
        contract: work.row.number.clone(),
    };
    Ok([issued].into_iter().chain(settled.into_iter().map(|settled| settled.event)).collect())
}
