//! A customer: that letters reach it, and that what was agreed can be meant.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Checker, TOLERANCE};
use crate::book::vat::id_objection;
use crate::customer::{Customer, Delivery};
use crate::language::Language;

impl Checker<'_> {
    /// Looks at what is written ahead: that each block has a day of its own, and changes something.
    pub(super) fn dated(&mut self, customer: &Customer) {
        for (place, change) in customer.changes.iter().enumerate() {
            let at = place.to_string();
            self.complaints.day(&["from", &at, "day"], change.day);
            if change.keys().is_empty() {
                self.complaints.without_effect(
                    &["from", &at, "day"],
                    (
                        "unter diesem `[[from]]` steht nichts, was sich ändert",
                        "nothing that changes stands below this `[[from]]`",
                    ),
                    (
                        "Schreiben Sie darunter, was von dem Tag an gilt, oder lassen Sie den Block weg.",
                        "Write below it what holds from that day on, or leave the block out.",
                    ),
                );
            }
            if customer.changes[..place].iter().any(|other| other.day == change.day) {
                let day = change.day;
                self.complaints.wrong(
                    &["from", &at, "day"],
                    (
                        format!(
                            "für den {} gibt es schon ein `[[from]]`; welches gälte, weiß niemand.",
                            Language::GERMAN.day(day)
                        ),
                        format!(
                            "there is a `[[from]]` for {} already; nobody knows which would count.",
                            Language::En.day(day)
                        ),
                    ),
                    ("Schreiben Sie beides in einen Block.", "Write both into one block."),
                );
            }
        }
    }

    /// Checks what holds of a customer on a day. What comes from a block that was written ahead is told of that block.
    pub(super) fn customer_on(&mut self, customer: &Customer, day: NaiveDate) {
        let mut changes: Vec<_> = customer.changes.iter().enumerate().filter(|(_, change)| change.day <= day).collect();
        changes.sort_by_key(|(_, change)| change.day);
        let keys = changes
            .into_iter()
            .flat_map(|(place, change)| change.keys().into_iter().map(move |(key, _)| (key, place.to_string())));
        self.complaints.moved_to(keys.map(|(key, place)| (key, vec!["from".to_owned(), place])).collect());
        self.customer(customer);
    }

    fn customer(&mut self, customer: &Customer) {
        let complaints = &mut self.complaints;
        complaints.line_of_text(&["name"], &customer.name);
        complaints.line_if_any(&["address", "additional"], customer.address.additional.as_deref());
        complaints.line_of_text(&["address", "street"], &customer.address.street);
        complaints.line_of_text(&["address", "postcode"], &customer.address.postcode);
        complaints.line_of_text(&["address", "city"], &customer.address.city);
        for (key, text) in [
            ("buyer_reference", &customer.buyer_reference),
            ("order_number", &customer.order_number),
            ("ledger_account", &customer.ledger_account),
        ] {
            complaints.line_if_any(&[key], text.as_deref());
        }
        if customer.delivery == Delivery::Mail && customer.email.invoice.is_empty() {
            complaints.missing(
                &["number"],
                (
                    "der Kunde hat keine E-Mail-Adresse für Rechnungen.",
                    "the customer has no e-mail address for invoices.",
                ),
                (
                    "Ergänzen Sie `[email]` mit `invoice = \"…\"`, oder schreiben Sie `delivery = \"post\"`.",
                    "Add `[email]` with `invoice = \"…\"`, or say `delivery = \"post\"`.",
                ),
            );
        }
        if let Some(contact) = &customer.contact {
            complaints.line_of_text(&["contact", "name"], &contact.name);
            complaints.line_if_any(&["contact", "greeting"], contact.greeting.as_deref());
            if contact.greeting.as_ref().is_some_and(|greeting| greeting.trim_end().ends_with([',', '!'])) {
                complaints.wrong(
                    &["contact", "greeting"],
                    (
                        "die Anrede endet mit einem Satzzeichen; das Komma setzt settled selbst.",
                        "the greeting ends with a punctuation mark; settled sets the comma itself.",
                    ),
                    ("Lassen Sie das Zeichen weg.", "Leave the mark out."),
                );
            }
        }
        if let Some(what) = id_objection(customer) {
            self.complaints.wrong(
                &["vat_id"],
                what,
                (
                    "Schreiben Sie sie wie der Kunde auf seinen eigenen Rechnungen, oder lassen Sie sie weg.",
                    "Write it as the customer does on its own invoices, or leave it out.",
                ),
            );
        }
        self.policy(customer.dunning_policy.as_deref());
        self.currency(customer.currency);
        self.term(customer.term_days);
        self.renamed(&customer.number, customer.renamed_from.as_deref(), &self.book.customers);
        self.own_accounts(customer);
        for (key, value) in
            [("bank_fee_tolerance", customer.bank_fee_tolerance), ("writeoff_below", customer.writeoff_below)]
        {
            if let Some(value) = value {
                self.complaints.exact(&[key], value, (0, 50), TOLERANCE, "5.00");
            }
        }
        self.discounts(customer);
    }

    /// Money from an account of the business is a transfer of its own, and never a customer's payment.
    fn own_accounts(&mut self, customer: &Customer) {
        for (place, iban) in customer.ibans.iter().enumerate() {
            if self.context.ibans.contains(&iban) {
                let iban = iban.grouped();
                self.complaints.wrong(
                    &["ibans", &place.to_string()],
                    (
                        format!("{iban} ist Ihr eigenes Konto; was Sie selbst überweisen, gälte als Zahlung dieses Kunden."),
                        format!("{iban} is your own account; what you transfer yourself would count as this customer's payment."),
                    ),
                    ("Nennen Sie das Konto des Kunden.", "Name the customer's account."),
                );
            }
        }
    }

    fn discounts(&mut self, customer: &Customer) {
        let most = Decimal::from(20);
        for (place, discount) in customer.discounts.iter().enumerate() {
            let (at, percent) = (place.to_string(), discount.percent);
            if percent <= Decimal::ZERO || percent > most {
                self.complaints.wrong(
                    &["discount", &at, "percent"],
                    (
                        format!("ein Skonto von {percent} % ist nicht möglich: über {most} % ist vertippt, und 0 % ist keines."),
                        format!("a discount of {percent} % is not possible: above {most} % is mistyped, and 0 % is none."),
                    ),
                    ("Schreiben Sie zum Beispiel `percent = \"2\"`.", "Write for example `percent = \"2\"`."),
                );
            }
            self.complaints.whole(
                &["discount", &at, "days"],
                discount.days,
                1..=180,
                (
                    "so viele Tage nach dem Rechnungsdatum gilt das Skonto",
                    "for so many days after the date of the invoice the discount holds",
                ),
                10,
            );
            let term = customer.term_days.filter(|term| *term > 0 && discount.days > *term);
            if let Some(term) = term {
                self.complaints.wrong(
                    &["discount", &at, "days"],
                    (
                        format!("das Skonto gilt {} Tage, länger als das Zahlungsziel von {term}; auch wer zu spät zahlt, zöge es ab.", discount.days),
                        format!("the discount holds for {} days, longer than the {term} days to pay; who pays late would take it as well.", discount.days),
                    ),
                    ("Kürzen Sie die Tage.", "Write fewer days."),
                );
            }
            let better = customer.discounts.iter().take(place).find(|other| {
                other.days == discount.days || (other.days < discount.days) != (other.percent > discount.percent)
            });
            if let Some(better) = better {
                self.complaints.wrong(
                    &["discount", &at, "days"],
                    (
                        format!("{percent} % in {} Tagen passt nicht zu {} % in {} Tagen: wer früher zahlt, bekommt mehr.", discount.days, better.percent, better.days),
                        format!("{percent} % within {} days does not go with {} % within {} days: who pays earlier gets more.", discount.days, better.percent, better.days),
                    ),
                    ("Berichtigen Sie Tage oder Prozente.", "Correct days or percents."),
                );
            }
        }
    }
}
