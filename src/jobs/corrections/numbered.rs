//! A cancellation or a credit note on its way into the books: document, paper, link, postings, letter.

use crate::customer::Customer;
use crate::document::{Files, Paper, e_invoice};
use crate::fact::{DecisionFact, DocumentFact, Fact as _, Subject};
use crate::id::DocumentId;
use crate::invoice::{Document, EInvoiceFormat, PayTo};
use crate::jobs::issuing::number::Numbers;
use crate::jobs::issuing::numbered::{Numbered, accepted};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::receipts::credit::settle_with_credit;
use crate::jobs::records::decision::new_decision;
use crate::jobs::records::document::{file_name, xml_name};
use crate::jobs::records::posting::{post, restate};
use crate::ledger;
use crate::ledger::{Effect, ReceivableState, Standing};
use crate::letter;
use crate::letter::{LetterKind, SetAgainst};
use crate::matching::{KeyKind, document_keys};
use crate::money::Amount;
use crate::question::Obstacle;
use crate::reference::CreditorReference;
use crate::refusal::DocumentRefusal;
use crate::shell::store::{NewDocument, NewLetter, ReceivableRow, Writing};

/// How a correction hangs on its invoice: a word of the table `link_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// It takes back all of it.
    Cancels,
    /// It takes back a part.
    Corrects,
}

impl Link {
    const fn name(self) -> &'static str {
        match self {
            Link::Cancels => "cancels",
            Link::Corrects => "corrects",
        }
    }

    const fn rule(self) -> &'static str {
        match self {
            Link::Cancels => "K8",
            Link::Corrects => "K9",
        }
    }
}

/// A correction that may be issued.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Correction {
    standing: Standing,
    agreed: Customer,
    document: Document,
    link: Link,
    effect: Effect,
    reason: String,
}

impl Correction {
    /// Puts it together: what it corrects as it stands, and the document but for its number.
    pub(super) fn new(
        standing: Standing,
        agreed: Customer,
        document: Document,
        link: Link,
        effect: Effect,
        reason: &str,
    ) -> Correction {
        Correction { standing, agreed, document, link, effect, reason: reason.to_owned() }
    }

    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    pub(super) fn effect(&self) -> Effect {
        self.effect
    }

    pub(super) fn is_by_hand(&self) -> bool {
        self.agreed.delivery.is_by_hand()
    }

    /// The number of the invoice that it corrects.
    pub(super) fn invoice_number(&self) -> &str {
        self.document.preceding.first().map(|preceding| preceding.number.as_str()).unwrap_or_default()
    }
}

/// Refuses what could not be written: one correction is all that there is.
pub(super) fn written(unwritten: &[(Correction, Obstacle)]) -> Result<(), JobError> {
    match unwritten.first() {
        Some((draft, why)) => Err(JobError::refused(DocumentRefusal::NotCorrectedOnPaper {
            invoice: draft.invoice_number().to_owned(),
            why: Box::new(why.clone()),
        })),
        None => Ok(()),
    }
}

impl Numbered for Correction {
    const SERIES: &'static str = "correction";

    type Document = Document;

    fn documents(&self, numbers: &mut Numbers<'_>) -> Vec<Document> {
        let number = numbers.draw();
        let reference = CreditorReference::of_number(&number).map(|own| own.as_str().to_owned());
        // The invoice's own reference would lead its payments here.
        let pay_to = PayTo { reference: reference.unwrap_or_default(), qr: None, ..self.document.pay_to.clone() };
        vec![Document { number, pay_to, ..self.document.clone() }]
    }

    fn papers(&self, office: &Office, document: &Document) -> Result<Vec<(String, Paper)>, Obstacle> {
        let against = SetAgainst { effect: self.effect, used: Vec::new() };
        let context = letter::correction(document, &self.agreed, &against);
        office.templates.write("correction", document.language, &context)?;
        accepted(e_invoice(document, &Files::new()))?;
        Ok(vec![(file_name(&document.number), Paper::Invoice(Box::new(document.clone()), Files::new()))])
    }

