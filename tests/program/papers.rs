//! Papers as a bank's scanner meets them: typeset, drawn as a page, and their payment codes read back.

use std::fs;
use std::path::Path;
use std::process::Command;

use chrono::NaiveDate;
use settled::customer::Customer;
use settled::document::{Enclosed, Engine, Paper, Request, Style, Templates, carried_xml};
use settled::invoice::{Attachment, Document, Draft, EInvoiceFormat, OneOff};
use settled::journal::sha256;
use settled::language::Language;
use settled::shell::config;

use crate::skipped;

/// What the scanner makes of a code: which business and customer, in which currency, and what the code says.
struct Row<'a> {
    business: &'a str,
    customer: &'a str,
    lines: usize,
    code: &'a str,
}

const BERN: &str = r#"
[business]
name = "Ärzte Informatik"
vat_id = "CHE-123.456.788 MWST"
email = "rechnung@bern.example"
currency = "CHF"
holidays = "CH-BE"
address = { street = "Marktgasse 12a", postcode = "3011", city = "Bern", country = "CH" }
[owner]
email = "vreni@bern.example"
"#;

const ZURICH: &str = r#"
number = "K-1001"
name = "Zürcher & Söhne AG"
address = { street = "Bahnhofstrasse 1", postcode = "8001", city = "Zürich", country = "CH" }
"#;

const ATHENS: &str = r#"
number = "K-1002"
name = "Ελληνική Εταιρεία"
address = { street = "Odos 5", postcode = "10431", city = "Athina", country = "GR" }
"#;

const QR_ACCOUNT: &str = r#"
[[bank_account]]
name = "main"
iban = "CH93 0076 2011 6238 5295 7"
holder = "Verena Ärzte"
qr_iban = "CH44 3199 9123 0008 8901 2"
qr_prefix = "210000"
currency = "CHF"
"#;

const PLAIN_ACCOUNT: &str = r#"
[[bank_account]]
name = "main"
iban = "CH93 0076 2011 6238 5295 7"
currency = "CHF"
"#;

const EURO_ACCOUNT: &str = r#"
[[bank_account]]
name = "euro"
iban = "CH93 0076 2011 6238 5295 7"
currency = "EUR"
"#;

const ROWS: &[Row<'_>] = &[
    Row {
        business: QR_ACCOUNT,
        customer: ZURICH,
        lines: 1,
        code: "SPC\n0200\n1\nCH4431999123000889012\nS\nVerena Ärzte\nMarktgasse\n12a\n3011\nBern\nCH\n\n\n\n\n\n\n\n1297.20\nCHF\nS\n\
               Zürcher & Söhne AG\nBahnhofstrasse\n1\n8001\nZürich\nCH\nQRR\n210000000000000001202600019\nRE-2026-0001\nEPD",
    },
    // Without a QR-IBAN the creditor reference stands in its place; who cannot be written is left to the payer's hand.
    Row {
        business: PLAIN_ACCOUNT,
        customer: ATHENS,
        lines: 30,
        code: "SPC\n0200\n1\nCH9300762011623852957\nS\nÄrzte Informatik\nMarktgasse\n12a\n3011\nBern\nCH\n\n\n\n\n\n\n\n38916.00\nCHF\n\
               \n\n\n\n\n\n\nSCOR\nRF40RE20260001\nRE-2026-0001\nEPD",
    },
    // A customer abroad pays euros with a GiroCode.
    Row {
        business: EURO_ACCOUNT,
        customer: ATHENS,
        lines: 1,
        code: "BCD\n002\n1\nSCT\n\nÄrzte Informatik\nCH9300762011623852957\nEUR1297.20\n\n\nRE-2026-0001 RF40RE20260001",
    },
];

fn invoice(row: &Row<'_>) -> Document {
    let currency = if row.business == EURO_ACCOUNT { "EUR" } else { "CHF" };
    let settings = format!("{}{}", BERN.replace("\"CHF\"", &format!("\"{currency}\"")), row.business);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settled.toml");
    fs::write(&file, settings).unwrap();
    let config = config::load(&file).unwrap().config;
    let customer: Customer = toml::from_str(row.customer).unwrap();
    let line = "[[line]]\nname = \"Wartung\"\nquantity = \"12\"\nunit = \"hour\"\nunit_price = \"100.00\"\n";
    let head = "number = \"A-1\"\ncustomer = \"K-1001\"\nservice_from = 2026-03-02\n";
    let one_off: OneOff = toml::from_str(&format!("{head}{}", line.repeat(row.lines))).unwrap();
    let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap();
    Draft::of(&one_off.charge(), &customer, &config.terms(day), day).unwrap().numbered("RE-2026-0001")
}

