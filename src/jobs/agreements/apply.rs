//! The book into the books: what the owner wrote is read and checked as a whole, compared with what was applied, and recorded with
//! its history. Nothing happens by saving a file.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::read::{ReadBook, bytes_of};
use crate::book::{AgreementState, Book, Change, Entry, EntryKind, KnownEntry, Plan, PlanContext, plan};
use crate::customer::Customer;
use crate::fact::{ActKind, Agreement, DecisionFact, Fact as _, RevisionFact, Subject};
use crate::id::{BookVersionId, ContractId, CustomerId};
use crate::jobs::billing::due::next_on;
use crate::jobs::billing::ended::invoiced;
use crate::jobs::mailroom::returned::redeliver;
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::{JobError, Office};
use crate::jobs::receipts::keys::{CustomerKeys, customer_keys};
use crate::jobs::records::act::by_command;
use crate::jobs::records::customer::{agreed, agreement_in, customer_in};
use crate::jobs::records::decision::{latest, new_decision};
use crate::question::Obstacle;
use crate::recurring::{ByCommand, ContractKind};
use crate::refusal::BooksRefusal;
use crate::shell::store::{Run, Tx, Writing};

/// The rule of what follows from the book alone.
const BOOK_RULE: &str = "book";

/// Compares a book with what was applied.
pub async fn plan_of(office: &Office, book: &Book) -> Result<Plan, JobError> {
    let mut tx = office.store.read().await?;
    let known = known(&mut tx).await?;
    let today = office.day(office.clock.now());
    let (terms, business_days) = (office.terms(today), office.business_days());
    Ok(plan(
        book,
        &PlanContext {
            today,
            known,
            terms: &terms,
            business_days: &business_days,
            language: office.config.owner.language,
        },
    ))
}

/// Returns everything that was applied before.
async fn known(tx: &mut Tx) -> Result<BTreeMap<(EntryKind, String), KnownEntry>, JobError> {
    let mut known = BTreeMap::new();
    for row in tx.customers().await? {
        let state = match &row.model {
            None => AgreementState::Vanished,
            Some(model) => AgreementState::Customer(Box::new(customer_in(model, &row.number)?)),
        };
        let by_command = ByCommand::default();
        let entry = KnownEntry { state, by_command, done: BTreeSet::new(), invoiced: Vec::new(), issued: false };
        known.insert((EntryKind::Customer, row.number), entry);
    }
    for row in tx.contracts().await? {
        let kind = match row.kind {
            ContractKind::Once => EntryKind::OneOff,
            ContractKind::Recurring => EntryKind::Recurring,
            ContractKind::Quote => EntryKind::Quote,
        };
        let state = match &row.model {
            None => AgreementState::Vanished,
            Some(model) => match agreement_in(model, &row.number)? {
                Agreement::Once(one_off) => AgreementState::OneOff(one_off),
                Agreement::Quote(quote) => AgreementState::Quote(quote),
                Agreement::Recurring(contract) => AgreementState::Recurring(contract),
            },
        };
        let periods = tx.periods_of(row.id).await?;
        let acts = acts_of(tx, Subject::Contract(row.id)).await?;
        let is_sent = acts.iter().any(|act| act.fact.kind() == ActKind::Send);
        let entry = KnownEntry {
            state,
            by_command: by_command(&acts_of(tx, Subject::Contract(row.id)).await?),
            invoiced: invoiced(tx, &periods).await?,
            done: periods.iter().map(|period| period.starts_on).collect(),
            issued: is_sent || periods.iter().any(|period| period.document_id.is_some()),
        };
        known.insert((kind, row.number), entry);
    }
    Ok(known)
}

/// What applying came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The new version.
    pub version: BookVersionId,
    /// How many entries are new or changed.
    pub changed: usize,
    /// How many are gone from the files.
    pub vanished: usize,
    /// How many invoices that came back go out again.
    pub redelivered: usize,
}

/// Records a plan that the owner agreed to, whole or not at all.
///
/// # Errors
/// When the plan has mistakes, or the books fail.
pub async fn apply(office: &Office, run: &Run, read: &ReadBook, plan: &Plan) -> Result<Applied, JobError> {
    if !read.mistakes.is_empty() || !plan.mistakes.is_empty() {
        return Err(JobError::refused(BooksRefusal::BookWrong {}));
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let version = writing.add_version(&read.sha256).await?;
    let mut applying = Applying { office, book: &read.book, taking: Taking::new(version) };
    for change in plan.changes.iter().filter(|change| change.kind.contract().is_none()) {
        applying.customer(&mut writing, change).await?;
    }
    for change in &plan.changes {
        if let Some(kind) = change.kind.contract() {
            applying.contract(&mut writing, kind, change).await?;
        }
    }
    for gone in &plan.vanished {
        applying.vanish(&mut writing, gone.kind, &gone.number).await?;
    }
    let redelivered = applying.taking.end(office, &mut writing).await?;
    writing.commit().await?;
    Ok(Applied { version, changed: plan.changes.len(), vanished: plan.vanished.len(), redelivered })
}

/// Entries on their way into force, and whom that concerns.
pub(super) struct Taking {
    version: BookVersionId,
    /// Customers who were known: what came back from them may arrive now.
    mended: Vec<CustomerId>,
    /// Customers who may be found by something else now.
    named: BTreeSet<CustomerId>,
}

impl Taking {
    pub(super) fn new(version: BookVersionId) -> Taking {
        Taking { version, mended: Vec::new(), named: BTreeSet::new() }
    }

    /// Takes a customer into force, as its file says it; one that was known under a former number keeps its identity.
    pub(super) async fn customer(
        &mut self,
        writing: &mut Writing<'_>,
        former: &str,
        customer: &Customer,
        text: &str,
    ) -> Result<(), JobError> {
        let id = match writing.tx.customer_by_number(former).await? {
            Some(row) => {
                writing.update_customer(row.id, &customer.number, &customer.name).await?;
                self.mended.push(row.id);
                row.id
            }
            None => writing.add_customer(&customer.number, &customer.name).await?,
        };
        let said = RevisionFact::Customer(Box::new(customer.clone())).write();
        writing.add_revision(Subject::Customer(id), self.version, Some((said, text))).await?;
        self.named.insert(id);
        Ok(())
    }

    /// Has payments find whom they may be from by what holds now, and sends what came back once more. Returns how many invoices that are.
    pub(super) async fn end(self, office: &Office, writing: &mut Writing<'_>) -> Result<usize, JobError> {
        for id in self.named {
            let customer = agreed(&mut writing.tx, id).await?;
            let CustomerKeys { keys, shapes } = customer_keys(&mut writing.tx, id, &customer).await?;
            writing.set_customer_keys(id, &shapes, &keys).await?;
        }
        let mut redelivered = 0;
        for customer in self.mended {
            redelivered += redeliver(office, writing, customer).await?;
        }
        Ok(redelivered)
    }
}

struct Applying<'a> {
    office: &'a Office,
    book: &'a Book,
    taking: Taking,
}