    fn machine_files(&self, document: &Document) -> Vec<(String, Vec<u8>)> {
        let xml =
            e_invoice(document, &Files::new()).filter(|_| document.e_invoice.is_some_and(EInvoiceFormat::is_xrechnung));
        xml.map(|xml| (xml_name(&document.number), xml.into_bytes())).into_iter().collect()
    }

    fn row(&self, document: &Document) -> NewDocument {
        NewDocument {
            kind: document.kind,
            customer: self.standing.customer,
            number: document.number.clone(),
            series: None,
            issued_on: document.issued_on,
            currency: document.currency,
            gross: -document.payable().abs(),
            model: DocumentFact::from(document.clone()).write(),
            files: Vec::new(),
        }
    }

    fn keys(&self, document: &Document) -> Vec<(KeyKind, String)> {
        document_keys(&document.number, Some(&document.pay_to.reference), None)
    }

    async fn follow(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        id: DocumentId,
        document: Document,
    ) -> Result<Vec<Event>, JobError> {
        let Standing { document: invoice, customer, currency, .. } = self.standing;
        let (amount, today) = (-document.payable().abs(), writing.today());
        writing.link(id, invoice, self.link.name()).await?;
        writing.add_receivable(&self.receivable(id, &document, amount)).await?;
        writing.add_batch(&ledger::issue(id, customer, amount, currency, document.issued_on)).await?;
        post(writing, &ledger::set_off(id, &self.standing, self.effect, today)).await?;
        restate(writing, invoice).await?;
        let row = writing.tx.receivable(invoice).await?;
        // A cancelled invoice was never owed, so its costs were not either; what was paid of them stays (rule K8).
        if self.link == Link::Cancels && (row.open_fee + row.open_interest).is_positive() {
            post(writing, &ledger::give_up_costs(invoice, customer, currency, row.open_fee, row.open_interest, today))
                .await?;
        }
        // Dunning is decided anew on what is left.
        writing.look_at(invoice, Some(today)).await?;
        let letter = NewLetter {
            kind: LetterKind::Correction,
            about: document.number.clone(),
            customer: Some(customer),
            document: Some(id),
            delivery: self.agreed.delivery,
            not_before: office.send_window().next(writing.now()),
        };
        writing.add_letter(letter, Vec::new()).await?;
        let plain = |amount: Amount| amount.decimal(currency);
        let fact = DecisionFact::Corrected {
            invoice: self.invoice_number().to_owned(),
            reason: self.reason.clone(),
            open: plain(self.effect.open),
            discount: plain(self.effect.discount),
            writeoff: plain(self.effect.writeoff),
            credit: plain(self.effect.credit),
        };
        writing.add_decision(new_decision(Subject::Document(id), self.link.rule(), &fact, None)).await?;
        let settled = settle_with_credit(writing, customer, currency, office.config.waive_below()).await?;
        let by_hand = self.agreed.delivery.is_by_hand().then(|| Event::LetterByHand {
            kind: LetterKind::Correction,
            number: document.number.clone(),
            customer: document.buyer.number.clone(),
            name: document.buyer.name.clone(),
            by: self.agreed.delivery.name(),
            total: amount.plain(currency),
            currency,
        });
        let corrected = Event::InvoiceCorrected {
            number: document.number,
            invoice: self.invoice_number().to_owned(),
            name: document.buyer.name,
            amount: amount.plain(currency),
            credit: self.effect.credit.plain(currency),
            currency,
        };
        let settled = settled.into_iter().map(|settled| settled.event);
        Ok([corrected].into_iter().chain(by_hand).chain(settled).collect())
    }
}

impl Correction {
    /// What is owed to the customer on it until it is set off, in the same transaction.
    fn receivable(&self, id: DocumentId, document: &Document, amount: Amount) -> ReceivableRow {
        ReceivableRow {
            document_id: id,
            number: document.number.clone(),
            gross: amount,
            customer_id: self.standing.customer,
            currency: document.currency,
            open_principal: amount,
            open_fee: Amount::ZERO,
            open_interest: Amount::ZERO,
            state: ReceivableState::Open,
            due_on: document.due_on,
            stage: 0,
            next_on: None,
            issued_on: document.issued_on,
        }
    }
}
