//! The file of a new quote, made of another one or of an invoice: what was said before is not typed again.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::read::SourceFile;
use crate::invoice::{Document, Position, Quote, Role};
use crate::items::{Vat, VatClass};

/// The classes whose rate decides, and those without tax.
const CLASSES: [VatClass; 9] = [
    VatClass::Standard,
    VatClass::Reduced,
    VatClass::Intermediate,
    VatClass::Zero,
    VatClass::Exempt,
    VatClass::ReverseCharge,
    VatClass::IntraCommunity,
    VatClass::Export,
    VatClass::Outside,
];

/// Returns the positions of an invoice as a quote offers them; deposits that it deducts are none.
pub fn positions_of(invoice: &Document) -> Vec<Position> {
    let class = |vat: Vat| {
        let is_it = |class: &VatClass| {
            class.on(invoice.seller.address.country, invoice.service_through).is_ok_and(|known| known == vat)
        };
        CLASSES.into_iter().find(is_it).unwrap_or_default()
    };
    let lines = invoice.lines.iter().filter(|line| line.quantity > Decimal::ZERO && line.unit_price >= Decimal::ZERO);
    let position = |(place, line): (usize, &crate::invoice::DocumentLine)| Position {
        id: name_of(place),
        name: line.name.clone(),
        description: line.description.clone(),
        quantity: line.quantity,
        unit: line.unit.clone(),
        unit_price: line.unit_price / line.base_quantity,
        vat: class(line.vat),
        role: Role::Normal,
        instead_of: None,
        revenue_account: line.revenue_account.clone(),
    };
    lines.enumerate().map(position).collect()
}

/// Names positions: a to z, then p27.
fn name_of(place: usize) -> String {
    u8::try_from(place)
        .ok()
        .filter(|place| *place < 26)
        .map_or_else(|| format!("p{}", place + 1), |place| char::from(b'a' + place).to_string())
}

/// Writes the file of a quote as its owner would.
pub fn quote_file(quote: &Quote) -> SourceFile {
    let mut text = String::new();
    let text_of = |value: &str| toml::Value::from(value).to_string();
    let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
    line("number", text_of(&quote.number));
    line("customer", text_of(&quote.customer));
    if let Some(title) = &quote.title {
        line("title", text_of(title));
    }
    line("valid_until", quote.valid_until.to_string());
    if let Some(percent) = quote.discount_percent {
        line("discount_percent", text_of(&percent.normalize().to_string()));
    }
    if let Some(days) = quote.term_days {
        line("term_days", days.to_string());
    }
    if let Some(currency) = quote.currency {
        line("currency", text_of(currency.code()));
    }
    let optional =
        [("order_number", &quote.order_number), ("dunning_policy", &quote.dunning_policy), ("note", &quote.note)];
    for (key, value) in optional {
        if let Some(value) = value {
            line(key, text_of(value));
        }
    }
    for position in &quote.lines {
        text.push_str(&position_block(position));
    }
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = quote.number.chars().map(plain).collect();
    SourceFile { path: format!("book/quotes/{name}.toml"), text }
}

fn position_block(position: &Position) -> String {
    let text_of = |value: &str| toml::Value::from(value).to_string();
    let number = |value: Decimal| text_of(&value.normalize().to_string());
    let mut text = "\n[[line]]\n".to_owned();
    let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
    line("id", text_of(&position.id));
    line("name", text_of(&position.name));
    if let Some(description) = &position.description {
        line("description", text_of(description));
    }
    line("quantity", number(position.quantity));
    line("unit", text_of(position.unit.code()));
    line("unit_price", number(position.unit_price));
    line("vat", text_of(position.vat.name()));
    match position.role {
        Role::Normal => {}
        Role::Optional => line("role", text_of("optional")),
        Role::Alternative => line("role", text_of("alternative")),
    }
    if let Some(other) = &position.instead_of {
        line("instead_of", text_of(other));
    }
    if let Some(account) = &position.revenue_account {
        line("revenue_account", text_of(account));
    }
    text
}

/// Returns the number of a new quote: the next of the year that is free.
pub fn quote_number(today: NaiveDate, is_taken: impl Fn(&str) -> bool) -> String {
    let year = today.format("%Y");
    let numbers = (1..).map(|n: u32| format!("AG-{year}-{n}"));
    numbers.into_iter().find(|number| !is_taken(number)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let text = "number = \"AG-2026-1\"\ncustomer = \"K-1\"\ntitle = \"Neue \\\"Website\\\"\"\nvalid_until = 2026-02-28\n\
                    discount_percent = \"2.5\"\nnote = \"Zeile\\nzwei\"\n\
                    [[line]]\nid = \"a\"\nname = \"Gestaltung\"\nquantity = \"2.5\"\nunit = \"hour\"\nunit_price = \"95.00\"\n\
                    [[line]]\nid = \"b\"\nname = \"Fotos\"\nunit_price = \"500\"\nvat = \"reduced\"\nrole = \"alternative\"\ninstead_of = \"a\"\n";
        let quote: Quote = toml::from_str(text).unwrap();
        assert_eq!(toml::from_str::<Quote>(&quote_file(&quote).text).unwrap(), quote);
        assert_eq!(quote_number("2026-03-01".parse().unwrap(), |number| number == "AG-2026-1"), "AG-2026-2");
    }
}
