//! From a document's model to what the template prints: every value as text, in the customer's language.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::qr_bill::QrBill;
use super::words::{Words, order_words, words};
use crate::customer::PaymentMeans;
use crate::invoice::{
    Buyer, DeductedDeposit, Document, DocumentKind, DocumentLine, DocumentModifier, InvoicePart, LineModifier,
    OfferedLine, PayTo, Seller, TaxCurrency,
};
use crate::items::VatCategory;
use crate::language::{Language, Place};
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
    let seller = &document.seller;
    let from = seller.address.country;
    let words = words(language, from);
    let word = title(document);
    let title = format!("{word} {}", document.number);
    json!({
        "language": language.code(),
        "region": language.region().unwrap_or(from.code()),
        "accent": style.accent,
        "meta": meta(&title, seller, document.issued_on, &[word, &document.number, &document.buyer.number]),
        "letterhead": { "name": seller.name, "lines": contact_lines(seller, words) },
        "return_line": return_line(seller),
        "address": address(&document.buyer, seller),
        "info": info(document, words),
        "heading": title,
        "subject": document.title,
        "head": words.table,
        "lines": lines(document, words),
        "carried_over": words.carried,
        "totals": totals(document, words),
        "total": [total_word(document, words), money(document, document.totals.payable)],
        "deductions": deductions(document),
        "notes": notes(document, words),
        "pay_by": pay_by(document, words),
        "pay": pay(document, words),
        "qr_bill": QrBill::of(document).map(|bill| bill.data(language)),
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

/// Returns what a document is called. "Gutschrift" is kept for self-billing by law (§ 14 (2) UStG).
fn title(document: &Document) -> &'static str {
    let say = |german, english| document.language.say(german, english);
    match (document.kind, document.part) {
        (DocumentKind::CreditNote, _) => say("Rechnungskorrektur", "Credit note"),
        (DocumentKind::Cancellation, _) => say("Stornorechnung", "Cancellation"),
        (DocumentKind::Invoice, InvoicePart::Deposit) => say("Anzahlungsrechnung", "Deposit invoice"),
        (DocumentKind::Invoice, InvoicePart::Partial) => say("Teilrechnung", "Partial invoice"),
        (DocumentKind::Invoice, InvoicePart::Final) => say("Schlussrechnung", "Final invoice"),
        (DocumentKind::Quote, _) if document.language == Language::De(Place::Switzerland) => "Offerte",
        (DocumentKind::Quote, _) => say("Angebot", "Quote"),
        (DocumentKind::Confirmation, _) => say("Auftragsbestätigung", "Order confirmation"),
        // A refund, a reminder or a withdrawal is set as a letter.
        (DocumentKind::Invoice, InvoicePart::Whole)
        | (DocumentKind::Refund | DocumentKind::Dunning | DocumentKind::Withdrawal, _) => {
            words(document.language, document.seller.address.country).invoice
        }
    }
}

/// Tells whether it only says what may be owed: an offer, or the confirmation of an order.
fn is_before(document: &Document) -> bool {
    matches!(document.kind, DocumentKind::Quote | DocumentKind::Confirmation)
}

fn total_word(document: &Document, words: &Words) -> &'static str {
    match document.kind {
        DocumentKind::Invoice => words.total,
        DocumentKind::Quote | DocumentKind::Confirmation => document.language.say("Gesamtbetrag", "Total"),
        DocumentKind::Cancellation => document.language.say("Stornierter Betrag", "Amount cancelled"),
        DocumentKind::CreditNote | DocumentKind::Refund | DocumentKind::Dunning | DocumentKind::Withdrawal => {
            words.credited
        }
    }
}

/// Tells whether the customer owes it; what corrects or cancels is set off.
fn is_owed(document: &Document) -> bool {
    document.kind.asks_for_payment()
}

