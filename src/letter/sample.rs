//! Letters of an invented business: what a template can say, to try the owner's templates on before a letter is due.

use serde_json::Value;

use super::context::{
    CorrectionContext, DunningContext, InvoiceContext, NoticeContext, OfferContext, Sender, WithdrawalContext,
};
use crate::customer::Tone;

/// The letters, by the name of their template; `dunning` stands for every stage.
pub(super) fn samples() -> [(&'static str, Value); 7] {
    let some = |text: &str| Some(text.to_owned());
    let row = |label: &str, value: &str| [label.to_owned(), value.to_owned()];
    let sender = || Sender {
        name: "Muster IT GmbH".to_owned(),
        contact: some("Jana Muster"),
        address: "Musterstraße 1, 10115 Berlin".to_owned(),
        phone: some("+49 30 1234567"),
        email: "rechnung@muster.example".to_owned(),
    };
    let pay = || vec![row("Empfänger", "Muster IT GmbH"), row("IBAN", "DE02 1203 0000 0000 2020 51")];
    let invoice = InvoiceContext {
        number: "RE-2026-0067".to_owned(),
        total: "1.190,00 EUR".to_owned(),
        greeting: "Guten Tag Frau Becker".to_owned(),
        title: some("Wartung"),
        service: "Januar 2026".to_owned(),
        due_on: "26.01.2026".to_owned(),
        printed_due_on: some("15.01.2026"),
        rows: vec![row("Rechnungsbetrag", "1.190,00 EUR")],
        account_changed: true,
        asks_for_payment: true,
        remaining: some("1.000,00 EUR"),
        is_settled: false,
        is_collected: false,
        enclosed: some("Stundenzettel"),
        tone: Tone::Friendly,
        sender: sender(),
    };
    let quote = OfferContext {
        number: "AN-2026-0017".to_owned(),
        total: "1.190,00 EUR".to_owned(),
        greeting: "Guten Tag Frau Becker".to_owned(),
        title: some("Neue Website"),
        valid_until: "28.02.2026".to_owned(),
        quote: None,
        has_choice: true,
        rows: vec![row("Gesamtbetrag", "1.190,00 EUR"), row("Gültig bis", "28.02.2026")],
        tone: Tone::Friendly,
        sender: sender(),
    };
    let confirmation = OfferContext {
        number: "AB-2026-0012".to_owned(),
        quote: some("AN-2026-0017"),
        has_choice: false,
        rows: vec![row("Gesamtbetrag", "1.190,00 EUR")],
        ..quote.clone()
    };
    let dunning = DunningContext {
        number: "MA-2026-0012".to_owned(),
        subject_invoices: "Rechnung RE-2026-0067".to_owned(),
        several: true,
        own_invoices: "Rechnung RE-2026-0067".to_owned(),
        own_several: false,
        own_letters_before: 1,
        other_invoices: some("Rechnungen RE-2026-0070 und RE-2026-0071"),
        other_several: true,
        first_invoices: some("Rechnung RE-2026-0084"),
        first_several: false,
        total: "1.199,38 EUR".to_owned(),
        greeting: "Guten Tag Frau Becker".to_owned(),
        rows: vec![row("Rechnung RE-2026-0067", "1.190,00 EUR"), row("Zu zahlen", "1.190,00 EUR")],
        interest_parts: vec![row("Verzugszinsen zusammen", "9,38 EUR")],
        covered_through: some("20.02.2026"),
        deadline: "05.03.2026".to_owned(),
        pay: pay(),
        account_changed: true,
        on_paper: false,
        has_code: true,
        attached: true,
        account_attached: true,
        tone: Tone::Friendly,
        sender: sender(),
    };
    let notice = NoticeContext {
        subject_invoices: "Rechnung RE-2026-0067".to_owned(),
        several: false,
        total: "1.190,00 EUR".to_owned(),
        greeting: "Guten Tag Frau Becker".to_owned(),
        rows: vec![row("Rechnung RE-2026-0067", "1.190,00 EUR")],
        covered_through: some("20.01.2026"),
        due_on: "26.01.2026".to_owned(),
        pay: pay(),
        account_changed: true,
        attached: true,
        tone: Tone::Friendly,
        sender: sender(),
    };
    let withdrawal = WithdrawalContext {
        number: "MA-2026-0013".to_owned(),
        letters: "MA-2026-0012".to_owned(),
        several: false,
        greeting: "Guten Tag Frau Becker".to_owned(),
        rows: vec![row("MA-2026-0012 vom 24.02.2026", "bezahlt 20.02.2026")],
        taken_back: some("9,38 EUR"),
        credited: some("9,38 EUR"),
        tone: Tone::Friendly,
        sender: sender(),
    };
    let correction = CorrectionContext {
        number: "RK-2026-0003".to_owned(),
        invoice: "RE-2026-0067".to_owned(),
        invoice_date: "12.01.2026".to_owned(),
        is_cancellation: true,
        total: "1.190,00 EUR".to_owned(),
        greeting: "Guten Tag Frau Becker".to_owned(),
        open: some("190,00 EUR"),
        credit: some("1.000,00 EUR"),
        rows: vec![row("verrechnet mit RE-2026-0071", "800,00 EUR")],
        left: some("200,00 EUR"),
        tone: Tone::Friendly,
        sender: sender(),
    };
    [
        ("invoice", json(&invoice)),
        ("dunning", json(&dunning)),
        ("notice", json(&notice)),
        ("withdrawal", json(&withdrawal)),
        ("correction", json(&correction)),
        ("quote", json(&quote)),
        ("confirmation", json(&confirmation)),
    ]
}

fn json(context: &impl serde::Serialize) -> Value {
    serde_json::to_value(context).expect("texts are JSON")
}
