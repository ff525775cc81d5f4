//! The document itself: everything that an issued invoice says, shaped after EN 16931.
//!
//! Stored as canonical JSON and never changed. Paper, e-invoice and letters are made of it alone, so what was issued can be
//! made again. Amounts are decimal text with as many places as the currency has.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::exchange::TaxCurrency;
use crate::customer::PaymentMeans;
use crate::items::{Discount, Unit, Vat};
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::party::{Address, Country, ElectronicAddress, Email};
use crate::reference::Iban;

/// What a document is (BT-3). The words of the table `document_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// An invoice (380).
    Invoice,
    /// A credit note (381): lowers what is owed.
    CreditNote,
    /// The cancellation of a document (384).
    Cancellation,
    /// A dunning letter.
    Dunning,
    /// A letter that takes dunning letters back.
    Withdrawal,
    /// Credit that is to be paid out: what the owner transfers, and quotes.
    Refund,
    /// An offer: an Angebot.
    Quote,
    /// The confirmation of an order: an Auftragsbestätigung.
    Confirmation,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: [DocumentKind; 8] = [
        DocumentKind::Invoice,
        DocumentKind::CreditNote,
        DocumentKind::Cancellation,
        DocumentKind::Dunning,
        DocumentKind::Withdrawal,
        DocumentKind::Refund,
        DocumentKind::Quote,
        DocumentKind::Confirmation,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            DocumentKind::Invoice => "invoice",
            DocumentKind::CreditNote => "credit_note",
            DocumentKind::Cancellation => "cancellation",
            DocumentKind::Dunning => "dunning",
            DocumentKind::Withdrawal => "withdrawal",
            DocumentKind::Refund => "refund",
            DocumentKind::Quote => "quote",
            DocumentKind::Confirmation => "confirmation",
        }
    }

    /// Finds a kind by its word.
    pub fn by_name(name: &str) -> Option<DocumentKind> {
        DocumentKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Tells whether something is owed by it, to us or by us; a letter only speaks of what other documents ask for, a quote of what may be.
    pub const fn is_receivable(self) -> bool {
        match self {
            DocumentKind::Invoice | DocumentKind::CreditNote | DocumentKind::Cancellation | DocumentKind::Refund => {
                true
            }
            DocumentKind::Dunning | DocumentKind::Withdrawal | DocumentKind::Quote | DocumentKind::Confirmation => {
                false
            }
        }
    }

    /// Tells whether the customer is to pay it: it can be late, and letters can ask for it. What corrects or cancels is set off.
    pub const fn asks_for_payment(self) -> bool {
        match self {
            DocumentKind::Invoice => true,
            DocumentKind::CreditNote
            | DocumentKind::Cancellation
            | DocumentKind::Refund
            | DocumentKind::Dunning
            | DocumentKind::Withdrawal
            | DocumentKind::Quote
            | DocumentKind::Confirmation => false,
        }
    }

    /// Tells whether we are to pay it: it pays no invoice, and only money that goes out settles it.
    pub const fn is_paid_out(self) -> bool {
        match self {
            DocumentKind::Refund => true,
            DocumentKind::Invoice
            | DocumentKind::CreditNote
            | DocumentKind::Cancellation
            | DocumentKind::Dunning
            | DocumentKind::Withdrawal
            | DocumentKind::Quote
            | DocumentKind::Confirmation => false,
        }
    }
}

/// How a document hangs on another. The words of the table `link_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// It takes back all of it.
    Cancels,
    /// It takes back a part.
    Corrects,
    /// It deducts it.
    Deducts,
    /// It comes after it: a confirmation after its quote, an invoice after the confirmation.
    Follows,
}

impl LinkKind {
    /// All kinds.
    pub const ALL: [LinkKind; 4] = [LinkKind::Cancels, LinkKind::Corrects, LinkKind::Deducts, LinkKind::Follows];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            LinkKind::Cancels => "cancels",
            LinkKind::Corrects => "corrects",
            LinkKind::Deducts => "deducts",
            LinkKind::Follows => "follows",
        }
    }

    /// Finds a kind by its word.
    pub fn by_name(name: &str) -> Option<LinkKind> {
        LinkKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Where a document comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Issued by settled.
    Issued,
    /// Taken over from another system.
    Imported,
}

/// Which part of what was ordered an invoice is for (rule K13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoicePart {
    /// All of it, or a period of its own.
    #[default]
    Whole,
    /// Money in advance: an Anzahlung.
    Deposit,
    /// A part that was delivered: a Teilleistung.
    Partial,
    /// What is left when deposits and parts are deducted: a Schlussrechnung.
    Final,
}

impl InvoicePart {
    /// Tells whether it is for all of it.
    pub fn is_whole(&self) -> bool {
        *self == InvoicePart::Whole
    }
}

