//! What is ordered is invoiced: in whole, or as deposits, parts and the rest (rules K2 to K6).

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::chain::Chain;
use crate::chain::{Advance, Earlier, OpenDeposits, Order, Piece, Reckoned, invoice_of, taken_back_for};
use crate::customer::Customer;
use crate::document::{Files, Paper};
use crate::id::{CustomerId, DocumentId};
use crate::invoice::{Before, Document, Draft, Extent, InvoicePart, LinkKind, credit_note};
use crate::jobs::billing::owed;
use crate::jobs::billing::owed::Owed;
use crate::jobs::billing::store::SERIES;
use crate::jobs::corrections::take_back;
use crate::jobs::issuing::chunk::{Chunk, issue};
use crate::jobs::issuing::number::Numbers;
use crate::jobs::issuing::numbered::Numbered;
use crate::jobs::office::event::Event;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::issued::note_issued;
use crate::matching::KeyKind;
use crate::money::{Amount, Currency};
use crate::question::Obstacle;
use crate::refusal::{DocumentRefusal, PaymentRefusal, QuoteRefusal};
use crate::shell::store::{NewDocument, OwnersWord, Run, Writing};

/// Quantities of positions, by their names.
pub type Quantities = Vec<(String, Decimal)>;

/// What is invoiced of an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Part {
    /// Money in advance.
    Deposit {
        /// How much.
        advance: Asked,
        /// The day on which the service is expected; nothing: today.
        #[serde(default)]
        expected_on: Option<NaiveDate>,
    },
    /// What was delivered of it.
    Partial {
        /// The first and the last day of service.
        service: (NaiveDate, NaiveDate),
        /// What.
        quantities: Quantities,
    },
    /// What is left.
    Final {
        /// The first and the last day of service.
        service: (NaiveDate, NaiveDate),
        /// What was delivered in all, where that differs from the order.
        #[serde(default)]
        quantities: Quantities,
        /// What becomes of deposits that are open.
        #[serde(default)]
        open_deposits: Option<OpenDeposits>,
    },
    /// All of it.
    Whole {
        /// The first and the last day of service.
        service: (NaiveDate, NaiveDate),
        /// What was delivered, where that differs from the order.
        #[serde(default)]
        quantities: Quantities,
    },
}

/// How much a deposit is over, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Percent of the whole.
    Percent(Decimal),
    /// An amount with VAT, in the currency of the order.
    Amount(String),
}

/// Invoices a part of what was ordered by a quote. Returns the number.
///
/// # Errors
/// When nothing is ordered, or not so much; or it cannot be written.
pub async fn invoice(office: &Office, run: &Run, name: &str, part: &Part) -> Result<String, JobError> {
    if let Part::Final { service, quantities, open_deposits: Some(OpenDeposits::Credit) } = part {
        take_back(office, run, name, service.1, quantities).await?;
    }
    let issued = issue(office, run, &Invoicing { name, part }).await?;
    note_issued(office, run).await?;
    issued.numbers.into_iter().next().ok_or_else(|| JobError::damaged(format!("an invoice of {name} without a number")))
}

