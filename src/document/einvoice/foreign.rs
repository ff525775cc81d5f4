//! The e-invoice of an earlier system, CII or UBL, alone or in a PDF, as an open item.

use chrono::{Days, NaiveDate};
use en16931::invoice::{self as read, PaymentMeans as Means};
use en16931_formats::report::Kind;
use rust_decimal::Decimal;

use super::carried::carried_xml;
use crate::customer::PaymentMeans;
use crate::invoice::{
    Buyer, Document, DocumentKind, DocumentLine, DocumentModifier, DocumentTotals, DocumentVat, EInvoiceFormat,
    EarlyPayment, Foreign, InvoicePart, LineModifier, NotTaken, Origin, PayTo, QrPayTo, Terms,
};
use crate::items::{Discount, GrantedDiscount, Unit, Vat, VatCategory, granted_discounts};
use crate::language::Language;
use crate::money::{Amount, Currency, percent_of};
use crate::party::{Address, ElectronicAddress, one_line};
use crate::reference::{CreditorReference, Iban, QrReference, squeeze, stated};

/// The kinds of document that lower what is owed (UNCL 1001).
const LOWERS: [&str; 12] = ["81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "503", "532"];

/// The decimals of percents that come to the same cent of whatever amount the books hold.
const SAME_DISCOUNT: u32 = 12;

/// Reads the e-invoice in a file as an open item of the business. What it says of who invoices is compared only: `terms` have that.
///
/// # Errors
/// When it is none, when nothing is owed by it, or when it says what the books cannot hold.
pub fn read_foreign(bytes: &[u8], terms: &Terms) -> Result<Foreign, NotTaken> {
    let xml = if bytes.starts_with(b"%PDF") { carried_xml(bytes) } else { Some(bytes.to_vec()) };
    let xml = xml.filter(|xml| looks_like_xml(xml)).ok_or(NotTaken::NoEInvoice)?;
    let file = en16931_formats::read(&xml).map_err(|error| NotTaken::Unreadable(error.to_string()))?;
    if let Some(malformed) = file.entries_of(Kind::Malformed).next() {
        return Err(NotTaken::Unreadable(format!("{}: {}", malformed.path, malformed.message)));
    }
    let form = form_of(&file.invoice, file.syntax);
    let reader = Reader { file: &file.invoice, terms };
    let document = Document { e_invoice: form, ..reader.document()? };
    let seller = one_line(file.invoice.seller.name.as_deref().unwrap_or_default());
    let buyer = &file.invoice.buyer;
    Ok(Foreign {
        is_ours: reader.is_ours(),
        email: [buyer.electronic_address.as_ref().filter(|at| at.scheme() == Some("EM")).map(|at| at.content())]
            .into_iter()
            .chain([buyer.contact.email.as_deref()])
            .flatten()
            .find_map(|email| email.parse().ok()),
        is_registered: buyer.vat_identifier.is_some() || buyer.legal_registration.is_some(),
        seller,
        document,
    })
}

/// Tells whether bytes begin as XML does, in any encoding that it knows.
fn looks_like_xml(bytes: &[u8]) -> bool {
    bytes.iter().copied().find(|b| !matches!(b, 0 | 0xef | 0xbb | 0xbf | 0xfe | 0xff | b' ' | b'\t' | b'\r' | b'\n'))
        == Some(b'<')
}

/// Returns the form of an e-invoice, where it is one that a customer may go on getting.
fn form_of(file: &read::Invoice, syntax: en16931_formats::Syntax) -> Option<EInvoiceFormat> {
    let is_xrechnung = file.specification_id.as_deref().is_some_and(|id| id.contains("xrechnung"));
    match (syntax, is_xrechnung) {
        (en16931_formats::Syntax::Cii, true) => Some(EInvoiceFormat::Xrechnung),
        (en16931_formats::Syntax::Ubl, true) => Some(EInvoiceFormat::XrechnungUbl),
        (en16931_formats::Syntax::Cii, false) => Some(EInvoiceFormat::Zugferd),
        (_, false) => None,
        (_, true) => Some(EInvoiceFormat::Xrechnung),
    }
}

struct Reader<'a> {
    file: &'a read::Invoice,
    terms: &'a Terms,
}

