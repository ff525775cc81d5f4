//! E-invoices of every shape that a document can have, in each syntax. The rules in process accept all of them; they are also written
//! to `einvoices/` and `zugferd/` in the target's folder for tests, where `.ci/run` has them judged by `tests/tools/validate_einvoice.py`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde_json::json;
use settled::customer::{Customer, EInvoice, PaymentMeans};
use settled::document::{
    Engine, Files, Paper, Request, Style, Templates, carried_xml, data, e_invoice, judge, objections,
};
use settled::invoice::{
    Attachment, Buyer, Document, DocumentKind, DocumentLine, DocumentModifier, DocumentTotals, DocumentVat, Draft,
    EInvoiceFormat, EInvoicing, EarlyPayment, InvoicePart, LineAllowance, LineModifier, Mandate, Objection, OneOff,
    Origin, OwnAccount, PayTo, Preceding, Seller, SellerContact, TaxCurrency, Terms, Turnover, VatExchangeRate,
};
use settled::items::{Discount, DocumentCharge, Modifier, PriceMode, PricedLine, Unit, Vat, VatCategory, Worksheet};
use settled::language::Language;
use settled::money::{Amount, Currency};
use settled::party::{Address, Country, ElectronicAddress};
use settled::recurring::Contract;

const FORMATS: [(&str, EInvoiceFormat); 3] = [
    ("zugferd", EInvoiceFormat::Zugferd),
    ("xrechnung-cii", EInvoiceFormat::Xrechnung),
    ("xrechnung-ubl", EInvoiceFormat::XrechnungUbl),
];

#[test]
fn every_shape_is_accepted_in_each_syntax() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("einvoices");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let (mut refused, mut written) = (Vec::new(), 0);
    for (name, shape) in shapes() {
        for (format, e) in FORMATS {
            let document = Document { e_invoice: Some(e), ..shape.clone() };
            let xml = e_invoice(&document, &files()).unwrap();
            assert_eq!(e_invoice(&document, &files()).unwrap(), xml, "{name}: the same document gives the same bytes");
            let verdict = judge(xml.as_bytes());
            if !verdict.accepted || !verdict.findings.is_empty() {
                refused.push(format!("{name} {format}: {:?} {:#?}", verdict.reasons, verdict.findings));
            }
            reads_back(&document, &xml);
            // CII D16B holds one reference to an earlier document; what ZUGFeRD writes of several is in `cii` below.
            if e != EInvoiceFormat::Zugferd || document.preceding.len() < 2 {
                fs::write(folder.join(format!("{name}.{format}.xml")), xml).unwrap();
                written += 1;
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(written > 80, "{written}");
}

#[test]
fn a_zugferd_file_is_pdf_a_and_pdf_ua_and_carries_its_xml_and_attachments() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("zugferd");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let engine = Engine::new();
    for (name, shape) in shapes() {
        let document = &Document { e_invoice: Some(EInvoiceFormat::Zugferd), ..shape };
        let several = document.preceding.len() > 1;
        let paper = Paper::Invoice(Box::new(document.clone()), files());
        let request = Request { paper, style: Style::default(), logo: None, templates: Templates::default() };
        let pdf = engine.render(&request).unwrap_or_else(|error| panic!("{name}: {error}"));
        let has = |text: &str| pdf.windows(text.len()).any(|window| window == text.as_bytes());
        for mark in ["pdfaid:part>3<", "pdfuaid:part>1<", "fx:ConformanceLevel>EN 16931<", "/Lang"] {
            assert!(has(mark), "{name} lacks {mark}");
        }
        let xml = e_invoice(document, &files()).unwrap();
        assert_eq!(carried_xml(&pdf), Some(xml.into_bytes()), "{name}");
        if name == "attachment" {
            assert_eq!(engine.render(&request).unwrap(), pdf, "the same document gives the same bytes");
            assert!(has("Stundenzettel"));
        }
        if !several {
            fs::write(folder.join(format!("{name}.pdf")), pdf).unwrap();
        }
    }
}

#[test]
fn a_template_that_describes_no_picture_still_gives_pdf_a() {
    let own = "#set document(title: \"x\", date: datetime(year: 2027, month: 1, day: 4))\n#image(\"code.svg\")";
    let templates = Templates { invoice: Some(own.into()), letter: None };
    let paper = Paper::Invoice(Box::new(shapes()[0].1.clone()), Files::new());
    let pdf = Engine::new().render(&Request { paper, style: Style::default(), logo: None, templates }).unwrap();
    let has = |text: &str| pdf.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("pdfaid:part>3<") && !has("pdfuaid:part"));
}

/// What another reader takes from the XML is what the document says.
fn reads_back(document: &Document, xml: &str) {
    let read = en16931_formats::read(xml.as_bytes()).unwrap().invoice;
    assert_eq!(read.number.as_deref(), Some(document.number.as_str()));
    let totals = [read.totals.gross_total.to_string(), read.totals.due.to_string()];
    let ours = [document.totals.gross.to_string(), document.totals.payable.to_string()];
    assert_eq!(totals, ours, "{}", document.number);
    assert_eq!(read.lines.len(), document.lines.len(), "{}", document.number);
}

#[test]
fn a_document_reads_as_xml_of_each_syntax() {
    let shapes: BTreeMap<&str, Document> = shapes().into_iter().collect();
    let shown = [
        ("cii", "modifiers", EInvoiceFormat::Zugferd),
        ("cii_final", "final-two-deposits", EInvoiceFormat::Zugferd),
        ("ubl", "direct-debit", EInvoiceFormat::XrechnungUbl),
        ("ubl_credit_note", "credit-note", EInvoiceFormat::XrechnungUbl),
    ];
    for (name, shape, format) in shown {
        let document = Document { e_invoice: Some(format), ..shapes[shape].clone() };
        insta::assert_snapshot!(name, e_invoice(&document, &files()).unwrap());
    }
}

