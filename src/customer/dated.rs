//! What changes of a customer on a day, written ahead: `[[from]]`.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value};

use super::agreement::{Customer, DatedChange};

impl DatedChange {
    /// Returns what it changes, by the keys of the book.
    pub fn keys(&self) -> Map<String, Value> {
        let mut keys = written(self);
        keys.remove("day");
        keys
    }
}

impl Customer {
    /// Returns what holds on a day. Looking again at the same day, or a later one, leads to the same as looking at that day alone.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Customer {
        let mut changes: Vec<&DatedChange> = self.changes.iter().filter(|change| change.day <= day).collect();
        if changes.is_empty() {
            return self.clone();
        }
        changes.sort_by_key(|change| change.day);
        let mut keys = written(self);
        changes.into_iter().for_each(|change| keys.extend(change.keys()));
        serde_json::from_value(Value::Object(keys))
            .expect("each key of a change is one of a customer, of the same type")
    }

    /// Returns the changes that come after a day, the next one first.
    pub fn changes_after(&self, day: NaiveDate) -> Vec<&DatedChange> {
        let mut changes: Vec<&DatedChange> = self.changes.iter().filter(|change| change.day > day).collect();
        changes.sort_by_key(|change| change.day);
        changes
    }
}

/// Writes something by its keys.
fn written(of: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(keys)) => keys,
        _ => unreachable!("it has keys"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BECKER: &str = r#"
        number = "K-1001"
        name = "Becker GmbH"
        order_number = "4711"
        discount = [{ days = 7, percent = "2" }]
        address = { street = "Hauptstraße 5", postcode = "50667", city = "Köln" }
        email = { invoice = "rechnung@becker.example" }
        [[from]]
        day = 2027-03-01
        order_number = "4713"
        [[from]]
        day = 2027-01-01
        name = "Becker AG"
        order_number = "4712"
        discount = []
        contact = { name = "Petra Becker" }
        email = { invoice = "a@becker.example", cc = "b@becker.example" }
        language = "en"
        tone = "friendly"
        term_days = 30
        payment_means = "direct_debit"
        delivery = "post"
        e_invoice = "none"
        electronic_address = { scheme = "0204", id = "1" }
        mandate = { reference = "M-1", iban = "DE75 5121 0800 1245 1261 99" }
        buyer_reference = "04"
        vat_id = "DE123456788"
        bank_fee_tolerance = "5.00"
        writeoff_below = 1
        dunning_policy = "business"
        default_basis = "reminder"
        address = { street = "Am Markt 1", postcode = "01067", city = "Dresden" }
    "#;

    #[test]
    fn a_customer_is_what_holds_on_the_day() {
        let customer: Customer = toml::from_str(BECKER).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (on, name, order, city, term) in [
            ("2026-12-31", "Becker GmbH", "4711", "Köln", None),
            ("2027-01-01", "Becker AG", "4712", "Dresden", Some(30)),
            ("2027-02-28", "Becker AG", "4712", "Dresden", Some(30)),
            ("2027-03-01", "Becker AG", "4713", "Dresden", Some(30)),
        ] {
            let found = customer.on(day(on));
            let seen =
                (found.name.as_str(), found.order_number.as_deref(), found.address.city.as_str(), found.term_days);
            assert_eq!(seen, (name, Some(order), city, term), "{on}");
            assert_eq!(found.on(day(on)), found, "{on}: twice is once");
        }
        let late = day("2030-01-01");
        assert_eq!(customer.on(day("2027-01-01")).on(late), customer.on(late));
        let all = customer.on(day("2027-01-01"));
        let keys = customer.changes[1].keys();
        for (key, value) in written(&all) {
            assert!(keys.get(&key).is_none_or(|changed| *changed == value), "{key}");
        }
        assert!(all.discounts.is_empty());
        assert_eq!(customer.changes_after(day("2027-01-01")).len(), 1);
    }
}
