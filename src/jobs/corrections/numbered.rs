//! A cancellation or a credit note on its way into the books: document, paper, link, postings, letter.

use crate::customer::Customer;
use crate::document::{Files, Paper, e_invoice};
use crate::fact::{DecisionFact, Subject};
use crate::id::DocumentId;
use crate::invoice::{Document, DocumentKind, LinkKind, PayTo};
use crate::jobs::billing::owed;
use crate::jobs::issuing::letter::{Brought, bring};
use crate::jobs::issuing::number::Numbers;
use crate::jobs::issuing::numbered::{Numbered, accepted};
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::receipts::credit::settle_with_credit;
use crate::jobs::records::decision::new_decision;
use crate::jobs::records::document::file_name;
use crate::jobs::records::posting::{post, restate};
use crate::ledger;
use crate::ledger::{Effect, Standing};
use crate::letter;
use crate::letter::{LetterKind, SetAgainst};
use crate::matching::KeyKind;
use crate::money::Amount;
use crate::question::Obstacle;
use crate::reference::CreditorReference;
use crate::shell::store::{NewDocument, ReceivableRow, Writing};

/// A correction that may be issued.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Correction {
    /// How its invoice stands before it.
    pub(super) standing: Standing,
    pub(super) agreed: Customer,
    /// It, but for its number.
    pub(super) document: Document,
    pub(super) effect: Effect,
    pub(super) reason: String,
}

impl Correction {
    /// How it hangs on its invoice, and the rule by which it is written.
    fn link(&self) -> (LinkKind, &'static str) {
        if self.document.kind == DocumentKind::Cancellation {
            (LinkKind::Cancels, "K8")
        } else {
            (LinkKind::Corrects, "K9")
        }
    }

    /// The number of the invoice that it corrects.
    pub(super) fn invoice_number(&self) -> &str {
        self.document.preceding.first().map(|preceding| preceding.number.as_str()).unwrap_or_default()
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
        owed::machine_files(document, &Files::new())
    }

    fn row(&self, document: &Document) -> NewDocument {
        NewDocument { gross: -document.payable().abs(), ..owed::row(document, self.standing.customer) }
    }

    fn keys(&self, document: &Document) -> Vec<(KeyKind, String)> {
        owed::keys(document)
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
        let (link, rule) = self.link();
        writing.link(id, invoice, link).await?;
        // It is owed to the customer until it is set off, in the same transaction.
        writing.add_receivable(&ReceivableRow::of(id, customer, &document, amount)).await?;
        writing.add_batch(&ledger::issue(id, customer, amount, currency, document.issued_on)).await?;
        post(writing, &ledger::set_off(id, &self.standing, self.effect, today)).await?;
        restate(writing, invoice).await?;
        let row = writing.tx.receivable(invoice).await?;
        // A cancelled invoice was never owed, so its costs were not either; what was paid of them stays (rule K8).
        if link == LinkKind::Cancels && (row.open_fee + row.open_interest).is_positive() {
            post(writing, &ledger::give_up_costs(invoice, customer, currency, row.open_fee, row.open_interest, today))
                .await?;
        }
        // Dunning is decided anew on what is left.
        writing.look_at(invoice, Some(today)).await?;
        let brought = Brought {
            kind: LetterKind::Correction,
            about: &document.number,
            customer: (customer, &self.agreed),
            document: id,
            number: &document.number,
            total: (amount, currency),
        };
        let by_hand = bring(office, writing, brought, Vec::new()).await?;
        let plain = |amount: Amount| amount.decimal(currency);
        let fact = DecisionFact::Corrected {
            invoice: self.invoice_number().to_owned(),
            reason: self.reason.clone(),
            open: plain(self.effect.open),
            discount: plain(self.effect.discount),
            writeoff: plain(self.effect.writeoff),
            credit: plain(self.effect.credit),
        };
        writing.add_decision(new_decision(Subject::Document(id), rule, &fact, None)).await?;
        let settled = settle_with_credit(writing, customer, currency, office.config.waive_below()).await?;
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
