//! Drafting an invoice: everything but the number, which is drawn in the transaction that stores it.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::adjusted::Way;
use super::attached::AttachedFile;
use super::e_invoice::{EInvoicing, electronic_address};
use super::exchange::{NoExchangeRate, VatExchangeRate, in_tax_currency};
use super::model::{
    Attachment, Buyer, DeductedDeposit, Document, DocumentKind, DocumentLine, DocumentModifier, DocumentTotals,
    DocumentVat, EarlyPayment, Followed, InvoicePart, LineAllowance, OfferedLine, Origin, PayTo, Preceding, QrPayTo,
    Seller,
};
use super::order::{order_of, order_of_line};
use crate::customer::Customer;
use crate::items::{
    Adjustment, DocumentCharge, Item, Modifier, NoPrice, NoRate, PriceMode, PricedLine, TotalError, Totals, Unit, Vat,
    VatClass, Worksheet,
};
use crate::language::Language;
use crate::money::{Amount, Currency, NotAnAmount};
use crate::reference::{CreditorReference, Iban, QrReference};

/// What is charged: one period of a contract, or a one-off.
#[derive(Debug, Clone)]
pub struct Charge<'a> {
    /// The number of the contract, or of the one-off in the book.
    pub contract: &'a str,
    /// What it is about.
    pub title: Option<&'a str>,
    /// A note.
    pub note: Option<&'a str>,
    /// The customer's order number, where it differs.
    pub order_number: Option<&'a str>,
    /// The items.
    pub items: &'a [Item],
    /// What is taken off all of them (BG-20).
    pub allowances: &'a [Adjustment],
    /// What is charged on all of them (BG-21).
    pub charges: &'a [Adjustment],
    /// The files that go with it (BG-24).
    pub attachments: &'a [AttachedFile],
    /// The day whose prices count (rule R6).
    pub priced_on: NaiveDate,
    /// The first day of service.
    pub service_from: NaiveDate,
    /// The last day of service; its VAT rates count (rule T8).
    pub service_through: NaiveDate,
    /// The days charged and the days of the full period, where a cut period is charged by days (rule R7).
    pub share: Option<(i64, i64)>,
    /// Days to pay, where they differ from the customer's.
    pub term_days: Option<u32>,
    /// The currency, where it differs from the customer's.
    pub currency: Option<Currency>,
}

/// What a document says, beside who writes it to whom.
#[derive(Debug, Clone)]
pub struct Body<'a> {
    /// What it is.
    pub kind: DocumentKind,
    /// Which part of what was ordered an invoice is for.
    pub part: InvoicePart,
    /// The number in the book of what it is written for.
    pub contract: &'a str,
    /// What it is about.
    pub title: Option<&'a str>,
    /// A note.
    pub note: Option<&'a str>,
    /// The first day of service.
    pub service_from: NaiveDate,
    /// The last day of service.
    pub service_through: NaiveDate,
    /// Days to pay, where they differ from the customer's.
    pub term_days: Option<u32>,
    /// The last day on which a quote can be accepted; nothing: it has days to pay.
    pub valid_until: Option<NaiveDate>,
    /// The currency.
    pub currency: Currency,
    /// The lines.
    pub lines: Vec<DocumentLine>,
    /// The customer's order number.
    pub order_number: Option<String>,
    /// Allowances of all of it.
    pub allowances: Vec<DocumentModifier>,
    /// Charges on all of it.
    pub charges: Vec<DocumentModifier>,
    /// What it adds up to.
    pub totals: DocumentTotals,
    /// The VAT breakdown.
    pub vat: Vec<DocumentVat>,
    /// The files that go with it.
    pub attachments: Vec<Attachment>,
    /// The documents that it deducts.
    pub preceding: Vec<Preceding>,
    /// What it follows.
    pub follows: Option<Followed>,
    /// The deposits that it deducts.
    pub deductions: Vec<DeductedDeposit>,
    /// What counts only when it is chosen.
    pub offered: Vec<OfferedLine>,
}

