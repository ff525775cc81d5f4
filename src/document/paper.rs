//! From a document's model to what the template prints: every value as text, in the customer's language.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::words::{Words, words};
use crate::customer::PaymentMeans;
use crate::invoice::{Buyer, Document, DocumentLine, PayTo, Seller};
use crate::items::VatCategory;
use crate::language::Language;
use crate::reference::CreditorReference;

/// How the paper of a business looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Style {
    /// The colour of rules and the heading, `#0b5c8a`.
    pub accent: String,
}

impl Default for Style {
    fn default() -> Self {
        Style { accent: "#1f4e5f".to_owned() }
    }
}

/// Makes the data of the template `invoice.typ`.
pub fn data(document: &Document, style: &Style) -> Value {
    let language = document.language;
    let words = words(language);
    let seller = &document.seller;
    let from = seller.address.country;
    let title = format!("{} {}", words.invoice, document.number);
    json!({
        "language": language.code(),
        "region": from.code(),
        "accent": style.accent,
        "meta": meta(&title, seller, document.issued_on, &[words.invoice, &document.number, &document.buyer.number]),
        "letterhead": { "name": seller.name, "lines": contact_lines(seller, words) },
        "return_line": return_line(seller),
        "address": address(&document.buyer, seller),
        "info": info(document, words),
        "heading": title,
        "subject": document.title,
        "head": words.table,
        "lines": document.lines.iter().enumerate().map(|(place, line)| table_line(document, line, place, words)).collect::<Vec<_>>(),
        "totals": totals(document, words),
        "total": [words.total, money(document, document.totals.payable)],
        "notes": notes(document, words),
        "pay_by": pay_by(document, words),
        "pay": pay(document, words),
        "scan": words.scan,
        "footer": footer(seller, Some(&document.pay_to), words),
        "page": words.page,
        "of": words.of,
    })
}

/// What a PDF says of itself.
pub(super) fn meta(title: &str, seller: &Seller, dated_on: NaiveDate, keywords: &[&str]) -> Value {
    json!({
        "title": title, "author": seller.name, "year": dated_on.year(), "month": dated_on.month(), "day": dated_on.day(),
        "keywords": keywords,
    })
}

/// The lines of the address window.
pub(super) fn address(buyer: &Buyer, seller: &Seller) -> Vec<String> {
    let mut address = vec![buyer.name.clone()];
    address.extend(buyer.contact.clone());
    address.extend(buyer.address.lines(seller.address.country));
    address
}

/// The line above the address, which tells the post where the letter comes from.
pub(super) fn return_line(seller: &Seller) -> String {
    let place = format!("{} {}", seller.address.postcode, seller.address.city);
    [&seller.name, &seller.address.street, &place].map(String::as_str).join(" · ")
}

/// How to reach the business, at the top of the letter.
pub(super) fn contact_lines(seller: &Seller, words: &Words) -> Vec<String> {
    let contact = &seller.contact;
    let phone = contact.phone.as_ref().map(|phone| format!("{} {phone}", words.phone));
    [contact.name.clone(), phone, Some(contact.email.to_string()), contact.web.clone()].into_iter().flatten().collect()
}

fn info(document: &Document, words: &Words) -> Vec<[String; 2]> {
    let language = document.language;
    let service = if document.service_from == document.service_through { words.service_day } else { words.service };
    let mut rows = vec![
        [words.number.to_owned(), document.number.clone()],
        [words.date.to_owned(), language.day(document.issued_on)],
        [words.customer.to_owned(), document.buyer.number.clone()],
        [service.to_owned(), language.period(document.service_from, document.service_through)],
        [words.due.to_owned(), language.day(document.due_on)],
    ];
    let optional = [
        (words.order, &document.order_number),
        (words.buyer_reference, &document.buyer_reference),
        (words.contract, &document.contract),
        (words.their_vat_id, &document.buyer.vat_id),
    ];
    rows.extend(optional.into_iter().filter_map(|(word, value)| value.clone().map(|value| [word.to_owned(), value])));
    rows
}