/// When a business in Germany gets XML: what was agreed, what the business says, its turnover, the day of issue, the last day of
/// service, the net amount; then the form.
#[test]
fn an_e_invoice_is_written_where_it_was_agreed_or_the_law_asks() {
    let zugferd = Some(EInvoiceFormat::Zugferd);
    let table = [
        // Nothing is said: businesses in Germany get it now, others and consumers a plain PDF.
        ("", None, None, "2026-11-30", "2026-11-30", "1000", zugferd),
        ("kind = 'consumer'", None, None, "2027-06-01", "2027-06-01", "1000", None),
        ("country = 'AT'", None, None, "2027-06-01", "2027-06-01", "1000", None),
        ("e_invoice = 'none'", None, None, "2027-06-01", "2027-06-01", "1000", None),
        ("e_invoice = 'xrechnung'", None, None, "2026-06-01", "2026-06-01", "1000", Some(EInvoiceFormat::Xrechnung)),
        (
            "e_invoice = 'xrechnung_ubl'",
            None,
            None,
            "2026-06-01",
            "2026-06-01",
            "1",
            Some(EInvoiceFormat::XrechnungUbl),
        ),
        ("kind = 'consumer' e_invoice = 'zugferd'", None, None, "2026-06-01", "2026-06-01", "1000", zugferd),
        // `auto`: only when the law asks for it.
        ("e_invoice = 'auto'", None, None, "2026-12-31", "2026-12-31", "1000", None),
        ("e_invoice = 'auto'", None, Some("800000.01"), "2027-01-04", "2026-12-31", "1000", zugferd),
        ("e_invoice = 'auto'", None, Some("900000"), "2026-12-15", "2027-12-31", "1000", zugferd),
        ("e_invoice = 'auto'", None, Some("800000"), "2027-01-04", "2026-12-31", "1000", None),
        ("e_invoice = 'auto'", None, Some("800000"), "2027-12-15", "2028-01-01", "1000", zugferd),
        ("e_invoice = 'auto'", None, None, "2028-01-03", "2027-12-31", "210.08", None),
        ("e_invoice = 'auto'", None, None, "2028-01-03", "2027-12-31", "210.09", zugferd),
        ("e_invoice = 'auto' kind = 'consumer'", None, None, "2028-01-03", "2027-12-31", "1000", None),
        ("", Some(EInvoice::Auto), None, "2026-06-01", "2026-06-01", "1000", None),
        ("", Some(EInvoice::Auto), None, "2027-01-04", "2026-12-31", "1000", zugferd),
        ("kind = 'consumer'", Some(EInvoice::Zugferd), None, "2027-01-04", "2026-12-31", "1000", None),
    ];
    for (said, by_default, turnover, issued_on, through, net, expected) in table {
        let turnover = turnover.map(|amount| Turnover { amount: dec(amount), year: Some(2026) });
        let e_invoicing = EInvoicing { by_default, turnover, creditor_id: None };
        let document = drafted(said, e_invoicing, issued_on, through, net);
        assert_eq!(document.e_invoice, expected, "{said} {by_default:?} {turnover:?} {issued_on} {through} {net}");
    }
}

/// Drafts an invoice to a customer of whom `said` is said.
fn drafted(said: &str, e_invoicing: EInvoicing, issued_on: &str, through: &str, net: &str) -> Document {
    let mut book = json!({
        "number": "K-1", "name": "Becker", "email": { "invoice": "rechnung@becker.example" },
        "address": { "street": "Weg 1", "postcode": "10115", "city": "Berlin", "country": "DE" },
    });
    let words: Vec<&str> = said.split([' ', '=']).filter(|word| !word.is_empty()).collect();
    for pair in words.chunks(2) {
        let value = json!(pair[1].trim_matches('\''));
        if pair[0] == "country" { book["address"]["country"] = value } else { book[pair[0]] = value }
    }
    let once = json!({
        "number": "A-1", "customer": "K-1", "service_from": "2026-01-01", "service_through": through,
        "line": [{ "name": "Wartung", "unit_price": net }],
    });
    let (customer, once): (Customer, OneOff) =
        (serde_json::from_value(book).unwrap(), serde_json::from_value(once).unwrap());
    let terms = terms(e_invoicing);
    Draft::of(&once.charge(), &customer, &terms, day(issued_on)).unwrap().numbered("RE-2027-0001")
}

/// What a business in Berlin says of all its invoices.
fn terms(e_invoicing: EInvoicing) -> Terms {
    let account = OwnAccount {
        currency: Currency::EUR,
        holder: "Beispiel".into(),
        iban: "DE02120300000000202051".parse().unwrap(),
        bic: None,
        qr: None,
    };
    Terms {
        seller: blank().seller,
        term_days: 14,
        currency: Currency::EUR,
        small_business: false,
        accounts: vec![account],
        e_invoicing,
        exchange_rates: Vec::new(),
    }
}

