//! What takes an invoice back: cancellation, credit note, write-off (rules K8, K9, K11).

mod numbered;
pub mod take_back;
pub mod write_off;

use self::numbered::Correction;
use crate::id::DocumentId;
use crate::invoice::{Document, InvoicePart, LinkKind};
use crate::jobs::office::JobError;
use crate::jobs::records::document::document_in;
use crate::ledger::{Account, Effect, Standing};
use crate::money::{Amount, Currency};
use crate::refusal::{DocumentRefusal, NameRefusal};
use crate::shell::store::{DocumentRow, LinkRow, Tx};

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
        let Correction { document, effect, agreed, .. } = &draft;
        Corrected {
            number,
            invoice: draft.invoice_number().to_owned(),
            amount: document.payable().abs(),
            currency: document.currency,
            effect: *effect,
            customer: document.buyer.number.clone(),
            name: document.buyer.name.clone(),
            is_by_hand: agreed.delivery.is_by_hand(),
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
        for LinkRow { link, document: other } in tx.links_to(row.id).await? {
            match link {
                LinkKind::Cancels => {
                    let (number, by) = (row.number, other.number);
                    return Err(JobError::refused(DocumentRefusal::CancelledBefore { number, by }));
                }
                LinkKind::Corrects => notes.push(document_in(&other.model, &other.number)?),
                LinkKind::Deducts | LinkKind::Follows => {}
            }
        }
        let standing = before(tx, &row).await?;
        Ok(Invoice { row, document, notes, standing })
    }

    /// Returns the number of a final invoice that stands on this one: it deducts this deposit or, where `parts` count, it leaves out what
    /// this part invoiced (rule K12).
    async fn standing_final(&self, tx: &mut Tx, parts: bool) -> Result<Option<String>, JobError> {
        match self.document.part {
            InvoicePart::Whole | InvoicePart::Final => Ok(None),
            InvoicePart::Deposit => standing(tx, self.row.id, LinkKind::Deducts).await,
            InvoicePart::Partial if !parts => Ok(None),
            InvoicePart::Partial => {
                // An order is known by its quote, and by the confirmation that follows it.
                let mut waiting: Vec<String> = self.document.follows.iter().map(|paper| paper.number.clone()).collect();
                while let Some(number) = waiting.pop() {
                    let Some(paper) = tx.document_by_number(&number).await? else { continue };
                    if let Some(found) = standing(tx, paper.id, LinkKind::Follows).await? {
                        return Ok(Some(found));
                    }
                    let paper = document_in(&paper.model, &paper.number)?;
                    waiting.extend(paper.follows.map(|before| before.number));
                }
                Ok(None)
            }
        }
    }
}

/// Returns the number of a final invoice that hangs on a document and is not cancelled.
async fn standing(tx: &mut Tx, document: DocumentId, by: LinkKind) -> Result<Option<String>, JobError> {
    for LinkRow { link, document: other } in tx.links_to(document).await? {
        if link != by || !other.kind.asks_for_payment() {
            continue;
        }
        let is_final = document_in(&other.model, &other.number)?.part == InvoicePart::Final;
        let is_cancelled = tx.links_to(other.id).await?.iter().any(|link| link.link == LinkKind::Cancels);
        if is_final && !is_cancelled {
            return Ok(Some(other.number));
        }
    }
    Ok(None)
}

async fn before(tx: &mut Tx, row: &DocumentRow) -> Result<Standing, JobError> {
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
    })
}
