//! The owner decides a payment: assigns it, takes an assignment back, or says that it concerns no receivable.

use std::collections::BTreeSet;

use serde_json::json;

use super::acts::invoices_in;
use super::credit::{settle_credit_of, take_back};
use super::customer_keys::{learn_iban, unlearn_iban};
use super::match_payments::{book_back, concerned};
use super::office::{JobError, Office};
use super::posting::post;
use crate::id::{BatchId, CustomerId, DocumentId, PaymentId};
use crate::invoice::DocumentKind;
use crate::journal::canonical;
use crate::ledger::{self, Account, BatchKind, MoneySource, Share};
use crate::money::{Amount, Currency};
use crate::shell::store::{
    DecisionRow, NewAct, NewDecision, OpenPaymentRow, PaymentRow, ReceivableRow, Run, Subject, Writing,
};

/// What happens to what is left: of the payment when it is more than the documents ask for, of the documents when it is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rest {
    /// It stays open, and is asked for.
    #[default]
    Open,
    /// The bank kept it.
    BankFee,
    /// It was a Skonto.
    Discount,
    /// It is given up.
    Writeoff,
    /// It goes to the customer's credit.
    Credit,
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
    /// What of the credit paid open invoices at once.
    pub settled: Vec<(String, Amount)>,
    /// What is still undecided of the payment.
    pub undecided: Amount,
    /// The payer's account is now known as the customer's.
    pub learned: bool,
}

/// Reads documents and the amounts that some of them shall get: `RE-2026-0001=50.00`.
pub fn wanted(documents: &[String]) -> Vec<(String, Option<String>)> {
    let read = documents.iter().map(|document| match document.split_once('=') {
        Some((number, amount)) => (number.to_owned(), Some(amount.to_owned())),
        None => (document.clone(), None),
    });
    read.collect()
}