fn info(document: &Document, words: &Words) -> Vec<[String; 2]> {
    let language = document.language;
    let [number, date] = match document.kind {
        DocumentKind::Quote if language == Language::De(Place::Switzerland) => ["Offertnummer", "Datum"],
        DocumentKind::Quote => [language.say("Angebotsnummer", "Quote number"), language.say("Datum", "Date")],
        DocumentKind::Confirmation => [language.say("Auftragsnummer", "Order number"), language.say("Datum", "Date")],
        DocumentKind::Invoice
        | DocumentKind::CreditNote
        | DocumentKind::Cancellation
        | DocumentKind::Refund
        | DocumentKind::Dunning
        | DocumentKind::Withdrawal => [words.number, words.date],
    };
    let mut rows = vec![
        [number.to_owned(), document.number.clone()],
        [date.to_owned(), language.day(document.issued_on)],
        [words.customer.to_owned(), document.buyer.number.clone()],
    ];
    rows.extend(service(document, words));
    if is_owed(document) {
        rows.push([words.due.to_owned(), language.day(document.due_on)]);
    }
    if document.kind == DocumentKind::Quote {
        rows.push([language.say("Gültig bis", "Valid until").to_owned(), language.day(document.due_on)]);
    }
    rows.extend(document.follows.iter().map(|followed| {
        let word = if followed.kind == DocumentKind::Quote {
            language.say("Zu Angebot", "Quote")
        } else {
            language.say("Zu Auftrag", "Order")
        };
        [word.to_owned(), format!("{}, {}", followed.number, language.day(followed.issued_on))]
    }));
    // What is deducted stands in a table of its own.
    let preceding = document.preceding.iter().filter(|_| document.deductions.is_empty());
    rows.extend(preceding.map(|preceding| {
        [words.refers_to.to_owned(), format!("{}, {}", preceding.number, language.day(preceding.issued_on))]
    }));
    // The customer knows an order by the numbers of its papers, not by its name in the book.
    let contract = document.contract.as_ref().filter(|_| document.follows.is_none() && !is_before(document));
    let optional = [
        (words.order, document.order_number.as_ref()),
        (words.buyer_reference, document.buyer_reference.as_ref()),
        (words.contract, contract),
        (words.their_vat_id, document.buyer.vat_id.as_ref()),
    ];
    rows.extend(optional.into_iter().filter_map(|(word, value)| value.map(|value| [word.to_owned(), value.clone()])));
    rows
}

/// When it was done; of a deposit when it is expected, where that is said; nothing before anything was done.
fn service(document: &Document, words: &Words) -> Option<[String; 2]> {
    let language = document.language;
    let (from, through) = (document.service_from, document.service_through);
    let word = match document.part {
        _ if is_before(document) => return None,
        InvoicePart::Deposit if through <= document.issued_on => return None,
        InvoicePart::Deposit => language.say("Leistung voraussichtlich", "Service expected"),
        InvoicePart::Whole | InvoicePart::Partial | InvoicePart::Final if from == through => words.service_day,
        InvoicePart::Whole | InvoicePart::Partial | InvoicePart::Final => words.service,
    };
    Some([word.to_owned(), language.period(from, through)])
}

/// The deposits that a final invoice deducts: number, day, net, tax, gross, when they were paid.
fn deductions(document: &Document) -> Option<Value> {
    let language = document.language;
    let row = |deposit: &DeductedDeposit| {
        let (net, tax): (Decimal, Decimal) =
            (deposit.vat.iter().map(|v| v.base).sum(), deposit.vat.iter().map(|v| v.tax).sum());
        let paid = deposit.paid_on.map_or_else(|| language.say("offen", "open").to_owned(), |day| language.day(day));
        [
            deposit.number.clone(),
            language.day(deposit.issued_on),
            language.number(net),
            language.number(tax),
            language.number(net + tax),
            paid,
        ]
    };
    let rows: Vec<[String; 6]> = document.deductions.iter().map(row).collect();
    (!rows.is_empty()).then(|| {
        let tax = words(language, document.seller.address.country).table[4];
        json!({
            "heading": language.say("Abgezogene Anzahlungsrechnungen", "Deposit invoices deducted"),
            "head": language.say(
                ["Rechnung", "vom", "Netto", tax, "Brutto", "Bezahlt am"],
                ["Invoice", "of", "Net", tax, "Gross", "Paid on"],
            ),
            "rows": rows,
        })
    })
}

/// The lines of the table; each with what it and those before come to, for the foot of a page and the head of the next.
fn lines(document: &Document, words: &Words) -> Vec<Value> {
    let mut sum = Decimal::ZERO;
    let lines = document.lines.iter().enumerate().map(|(place, line)| {
        sum += line.net;
        let mut shown = table_line(document, line, place, words);
        shown["carried"] = money(document, sum).into();
        shown
    });
    let mut lines: Vec<Value> = lines.collect();
    let counted = lines.len();
    let total = money(document, document.lines.iter().map(|line| line.net).sum());
    lines.extend(document.offered.iter().enumerate().map(|(place, offered)| {
        let mut shown = table_line(document, &offered.line, counted + place, words);
        shown["carried"] = total.clone().into();
        if let Some(description) = shown["description"].as_array_mut() {
            description.push(to_choose(offered, document.language).into());
        }
        shown
    }));
    lines
}

