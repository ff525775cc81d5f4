//! The words on paper, in each language.

use crate::language::Language;
use crate::party::Country;

/// The words of an invoice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub invoice: &'static str,
    pub number: &'static str,
    pub date: &'static str,
    pub customer: &'static str,
    pub service: &'static str,
    pub service_day: &'static str,
    pub due: &'static str,
    pub order: &'static str,
    pub buyer_reference: &'static str,
    pub contract: &'static str,
    pub their_vat_id: &'static str,
    pub table: [&'static str; 6],
    pub per: &'static str,
    pub discount: &'static str,
    pub refers_to: &'static str,
    pub lines: &'static str,
    pub share_of: &'static str,
    pub net: &'static str,
    pub vat_on: &'static str,
    pub vat_in: &'static str,
    pub gross: &'static str,
    pub paid: &'static str,
    pub rounding: &'static str,
    pub total: &'static str,
    pub credited: &'static str,
    pub set_off: &'static str,
    pub nothing_due: &'static str,
    pub pay_by: &'static str,
    pub collected: &'static str,
    pub prepaid: &'static str,
    pub amount: &'static str,
    pub reference: &'static str,
    pub holder: &'static str,
    pub scan: &'static str,
    pub page: &'static str,
    pub of: &'static str,
    pub carried: &'static str,
    pub phone: &'static str,
    pub vat_id: &'static str,
    pub tax_number: &'static str,
    pub default_notice: &'static str,
    pub enclosed: &'static str,
    pub thanks: &'static str,
}

/// Returns the words of a business in a country: those of tax belong to it, wherever the customer is.
pub(super) fn words(language: Language, seller: Country) -> &'static Words {
    match (language, seller.code()) {
        (Language::En, _) => &ENGLISH,
        (Language::De(_), "AT") => &AUSTRIAN,
        (Language::De(_), "CH" | "LI") => &SWISS,
        (Language::De(_), _) => &GERMAN,
    }
}

/// Returns what a VAT id of a business in a country is called.
pub fn vat_id_word(language: Language, seller: Country) -> &'static str {
    words(language, seller).vat_id
}

/// Says to which order of the customer something belongs, and to which line of it.
pub(super) fn order_words(order: Option<&str>, line: Option<&str>, language: Language) -> String {
    let order = order.map(|order| format!("{} {order}", language.say("Bestellung", "Order")));
    let line = line.map(|line| format!("{} {line}", language.say("Position", "line")));
    order.into_iter().chain(line).collect::<Vec<_>>().join(", ")
}

const GERMAN: Words = Words {
    invoice: "Rechnung",
    number: "Rechnungsnummer",
    date: "Rechnungsdatum",
    customer: "Kundennummer",
    service: "Leistungszeitraum",
    service_day: "Leistungsdatum",
    due: "Fällig am",
    order: "Bestellnummer",
    buyer_reference: "Ihre Referenz",
    contract: "Vertrag",
    their_vat_id: "Ihre USt-IdNr.",
    table: ["Pos.", "Leistung", "Menge", "Einzelpreis", "USt", "Betrag"],
    per: "je",
    discount: "Rabatt",
    refers_to: "Zu Rechnung",
    lines: "Summe der Positionen",
    share_of: "von",
    net: "Nettobetrag",
    vat_on: "% Umsatzsteuer auf",
    vat_in: "Umsatzsteuer für das Finanzamt",
    gross: "Bruttobetrag",
    paid: "bereits gezahlt",
    rounding: "Rundung",
    total: "Rechnungsbetrag",
    credited: "Gutgeschriebener Betrag",
    set_off: "Der Betrag wird mit offenen Rechnungen verrechnet oder Ihrem Konto gutgeschrieben; bitte überweisen Sie nichts.",
    nothing_due: "Es ist nichts zu zahlen.",
    pay_by: "Bitte überweisen Sie bis zum",
    collected: "Abbuchung wie vereinbart am",
    prepaid: "Der Betrag ist wie vereinbart im Voraus bezahlt; bitte überweisen Sie nichts.",
    amount: "Betrag",
    reference: "Verwendungszweck",
    holder: "Empfänger",
    scan: "Mit der Banking-App scannen: der Code füllt die Überweisung aus.",
    page: "Seite",
    of: "von",
    carried: "Übertrag",
    phone: "Tel.",
    vat_id: "USt-IdNr.",
    tax_number: "Steuernummer",
    default_notice: "Spätestens 30 Tage nach Fälligkeit und Zugang dieser Rechnung geraten Sie in Verzug, auch ohne Mahnung (§ 286 Abs. 3 BGB).",
    enclosed: "Anlagen",
    thanks: "Vielen Dank für Ihren Auftrag.",
};

/// A VAT id is called UID (Art. 28 UStG 1994).
const AUSTRIAN: Words = Words { their_vat_id: "Ihre UID-Nr.", vat_id: "UID-Nr.", ..GERMAN };

/// VAT is called MWST (MWSTG).
const SWISS: Words = Words {
    their_vat_id: "Ihre MWST-Nr.",
    table: ["Pos.", "Leistung", "Menge", "Einzelpreis", "MWST", "Betrag"],
    vat_on: "% MWST auf",
    vat_in: "MWST für die Steuerverwaltung",
    vat_id: "MWST-Nr.",
    ..GERMAN
};

const ENGLISH: Words = Words {
    invoice: "Invoice",
    number: "Invoice number",
    date: "Invoice date",
    customer: "Customer number",
    service: "Service period",
    service_day: "Date of service",
    due: "Due on",
    order: "Order number",
    buyer_reference: "Your reference",
    contract: "Contract",
    their_vat_id: "Your VAT ID",
    table: ["No.", "Service", "Quantity", "Unit price", "VAT", "Amount"],
    per: "per",
    discount: "discount",
    refers_to: "Refers to invoice",
    lines: "Sum of the lines",
    share_of: "of",
    net: "Net amount",
    vat_on: "% VAT on",
    vat_in: "VAT for the tax office",
    gross: "Gross amount",
    paid: "paid before",
    rounding: "Rounding",
    total: "Total",
    credited: "Amount credited",
    set_off: "The amount is set off against open invoices or credited to your account; please do not transfer anything.",
    nothing_due: "There is nothing to pay.",
    pay_by: "Please transfer by",
    collected: "Collected as agreed on",
    prepaid: "The amount was paid in advance as agreed; please do not transfer anything.",
    amount: "Amount",
    reference: "Payment reference",
    holder: "Payee",
    scan: "Scan it with your banking app: the code fills in the transfer.",
    page: "Page",
    of: "of",
    carried: "Carried over",
    phone: "Phone",
    vat_id: "VAT ID",
    tax_number: "Tax number",
    default_notice: "You are in default 30 days after the due date and receipt of this invoice at the latest, even without a reminder (§ 286 (3) BGB).",
    enclosed: "Enclosed",
    thanks: "Thank you for your business.",
};
