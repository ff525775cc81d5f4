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
    /// Several customers may be meant.
    Several,
    /// Nobody whom the book knows.
    Nobody,
}

/// Finds the customer that a buyer is: by VAT id, then by number where the names have a word in common, for the numbers of an earlier
/// system may be others, then by name, and among namesakes by postcode. Who has another VAT id is somebody else, whatever the name.
pub fn found_buyer<'c>(buyer: &Buyer, customers: &[&'c Customer]) -> FoundBuyer<'c> {
    let same = |a: &str, b: &str| !squeeze(a).is_empty() && squeeze(a) == squeeze(b);
    let vat_id = buyer.vat_id.as_deref().unwrap_or_default();
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
        &|customer| is_namesake(customer) && customer.address.postcode == buyer.address.postcode,
        &is_namesake,
    ];
    for step in steps {
        let mut found = customers.iter().filter(may_be).filter(step);
        match (found.next(), found.next()) {
            (Some(one), None) => return FoundBuyer::One(one),
            (Some(_), Some(_)) => return FoundBuyer::Several,
            (None, _) => {}
        }
    }
    FoundBuyer::Nobody
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
            ("K-2", "Vogel AG", "1", "", "nobody"),
            ("10001", "WOLF & SOEHNE KG", "1", "", "K-2"),
            ("10001", "Schmidt", "20095", "", "K-4"),
            ("10001", "Schmidt", "80331", "", "several"),
            ("", "Vogel AG", "50667", "DE999999995", "nobody"),
            ("K-1", "Becker GmbH", "50667", "DE999999995", "nobody"),
            ("", "Becker GmbH", "1", "", "K-1"),
        ];
        for (number, name, postcode, vat_id, expected) in table {
            let mut buyer = Buyer::of(&customer("x", name, postcode, vat_id));
            buyer.number = number.to_owned();
            let found = match found_buyer(&buyer, &customers) {
                FoundBuyer::One(customer) => customer.number.as_str(),
                FoundBuyer::Several => "several",
                FoundBuyer::Nobody => "nobody",
            };
            assert_eq!(found, expected, "{number} {name} {postcode} {vat_id}");
        }
    }
}
