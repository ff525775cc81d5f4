//! The owner decides a payment: assigns it, takes an assignment back, or says that it concerns no receivable.

use super::credit::{paid_by_credit, settle_credit_of};
use super::decided::{decided, undecided, wait};
use super::learned::learn_iban;
use super::share_out::{late_discounts_in, share_out, waive_costs};
use super::written_off;
use crate::fact::{DecisionFact, Rest};
use crate::id::{CustomerId, PaymentId};
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::name::invoices_in;
use crate::jobs::records::payment::view;
use crate::jobs::records::posting::post;
use crate::jobs::records::receipt::lies_on;
use crate::ledger;
use crate::ledger::{Account, MoneySource};
use crate::matching::{Because, KeyKind, name_fits};
use crate::money::{Amount, Currency};
use crate::refusal::{NameRefusal, PaymentRefusal};
use crate::shell::store::{CustomerRow, PaymentRow, Run, Writing};

/// Whether the payer's account is remembered as the customer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learn {
    /// If the payer's name is the customer's: payment services, factors and property managers pay for many.
    #[default]
    IfNamedAlike,
    /// The owner says that it is the customer's account.
    Always,
}

/// What became of the payer's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayersAccount {
    /// It is known as the customer's from now on.
    Learned,
    /// It is not remembered, for the payer's name is not the customer's.
    OfAnotherName,
    /// It is not remembered, for it is known as that of other customers: their numbers and names.
    OfOthers(Vec<(String, String)>),
    /// There was nothing to learn: no account, one that is known, or documents of several customers.
    Unchanged,
}

/// What an assignment came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The currency of everything below.
    pub currency: Currency,
    /// What each document got, and what is open of it now.
    pub documents: Vec<(String, Amount, Amount)>,
    /// What went to the customer's credit.
    pub credit: Amount,
    /// Whose credit that is: the customer's number.
    pub credited: Option<String>,
    /// What of the credit paid open invoices at once.
    pub settled: Vec<(String, Amount)>,
    /// What is still undecided of the payment.
    pub undecided: Amount,
    /// What became of the payer's account.
    pub account: PayersAccount,
}

/// Reads documents and the amounts that some of them shall get: `RE-2026-0001=50.00`.
pub fn wanted(documents: &[String]) -> Vec<(String, Option<String>)> {
    let read = documents.iter().map(|document| match document.split_once('=') {
        Some((number, amount)) => (number.to_owned(), Some(amount.to_owned())),
        None => (document.clone(), None),
    });
    read.collect()
}

/// Assigns a payment to documents, in their order; one without an amount gets as much as is open of it. A customer stands for all that he
/// owes, the longest due first, and what is left becomes his credit.
///
/// # Errors
/// When the payment is decided, a document is unknown or closed, or the amounts do not fit.
pub async fn assign(
    office: &Office,
    run: &Run,
    payment: PaymentId,
    documents: &[(String, Option<String>)],
    rest: Rest,
    learn: Learn,
) -> Result<Assigned, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let assigned = assign_in(office, &mut writing, payment, documents, rest, learn).await?;
    writing.commit().await?;
    Ok(assigned)
}

