//! The papers before anything is owed: the quote, and the confirmation of what was ordered. Each is numbered in a series of its own, and
//! its letter brings it.

use std::marker::PhantomData;

use super::chain::Chain;
use crate::chain::{Piece, confirmation_of, quote_of};
use crate::customer::Customer;
use crate::document::{Files, Paper};
use crate::fact::{ActFact, Subject};
use crate::id::{ContractId, CustomerId, DocumentId};
use crate::invoice::{Document, Draft, LinkKind};
use crate::jobs::billing::owed;
use crate::jobs::issuing::chunk::{Chunk, issue};
use crate::jobs::issuing::letter::{Brought, bring};
use crate::jobs::issuing::number::Numbers;
use crate::jobs::issuing::numbered::Numbered;
use crate::jobs::office::acts::new_act;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::document::file_name;
use crate::jobs::records::issued::note_issued;
use crate::letter;
use crate::letter::LetterKind;
use crate::matching::KeyKind;
use crate::question::Obstacle;
use crate::refusal::QuoteRefusal;
use crate::shell::store::{NewAct, NewDocument, OwnersWord, Run, Writing};

/// What becomes of a quote, by the name in the book or the number of a paper: it is sent. Returns the number of its paper.
///
/// # Errors
/// When it was sent before, or cannot be written.
pub async fn send(office: &Office, run: &Run, name: &str) -> Result<String, JobError> {
    written::<Offering>(office, run, name).await
}

/// Confirms what was ordered. Returns the number of the confirmation.
///
/// # Errors
/// When nothing is ordered, or it is confirmed; or it cannot be written.
pub async fn confirm(office: &Office, run: &Run, name: &str) -> Result<String, JobError> {
    written::<Confirming>(office, run, name).await
}

async fn written<S: Sort>(office: &Office, run: &Run, name: &str) -> Result<String, JobError> {
    let issued = issue(office, run, &Writes::<S> { name, sort: PhantomData }).await?;
    note_issued(office, run).await?;
    issued.numbers.into_iter().next().ok_or_else(|| JobError::damaged(format!("a paper of {name} without a number")))
}

/// What tells one sort of these papers from the other.
trait Sort: Send + Sync {
    /// Its series.
    const SERIES: &'static str;
    /// What it is doing.
    const DOING: &'static str;
    /// The letter that brings it, whose template is called alike.
    const LETTER: LetterKind;

    /// Decides whether it is written, and drafts it.
    fn draft(office: &Office, chain: &Chain, piece: Piece<'_>) -> Result<Draft, JobError>;

    /// Tells it.
    fn event(document: Document) -> Event;
}

/// The quote itself.
struct Offering;

/// The confirmation of an order.
struct Confirming;

impl Sort for Offering {
    const SERIES: &'static str = "quote";
    const DOING: &'static str = "sending a quote";
    const LETTER: LetterKind = LetterKind::Quote;

    fn draft(office: &Office, chain: &Chain, piece: Piece<'_>) -> Result<Draft, JobError> {
        chain.offer.may_be_sent(piece.today).map_err(JobError::refused)?;
        let order = chain.order(office);
        let whole = order.whole(piece.today, &[]).map_err(JobError::refused)?;
        quote_of(&order, &whole, piece).map_err(|why| JobError::refused(order.not_reckoned(why)))
    }

    fn event(document: Document) -> Event {
        Event::QuoteIssued {
            amount: document.payable().plain(document.currency),
            number: document.number,
            customer: document.buyer.number,
            name: document.buyer.name,
            currency: document.currency,
            valid_until: document.due_on,
        }
    }
}

impl Sort for Confirming {
    const SERIES: &'static str = "confirmation";
    const DOING: &'static str = "confirming an order";
    const LETTER: LetterKind = LetterKind::Confirmation;

    fn draft(office: &Office, chain: &Chain, piece: Piece<'_>) -> Result<Draft, JobError> {
        chain.offer.ordered(piece.today).map_err(JobError::refused)?;
        let order = chain.order(office);
        let whole = order.confirmation(piece.today).map_err(JobError::refused)?;
        let (_, follows) = chain.followed();
        confirmation_of(&order, &whole, follows, piece).map_err(|why| JobError::refused(order.not_reckoned(why)))
    }

