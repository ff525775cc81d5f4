//! What templates can say: every value as text, in the customer's language.

use chrono::NaiveDate;
use serde::Serialize;

use crate::customer::{Customer, PaymentMeans};
use crate::dunning::{DunningLetter, InterestRule, LetterItem};
use crate::invoice::{Document, Seller};
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::party::one_line;
use crate::reference::CreditorReference;

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sender {
    /// The business.
    pub name: String,
    /// Whom to ask.
    pub contact: Option<String>,
    /// The address on one line.
    pub address: String,
    /// The telephone number.
    pub phone: Option<String>,
}

impl Sender {
    /// Makes the sender of a document's seller.
    pub fn of(seller: &Seller) -> Sender {
        let address = &seller.address;
        Sender {
            name: seller.name.clone(),
            contact: seller.contact.name.clone(),
            address: format!("{}, {} {}", address.street, address.postcode, address.city),
            phone: seller.contact.phone.clone(),
        }
    }
}

/// What the mail with an invoice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvoiceContext {
    /// The invoice's number.
    pub number: String,
    /// The amount with its currency.
    pub total: String,
    /// How it begins, without comma.
    pub greeting: String,
    /// What the invoice is about.
    pub title: Option<String>,
    /// The service period.
    pub service: String,
    /// The day on which it is due.
    pub due_on: String,
    /// Amount, due date, reference, account.
    pub rows: Vec<[String; 2]>,
    /// Whether the customer is to transfer.
    pub asks_for_payment: bool,
    /// Whether the business collects the amount; neither: it was paid in advance.
    pub is_collected: bool,
    /// Who writes.
    pub sender: Sender,
}

/// Makes the context of an invoice's mail.
pub fn invoice(document: &Document, customer: &Customer) -> InvoiceContext {
    let language = document.language;
    let total = document.payable().with_currency(document.currency, language);
    let words = match language {
        Language::De => ["Rechnungsbetrag", "Fällig am", "IBAN", "Verwendungszweck"],
        Language::En => ["Total", "Due on", "IBAN", "Payment reference"],
    };
    let asks = customer.payment_means == PaymentMeans::Transfer;
    let mut rows = vec![[words[0].to_owned(), total.clone()], [words[1].to_owned(), language.day(document.due_on)]];
    if asks {
        rows.push([words[2].to_owned(), document.pay_to.iban.grouped()]);
        rows.push([words[3].to_owned(), grouped(&document.pay_to.reference)]);
    }
    InvoiceContext {
        number: document.number.clone(),
        total,
        greeting: greeting(customer, language),
        title: document.title.as_deref().map(one_line),
        service: language.period(document.service_from, document.service_through),
        due_on: language.day(document.due_on),
        rows,
        asks_for_payment: asks,
        is_collected: customer.payment_means == PaymentMeans::DirectDebit,
        sender: Sender::of(&document.seller),
    }
}

/// What a reminder or dunning letter says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DunningContext {
    /// "Rechnung RE-1", or "Rechnungen RE-1 und RE-2".
    pub subject_invoices: String,
    /// What is to be paid, with its currency.
    pub total: String,
    /// How it begins, without comma.
    pub greeting: String,
    /// The amounts, a line each, the sum last.
    pub rows: Vec<[String; 2]>,
    /// The day up to which payments are considered.
    pub covered_through: Option<String>,
    /// The day by which to pay.
    pub deadline: String,
    /// Where to pay.
    pub pay: Vec<[String; 2]>,
    /// Whether the invoices are attached again.
    pub attached: bool,
    /// Who writes.
    pub sender: Sender,
}

/// An invoice in a letter, with all that the letter says of it.
#[derive(Debug, Clone)]
pub struct DunningItem<'a> {
    /// The invoice.
    pub document: &'a Document,
    /// Its amounts.
    pub item: &'a LetterItem,
    /// The rule for its interest.
    pub interest: Option<&'a InterestRule>,
    /// The day on which it was due (D1).
    pub due_on: NaiveDate,
}

