//! Documents with a number, as they were issued.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::{Fact, Stored, Unreadable};
use crate::dunning::{DunningDocument, WithdrawalDocument};
use crate::invoice::{Document, DocumentKind, EarlyPayment};

/// A document as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentFact {
    /// An invoice.
    Invoice(Document),
    /// A credit note.
    CreditNote(Document),
    /// The cancellation of a document.
    Cancellation(Document),
    /// Credit that is to be paid out.
    Refund(Document),
    /// An offer.
    Quote(Document),
    /// The confirmation of an order.
    Confirmation(Document),
    /// A reminder or dunning letter.
    Dunning(DunningDocument),
    /// A letter that takes letters back.
    Withdrawal(WithdrawalDocument),
}

impl Fact for DocumentFact {}

impl From<Document> for DocumentFact {
    fn from(document: Document) -> DocumentFact {
        match document.kind {
            DocumentKind::Invoice => DocumentFact::Invoice(document),
            DocumentKind::CreditNote => DocumentFact::CreditNote(document),
            DocumentKind::Cancellation => DocumentFact::Cancellation(document),
            DocumentKind::Refund => DocumentFact::Refund(document),
            DocumentKind::Quote => DocumentFact::Quote(document),
            DocumentKind::Confirmation => DocumentFact::Confirmation(document),
            DocumentKind::Dunning | DocumentKind::Withdrawal => unreachable!("a letter has no lines and no totals"),
        }
    }
}

impl DocumentFact {
    /// Returns the kind.
    pub const fn kind(&self) -> DocumentKind {
        match self {
            DocumentFact::Invoice(_) => DocumentKind::Invoice,
            DocumentFact::CreditNote(_) => DocumentKind::CreditNote,
            DocumentFact::Cancellation(_) => DocumentKind::Cancellation,
            DocumentFact::Refund(_) => DocumentKind::Refund,
            DocumentFact::Quote(_) => DocumentKind::Quote,
            DocumentFact::Confirmation(_) => DocumentKind::Confirmation,
            DocumentFact::Dunning(_) => DocumentKind::Dunning,
            DocumentFact::Withdrawal(_) => DocumentKind::Withdrawal,
        }
    }

    /// Reads a document with lines and totals: what is owed or set off, offered or confirmed.
    ///
    /// # Errors
    /// When the text is no such document.
    pub fn read_owed(text: &str) -> Result<Document, Unreadable> {
        match DocumentFact::read(text)? {
            DocumentFact::Invoice(document)
            | DocumentFact::CreditNote(document)
            | DocumentFact::Cancellation(document)
            | DocumentFact::Refund(document)
            | DocumentFact::Quote(document)
            | DocumentFact::Confirmation(document) => Ok(document),
            letter @ (DocumentFact::Dunning(_) | DocumentFact::Withdrawal(_)) => {
                Err(letter.is_no(DocumentKind::Invoice))
            }
        }
    }

    /// Reads a reminder or dunning letter.
    ///
    /// # Errors
    /// When the text is no such letter.
    pub fn read_dunning(text: &str) -> Result<DunningDocument, Unreadable> {
        let fact = DocumentFact::read(text)?;
        if let DocumentFact::Dunning(letter) = fact { Ok(letter) } else { Err(fact.is_no(DocumentKind::Dunning)) }
    }

    /// Reads a letter that takes letters back.
    ///
    /// # Errors
    /// When the text is no such letter.
    pub fn read_withdrawal(text: &str) -> Result<WithdrawalDocument, Unreadable> {
        let fact = DocumentFact::read(text)?;
        if let DocumentFact::Withdrawal(letter) = fact { Ok(letter) } else { Err(fact.is_no(DocumentKind::Withdrawal)) }
    }

    fn is_no(&self, wanted: DocumentKind) -> Unreadable {
        Unreadable::Kind { is: self.kind().name(), wanted: wanted.name().to_owned() }
    }
}

/// What a payment asks of a document: read alone, for that happens a thousand times where the whole is not needed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Payable {
    /// The contract that it belongs to.
    pub contract: Option<String>,
    /// Where it is paid, and with which reference.
    pub pay_to: Quoted,
    /// Discounts for paying early.
    pub discounts: Vec<EarlyPayment>,
}

/// What a payer quotes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Quoted {
    /// The creditor reference; empty where there is none.
    pub reference: String,
    /// The QR reference of a Swiss QR-bill.
    #[serde(default)]
    pub qr: Option<QrQuoted>,
}

/// What a payer of a Swiss QR-bill quotes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct QrQuoted {
    /// The QR reference, 27 digits.
    pub reference: String,
}

/// The same kinds as [`DocumentFact`].
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum InPart {
    Invoice(Payable),
    CreditNote(Payable),
    Cancellation(Payable),
    Refund(Payable),
    Quote(Payable),
    Confirmation(Payable),
    Dunning(IgnoredAny),
    Withdrawal(IgnoredAny),
}

impl Payable {
    /// Reads what a payment asks of a document with lines and totals.
    ///
    /// # Errors
    /// When the text is no such document.
    pub fn read(text: &str) -> Result<Payable, Unreadable> {
        let stored: Stored<InPart> = serde_json::from_str(text)?;
        let is_letter = |kind: DocumentKind| Err(Unreadable::Kind { is: kind.name(), wanted: "invoice".to_owned() });
        match stored.fact {
            InPart::Invoice(part)
            | InPart::CreditNote(part)
            | InPart::Cancellation(part)
            | InPart::Refund(part)
            | InPart::Quote(part)
            | InPart::Confirmation(part) => Ok(part),
            InPart::Dunning(_) => is_letter(DocumentKind::Dunning),
            InPart::Withdrawal(_) => is_letter(DocumentKind::Withdrawal),
        }
    }
}
