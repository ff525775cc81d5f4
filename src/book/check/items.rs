//! The lines of a contract or of a one-off invoice: that each has a price, and a number that somebody means.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Checker;
use crate::book::vat::objection;
use crate::customer::Customer;
use crate::items::Item;

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