/// Makes the context of a reminder or dunning letter.
///
/// # Panics
/// When the letter has no items.
pub fn dunning(letter: &DunningLetter, items: &[DunningItem<'_>], customer: &Customer) -> DunningContext {
    let first = items.first().expect("a letter has items").document;
    let language = customer.language;
    let money = |amount: Amount| amount.with_currency(letter.currency, language);
    let numbers: Vec<&str> = items.iter().map(|item| item.document.number.as_str()).collect();
    let mut rows: Vec<[String; 2]> = items.iter().flat_map(|item| amounts(item, letter.currency, language)).collect();
    let to_pay = match language {
        Language::De => "Zu zahlen",
        Language::En => "To be paid",
    };
    rows.push([to_pay.to_owned(), money(letter.total())]);
    let (holder, reference) = match language {
        Language::De => ("Empfänger", "Verwendungszweck"),
        Language::En => ("Payee", "Payment reference"),
    };
    let quote = if let [only] = items { grouped(&only.document.pay_to.reference) } else { numbers.join(", ") };
    let mut pay =
        vec![[holder.to_owned(), first.pay_to.holder.clone()], ["IBAN".to_owned(), first.pay_to.iban.grouped()]];
    pay.extend(first.pay_to.bic.clone().map(|bic| ["BIC".to_owned(), bic]));
    pay.push([reference.to_owned(), quote]);
    DunningContext {
        subject_invoices: named(&numbers, language),
        total: money(letter.total()),
        greeting: greeting(customer, language),
        rows,
        covered_through: letter.covered_through.map(|day| language.day(day)),
        deadline: language.day(letter.deadline_on),
        pay,
        attached: true,
        sender: Sender::of(&first.seller),
    }
}

/// The amounts of one invoice: what it was over, what was paid, interest and costs each on a line of its own.
fn amounts(item: &DunningItem<'_>, currency: Currency, language: Language) -> Vec<[String; 2]> {
    let document = item.document;
    let money = |amount: Amount| amount.with_currency(currency, language);
    let (issued, due) = (language.day(document.issued_on), language.day(item.due_on));
    let label = match language {
        Language::De => format!("Rechnung {} vom {issued}, fällig am {due}", document.number),
        Language::En => format!("Invoice {} of {issued}, due on {due}", document.number),
    };
    let paid = document.payable() - item.item.principal;
    let mut rows = vec![[label, money(document.payable())]];
    if !paid.is_zero() {
        let words = match language {
            Language::De => "bereits bezahlt oder gutgeschrieben",
            Language::En => "paid or credited before",
        };
        rows.push([words.to_owned(), money(-paid)]);
    }
    if item.item.interest.is_positive() {
        rows.push([interest_label(item, language), money(item.item.interest)]);
    }
    if item.item.costs.is_positive() {
        let words = match language {
            Language::De => "Mahnkosten",
            Language::En => "Dunning costs",
        };
        rows.push([words.to_owned(), money(item.item.costs)]);
    }
    rows
}

/// "Verzugszinsen 10,27 % vom 27.01.2026 bis 23.02.2026 (§ 288 Abs. 2 BGB)": rate, days and legal basis.
fn interest_label(item: &DunningItem<'_>, language: Language) -> String {
    let spans = &item.item.accrual.spans;
    let mut rates: Vec<String> = spans.iter().map(|span| language.number(span.rate.normalize())).collect();
    rates.dedup();
    let rates = rates.join(" / ");
    let from = spans.first().map(|span| language.day(span.from)).unwrap_or_default();
    let through = spans.last().map(|span| language.day(span.through)).unwrap_or_default();
    let basis =
        item.interest.and_then(|rule| rule.regime.legal_basis()).map(|basis| format!(" ({basis})")).unwrap_or_default();
    match language {
        Language::De => format!("Verzugszinsen {rates} % vom {from} bis {through}{basis}"),
        Language::En => format!("Default interest {rates} % from {from} to {through}{basis}"),
    }
}

fn named(numbers: &[&str], language: Language) -> String {
    let (one, many, and) = match language {
        Language::De => ("Rechnung", "Rechnungen", "und"),
        Language::En => ("invoice", "invoices", "and"),
    };
    match numbers {
        [only] => format!("{one} {only}"),
        [others @ .., last] if others.len() < 4 => format!("{many} {} {and} {last}", others.join(", ")),
        all => format!("{} {many}", all.len()),
    }
}

fn greeting(customer: &Customer, language: Language) -> String {
    let own = customer.contact.as_ref().and_then(|contact| contact.greeting.as_deref()).map(one_line);
    own.unwrap_or_else(|| {
        match language {
            Language::De => "Guten Tag",
            Language::En => "Hello",
        }
        .to_owned()
    })
}

fn grouped(reference: &str) -> String {
    CreditorReference::parse(reference).map_or_else(|| reference.to_owned(), |reference| reference.grouped())
}