/// Assigns a payment in a transaction that does more.
///
/// # Errors
/// As [`assign`].
pub async fn assign_in(
    office: &Office,
    writing: &mut Writing<'_>,
    payment: PaymentId,
    documents: &[(String, Option<String>)],
    rest: Rest,
    learn: Learn,
) -> Result<Assigned, JobError> {
    let today = writing.today();
    let (row, undecided) = undecided(writing, payment).await?;
    let currency: Currency = row.currency;
    let money = undecided.open_amount;
    let payee = customer_among(writing, documents, rest).await?;
    let documents = &match &payee {
        Some(payee) => owed_by(writing, payee, money, currency).await?,
        None => invoices_of_letters(writing, documents).await?,
    };
    if money.is_positive() {
        written_off::take_back(writing, documents, money, currency).await?;
    }
    let late = match rest {
        Rest::Open => late_discounts_in(office, writing, &row, documents, money).await?,
        Rest::Credit | Rest::Discount | Rest::BankFee | Rest::Writeoff => None,
    };
    let (mut shares, mut open, mut left) = match late {
        Some((shares, open)) => (shares, open, Amount::ZERO),
        None => share_out(writing, documents, money, currency).await?,
    };
    let mut credit = payee.as_ref().filter(|_| !left.is_zero()).map(|payee| (payee.id, std::mem::take(&mut left)));
    let mut difference = None;
    let short: Amount = open.iter().copied().sum();
    match rest {
        Rest::Open => {}
        _ if payee.is_some() => {}
        Rest::Credit if left.is_zero() => {
            return Err(JobError::refused(PaymentRefusal::NothingForCredit {}));
        }
        Rest::Credit => {
            let customer = shares.first().map(|share| share.customer);
            credit = customer.map(|customer| (customer, std::mem::take(&mut left)));
        }
        _ if short.is_zero() => {
            return Err(JobError::refused(PaymentRefusal::NothingToClose {}));
        }
        Rest::Discount => {
            for (share, behind) in shares.iter_mut().zip(&mut open) {
                share.discount = std::mem::take(behind);
            }
        }
        Rest::BankFee | Rest::Writeoff => {
            let account = if rest == Rest::BankFee { Account::BankCharge } else { Account::Writeoff };
            for (share, behind) in shares.iter_mut().zip(&mut open) {
                share.principal += std::mem::take(behind);
            }
            difference = Some((account, -short));
        }
    }
    let waive_below = office.config.waive_below();
    waive_costs(writing, &mut shares, waive_below).await?;
    let lies_on = lies_on(writing, &row).await?;
    let source = MoneySource { payment, account: lies_on, currency, value_on: row.value_on };
    if lies_on != Account::Payer && !left.is_zero() {
        // What is left waits like any other undecided money.
        post(writing, &ledger::receive(source, left, today)).await?;
        let customers = shares.iter().map(|share| (share.customer, Because::Candidate)).collect();
        wait(office, writing, &row, left, customers).await?;
    }
    let batch = ledger::allocate(source, money - left, &shares, credit, difference, today);
    let (_, touched) = post(writing, &batch).await?;
    writing.set_open_payment(payment, left).await?;
    let settled = settle_credit_of(writing, std::slice::from_ref(&batch), waive_below).await?;
    let mut names: Vec<String> = documents.iter().map(|(number, _)| number.clone()).collect();
    let mut customers: Vec<CustomerId> = shares.iter().map(|share| share.customer).collect();
    if let Some(payee) = payee {
        names.push(payee.number);
        customers.push(payee.id);
    }
    let account = learn_account(writing, &row, &customers, &names, learn).await?;
    let credited = match credit {
        Some((customer, _)) => Some(writing.tx.customer(customer).await?.number),
        None => None,
    };
    let fact = DecisionFact::Assigned {
        documents: names,
        rest: if credit.is_some() { Rest::Credit } else { rest },
        undecided: left.decimal(currency),
    };
    decided(writing, payment, &fact).await?;
    let got = shares.iter().map(|share| {
        let row = touched.iter().find(|row| row.document_id == share.document);
        let still = row.map_or(Amount::ZERO, |row| row.open_principal);
        let number = row.map(|row| row.number.clone()).unwrap_or_default();
        (number, share.principal + share.discount, still)
    });
    Ok(Assigned {
        currency,
        documents: got.collect(),
        settled: settled.iter().map(|settled| (settled.row.number.clone(), settled.used)).collect(),
        credit: credit.map_or(Amount::ZERO, |(_, credit)| credit),
        credited,
        undecided: left,
        account,
    })
}

/// Finds the customer that money is for, where one is named instead of documents.
async fn customer_among(
    writing: &mut Writing<'_>,
    documents: &[(String, Option<String>)],
    rest: Rest,
) -> Result<Option<CustomerRow>, JobError> {
    for (name, amount) in documents {
        let Some(customer) = writing.tx.customer_by_number(name).await? else { continue };
        if documents.len() > 1 || amount.is_some() || !matches!(rest, Rest::Open | Rest::Credit) {
            return Err(JobError::refused(PaymentRefusal::CustomerAlone { number: customer.number }));
        }
        return Ok(Some(customer));
    }
    Ok(None)
}

