//! The lines of a contract or of a one-off invoice: that each has a price, and a number that somebody means.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Checker;
use crate::book::vat::objection;
use crate::customer::Customer;
use crate::items::Item;
use crate::recurring::Billing;

impl Checker<'_> {
    pub(super) fn items(&mut self, items: &[Item]) {
        if items.is_empty() {
            self.complaints.missing(
                &["number"],
                ("es wird nichts berechnet.", "it charges nothing."),
                ("Ergänzen Sie mindestens eine `[[line]]`.", "Add at least one `[[line]]`."),
            );
        }
        for (place, item) in items.iter().enumerate() {
            self.item(&place.to_string(), item);
        }
    }

    fn item(&mut self, place: &str, item: &Item) {
        let (complaints, name) = (&mut self.complaints, &item.name);
        complaints.line_of_text(&["line", place, "name"], name);
        complaints.text_if_any(&["line", place, "description"], item.description.as_deref());
        complaints.line_if_any(&["line", place, "revenue_account"], item.revenue_account.as_deref());
        match (item.unit_price, item.prices.is_empty()) {
            (None, true) => complaints.missing(
                &["line", place],
                (format!("die Zeile \"{name}\" hat keinen Preis."), format!("the line \"{name}\" has no price.")),
                (
                    "Ergänzen Sie `unit_price = \"…\"`, oder `prices` mit je einem Tag.",
                    "Add `unit_price = \"…\"`, or `prices` with a day each.",
                ),
            ),
            (Some(_), false) => complaints.wrong(
                &["line", place, "unit_price"],
                (
                    format!("die Zeile \"{name}\" hat `unit_price` und `prices`."),
                    format!("the line \"{name}\" has both `unit_price` and `prices`."),
                ),
                ("Behalten Sie eines von beiden.", "Keep one of both."),
            ),
            _ => {}
        }
        self.quantity(place, item);
        self.quantities(place, item);
        let steps = item.prices.iter().map(|step| (["line", place, "prices"].to_vec(), step.unit_price));
        let single = item.unit_price.map(|price| (["line", place, "unit_price"].to_vec(), price));
        for (path, price) in single.into_iter().chain(steps) {
            self.price(&path, name, price);
        }
        self.steps(place, item);
        if let Some(percent) = item.discount_percent {
            self.complaints.exact(
                &["line", place, "discount_percent"],
                percent,
                (0, 100),
                (
                    "mehr als alles kann niemand nachlassen, und einen Zuschlag nennt `charges`",
                    "nobody can take off more than all, and `charges` names a surcharge",
                ),
                "5",
            );
        }
    }

    fn quantity(&mut self, place: &str, item: &Item) {
        let (path, name) = (["line", place, "quantity"], &item.name);
        if item.quantity.is_zero() {
            self.complaints.wrong(
                &path,
                (
                    format!("die Zeile \"{name}\" berechnet 0, also nichts."),
                    format!("the line \"{name}\" charges 0, which is nothing."),
                ),
                (
                    "Schreiben Sie eine Menge, oder lassen Sie die Zeile weg.",
                    "Write a quantity, or leave the line out.",
                ),
            );
        }
        if item.quantity.normalize().scale() > 6 {
            self.too_exact(&path, name);
        }
        self.complaints.exact(
            &path,
            item.quantity,
            (-1_000_000, 1_000_000),
            ("so viel berechnet niemand in einer Zeile", "nobody charges so much in one line"),
            "1",
        );
    }

    /// Quantities from days on: one a day, none beside a single quantity, and changes by days only where there are some.
    fn quantities(&mut self, place: &str, item: &Item) {
        let (path, name) = (["line", place, "quantities"], &item.name);
        let mut days: Vec<NaiveDate> = item.quantities.iter().map(|step| step.from).collect();
        days.iter().for_each(|day| self.complaints.day(&path, *day));
        days.sort_unstable();
        if days.windows(2).any(|pair| pair[0] == pair[1]) {
            self.complaints.wrong(
                &path,
                (
                    format!("die Zeile \"{name}\" hat zwei Mengen vom selben Tag an."),
                    format!("the line \"{name}\" has two quantities from the same day."),
                ),
                ("Behalten Sie eine von beiden.", "Keep one of both."),
            );
        }
        if !days.is_empty() && self.complaints.says(&["line", place, "quantity"]) {
            self.complaints.wrong(
                &["line", place, "quantity"],
                (
                    format!("die Zeile \"{name}\" hat `quantity` und `quantities`."),
                    format!("the line \"{name}\" has both `quantity` and `quantities`."),
                ),
                ("Behalten Sie eines von beiden.", "Keep one of both."),
            );
        }
        if item.prorate && days.is_empty() {
            self.complaints.wrong(
                &["line", place, "prorate"],
                (
                    format!("`prorate` wirkt nicht: die Zeile \"{name}\" hat keine `quantities`, die sich ändern."),
                    format!("`prorate` has no effect: the line \"{name}\" has no `quantities` that change."),
                ),
                (
                    "Schreiben Sie `quantities`, oder lassen Sie `prorate` weg.",
                    "Write `quantities`, or leave `prorate` out.",
                ),
            );
        }
        for step in &item.quantities {
            if step.quantity.normalize().scale() > 6 {
                self.too_exact(&path, name);
            }
            self.complaints.exact(
                &path,
                step.quantity,
                (-1_000_000, 1_000_000),
                ("so viel berechnet niemand in einer Zeile", "nobody charges so much in one line"),
                "1",
            );
        }
    }

    /// What changes by days is known when they are over; a one-off invoice has one quantity.
    pub(super) fn changing(&mut self, items: &[Item], billing: Option<Billing>) {
        for (place, item) in items.iter().enumerate() {
            let (place, name) = (place.to_string(), &item.name);
            if billing.is_none() && !item.quantities.is_empty() {
                self.complaints.wrong(
                    &["line", &place, "quantities"],
                    (
                        format!("die Zeile \"{name}\" hat Mengen von Tagen an; eine Rechnung, die einmal gestellt wird, hat eine Menge."),
                        format!("the line \"{name}\" has quantities from days on; an invoice that is issued once has one quantity."),
                    ),
                    ("Schreiben Sie `quantity`.", "Write `quantity`."),
                );
            } else if item.prorate && billing == Some(Billing::Advance) {
                self.complaints.wrong(
                    &["line", &place, "prorate"],
                    (
                        format!("die Zeile \"{name}\" rechnet nach Tagen, aber im Voraus weiß niemand, was sich im Zeitraum ändert."),
                        format!("the line \"{name}\" is charged by days, but in advance nobody knows what changes inside the period."),
                    ),
                    (
                        "Schreiben Sie `billing = \"arrears\"`, oder lassen Sie `prorate` weg: dann gilt eine Menge ab dem nächsten Zeitraum.",
                        "Write `billing = \"arrears\"`, or leave `prorate` out: then a quantity counts from the next period on.",
                    ),
                );
            }
        }
    }

    fn price(&mut self, path: &[&str], name: &str, price: Decimal) {
        if price.normalize().scale() > 6 {
            self.too_exact(path, name);
        }
        self.complaints.exact(
            path,
            price,
            (-10_000_000, 10_000_000),
            ("so viel kostet ein Stück von nichts", "one of nothing costs so much"),
            "49.90",
        );
    }

    fn too_exact(&mut self, path: &[&str], name: &str) {
        self.complaints.wrong(
            path,
            (
                format!("eine Zahl der Zeile \"{name}\" hat mehr als sechs Nachkommastellen."),
                format!("a number of the line \"{name}\" has more than six decimals."),
            ),
            ("Mehr als sechs hat keine Rechnung.", "Six are the most that invoices have."),
        );
    }

    fn steps(&mut self, place: &str, item: &Item) {
        let path = ["line", place, "prices"];
        let mut days: Vec<NaiveDate> = item.prices.iter().map(|step| step.from).collect();
        days.iter().for_each(|day| self.complaints.day(&path, *day));
        days.sort_unstable();
        if days.windows(2).any(|pair| pair[0] == pair[1]) {
            let name = &item.name;
            self.complaints.wrong(
                &path,
                (
                    format!("die Zeile \"{name}\" hat zwei Preise vom selben Tag an."),
                    format!("the line \"{name}\" has two prices from the same day."),
                ),
                ("Behalten Sie einen von beiden.", "Keep one of both."),
            );
        }
    }

    /// Classes without tax need reasons that the law knows.
    pub(super) fn vat(&mut self, items: &[Item], customer: Option<&Customer>) {
        for (place, item) in items.iter().enumerate() {
            let place = place.to_string();
            let path = ["line", &place, "vat"];
            let is_written = self.complaints.says(&path);
            let Some((what, advice)) = objection(item.vat, is_written, customer, self.context) else { continue };
            let what =
                (format!("die Zeile \"{}\" {}", item.name, what.0), format!("the line \"{}\" {}", item.name, what.1));
            self.complaints.wrong(if is_written { &path[..] } else { &path[..2] }, what, advice);
        }
    }
}
