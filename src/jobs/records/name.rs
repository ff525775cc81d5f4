//! What the owner's word names: a customer, a contract, a document, a payment.

use super::document::document_in;
use crate::fact::Subject;
use crate::id::{CustomerId, PaymentId};
use crate::invoice::DocumentKind;
use crate::jobs::office::JobError;
use crate::reference::{Typed, typed_number};
use crate::refusal::NameRefusal;
use crate::shell::store::{DocumentRow, Tx};

/// Something that has a name in the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is.
    pub subject: Subject,
    /// Its name, as it stands in the books.
    pub name: String,
    /// The customer that it belongs to; nothing for a payment.
    pub customer: Option<CustomerId>,
}

/// Finds what was typed among all that has a name: the exact one, else the one that differs in capitals, marks and zeros alone.
///
/// # Errors
/// When the books fail.
pub async fn typed(tx: &mut Tx, text: &str) -> Result<Typed, JobError> {
    let is_document = tx.document_by_number(text).await?.is_some();
    let is_known =
        is_document || tx.customer_by_number(text).await?.is_some() || tx.contract_by_number(text).await?.is_some();
    if is_known {
        return Ok(Typed::Means(text.to_owned()));
    }
    // Payments have no holes: the last one stands for all.
    let last = tx.last_payment().await?;
    let payment = PaymentId::typed(text);
    if let Some(payment) = payment.filter(|payment| Some(*payment) <= last) {
        return Ok(Typed::Means(payment.to_string()));
    }
    let found = typed_number(text, tx.all_numbers().await?);
    Ok(match (found, payment.and(last)) {
        (Typed::Unknown(_), Some(last)) => Typed::Unknown(vec![last.to_string()]),
        (found, _) => found,
    })
}

/// Finds what a name means: an invoice, a customer, a contract or a payment. The papers of a quote mean the quote.
///
/// # Errors
/// When nothing has that name.
pub async fn find(tx: &mut Tx, name: &str) -> Result<Named, JobError> {
    let named = |subject, customer| Named { subject, name: name.to_owned(), customer };
    if let Some(document) = tx.document_by_number(name).await? {
        if matches!(document.kind, DocumentKind::Quote | DocumentKind::Confirmation)
            && let Some(contract) = document_in(&document.model, name)?.contract
            && let Some(contract) = tx.contract_by_number(&contract).await?
        {
            return Ok(Named {
                subject: Subject::Contract(contract.id),
                name: contract.number,
                customer: Some(contract.customer_id),
            });
        }
        if let Some(invoices) = invoices_in(tx, &document).await? {
            return Err(JobError::refused(NameRefusal::Letter { name: name.to_owned(), invoices }));
        }
        return Ok(named(Subject::Document(document.id), Some(document.customer_id)));
    }
    if let Some(customer) = tx.customer_by_number(name).await? {
        return Ok(named(Subject::Customer(customer.id), Some(customer.id)));
    }
    if let Some(contract) = tx.contract_by_number(name).await? {
        return Ok(named(Subject::Contract(contract.id), Some(contract.customer_id)));
    }
    if let Ok(id) = name.parse::<PaymentId>()
        && tx.payment(id).await?.is_some()
    {
        return Ok(named(Subject::Payment(id), None));
    }
    Err(JobError::refused(NameRefusal::Nothing { name: name.to_owned() }))
}

/// Returns the numbers of the invoices in a letter; nothing when the document is no letter.
pub async fn invoices_in(tx: &mut Tx, document: &DocumentRow) -> Result<Option<Vec<String>>, JobError> {
    if tx.maybe_receivable(document.id).await?.is_some() {
        return Ok(None);
    }
    let mut numbers = Vec::new();
    for (.., invoice) in tx.letters_named([&document.id]).await? {
        numbers.push(tx.document(invoice).await?.number);
    }
    Ok(Some(numbers))
}
