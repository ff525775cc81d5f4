//! Quotes: that each position has a name of its own, and that what is to be chosen stands for something.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::Checker;
use crate::invoice::{Position, Quote, Role};
use crate::items::Item;

impl Checker<'_> {
    pub(super) fn quote(&mut self, quote: &Quote) {
        let customer = self.customer_of(&quote.customer);
        let items: Vec<Item> = quote.lines.iter().map(Position::item).collect();
        self.items(&items);
        self.vat(&items, customer);
        self.policy(quote.dunning_policy.as_deref());
        self.currency(quote.currency);
        self.term(quote.term_days);
        self.texts(quote.title.as_deref(), quote.order_number.as_deref(), quote.note.as_deref());
        self.complaints.day(&["valid_until"], quote.valid_until);
        if let Some(percent) = quote.discount_percent {
            self.complaints.exact(
                &["discount_percent"],
                percent,
                (0, 100),
                ("mehr als alles kann niemand nachlassen", "nobody can take off more than all"),
                "3",
            );
        }
        let mut ids = BTreeSet::new();
        for (place, position) in quote.lines.iter().enumerate() {
            self.position(quote, &place.to_string(), position, ids.insert(position.id.as_str()));
        }
        if !quote.lines.is_empty() && !quote.lines.iter().any(|position| position.role.is_normal()) {
            self.complaints.wrong(
                &["line", "0", "role"],
                (
                    "ohne eine Position, die auch ohne Wahl zählt, ist nichts angeboten.",
                    "without a position that counts unchosen nothing is offered.",
                ),
                ("Lassen Sie bei einer `role` weg.", "Leave `role` out of one."),
            );
        }
    }

    fn position(&mut self, quote: &Quote, place: &str, position: &Position, is_first: bool) {
        let id = &position.id;
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if !(1..=20).contains(&id.len()) || !id.chars().all(is_name) {
            self.complaints.wrong(
                &["line", place, "id"],
                (format!("`{id}` kann kein Name einer Position sein."), format!("`{id}` cannot name a position.")),
                (
                    "Nehmen Sie 1 bis 20 Buchstaben, Ziffern und - . _, etwa `id = \"a\"`; Befehle nennen sie so.",
                    "Take 1 to 20 letters, digits and - . _, such as `id = \"a\"`; commands name it so.",
                ),
            );
        }
        if !is_first {
            self.complaints.wrong(
                &["line", place, "id"],
                (format!("zwei Positionen heißen `{id}`."), format!("two positions are named `{id}`.")),
                ("Geben Sie jeder einen eigenen Namen.", "Give each a name of its own."),
            );
        }
        if position.quantity < Decimal::ZERO || position.unit_price < Decimal::ZERO {
            self.complaints.wrong(
                &["line", place, if position.quantity < Decimal::ZERO { "quantity" } else { "unit_price" }],
                (
                    "in einem Angebot steht nichts unter null; was abgeht, sagt `discount_percent`.",
                    "nothing in a quote is below zero; `discount_percent` says what goes off.",
                ),
                ("Schreiben Sie eine Zahl über null.", "Write a number above zero."),
            );
        }
        let path = ["line", place, "instead_of"];
        let instead_of = position.instead_of.as_deref();
        let is_normal = |id: &str| quote.position(id).is_some_and(|other| other.role.is_normal());
        match (position.role, instead_of) {
            (Role::Alternative, None) => self.complaints.wrong(
                &["line", place, "role"],
                (
                    format!("die Position `{id}` ist eine Alternative, und es fehlt, zu welcher."),
                    format!("the position `{id}` is an alternative, and to which one is missing."),
                ),
                (
                    "Ergänzen Sie `instead_of = \"…\"` mit dem Namen der anderen.",
                    "Add `instead_of = \"…\"` with the name of the other one.",
                ),
            ),
            (Role::Alternative, Some(other)) if !is_normal(other) => self.complaints.wrong(
                &path,
                (
                    format!("`{other}` ist keine Position, die ohne Wahl zählt."),
                    format!("`{other}` is no position that counts unchosen."),
                ),
                ("Nennen Sie eine ohne `role`.", "Name one without `role`."),
            ),
            (Role::Normal | Role::Optional, Some(_)) => self.complaints.without_effect(
                &path,
                (
                    "nur eine Alternative tritt an die Stelle einer anderen",
                    "only an alternative takes the place of another",
                ),
                (
                    "Schreiben Sie `role = \"alternative\"`, oder lassen Sie es weg.",
                    "Write `role = \"alternative\"`, or leave it out.",
                ),
            ),
            (Role::Normal | Role::Optional, None) | (Role::Alternative, Some(_)) => {}
        }
    }
}
