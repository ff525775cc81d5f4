//! A quote with all that came of it, read from the books: how it stands, and the documents that follow it.

use chrono::NaiveDate;

use crate::chain::{Earlier, Follows, Offer, Order, Taxed};
use crate::customer::Customer;
use crate::fact::{ActFact, Agreement, Subject};
use crate::id::{ContractId, CustomerId, DocumentId};
use crate::invoice::{Document, DocumentKind, Followed, InvoicePart, LinkKind, Quote};
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::customer::{agreed, agreement_in};
use crate::jobs::records::document::document_in;
use crate::jobs::records::told::bookings;
use crate::money::{Amount, Currency};
use crate::recurring::ContractKind;
use crate::refusal::QuoteRefusal;
use crate::shell::store::{AgreementRow, ReceivableRow, Tx};

/// A quote, and the documents that follow it.
#[derive(Debug, Clone)]
pub struct Chain {
    /// Which.
    pub contract: ContractId,
    /// Whose.
    pub customer_id: CustomerId,
    /// What was agreed with the customer.
    pub customer: Customer,
    /// What is offered, and what became of it.
    pub offer: Offer,
    /// Its documents, in order of issue: the quote's own paper first.
    pub links: Vec<Link>,
    currency: Currency,
}

/// A document of a chain.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its id.
    pub id: DocumentId,
    /// What it says.
    pub document: Document,
    /// The number of what cancelled it.
    pub cancelled_by: Option<String>,
    /// The credit notes on it.
    pub notes: Vec<Document>,
    /// What is owed by it.
    pub receivable: Option<ReceivableRow>,
    /// The value date of the last money that came for it.
    pub paid_on: Option<NaiveDate>,
}

impl Chain {
    /// Loads a quote by its name in the book, or by the number of a paper that follows from it.
    ///
    /// # Errors
    /// When no quote in the applied book has that name.
    pub async fn load(office: &Office, tx: &mut Tx, name: &str) -> Result<Chain, JobError> {
        let no_quote = || JobError::refused(QuoteRefusal::NoQuote { name: name.to_owned() });
        let row = match tx.agreement_by_number(name).await? {
            Some(row) => row,
            None => {
                let document = tx.document_by_number(name).await?.ok_or_else(no_quote)?;
                let contract = document_in(&document.model, name).ok().and_then(|document| document.contract);
                let contract = contract.ok_or_else(no_quote)?;
                tx.agreement_by_number(&contract).await?.ok_or_else(no_quote)?
            }
        };
        if row.kind != ContractKind::Quote {
            return Err(no_quote());
        }
        Chain::of(office, tx, row).await
    }

    /// Loads all quotes of the books, by their names in the book.
    ///
    /// # Errors
    /// When the books fail.
    pub async fn all(office: &Office, tx: &mut Tx) -> Result<Vec<Chain>, JobError> {
        let mut chains = Vec::new();
        for row in tx.quotes().await? {
            chains.push(Chain::of(office, tx, row).await?);
        }
        Ok(chains)
    }

    /// Loads the quotes that stand in a way on a day; of the others no more is read than how they stand.
    ///
    /// # Errors
    /// When the books fail.
    pub async fn standing(
        office: &Office,
        tx: &mut Tx,
        is_wanted: impl Fn(&Offer) -> bool,
    ) -> Result<Vec<Chain>, JobError> {
        let mut chains = Vec::new();
        for row in tx.quotes().await? {
            if is_wanted(&offer(tx, row.id, quote_in(&row)?).await?) {
                chains.push(Chain::of(office, tx, row).await?);
            }
        }
        Ok(chains)
    }

    async fn of(office: &Office, tx: &mut Tx, row: AgreementRow) -> Result<Chain, JobError> {
        let quote = quote_in(&row)?;
        let customer_id = tx.contract(row.id).await?.customer_id;
        let customer = agreed(tx, customer_id).await?;
        let currency = quote.currency.or(customer.currency).unwrap_or(office.config.business.currency);
        let offer = offer(tx, row.id, quote).await?;
        let links = match &offer.sent {
            Some((number, _)) => links(tx, number).await?,
            None => Vec::new(),
        };
        Ok(Chain { contract: row.id, customer_id, customer, offer, links, currency })
    }

    /// Returns its name in the book.
    pub fn name(&self) -> &str {
        &self.offer.quote.number
    }

