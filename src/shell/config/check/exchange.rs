//! Rates that VAT is converted at.

use crate::book::Complaints;
use crate::invoice::{VatExchangeRate, tax_currency_of};
use crate::language::Language;
use crate::shell::config::model::Config;

pub(super) fn check(config: &Config, complaints: &mut Complaints<'_>) {
    let to = tax_currency_of(config.business.address.country);
    for (place, line) in config.vat_exchange_rates.iter().enumerate() {
        let at = place.to_string();
        let path = |key| ["vat_exchange_rate", &at, key];
        complaints.day(&path("from"), line.from);
        complaints.line_of_text(&path("source"), &line.source);
        if let Some(through) = line.through {
            complaints.day(&path("through"), through);
            complaints.in_order(&path("through"), (line.from, through), ("der Kurs", "the rate"));
        }
        if line.currency == to {
            complaints.without_effect(
                &path("currency"),
                ("die Steuer wird in dieser Währung erklärt", "VAT is declared in this currency"),
                (
                    "Nennen Sie die Währung der Rechnungen, oder streichen Sie die Zeile.",
                    "Name the currency of the invoices, or remove it.",
                ),
            );
        }
        if line.rate.is_zero() || line.rate.is_sign_negative() {
            complaints.wrong(
                &path("rate"),
                (format!("{} ist kein Kurs.", line.rate), format!("{} is no rate.", line.rate)),
                (
                    format!("Schreiben Sie, wie viel {to} für 1 {} stehen: `rate = \"0.9412\"`.", line.currency),
                    format!("Write how much {to} are worth 1 {}: `rate = \"0.9412\"`.", line.currency),
                ),
            );
        }
        let same = |other: &&VatExchangeRate| {
            other.currency == line.currency && other.from <= line.through() && line.from <= other.through()
        };
        if let Some(other) = config.vat_exchange_rates[..place].iter().find(same) {
            complaints.wrong(
                &path("from"),
                (
                    format!(
                        "für den {} stehen zwei Kurse für {} da.",
                        Language::GERMAN.day(line.from.max(other.from)),
                        line.currency
                    ),
                    format!(
                        "there are two rates of {} for {}.",
                        line.currency,
                        Language::En.day(line.from.max(other.from))
                    ),
                ),
                (
                    "Behalten Sie einen; ein Kurs gilt bis zum Ende seines Monats, wenn er nicht `through` sagt.",
                    "Keep one; a rate counts to the end of its month where it does not say `through`.",
                ),
            );
        }
    }
}