/// Returns what a customer owes and money pays, the longest due first, as far as it reaches. By the payment itself it is paid on the day on
/// which the money came; as credit it would be on the day of the decision.
async fn owed_by(
    writing: &mut Writing<'_>,
    customer: &CustomerRow,
    money: Amount,
    currency: Currency,
) -> Result<Vec<(String, Option<String>)>, JobError> {
    if money.is_negative() {
        return Err(JobError::refused(PaymentRefusal::MoneyOutOfCustomer { number: customer.number.clone() }));
    }
    let (today, mut left) = (writing.today(), money);
    let mut owed = Vec::new();
    for row in paid_by_credit(&mut writing.tx, customer.id, currency, today).await? {
        if left.is_zero() {
            break;
        }
        left -= left.min(row.open_principal);
        owed.push((row.number, None));
    }
    Ok(owed)
}

/// A letter stands for the invoices in it that are open.
async fn invoices_of_letters(
    writing: &mut Writing<'_>,
    documents: &[(String, Option<String>)],
) -> Result<Vec<(String, Option<String>)>, JobError> {
    let mut wanted = Vec::new();
    for (number, amount) in documents {
        let invoices = match writing.tx.document_by_number(number).await? {
            Some(row) => invoices_in(&mut writing.tx, &row).await?,
            None => None,
        };
        let Some(invoices) = invoices else {
            if documents.iter().filter(|(other, _)| other == number).count() > 1 {
                return Err(JobError::refused(NameRefusal::Twice { name: number.clone() }));
            }
            wanted.push((number.clone(), amount.clone()));
            continue;
        };
        if amount.is_some() {
            return Err(JobError::refused(NameRefusal::Letter { name: number.clone(), invoices }));
        }
        for invoice in invoices {
            let row = writing.tx.document_by_number(&invoice).await?;
            let row = row.ok_or_else(|| JobError::damaged(format!("the invoice {invoice}")))?;
            let is_named = documents.iter().chain(&wanted).any(|(other, _)| *other == invoice);
            if !is_named && writing.tx.receivable(row.id).await?.open_principal.is_positive() {
                wanted.push((invoice, None));
            }
        }
    }
    if wanted.is_empty() {
        return Err(JobError::refused(PaymentRefusal::NothingOpenInLetter {}));
    }
    Ok(wanted)
}

/// The owner's word teaches whose account it is, if all is for one customer and the name is his, or the owner says so (rule
/// M6b Learning).
async fn learn_account(
    writing: &mut Writing<'_>,
    row: &PaymentRow,
    customers: &[CustomerId],
    names: &[String],
    learn: Learn,
) -> Result<PayersAccount, JobError> {
    let (Some(iban), Some(first)) = (row.payer_iban.as_deref(), customers.first()) else {
        return Ok(PayersAccount::Unchanged);
    };
    if row.amount.is_negative() || customers.iter().any(|customer| customer != first) {
        return Ok(PayersAccount::Unchanged);
    }
    let customer = writing.tx.customer(*first).await?;
    let payer = view(row, row.amount)?.payer_name.unwrap_or_default();
    if learn == Learn::IfNamedAlike && !name_fits(&payer, &customer.name) {
        let known = writing.tx.ibans_of([&customer.id]).await?;
        if known.iter().any(|row| row.key == iban) {
            return Ok(PayersAccount::Unchanged);
        }
        let key = serde_json::json!([[KeyKind::Iban, iban]]).to_string();
        let mut others = Vec::new();
        for row in writing.tx.customers_by_keys(&key).await? {
            let other = writing.tx.customer(row.customer_id).await?;
            others.push((other.number, other.name));
        }
        return Ok(if others.is_empty() { PayersAccount::OfAnotherName } else { PayersAccount::OfOthers(others) });
    }
    let reason = format!("assigned to {}", names.join(", "));
    let is_new = learn_iban(writing, *first, iban, &reason).await?;
    Ok(if is_new { PayersAccount::Learned } else { PayersAccount::Unchanged })
}