/// Assigns a payment to documents, in their order; one without an amount gets as much as is open of it.
///
/// # Errors
/// When the payment is decided, a document is unknown or closed, or the amounts do not fit.
pub async fn assign(
    office: &Office,
    run: &Run,
    payment: PaymentId,
    documents: &[(String, Option<String>)],
    rest: Rest,
) -> Result<Assigned, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let assigned = assign_in(office, &mut writing, payment, documents, rest).await?;
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
) -> Result<Assigned, JobError> {
    let today = writing.today();
    let (row, undecided) = undecided(writing, payment).await?;
    let currency: Currency = row.currency()?;
    let money = Amount::from_minor(undecided.open_amount);
    let documents = &invoices_of_letters(writing, documents).await?;
    let (mut shares, mut open, mut left) = share_out(writing, documents, money, currency).await?;
    let mut credit = None;
    let mut difference = None;
    let short: Amount = open.iter().copied().sum();
    match rest {
        Rest::Open => {}
        Rest::Credit if left.is_zero() => {
            return Err(JobError::Refused("nothing is left over that could go to the customer's credit".to_owned()));
        }
        Rest::Credit => {
            let customer = shares.first().map(|share| share.customer);
            credit = customer.map(|customer| (customer, std::mem::take(&mut left)));
        }
        _ if short.is_zero() => {
            return Err(JobError::Refused("nothing is left of the documents that could be closed this way".to_owned()));
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
    waive_costs(writing, &mut shares).await?;
    let account = lies_on(writing, &row).await?;
    let source = MoneySource { payment, account, currency, value_on: row.value_on };
    if account != Account::Payer && !left.is_zero() {
        // What is left waits like any other undecided money.
        post(writing, &ledger::receive(source, left, today)).await?;
        let customers = shares.iter().map(|share| (share.customer.get(), "candidate")).collect();
        wait(office, writing, &row, left, customers).await?;
    }
    let batch = ledger::allocate(source, money - left, &shares, credit, difference, today);
    let (_, touched) = post(writing, &batch).await?;
    writing.set_open_payment(payment.get(), left.minor()).await?;
    let settled = settle_credit_of(writing, std::slice::from_ref(&batch)).await?;
    let learned = learn(writing, &row, &shares, documents).await?;
    let facts = json!({
        "documents": documents.iter().map(|(number, _)| number).collect::<Vec<_>>(),
        "rest": format!("{rest:?}").to_lowercase(), "undecided": left.plain(currency),
    });
    decided(writing, payment, "assigned", &canonical(&facts)).await?;
    let got = shares.iter().map(|share| {
        let row = touched.iter().find(|row| row.document_id == share.document.get());
        let still = row.map_or(Amount::ZERO, |row| Amount::from_minor(row.open_principal));
        let number = row.map(|row| row.number.clone()).unwrap_or_default();
        (number, share.principal + share.discount, still)
    });
    Ok(Assigned {
        currency,
        documents: got.collect(),
        settled: settled.iter().map(|settled| (settled.row.number.clone(), settled.used)).collect(),
        credit: credit.map_or(Amount::ZERO, |(_, credit)| credit),
        undecided: left,
        learned,
    })
}

/// Finds a payment that is not decided.
pub(super) async fn undecided(
    writing: &mut Writing<'_>,
    payment: PaymentId,
) -> Result<(PaymentRow, OpenPaymentRow), JobError> {
    let row = writing.tx.payment(payment.get()).await?;
    let row = row.ok_or_else(|| JobError::Refused(format!("there is no payment {payment}; see `settled payments`")))?;
    match writing.tx.open_payment(payment.get()).await? {
        Some(open) => Ok((row, open)),
        None => {
            let paid = writing.tx.allocations_of(payment.get()).await?;
            let paid: Vec<&str> = paid.iter().map(|(number, _)| number.as_str()).collect();
            let to = if paid.is_empty() { "nothing".to_owned() } else { paid.join(", ") };
            Err(JobError::Refused(format!(
                "{payment} is decided already: it went to {to}. To decide anew: settled unassign {payment}"
            )))
        }
    }
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
                return Err(JobError::Refused(format!("{number} is named twice")));
            }
            wanted.push((number.clone(), amount.clone()));
            continue;
        };
        if amount.is_some() {
            let invoices = invoices.join(", ");
            return Err(JobError::Refused(format!(
                "{number} is a letter on {invoices}; name an invoice with its amount"
            )));
        }
        for invoice in invoices {
            let row = writing.tx.document_by_number(&invoice).await?;
            let row = row.ok_or_else(|| JobError::damaged(format!("the invoice {invoice}")))?;
            let is_named = documents.iter().chain(&wanted).any(|(other, _)| *other == invoice);
            if !is_named && writing.tx.receivable(row.id).await?.open_principal > 0 {
                wanted.push((invoice, None));
            }
        }
    }
    if wanted.is_empty() {
        return Err(JobError::Refused("nothing is open of that letter".to_owned()));
    }
    Ok(wanted)
}

/// Credit notes add to what a payment can pay, so they come first.
async fn credit_notes_first<'d>(
    writing: &mut Writing<'_>,
    documents: &'d [(String, Option<String>)],
) -> Result<Vec<&'d (String, Option<String>)>, JobError> {
    let (mut notes, mut invoices) = (Vec::new(), Vec::new());
    for document in documents {
        let row = writing.tx.document_by_number(&document.0).await?;
        if row.is_some_and(|row| row.gross < 0) { notes.push(document) } else { invoices.push(document) }
    }
    notes.extend(invoices);
    Ok(notes)
}

/// What one document may get.
struct Wish {
    row: ReceivableRow,
    /// The amount that the owner names.
    amount: Option<Amount>,
}