impl Applying<'_> {
    async fn customer(&mut self, writing: &mut Writing<'_>, change: &Change) -> Result<(), JobError> {
        let entry = &self.book.customers[&change.number];
        let former = change.former.as_deref().unwrap_or(&change.number);
        self.taking.customer(writing, former, &entry.value, &entry.source.text).await
    }

    async fn contract(
        &mut self,
        writing: &mut Writing<'_>,
        kind: ContractKind,
        change: &Change,
    ) -> Result<(), JobError> {
        let (owner, revision, source, attachments) = match kind {
            ContractKind::Once => {
                let Entry { value, source, .. } = &self.book.one_offs[&change.number];
                (&value.customer, RevisionFact::Once(value.clone()), source, value.attachments.as_slice())
            }
            ContractKind::Quote => {
                let Entry { value, source, .. } = &self.book.quotes[&change.number];
                (&value.customer, RevisionFact::Quote(value.clone()), source, [].as_slice())
            }
            ContractKind::Recurring => {
                let Entry { value, source, .. } = &self.book.contracts[&change.number];
                (&value.customer, RevisionFact::Recurring(value.clone()), source, value.attachments.as_slice())
            }
        };
        let customer = writing.tx.customer_by_number(owner).await?;
        let customer = customer.ok_or_else(|| JobError::damaged(format!("the customer {owner}")))?.id;
        let former = change.former.as_deref().unwrap_or(&change.number);
        for attached in attachments {
            writing.keep(&bytes_of(&self.office.config, attached)?).await?;
        }
        let known = writing.tx.contract_by_number(former).await?;
        let id = match &known {
            Some(row) => row.id,
            None => writing.add_contract(kind, customer, &change.number, None).await?,
        };
        let next_on = self.next_on(writing, kind, id, change).await?;
        writing.update_contract(id, customer, &change.number, next_on).await?;
        self.taking.named.extend([customer].into_iter().chain(known.map(|row| row.customer_id)));
        let said = Some((revision.write(), source.text.as_str()));
        writing.add_revision(Subject::Contract(id), self.taking.version, said).await?;
        let last = latest(&mut writing.tx, Subject::Contract(id)).await?;
        if last.is_some_and(|last| matches!(last.fact, DecisionFact::ContractHeld { .. })) {
            // What was wrong may be right now; the next run finds out.
            let agreed = new_decision(Subject::Contract(id), BOOK_RULE, &DecisionFact::ContractAgreed {}, next_on);
            writing.add_decision(agreed).await?;
        }
        Ok(())
    }

    /// Returns the day on which something is due of an entry as the book has it now.
    async fn next_on(
        &self,
        writing: &mut Writing<'_>,
        kind: ContractKind,
        id: ContractId,
        change: &Change,
    ) -> Result<Option<NaiveDate>, JobError> {
        let done: BTreeSet<NaiveDate> =
            writing.tx.periods_of(id).await?.into_iter().map(|period| period.starts_on).collect();
        match kind {
            ContractKind::Once => {
                let one_off = &self.book.one_offs[&change.number].value;
                Ok(one_off.issue_on.filter(|_| done.is_empty()))
            }
            ContractKind::Quote => Ok(None),
            ContractKind::Recurring => {
                let contract = &self.book.contracts[&change.number].value;
                let acts = acts_of(&mut writing.tx, Subject::Contract(id)).await?;
                Ok(next_on(contract, &done, &acts, writing.today(), &self.office.business_days()))
            }
        }
    }

    async fn vanish(&mut self, writing: &mut Writing<'_>, kind: EntryKind, number: &str) -> Result<(), JobError> {
        if kind.contract().is_none() {
            if let Some(row) = writing.tx.customer_by_number(number).await? {
                writing.add_revision(Subject::Customer(row.id), self.taking.version, None).await?;
            }
            return Ok(());
        }
        let Some(row) = writing.tx.contract_by_number(number).await? else { return Ok(()) };
        writing.add_revision(Subject::Contract(row.id), self.taking.version, None).await?;
        if row.next_on.is_some() {
            writing.set_next_on(row.id, None).await?;
            let held = DecisionFact::ContractHeld { reason: Obstacle::Vanished {}, missed: 0 };
            writing.add_decision(new_decision(Subject::Contract(row.id), BOOK_RULE, &held, None)).await?;
        }
        Ok(())
    }
}
