//! Which customer an invoice of an earlier system went to.

use super::customer::name_words;
use crate::customer::Customer;
use crate::invoice::Buyer;
use crate::reference::squeeze;

/// Who the buyer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBuyer<'c> {
    /// This customer.
    One(&'c Customer),
    /// Perhaps this customer, who has the name and another postcode: moved, or somebody else.
    Namesake(&'c Customer),
    /// Several customers may be meant.
    Several,
    /// Nobody whom the book knows.
    Nobody,
}

/// Finds the customer that a buyer is: by VAT id, then by number where the names have a word in common, for the numbers of an earlier
/// system may be others, then by name and postcode. A buyer without a postcode is found by name alone; with another one it may be a
/// namesake, and is asked about. Who has another VAT id is somebody else, whatever the name.
pub fn found_buyer<'c>(buyer: &Buyer, customers: &[&'c Customer]) -> FoundBuyer<'c> {
    let same = |a: &str, b: &str| !squeeze(a).is_empty() && squeeze(a) == squeeze(b);
    let vat_id = buyer.vat_id.as_deref().unwrap_or_default();
    let there = code(&buyer.address.postcode);
    let mut words = name_words(&buyer.name);
    words.sort_unstable();
    let is_namesake = |customer: &&&Customer| {
        let mut own = name_words(&customer.name);
        own.sort_unstable();
        !words.is_empty() && own == words
    };
    let shares_word = |customer: &&&Customer| name_words(&customer.name).iter().any(|word| words.contains(word));
    let may_be = |customer: &&&Customer| {
        let own = customer.vat_id.as_deref().unwrap_or_default();
        own.is_empty() || vat_id.is_empty() || same(own, vat_id)
    };
    let steps: [&dyn Fn(&&&Customer) -> bool; 4] = [
        &|customer| customer.vat_id.as_deref().is_some_and(|own| same(own, vat_id)),
        &|customer| same(&customer.number, &buyer.number) && shares_word(customer),
        &|customer| is_namesake(customer) && code(&customer.address.postcode) == there,
        &is_namesake,
    ];
    let named_alone = |customer: &'c Customer| match there.is_empty() || code(&customer.address.postcode).is_empty() {
        true => FoundBuyer::One(customer),
        false => FoundBuyer::Namesake(customer),
    };
    let by_name_alone = steps.len() - 1;
    for (place, step) in steps.into_iter().enumerate() {
        let mut found = customers.iter().filter(may_be).filter(step);
        match (found.next(), found.next()) {
            (Some(one), None) if place == by_name_alone => return named_alone(one),
            (Some(one), None) => return FoundBuyer::One(one),
            (Some(_), Some(_)) => return FoundBuyer::Several,
            (None, _) => {}
        }
    }
    FoundBuyer::Nobody
}

/// Returns a postcode without blanks and without the country that some write before it: `D-50667` is `50667`.
fn code(postcode: &str) -> String {
    let squeezed = squeeze(postcode);
    let digits = squeezed.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    match !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        true => digits.to_owned(),
        false => squeezed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(number: &str, name: &str, postcode: &str, vat_id: &str) -> Customer {
        let vat_id = if vat_id.is_empty() { String::new() } else { format!("vat_id = '{vat_id}'\n") };
        toml::from_str(&format!(
            "number = '{number}'\nname = '{name}'\n{vat_id}[address]\nstreet = 'Weg 1'\npostcode = '{postcode}'\ncity = 'Ort'\ncountry = 'DE'"
        ))
        .unwrap()
    }

    #[test]
    fn a_buyer_is_found_by_what_names_one_customer() {
        let book = [
            customer("K-1", "Becker GmbH", "50667", "DE123456788"),
            customer("K-2", "Wolf & Söhne KG", "01067", ""),
            customer("K-3", "Schmidt", "10115", ""),
            customer("K-4", "Schmidt", "20095", ""),
        ];
        let customers: Vec<&Customer> = book.iter().collect();
        // Number, name, postcode and VAT id of the file; then whose it is.
        let table = [
            ("", "Becker Gesellschaft", "1", "DE 123 456 788", "K-1"),
            ("K2", "Wolf", "1", "", "K-2"),
            ("10001", "Wolf & Söhne KG", "D-01067", "", "K-2"),
            ("10001", "Wolf & Söhne KG", "", "", "K-2"),
            ("K-2", "Vogel AG", "1", "", "nobody"),
            ("10001", "WOLF & SOEHNE KG", "01067", "", "K-2"),
            ("10001", "WOLF & SOEHNE KG", "1067", "", "perhaps K-2"),
            ("10001", "Schmidt", "20095", "", "K-4"),
            ("10001", "Schmidt", "80331", "", "several"),
            ("", "Vogel AG", "50667", "DE999999995", "nobody"),
            ("K-1", "Becker GmbH", "50667", "DE999999995", "nobody"),
            ("", "Becker GmbH", "50667", "", "K-1"),
            ("", "Becker GmbH", "80331", "", "perhaps K-1"),
            ("", "Becker GmbH", "80331", "DE123456788", "K-1"),
        ];
        for (number, name, postcode, vat_id, expected) in table {
            let mut buyer = Buyer::of(&customer("x", name, postcode, vat_id));
            buyer.number = number.to_owned();
            let found = match found_buyer(&buyer, &customers) {
                FoundBuyer::One(customer) => customer.number.clone(),
                FoundBuyer::Namesake(customer) => format!("perhaps {}", customer.number),
                FoundBuyer::Several => "several".to_owned(),
                FoundBuyer::Nobody => "nobody".to_owned(),
            };
            assert_eq!(found, expected, "{number} {name} {postcode} {vat_id}");
        }
    }
}