/// The form of an e-invoice (EN 16931).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EInvoiceFormat {
    /// A PDF that carries its XML with it: ZUGFeRD, which is Factur-X.
    Zugferd,
    /// XML as public buyers in Germany want it, beside a PDF for people; in the syntax CII.
    Xrechnung,
    /// The same in the syntax UBL, which Peppol carries.
    XrechnungUbl,
}

impl EInvoiceFormat {
    /// Tells whether it is XRechnung: XML beside the paper, not in it.
    pub const fn is_xrechnung(self) -> bool {
        matches!(self, EInvoiceFormat::Xrechnung | EInvoiceFormat::XrechnungUbl)
    }
}

/// A document that this one deducts, corrects or cancels (BG-3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preceding {
    /// Its number (BT-25).
    pub number: String,
    /// Its day of issue (BT-26).
    pub issued_on: NaiveDate,
}

/// The quote or the confirmation that a document follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// Which of both.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// Its day of issue.
    pub issued_on: NaiveDate,
}

/// A deposit that a final invoice deducts, as it was invoiced (rule K5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeductedDeposit {
    /// Its number.
    pub number: String,
    /// Its day of issue.
    pub issued_on: NaiveDate,
    /// The day on which the last of it was paid; nothing while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_on: Option<NaiveDate>,
    /// What it showed by VAT, less its credit notes.
    pub vat: Vec<DocumentVat>,
}

/// A position of a quote that counts only when it is chosen (rule K1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedLine {
    /// The line as it would be.
    pub line: DocumentLine,
    /// The line whose place it would take, from 1; nothing: it would be added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<usize>,
}

/// An allowance or a charge of the whole document (BG-20, BG-21).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentModifier {
    /// How much, without VAT (BT-92, BT-99).
    pub amount: Decimal,
    /// Percent of `base`, where it is a share (BT-94, BT-101).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// What the percent are of (BT-93, BT-100).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Decimal>,
    /// Its VAT (BT-95, BT-96; BT-102, BT-103).
    pub vat: Vat,
    /// Why (BT-97, BT-104).
    pub reason: String,
    /// Why, as a code (BT-98, BT-105).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What allows us to collect a document from the customer's account (BG-19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    /// The mandate's reference (BT-89).
    pub reference: String,
    /// Our creditor identifier (BT-90).
    pub creditor_id: String,
    /// The account that is debited (BT-91).
    pub iban: Iban,
}

/// A file that belongs to a document (BG-24). Its bytes lie in the archive under their hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The name of the file (BT-122, BT-125).
    pub name: String,
    /// Its media type: `application/pdf`.
    pub media_type: String,
    /// What it is, such as "Stundenzettel" (BT-123).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The hash of its bytes.
    pub sha256: String,
}

/// A document with its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What it is (BT-3).
    pub kind: DocumentKind,
    /// Where it comes from.
    pub origin: Origin,
    /// Its number (BT-1).
    pub number: String,
    /// The day of issue (BT-2).
    pub issued_on: NaiveDate,
    /// The day on which it is to be paid (BT-9); of a quote the last day on which it can be accepted.
    pub due_on: NaiveDate,
    /// Its currency (BT-5).
    pub currency: Currency,
    /// The language that it is written in.
    pub language: Language,
    /// What it is about, in the customer's words.
    pub title: Option<String>,
    /// A note (BT-22).
    pub note: Option<String>,
    /// The contract that it belongs to (BT-12).
    pub contract: Option<String>,
    /// The buyer's reference (BT-10).
    pub buyer_reference: Option<String>,
    /// The buyer's order number (BT-13).
    pub order_number: Option<String>,
    /// The first day of service (BT-73).
    pub service_from: NaiveDate,
    /// The last day of service (BT-74).
    pub service_through: NaiveDate,
    /// Who invoices (BG-4).
    pub seller: Seller,
    /// Who is invoiced (BG-7).
    pub buyer: Buyer,
    /// The lines (BG-25).
    pub lines: Vec<DocumentLine>,
    /// What they add up to (BG-22).
    pub totals: DocumentTotals,
    /// The VAT breakdown (BG-23).
    pub vat: Vec<DocumentVat>,
    /// Discounts for paying early (BT-20).
    pub discounts: Vec<EarlyPayment>,
    /// Whether it says that a consumer is in default thirty days after due date and receipt, without a letter (§ 286 (3) sentence 1 BGB).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default_notice: bool,
    /// Which part of the whole it invoices (BT-3).
    #[serde(default, skip_serializing_if = "InvoicePart::is_whole")]
    pub part: InvoicePart,
    /// The documents that it deducts, corrects or cancels (BG-3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preceding: Vec<Preceding>,
    /// What it follows: an order or the quote of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Followed>,
    /// The deposits that a final invoice deducts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deductions: Vec<DeductedDeposit>,
    /// What of a quote counts only when it is chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<OfferedLine>,
    /// Allowances of the whole document (BG-20), one for each VAT.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<DocumentModifier>,
    /// Charges of the whole document (BG-21).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<DocumentModifier>,
    /// The VAT in the currency of the tax office, where that is another one (BT-6, BT-111).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_currency: Option<TaxCurrency>,
    /// What allows us to collect it (BG-19).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<Mandate>,
    /// Files that belong to it (BG-24).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The e-invoice that it is issued as; nothing: paper alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e_invoice: Option<EInvoiceFormat>,
    /// How it is paid (BT-81).
    #[serde(default, skip_serializing_if = "PaymentMeans::is_transfer")]
    pub payment_means: PaymentMeans,
    /// Where to pay (BG-16).
    pub pay_to: PayTo,
}