/// Takes back what is open of deposits before the final invoice (rule K6): one that is open in full is cancelled, another gets a credit note.
/// Nothing is taken back where the final invoice would be refused all the same. Where the program ends in between, it is only left to issue.
async fn take_back(
    office: &Office,
    run: &Run,
    name: &str,
    through: NaiveDate,
    quantities: &Quantities,
) -> Result<(), JobError> {
    let chain = Chain::load(office, &mut office.store.read().await?, name).await?;
    chain.offer.ordered(run.today).map_err(JobError::refused)?;
    let mut order = chain.order(office);
    let (mut cancelled, mut lowered) = (Vec::new(), Vec::new());
    for link in &chain.links {
        let number = &link.document.number;
        let Some(place) = order.earlier.iter().position(|earlier| earlier.number == *number) else { continue };
        let open = order.earlier[place].open;
        if link.document.part != InvoicePart::Deposit || !open.is_positive() {
            continue;
        }
        if open == link.document.payable() {
            order.earlier.remove(place);
            cancelled.push(number);
            continue;
        }
        let before = Before { notes: &link.notes, discounts: Amount::ZERO };
        let note = credit_note(&link.document, before, &Extent::Amount(open), run.today)
            .map_err(|why| JobError::refused(DocumentRefusal::NotCredited { number: number.clone(), why }))?;
        let notes: Vec<Document> = link.notes.iter().cloned().chain([note]).collect();
        order.earlier[place] = Earlier::of(&link.document, &notes, Amount::ZERO, link.paid_on);
        lowered.push((number, open));
    }
    order.last(through, quantities, Some(OpenDeposits::Keep)).map_err(JobError::refused)?;
    let reason = taken_back_for(office.config.owner.language);
    for (number, open) in lowered {
        take_back::credit(office, run, number, &Extent::Amount(open), reason).await?;
    }
    for number in cancelled {
        take_back::cancel(office, run, number, reason).await?;
    }
    Ok(())
}

impl Part {
    fn kind(&self) -> InvoicePart {
        match self {
            Part::Deposit { .. } => InvoicePart::Deposit,
            Part::Partial { .. } => InvoicePart::Partial,
            Part::Final { .. } => InvoicePart::Final,
            Part::Whole { .. } => InvoicePart::Whole,
        }
    }

    fn service(&self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        match self {
            Part::Deposit { expected_on, .. } => {
                let day = expected_on.unwrap_or(today);
                (day, day)
            }
            Part::Partial { service, .. } | Part::Final { service, .. } | Part::Whole { service, .. } => *service,
        }
    }

    fn advance(&self, currency: Currency) -> Result<Option<Advance>, JobError> {
        let Part::Deposit { advance, .. } = self else { return Ok(None) };
        Ok(Some(match advance {
            Asked::Percent(percent) => Advance::Percent(*percent),
            Asked::Amount(text) => {
                let amount = Amount::typed(text, currency);
                Advance::Amount(amount.map_err(|why| JobError::refused(PaymentRefusal::Amount { why }))?)
            }
        }))
    }

    fn reckon<'q>(
        &self,
        order: &Order<'q>,
        advance: Option<Advance>,
        day: NaiveDate,
    ) -> Result<Reckoned<'q>, QuoteRefusal> {
        match self {
            Part::Deposit { .. } => order.deposit(advance.unwrap_or(Advance::Amount(Amount::ZERO)), day),
            Part::Partial { quantities, .. } => order.partial(day, quantities),
            Part::Final { quantities, open_deposits, .. } => order.last(day, quantities, *open_deposits),
            Part::Whole { quantities, .. } => order.invoice(day, quantities),
        }
    }
}

/// An invoice of an order that is to be written.
struct Invoicing<'a> {
    name: &'a str,
    part: &'a Part,
}

/// What was seen of an order.
struct Seen {
    word: OwnersWord,
    confirmed: Option<String>,
    invoiced: Option<String>,
    earlier: Vec<Earlier>,
}

