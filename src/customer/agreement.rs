//! A customer as the owner writes it in `book/customers/`.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::date;
use crate::items::Discount;
use crate::language::Language;
use crate::money::{Currency, decimal};
use crate::party::{Address, ElectronicAddress, Email};
use crate::reference::Iban;

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    /// The customer number: `K-1017`. It appears on invoices (BT-46), and payers quote it.
    pub number: String,
    /// The name (BT-44).
    pub name: String,
    /// A business or a consumer: decides on interest, lump sum and the thirty-day rule.
    #[serde(default)]
    pub kind: CustomerKind,
    /// Where invoices are addressed to.
    pub address: Address,
    /// Whom letters greet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// E-mail addresses by purpose.
    #[serde(default)]
    pub email: Emails,
    /// The language of letters and papers.
    #[serde(default)]
    pub language: Language,
    /// How letters speak to the customer, whatever the policy says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tone: Option<Tone>,
    /// Days to pay, where they differ from the business's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_days: Option<u32>,
    /// Skonto: discounts for paying early.
    #[serde(default, rename = "discount", skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<Discount>,
    /// How the customer pays.
    #[serde(default)]
    pub payment_means: PaymentMeans,
    /// How letters reach the customer.
    #[serde(default)]
    pub delivery: Delivery,
    /// Whether invoices are e-invoices, and in which form; nothing: businesses in Germany get ZUGFeRD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e_invoice: Option<EInvoice>,
    /// Where the customer receives e-invoices (BT-49), where that is neither the Leitweg-ID nor the e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic_address: Option<ElectronicAddress>,
    /// What allows us to collect (BG-19), for `payment_means = "direct_debit"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<DebitMandate>,
    /// The customer's own reference, for public buyers the Leitweg-ID (BT-10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer_reference: Option<String>,
    /// The customer's order number for everything (BT-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// The customer's VAT id (BT-48).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<String>,
    /// Accounts that the customer is known to pay from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ibans: Vec<Iban>,
    /// What the customer's payments may fall short because banks kept it, where it differs from `matching.bank_fee_tolerance`.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub bank_fee_tolerance: Option<Decimal>,
    /// The rest that is given up, where it differs from `matching.writeoff_below`.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub writeoff_below: Option<Decimal>,
    /// The currency of the customer's invoices, where it differs from the business's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The dunning policy by name; nothing: the one for the customer's kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dunning_policy: Option<String>,
    /// From when an unpaid invoice is in default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_basis: Option<DefaultBasis>,
    /// The customer's account in the owner's bookkeeping, such as `10017`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger_account: Option<String>,
    /// The former number, when the customer was given a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    /// What changes on a day, written ahead; what has come is in the fields above.
    #[serde(default, rename = "from", skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<DatedChange>,
}

/// What holds of a customer from a day on; each key takes the place of the one above, whole. What is not named stays.
///
/// Who a customer is does not change by a day: its number, its accounts, its currency and whether it is a business have no key here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedChange {
    /// The first day.
    #[serde(with = "date")]
    pub day: NaiveDate,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Whom letters greet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// E-mail addresses by purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Emails>,
    /// The language of letters and papers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// How letters speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tone: Option<Tone>,
    /// Days to pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_days: Option<u32>,
    /// Skonto; an empty list ends it.
    #[serde(default, rename = "discount", skip_serializing_if = "Option::is_none")]
    pub discounts: Option<Vec<Discount>>,
    /// How the customer pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_means: Option<PaymentMeans>,
    /// How letters reach the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// Whether invoices are e-invoices, and in which form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e_invoice: Option<EInvoice>,
    /// Where the customer receives e-invoices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic_address: Option<ElectronicAddress>,
    /// What allows us to collect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<DebitMandate>,
    /// The customer's own reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer_reference: Option<String>,
    /// The customer's order number for everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// The customer's VAT id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<String>,
    /// What payments may fall short because banks kept it.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub bank_fee_tolerance: Option<Decimal>,
    /// The rest that is given up.
    #[serde(default, with = "decimal::option", skip_serializing_if = "Option::is_none")]
    pub writeoff_below: Option<Decimal>,
    /// The dunning policy by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dunning_policy: Option<String>,
    /// From when an unpaid invoice is in default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_basis: Option<DefaultBasis>,
}

/// How letters speak to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// As a good bookkeeper writes.
    #[default]
    Formal,
    /// As one writes to somebody one knows.
    Friendly,
}

impl Tone {
    /// Tells whether it is the formal one.
    pub fn is_formal(&self) -> bool {
        *self == Tone::Formal
    }

    /// Returns how a letter of a stage speaks where nobody says otherwise: the first letter, and a notice before the due date, is friendly.
    pub const fn of_stage(stage: usize) -> Tone {
        if stage < 2 { Tone::Friendly } else { Tone::Formal }
    }
}

/// A business or a consumer (§§ 13, 14 BGB).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CustomerKind {
    /// A business.
    #[default]
    Business,
    /// A consumer.
    Consumer,
}

