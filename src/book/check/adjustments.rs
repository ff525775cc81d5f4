//! What is taken off and added: one number each, a reason that can be said, and VAT that follows from the lines.

use en16931::codes::{contains, generated};
use rust_decimal::Decimal;

use super::Checker;
use crate::book::bounds::Words;
use crate::book::vat::objection;
use crate::customer::Customer;
use crate::items::{Adjustment, Item};
use crate::money::Currency;

/// What an adjustment does, and to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Allowance,
    Charge,
}

/// The place of an adjustment in its file, such as `["line", "0", "charges", "1"]`.
type Path<'p> = [&'p str];

impl Checker<'_> {
    /// Checks what is taken off and added on the whole, and on each line.
    pub(super) fn adjustments(
        &mut self,
        (allowances, charges): (&[Adjustment], &[Adjustment]),
        items: &[Item],
        customer: Option<&Customer>,
        currency: Option<Currency>,
    ) {
        let currency = currency.or(customer.and_then(|customer| customer.currency)).unwrap_or(self.context.currency);
        for (place, item) in items.iter().enumerate() {
            let line = place.to_string();
            for (key, kind, said) in
                [("allowances", Kind::Allowance, &item.allowances), ("charges", Kind::Charge, &item.charges)]
            {
                for (place, adjustment) in said.iter().enumerate() {
                    let place = place.to_string();
                    let path = ["line", &line, key, &place];
                    self.adjustment(&path, kind, adjustment, currency);
                    self.names_no_vat(&path, adjustment, NO_VAT_ON_A_LINE);
                }
            }
        }
        for (place, allowance) in allowances.iter().enumerate() {
            let place = place.to_string();
            let path = ["allowance", &place];
            self.adjustment(&path, Kind::Allowance, allowance, currency);
            self.names_no_vat(&path, allowance, NO_VAT_TAKEN_OFF);
        }
        for (place, charge) in charges.iter().enumerate() {
            let place = place.to_string();
            let path = ["charge", &place];
            self.adjustment(&path, Kind::Charge, charge, currency);
            if charge.amount.is_some() {
                self.vat_of_charge(&path, charge, items, customer);
            } else {
                self.names_no_vat(&path, charge, NO_VAT_IN_PERCENT);
            }
        }
    }

    fn adjustment(&mut self, path: &Path<'_>, kind: Kind, said: &Adjustment, currency: Currency) {
        let at = |key| [path, &[key]].concat();
        let complaints = &mut self.complaints;
        complaints.line_if_any(&at("reason"), said.reason.as_deref());
        match (said.percent, said.amount) {
            (None, None) => complaints.missing(
                path,
                ("es fehlt, wie viel: `percent` oder `amount`.", "it lacks how much: `percent` or `amount`."),
                (
                    "Schreiben Sie `percent = \"5\"` für einen Anteil, `amount = \"12.50\"` für einen Betrag.",
                    "Write `percent = \"5\"` for a share, `amount = \"12.50\"` for an amount.",
                ),
            ),
            (Some(_), Some(_)) => complaints.wrong(
                &at("percent"),
                ("hier stehen `percent` und `amount`.", "there are both `percent` and `amount`."),
                ("Behalten Sie eines von beiden.", "Keep one of both."),
            ),
            (Some(percent), None) => self.number(&at("percent"), kind, percent, percents(kind), 4, "5"),
            (None, Some(amount)) => {
                let bounds = (0, 10_000_000, ("so viel hat keine Rechnung", "no invoice has so much"));
                self.number(&at("amount"), kind, amount, bounds, currency.exponent(), "12.50");
            }
        }
        self.reason_code(&at("reason_code"), kind, said.reason_code.as_deref());
    }

    fn number(
        &mut self,
        path: &Path<'_>,
        kind: Kind,
        value: Decimal,
        (least, most, why): (i64, i64, Words<&str>),
        decimals: u32,
        example: &str,
    ) {
        if value.is_zero() {
            self.complaints.without_effect(
                path,
                ("0 ändert keinen Betrag", "0 changes no amount"),
                ("Streichen Sie die Zeile.", "Remove it."),
            );
        } else if value.is_sign_negative() {
            let (german, english) = match kind {
                Kind::Allowance => ("ein Nachlass unter null ist ein Zuschlag", "an allowance below zero is a charge"),
                Kind::Charge => ("ein Zuschlag unter null ist ein Nachlass", "a charge below zero is an allowance"),
            };
            self.complaints.exact(path, value, (least, most), (german, english), example);
        } else if value.normalize().scale() > decimals {
            self.complaints.wrong(
                path,
                (
                    format!("{value} hat mehr als {decimals} Nachkommastellen."),
                    format!("{value} has more than {decimals} decimals."),
                ),
                ("Runden Sie die Zahl.", "Round the number."),
            );
        } else {
            self.complaints.exact(path, value, (least, most), why, example);
        }
    }

    /// Machines know reasons by lists of codes (BR-CL-19, BR-CL-20).
    fn reason_code(&mut self, path: &Path<'_>, kind: Kind, code: Option<&str>) {
        let (list, name, example) = match kind {
            Kind::Allowance => (generated::ALLOWANCE_REASON_CODES, "UNCL 5189", ("95, Rabatt", "95, a discount")),
            Kind::Charge => (generated::CHARGE_REASON_CODES, "UNCL 7161", ("FC, Fracht", "FC, freight")),
        };
        if let Some(code) = code.filter(|code| !contains(list, code)) {
            self.complaints.wrong(
                path,
                (
                    format!("`{code}` steht nicht in der Liste {name} der E-Rechnungen."),
                    format!("`{code}` is not in the list {name} of e-invoices."),
                ),
                (
                    format!("Nehmen Sie einen Code daraus, etwa {}, oder lassen Sie `reason_code` weg.", example.0),
                    format!("Take a code out of it, such as {}, or leave out `reason_code`.", example.1),
                ),
            );
        }
    }

    fn names_no_vat(&mut self, path: &Path<'_>, said: &Adjustment, why: Words<&str>) {
        if said.vat.is_some() {
            self.complaints.without_effect(&[path, &["vat"]].concat(), why, ("Lassen Sie es weg.", "Leave it out."));
        }
    }

    /// An amount that is charged on the whole bears the VAT of the lines, if that is one.
    fn vat_of_charge(&mut self, path: &Path<'_>, charge: &Adjustment, items: &[Item], customer: Option<&Customer>) {
        let path = [path, &["vat"]].concat();
        let Some(class) = charge.vat else {
            let of_first = items.first().map(|item| item.vat);
            if !self.context.small_business && items.iter().any(|item| Some(item.vat) != of_first) {
                self.complaints.missing(
                    &path,
                    (
                        "die Zeilen haben verschiedene Steuerklassen; der Zuschlag sagt nicht, welche er hat.",
                        "the lines have several VAT classes; the charge does not say which one it has.",
                    ),
                    ("Ergänzen Sie `vat = \"standard\"`.", "Add `vat = \"standard\"`."),
                );
            }
            return;
        };
        if let Some((what, advice)) = objection(class, true, customer, self.context) {
            let what = (format!("der Zuschlag {}", what.0), format!("the charge {}", what.1));
            self.complaints.wrong(&path, what, advice);
        }
    }

    /// The line of an order that nobody names says nothing.
    pub(super) fn orders(&mut self, of_all: Option<&str>, items: &[Item], customer: Option<&Customer>) {
        let is_known = of_all.is_some() || customer.is_none_or(|customer| customer.order_number.is_some());
        for (place, item) in items.iter().enumerate() {
            let place = place.to_string();
            let path = ["line", &place, "order_line"];
            self.complaints.line_if_any(&["line", &place, "order_number"], item.order_number.as_deref());
            self.complaints.line_if_any(&path, item.order_line.as_deref());
            if item.order_line.is_some() && item.order_number.is_none() && !is_known {
                self.complaints.without_effect(
                    &path,
                    ("niemand nennt die Bestellung dazu", "nobody names the order that it is of"),
                    ("Ergänzen Sie `order_number`.", "Add `order_number`."),
                );
            }
        }
    }
}

fn percents(kind: Kind) -> (i64, i64, Words<&'static str>) {
    match kind {
        Kind::Allowance => (0, 100, ("mehr als alles kann niemand nachlassen", "nobody can take off more than all")),
        Kind::Charge => {
            (0, 1000, ("mehr als das Zehnfache schlägt niemand auf", "nobody adds more than ten times as much"))
        }
    }
}

const NO_VAT_ON_A_LINE: Words<&str> = ("es gilt die Steuer der Zeile", "the VAT of the line counts");
const NO_VAT_TAKEN_OFF: Words<&str> =
    ("ein Nachlass verteilt sich auf die Steuersätze der Zeilen", "an allowance is spread over the VAT of the lines");
const NO_VAT_IN_PERCENT: Words<&str> =
    ("Prozente folgen den Steuersätzen der Zeilen", "percentages follow the VAT of the lines");
