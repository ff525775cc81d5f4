//! What the books hold for a batch of payments: looked up by their keys at once, then kept up with each decision, so that every
//! payment sees the result of the one before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::fact::{Acted, Payable, Subject};
use crate::id::{CustomerId, DocumentId};
use crate::invoice::DocumentKind;
use crate::jobs::office::JobError;
use crate::jobs::records::act::agreed_discount;
use crate::jobs::records::customer::agreement_in;
use crate::ledger::{Batch, Receivable, ReceivableState, TakenBack};
use crate::matching::{
    Candidate, CandidateKind, CandidateState, DiscountLevel, Found, KeyKind, Keys, KnownContract, KnownCustomer,
    NamedLetter, Payment,
};
use crate::money::{Amount, Currency};
use crate::reference::CreditorReference;
use crate::shell::store::{CandidateRow, ReceivableRow, Tx};

/// The most documents of one amount that are offered: two equal amounts already decide nothing.
const SAME_AMOUNT: usize = 20;

/// What the books hold for a batch of payments.
///
/// First comes what the payments name; that decides nine of ten. All else that is open of a customer, what a payer's name or the
/// bare amount leads to, is looked up only where that is not enough ([`Snapshot::complete`]).
#[derive(Debug, Default)]
pub struct Snapshot {
    documents: BTreeMap<DocumentId, Candidate>,
    /// Letters by the document that carries their number.
    letters: BTreeMap<DocumentId, NamedLetter>,
    customers: BTreeMap<CustomerId, KnownCustomer>,
    contracts: BTreeMap<CustomerId, Vec<KnownContract>>,
    documents_by_key: HashMap<(KeyKind, String), Vec<DocumentId>>,
    customers_by_key: HashMap<(KeyKind, String), Vec<CustomerId>>,
    documents_of: BTreeMap<CustomerId, Vec<DocumentId>>,
    by_amount: HashMap<(Currency, Amount), Vec<DocumentId>>,
    /// Documents that were booked on since they were read; the books may not know it yet.
    changed: BTreeSet<DocumentId>,
}

impl Snapshot {
    /// Looks up what the payments name: documents, their customers and those of number and account, and these customers' credit
    /// notes. What is known already stays as it is: the books may not know yet what was decided since.
    pub async fn look_up(&mut self, tx: &mut Tx, payments: &[(&Payment, &Keys)]) -> Result<(), JobError> {
        let keys: BTreeSet<_> = payments.iter().flat_map(|(_, keys)| &keys.documents).collect();
        let missing: Vec<_> = keys.into_iter().filter(|key| !self.documents_by_key.contains_key(key)).collect();
        let mut named = BTreeSet::new();
        if !missing.is_empty() {
            for (key, kind, document) in tx.documents_by_keys(&json(&missing)).await? {
                self.documents_by_key.entry((kind, key)).or_default().push(document);
                named.insert(document);
            }
        }
        self.add_letters(tx, &named).await?;
        named.extend(self.letters.values().flat_map(|letter| &letter.items).copied());
        self.add_documents(tx, &named).await?;
        let mut customers = self.customers_by_keys(tx, payments).await?;
        customers.extend(named.iter().filter_map(|id| self.documents.get(id)).map(|document| document.customer));
        self.add_customers(tx, &customers).await?;
        let notes = tx.open_credit_notes_of(&customers).await?.into_iter().collect();
        self.add_documents(tx, &notes).await?;
        self.add_contracts(tx).await
    }

    /// Tells whether nothing that a payment could name is in the books.
    pub fn names_nothing(&self, keys: &Keys) -> bool {
        !keys.documents.iter().any(|key| self.documents_by_key.contains_key(key))
    }