impl Chunk for Invoicing<'_> {
    const DOING: &'static str = "invoicing an order";

    type Draft = Drafted;

    type Seen = Seen;

    async fn draft(&self, office: &Office, run: &Run) -> Result<(Seen, Vec<Drafted>), JobError> {
        let mut tx = office.store.read().await?;
        let word = tx.owners_word().await?;
        let chain = Chain::load(office, &mut tx, self.name).await?;
        chain.offer.ordered(run.today).map_err(JobError::refused)?;
        let order = chain.order(office);
        let (from, through) = self.part.service(run.today);
        let advance = self.part.advance(order.currency)?;
        let reckoned = self.part.reckon(&order, advance, through).map_err(JobError::refused)?;
        let (followed, follows) = chain.followed();
        let terms = office.terms(run.today);
        let piece = Piece { customer: &chain.customer, terms: &terms, today: run.today };
        let draft = invoice_of(&order, &reckoned, self.part.kind(), advance, follows, (from, through), piece);
        let draft = draft.map_err(|why| JobError::refused(order.not_reckoned(why)))?;
        if let Some(lacks) = draft.lacks() {
            let (quote, why) = (chain.name().to_owned(), Box::new(Obstacle::from(lacks)));
            return Err(JobError::refused(QuoteRefusal::NotWritten { quote, why }));
        }
        let deducted = reckoned.deductions.iter().map(|deduction| &order.earlier[deduction.earlier].number);
        let mut deducts: Vec<DocumentId> = deducted.filter_map(|number| chain.document(number)).collect();
        deducts.dedup();
        let seen = Seen { word, confirmed: order.confirmed, invoiced: order.invoiced, earlier: order.earlier };
        let drafted = Drafted {
            quote: chain.offer.quote.number.clone(),
            dunning_policy: chain.offer.quote.dunning_policy.clone(),
            customer_id: chain.customer_id,
            customer: chain.customer,
            follows: followed,
            deducts,
            draft,
            service: (from, through),
            today: run.today,
        };
        Ok((seen, vec![drafted]))
    }

    async fn record(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        seen: &Seen,
        unwritten: &[(Drafted, Obstacle)],
    ) -> Result<Option<Vec<Event>>, JobError> {
        if let Some((drafted, why)) = unwritten.first() {
            let (quote, why) = (drafted.quote.clone(), Box::new(why.clone()));
            return Err(JobError::refused(QuoteRefusal::NotWritten { quote, why }));
        }
        if writing.tx.owners_word().await? != seen.word {
            return Ok(None);
        }
        // A payment that came meanwhile may have closed a deposit.
        let chain = Chain::load(office, &mut writing.tx, self.name).await?;
        let now = chain.order(office);
        let is_same = now.confirmed == seen.confirmed && now.invoiced == seen.invoiced && now.earlier == seen.earlier;
        Ok(is_same.then(Vec::new))
    }
}

/// An invoice of an order that may be written.
struct Drafted {
    quote: String,
    dunning_policy: Option<String>,
    customer_id: CustomerId,
    customer: Customer,
    /// The confirmation, else the quote's paper.
    follows: Option<DocumentId>,
    /// The deposits that it deducts.
    deducts: Vec<DocumentId>,
    draft: Draft,
    service: (NaiveDate, NaiveDate),
    today: NaiveDate,
}

impl Numbered for Drafted {
    const SERIES: &'static str = SERIES;

    type Document = Document;

    fn documents(&self, numbers: &mut Numbers<'_>) -> Vec<Document> {
        vec![self.draft.clone().numbered(&numbers.draw())]
    }

    fn papers(&self, office: &Office, invoice: &Document) -> Result<Vec<(String, Paper)>, Obstacle> {
        owed::papers(office, invoice, &self.customer, &Files::new())
    }

    fn machine_files(&self, invoice: &Document) -> Vec<(String, Vec<u8>)> {
        owed::machine_files(invoice, &Files::new())
    }

    fn row(&self, invoice: &Document) -> NewDocument {
        owed::row(invoice, self.customer_id)
    }

    fn keys(&self, invoice: &Document) -> Vec<(KeyKind, String)> {
        owed::keys(invoice)
    }

    async fn follow(
        &self,
        office: &Office,
        writing: &mut Writing<'_>,
        id: DocumentId,
        invoice: Document,
    ) -> Result<Vec<Event>, JobError> {
        if let Some(followed) = self.follows {
            writing.link(id, followed, LinkKind::Follows).await?;
        }
        for deposit in &self.deducts {
            writing.link(id, *deposit, LinkKind::Deducts).await?;
        }
        let owed = Owed {
            document: id,
            customer: (self.customer_id, &self.customer),
            dunning_policy: self.dunning_policy.as_deref(),
            contract: &self.quote,
            scheduled_on: self.today,
            service: self.service,
        };
        owed::owe(office, writing, owed, invoice).await
    }
}