/// Who invoices (BG-4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seller {
    /// The name (BT-27).
    pub name: String,
    /// The address (BG-5).
    pub address: Address,
    /// The VAT id (BT-31).
    pub vat_id: Option<String>,
    /// The tax number (BT-32).
    pub tax_number: Option<String>,
    /// Legal form, seat, register, managers (BT-33), a line each.
    pub legal: Vec<String>,
    /// Whom to ask (BG-6).
    pub contact: SellerContact,
    /// The number in the trade register, such as `HRB 12345` (BT-30).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<String>,
    /// Where we receive e-invoices (BT-34); nothing: at the e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic_address: Option<ElectronicAddress>,
}

/// Whom to ask (BG-6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SellerContact {
    /// The name (BT-41).
    pub name: Option<String>,
    /// The telephone number (BT-42).
    pub phone: Option<String>,
    /// The e-mail address (BT-43).
    pub email: Email,
    /// The web site.
    pub web: Option<String>,
}

/// Who is invoiced (BG-7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// The customer number (BT-46).
    pub number: String,
    /// The name (BT-44).
    pub name: String,
    /// The address (BG-8).
    pub address: Address,
    /// The VAT id (BT-48).
    pub vat_id: Option<String>,
    /// Whom it is for the attention of (BT-56).
    pub contact: Option<String>,
    /// Where the customer receives e-invoices (BT-49).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic_address: Option<ElectronicAddress>,
}

/// A line (BG-25).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentLine {
    /// What it is (BT-153).
    pub name: String,
    /// More about it (BT-154).
    pub description: Option<String>,
    /// How many (BT-129).
    pub quantity: Decimal,
    /// Of what (BT-130).
    pub unit: Unit,
    /// The price (BT-146) of `base_quantity` units.
    pub unit_price: Decimal,
    /// The quantity that the price is for (BT-149).
    pub base_quantity: Decimal,
    /// The allowance on the line (BG-27).
    pub allowance: Option<LineAllowance>,
    /// Further allowances on the line (BG-27).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<LineModifier>,
    /// Charges on the line (BG-28).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<LineModifier>,
    /// The first and the last day of its service, where they are not those of the document (BG-26).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<(NaiveDate, NaiveDate)>,
    /// The buyer's order that it belongs to, where that is not the document's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// The line of the order (BT-132).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_line: Option<String>,
    /// The line's amount (BT-131).
    pub net: Decimal,
    /// Its VAT (BG-30).
    pub vat: Vat,
    /// The revenue account in the owner's bookkeeping.
    pub revenue_account: Option<String>,
    /// The position of the quote that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// The line of the corrected invoice that a credit note takes off, by its place from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<usize>,
}

impl DocumentLine {
    /// Returns the line of one lump sum without VAT.
    pub fn of_sum(name: String, net: Decimal, vat: Vat) -> DocumentLine {
        DocumentLine {
            name,
            description: None,
            quantity: Decimal::ONE,
            unit: Unit::flat(),
            unit_price: net,
            base_quantity: Decimal::ONE,
            allowance: None,
            allowances: Vec::new(),
            charges: Vec::new(),
            service: None,
            order_number: None,
            order_line: None,
            net,
            vat,
            revenue_account: None,
            position: None,
            corrects: None,
        }
    }
}

/// An allowance on a line (BG-27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineAllowance {
    /// Percent of the amount before it (BT-138).
    pub percent: Decimal,
    /// The amount (BT-136).
    pub amount: Decimal,
}

/// An allowance or a charge on a line (BG-27, BG-28).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineModifier {
    /// How much, without VAT (BT-136, BT-141).
    pub amount: Decimal,
    /// Percent of `base`, where it is a share (BT-138, BT-143).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// What the percent are of (BT-137, BT-142).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Decimal>,
    /// Why (BT-139, BT-144).
    pub reason: String,
    /// Why, as a code (BT-140, BT-145).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What a document adds up to (BG-22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentTotals {
    /// Without VAT (BT-109).
    pub net: Decimal,
    /// The VAT (BT-110).
    pub vat: Decimal,
    /// With VAT (BT-112).
    pub gross: Decimal,
    /// Paid before (BT-113).
    pub prepaid: Decimal,
    /// What rounding adds to what is to be paid (BT-114).
    #[serde(default, skip_serializing_if = "Decimal::is_zero")]
    pub rounding: Decimal,
    /// To be paid (BT-115).
    pub payable: Decimal,
}