    /// Looks up whatever else could be paid: all that is open of the customers, those of the payers' names with them, and what is
    /// over the same amounts.
    pub async fn complete(&mut self, tx: &mut Tx, payments: &[(&Payment, &Keys)]) -> Result<(), JobError> {
        let of_names = self.customers_by_keys(tx, payments).await?;
        self.add_customers(tx, &of_names).await?;
        let customers: BTreeSet<CustomerId> = payments.iter().flat_map(|(_, keys)| self.customers_of(keys)).collect();
        let open = tx.open_documents_of(&customers).await?.into_iter().collect();
        self.add_documents(tx, &open).await?;
        let amounts: BTreeSet<_> = payments.iter().filter_map(|(p, _)| Some((p.currency?, p.amount))).collect();
        let mut over_amounts = BTreeSet::new();
        for (currency, amount) in amounts {
            let most = SAME_AMOUNT + self.changed.len();
            let mut documents = tx.open_with_amount(currency, amount, most).await?;
            documents.retain(|id| !self.changed.contains(id));
            documents.truncate(SAME_AMOUNT);
            let is_now =
                |id: &&DocumentId| self.documents.get(id).is_some_and(|d| d.currency == currency && d.open == amount);
            documents.extend(self.changed.iter().filter(is_now));
            over_amounts.extend(documents.iter().copied());
            self.by_amount.insert((currency, amount), documents);
        }
        self.add_documents(tx, &over_amounts).await
    }

    async fn add_letters(&mut self, tx: &mut Tx, named: &BTreeSet<DocumentId>) -> Result<(), JobError> {
        for (document, number, item) in tx.letters_named(named).await? {
            let letter = self.letters.entry(document).or_insert_with(|| NamedLetter {
                rf: CreditorReference::of_number(&number).map(|reference| reference.as_str().to_owned()),
                number,
                items: Vec::new(),
            });
            letter.items.push(item);
        }
        Ok(())
    }