/// What the business says for all its invoices.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Who invoices.
    pub seller: Seller,
    /// Days to pay where nothing else is agreed.
    pub term_days: u32,
    /// The currency where nothing else is agreed.
    pub currency: Currency,
    /// A small business: no VAT on anything.
    pub small_business: bool,
    /// The accounts to pay into; of a currency the first.
    pub accounts: Vec<OwnAccount>,
    /// Which invoices are e-invoices.
    pub e_invoicing: EInvoicing,
    /// What VAT is converted at, where invoices are not in the currency of the tax office.
    pub exchange_rates: Vec<VatExchangeRate>,
}

/// An account of the business that its customers pay into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAccount {
    /// Its currency.
    pub currency: Currency,
    /// Its holder, as the bank has it.
    pub holder: String,
    /// The IBAN.
    pub iban: Iban,
    /// The BIC.
    pub bic: Option<String>,
    /// What its QR references are made of, where the bank has given it a QR-IBAN.
    pub qr: Option<QrAccount>,
}

/// What the QR references of an account are made of (rule M3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrAccount {
    /// The QR-IBAN.
    pub iban: Iban,
    /// The digits that the bank wants every reference to begin with; may be empty.
    pub prefix: String,
    /// The code of the series of invoices, 0 to 99.
    pub series: u8,
}

impl OwnAccount {
    /// Returns how to pay into it, without a reference yet.
    pub fn pay_to(&self) -> PayTo {
        PayTo {
            holder: self.holder.clone(),
            iban: self.iban.clone(),
            bic: self.bic.clone(),
            reference: String::new(),
            qr: None,
        }
    }
}

impl QrAccount {
    /// Makes the reference of a document: the bank's digits, then padded on their left the series' code and the number's digits.
    ///
    /// Returns nothing where the number has no digits, or more than there is room for.
    pub fn reference(&self, number: &str) -> Option<QrReference> {
        let own = format!("{:02}{}", self.series, number.chars().filter(char::is_ascii_digit).collect::<String>());
        let room = 26_usize.checked_sub(self.prefix.len()).filter(|room| (3..=*room).contains(&own.len()))?;
        QrReference::of_digits(&format!("{}{own:0>room$}", self.prefix))
    }
}