#[test]
fn what_checkers_would_refuse_is_named_by_the_key_of_the_book() {
    type Break = fn(&mut Document);
    let table: [(EInvoiceFormat, Break, &str, &str); 12] = [
        (EInvoiceFormat::Xrechnung, |d| d.buyer_reference = None, "fehlt `buyer_reference`", "BR-DE-15"),
        (EInvoiceFormat::XrechnungUbl, |d| d.buyer_reference = None, "fehlt `buyer_reference`", "BR-DE-15"),
        (EInvoiceFormat::Xrechnung, |d| d.seller.contact.name = None, "fehlt `contact`", "BR-DE-5"),
        (EInvoiceFormat::Xrechnung, |d| d.seller.contact.phone = None, "fehlt `phone`", "BR-DE-6"),
        (EInvoiceFormat::Xrechnung, |d| d.buyer.electronic_address = None, "`email.invoice`", "PEPPOL-EN16931-R010"),
        (EInvoiceFormat::Xrechnung, |d| d.payment_means = PaymentMeans::DirectDebit, "`mandate`", "BR-DE-25-a"),
        (EInvoiceFormat::Zugferd, |d| (d.seller.vat_id, d.seller.tax_number) = (None, None), "`tax_number`", ""),
        (EInvoiceFormat::Zugferd, |d| d.buyer.address.country = "XX".parse().unwrap(), "`address.country`", "BR-CL-14"),
        (EInvoiceFormat::Zugferd, |d| d.buyer.vat_id = Some("987654321".into()), "`vat_id`", "BR-CO-09"),
        (EInvoiceFormat::Zugferd, |d| d.buyer.electronic_address = at("MAIL", "x"), "`electronic_address.scheme`", ""),
        (EInvoiceFormat::Zugferd, |d| d.lines[0].unit_price = -d.lines[0].unit_price, "`quantity` negativ", "BR-27"),
        (
            EInvoiceFormat::Zugferd,
            |d| d.lines[0].unit = Unit::try_from("QQQ".to_owned()).unwrap(),
            "`unit`",
            "BR-CL-23",
        ),
    ];
    let good = shapes()[0].1.clone();
    for (format, spoil, key, rule) in table {
        let mut document = Document { e_invoice: Some(format), ..good.clone() };
        assert_eq!(objections(&e_invoice(&document, &files()).unwrap()), []);
        spoil(&mut document);
        let found = objections(&e_invoice(&document, &files()).unwrap());
        let why = Objection::all_in_words(&found, Language::GERMAN);
        assert!(why.contains(key) && why.contains(rule), "{key} {rule}: {why}");
    }
    let mut document = Document { e_invoice: Some(EInvoiceFormat::Zugferd), ..good };
    document.vat[0].vat.category = VatCategory::AE;
    let found = objections(&e_invoice(&document, &files()).unwrap());
    let why = Objection::all_in_words(&found, Language::En);
    assert!(why.starts_with("as an e-invoice it would be refused: "), "{why}");
}

/// Tax is that of the seller's country, whose words name it; amounts are written as the customer does.
#[test]
fn words_of_tax_are_those_of_the_sellers_country() {
    let table: [(&str, &[&str], &[&str]); 3] = [
        ("standard", &["USt-IdNr.", "% Umsatzsteuer auf"], &["MWST", "UID"]),
        ("austrian-seller", &["UID-Nr.", "% Umsatzsteuer auf"], &["MWST", "USt-Id"]),
        ("swiss-seller", &["MWST-Nr.", "% MWST auf"], &["USt", "UID"]),
    ];
    let shapes = shapes();
    for (name, expected, never) in table {
        let (_, document) = shapes.iter().find(|(of, _)| *of == name).unwrap_or_else(|| panic!("{name}"));
        for tag in ["de", "de-AT", "de-CH"] {
            let document = Document { language: Language::by_tag(tag).unwrap(), ..document.clone() };
            let paper = data(&document, &Style::default()).to_string();
            for words in expected {
                assert!(paper.contains(words), "{name} {tag}: no {words} in {paper}");
            }
            for words in never {
                assert!(!paper.contains(words), "{name} {tag}: {words} in {paper}");
            }
        }
    }
}

#[test]
fn one_and_less_by_one_take_the_singular() {
    let good = shapes()[0].1.clone();
    for (quantity, expected) in
        [("1", "1 Quartal"), ("-1", "-1 Quartal"), ("-2", "-2 Quartale"), ("1.5", "1,5 Quartale")]
    {
        let mut document = good.clone();
        document.lines[0].quantity = dec(quantity);
        document.lines[0].unit = Unit::try_from("quarter".to_owned()).unwrap();
        let paper = data(&document, &Style::default()).to_string();
        assert!(paper.contains(&format!("\"{expected}\"")), "{expected}: {paper}");
    }
}