    async fn add_documents(&mut self, tx: &mut Tx, ids: &BTreeSet<DocumentId>) -> Result<(), JobError> {
        let missing: Vec<DocumentId> = ids.iter().copied().filter(|id| !self.documents.contains_key(id)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        for row in tx.candidates(&missing).await? {
            self.documents_of.entry(row.customer_id).or_default().push(row.id);
            self.documents.insert(row.id, candidate(row)?);
        }
        for row in tx.agreed_on(&missing).await? {
            let Subject::Document(id) = row.subject else { continue };
            let level = agreed_discount(&Acted::try_from(row)?);
            if let Some(document) = self.documents.get_mut(&id) {
                document.discounts.extend(level);
            }
        }
        Ok(())
    }

    /// Looks up the customers' keys that were not looked up yet.
    async fn customers_by_keys(
        &mut self,
        tx: &mut Tx,
        payments: &[(&Payment, &Keys)],
    ) -> Result<BTreeSet<CustomerId>, JobError> {
        let keys: BTreeSet<_> = payments.iter().flat_map(|(_, keys)| &keys.customers).collect();
        let missing: Vec<_> = keys.into_iter().filter(|key| !self.customers_by_key.contains_key(key)).collect();
        let rows = if missing.is_empty() { Vec::new() } else { tx.customers_by_keys(&json(&missing)).await? };
        let found = rows.iter().map(|row| row.customer_id).collect();
        for row in rows {
            self.customers_by_key.entry((row.kind, row.key)).or_default().push(row.customer_id);
        }
        Ok(found)
    }

    async fn add_customers(&mut self, tx: &mut Tx, ids: &BTreeSet<CustomerId>) -> Result<(), JobError> {
        let missing: Vec<CustomerId> = ids.iter().copied().filter(|id| !self.customers.contains_key(id)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        for (id, number, name) in tx.names_of(&missing).await? {
            self.customers.insert(id, KnownCustomer { id, number, name, ibans: Vec::new() });
        }
        for row in tx.ibans_of(&missing).await? {
            if let Some(customer) = self.customers.get_mut(&row.customer_id) {
                customer.ibans.push(row.key);
            }
        }
        Ok(())
    }

    /// Adds the contracts of customers that a contract's number or a payer's text leads to.
    async fn add_contracts(&mut self, tx: &mut Tx) -> Result<(), JobError> {
        let quoted = self
            .customers_by_key
            .iter()
            .filter(|((kind, _), _)| matches!(kind, KeyKind::Contract | KeyKind::PayerText));
        let customers: BTreeSet<CustomerId> = quoted.flat_map(|(_, found)| found).copied().collect();
        let customers: Vec<CustomerId> = customers.into_iter().filter(|id| !self.contracts.contains_key(id)).collect();
        for customer in customers {
            let mut contracts = Vec::new();
            for row in tx.agreements_of(customer).await? {
                let Some(model) = row.model else { continue };
                let agreement = agreement_in(&model, &row.number)?;
                contracts.push(KnownContract {
                    number: agreement.number().to_owned(),
                    customer,
                    payer_text: agreement.payer_text().map(str::to_owned),
                });
            }
            self.contracts.insert(customer, contracts);
        }
        Ok(())
    }

    /// Returns the documents that the keys lead to.
    fn named_by(&self, keys: &Keys) -> BTreeSet<DocumentId> {
        let in_letters = self.letters_by(keys).flat_map(|letter| &letter.items).copied();
        self.ids_by(keys).chain(in_letters).collect()
    }

    /// Returns the letters that the keys lead to.
    fn letters_by(&self, keys: &Keys) -> impl Iterator<Item = &NamedLetter> {
        let ids: BTreeSet<DocumentId> = self.ids_by(keys).collect();
        ids.into_iter().filter_map(|id| self.letters.get(&id))
    }

    fn ids_by(&self, keys: &Keys) -> impl Iterator<Item = DocumentId> {
        keys.documents.iter().filter_map(|key| self.documents_by_key.get(key)).flatten().copied()
    }

    /// Returns the customers that the keys lead to, and those of the documents that they lead to.
    fn customers_of(&self, keys: &Keys) -> BTreeSet<CustomerId> {
        let by_key = keys.customers.iter().filter_map(|key| self.customers_by_key.get(key)).flatten().copied();
        let named = self.named_by(keys);
        let owners = named.iter().filter_map(|id| self.documents.get(id)).map(|document| document.customer);
        by_key.chain(owners).collect()
    }

    /// Returns what there is for one payment.
    pub fn found(&self, payment: &Payment, keys: &Keys) -> Found {
        let candidates = |ids: &mut dyn Iterator<Item = &DocumentId>| -> Vec<Candidate> {
            ids.filter_map(|id| self.documents.get(id)).cloned().collect()
        };
        let named = candidates(&mut self.named_by(keys).iter());
        let customers = self.customers_of(keys);
        let of_customers: BTreeSet<DocumentId> =
            customers.iter().filter_map(|customer| self.documents_of.get(customer)).flatten().copied().collect();
        let mut of_customers = candidates(&mut of_customers.iter());
        of_customers.retain(Candidate::is_open);
        let amount = payment.currency.map(|currency| (currency, payment.amount));
        let of_anybody = amount.and_then(|amount| self.by_amount.get(&amount));
        let mut same_amount = candidates(&mut of_anybody.into_iter().flatten());
        same_amount.retain(|document| document.is_open() && document.open == payment.amount);
        // Of an amount that many owe, only a few were read; the customers' own are all there.
        let own = of_customers.iter().filter(|d| d.open == payment.amount && Some(d.currency) == payment.currency);
        let own: Vec<Candidate> = own.filter(|d| !same_amount.iter().any(|known| known.id == d.id)).cloned().collect();
        same_amount.extend(own);
        Found {
            named,
            letters: self.letters_by(keys).cloned().collect(),
            customers: customers.iter().filter_map(|id| self.customers.get(id)).cloned().collect(),
            contracts: customers.iter().filter_map(|id| self.contracts.get(id)).flatten().cloned().collect(),
            of_customers,
            same_amount,
            booked: Vec::new(),
        }
    }

    /// Takes over what is about to be posted.
    pub fn apply(&mut self, batch: &Batch) {
        let documents: BTreeSet<DocumentId> = batch.legs.iter().filter_map(|leg| leg.document).collect();
        for id in documents {
            let Some(document) = self.documents.get_mut(&id) else { continue };
            let mut receivable = Receivable {
                document: id,
                customer: document.customer,
                currency: document.currency,
                gross: document.gross,
                principal: document.open,
                fee: document.fees_open,
                interest: document.interest_open,
                taken_back: TakenBack {
                    cancelled: document.state == CandidateState::Cancelled,
                    ..TakenBack::default()
                },
            };
            batch.legs.iter().for_each(|leg| receivable.apply(leg));
            document.open = receivable.principal;
            document.fees_open = receivable.fee;
            document.interest_open = receivable.interest;
            document.state = state(receivable.state());
            self.note(id);
        }
    }

    /// Takes over what was just posted.
    pub fn update(&mut self, row: &ReceivableRow) {
        if let Some(document) = self.documents.get_mut(&row.document_id) {
            document.open = row.open_principal;
            document.fees_open = row.open_fee;
            document.interest_open = row.open_interest;
            document.state = state(row.state);
            self.note(row.document_id);
        }
    }

    /// Notes that a document was booked on: it may now be over an amount that another payment looks for.
    fn note(&mut self, id: DocumentId) {
        self.changed.insert(id);
        let document = &self.documents[&id];
        if let Some(ids) = self.by_amount.get_mut(&(document.currency, document.open))
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }

    /// Takes over an account that was just learned.
    pub fn learn(&mut self, customer: CustomerId, iban: &str) {
        if let Some(known) = self.customers.get_mut(&customer) {
            known.ibans.push(iban.to_owned());
            self.customers_by_key.entry((KeyKind::Iban, iban.to_owned())).or_default().push(customer);
        }
    }

    /// Returns a document of the batch.
    pub fn document(&self, id: DocumentId) -> Option<&Candidate> {
        self.documents.get(&id)
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("ids and keys are JSON")
}

const fn state(state: ReceivableState) -> CandidateState {
    match state {
        ReceivableState::Open => CandidateState::Open,
        ReceivableState::PartiallyPaid => CandidateState::PartiallyPaid,
        ReceivableState::Paid | ReceivableState::WrittenOff | ReceivableState::Credited => CandidateState::Paid,
        ReceivableState::Cancelled => CandidateState::Cancelled,
    }
}

fn candidate(row: CandidateRow) -> Result<Candidate, JobError> {
    let payable = Payable::read(&row.model);
    let payable = payable.map_err(JobError::model(format!("the document {}", row.number)))?;
    Ok(Candidate {
        id: row.id,
        kind: match row.kind {
            DocumentKind::Refund => CandidateKind::Refund,
            DocumentKind::Invoice | DocumentKind::CreditNote | DocumentKind::Cancellation => {
                if row.gross.is_negative() { CandidateKind::CreditNote } else { CandidateKind::Invoice }
            }
            DocumentKind::Dunning | DocumentKind::Withdrawal | DocumentKind::Quote | DocumentKind::Confirmation => {
                return Err(JobError::damaged(format!("{}, a paper that asks for nothing and is owed", row.number)));
            }
        },
        customer: row.customer_id,
        currency: row.currency,
        due_on: row.due_on,
        gross: row.gross,
        open: row.open_principal,
        state: state(row.state),
        rf: Some(payable.pay_to.reference).filter(|reference| !reference.is_empty()),
        qrr: payable.pay_to.qr.map(|qr| qr.reference),
        discounts: payable.discounts.iter().map(DiscountLevel::from).collect(),
        fees_open: row.open_fee,
        interest_open: row.open_interest,
        disputed: row.disputes > 0,
        contract: payable.contract,
        number: row.number,
    })
}
