//! What the books hold for a batch of payments: looked up by their keys at once, then kept up with each decision, so that every
//! payment sees the result of the one before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::office::JobError;
use crate::id::{CustomerId, DocumentId, PaymentId};
use crate::ledger::{Account, ReceivableState};
use crate::matching::{
    Allocation, Booked, Candidate, CandidateKind, CandidateState, DiscountLevel, Found, Keys, KnownCustomer, Payment,
    name_fits,
};
use crate::money::{Amount, Currency};
use crate::shell::store::{CandidateRow, PostingRow, ReceivableRow, Tx};

/// What the books hold for a batch of payments.
#[derive(Debug, Default)]
pub struct Snapshot {
    documents: BTreeMap<i64, Candidate>,
    customers: BTreeMap<i64, KnownCustomer>,
    documents_by_key: HashMap<(String, String), Vec<i64>>,
    customers_by_key: HashMap<(String, String), Vec<i64>>,
    documents_of: BTreeMap<i64, Vec<i64>>,
    by_amount: HashMap<(Currency, Amount), Vec<i64>>,
}

/// The part of a document's model that the matcher needs.
#[derive(Deserialize)]
struct Facts {
    pay_to: PayTo,
    discounts: Vec<Discount>,
}

#[derive(Deserialize)]
struct PayTo {
    reference: String,
}

#[derive(Deserialize)]
struct Discount {
    percent: Decimal,
    until: NaiveDate,
}

impl Snapshot {
    /// Looks up everything that the payments' keys lead to.
    ///
    /// # Errors
    /// When the books fail.
    pub async fn load(tx: &mut Tx, payments: &[(&Payment, &Keys)]) -> Result<Snapshot, JobError> {
        let mut snapshot = Snapshot::default();
        let document_keys: BTreeSet<_> = payments.iter().flat_map(|(_, keys)| &keys.documents).collect();
        for (key, kind, document) in tx.documents_by_keys(&json(&document_keys)).await? {
            snapshot.documents_by_key.entry((kind, key)).or_default().push(document);
        }
        let customer_keys: BTreeSet<_> = payments.iter().flat_map(|(_, keys)| &keys.customers).collect();
        for row in tx.customers_by_keys(&json(&customer_keys)).await? {
            snapshot.customers_by_key.entry((row.kind, row.key)).or_default().push(row.customer_id);
        }
        let named: BTreeSet<i64> = snapshot.documents_by_key.values().flatten().copied().collect();
        snapshot.add_documents(tx, &named).await?;

        let owners = snapshot.documents.values().map(|document| document.customer.get());
        let mut customers: BTreeSet<i64> = owners.collect();
        customers.extend(snapshot.customers_by_key.values().flatten());
        snapshot.add_customers(tx, &customers).await?;
        snapshot.drop_mere_words(payments);

        let of_customers: BTreeSet<i64> = snapshot.customers.keys().copied().collect();
        let open: BTreeSet<i64> = tx.open_documents_of(&json(&of_customers)).await?.into_iter().collect();
        snapshot.add_documents(tx, &open).await?;

        let amounts: BTreeSet<_> = payments.iter().filter_map(|(p, _)| Some((p.currency?, p.amount))).collect();
        for (currency, amount) in amounts {
            let documents = tx.open_with_amount(currency.code(), amount.minor()).await?;
            let ids = documents.iter().copied().collect();
            snapshot.by_amount.insert((currency, amount), documents);
            snapshot.add_documents(tx, &ids).await?;
        }
        Ok(snapshot)
    }