#[test]
fn paper_alone_has_no_xml() {
    assert_eq!(e_invoice(&shapes()[0].1, &Files::new()), None);
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn vat(category: VatCategory, rate: &str) -> Vat {
    Vat { category, rate: dec(rate) }
}

fn s(rate: &str) -> Vat {
    vat(VatCategory::S, rate)
}

fn files() -> Files {
    [("hash-of-the-time-sheet".to_owned(), b"%PDF-1.7 a time sheet".to_vec())].into()
}

fn address(street: &str, postcode: &str, city: &str, country: &str) -> Address {
    let country: Country = country.parse().unwrap();
    Address { additional: None, street: street.into(), postcode: postcode.into(), city: city.into(), country }
}

/// A line to be priced: name, quantity, unit, price, VAT.
struct Item(&'static str, &'static str, &'static str, &'static str, Vat);

/// A document in the making.
struct Shape {
    document: Document,
    lines: Vec<PricedLine>,
    allowances: Vec<Modifier>,
    charges: Vec<DocumentCharge>,
    prepaid: &'static str,
    step: Option<&'static str>,
}

impl Shape {
    fn of(items: &[Item]) -> Shape {
        let lines = items.iter().map(|Item(_, quantity, _, price, vat)| PricedLine {
            quantity: dec(quantity),
            unit_price: dec(price),
            base_quantity: Decimal::ONE,
            vat: *vat,
            allowances: Vec::new(),
            charges: Vec::new(),
        });
        let document_lines = items.iter().map(|Item(name, quantity, unit, price, vat)| DocumentLine {
            name: (*name).into(),
            description: None,
            quantity: dec(quantity),
            unit: Unit::try_from((*unit).to_owned()).unwrap(),
            unit_price: dec(price),
            base_quantity: Decimal::ONE,
            allowance: None,
            allowances: Vec::new(),
            charges: Vec::new(),
            service: None,
            order_number: None,
            order_line: None,
            net: Decimal::ZERO,
            vat: *vat,
            revenue_account: None,
            position: None,
            corrects: None,
        });
        let mut document = blank();
        document.lines = document_lines.collect();
        Shape {
            document,
            lines: lines.collect(),
            allowances: Vec::new(),
            charges: Vec::new(),
            prepaid: "0",
            step: None,
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Document)) -> Shape {
        change(&mut self.document);
        self
    }

    /// Takes percent off a line.
    fn off(mut self, line: usize, percent: &str) -> Shape {
        self.lines[line].allowances.push(Modifier::Percent(dec(percent)));
        self.document.lines[line].allowance = Some(LineAllowance { percent: dec(percent), amount: Decimal::ZERO });
        self
    }

    /// Adds up, as issuing does.
    fn done(mut self) -> Document {
        let currency = self.document.currency;
        for (line, document) in self.lines.iter_mut().zip(&self.document.lines) {
            line.base_quantity = document.base_quantity;
            let amount = |m: &LineModifier| Modifier::Amount(Amount::exact(m.amount, currency).unwrap());
            line.allowances.extend(document.allowances.iter().map(amount));
            line.charges.extend(document.charges.iter().map(amount));
        }
        let sheet = Worksheet {
            currency,
            price_mode: PriceMode::Net,
            lines: &self.lines,
            allowances: &self.allowances,
            charges: &self.charges,
            prepaid: Amount::parse(self.prepaid, currency).unwrap(),
            round_payable_to: self.step.map(|step| Amount::parse(step, currency).unwrap()),
        };
        let totals = sheet.total().unwrap();
        let decimal = |amount: Amount| amount.decimal(currency);
        let mut document = self.document;
        for ((line, priced), net) in document.lines.iter_mut().zip(&self.lines).zip(&totals.line_net) {
            line.net = decimal(*net);
            if let Some(allowance) = &mut line.allowance {
                let gross = PricedLine { allowances: Vec::new(), charges: Vec::new(), ..priced.clone() };
                allowance.amount = decimal(Modifier::Percent(allowance.percent).of(gross.amount(currency).unwrap()));
            }
        }
        let percent = match self.allowances.as_slice() {
            [Modifier::Percent(percent)] => Some(*percent),
            _ => None,
        };
        document.allowances = totals
            .allowances
            .iter()
            .map(|share| DocumentModifier {
                amount: decimal(share.amount),
                percent,
                base: percent.map(|_| decimal(share.base)),
                vat: share.vat,
                reason: document.language.say("Treuerabatt", "Loyalty discount").into(),
                code: None,
            })
            .collect();
        document.charges = totals
            .charges
            .iter()
            .map(|share| DocumentModifier {
                amount: decimal(share.amount),
                percent: None,
                base: None,
                vat: share.vat,
                reason: document.language.say("Versand", "Freight").into(),
                code: Some("FC".into()),
            })
            .collect();
        document.vat = totals
            .vat
            .iter()
            .map(|v| DocumentVat { vat: v.vat, base: decimal(v.base), tax: decimal(v.tax), exemption: None })
            .collect();
        document.totals = DocumentTotals {
            net: decimal(totals.net_total),
            vat: decimal(totals.vat_total),
            gross: decimal(totals.gross_total),
            prepaid: decimal(totals.prepaid),
            rounding: decimal(totals.rounding),
            payable: decimal(totals.payable),
        };
        let issued_on = document.issued_on;
        for early in &mut document.discounts {
            let term = Discount { days: early.days, percent: early.percent }.term(totals.payable, issued_on);
            (early.until, early.discount, early.pay) = (term.until, decimal(term.discount), decimal(term.pay));
        }
        document
    }
}

/// A document without lines.
fn blank() -> Document {
    let issued_on = day("2027-01-04");
    Document {
        kind: DocumentKind::Invoice,
        origin: Origin::Issued,
        number: "RE-2027-0001".into(),
        issued_on,
        due_on: issued_on + Days::new(14),
        currency: Currency::EUR,
        language: Language::GERMAN,
        title: Some("Wartung im Dezember".into()),
        note: None,
        contract: Some("V-12".into()),
        buyer_reference: Some("04011000-1234512345-06".into()),
        order_number: Some("B-77".into()),
        service_from: day("2026-12-01"),
        service_through: day("2026-12-31"),
        seller: Seller {
            name: "Beispiel Software GmbH".into(),
            address: address("Musterstraße 1", "10115", "Berlin", "DE"),
            vat_id: Some("DE123456788".into()),
            tax_number: Some("37/123/45678".into()),
            legal: vec!["Sitz: Berlin, AG Charlottenburg HRB 999999".into(), "Geschäftsführerin: Jana Muster".into()],
            contact: SellerContact {
                name: Some("Jana Muster".into()),
                phone: Some("+49 30 1234567".into()),
                email: "rechnung@beispiel.example".parse().unwrap(),
                web: Some("https://beispiel.example".into()),
            },
            register: None,
            electronic_address: None,
        },
        buyer: Buyer {
            number: "K-1017".into(),
            name: "Becker GmbH".into(),
            address: address("Hauptstraße 5", "50667", "Köln", "DE"),
            vat_id: Some("DE987654321".into()),
            contact: Some("Eva Becker".into()),
            electronic_address: at("EM", "rechnung@becker.example"),
        },
        lines: Vec::new(),
        totals: DocumentTotals {
            net: Decimal::ZERO,
            vat: Decimal::ZERO,
            gross: Decimal::ZERO,
            prepaid: Decimal::ZERO,
            rounding: Decimal::ZERO,
            payable: Decimal::ZERO,
        },
        vat: Vec::new(),
        default_notice: false,
        discounts: Vec::new(),
        part: InvoicePart::Whole,
        preceding: Vec::new(),
        allowances: Vec::new(),
        charges: Vec::new(),
        tax_currency: None,
        mandate: None,
        attachments: Vec::new(),
        e_invoice: None,
        follows: None,
        deductions: Vec::new(),
        offered: Vec::new(),
        payment_means: PaymentMeans::Transfer,
        pay_to: PayTo {
            holder: "Beispiel Software GmbH".into(),
            iban: "DE02120300000000202051".parse().unwrap(),
            bic: Some("BYLADEM1001".into()),
            reference: "RF18RE20270001".into(),
            qr: None,
        },
    }
}

fn at(scheme: &str, id: &str) -> Option<ElectronicAddress> {
    Some(ElectronicAddress { scheme: scheme.into(), id: id.into() })
}

fn english(document: &mut Document) {
    document.language = Language::En;
    document.title = Some("Maintenance in December".into());
}

fn buyer_abroad(document: &mut Document, country: &str, vat_id: Option<&str>) {
    document.buyer.address = match country {
        "CH" => address("Bahnhofstrasse 1", "8001", "Zürich", "CH"),
        _ => address("Ringstraße 1", "1010", "Wien", country),
    };
    document.buyer.vat_id = vat_id.map(str::to_owned);
}

fn skonto(days: u32, percent: &str) -> EarlyPayment {
    let (until, nothing) = (day("2027-01-04"), Decimal::ZERO);
    EarlyPayment { days, percent: dec(percent), until, discount: nothing, pay: nothing }
}

fn preceding(number: &str, issued_on: &str) -> Preceding {
    Preceding { number: number.into(), issued_on: day(issued_on) }
}

fn of_book_customer() -> Customer {
    toml::from_str(
        "number = 'K-1017'\nname = 'Becker GmbH'\nbuyer_reference = '04011000-1234512345-06'\n[address]\nstreet = 'Weg 1'\n\
         postcode = '50667'\ncity = 'Köln'\n[email]\ninvoice = 'rechnung@becker.example'\n",
    )
    .unwrap()
}

/// An invoice as the book says it; `change` is what else is true of customer and business.
fn of_book(lines: &str, change: impl FnOnce(&mut Customer, &mut Terms)) -> Document {
    let mut customer = of_book_customer();
    let once = format!(
        "number = 'A-1'\ncustomer = 'K-1017'\nservice_from = 2026-12-01\nservice_through = 2026-12-31\n{lines}"
    );
    let mut once: OneOff = toml::from_str(&once).unwrap_or_else(|error| panic!("{error}"));
    for attached in &mut once.attachments {
        attached.sha256 = Some("hash-of-the-time-sheet".into());
    }
    let mut terms = terms(EInvoicing { by_default: None, turnover: None, creditor_id: None });
    change(&mut customer, &mut terms);
    let draft = Draft::of(&once.charge(), &customer, &terms, day("2027-01-04")).unwrap();
    assert_eq!(draft.lacks(), None);
    draft.numbered("RE-2027-0001")
}

const LINES: &str = "[[line]]\nname = 'Wartung'\nunit_price = '1100.00'\nunit = 'month'\ndiscount_percent = '5'\nallowances = [\
    { percent = '3', reason = 'Treue', reason_code = '95' }, { amount = '12.50', reason = 'Kulanz' }]\n\
    charges = [{ percent = '1.5', reason = 'Energie' }, { amount = '35.00', reason = 'Anfahrt', reason_code = 'AEM' }]\n\
    [[line]]\nname = 'Fachbuch'\nquantity = '3'\nunit_price = '24.99'\nvat = 'reduced'\n";
const ALLOWED: &str = "[[allowance]]\npercent = '2.5'\nreason = 'Rahmenvertrag'\nreason_code = '95'\n[[allowance]]\namount = '10.00'\n\
    [[charge]]\namount = '6.90'\nreason = 'Versand'\nreason_code = 'FC'\nvat = 'standard'\n[[charge]]\npercent = '1'\n";
const ORDERED: &str = "[[line]]\nname = 'Wartung'\nunit_price = '100.00'\norder_line = '10'\n[[line]]\nname = 'Hosting'\n\
    unit_price = '50.00'\norder_number = 'B-78'\norder_line = '20'\n[[line]]\nname = 'Lizenz'\nunit_price = '5.00'\norder_number = 'B-79'\n";
const SHEET: &str = "[[attachment]]\nfile = 'papers/Stundenzettel.pdf'\ndescription = 'Stundenzettel'\n";

/// The rate of January.
fn rate(currency: &str, rate: &str, source: &str) -> VatExchangeRate {
    let (from, through) = (day("2026-12-01"), Some(day("2027-01-31")));
    VatExchangeRate { currency: currency.parse().unwrap(), from, through, rate: dec(rate), source: source.into() }
}

/// A business in Switzerland that invoices in euros.
fn swiss_euros(customer: &mut Customer, terms: &mut Terms) {
    terms.seller.address = address("Rue du Lac 1268", "2501", "Biel", "CH");
    (terms.seller.vat_id, terms.seller.tax_number) = (Some("CHE-123.456.788 MWST".into()), None);
    terms.exchange_rates = vec![rate("USD", "0.8", "BAZG"), rate("EUR", "0.9412", "BAZG")];
    customer.address = address("Seestrasse 5", "8002", "Zürich", "CH");
}

/// What the book says of allowances, charges, orders, files and rates is what the document says, to the cent (rules T1 to T3).
#[test]
fn what_the_book_takes_off_and_adds_adds_up() {
    let document = of_book(&format!("{LINES}{ALLOWED}{SHEET}"), |_, _| ());
    // 1100.00 − 55.00 − 33.00 − 12.50 + 16.50 + 35.00; 74.97 of books.
    assert_eq!(document.lines.iter().map(|line| line.net.to_string()).collect::<Vec<_>>(), ["1051.00", "74.97"]);
    let said = |modifiers: &[DocumentModifier]| -> Vec<String> {
        let said = modifiers.iter().map(|m| {
            let base = m.base.map_or("-".to_owned(), |base| base.to_string());
            format!("{} {} of {base} at {}", m.reason, m.amount, m.vat.rate)
        });
        said.collect()
    };
    assert_eq!(
        said(&document.allowances),
        [
            "Rahmenvertrag 26.28 of 1051.00 at 19",
            "Rahmenvertrag 1.87 of 74.97 at 7",
            "Rabatt 9.33 of - at 19",
            "Rabatt 0.67 of - at 7",
        ]
    );
    assert_eq!(
        said(&document.charges),
        ["Versand 6.90 of - at 19", "Zuschlag 10.51 of 1051.00 at 19", "Zuschlag 0.75 of 74.97 at 7"]
    );
    // 1051.00 − 26.28 − 9.33 + 6.90 + 10.51; 74.97 − 1.87 − 0.67 + 0.75.
    let vat: Vec<String> = document.vat.iter().map(|v| format!("{} {}", v.base, v.tax)).collect();
    assert_eq!(vat, ["1032.80 196.23", "73.18 5.12"]);
    let totals = document.totals;
    assert_eq!([totals.net, totals.vat, totals.payable].map(|t| t.to_string()), ["1105.98", "201.35", "1307.33"]);
    assert_eq!(document.attachments[0].name, "Stundenzettel.pdf");
    // Of half a month half of each amount is charged.
    let contract: Contract = toml::from_str(
        "number = 'V-1'\ncustomer = 'K-1017'\nstart = 2026-12-17\ninterval = 'month'\nalign = 'calendar'\nproration = 'daily'\n\
         [[line]]\nname = 'Wartung'\nunit_price = '31.00'\ncharges = [{ amount = '3.10' }]\n[[allowance]]\namount = '6.20'\n",
    )
    .unwrap();
    let (customer, terms) =
        (of_book_customer(), terms(EInvoicing { by_default: None, turnover: None, creditor_id: None }));
    let period = contract.periods().next().unwrap();
    let cut = Draft::of(&contract.charge(&period), &customer, &terms, day("2026-12-17")).unwrap().numbered("RE-1");
    assert_eq!((cut.lines[0].net, cut.totals.net), (dec("16.50"), dec("13.50")));
}

#[test]
fn vat_is_told_in_the_currency_of_the_tax_office_at_the_rate_of_its_day() {
    let document = of_book(LINES, swiss_euros);
    let tax = document.tax_currency.unwrap();
    // 8.1 % of 1051.00 and 2.6 % of 74.97 are 87.08 EUR.
    assert_eq!((document.totals.vat, tax.currency, tax.vat), (dec("87.08"), Currency::CHF, dec("81.96")));
    // Seller, currency, day of issue, last day of service; then the day whose rate is missing, or nothing.
    let table = [
        ("DE", "CHF", "2026-12-15", "2026-12-31", Some("2026-12-15")),
        ("DE", "CHF", "2027-01-04", "2026-12-31", Some("2026-12-31")),
        ("CH", "EUR", "2027-01-04", "2026-12-31", Some("2027-01-04")),
        ("CH", "CHF", "2027-01-04", "2026-12-31", None),
        ("DE", "EUR", "2027-01-04", "2026-12-31", None),
    ];
    for (country, currency, issued_on, through, missing) in table {
        let mut terms = terms(EInvoicing { by_default: None, turnover: None, creditor_id: None });
        terms.seller.address.country = country.parse().unwrap();
        terms.accounts[0].currency = currency.parse().unwrap();
        let once: OneOff = toml::from_str(&format!(
            "number = 'A-1'\ncustomer = 'K-1'\nservice_from = 2026-12-01\nservice_through = {through}\ncurrency = '{currency}'\n\
             [[line]]\nname = 'x'\nunit_price = '100'\n"
        ))
        .unwrap();
        let lacks = |terms: &Terms| {
            let draft = Draft::of(&once.charge(), &of_book_customer(), terms, day(issued_on)).unwrap();
            draft.lacks().map(|lacks| lacks.day)
        };
        assert_eq!(lacks(&terms), missing.map(day), "{country} {currency} {issued_on}");
        let Some(missing) = missing.map(day) else { continue };
        // A rate counts from its day to the end of the month, or through the day that it says.
        let of = |from: &str, through: Option<&str>| VatExchangeRate {
            from: day(from),
            through: through.map(day),
            ..rate(currency, "1.07", "BMF")
        };
        for (of_day, counts) in [
            (of(&missing.to_string(), None), true),
            (of("2026-11-01", None), false),
            (of("2026-01-01", Some("2027-12-31")), true),
        ] {
            terms.exchange_rates = vec![of_day.clone()];
            assert_eq!(lacks(&terms).is_none(), counts, "{country} {currency} {of_day:?}");
        }
    }
}

/// The shapes by name.
fn shapes() -> Vec<(&'static str, Document)> {
    let care = |vat| Item("Wartung", "1", "MON", "1100.00", vat);
    let work = |vat| Item("Beratung vor Ort", "7.25", "HUR", "96.50", vat);
    let book = |vat| Item("Fachbuch „Rechnungswesen“", "3", "C62", "24.99", vat);
    let plain = || Shape::of(&[care(s("19")), work(s("19"))]);
    let none = |category| vat(category, "0");
    let ordered = |customer: &mut Customer, _: &mut Terms| customer.order_number = Some("B-77".into());
    let mut shapes: Vec<(&'static str, Document)> = vec![
        ("standard", plain().done()),
        ("standard-en", plain().with(english).done()),
        ("two-rates", Shape::of(&[care(s("19")), work(s("19")), book(s("7"))]).done()),
        ("small-business", Shape::of(&[care(none(VatCategory::E))]).with(|d| d.seller.vat_id = None).done()),
        (
            "small-business-en",
            Shape::of(&[care(none(VatCategory::E))]).with(english).with(|d| d.seller.vat_id = None).done(),
        ),
        ("exempt-own-words", {
            let mut document = Shape::of(&[work(none(VatCategory::E)), book(s("7"))]).done();
            document.vat[0].exemption = Some("Steuerfrei nach § 4 Nr. 21 UStG".into());
            document
        }),
        (
            "reverse-charge",
            Shape::of(&[work(none(VatCategory::AE))]).with(|d| buyer_abroad(d, "AT", Some("ATU12345675"))).done(),
        ),
        (
            "reverse-charge-en",
            Shape::of(&[work(none(VatCategory::AE))])
                .with(english)
                .with(|d| buyer_abroad(d, "AT", Some("ATU12345675")))
                .done(),
        ),
        ("reverse-charge-at-home", Shape::of(&[work(none(VatCategory::AE))]).done()),
        (
            "intra-community",
            Shape::of(&[book(none(VatCategory::K))]).with(|d| buyer_abroad(d, "AT", Some("ATU12345675"))).done(),
        ),
        (
            "intra-community-en",
            Shape::of(&[book(none(VatCategory::K))])
                .with(english)
                .with(|d| buyer_abroad(d, "AT", Some("ATU12345675")))
                .done(),
        ),
        ("export", Shape::of(&[book(none(VatCategory::G))]).with(|d| buyer_abroad(d, "CH", None)).done()),
        ("outside", Shape::of(&[work(none(VatCategory::O))]).with(|d| buyer_abroad(d, "CH", None)).done()),
        ("zero", Shape::of(&[Item("Solarmodul", "12", "C62", "189.00", none(VatCategory::Z))]).done()),
        ("discount", plain().with(|d| d.discounts = vec![skonto(7, "2")]).done()),
        ("two-discounts", plain().with(|d| d.discounts = vec![skonto(7, "3"), skonto(14, "1.5")]).done()),
        ("line-discount", plain().off(0, "10").off(1, "3.333").done()),
        ("modifiers", {
            let line = |amount: &str, reason: &str| LineModifier {
                amount: dec(amount),
                percent: None,
                base: None,
                reason: reason.into(),
                code: None,
            };
            let mut shape = Shape::of(&[care(s("19")), work(s("19")), book(s("7"))]).off(0, "10").with(|d| {
                d.lines[0].description = Some("Monatliche Pauschale\nmit Bereitschaft".into());
                d.lines[1].allowances = vec![line("20.00", "Kulanz")];
                d.lines[1].charges = vec![line("35.50", "Anfahrt"), line("4.00", "Parken")];
                d.discounts = vec![skonto(10, "2")];
            });
            shape.allowances = vec![Modifier::Percent(dec("2.5"))];
            shape.charges = vec![DocumentCharge::Amount { amount: Amount::from_minor(690), vat: s("19") }];
            shape.done()
        }),
        ("document-allowance", {
            let mut shape = Shape::of(&[care(s("19")), book(s("7"))]).with(english);
            shape.allowances = vec![Modifier::Amount(Amount::from_minor(10_000))];
            shape.done()
        }),
        ("prepaid", {
            let mut shape = plain();
            shape.prepaid = "500.00";
            shape.done()
        }),
        ("paid-in-full", {
            let mut shape = plain().with(|d| d.payment_means = PaymentMeans::Prepaid);
            shape.prepaid = "2141.56";
            let document = shape.done();
            assert!(document.totals.payable.is_zero());
            document
        }),
        ("rounding", {
            let mut shape = Shape::of(&[Item("Lizenz", "1", "ANN", "99.99", s("19"))]);
            shape.step = Some("0.05");
            let document = shape.done();
            assert!(!document.totals.rounding.is_zero());
            document
        }),
        (
            "francs-with-tax-in-euro",
            plain()
                .with(|d| {
                    d.currency = "CHF".parse().unwrap();
                    d.tax_currency = Some(TaxCurrency { currency: Currency::EUR, vat: dec("360.12"), rate: None });
                })
                .done(),
        ),
        (
            "swiss-seller",
            Shape::of(&[work(s("8.1")), book(s("2.6"))])
                .with(|d| {
                    d.currency = "CHF".parse().unwrap();
                    d.seller.address = address("Rue du Lac 1268", "2501", "Biel", "CH");
                    d.seller.vat_id = Some("CHE-123.456.788 MWST".into());
                    d.seller.tax_number = None;
                    d.pay_to.iban = "CH9300762011623852957".parse().unwrap();
                    d.pay_to.bic = None;
                    buyer_abroad(d, "CH", None);
                })
                .done(),
        ),
        (
            "austrian-seller",
            Shape::of(&[work(s("20")), book(s("10"))])
                .with(|d| {
                    d.seller.address = address("Ringstraße 1", "1010", "Wien", "AT");
                    d.seller.vat_id = Some("ATU12345675".into());
                    d.seller.tax_number = None;
                    d.pay_to.iban = "AT611904300234573201".parse().unwrap();
                    buyer_abroad(d, "AT", Some("ATU87654321"));
                })
                .done(),
        ),
        (
            "direct-debit",
            plain()
                .with(|d| {
                    d.payment_means = PaymentMeans::DirectDebit;
                    d.mandate = Some(Mandate {
                        reference: "M-1017-2026".into(),
                        creditor_id: "DE98ZZZ09999999999".into(),
                        iban: "DE89370400440532013000".parse().unwrap(),
                    });
                })
                .done(),
        ),
        (
            "attachment",
            plain()
                .with(|d| {
                    d.attachments = vec![Attachment {
                        name: "Stundenzettel Dezember.pdf".into(),
                        media_type: "application/pdf".into(),
                        description: Some("Stundenzettel".into()),
                        sha256: "hash-of-the-time-sheet".into(),
                    }];
                })
                .done(),
        ),
        ("periods", {
            let shape = plain().with(|d| {
                d.service_through = day("2027-12-31");
                d.lines[0].service = Some((day("2027-01-01"), day("2027-12-31")));
                d.lines[1].service = Some((day("2026-12-07"), day("2026-12-07")));
            });
            shape.done()
        }),
        (
            "cut-period",
            Shape::of(&[Item("Wartung", "17", "DAY", "1100.00", s("19"))])
                .with(|d| d.lines[0].base_quantity = dec("31"))
                .done(),
        ),
        ("one-day", plain().with(|d| d.service_from = d.service_through).done()),
        ("fine-prices", Shape::of(&[Item("Zugriffe", "12345", "C62", "0.001234", s("19"))]).done()),
        (
            "names",
            plain()
                .with(|d| {
                    d.buyer.name = "Ελληνική Εταιρεία & Фирма „Ромашка“ <Α.Ε.>".into();
                    d.buyer.address.additional = Some("c/o Müller & Söhne".into());
                    d.note = Some("Bitte beachten:\n\"A\" & 'B' < C".into());
                    d.title = None;
                    d.contract = None;
                    d.order_number = None;
                    d.buyer.contact = None;
                })
                .done(),
        ),
        ("leitweg-id", plain().with(|d| d.buyer.electronic_address = at("0204", "04011000-1234512345-06")).done()),
        ("vat-id-as-address", plain().with(|d| d.buyer.electronic_address = at("9930", "DE987654321")).done()),
        (
            "registered",
            plain().with(|d| (d.seller.register, d.seller.vat_id) = (Some("HRB 999999".into()), None)).done(),
        ),
        ("sixty-lines", Shape::of(&(0..60).map(|_| work(s("19"))).collect::<Vec<_>>()).done()),
        (
            "credit-note",
            Shape::of(&[work(s("19"))])
                .with(|d| {
                    (d.kind, d.number) = (DocumentKind::CreditNote, "GS-2027-0001".into());
                    d.preceding = vec![preceding("RE-2026-0412", "2026-12-01")];
                })
                .done(),
        ),
        (
            "cancellation",
            Shape::of(&[
                Item("Wartung", "-1", "MON", "1100.00", s("19")),
                Item("Fachbuch", "-3", "C62", "24.99", s("7")),
            ])
            .with(|d| {
                (d.kind, d.number) = (DocumentKind::Cancellation, "ST-2027-0001".into());
                d.preceding = vec![preceding("RE-2026-0413", "2026-12-02")];
            })
            .done(),
        ),
        (
            "cancellation-en",
            Shape::of(&[Item("Maintenance", "-1", "MON", "1100.00", none(VatCategory::AE))])
                .with(english)
                .with(|d| {
                    d.kind = DocumentKind::Cancellation;
                    d.preceding = vec![preceding("RE-2026-0413", "2026-12-02")];
                })
                .done(),
        ),
        (
            "deposit",
            Shape::of(&[Item("Anzahlung 30 %", "1", "C62", "3000.00", s("19"))])
                .with(|d| d.part = InvoicePart::Deposit)
                .done(),
        ),
        ("partial", Shape::of(&[care(s("19"))]).with(|d| d.part = InvoicePart::Partial).done()),
        (
            "final",
            Shape::of(&[
                Item("Neubau Webseite", "1", "C62", "10000.00", s("19")),
                Item("Anzahlung RE-2026-0300", "-1", "C62", "3000.00", s("19")),
            ])
            .with(|d| {
                d.part = InvoicePart::Final;
                d.preceding = vec![preceding("RE-2026-0300", "2026-09-01")];
            })
            .done(),
        ),
        (
            "final-two-deposits",
            Shape::of(&[
                Item("Neubau Webseite", "1", "C62", "10000.00", s("19")),
                Item("Anzahlung RE-2026-0300", "-1", "C62", "3000.00", s("19")),
                Item("Anzahlung RE-2026-0351", "-1", "C62", "2000.00", s("19")),
            ])
            .with(|d| {
                d.part = InvoicePart::Final;
                d.preceding = vec![preceding("RE-2026-0300", "2026-09-01"), preceding("RE-2026-0351", "2026-10-01")];
            })
            .done(),
        ),
        (
            "final-at-another-rate",
            Shape::of(&[
                Item("Neubau Webseite", "1", "C62", "10000.00", s("19")),
                Item("Anzahlung RE-2020-0300", "-1", "C62", "3000.00", s("16")),
            ])
            .with(|d| {
                d.part = InvoicePart::Final;
                d.preceding = vec![preceding("RE-2020-0300", "2020-09-01")];
            })
            .done(),
        ),
        (
            "final-of-nothing",
            Shape::of(&[
                Item("Neubau Webseite", "1", "C62", "3000.00", s("19")),
                Item("Anzahlung RE-2026-0300", "-1", "C62", "3000.00", s("19")),
            ])
            .with(|d| {
                d.part = InvoicePart::Final;
                d.preceding = vec![preceding("RE-2026-0300", "2026-09-01")];
            })
            .done(),
        ),
        ("book-extras", of_book(&format!("{LINES}{ALLOWED}{SHEET}"), |_, _| ())),
        (
            "book-extras-en",
            of_book(&format!("{LINES}{ALLOWED}{SHEET}"), |customer, _| customer.language = Language::En),
        ),
        ("book-orders", of_book(ORDERED, ordered)),
        ("book-orders-en", {
            of_book(ORDERED, |customer, terms| {
                ordered(customer, terms);
                customer.language = Language::En;
            })
        }),
        ("book-small-business", of_book(&format!("{LINES}{ALLOWED}"), |_, terms| terms.small_business = true)),
        ("book-swiss-euros", of_book(LINES, swiss_euros)),
        ("book-swiss-euros-en", {
            of_book(LINES, |customer, terms| {
                swiss_euros(customer, terms);
                customer.language = Language::En;
            })
        }),
        ("book-francs", {
            of_book(&format!("currency = 'CHF'\n{LINES}"), |_, terms| {
                terms.accounts[0].currency = Currency::CHF;
                terms.exchange_rates = vec![rate("CHF", "1.0743", "BMF")];
            })
        }),
    ];
    for (place, (_, document)) in shapes.iter_mut().enumerate() {
        if document.kind == DocumentKind::Invoice {
            document.number = format!("RE-2027-{:04}", place + 1);
        }
    }
    shapes
}