/// Why an invoice cannot be drafted. The others go on; the owner is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[error("{}", self.words(Language::En))]
pub enum DraftError {
    /// A line without a price on that day.
    Price(#[from] NoPrice),
    /// A VAT class without a rate on that day.
    Rate(#[from] NoRate),
    /// Amounts that do not add up.
    Total(#[from] TotalError),
    /// An allowance or a charge beyond what the books hold.
    Adjustment(#[from] NotAnAmount),
    /// An invoice over nothing: there is none. A period of a contract is skipped then.
    Free,
    /// An invoice over less than nothing.
    Negative(Amount, Currency),
    /// No bank account in the invoice's currency.
    NoAccount(Currency),
}

impl DraftError {
    /// Says it in a language: a sentence without capital and full stop.
    pub fn words(&self, language: Language) -> String {
        match self {
            DraftError::Price(error) => error.words(language),
            DraftError::Rate(error) => error.words(language),
            DraftError::Total(error) => error.words(language),
            DraftError::Adjustment(error) => error.words(language),
            DraftError::Free => language.say("die Zeilen ergeben nichts", "the lines add up to nothing").to_owned(),
            DraftError::Negative(total, currency) => {
                let total = total.with_currency(*currency, language);
                language.say(
                    format!("die Zeilen ergeben {total}; eine Rechnung muss über mehr als nichts lauten"),
                    format!("the lines add up to {total}; an invoice must be over more than nothing"),
                )
            }
            DraftError::NoAccount(currency) => language.say(
                format!("kein Bankkonto in {currency} ist eingerichtet, auf das der Kunde zahlen könnte"),
                format!("no bank account in {currency} is configured that the customer could pay to"),
            ),
        }
    }
}

/// An invoice without its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    document: Document,
    qr: Option<QrAccount>,
    lacks: Option<NoExchangeRate>,
}

impl Draft {
    /// Drafts the invoice for a charge, dated `today`.
    ///
    /// # Errors
    /// When a price or a rate is missing for the day, amounts do not add up to more than nothing, or nobody could pay.
    pub fn of(charge: &Charge<'_>, customer: &Customer, terms: &Terms, today: NaiveDate) -> Result<Draft, DraftError> {
        let currency = charge.currency.or(customer.currency).unwrap_or(terms.currency);
        let charged = charge.charged();
        if charged.is_empty() {
            return Err(DraftError::Free);
        }
        let priced = charge.price(&charged, terms, currency)?;
        let totals = charge.total(&priced, terms, currency)?;
        if totals.payable.is_zero() {
            return Err(DraftError::Free);
        }
        if !totals.payable.is_positive() {
            return Err(DraftError::Negative(totals.payable, currency));
        }
        let decimal = |amount: Amount| amount.decimal(currency);
        let language = customer.language.of_business_in(terms.seller.address.country.code());
        let order_number = order_of(charge.order_number.or(customer.order_number.as_deref()), charge.items);
        let body = Body {
            kind: DocumentKind::Invoice,
            part: InvoicePart::Whole,
            contract: charge.contract,
            title: charge.title,
            note: charge.note,
            service_from: charge.service_from,
            service_through: charge.service_through,
            term_days: charge.term_days,
            valid_until: None,
            currency,
            lines: document_lines(&charged, &priced, &totals, (currency, language), order_number.as_deref()),
            order_number,
            allowances: Way::Allowance.of_document(charge.allowances, &totals.allowances, (currency, language)),
            charges: Way::Charge.of_document(charge.charges, &totals.charges, (currency, language)),
            totals: DocumentTotals {
                net: decimal(totals.net_total),
                vat: decimal(totals.vat_total),
                gross: decimal(totals.gross_total),
                prepaid: decimal(totals.prepaid),
                rounding: decimal(totals.rounding),
                payable: decimal(totals.payable),
            },
            vat: totals
                .vat
                .iter()
                .map(|v| DocumentVat { vat: v.vat, base: decimal(v.base), tax: decimal(v.tax), exemption: None })
                .collect(),
            attachments: charge.attachments.iter().filter_map(AttachedFile::attachment).collect(),
            preceding: Vec::new(),
            follows: None,
            deductions: Vec::new(),
            offered: Vec::new(),
        };
        Draft::of_body(body, customer, terms, today)
    }

    /// Drafts a document that says what it comes to, dated `today`.
    ///
    /// # Errors
    /// When no account in its currency is configured.
    pub fn of_body(body: Body<'_>, customer: &Customer, terms: &Terms, today: NaiveDate) -> Result<Draft, DraftError> {
        let currency = body.currency;
        let account = terms.accounts.iter().find(|account| account.currency == currency);
        let account = account.ok_or(DraftError::NoAccount(currency))?;
        let term_days = body.term_days.or(customer.term_days).unwrap_or(terms.term_days);
        let is_owed = body.kind.asks_for_payment();
        let payable = Amount::exact(body.totals.payable, currency)?;
        let granted = customer.discounts.iter().filter(|_| is_owed && payable.is_positive());
        let early = granted.map(|discount| EarlyPayment::of(*discount, payable, today, currency));
        let country = terms.seller.address.country;
        let days = (today, body.service_through);
        // Before anything is owed no VAT is declared.
        let in_tax_currency = match in_tax_currency((currency, body.totals.vat), country, days, &terms.exchange_rates) {
            _ if !is_owed => Ok(None),
            converted => converted,
        };
        let (tax_currency, lacks) = match in_tax_currency {
            Ok(tax_currency) => (tax_currency, None),
            Err(lacks) => (None, Some(lacks)),
        };
        let mut document = Document {
            kind: body.kind,
            origin: Origin::Issued,
            number: String::new(),
            issued_on: today,
            due_on: body.valid_until.unwrap_or(today + Days::new(u64::from(term_days))),
            currency,
            language: customer.language.of_business_in(country.code()),
            title: body.title.map(str::to_owned),
            note: body.note.map(str::to_owned),
            contract: Some(body.contract.to_owned()),
            buyer_reference: customer.buyer_reference.clone(),
            order_number: body.order_number,
            service_from: body.service_from,
            service_through: body.service_through,
            seller: terms.seller.clone(),
            buyer: Buyer::of(customer),
            lines: body.lines,
            totals: body.totals,
            vat: body.vat,
            discounts: early.collect(),
            default_notice: is_owed && customer.needs_default_notice(),
            part: body.part,
            preceding: body.preceding,
            follows: body.follows,
            deductions: body.deductions,
            offered: body.offered,
            allowances: body.allowances,
            charges: body.charges,
            tax_currency,
            mandate: terms.e_invoicing.mandate_of(customer).filter(|_| is_owed),
            attachments: body.attachments,
            e_invoice: None,
            payment_means: customer.payment_means,
            pay_to: account.pay_to(),
        };
        document.e_invoice = is_owed.then(|| terms.e_invoicing.format_of(&document, customer)).flatten();
        Ok(Draft { document, qr: account.qr.clone(), lacks })
    }

    /// Gives the draft its number, and the references that follow from it.
    pub fn numbered(self, number: &str) -> Document {
        let mut document = self.document;
        document.number = number.to_owned();
        let reference = CreditorReference::of_number(number).expect("a series gives numbers that fit into a reference");
        document.pay_to.reference = reference.as_str().to_owned();
        document.pay_to.qr = self.qr.and_then(|account| {
            let reference = account.reference(number)?.as_str().to_owned();
            Some(QrPayTo { iban: account.iban, reference })
        });
        document
    }

    /// Returns what the customer will owe.
    pub fn payable(&self) -> Amount {
        self.document.payable()
    }

    /// Returns what it must not be issued without, and what only its day brings along: the rate that its VAT is converted at.
    pub fn lacks(&self) -> Option<&NoExchangeRate> {
        self.lacks.as_ref()
    }

    /// Returns the files that go with it.
    pub fn attachments(&self) -> &[Attachment] {
        &self.document.attachments
    }

    /// Returns the currency.
    pub fn currency(&self) -> Currency {
        self.document.currency
    }
}

impl Charge<'_> {
    /// Returns what becomes a line each: the items with what is charged of them, those whose quantity changes inside the service in parts.
    fn charged(&self) -> Vec<Charged<'_>> {
        let days = |from: NaiveDate, through: NaiveDate| (through - from).num_days() + 1;
        let all = days(self.service_from, self.service_through);
        let mut charged = Vec::new();
        for item in self.items {
            for stretch in item.stretches(self.service_from, self.service_through) {
                let part = days(stretch.from, stretch.through);
                let (share, service) = match self.share {
                    share if part == all => (share, None),
                    share => {
                        let full = share.map_or(all, |(_, full)| full);
                        (Some((part, full)), Some((stretch.from, stretch.through)))
                    }
                };
                charged.push(Charged { item, quantity: stretch.quantity, share, service });
            }
        }
        charged
    }

    /// Decides price and VAT of each line.
    fn price(&self, charged: &[Charged<'_>], terms: &Terms, currency: Currency) -> Result<Vec<PricedLine>, DraftError> {
        charged.iter().map(|charged| self.price_item(charged, terms, currency)).collect()
    }

    fn price_item(&self, charged: &Charged<'_>, terms: &Terms, currency: Currency) -> Result<PricedLine, DraftError> {
        let Charged { item, quantity, share, .. } = *charged;
        // What is charged by days is so many days of a price for so many days (BT-149), so that the line's sum is exact to the cent.
        let (quantity, base_quantity) = match share {
            None => (quantity, Decimal::ONE),
            Some((days, full_days)) => (quantity * Decimal::from(days), Decimal::from(full_days)),
        };
        let discount = item.discount_percent.map(Modifier::Percent).into_iter().map(Ok);
        let of = |adjustment: &Adjustment| adjustment.modifier(share, currency);
        Ok(PricedLine {
            quantity,
            unit_price: item.price_on(self.priced_on)?,
            base_quantity,
            vat: self.vat(item.vat, terms)?,
            allowances: discount.chain(item.allowances.iter().map(of)).collect::<Result<_, _>>()?,
            charges: item.charges.iter().map(of).collect::<Result<_, _>>()?,
        })
    }

    /// Returns the VAT of a class on the last day of service.
    fn vat(&self, class: VatClass, terms: &Terms) -> Result<Vat, NoRate> {
        let class = if terms.small_business { VatClass::Exempt } else { class };
        class.on(terms.seller.address.country, self.service_through)
    }

    /// Adds up priced lines with what is taken off and charged on all of them.
    fn total(&self, lines: &[PricedLine], terms: &Terms, currency: Currency) -> Result<Totals, DraftError> {
        let allowances = self.allowances.iter().map(|allowance| allowance.modifier(self.share, currency));
        let allowances: Vec<Modifier> = allowances.collect::<Result<_, _>>()?;
        let of_lines = self.items.first().map(|item| item.vat).unwrap_or_default();
        let charge = |charge: &Adjustment| -> Result<DocumentCharge, DraftError> {
            Ok(match charge.modifier(self.share, currency)? {
                Modifier::Percent(percent) => DocumentCharge::Percent(percent),
                Modifier::Amount(amount) => {
                    DocumentCharge::Amount { amount, vat: self.vat(charge.vat.unwrap_or(of_lines), terms)? }
                }
            })
        };
        let charges: Vec<DocumentCharge> = self.charges.iter().map(charge).collect::<Result<_, _>>()?;
        let sheet = Worksheet {
            currency,
            price_mode: PriceMode::Net,
            lines,
            allowances: &allowances,
            charges: &charges,
            prepaid: Amount::ZERO,
            round_payable_to: None,
        };
        Ok(sheet.total()?)
    }
}

/// An item, or a part of it: what becomes a line.
struct Charged<'a> {
    item: &'a Item,
    quantity: Decimal,
    /// The days charged and the days of the full period, where it is charged by days.
    share: Option<(i64, i64)>,
    /// Its days of service, where they are not those of the invoice.
    service: Option<(NaiveDate, NaiveDate)>,
}

fn document_lines(
    charged: &[Charged<'_>],
    priced: &[PricedLine],
    totals: &Totals,
    said_in: (Currency, Language),
    order: Option<&str>,
) -> Vec<DocumentLine> {
    let lines = charged.iter().zip(priced).zip(&totals.line_net);
    let currency = said_in.0;
    lines
        .map(|((charged, line), net)| {
            let item = charged.item;
            let before = PricedLine { allowances: Vec::new(), charges: Vec::new(), ..line.clone() };
            let gross = before.amount(currency).expect("it was added up");
            let allowance = item.discount_percent.map(|percent| LineAllowance {
                percent,
                amount: Modifier::Percent(percent).of(gross).decimal(currency),
            });
            let further = &line.allowances[usize::from(allowance.is_some())..];
            DocumentLine {
                name: item.name.clone(),
                description: item.description.clone(),
                quantity: line.quantity,
                unit: if charged.share.is_some() { Unit::day() } else { item.unit.clone() },
                unit_price: line.unit_price,
                base_quantity: line.base_quantity,
                allowance,
                allowances: Way::Allowance.of_line(&item.allowances, further, gross, said_in),
                charges: Way::Charge.of_line(&item.charges, &line.charges, gross, said_in),
                service: charged.service,
                order_number: order_of_line(item, order),
                order_line: item.order_line.clone(),
                net: net.decimal(currency),
                vat: line.vat,
                revenue_account: item.revenue_account.clone(),
                position: None,
                corrects: None,
            }
        })
        .collect()
}

impl Buyer {
    /// Says who a customer is, as of now.
    pub fn of(customer: &Customer) -> Buyer {
        Buyer {
            number: customer.number.clone(),
            name: customer.name.clone(),
            address: customer.address.clone(),
            vat_id: customer.vat_id.clone(),
            contact: customer.contact.as_ref().map(|contact| contact.name.clone()),
            electronic_address: electronic_address(customer),
        }
    }
}
