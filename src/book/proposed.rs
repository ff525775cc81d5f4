//! The file of a customer whom an invoice of an earlier system names and the book does not know.

use super::read::SourceFile;
use crate::invoice::{Buyer, EInvoiceFormat, Foreign, NotTaken};

/// Writes the file; `number` is the customer's from now on.
///
/// # Errors
/// When the invoice does not say what a customer needs.
pub fn proposed_customer(foreign: &Foreign, number: &str) -> Result<SourceFile, NotTaken> {
    let Buyer { name, address, vat_id, contact, electronic_address, .. } = &foreign.document.buyer;
    for (lacks, said) in
        [("address.street", &address.street), ("address.postcode", &address.postcode), ("address.city", &address.city)]
    {
        if said.is_empty() {
            return Err(NotTaken::NoCustomer { name: name.clone(), lacks });
        }
    }
    let mut text = String::new();
    let mut line = |key: &str, value: &str| text.push_str(&format!("{key} = {}\n", toml::Value::from(value)));
    line("number", number);
    line("name", name);
    // Interest and lump sums between businesses are never asked of one who may be a consumer.
    line("kind", if foreign.is_registered { "business" } else { "consumer" });
    if let Some(vat_id) = vat_id {
        line("vat_id", vat_id);
    }
    let is_xrechnung = foreign.document.e_invoice.filter(|form| form.is_xrechnung());
    if let Some(form) = is_xrechnung {
        line("e_invoice", if form == EInvoiceFormat::XrechnungUbl { "xrechnung_ubl" } else { "xrechnung" });
    }
    if let Some(reference) = foreign.document.buyer_reference.as_deref().filter(|_| is_xrechnung.is_some()) {
        line("buyer_reference", reference);
    }
    if foreign.email.is_none() {
        line("delivery", "post");
    }
    if let Some(at) = electronic_address.as_ref().filter(|at| at.scheme != "0204" && at.scheme != "9930") {
        let (scheme, id) = (toml::Value::from(at.scheme.as_str()), toml::Value::from(at.id.as_str()));
        text.push_str(&format!("electronic_address = {{ scheme = {scheme}, id = {id} }}\n"));
    }
    let mut table = |name: &str, lines: &[(&str, Option<&str>)]| {
        let said = lines.iter().filter_map(|(key, value)| Some(format!("{key} = {}\n", toml::Value::from((*value)?))));
        let said: String = said.collect();
        if !said.is_empty() {
            text.push_str(&format!("\n[{name}]\n{said}"));
        }
    };
    table(
        "address",
        &[
            ("street", Some(&address.street)),
            ("additional", address.additional.as_deref()),
            ("postcode", Some(&address.postcode)),
            ("city", Some(&address.city)),
            ("country", Some(address.country.code())),
        ],
    );
    table("contact", &[("name", contact.as_deref())]);
    table("email", &[("invoice", foreign.email.as_ref().map(|email| email.as_str()))]);
    Ok(SourceFile { path: format!("book/customers/{}.toml", file_name(number)), text })
}

/// Returns the name of a customer's file: the number in small letters, and hyphens for everything else.
fn file_name(number: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    number.chars().map(plain).collect()
}

/// Returns a number for a new customer: the one that the earlier system gave, where it is free, else the next of our own.
pub fn proposed_number(given: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if given.chars().any(|c| c.is_ascii_digit()) && !is_taken(given) {
        return given.to_owned();
    }
    let mut next = (1001..).map(|n| format!("K-{n}"));
    next.find(|number| !is_taken(number)).expect("numbers do not end")
}