    async fn add_documents(&mut self, tx: &mut Tx, ids: &BTreeSet<i64>) -> Result<(), JobError> {
        let missing: Vec<i64> = ids.iter().copied().filter(|id| !self.documents.contains_key(id)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        for row in tx.candidates(&json(&missing)).await? {
            self.documents_of.entry(row.customer_id).or_default().push(row.id);
            self.documents.insert(row.id, candidate(row)?);
        }
        Ok(())
    }

    async fn add_customers(&mut self, tx: &mut Tx, ids: &BTreeSet<i64>) -> Result<(), JobError> {
        for (id, number, name) in tx.names_of(&json(ids)).await? {
            self.customers.insert(id, KnownCustomer { id: CustomerId::from(id), number, name, ibans: Vec::new() });
        }
        for row in tx.ibans_of(&json(ids)).await? {
            if let Some(customer) = self.customers.get_mut(&row.customer_id) {
                customer.ibans.push(row.key);
            }
        }
        Ok(())
    }

    /// Forgets customers who share no more than a word of their name with a payer: their open documents need not be read.
    fn drop_mere_words(&mut self, payments: &[(&Payment, &Keys)]) {
        let customers = &self.customers;
        for ((kind, _), found) in self.customers_by_key.iter_mut().filter(|((kind, _), _)| kind == "word") {
            debug_assert_eq!(kind, "word");
            found.retain(|id| {
                let name = customers.get(id).map(|customer| customer.name.as_str()).unwrap_or_default();
                payments.iter().any(|(p, _)| p.payer_name.as_deref().is_some_and(|payer| name_fits(payer, name)))
            });
        }
        let owners: BTreeSet<i64> = self.documents.values().map(|document| document.customer.get()).collect();
        let pointed: BTreeSet<i64> = self.customers_by_key.values().flatten().copied().collect();
        self.customers.retain(|id, _| owners.contains(id) || pointed.contains(id));
    }

    /// Returns what there is for one payment.
    pub fn found(&self, payment: &Payment, keys: &Keys) -> Found {
        let owned = |(kind, key): &(&'static str, String)| ((*kind).to_owned(), key.clone());
        let named: BTreeSet<i64> =
            keys.documents.iter().filter_map(|key| self.documents_by_key.get(&owned(key))).flatten().copied().collect();
        let mut customers: BTreeSet<i64> =
            keys.customers.iter().filter_map(|key| self.customers_by_key.get(&owned(key))).flatten().copied().collect();
        let candidates = |ids: &BTreeSet<i64>| -> Vec<Candidate> {
            ids.iter().filter_map(|id| self.documents.get(id)).cloned().collect()
        };
        let named = candidates(&named);
        customers.extend(named.iter().map(|document| document.customer.get()));
        let of_customers: BTreeSet<i64> =
            customers.iter().filter_map(|customer| self.documents_of.get(customer)).flatten().copied().collect();
        let amount = payment.currency.map(|currency| (currency, payment.amount));
        let with_amount =
            amount.and_then(|amount| self.by_amount.get(&amount)).into_iter().flatten().copied().collect();
        let mut of_customers = candidates(&of_customers);
        of_customers.retain(Candidate::is_open);
        let mut same_amount = candidates(&with_amount);
        same_amount.retain(|document| document.is_open() && document.open == payment.amount);
        Found {
            named,
            customers: customers.iter().filter_map(|id| self.customers.get(id)).cloned().collect(),
            of_customers,
            same_amount,
            booked: Vec::new(),
        }
    }

    /// Takes over what was just posted.
    ///
    /// # Errors
    /// When the books hold a state that is none.
    pub fn update(&mut self, row: &ReceivableRow) -> Result<(), JobError> {
        if let Some(document) = self.documents.get_mut(&row.document_id) {
            document.open = Amount::from_minor(row.open_principal);
            document.fees_open = Amount::from_minor(row.open_fee);
            document.interest_open = Amount::from_minor(row.open_interest);
            document.state = state(&row.state)?;
        }
        let key = (row.currency()?, Amount::from_minor(row.open_principal));
        if let Some(ids) = self.by_amount.get_mut(&key)
            && !ids.contains(&row.document_id)
        {
            ids.push(row.document_id);
        }
        Ok(())
    }

    /// Takes over an account that was just learned.
    pub fn learn(&mut self, customer: CustomerId, iban: &str) {
        if let Some(known) = self.customers.get_mut(&customer.get()) {
            known.ibans.push(iban.to_owned());
            self.customers_by_key.entry(("iban".to_owned(), iban.to_owned())).or_default().push(customer.get());
        }
    }

    /// Returns a document of the batch.
    pub fn document(&self, id: DocumentId) -> Option<&Candidate> {
        self.documents.get(&id.get())
    }
}

/// Returns the earlier payments that a return may give back: by the bank's reference, by end-to-end id, or on a named document.
///
/// # Errors
/// When the books fail.
pub async fn booked_before(tx: &mut Tx, payment: &Payment, named: &[Candidate]) -> Result<Vec<Booked>, JobError> {
    let mut ids: Vec<(i64, Option<String>)> = Vec::new();
    if let Some(reference) = &payment.original_bank_ref {
        ids.extend(tx.payments_by_ref(reference).await?.into_iter().map(|id| (id, Some(reference.clone()))));
    }
    if let Some(id) = &payment.end_to_end_id {
        let original = payment.amount - payment.charges;
        ids.extend(tx.payments_by_end_to_end(id, original.minor()).await?.into_iter().map(|id| (id, None)));
    }
    for document in named {
        ids.extend(tx.payments_on(document.id.get()).await?.into_iter().map(|id| (id, None)));
    }
    let mut booked: Vec<Booked> = Vec::new();
    for (id, bank_ref) in ids {
        if booked.iter().any(|b| b.payment == Some(PaymentId::from(id))) {
            continue;
        }
        let legs = allocated_legs(tx, id).await?;
        let Some(row) = tx.payment(id).await?.filter(|row| row.amount > 0 && !legs.is_empty()) else { continue };
        booked.push(Booked {
            payment: Some(PaymentId::from(id)),
            bank_ref,
            end_to_end_id: row.end_to_end_id,
            amount: Amount::from_minor(row.amount),
            allocations: allocations(&legs),
        });
    }
    Ok(booked)
}

/// Returns the legs of the live allocations of a payment.
async fn allocated_legs(tx: &mut Tx, payment: i64) -> Result<Vec<PostingRow>, JobError> {
    let mut legs = Vec::new();
    for batch in tx.live_batches_of(payment).await?.into_iter().filter(|batch| batch.kind == "allocation") {
        legs.extend(tx.legs_of(batch.id).await?);
    }
    Ok(legs)
}

/// Returns what each document got, out of the legs that booked it. A discount is a leg of its own, so the principal is what the
/// document lost less that.
fn allocations(legs: &[PostingRow]) -> Vec<Allocation> {
    let documents: BTreeSet<i64> = legs.iter().filter_map(|leg| leg.document_id).collect();
    let of = |document: i64, account: Account| -> Amount {
        let own = legs.iter().filter(|leg| leg.document_id == Some(document) && leg.account == account.name());
        own.map(|leg| Amount::from_minor(leg.amount)).sum()
    };
    let shares = documents.into_iter().map(|document| {
        let discount = of(document, Account::Discount);
        Allocation {
            document: DocumentId::from(document),
            principal: -of(document, Account::Principal) - discount,
            discount,
            fees: -of(document, Account::Fee),
            interest: -of(document, Account::Interest),
        }
    });
    shares.collect()
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("ids and keys are JSON")
}

fn state(word: &str) -> Result<CandidateState, JobError> {
    Ok(match ReceivableState::by_name(word) {
        Some(ReceivableState::Open) => CandidateState::Open,
        Some(ReceivableState::PartiallyPaid) => CandidateState::PartiallyPaid,
        Some(ReceivableState::Paid) => CandidateState::Paid,
        Some(ReceivableState::Cancelled) => CandidateState::Cancelled,
        None => return Err(JobError::damaged(format!("a receivable in the state `{word}`"))),
    })
}

fn candidate(row: CandidateRow) -> Result<Candidate, JobError> {
    let facts: Facts =
        serde_json::from_str(&row.model).map_err(JobError::model(format!("the document {}", row.number)))?;
    let currency: Currency =
        row.currency.parse().map_err(|_| JobError::damaged(format!("the currency of {}", row.number)))?;
    Ok(Candidate {
        id: DocumentId::from(row.id),
        kind: if row.gross < 0 { CandidateKind::CreditNote } else { CandidateKind::Invoice },
        customer: CustomerId::from(row.customer_id),
        currency,
        due_on: row.due_on,
        gross: Amount::from_minor(row.gross),
        open: Amount::from_minor(row.open_principal),
        state: state(&row.state)?,
        rf: Some(facts.pay_to.reference).filter(|reference| !reference.is_empty()),
        qrr: None,
        discounts: facts.discounts.iter().map(|d| DiscountLevel { percent: d.percent, until: d.until }).collect(),
        fees_open: Amount::from_minor(row.open_fee),
        interest_open: Amount::from_minor(row.open_interest),
        disputed: row.disputes > 0,
        number: row.number,
    })
}
