//! Which invoices are e-invoices: what was agreed, and where the law asks for it.

use rust_decimal::Decimal;

use super::model::{Document, EInvoiceFormat, Mandate};
use super::turnover::{Turnover, obliged_from};
use crate::customer::{Customer, CustomerKind, EInvoice, PaymentMeans};
use crate::items::VatCategory;
use crate::party::{Country, ElectronicAddress};

/// Up to this, with VAT, a plain invoice is always enough (§ 33 UStDV).
const SMALL_INVOICE: i64 = 250;

/// What the business says of e-invoices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EInvoicing {
    /// What businesses in Germany get where nothing is said of the customer.
    pub by_default: Option<EInvoice>,
    /// What was said of the turnover; nothing: it is unknown.
    pub turnover: Option<Turnover>,
    /// Our creditor identifier for direct debits (BT-90).
    pub creditor_id: Option<String>,
}

impl EInvoicing {
    /// Returns the form in which a document leaves; nothing: a plain PDF.
    pub(super) fn format_of(&self, document: &Document, customer: &Customer) -> Option<EInvoiceFormat> {
        let at_home = is_at_home(customer) && document.seller.address.country == Country::DE;
        match customer.e_invoice.or(self.by_default.filter(|_| at_home)) {
            Some(EInvoice::Zugferd) => Some(EInvoiceFormat::Zugferd),
            Some(EInvoice::Xrechnung) => Some(EInvoiceFormat::Xrechnung),
            Some(EInvoice::XrechnungUbl) => Some(EInvoiceFormat::XrechnungUbl),
            Some(EInvoice::Auto) => (at_home && self.is_obliged(document)).then_some(EInvoiceFormat::Zugferd),
            Some(EInvoice::None) => None,
            // Everybody must be able to receive one since 2025, and to everybody else it is a PDF.
            None => at_home.then_some(EInvoiceFormat::Zugferd),
        }
    }

    /// Tells whether the law asks for an e-invoice, by the day of issue or by that of the supply: what is invoiced in December for the
    /// next year is supplied in it, and what is invoiced in January is issued in it.
    fn is_obliged(&self, document: &Document) -> bool {
        let supplied_by = document.issued_on.max(document.service_through);
        let from = obliged_from(self.turnover, supplied_by);
        let is_exempt = document.vat.iter().all(|v| v.vat.category == VatCategory::E);
        let is_small = document.totals.gross <= Decimal::from(SMALL_INVOICE);
        supplied_by >= from && !is_exempt && !is_small
    }

    /// Returns what allows to collect from a customer (BG-19).
    pub(super) fn mandate_of(&self, customer: &Customer) -> Option<Mandate> {
        let mandate = customer.mandate.as_ref().filter(|_| customer.payment_means == PaymentMeans::DirectDebit)?;
        Some(Mandate {
            reference: mandate.reference.clone(),
            creditor_id: self.creditor_id.clone()?,
            iban: mandate.iban.clone(),
        })
    }
}

/// Tells whether a customer is a business in Germany: whom the duty concerns.
pub(super) fn is_at_home(customer: &Customer) -> bool {
    customer.kind == CustomerKind::Business && customer.address.country == Country::DE
}

/// Returns where a customer receives e-invoices (BT-49): what the book says, the Leitweg-ID, the e-mail address, the German VAT id.
pub(super) fn electronic_address(customer: &Customer) -> Option<ElectronicAddress> {
    let at = |scheme: &str, id: &str| ElectronicAddress { scheme: scheme.to_owned(), id: id.to_owned() };
    let leitweg = || customer.buyer_reference.as_deref().filter(|id| is_leitweg_id(id)).map(|id| at("0204", id));
    let email = || customer.email.invoice.0.first().map(|email| at("EM", email.as_str()));
    let vat_id = || customer.vat_id.as_deref().filter(|id| id.starts_with("DE")).map(|id| at("9930", id));
    customer.electronic_address.clone().or_else(leitweg).or_else(email).or_else(vat_id)
}

/// Tells whether a text is a Leitweg-ID: coarse part, fine part where there is one, and two digits that check them (ISO 7064 mod 97-10,
/// letters as 10 to 35; KoSIT, Formatspezifikation Leitweg-ID 2.0.2).
fn is_leitweg_id(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(coarse), Some(check)) = (parts.next(), parts.next_back()) else { return false };
    let fine: Vec<&str> = parts.collect();
    let shaped = (2..=12).contains(&coarse.len())
        && coarse.bytes().all(|b| b.is_ascii_digit())
        && check.len() == 2
        && check.bytes().all(|b| b.is_ascii_digit())
        && fine.len() <= 1
        && fine.iter().all(|f| (1..=30).contains(&f.len()) && f.bytes().all(|b| b.is_ascii_alphanumeric()));
    let rest = text.chars().filter_map(|c| c.to_digit(36)).fold(0, |rest, digit| {
        let shift = if digit < 10 { 10 } else { 100 };
        (rest * shift + digit) % 97
    });
    shaped && rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leitweg_id_is_told_by_its_check_digits() {
        for (text, expected) in [
            ("04011000-1234512345-06", true),
            ("04011000-12345-03", true),
            ("04011000-12345-34", false),
            ("Abteilung 7", false),
            ("4500012345", false),
            ("", false),
        ] {
            assert_eq!(is_leitweg_id(text), expected, "{text}");
        }
    }
}
