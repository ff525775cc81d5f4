//! How invoices are issued, and what is stored with each: document, keys, period, postings, receivable, letter and outbox row in one
//! transaction.

use chrono::NaiveDate;

use super::prepare::{Held, Work};
use crate::document::{Paper, e_invoice, refusal};
use crate::dunning::{effective_due, first_look};
use crate::fact::{DecisionFact, DocumentFact, Fact as _, Subject};
use crate::id::{ContractId, DocumentId};
use crate::invoice::{AccountOfDay, Document, EInvoiceFormat};
use crate::jobs::issuing::number::Numbers;
use crate::jobs::issuing::numbered::Numbered;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::receipts::credit::settle_with_credit;
use crate::jobs::records::decision::{latest, new_decision};
use crate::jobs::records::document::{file_name, xml_name};
use crate::ledger;
use crate::ledger::ReceivableState;
use crate::letter;
use crate::letter::{Leaving, LetterKind};
use crate::matching::{KeyKind, document_keys};
use crate::money::Amount;
use crate::question::Obstacle;
use crate::recurring::Period;
use crate::shell::store::{DueContract, NewDocument, NewLetter, ReceivableRow, Writing};

/// The series of invoices in the books.
pub const SERIES: &str = "invoice";

/// The rule by which invoices are issued.
const ISSUE_RULE: &str = "R4";

/// Notes that nothing is issued of a contract; tells it when that is news.
pub(super) async fn hold(writing: &mut Writing<'_>, row: &DueContract, why: &Held) -> Result<Option<Event>, JobError> {
    let fact = DecisionFact::ContractHeld { reason: why.reason.clone(), missed: why.missed };
    let news = writing.decide(new_decision(Subject::Contract(row.id), why.rule, &fact, None)).await?;
    let event = Event::InvoiceHeld { contract: row.number.clone(), missed: why.missed, reason: why.reason.clone() };
    Ok(news.then_some(event))
}

impl Numbered for Work {
    const SERIES: &'static str = SERIES;

    type Document = (Period, Document);

    fn documents(&self, numbers: &mut Numbers<'_>) -> Vec<(Period, Document)> {
        self.drafts.iter().map(|(service, draft)| (*service, draft.clone().numbered(&numbers.draw()))).collect()
    }

    fn papers(&self, office: &Office, (_, invoice): &(Period, Document)) -> Result<Vec<(String, Paper)>, Obstacle> {
        let account = AccountOfDay { pay_to: invoice.pay_to.clone(), changed: false };
        let leaving = Leaving { credit: Amount::ZERO, due_on: invoice.due_on, account };
        let context = letter::invoice(invoice, &self.customer, &leaving);
        office.templates.write("invoice", invoice.language, &context)?;
        if let Some(refused) =
            e_invoice(invoice, &self.files).and_then(|xml| refusal(&xml, office.config.owner.language))
        {
            return Err(Obstacle::Words(refused));
        }
        Ok(vec![(file_name(&invoice.number), Paper::Invoice(Box::new(invoice.clone()), self.files.clone()))])
    }

    fn machine_files(&self, (_, invoice): &(Period, Document)) -> Vec<(String, Vec<u8>)> {
        let xml =
            e_invoice(invoice, &self.files).filter(|_| invoice.e_invoice.is_some_and(EInvoiceFormat::is_xrechnung));
        xml.map(|xml| (xml_name(&invoice.number), xml.into_bytes())).into_iter().collect()
    }

    fn row(&self, (_, invoice): &(Period, Document)) -> NewDocument {
        NewDocument {
            kind: invoice.kind,
            customer: self.row.customer_id,
            number: invoice.number.clone(),
            series: None,
            issued_on: invoice.issued_on,
            currency: invoice.currency,
            gross: invoice.payable(),
            model: DocumentFact::from(invoice.clone()).write(),
            files: Vec::new(),
        }
    }