/// Says that a position counts only when it is chosen.
fn to_choose(offered: &OfferedLine, language: Language) -> String {
    match offered.instead_of {
        None => language
            .say("Auf Wunsch zusätzlich; nicht in der Summe enthalten", "Optional; not included in the total")
            .to_owned(),
        Some(place) => language.say(
            format!("Auf Wunsch statt Pos. {place}; nicht in der Summe enthalten"),
            format!("On request instead of no. {place}; not included in the total"),
        ),
    }
}

fn table_line(document: &Document, line: &DocumentLine, place: usize, words: &Words) -> Value {
    let language = document.language;
    let one = line.quantity.abs() == Decimal::ONE;
    let quantity = format!("{} {}", language.number(line.quantity.normalize()), line.unit.word(language, one));
    let mut price = language.number(at_least_cents(line.unit_price, document));
    if line.base_quantity != Decimal::ONE {
        let base = language.number(line.base_quantity.normalize());
        price = format!("{price} {} {base} {}", words.per, line.unit.word(language, false));
    }
    let mut description: Vec<String> = line.description.iter().cloned().collect();
    // A cancellation takes off less than nothing.
    let with_sign = |sign: &str, amount: Decimal| format!("{sign}{}", language.number(amount.abs()));
    let off = |amount: Decimal| with_sign(if amount.is_sign_negative() { "+" } else { "−" }, amount);
    let on = |amount: Decimal| with_sign(if amount.is_sign_negative() { "−" } else { "+" }, amount);
    if let Some(allowance) = line.allowance {
        let percent = language.number(allowance.percent.normalize());
        description.push(format!("{percent} % {}: {}", words.discount, off(allowance.amount)));
    }
    let named = |m: &LineModifier, amount: String| {
        format!("{}: {amount}", with_percent(&m.reason, (m.percent, m.base), language, words))
    };
    description.extend(line.allowances.iter().map(|m| named(m, off(m.amount))));
    description.extend(line.charges.iter().map(|m| named(m, on(m.amount))));
    let has_orders = document.lines.iter().any(|line| line.order_number.is_some());
    if has_orders || line.order_line.is_some() {
        let order = line.order_number.as_ref().or(document.order_number.as_ref());
        description.push(order_words(order.map(String::as_str), line.order_line.as_deref(), language));
    }
    if let Some((from, through)) = line.service {
        description.push(language.period(from, through));
    }
    let rate = match line.vat.category {
        VatCategory::S | VatCategory::Z => format!("{} %", language.number(line.vat.rate.normalize())),
        VatCategory::AE | VatCategory::E | VatCategory::G | VatCategory::K | VatCategory::O => "–".to_owned(),
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
    let sums = &document.totals;
    let row = |name: &str, amount: Decimal| [name.to_owned(), money(document, amount)];
    let mut rows = Vec::new();
    if !document.allowances.is_empty() || !document.charges.is_empty() {
        rows.push(row(words.lines, document.lines.iter().map(|line| line.net).sum()));
        rows.extend(document.allowances.iter().map(|m| modifier(document, m, -m.amount, words)));
        rows.extend(document.charges.iter().map(|m| modifier(document, m, m.amount, words)));
    }
    rows.push(row(words.net, sums.net));
    let taxed = document.vat.iter().filter(|v| matches!(v.vat.category, VatCategory::S | VatCategory::Z));
    rows.extend(taxed.map(|v| {
        let rate = language.number(v.vat.rate.normalize());
        row(&format!("{rate} {} {}", words.vat_on, language.number(v.base)), v.tax)
    }));
    if let Some(tax) = &document.tax_currency {
        rows.push([
            vat_in(document, tax, words),
            language.with_currency(&language.number(tax.vat), tax.currency.code()),
        ]);
    }
    if !sums.prepaid.is_zero() || !sums.rounding.is_zero() {
        rows.push(row(words.gross, sums.gross));
    }
    if !sums.prepaid.is_zero() {
        rows.push(row(words.paid, -sums.prepaid));
    }
    if !sums.rounding.is_zero() {
        rows.push(row(words.rounding, sums.rounding));
    }
    rows
}

/// Says in whose currency the VAT is told again, and at which rate.
fn vat_in(document: &Document, tax: &TaxCurrency, words: &Words) -> String {
    let language = document.language;
    let rate = tax.rate.as_ref().map(|rate| {
        let number = language.number(rate.rate.normalize());
        let (one, day) = (document.currency.code(), language.day(rate.from));
        format!(" (1 {one} = {number} {}, {} {day})", tax.currency.code(), rate.source)
    });
    format!("{}{}", words.vat_in, rate.unwrap_or_default())
}

/// An allowance or a charge of the whole document, with what its percent are of.
fn modifier(document: &Document, modifier: &DocumentModifier, amount: Decimal, words: &Words) -> [String; 2] {
    let language = document.language;
    let mut name = with_percent(&modifier.reason, (modifier.percent, modifier.base), language, words);
    // An amount is split over the rates; its parts are told by them.
    if document.vat.len() > 1 && modifier.percent.is_none() {
        name = format!("{name} ({} % {})", language.number(modifier.vat.rate.normalize()), words.table[4]);
    }
    [name, money(document, amount)]
}

/// Says why something is taken off or added, with what its percent are of.
fn with_percent(reason: &str, share: (Option<Decimal>, Option<Decimal>), language: Language, words: &Words) -> String {
    let (Some(percent), Some(base)) = share else { return reason.to_owned() };
    let (percent, base) = (language.number(percent.normalize()), language.number(base));
    format!("{reason} ({percent} % {} {base})", words.share_of)
}

fn notes(document: &Document, words: &Words) -> Vec<String> {
    let language = document.language;
    let country = document.seller.address.country;
    let reasons = document.vat.iter().filter_map(|v| v.exemption_reason(country, language));
    let exempt = reasons.map(|reason| format!("{reason}."));
    let early = document.discounts.iter().map(|discount| {
        let (percent, until, pay) = (
            language.number(discount.percent.normalize()),
            language.day(discount.until),
            money(document, discount.pay),
        );
        match language {
            Language::De(_) => {
                format!("Bei Zahlung bis zum {until} gewähren wir {percent} % Skonto; zu zahlen sind dann {pay}.")
            }
            Language::En => format!("If you pay by {until} you may deduct {percent} %; the amount is then {pay}."),
        }
    });
    let default = document.default_notice.then(|| words.default_notice.to_owned());
    let note = document.note.iter().cloned();
    let enclosed = enclosed(document, words);
    let thanks = match document.kind {
        DocumentKind::Invoice | DocumentKind::Confirmation => Some(words.thanks.to_owned()),
        DocumentKind::Quote => {
            Some(language.say("Wir freuen uns auf Ihren Auftrag.", "We look forward to your order.").to_owned())
        }
        DocumentKind::CreditNote
        | DocumentKind::Cancellation
        | DocumentKind::Refund
        | DocumentKind::Dunning
        | DocumentKind::Withdrawal => None,
    };
    exempt.chain(early).chain(default).chain(note).chain(enclosed).chain(thanks).collect()
}

/// Names the files that come with it.
fn enclosed(document: &Document, words: &Words) -> Option<String> {
    let named = document.attachments.iter().map(|file| match &file.description {
        Some(description) => format!("{description} ({})", file.name),
        None => file.name.clone(),
    });
    let named: Vec<String> = named.collect();
    (!named.is_empty()).then(|| format!("{}: {}", words.enclosed, named.join(", ")))
}

/// How and when it is paid.
fn pay_by(document: &Document, words: &Words) -> String {
    let language = document.language;
    let due_on = language.day(document.due_on);
    match document.payment_means {
        _ if document.kind == DocumentKind::Quote => {
            language.say(format!("Das Angebot gilt bis zum {due_on}."), format!("This quote is valid until {due_on}."))
        }
        _ if document.kind == DocumentKind::Confirmation => language
            .say(
                "Zu zahlen ist erst auf unsere Rechnung; bitte überweisen Sie noch nichts.",
                "You pay on our invoice; please do not transfer anything yet.",
            )
            .to_owned(),
        _ if !is_owed(document) => words.set_off.to_owned(),
        _ if document.totals.payable.is_zero() => words.nothing_due.to_owned(),
        PaymentMeans::Transfer => format!("{} {due_on}", words.pay_by),
        PaymentMeans::DirectDebit => format!("{} {due_on}", words.collected),
        PaymentMeans::Prepaid => words.prepaid.to_owned(),
    }
}

/// Where to transfer it; nothing where nobody is to.
fn pay(document: &Document, words: &Words) -> Vec<[String; 2]> {
    if !document.payment_means.is_transfer() || !is_owed(document) || document.totals.payable.is_zero() {
        return Vec::new();
    }
    // All else stands on the payment part of the QR-bill.
    if QrBill::of(document).is_some() {
        return vec![[words.amount.to_owned(), money(document, document.totals.payable)]];
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
    let language = document.language;
    language.with_currency(&language.number(amount), document.currency.code())
}