    fn event(document: Document) -> Event {
        Event::OrderConfirmed {
            amount: document.payable().plain(document.currency),
            number: document.number,
            customer: document.buyer.number,
            name: document.buyer.name,
            currency: document.currency,
        }
    }
}

/// A paper of a quote that is to be written.
struct Writes<'n, S> {
    name: &'n str,
    sort: PhantomData<S>,
}

impl<S: Sort> Chunk for Writes<'_, S> {
    const DOING: &'static str = S::DOING;

    type Draft = Drafted<S>;

    type Seen = OwnersWord;

    async fn draft(&self, office: &Office, run: &Run) -> Result<(OwnersWord, Vec<Drafted<S>>), JobError> {
        let mut tx = office.store.read().await?;
        let word = tx.owners_word().await?;
        let chain = Chain::load(office, &mut tx, self.name).await?;
        let terms = office.terms(run.today);
        let piece = Piece { customer: &chain.customer, terms: &terms, today: run.today };
        let draft = S::draft(office, &chain, piece)?;
        let drafted = Drafted {
            quote: chain.name().to_owned(),
            contract: chain.contract,
            customer_id: chain.customer_id,
            follows: chain.followed().0,
            customer: chain.customer,
            draft,
            sort: PhantomData,
        };
        Ok((word, vec![drafted]))
    }

    async fn record(
        &self,
        _: &Office,
        writing: &mut Writing<'_>,
        seen: &OwnersWord,
        unwritten: &[(Drafted<S>, Obstacle)],
    ) -> Result<Option<Vec<Event>>, JobError> {
        if let Some((drafted, why)) = unwritten.first() {
            let (quote, why) = (drafted.quote.clone(), Box::new(why.clone()));
            return Err(JobError::refused(QuoteRefusal::NotWritten { quote, why }));
        }
        // What was said of it meanwhile counts.
        Ok((writing.tx.owners_word().await? == *seen).then(Vec::new))
    }
}

/// A paper that may be written.
struct Drafted<S> {
    quote: String,
    contract: ContractId,
    customer_id: CustomerId,
    customer: Customer,
    /// The quote's paper, for its confirmation.
    follows: Option<DocumentId>,
    draft: Draft,
    sort: PhantomData<S>,
}

impl<S: Sort> Numbered for Drafted<S> {
    const SERIES: &'static str = S::SERIES;

    type Document = Document;

    fn documents(&self, numbers: &mut Numbers<'_>) -> Vec<Document> {
        vec![self.draft.clone().numbered(&numbers.draw())]
    }

    fn papers(&self, office: &Office, document: &Document) -> Result<Vec<(String, Paper)>, Obstacle> {
        let context = letter::offer(document, &self.customer);
        office.templates.write(S::LETTER.name(), document.language, &context)?;
        Ok(vec![(file_name(&document.number), Paper::Invoice(Box::new(document.clone()), Files::new()))])
    }

    fn row(&self, document: &Document) -> NewDocument {
        owed::row(document, self.customer_id)
    }

    /// Nothing is paid by it.
    fn keys(&self, _: &Document) -> Vec<(KeyKind, String)> {
        Vec::new()
    }

    async fn follow(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        id: DocumentId,
        document: Document,
    ) -> Result<Vec<Event>, JobError> {
        match self.follows {
            Some(quote) => writing.link(id, quote, LinkKind::Follows).await?,
            None => {
                let fact = ActFact::Send { number: document.number.clone() };
                let act = new_act(&fact, Subject::Contract(self.contract), writing.today());
                writing.add_act(NewAct { once_key: Some(format!("send {}", self.contract.get())), ..act }).await?;
            }
        }
        let brought = Brought {
            kind: S::LETTER,
            about: &document.number,
            customer: (self.customer_id, &self.customer),
            document: id,
            number: &document.number,
            total: (document.payable(), document.currency),
        };
        let by_hand = bring(office, writing, brought, Vec::new()).await?;
        Ok([S::event(document)].into_iter().chain(by_hand).collect())
    }
}
