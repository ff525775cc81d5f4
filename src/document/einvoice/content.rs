//! What an e-invoice says, whatever its syntax: codes, addresses and texts that follow from the document.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rust_decimal::Decimal;

use super::version::Version;
use crate::customer::PaymentMeans;
use crate::document::words::order_words;
use crate::invoice::{
    Attachment, Buyer, Document, DocumentKind, DocumentLine, DocumentVat, EInvoiceFormat, InvoicePart, Mandate, Seller,
};
use crate::items::{Discount, Vat, VatCategory};
use crate::money::Currency;

/// The bytes of attachments by their hash.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A document, as which edition it is written, and the bytes of its attachments.
pub(super) struct Content<'a> {
    pub(super) document: &'a Document,
    pub(super) version: Version,
    pub(super) files: &'a Files,
}

/// An electronic address: scheme and address (BT-34, BT-49).
pub(super) type Endpoint<'a> = (&'a str, &'a str);

/// An allowance or a charge as both syntaxes write it.
pub(super) struct Modified<'a> {
    /// Whether it adds.
    pub(super) charge: bool,
    pub(super) amount: Decimal,
    pub(super) percent: Option<Decimal>,
    pub(super) base: Option<Decimal>,
    /// UNCL 5189 of an allowance (BT-98, BT-140), where 95 is a discount; UNCL 7161 of a charge (BT-105, BT-145).
    pub(super) code: Option<&'a str>,
    pub(super) reason: &'a str,
    /// Its VAT; on a line that of the line.
    pub(super) vat: Option<Vat>,
}