/// Shares money out among documents in their order: their principal first, then, of those that are paid, the costs (rule M5). Returns
/// the shares, what of each principal is left, and what is left of the money.
async fn share_out(
    writing: &mut Writing<'_>,
    documents: &[(String, Option<String>)],
    money: Amount,
    currency: Currency,
) -> Result<(Vec<Share>, Vec<Amount>, Amount), JobError> {
    let part = |of: Amount, left: Amount| if of.is_negative() { left.max(of) } else { left.min(of) };
    let (mut shares, mut behind, mut wishes, mut left) = (Vec::new(), Vec::new(), Vec::new(), money);
    for (number, amount) in credit_notes_first(writing, documents).await? {
        let amount = amount.as_deref().map(|text| Amount::parse(text, currency)).transpose();
        let amount = amount.map_err(|error| JobError::Refused(format!("{number}: {error}")))?;
        let wish = wish(writing, number, amount, money, left, currency).await?;
        let principal = Amount::from_minor(wish.row.open_principal);
        // A credit note adds to money that came in, and takes up money that goes out.
        let most = if principal.is_negative() && money.is_positive() { principal } else { left };
        let paid = part(principal, amount.unwrap_or(most));
        left -= paid;
        behind.push(principal - paid);
        shares.push(Share {
            document: DocumentId::from(wish.row.document_id),
            customer: CustomerId::from(wish.row.customer_id),
            principal: paid,
            discount: Amount::ZERO,
            fees: Amount::ZERO,
            interest: Amount::ZERO,
            waived_fees: Amount::ZERO,
            waived_interest: Amount::ZERO,
        });
        wishes.push(wish);
    }
    let paid_up = shares.iter_mut().zip(&behind).zip(&wishes).filter(|((_, behind), _)| behind.is_zero());
    for ((share, _), wish) in paid_up {
        let cost = |open: i64, left: Amount| part(Amount::from_minor(open), left).max(Amount::ZERO);
        let mut own = wish.amount.map_or(left, |amount| (amount - share.principal).min(left));
        share.fees = cost(wish.row.open_fee, own);
        own -= share.fees;
        share.interest = cost(wish.row.open_interest, own);
        left -= share.fees + share.interest;
    }
    Ok((shares, behind, left))
}

/// Finds a document that money can go to.
async fn wish(
    writing: &mut Writing<'_>,
    number: &str,
    amount: Option<Amount>,
    money: Amount,
    left: Amount,
    currency: Currency,
) -> Result<Wish, JobError> {
    let refused = |words: String| Err(JobError::Refused(words));
    let Some(document) = writing.tx.document_by_number(number).await? else {
        return refused(format!("there is no {number}; see `settled invoice list --open`"));
    };
    let row = writing.tx.receivable(document.id).await?;
    let principal = Amount::from_minor(row.open_principal);
    let all = principal + Amount::from_minor(row.open_fee) + Amount::from_minor(row.open_interest);
    if row.currency()? != currency {
        return refused(format!("{number} is in {}, the payment in {currency}", row.currency));
    }
    if principal.is_zero() {
        return refused(format!("nothing is open of {number}"));
    }
    if principal.is_positive() && money.is_negative() {
        return refused(format!("money that went out cannot pay {number}"));
    }
    if document.kind == DocumentKind::Refund.name() && money.is_positive() {
        return refused(format!("{number} is a refund: only money that goes out settles it"));
    }
    let Some(amount) = amount else {
        return if left.is_zero() {
            refused(format!("nothing is left of the payment for {number}"))
        } else {
            Ok(Wish { row, amount })
        };
    };
    if amount.is_zero() || amount.is_negative() != principal.is_negative() {
        return refused(format!("{number} cannot get {}", amount.plain(currency)));
    }
    if principal.is_positive() && amount > left {
        return refused(format!(
            "{number}: {} is more than the {} that are left of the payment",
            amount.plain(currency),
            left.plain(currency)
        ));
    }
    if amount.abs() > all.abs() {
        return refused(format!("{number}: only {} is open", all.plain(currency)));
    }
    Ok(Wish { row, amount: Some(amount) })
}