/// Whom letters greet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The name (BT-56); it stands in the address after the customer's.
    pub name: String,
    /// How a letter begins, without comma: "Guten Tag Frau Becker". Nothing: the impersonal form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
}

/// E-mail addresses by purpose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emails {
    /// Where invoices go, and everything else without an address of its own.
    #[serde(default, skip_serializing_if = "EmailList::is_empty")]
    pub invoice: EmailList,
    /// Where reminders and dunning letters go.
    #[serde(default, skip_serializing_if = "EmailList::is_empty")]
    pub dunning: EmailList,
    /// Who gets a copy of everything.
    #[serde(default, skip_serializing_if = "EmailList::is_empty")]
    pub cc: EmailList,
}

impl Emails {
    /// Returns where dunning letters go.
    pub fn for_dunning(&self) -> &[Email] {
        if self.dunning.is_empty() { &self.invoice.0 } else { &self.dunning.0 }
    }
}

/// One address or several.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "OneOrMany", into = "Vec<Email>")]
pub struct EmailList(pub Vec<Email>);

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected an e-mail address such as \"rechnung@example.com\", or a list of them")]
enum OneOrMany {
    One(Email),
    Many(Vec<Email>),
}

impl EmailList {
    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<OneOrMany> for EmailList {
    fn from(written: OneOrMany) -> Self {
        match written {
            OneOrMany::One(email) => EmailList(vec![email]),
            OneOrMany::Many(emails) => EmailList(emails),
        }
    }
}

impl From<EmailList> for Vec<Email> {
    fn from(list: EmailList) -> Self {
        list.0
    }
}

/// How the customer pays (BT-81).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMeans {
    /// By transfer.
    #[default]
    Transfer,
    /// The business collects; the customer is not asked to transfer.
    DirectDebit,
    /// Before the service.
    Prepaid,
}

impl PaymentMeans {
    /// Tells whether the customer is asked to transfer.
    pub fn is_transfer(&self) -> bool {
        *self == PaymentMeans::Transfer
    }
}

/// Whether invoices are e-invoices, and in which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EInvoice {
    /// A PDF that carries its XML with it.
    Zugferd,
    /// XRechnung in the syntax CII, beside a PDF for people.
    Xrechnung,
    /// XRechnung in the syntax UBL, beside a PDF for people.
    XrechnungUbl,
    /// ZUGFeRD as soon as the law asks for it, a plain PDF before.
    Auto,
    /// A plain PDF.
    None,
}

/// The customer's mandate for direct debits (BG-19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DebitMandate {
    /// Its reference (BT-89).
    pub reference: String,
    /// The account that is debited (BT-91).
    pub iban: Iban,
}

/// How letters reach the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    /// By e-mail.
    #[default]
    Mail,
    /// On paper; the owner prints and posts it, and says so.
    Post,
    /// In the customer's portal; the owner uploads it, and says so.
    Portal,
}

impl Delivery {
    /// All ways.
    pub const ALL: [Delivery; 3] = [Delivery::Mail, Delivery::Post, Delivery::Portal];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            Delivery::Mail => "mail",
            Delivery::Post => "post",
            Delivery::Portal => "portal",
        }
    }

    /// Finds a way by its word.
    pub fn by_name(name: &str) -> Option<Delivery> {
        Delivery::ALL.into_iter().find(|way| way.name() == name)
    }

    /// Tells whether a person delivers it, and says so.
    pub const fn is_by_hand(self) -> bool {
        match self {
            Delivery::Mail => false,
            Delivery::Post | Delivery::Portal => true,
        }
    }
}

/// From when an unpaid invoice is in default, and bears interest (rule D6, § 286 BGB).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultBasis {
    /// The day after the due date: the term stands in the contract (§ 286 (2) BGB).
    AgreedTerm,
    /// The day after the first letter (§ 286 (1) BGB).
    Reminder,
    /// Thirty days after due date and delivery, or the first letter if that is earlier (§ 286 (3) BGB).
    ThirtyDays,
}

impl Customer {
    /// Returns the basis of default: what was agreed, else thirty days for a business and the first letter for a consumer.
    pub fn default_basis(&self) -> DefaultBasis {
        self.default_basis.unwrap_or(match self.kind {
            CustomerKind::Business => DefaultBasis::ThirtyDays,
            CustomerKind::Consumer => DefaultBasis::Reminder,
        })
    }

    /// Tells whether the customer's invoices have to say that default begins after thirty days: a consumer's only does if the invoice
    /// says so (§ 286 (3) sentence 1 BGB).
    pub fn needs_default_notice(&self) -> bool {
        self.kind == CustomerKind::Consumer && self.default_basis() == DefaultBasis::ThirtyDays
    }

    /// Returns the basis of default of an invoice, which may say that default begins after thirty days. A consumer's that does not say so
    /// is in default after the first letter.
    pub fn default_basis_of(&self, has_default_notice: bool) -> DefaultBasis {
        if self.needs_default_notice() && !has_default_notice { DefaultBasis::Reminder } else { self.default_basis() }
    }
}
