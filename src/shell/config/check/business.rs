//! Who invoices, and who is told.

use crate::book::{Complaints, TERM, vat_id_words};
use crate::party::Country;
use crate::reference::VatId;
use crate::shell::config::model::Config;

pub(super) fn check(config: &Config, complaints: &mut Complaints<'_>) {
    let business = &config.business;
    complaints.line_of_text(&["business", "name"], &business.name);
    for (key, text) in [
        ("vat_id", &business.vat_id),
        ("tax_number", &business.tax_number),
        ("phone", &business.phone),
        ("web", &business.web),
        ("contact", &business.contact),
    ] {
        complaints.line_if_any(&["business", key], text.as_deref());
    }
    for (place, line) in business.legal.iter().enumerate() {
        complaints.line_of_text(&["business", "legal", &place.to_string()], line);
    }
    let address = &business.address;
    complaints.line_if_any(&["business", "address", "additional"], address.additional.as_deref());
    for (key, text) in [("street", &address.street), ("postcode", &address.postcode), ("city", &address.city)] {
        complaints.line_of_text(&["business", "address", key], text);
    }
    complaints.line_if_any(&["owner", "name"], config.owner.name.as_deref());
    complaints.whole(&["business", "term_days"], business.term_days, 0..=365, TERM, 14);
    for (place, day) in business.extra_holidays.iter().enumerate() {
        complaints.day(&["business", "extra_holidays", &place.to_string()], day.0);
    }
    turnover(config, complaints);
    let country = address.country;
    if let Some((id, error)) = business.vat_id.as_ref().and_then(|id| Some((id, id.parse::<VatId>().err()?)))
        && (country.is_in_eu() || country == Country::CH)
    {
        complaints.wrong(
            &["business", "vat_id"],
            vat_id_words(id, &error),
            (
                "Schreiben Sie sie wie das Finanzamt; eine Nummer, die keine ist, heißt `tax_number`.",
                "Write it as the tax office did; a number that is none is `tax_number`.",
            ),
        );
    }
    // In Austria and Switzerland who bears no VAT has no such number to show (§ 11 (1) no. 3 UStG 1994, Art. 26 (2) MWSTG).
    let needs_number = !business.small_business || country == Country::DE;
    if needs_number && business.vat_id.is_none() && business.tax_number.is_none() {
        complaints.missing(
            &["business", "name"],
            (
                "das Unternehmen hat weder `vat_id` noch `tax_number`; eine Rechnung braucht eines von beiden (§ 14 Abs. 4 Nr. 2 UStG).",
                "the business has neither `vat_id` nor `tax_number`; an invoice needs one of both (§ 14 (4) no. 2 UStG).",
            ),
            ("Ergänzen Sie eines.", "Add one."),
        );
    }
}

/// Checks what decides from when e-invoices are a duty.
fn turnover(config: &Config, complaints: &mut Complaints<'_>) {
    let business = &config.business;
    if let Some(amount) = business.turnover_previous_year {
        let why = ("ein Umsatz in EUR", "a turnover in EUR");
        complaints.exact(&["business", "turnover_previous_year"], amount, (0, 1_000_000_000_000), why, "640000");
    }
    let Some(year) = business.turnover_year else { return };
    let key = ["business", "turnover_year"];
    complaints.whole(
        &key,
        year,
        2020..=2099,
        ("das Jahr, in dem er erzielt wurde", "the year in which it was made"),
        2026,
    );
    if business.turnover_previous_year.is_none() {
        complaints.without_effect(
            &key,
            ("den Umsatz nennt `turnover_previous_year`", "`turnover_previous_year` says the turnover"),
            ("Ergänzen Sie `turnover_previous_year = \"640000\"`.", "Add `turnover_previous_year = \"640000\"`."),
        );
    }
}
