//! Reads every e-invoice below the directory `SETTLED_EINVOICES`, such as the examples of CEN and KoSIT, as an open item, and compares
//! with the totals that the file states, found by the names of their elements alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use settled::document::read_foreign;
use settled::invoice::{EInvoicing, NotTaken, Origin, OwnAccount, Seller, SellerContact, Terms};
use settled::money::Currency;

/// Payable, with VAT, without VAT, paid before: in CII and in UBL.
const TOTALS: [[&str; 2]; 4] = [
    ["DuePayableAmount", "PayableAmount"],
    ["GrandTotalAmount", "TaxInclusiveAmount"],
    ["TaxBasisTotalAmount", "TaxExclusiveAmount"],
    ["TotalPrepaidAmount", "PrepaidAmount"],
];

#[test]
fn official_examples_are_taken_over_with_the_totals_that_they_state() {
    let Some(directory) = std::env::var_os("SETTLED_EINVOICES").map(PathBuf::from) else {
        println!("skipped: SETTLED_EINVOICES is not set (a directory of e-invoices)");
        return;
    };
    let mut files = Vec::new();
    collect(&directory, &mut files);
    assert!(files.len() > 10, "no e-invoices in {}", directory.display());
    let (mut wrong, mut refused) = (Vec::new(), BTreeMap::<String, usize>::new());
    let mut taken = 0;
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        let stated = TOTALS.map(|names| names.iter().find_map(|name| value(&text, name)).unwrap_or_default());
        let is_note =
            text.contains("CreditNote-2\"") || value_text(&text, "InvoiceTypeCode").is_some_and(|code| code == "381");
        match read_foreign(text.as_bytes(), &terms(&text)) {
            Ok(foreign) => {
                let document = foreign.document;
                let totals = &document.totals;
                let read = [totals.payable, totals.gross, totals.net, totals.prepaid];
                if read.map(|value| value.normalize()) != stated.map(|value| value.normalize()) || is_note {
                    wrong.push(format!("{}: {read:?}, and it states {stated:?}", file.display()));
                }
                assert_eq!(document.origin, Origin::Imported);
                taken += 1;
            }
            Err(NotTaken::CreditNote) if is_note || stated[0].is_sign_negative() || text.contains(">381<") => {
                *refused.entry("credit note".to_owned()).or_default() += 1;
            }
            Err(NotTaken::NothingDue) if stated[0].is_zero() => {
                *refused.entry("nothing due".to_owned()).or_default() += 1;
            }
            Err(why) => wrong.push(format!("{}: {why:?}", file.display())),
        }
    }
    println!("{taken} of {} taken over, {refused:?}", files.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn collect(folder: &Path, to: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, to);
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            to.push(path);
        }
    }
    to.sort();
}

/// Returns the content of the first element of a name, whatever its prefix.
fn value_text<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.match_indices(name).find_map(|(at, _)| {
        let opens = text[..at].ends_with([':', '<']) && text[at + name.len()..].starts_with(['>', ' ']);
        let content = &text[at + text[at..].find('>')? + 1..];
        opens.then(|| content[..content.find('<').unwrap_or(0)].trim())
    })
}

fn value(text: &str, name: &str) -> Option<Decimal> {
    value_text(text, name)?.parse().ok()
}

/// A business with an account in the currency of a file.
fn terms(text: &str) -> Terms {
    let code = ["InvoiceCurrencyCode", "DocumentCurrencyCode"].into_iter().find_map(|name| value_text(text, name));
    let currency: Currency = code.unwrap().parse().unwrap();
    let address = "street = 'Weg 1'\npostcode = '10115'\ncity = 'Berlin'\ncountry = 'DE'";
    Terms {
        seller: Seller {
            name: "Muster IT GmbH".to_owned(),
            address: toml::from_str(address).unwrap(),
            vat_id: None,
            tax_number: Some("30/123/45678".to_owned()),
            legal: Vec::new(),
            contact: SellerContact { name: None, phone: None, email: "a@muster.example".parse().unwrap(), web: None },
            register: None,
            electronic_address: None,
        },
        term_days: 14,
        currency,
        small_business: false,
        accounts: vec![OwnAccount {
            currency,
            holder: "Muster IT GmbH".to_owned(),
            iban: "DE02120300000000202051".parse().unwrap(),
            bic: None,
            qr: None,
        }],
        e_invoicing: EInvoicing { by_default: None, turnover: None, creditor_id: None },
        exchange_rates: Vec::new(),
    }
}