/// Has a payment wait for the owner: its customers, and whoever else it could be from, get no letters meanwhile.
async fn wait(
    office: &Office,
    writing: &mut Writing<'_>,
    row: &PaymentRow,
    amount: Amount,
    mut customers: Vec<(i64, &'static str)>,
) -> Result<(), JobError> {
    customers.extend(concerned(&mut writing.tx, &office.config.matching(), row, amount).await?);
    customers.sort_unstable();
    customers.dedup_by_key(|(customer, _)| *customer);
    Ok(writing.wait_for_owner(&[(row.id, customers)]).await?)
}

/// With the last of the principal go the costs that nobody paid (rule M5).
async fn waive_costs(writing: &mut Writing<'_>, shares: &mut [Share]) -> Result<(), JobError> {
    for share in shares {
        let row = writing.tx.receivable(share.document.get()).await?;
        if Amount::from_minor(row.open_principal) == share.principal + share.discount {
            share.waived_fees = Amount::from_minor(row.open_fee) - share.fees;
            share.waived_interest = Amount::from_minor(row.open_interest) - share.interest;
        }
    }
    Ok(())
}

/// Where an undecided payment's money lies: on `payer` once it was booked at all.
async fn lies_on(writing: &mut Writing<'_>, row: &PaymentRow) -> Result<Account, JobError> {
    let booked = writing.tx.on_payer(row.id).await? != 0;
    Ok(if booked { Account::Payer } else { Account::by_name(&row.paid_into).unwrap_or(Account::Bank) })
}

/// The owner's word teaches whose account it is, if all documents are of one customer.
async fn learn(
    writing: &mut Writing<'_>,
    row: &PaymentRow,
    shares: &[Share],
    documents: &[(String, Option<String>)],
) -> Result<bool, JobError> {
    let (Some(iban), Some(first)) = (row.payer_iban.as_deref(), shares.first()) else { return Ok(false) };
    if row.amount < 0 || shares.iter().any(|share| share.customer != first.customer) {
        return Ok(false);
    }
    let numbers: Vec<&str> = documents.iter().map(|(number, _)| number.as_str()).collect();
    learn_iban(writing, first.customer, iban, &format!("assigned to {}", numbers.join(", "))).await
}

/// Records what the owner decided of a payment.
pub(super) async fn decided(
    writing: &mut Writing<'_>,
    payment: PaymentId,
    verdict: &str,
    facts: &str,
) -> Result<(), JobError> {
    let decision = NewDecision {
        subject: Subject::payment(payment.get()),
        rule: "owner".to_owned(),
        verdict: verdict.to_owned(),
        facts: facts.to_owned(),
        next_on: None,
    };
    Ok(writing.add_decision(decision).await?)
}

/// Takes the assignments of a payment back, or that it was passed over: its money is undecided again, and nobody but the owner decides
/// it anew. Credit that came from it is taken back from the invoices that it paid. Returns the invoices that are open again.
///
/// # Errors
/// When nothing is assigned of it.
pub async fn unassign(office: &Office, run: &Run, payment: PaymentId, reason: &str) -> Result<Vec<String>, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let row = writing.tx.payment(payment.get()).await?;
    let row = row.ok_or_else(|| JobError::Refused(format!("there is no payment {payment}; see `settled payments`")))?;
    let (mut freed, mut numbers, mut customers, mut events) = (Amount::ZERO, Vec::new(), Vec::new(), Vec::new());
    for batch in writing.tx.live_batches_of(payment.get()).await? {
        if batch.kind != BatchKind::Allocation.name() {
            continue;
        }
        let legs = writing.tx.legs_of(batch.id).await?;
        let legs = legs.iter().map(|leg| leg.leg()).collect::<Result<Vec<_>, _>>()?;
        let from = |account| matches!(account, Account::Bank | Account::Cash | Account::Clearing | Account::Payer);
        freed += legs.iter().filter(|leg| from(leg.account)).map(|leg| leg.amount).sum();
        let undone =
            ledger::mirror(BatchId::from(batch.id), &legs, BatchKind::Correction, Account::Payer, None, run.today);
        let (_, touched) = post(&mut writing, &undone).await?;
        for row in touched {
            writing.look_at(row.document_id, Some(run.today)).await?;
            customers.push((row.customer_id, "candidate"));
            numbers.push(row.number);
        }
        for customer in legs.iter().filter(|leg| leg.account == Account::Credit).filter_map(|leg| leg.customer) {
            let currency = row.currency()?;
            let back = take_back(&mut writing, customer.get(), currency, BatchKind::Correction).await?;
            numbers.extend(back.reopened.into_iter().map(|row| row.number));
            events.extend(back.events);
        }
    }
    if freed.is_zero() {
        freed = ask_again(&mut writing, &row).await?;
    }
    match writing.tx.open_payment(payment.get()).await? {
        Some(open) => writing.set_open_payment(payment.get(), open.open_amount + freed.minor()).await?,
        None => {
            writing.reopen_payment(payment.get(), freed.minor(), &row.currency, Some("unassigned")).await?;
        }
    }
    if let Some(iban) = &row.payer_iban {
        let owners: BTreeSet<i64> = customers.iter().map(|(customer, _)| *customer).collect();
        for customer in owners {
            unlearn_iban(&mut writing, customer, iban).await?;
        }
    }
    wait(office, &mut writing, &row, Amount::from_minor(row.amount), customers).await?;
    decided(&mut writing, payment, "unassigned", &canonical(&json!({ "documents": numbers, "reason": reason })))
        .await?;
    writing.commit().await?;
    events.iter().for_each(|event| office.tell(run.today, event));
    Ok(numbers)
}