impl<'a> Content<'a> {
    /// What it is (BT-3, rule K13). XRechnung warns of 386 (BR-DE-17).
    pub(super) fn type_code(&self) -> &'static str {
        let document = self.document;
        match (document.kind, document.part) {
            (DocumentKind::CreditNote, _) => "381",
            (DocumentKind::Cancellation, _) => "384",
            (DocumentKind::Invoice, InvoicePart::Deposit) if document.e_invoice == Some(EInvoiceFormat::Zugferd) => {
                "386"
            }
            (DocumentKind::Invoice, InvoicePart::Deposit | InvoicePart::Partial) => "326",
            // A refund, a letter, a quote or a confirmation is no e-invoice.
            (DocumentKind::Invoice, InvoicePart::Whole | InvoicePart::Final)
            | (
                DocumentKind::Refund
                | DocumentKind::Dunning
                | DocumentKind::Withdrawal
                | DocumentKind::Quote
                | DocumentKind::Confirmation,
                _,
            ) => "380",
        }
    }

    /// Notes (BT-22): what it is about, and what the owner adds.
    pub(super) fn notes(&self) -> impl Iterator<Item = &'a str> {
        self.document.title.iter().chain(&self.document.note).map(String::as_str)
    }

    /// Tells whether nothing is subject to VAT: then no VAT id may be named (BR-O-02).
    fn is_outside(&self) -> bool {
        self.document.vat.iter().any(|v| v.vat.category == VatCategory::O)
    }

    /// The VAT id of the seller (BT-31).
    pub(super) fn seller_vat_id(&self) -> Option<&'a str> {
        self.document.seller.vat_id.as_deref().filter(|_| !self.is_outside())
    }

    /// The VAT id of the buyer (BT-48).
    pub(super) fn buyer_vat_id(&self) -> Option<&'a str> {
        self.document.buyer.vat_id.as_deref().filter(|_| !self.is_outside())
    }

    /// What tells the seller from others where no VAT id does (BT-29, BR-CO-26): the tax number.
    pub(super) fn seller_id(&self) -> Option<&'a str> {
        let seller = &self.document.seller;
        seller.tax_number.as_deref().filter(|_| self.seller_vat_id().is_none() && seller.register.is_none())
    }

    /// Where the seller receives e-invoices (BT-34): at the e-mail address where nothing else is said.
    pub(super) fn seller_endpoint(&self) -> Endpoint<'a> {
        let Seller { electronic_address, contact, .. } = &self.document.seller;
        electronic_address.as_ref().map_or(("EM", contact.email.as_str()), |at| (&at.scheme, &at.id))
    }

    /// Where the buyer receives e-invoices (BT-49).
    pub(super) fn buyer_endpoint(&self) -> Option<Endpoint<'a>> {
        let Buyer { electronic_address, .. } = &self.document.buyer;
        electronic_address.as_ref().map(|at| (at.scheme.as_str(), at.id.as_str()))
    }

    /// How it is paid (BT-81, UNCL 4461). What is owed to the customer is set off.
    pub(super) fn payment_code(&self) -> &'static str {
        let document = self.document;
        match document.payment_means {
            _ if !document.kind.asks_for_payment() => "97",
            PaymentMeans::Transfer if document.currency == Currency::EUR => "58",
            PaymentMeans::Transfer => "30",
            PaymentMeans::DirectDebit => "59",
            PaymentMeans::Prepaid => "1",
        }
    }

    /// Tells whether the account to pay to is named (BG-17).
    pub(super) fn names_account(&self) -> bool {
        self.document.kind.asks_for_payment() && self.document.payment_means.is_transfer()
    }

    /// What allows to collect it (BG-19).
    pub(super) fn mandate(&self) -> Option<&'a Mandate> {
        self.document.mandate.as_ref().filter(|_| self.payment_code() == "59")
    }

    /// The terms (BT-20): discounts in the form that machines read, each closed by a line feed (BR-DE-18).
    pub(super) fn terms(&self) -> String {
        let lines = self.document.discounts.iter().map(|early| {
            let discount = Discount { days: early.days, percent: early.percent };
            format!("{}\n", discount.bt_20())
        });
        lines.collect()
    }

    /// The day on which it is to be paid (BT-9); nothing is to be paid of what is owed to the customer.
    pub(super) fn is_due(&self) -> bool {
        self.document.kind.asks_for_payment()
    }

    /// Whether the service lasts longer than its last day (BG-14).
    pub(super) fn lasts(&self) -> bool {
        self.document.service_from < self.document.service_through
    }

    /// Tells whether goods go to another member state, whose country must be named (BT-80, BR-IC-12).
    pub(super) fn delivers_abroad(&self) -> bool {
        self.document.vat.iter().any(|v| v.vat.category == VatCategory::K)
    }

    /// Sum of the lines (BT-106).
    pub(super) fn line_total(&self) -> Decimal {
        self.document.lines.iter().map(|line| line.net).sum::<Decimal>() + self.zero()
    }

    /// Sum of the allowances (BT-107); nothing where there are none.
    pub(super) fn allowance_total(&self) -> Option<Decimal> {
        let allowances = &self.document.allowances;
        (!allowances.is_empty()).then(|| allowances.iter().map(|m| m.amount).sum())
    }

    /// Sum of the charges (BT-108); nothing where there are none.
    pub(super) fn charge_total(&self) -> Option<Decimal> {
        let charges = &self.document.charges;
        (!charges.is_empty()).then(|| charges.iter().map(|m| m.amount).sum())
    }

    /// Nothing, with as many decimals as the currency has.
    fn zero(&self) -> Decimal {
        Decimal::new(0, self.document.currency.exponent())
    }

    /// Why there is no tax: code and words (BT-121, BT-120).
    pub(super) fn exemption(&self, vat: &'a DocumentVat) -> Option<(Option<&'static str>, &'a str)> {
        let code = match vat.vat.category {
            VatCategory::AE => Some("VATEX-EU-AE"),
            VatCategory::K => Some("VATEX-EU-IC"),
            VatCategory::G => Some("VATEX-EU-G"),
            VatCategory::O => Some("VATEX-EU-O"),
            VatCategory::E | VatCategory::S | VatCategory::Z => None,
        };
        vat.exemption_reason(self.document.seller.address.country, self.document.language).map(|reason| (code, reason))
    }

    /// Allowances and charges of the whole document (BG-20, BG-21).
    pub(super) fn modified(&self) -> impl Iterator<Item = Modified<'a>> {
        let allowances = self.document.allowances.iter().map(|m| (false, m));
        let charges = self.document.charges.iter().map(|m| (true, m));
        allowances.chain(charges).map(|(charge, m)| Modified {
            charge,
            amount: m.amount,
            percent: m.percent,
            base: m.base,
            code: m.code.as_deref(),
            reason: &m.reason,
            vat: Some(m.vat),
        })
    }

    /// Allowances and charges of a line (BG-27, BG-28).
    pub(super) fn modified_line(&self, line: &'a DocumentLine) -> impl Iterator<Item = Modified<'a>> {
        let taken = line.allowances.iter().map(|m| m.amount).sum::<Decimal>();
        let added = line.charges.iter().map(|m| m.amount).sum::<Decimal>();
        let discount = line.allowance.map(|allowance| Modified {
            charge: false,
            amount: allowance.amount,
            percent: Some(allowance.percent),
            base: Some(line.net + allowance.amount + taken - added),
            code: Some("95"),
            reason: self.document.language.say("Rabatt", "Discount"),
            vat: None,
        });
        let allowances = line.allowances.iter().map(|m| (false, m));
        let charges = line.charges.iter().map(|m| (true, m));
        discount.into_iter().chain(allowances.chain(charges).map(|(charge, m)| Modified {
            charge,
            amount: m.amount,
            percent: m.percent,
            base: m.base,
            code: m.code.as_deref(),
            reason: &m.reason,
            vat: None,
        }))
    }

    /// The line of the document's order that a line belongs to (BT-132).
    pub(super) fn order_line(&self, line: &'a DocumentLine) -> Option<&'a str> {
        let is_of_document = line.order_number.is_none() && self.document.order_number.is_some();
        line.order_line.as_deref().filter(|_| is_of_document)
    }

    /// A note on a line (BT-127): the order that it belongs to, where that is not the document's. EN 16931 has room for one.
    pub(super) fn order_note(&self, line: &DocumentLine) -> Option<String> {
        let is_said = self.order_line(line).is_some() || (line.order_number.is_none() && line.order_line.is_none());
        (!is_said)
            .then(|| order_words(line.order_number.as_deref(), line.order_line.as_deref(), self.document.language))
    }

    /// Attachments with their bytes in base 64 (BG-24). One whose bytes are missing is not named; issuing sees to it that none is.
    pub(super) fn attachments(&self) -> impl Iterator<Item = (&'a Attachment, String)> {
        let files = self.files;
        let with_bytes =
            move |attached: &'a Attachment| files.get(&attached.sha256).map(|bytes| (attached, STANDARD.encode(bytes)));
        self.document.attachments.iter().filter_map(with_bytes)
    }

    /// The rate of a group (BT-119); XRechnung wants one of what has none, too (BR-DE-14).
    pub(super) fn group_rate(&self, vat: Vat) -> Option<String> {
        let of_xrechnung = self.document.e_invoice.is_some_and(EInvoiceFormat::is_xrechnung).then(|| number(vat.rate));
        self.rate(vat).or(of_xrechnung)
    }

    /// The rate (BT-152); what is not subject to VAT has none (BR-O-05).
    pub(super) fn rate(&self, vat: Vat) -> Option<String> {
        (vat.category != VatCategory::O).then(|| number(vat.rate))
    }
}

/// Writes a number as short as it is.
pub(super) fn number(value: Decimal) -> String {
    amount(value.normalize())
}

/// Writes an amount with its decimals, and nothing never as less than nothing (rule K13).
pub(super) fn amount(value: Decimal) -> String {
    if value.is_zero() { value.abs().to_string() } else { value.to_string() }
}

/// Writes a price with as many decimals as it needs, and the currency's at least.
pub(super) fn price(value: Decimal, currency: Currency) -> String {
    let mut price = value.normalize();
    if price.scale() < currency.exponent() {
        price.rescale(currency.exponent());
    }
    amount(price)
}