fn table_line(document: &Document, line: &DocumentLine, place: usize, words: &Words) -> Value {
    let language = document.language;
    let one = line.quantity == Decimal::ONE;
    let quantity = format!("{} {}", language.number(line.quantity.normalize()), line.unit.word(language, one));
    let mut price = language.number(at_least_cents(line.unit_price, document));
    if line.base_quantity != Decimal::ONE {
        let base = language.number(line.base_quantity.normalize());
        price = format!("{price} {} {base} {}", words.per, line.unit.word(language, false));
    }
    let mut description: Vec<String> = line.description.iter().cloned().collect();
    if let Some(allowance) = line.allowance {
        let percent = language.number(allowance.percent.normalize());
        description.push(format!("{percent} % {}: −{}", words.discount, language.number(allowance.amount)));
    }
    let rate = match line.vat.category {
        VatCategory::S | VatCategory::Z => format!("{} %", language.number(line.vat.rate.normalize())),
        _ => "–".to_owned(),
    };
    json!({
        "place": (place + 1).to_string(), "name": line.name, "description": description, "quantity": quantity, "price": price,
        "vat": rate, "amount": language.number(line.net),
    })
}

/// A price with as many decimals as it needs, and the currency's at least.
fn at_least_cents(price: Decimal, document: &Document) -> Decimal {
    let mut price = price.normalize();
    if price.scale() < document.currency.exponent() {
        price.rescale(document.currency.exponent());
    }
    price
}

fn totals(document: &Document, words: &Words) -> Vec<[String; 2]> {
    let language = document.language;
    let taxed = document.vat.iter().filter(|v| matches!(v.vat.category, VatCategory::S | VatCategory::Z));
    let vat = taxed.map(|v| {
        let rate = language.number(v.vat.rate.normalize());
        [format!("{rate} {} {}", words.vat_on, language.number(v.base)), money(document, v.tax)]
    });
    std::iter::once([words.net.to_owned(), money(document, document.totals.net)]).chain(vat).collect()
}

fn notes(document: &Document, words: &Words) -> Vec<String> {
    let language = document.language;
    let exempt = document.vat.iter().filter_map(|v| v.exemption_reason(language)).map(|reason| format!("{reason}."));
    let early = document.discounts.iter().map(|discount| {
        let (percent, until, pay) = (
            language.number(discount.percent.normalize()),
            language.day(discount.until),
            money(document, discount.pay),
        );
        match language {
            Language::De => {
                format!("Bei Zahlung bis zum {until} gewähren wir {percent} % Skonto; zu zahlen sind dann {pay}.")
            }
            Language::En => format!("If you pay by {until} you may deduct {percent} %; the amount is then {pay}."),
        }
    });
    let note = document.note.iter().cloned();
    exempt.chain(early).chain(note).chain([words.thanks.to_owned()]).collect()
}

/// How and when it is paid.
fn pay_by(document: &Document, words: &Words) -> String {
    let due_on = document.language.day(document.due_on);
    match document.payment_means {
        PaymentMeans::Transfer => format!("{} {due_on}", words.pay_by),
        PaymentMeans::DirectDebit => format!("{} {due_on}", words.collected),
        PaymentMeans::Prepaid => words.prepaid.to_owned(),
    }
}

/// Where to transfer it; nothing where nobody is to.
fn pay(document: &Document, words: &Words) -> Vec<[String; 2]> {
    if !document.payment_means.is_transfer() {
        return Vec::new();
    }
    let pay_to = &document.pay_to;
    let reference =
        CreditorReference::parse(&pay_to.reference).map_or_else(|| pay_to.reference.clone(), |r| r.grouped());
    let mut rows = vec![[words.holder.to_owned(), pay_to.holder.clone()], ["IBAN".to_owned(), pay_to.iban.grouped()]];
    rows.extend(pay_to.bic.clone().map(|bic| ["BIC".to_owned(), bic]));
    rows.push([words.amount.to_owned(), money(document, document.totals.payable)]);
    rows.push([words.reference.to_owned(), reference]);
    rows
}

/// The columns of the footer: who, tax and register, bank.
pub(super) fn footer(seller: &Seller, pay_to: Option<&PayTo>, words: &Words) -> Vec<Vec<String>> {
    let mut who = vec![seller.name.clone()];
    who.extend(seller.address.lines(seller.address.country));
    let vat_id = seller.vat_id.as_ref().map(|id| format!("{} {id}", words.vat_id));
    let tax_number = seller.tax_number.as_ref().map(|number| format!("{} {number}", words.tax_number));
    let tax: Vec<String> = vat_id.into_iter().chain(tax_number).chain(seller.legal.iter().cloned()).collect();
    let bank = pay_to.map_or_else(Vec::new, |pay_to| {
        let bic = pay_to.bic.as_ref().map(|bic| format!("BIC {bic}"));
        [pay_to.holder.clone(), format!("IBAN {}", pay_to.iban.grouped())].into_iter().chain(bic).collect()
    });
    vec![who, tax, bank]
}

fn money(document: &Document, amount: Decimal) -> String {
    format!("{} {}", document.language.number(amount), document.currency)
}