fn scan(pdf: &[u8], folder: &Path) -> String {
    fs::write(folder.join("paper.pdf"), pdf).unwrap();
    let drawn = Command::new("pdftoppm").args(["-gray", "-r", "300", "paper.pdf", "page"]).current_dir(folder).status();
    assert!(drawn.unwrap().success());
    let pages = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<_> = pages.filter(|path| path.extension().is_some_and(|e| e == "pgm")).collect();
    pages.sort();
    let page = fs::read(pages.last().unwrap()).unwrap();
    // A grey picture (PGM): P5, width, height and the brightest value, then a byte for each pixel.
    let head: Vec<&[u8]> = page.splitn(4, u8::is_ascii_whitespace).collect();
    let (width, height) = (number(head[1]), number(head[2]));
    let pixels = &page[page.len() - width * height..];
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let codes = picture.detect_grids();
    let [code] = codes.as_slice() else { panic!("there are {} codes on the page", codes.len()) };
    let mut text = Vec::new();
    code.decode_to(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn number(text: &[u8]) -> usize {
    std::str::from_utf8(text).unwrap().parse().unwrap()
}

/// The paper of a business in Bern: amounts and spelling in the German of the customer's place, its own where the customer has none; the
/// words of tax are those of Bern.
#[test]
fn a_paper_speaks_the_german_of_its_place() {
    let table: &[(&str, &[&str], &[&str])] = &[
        ("", &["CHF 38’916.00", "1’200.00", "8.1 % MWST auf", "MWST-Nr. CHE-123.456.788"], &["USt", "ß"]),
        ("language = \"de-CH\"", &["CHF 38’916.00", "MWST"], &["USt"]),
        ("language = \"de-AT\"", &["38.916,00 CHF", "8,1 % MWST auf", "MWST-Nr. CHE"], &["UID", "Umsatzsteuer"]),
        ("language = \"en\"", &["38,916.00 CHF", "8.1 % VAT on"], &["MWST-Nr"]),
    ];
    let engine = Engine::new();
    for (language, expected, never) in table {
        let customer = format!("{language}\n{ZURICH}");
        let row = Row { business: PLAIN_ACCOUNT, customer: &customer, lines: 30, code: "" };
        let request = Request {
            paper: Paper::Invoice(Box::new(invoice(&row)), std::collections::BTreeMap::new()),
            style: Style::default(),
            logo: None,
            templates: Templates::default(),
        };
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("paper.pdf"), engine.render(&request).unwrap()).unwrap();
        let output = Command::new("pdftotext").args(["-layout", "paper.pdf", "-"]).current_dir(folder.path()).output();
        let Ok(output) = output else { return skipped("pdftotext (poppler-utils) is not installed") };
        let text = String::from_utf8(output.stdout).unwrap();
        for words in *expected {
            assert!(text.contains(words), "{language}: no {words} in {text}");
        }
        for words in *never {
            assert!(!text.contains(words), "{language}: {words} in {text}");
        }
    }
}

/// A customer's program would book an e-invoice that comes twice as two invoices.
#[test]
fn a_copy_shows_the_pages_and_carries_nothing_for_machines() {
    let engine = Engine::new();
    let request = |paper| Request { paper, style: Style::default(), logo: None, templates: Templates::default() };
    let hello = b"hours".to_vec();
    let attachment = Attachment {
        name: "hours.txt".to_owned(),
        description: None,
        media_type: "text/csv".to_owned(),
        sha256: sha256(&hello),
    };
    let document =
        Document { e_invoice: Some(EInvoiceFormat::Zugferd), attachments: vec![attachment], ..invoice(&ROWS[1]) };
    let files = std::collections::BTreeMap::from([(sha256(&hello), hello)]);
    let issued = engine.render(&request(Paper::Invoice(Box::new(document), files))).unwrap();
    assert!(carried_xml(&issued).is_some());
    for (language, mark) in [(Language::GERMAN, "Kopie"), (Language::En, "Copy")] {
        let paper = Enclosed { name: "RE-2026-0001".to_owned(), bytes: issued.clone() };
        let copy = engine.render(&request(Paper::Copy(Box::new(paper), language))).unwrap();
        assert!(carried_xml(&copy).is_none());
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("copy.pdf"), &copy).unwrap();
        let run = |command: &str, options: &[&str]| {
            let output = Command::new(command).args(options).current_dir(folder.path()).output();
            output.map(|output| String::from_utf8(output.stdout).unwrap())
        };
        let Ok(text) = run("pdftotext", &["copy.pdf", "-"]) else {
            return skipped("pdftotext (poppler-utils) is not installed");
        };
        let pages: Vec<&str> = text.split_terminator('\x0c').collect();
        assert!(pages.len() > 1 && pages.iter().all(|page| page.contains(mark)), "{text}");
        assert!(text.contains("Wartung"), "{text}");
        assert!(run("pdfdetach", &["-list", "copy.pdf"]).unwrap().contains("0 embedded files"));
    }
}

#[test]
fn payment_codes_are_read_back_from_the_page() {
    if Command::new("pdftoppm").arg("-v").output().is_err() {
        return skipped("pdftoppm (poppler-utils) is not installed");
    }
    let engine = Engine::new();
    for row in ROWS {
        let request = Request {
            paper: Paper::Invoice(Box::new(invoice(row)), std::collections::BTreeMap::new()),
            style: Style::default(),
            logo: None,
            templates: Templates::default(),
        };
        let folder = tempfile::tempdir().unwrap();
        let pdf = engine.render(&request).unwrap();
        assert_eq!(scan(&pdf, folder.path()), row.code);
    }
}