/// Has a payment wait again that was passed over. Returns its amount.
async fn ask_again(writing: &mut Writing<'_>, row: &PaymentRow) -> Result<Amount, JobError> {
    let payment = PaymentId::from(row.id);
    let last = writing.tx.latest_decision(Subject::payment(row.id)).await?;
    // Not a collective entry whose details are payments of their own.
    let passed_over = |last: &DecisionRow| match last.verdict.as_str() {
        "ignored" => last.rule == "owner",
        verdict => matches!(verdict, "ignore" | "own_transfer"),
    };
    if !last.as_ref().is_some_and(passed_over) {
        return Err(JobError::Refused(format!("nothing is assigned of {payment}")));
    }
    let amount = Amount::from_minor(row.amount);
    let source = MoneySource {
        payment,
        account: Account::by_name(&row.paid_into).unwrap_or(Account::Bank),
        currency: row.currency()?,
        value_on: row.value_on,
    };
    post(writing, &ledger::receive(source, amount, writing.today())).await?;
    Ok(amount)
}

/// Says that a payment concerns no receivable: it is asked about no more.
///
/// # Errors
/// When it is decided already.
pub async fn ignore(office: &Office, run: &Run, payment: PaymentId, reason: &str) -> Result<(), JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let (row, open) = undecided(&mut writing, payment).await?;
    if open.open_amount != row.amount {
        return Err(JobError::Refused(format!(
            "a part of {payment} is assigned; say `settled unassign {payment}` first"
        )));
    }
    book_back(&mut writing, &row).await?;
    writing.set_open_payment(payment.get(), 0).await?;
    let act = NewAct {
        kind: "ignore",
        subject: Subject::payment(payment.get()),
        from_on: run.today,
        until_on: None,
        reason: reason.to_owned(),
        model: None,
        ends: None,
        once_key: None,
    };
    writing.add_act(act).await?;
    decided(&mut writing, payment, "ignored", &canonical(&json!({ "reason": reason }))).await?;
    Ok(writing.commit().await?)
}