    /// Returns what was ordered, and what was invoiced of it.
    pub fn order(&self, office: &Office) -> Order<'_> {
        let business = &office.config.business;
        let stands = || self.links.iter().filter(|link| link.cancelled_by.is_none());
        let invoices = || stands().filter(|link| link.document.kind == DocumentKind::Invoice);
        let is_last = |link: &&Link| matches!(link.document.part, InvoicePart::Whole | InvoicePart::Final);
        let earlier = |link: &Link| {
            let open = link.receivable.as_ref().map_or(Amount::ZERO, |row| row.open_principal);
            Earlier::of(&link.document, &link.notes, open, link.paid_on.filter(|_| open.is_zero()))
        };
        let confirmed = stands().find(|link| link.document.kind == DocumentKind::Confirmation);
        Order {
            quote: &self.offer.quote,
            chosen: self.offer.accepted.as_ref().map_or(&[], |(_, chosen)| chosen),
            currency: self.currency,
            taxed: Taxed { country: business.address.country, small_business: business.small_business },
            confirmed: confirmed.map(|link| link.document.number.clone()),
            invoiced: invoices().find(is_last).map(|link| link.document.number.clone()),
            earlier: invoices().filter(|link| !is_last(link)).map(earlier).collect(),
        }
    }

    /// Returns the confirmation, else the quote's paper: what the next document follows.
    pub fn followed(&self) -> (Option<DocumentId>, Follows) {
        let of = |kind: DocumentKind| self.links.iter().find(|link| link.document.kind == kind);
        let Some(link) = of(DocumentKind::Confirmation).or(of(DocumentKind::Quote)) else { return (None, None) };
        let Document { kind, number, issued_on, .. } = &link.document;
        (Some(link.id), Some(Followed { kind: *kind, number: number.clone(), issued_on: *issued_on }))
    }

    /// Returns the id of a document of the chain.
    pub fn document(&self, number: &str) -> Option<DocumentId> {
        self.links.iter().find(|link| link.document.number == number).map(|link| link.id)
    }
}

/// Reads what the book said of a quote.
fn quote_in(row: &AgreementRow) -> Result<Quote, JobError> {
    match row.model.as_deref().map(|model| agreement_in(model, &row.number)).transpose()? {
        Some(Agreement::Quote(quote)) => Ok(quote),
        Some(Agreement::Recurring(_) | Agreement::Once(_)) | None => {
            Err(JobError::damaged(format!("the quote {}", row.number)))
        }
    }
}

/// Folds what was done with a quote.
async fn offer(tx: &mut Tx, contract: ContractId, quote: Quote) -> Result<Offer, JobError> {
    let mut offer = Offer { valid_until: quote.valid_until, quote, sent: None, accepted: None, declined: None };
    for act in acts_of(tx, Subject::Contract(contract)).await? {
        if let ActFact::Send { number } = act.fact {
            offer.sent = Some((number, act.from_on));
        } else if let ActFact::Extend { valid_until } = act.fact {
            offer.valid_until = valid_until;
        } else if let ActFact::Accept { chosen } = act.fact {
            offer.accepted = Some((act.from_on, chosen));
        } else if act.fact == ActFact::Decline {
            offer.declined = Some(act.from_on);
        }
    }
    Ok(offer)
}

/// Follows the links from the paper of a quote to all that came of it.
async fn links(tx: &mut Tx, number: &str) -> Result<Vec<Link>, JobError> {
    let row = tx.document_by_number(number).await?;
    let first = row.ok_or_else(|| JobError::damaged(format!("the paper {number}")))?;
    let mut found: Vec<Link> = Vec::new();
    let mut waiting = vec![first];
    while let Some(row) = waiting.pop() {
        let document = document_in(&row.model, &row.number)?;
        let receivable = tx.maybe_receivable(row.id).await?;
        let bookings = if receivable.is_some() { bookings(tx, row.id).await? } else { Vec::new() };
        let money = bookings.iter().filter(|booking| booking.principal.is_positive());
        let paid_on = money.map(|booking| booking.value_on).max();
        let mut link = Link { id: row.id, document, cancelled_by: None, notes: Vec::new(), receivable, paid_on };
        for other in tx.links_to(row.id).await? {
            match other.link {
                LinkKind::Follows => waiting.push(other.document),
                LinkKind::Cancels => link.cancelled_by = Some(other.document.number),
                LinkKind::Corrects => {
                    link.notes.push(document_in(&other.document.model, &other.document.number)?);
                }
                LinkKind::Deducts => {}
            }
        }
        found.push(link);
    }
    found.sort_by_key(|link| link.id);
    Ok(found)
}
