//! How invoices are issued, and what is stored with each: document, keys, period, postings, receivable, letter and outbox row in one
//! transaction.

use chrono::NaiveDate;

use super::owed;
use super::owed::{ISSUE_RULE, Owed};
use super::prepare::{Held, Work};
use crate::document::Paper;
use crate::fact::{DecisionFact, Subject};
use crate::id::{ContractId, DocumentId};
use crate::invoice::Document;
use crate::jobs::issuing::number::Numbers;
use crate::jobs::issuing::numbered::Numbered;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::decision::{latest, new_decision};
use crate::matching::KeyKind;
use crate::question::Obstacle;
use crate::recurring::Period;
use crate::shell::store::{DueContract, NewDocument, Writing};

/// The series of invoices in the books.
pub const SERIES: &str = "invoice";

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
        owed::papers(office, invoice, &self.customer, &self.files)
    }

    fn machine_files(&self, (_, invoice): &(Period, Document)) -> Vec<(String, Vec<u8>)> {
        owed::machine_files(invoice, &self.files)
    }

    fn row(&self, (_, invoice): &(Period, Document)) -> NewDocument {
        owed::row(invoice, self.row.customer_id)
    }

    fn keys(&self, (_, invoice): &(Period, Document)) -> Vec<(KeyKind, String)> {
        owed::keys(invoice)
    }

    async fn follow(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        id: DocumentId,
        (service, invoice): (Period, Document),
    ) -> Result<Vec<Event>, JobError> {
        writing.add_period(self.row.id, service.starts_on, 1, service.ends_on, Some(id)).await?;
        let owed = Owed {
            document: id,
            customer: (self.row.customer_id, &self.customer),
            dunning_policy: self.dunning_policy.as_deref(),
            contract: &self.row.number,
            scheduled_on: self.row.next_on,
            service: (service.starts_on, service.ends_on),
        };
        owed::owe(office, writing, owed, invoice).await
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