    fn keys(&self, (_, invoice): &(Period, Document)) -> Vec<(KeyKind, String)> {
        document_keys(&invoice.number, Some(&invoice.pay_to.reference), invoice.pay_to.qr_reference())
    }

    async fn follow(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        id: DocumentId,
        (service, invoice): (Period, Document),
    ) -> Result<Vec<Event>, JobError> {
        let (amount, currency) = (invoice.payable(), invoice.currency);
        writing.add_period(self.row.id, service.starts_on, 1, service.ends_on, Some(id)).await?;
        let customer = self.row.customer_id;
        writing.add_batch(&ledger::issue(id, customer, amount, currency, invoice.issued_on)).await?;
        let policy = office.policy_for(self.dunning_policy.as_deref(), &self.customer);
        let due_on = effective_due(invoice.issued_on, invoice.due_on, None, &office.business_days());
        let first_look = first_look(&policy, invoice.issued_on, due_on);
        let receivable = ReceivableRow {
            document_id: id,
            number: invoice.number.clone(),
            gross: amount,
            customer_id: self.row.customer_id,
            currency,
            open_principal: amount,
            open_fee: Amount::ZERO,
            open_interest: Amount::ZERO,
            state: ReceivableState::Open,
            due_on,
            stage: 0,
            next_on: first_look,
            issued_on: invoice.issued_on,
        };
        writing.add_receivable(&receivable).await?;
        let letter = NewLetter {
            kind: LetterKind::Invoice,
            about: invoice.number.clone(),
            customer: Some(self.row.customer_id),
            document: Some(id),
            delivery: self.customer.delivery,
            not_before: office.send_window().next(writing.now()),
        };
        writing.add_letter(letter, Vec::new()).await?;
        let fact = DecisionFact::Issued {
            contract: self.row.number.clone(),
            service_from: service.starts_on,
            service_through: service.ends_on,
            scheduled_on: self.row.next_on,
            due_on: invoice.due_on,
        };
        writing.add_decision(new_decision(Subject::Document(id), ISSUE_RULE, &fact, first_look)).await?;
        // What is open longest comes first; the invoice's mail says what is left for it.
        let settled = settle_with_credit(writing, self.row.customer_id, currency, office.config.waive_below()).await?;
        let by_hand = self.customer.delivery.is_by_hand().then(|| Event::LetterByHand {
            kind: LetterKind::Invoice,
            number: invoice.number.clone(),
            customer: invoice.buyer.number.clone(),
            name: invoice.buyer.name.clone(),
            by: self.customer.delivery.name(),
            total: amount.plain(currency),
            currency,
        });
        let issued = Event::InvoiceIssued {
            number: invoice.number,
            customer: invoice.buyer.number,
            name: invoice.buyer.name,
            amount: amount.plain(currency),
            currency,
            due_on: invoice.due_on,
            service_from: invoice.service_from,
            service_through: invoice.service_through,
            contract: self.row.number.clone(),
        };
        let settled = settled.into_iter().map(|settled| settled.event);
        Ok([issued].into_iter().chain(by_hand).chain(settled).collect())
    }

    async fn finish(&self, writing: &mut Writing<'_>) -> Result<(), JobError> {
        writing.set_next_on(self.row.id, self.next_on).await?;
        resume(writing, self.row.id, self.drafts.len(), self.next_on).await
    }
}

/// Notes that a contract which was held is issued again, or that nothing of it is due any more.
pub(super) async fn resume(
    writing: &mut Writing<'_>,
    contract: ContractId,
    periods: usize,
    next_on: Option<NaiveDate>,
) -> Result<(), JobError> {
    let subject = Subject::Contract(contract);
    let last = latest(&mut writing.tx, subject).await?;
    if last.is_some_and(|last| matches!(last.fact, DecisionFact::ContractHeld { .. })) {
        let fact = DecisionFact::ContractIssued { periods };
        writing.add_decision(new_decision(subject, ISSUE_RULE, &fact, next_on)).await?;
    }
    Ok(())
}
