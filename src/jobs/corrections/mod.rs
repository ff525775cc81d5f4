//! What takes an invoice back: cancellation, credit note, write-off (rules K8, K9, K11).

pub mod cancel;
pub mod credit_note;
mod numbered;
pub mod write_off;

use self::numbered::Correction;
use crate::fact::DocumentFact;
use crate::id::DocumentId;
use crate::invoice::{Document, DocumentKind};
use crate::jobs::office::JobError;
use crate::jobs::records::document::document_in;
use crate::ledger::{Account, Effect, Standing};
use crate::money::{Amount, Currency};
use crate::refusal::{DocumentRefusal, NameRefusal};
use crate::shell::store::{DocumentRow, Tx};

/// What came of a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// The number of the document that takes the invoice back.
    pub number: String,
    /// The invoice.
    pub invoice: String,
    /// What it takes off, with VAT.
    pub amount: Amount,
    /// The currency.
    pub currency: Currency,
    /// What it was set against.
    pub effect: Effect,
    /// The customer's number.
    pub customer: String,
    /// The customer's name.
    pub name: String,
    /// Whether the paper is delivered by hand.
    pub is_by_hand: bool,
}

impl Corrected {
    fn of(draft: Correction, number: String) -> Corrected {
        let document = draft.document();
        Corrected {
            number,
            invoice: draft.invoice_number().to_owned(),
            amount: document.payable().abs(),
            currency: document.currency,
            effect: draft.effect(),
            customer: document.buyer.number.clone(),
            name: document.buyer.name.clone(),
            is_by_hand: draft.is_by_hand(),
        }
    }
}

/// An invoice that may be corrected, as the books have it.
#[derive(Debug, Clone)]
struct Invoice {
    row: DocumentRow,
    document: Document,
    /// Its credit notes.
    notes: Vec<Document>,
    standing: Standing,
}

impl Invoice {
    /// Finds an invoice that may be corrected.
    ///
    /// # Errors
    /// When there is none, or it is cancelled.
    async fn of(tx: &mut Tx, number: &str) -> Result<Invoice, JobError> {
        let row = tx.document_by_number(number).await?;
        let Some(row) = row else {
            return Err(JobError::refused(NameRefusal::Invoice { number: number.to_owned() }));
        };
        if !row.kind.asks_for_payment() {
            return Err(JobError::refused(DocumentRefusal::NotCorrectable { number: row.number }));
        }
        let document = document_in(&row.model, &row.number)?;
        let mut notes = Vec::new();
        for other in tx.links_to(row.id).await?.into_iter().map(|link| link.document) {
            match other.kind {
                DocumentKind::Cancellation => {
                    let (number, by) = (row.number, other.number);
                    return Err(JobError::refused(DocumentRefusal::CancelledBefore { number, by }));
                }
                DocumentKind::CreditNote => notes.push(document_in(&other.model, &other.number)?),
                DocumentKind::Invoice
                | DocumentKind::Quote
                | DocumentKind::Confirmation
                | DocumentKind::Refund
                | DocumentKind::Dunning
                | DocumentKind::Withdrawal => {}
            }
        }
        let standing = standing(tx, &row, &notes).await?;
        Ok(Invoice { row, document, notes, standing })
    }
}

async fn standing(tx: &mut Tx, row: &DocumentRow, notes: &[Document]) -> Result<Standing, JobError> {
    let id: DocumentId = row.id;
    let receivable = tx.receivable(id).await?;
    let legs = tx.legs_of_document(id).await?;
    let of =
        |account: Account| -> Amount { legs.iter().filter(|leg| leg.account == account).map(|leg| leg.amount).sum() };
    Ok(Standing {
        document: id,
        customer: row.customer_id,
        currency: row.currency,
        gross: row.gross,
        open: receivable.open_principal,
        discount: of(Account::Discount),
        written_off: of(Account::Writeoff),
        credited: notes.iter().map(Document::payable).sum(),
    })
}

/// Reads a correction as it was issued.
///
/// # Errors
/// When the books hold none under this id.
pub async fn correction(tx: &mut Tx, id: DocumentId) -> Result<Document, JobError> {
    let row = tx.document(id).await?;
    DocumentFact::read_owed(&row.model).map_err(JobError::model(format!("the document {}", row.number)))
}