/// The VAT of one category and rate (BG-23).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentVat {
    /// Category and rate (BT-118, BT-119).
    pub vat: Vat,
    /// The taxable amount (BT-116).
    pub base: Decimal,
    /// The tax (BT-117).
    pub tax: Decimal,
    /// Why there is none, where it is not what is said of the category (BT-120).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exemption: Option<String>,
}

/// A Skonto on this document (BT-20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyPayment {
    /// Days from the invoice date.
    pub days: u32,
    /// Percent of the payable amount.
    pub percent: Decimal,
    /// The last day on which it may be taken.
    pub until: NaiveDate,
    /// What is taken off.
    pub discount: Decimal,
    /// What is then to be paid.
    pub pay: Decimal,
}

impl EarlyPayment {
    /// Returns what a Skonto means for a document of a day (rule T6).
    pub fn of(discount: Discount, payable: Amount, issued_on: NaiveDate, currency: Currency) -> EarlyPayment {
        let term = discount.term(payable, issued_on);
        EarlyPayment {
            days: discount.days,
            percent: discount.percent,
            until: term.until,
            discount: term.discount.decimal(currency),
            pay: term.pay.decimal(currency),
        }
    }
}

/// Where to pay (BG-16, BG-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayTo {
    /// The account's holder (BT-85).
    pub holder: String,
    /// The account (BT-84).
    pub iban: Iban,
    /// Its bank (BT-86).
    pub bic: Option<String>,
    /// What the payer shall quote (BT-83): the creditor reference of ISO 11649.
    pub reference: String,
    /// The same account by its QR-IBAN, for the Swiss QR-bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr: Option<QrPayTo>,
}

impl PayTo {
    /// Returns the QR reference, where there is one.
    pub fn qr_reference(&self) -> Option<&str> {
        self.qr.as_ref().map(|qr| qr.reference.as_str())
    }
}

/// Where a Swiss QR-bill is to be paid: an account's QR-IBAN is used with a QR reference only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrPayTo {
    /// The QR-IBAN.
    pub iban: Iban,
    /// The QR reference, 27 digits.
    pub reference: String,
}

/// Where invoices are to be paid on a day that is later than theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountOfDay {
    /// The account; its reference is that of the first of them.
    pub pay_to: PayTo,
    /// Whether an account that one of them prints is no longer to be used.
    pub changed: bool,
}

impl DocumentVat {
    /// Returns why there is no tax (BT-120): the owner's words, else those of the category in the seller's country.
    pub fn exemption_reason(&self, country: Country, language: Language) -> Option<&str> {
        let of_category = self.vat.category.exemption_reason(country, language);
        self.exemption.as_deref().filter(|_| of_category.is_some()).or(of_category)
    }
}

impl Document {
    /// Says what it is, among the documents of an order.
    pub const fn called(&self, language: Language) -> &'static str {
        let (german, english) = match (self.kind, self.part) {
            (DocumentKind::Quote, _) => ("Angebot", "quote"),
            (DocumentKind::Confirmation, _) => ("Auftragsbestätigung", "order confirmation"),
            (DocumentKind::CreditNote, _) => ("Rechnungskorrektur", "credit note"),
            (DocumentKind::Cancellation, _) => ("Stornorechnung", "cancellation"),
            (DocumentKind::Refund, _) => ("Erstattung", "refund"),
            (DocumentKind::Dunning | DocumentKind::Withdrawal, _) => ("Schreiben", "letter"),
            (DocumentKind::Invoice, InvoicePart::Whole) => ("Rechnung", "invoice"),
            (DocumentKind::Invoice, InvoicePart::Deposit) => ("Anzahlungsrechnung", "deposit invoice"),
            (DocumentKind::Invoice, InvoicePart::Partial) => ("Teilrechnung", "partial invoice"),
            (DocumentKind::Invoice, InvoicePart::Final) => ("Schlussrechnung", "final invoice"),
        };
        match language {
            Language::De(_) => german,
            Language::En => english,
        }
    }

    /// Returns the amount that the customer owes: what is to be paid.
    pub fn payable(&self) -> Amount {
        self.amount(self.totals.payable)
    }

    /// Reads one of the document's own amounts.
    pub fn amount(&self, decimal: Decimal) -> Amount {
        Amount::exact(decimal, self.currency).expect("the document's amounts have its currency's decimals")
    }
}