impl Reader<'_> {
    fn document(&self) -> Result<Document, NotTaken> {
        let file = self.file;
        let sort = file.type_code.as_ref().map_or("380", read::Code::as_str);
        if file.kind == read::DocumentKind::CreditNote || LOWERS.contains(&sort) {
            return Err(NotTaken::CreditNote);
        }
        let currency = file.currency.as_ref().ok_or(NotTaken::Missing("BT-5"))?.as_str();
        let currency: Currency = currency.parse().map_err(|_| unknown("BT-5", currency))?;
        let amount = |term: &'static str, value: Decimal| match Amount::exact(value, currency) {
            Ok(amount) => Ok(amount.decimal(currency)),
            Err(_) => Err(unknown(term, &value.to_string())),
        };
        let totals = &file.totals;
        let maybe = |term, value: Option<en16931::InvoiceAmount>| amount(term, value.map_or(Decimal::ZERO, Into::into));
        let totals = DocumentTotals {
            net: amount("BT-109", totals.taxable_total.into())?,
            vat: maybe("BT-110", totals.vat_total)?,
            gross: amount("BT-112", totals.gross_total.into())?,
            prepaid: maybe("BT-113", totals.paid)?,
            rounding: maybe("BT-114", totals.rounding)?,
            payable: amount("BT-115", totals.due.into())?,
        };
        if totals.payable.is_zero() {
            return Err(NotTaken::NothingDue);
        }
        if totals.payable.is_sign_negative() {
            return Err(NotTaken::CreditNote);
        }
        let number = one_line(file.number.as_deref().unwrap_or_default());
        if squeeze(&number).is_empty() {
            return Err(NotTaken::Missing("BT-1"));
        }
        let issued_on = file.issue_date.ok_or(NotTaken::Missing("BT-2")).and_then(|day| day_of("BT-2", day))?;
        let in_days = issued_on + Days::new(u64::from(self.terms.term_days));
        let due_on = file.due_date.map_or(Ok(in_days), |day| day_of("BT-9", day))?;
        let (service_from, service_through) = self.service(issued_on)?;
        let vat = file.vat_breakdown.iter().map(|group| {
            Ok(DocumentVat {
                vat: vat_of(group.category.as_str(), group.rate)?,
                base: amount("BT-116", group.taxable_amount.into())?,
                tax: amount("BT-117", group.tax_amount.into())?,
                exemption: group.exemption_reason.clone(),
            })
        });
        let modifier = |modifier: &read::DocumentAllowanceCharge| {
            Ok(DocumentModifier {
                amount: amount("BT-92", modifier.amount.into())?,
                percent: modifier.percentage.map(en16931::Percentage::into_decimal),
                base: modifier.base_amount.map(|base| amount("BT-93", base.into())).transpose()?,
                vat: vat_of(modifier.vat.category.as_str(), modifier.vat.rate)?,
                reason: modifier.reason.clone().unwrap_or_default(),
                code: modifier.reason_code.as_ref().map(|code| code.as_str().to_owned()),
            })
        };
        let notes: Vec<&str> = file.notes.iter().filter_map(|note| note.note.as_deref()).collect();
        let is_debited =
            matches!(file.payment.as_ref().and_then(|pay| pay.means.as_ref()), Some(Means::DirectDebit(_)));
        let reference = |reference: &Option<en16931::DocumentReference>| {
            reference.as_ref().map(|reference| one_line(reference.as_str())).filter(|text| !text.is_empty())
        };
        Ok(Document {
            kind: DocumentKind::Invoice,
            origin: Origin::Imported,
            issued_on,
            due_on,
            currency,
            language: Language::GERMAN,
            title: None,
            note: (!notes.is_empty()).then(|| notes.join("\n")),
            contract: None,
            buyer_reference: file.buyer_reference.clone(),
            order_number: reference(&file.purchase_order_reference),
            service_from,
            service_through,
            seller: self.terms.seller.clone(),
            buyer: self.buyer()?,
            lines: file.lines.iter().map(|line| self.line(line, amount)).collect::<Result<_, _>>()?,
            totals,
            vat: vat.collect::<Result<_, NotTaken>>()?,
            discounts: self.discounts(Amount::exact(totals.payable, currency).unwrap_or_default(), issued_on, currency),
            default_notice: false,
            part: match sort {
                "386" => InvoicePart::Deposit,
                "326" => InvoicePart::Partial,
                _ => InvoicePart::Whole,
            },
            preceding: Vec::new(),
            allowances: file.allowances.iter().map(modifier).collect::<Result<_, NotTaken>>()?,
            charges: file.charges.iter().map(modifier).collect::<Result<_, NotTaken>>()?,
            tax_currency: None,
            mandate: None,
            attachments: Vec::new(),
            e_invoice: None,
            follows: None,
            deductions: Vec::new(),
            offered: Vec::new(),
            payment_means: if is_debited { PaymentMeans::DirectDebit } else { PaymentMeans::Transfer },
            pay_to: self.pay_to(&number, currency)?,
            number,
        })
    }

    /// Returns what the terms (BT-20) grant for paying early. Where the percents are of another amount than what is payable, they are
    /// those of the latter that come to the same: matching knows no others.
    fn discounts(&self, payable: Amount, issued_on: NaiveDate, currency: Currency) -> Vec<EarlyPayment> {
        let of_payable = |granted: GrantedDiscount| {
            let Some(base) = granted.base else { return Some(granted.discount) };
            let off = percent_of(Amount::exact(base, currency).ok()?, granted.discount.percent);
            let percent = off.decimal(currency) * Decimal::ONE_HUNDRED / payable.decimal(currency);
            Some(Discount { percent: percent.round_dp(SAME_DISCOUNT).normalize(), ..granted.discount })
                .filter(|discount| discount.percent < Decimal::ONE_HUNDRED)
        };
        let terms = self.file.payment_terms.as_deref().unwrap_or_default();
        let granted = granted_discounts(terms).into_iter().filter_map(of_payable);
        granted.map(|discount| EarlyPayment::of(discount, payable, issued_on, currency)).collect()
    }

    fn service(&self, issued_on: NaiveDate) -> Result<(NaiveDate, NaiveDate), NotTaken> {
        let delivered = self.file.delivery.as_ref().and_then(|delivery| delivery.date);
        let delivered = delivered.map(|day| day_of("BT-72", day)).transpose()?.unwrap_or(issued_on);
        let period = self.file.invoicing_period.as_ref();
        let from = period.and_then(|period| period.start).map(|day| day_of("BT-73", day)).transpose()?;
        let through = period.and_then(|period| period.end).map(|day| day_of("BT-74", day)).transpose()?;
        let through = through.or(from).unwrap_or(delivered);
        Ok((from.unwrap_or(through).min(through), through))
    }

    fn buyer(&self) -> Result<Buyer, NotTaken> {
        let buyer = &self.file.buyer;
        let name = one_line(buyer.name.as_deref().unwrap_or_default());
        if name.is_empty() {
            return Err(NotTaken::Missing("BT-44"));
        }
        let address = &buyer.address;
        let country = address.country.as_ref().map_or("", read::Code::as_str);
        let said = |text: &Option<String>| one_line(text.as_deref().unwrap_or_default());
        let maybe = |text: &Option<String>| Some(said(text)).filter(|text| !text.is_empty());
        Ok(Buyer {
            number: buyer.identifiers.first().map(|id| one_line(id.content())).unwrap_or_default(),
            name,
            address: Address {
                street: said(&address.line1),
                additional: maybe(&address.line2),
                postcode: said(&address.post_code),
                city: said(&address.city),
                country: country.parse().unwrap_or(self.terms.seller.address.country),
            },
            vat_id: maybe(&buyer.vat_identifier).map(|id| id.split_whitespace().collect()),
            contact: maybe(&buyer.contact.name),
            electronic_address: buyer.electronic_address.as_ref().and_then(|at| {
                let scheme = at.scheme().filter(|scheme| *scheme != "EM")?;
                Some(ElectronicAddress { scheme: scheme.to_owned(), id: at.content().to_owned() })
            }),
        })
    }

    fn line(
        &self,
        line: &read::InvoiceLine,
        amount: impl Fn(&'static str, Decimal) -> Result<Decimal, NotTaken>,
    ) -> Result<DocumentLine, NotTaken> {
        let modifiers = |modifiers: &[read::LineAllowanceCharge]| {
            let modifier = |modifier: &read::LineAllowanceCharge| {
                Ok(LineModifier {
                    amount: amount("BT-136", modifier.amount.into())?,
                    percent: modifier.percentage.map(en16931::Percentage::into_decimal),
                    base: modifier.base_amount.map(|base| amount("BT-137", base.into())).transpose()?,
                    reason: modifier.reason.clone().unwrap_or_default(),
                    code: modifier.reason_code.as_ref().map(|code| code.as_str().to_owned()),
                })
            };
            modifiers.iter().map(modifier).collect::<Result<Vec<_>, NotTaken>>()
        };
        let code = line.unit_code.as_str();
        let period = line.period.as_ref().and_then(|period| Some((period.start?, period.end?)));
        Ok(DocumentLine {
            name: one_line(line.item.name.as_deref().unwrap_or_default()),
            description: line.item.description.clone(),
            quantity: line.quantity.into_decimal(),
            unit: Unit::try_from(code.to_owned()).map_err(|_| unknown("BT-130", code))?,
            unit_price: line.price.net_price.into_decimal(),
            base_quantity: line.price.base_quantity.map_or(Decimal::ONE, en16931::Quantity::into_decimal),
            allowance: None,
            allowances: modifiers(&line.allowances)?,
            charges: modifiers(&line.charges)?,
            service: period.map(|(start, end)| Ok((day_of("BT-134", start)?, day_of("BT-135", end)?))).transpose()?,
            order_number: None,
            order_line: line.order_line_reference.clone().map(|line| line.as_str().to_owned()),
            net: amount("BT-131", line.net_amount.into())?,
            vat: vat_of(line.vat.category.as_str(), line.vat.rate)?,
            revenue_account: line.accounting_reference.clone(),
            position: None,
            corrects: None,
        })
    }

    /// Returns where it is paid: into our account that the file names, else into our first one of the currency. Without a reference that
    /// payers know, alone or in a text, the one that follows from the number is quoted.
    fn pay_to(&self, number: &str, currency: Currency) -> Result<PayTo, NotTaken> {
        let payment = self.file.payment.as_ref();
        let named: Vec<Iban> = match payment.and_then(|payment| payment.means.as_ref()) {
            Some(Means::CreditTransfer(transfers)) => {
                transfers.iter().filter_map(|transfer| transfer.account_identifier.as_deref()?.parse().ok()).collect()
            }
            _ => Vec::new(),
        };
        let own = || self.terms.accounts.iter().filter(|account| account.currency == currency);
        let account = own().find(|account| named.contains(&account.iban)).or_else(|| own().next());
        let account = account.ok_or(NotTaken::NoAccount(currency))?;
        let quoted = payment.and_then(|payment| payment.remittance_information.as_deref()).unwrap_or_default();
        let reference = stated(quoted, CreditorReference::parse).or_else(|| CreditorReference::of_number(number));
        let in_full = |text: &str| QrReference::parse(text).filter(|reference| reference.as_str() == text);
        let qr = QrReference::parse(quoted).or_else(|| stated(quoted, in_full)).and_then(|reference| {
            let named = || named.iter().find(|iban| iban.is_qr()).cloned();
            let iban = account.qr.as_ref().map(|qr| qr.iban.clone()).or_else(named)?;
            Some(QrPayTo { iban, reference: reference.as_str().to_owned() })
        });
        let reference = reference.map(|reference| reference.as_str().to_owned()).unwrap_or_default();
        Ok(PayTo { reference, qr, ..account.pay_to() })
    }

    /// Tells whether the business issued it: by VAT id, tax number or name.
    fn is_ours(&self) -> bool {
        let (seller, own) = (&self.file.seller, &self.terms.seller);
        let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
            (Some(a), Some(b)) => squeeze(a) == squeeze(b),
            _ => false,
        };
        let letters = |name: &str| name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        same(&seller.vat_identifier, &own.vat_id)
            || same(&seller.tax_registration, &own.tax_number)
            || seller.name.as_ref().is_some_and(|name| letters(name) == letters(&own.name))
    }
}

fn unknown(term: &'static str, said: &str) -> NotTaken {
    NotTaken::Unknown { term, said: said.to_owned() }
}

fn day_of(term: &'static str, day: en16931::Date) -> Result<NaiveDate, NotTaken> {
    NaiveDate::from_ymd_opt(day.year(), u32::from(day.month()), u32::from(day.day()))
        .ok_or_else(|| unknown(term, &day.to_string()))
}

fn vat_of(code: &str, rate: Option<en16931::Percentage>) -> Result<Vat, NotTaken> {
    let category = VatCategory::by_code(code).ok_or_else(|| unknown("BT-118", code))?;
    Ok(Vat { category, rate: rate.map_or(Decimal::ZERO, en16931::Percentage::into_decimal) })
}
