//! One quote: what it offers, what was chosen, and all that followed.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use crate::chain::{Order, QuoteState};
use crate::cli::opening::{meant_or_typed, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, say, table};
use crate::command::line;
use crate::invoice::{DocumentKind, InvoicePart, Role};
use crate::jobs::quotes::chain::{Chain, Link};
use crate::language::Language;
use crate::money::Amount;

/// Show one: what it offers, what was chosen, and the papers and invoices that followed.
#[derive(Debug, Args)]
pub struct ShowOptions {
    /// Its number in the book, or the number of one of its papers.
    quote: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Shows a quote.
pub async fn show(file: &Path, options: &ShowOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let (today, language) = (office.day(office.clock.now()), office.config.owner.language);
    let name = meant_or_typed(&office, &options.quote).await?;
    let mut tx = office.store.read().await?;
    let chain = Chain::load(&office, &mut tx, &name).await?;
    let order = chain.order(&office);
    if options.json {
        print_json(&json!({
            "quote": chain.name(), "customer": chain.customer.number, "name": chain.customer.name,
            "state": chain.offer.state(today).name(), "order": order_json(&chain, &order),
            "valid_until": chain.offer.valid_until, "accepted_on": chain.offer.accepted.as_ref().map(|(on, _)| on),
            "chosen": order.chosen, "declined_on": chain.offer.declined, "currency": order.currency,
            "lines": chain.offer.quote.lines, "documents": chain.links.iter().map(document_json).collect::<Vec<_>>(),
        }))?;
        return Ok(Outcome::Fine);
    }
    let quote = &chain.offer.quote;
    println!("{} · {} ({})\n", quote.number, chain.customer.name, chain.customer.number);
    let row = |german: &str, english: &str, words: &str| {
        println!("{:<width$}{words}", language.say(german, english), width = language.say(12, 13));
    };
    if let Some(title) = &quote.title {
        row("Betreff", "about", title);
    }
    row("Stand", "state", &state_words(&chain, &order, today, language));
    row("gültig bis", "valid until", &language.day(chain.offer.valid_until));
    println!();
    positions(&order, today, language);
    if !chain.links.is_empty() {
        println!();
        let rows = chain.links.iter().map(|link| document_row(link, language));
        let header = language.say(["Papier", "", "vom", "Betrag", "offen"], ["paper", "", "of", "amount", "open"]);
        table(&header, (&[3, 4], &[1]), rows.collect());
    }
    let next = next(&chain, &order, today);
    if !next.is_empty() {
        let lines: String = next.iter().map(|command| format!("\n  -> {command}")).collect();
        say(&office.program, &format!("\n{}{lines}", language.say("Wie es weitergeht", "To go on")));
    }
    Ok(Outcome::Fine)
}

/// Prints what is offered; what is to be chosen says so.
fn positions(order: &Order<'_>, today: NaiveDate, language: Language) {
    let ordered = order.positions();
    let number = |value| language.number(value);
    let rows = order.quote.lines.iter().map(|position| {
        let counts = ordered.iter().any(|other| other.id == position.id);
        let note = match (position.role, &position.instead_of, counts) {
            (Role::Normal, _, true) => String::new(),
            (Role::Normal, _, false) => language.say("ersetzt", "replaced").to_owned(),
            (Role::Optional | Role::Alternative, _, true) => language.say("gewählt", "chosen").to_owned(),
            (Role::Alternative, Some(other), false) => {
                language.say(format!("statt {other}"), format!("instead of {other}"))
            }
            (Role::Optional | Role::Alternative, ..) => language.say("auf Wunsch", "optional").to_owned(),
        };
        let net = Amount::rounded(position.quantity * position.unit_price, order.currency).unwrap_or_default();
        let quantity = number(position.quantity.normalize());
        let price = number(position.unit_price.normalize());
        vec![position.id.clone(), position.name.clone(), quantity, price, net.text(order.currency, language), note]
    });
    let mut rows: Vec<Vec<String>> = rows.collect();
    if let Ok(whole) = order.whole(today, &[]) {
        let sums = [
            (language.say("netto", "net"), whole.net()),
            (language.say("USt.", "VAT"), whole.tax()),
            (language.say("gesamt", "total"), whole.gross()),
        ];
        rows.extend(sums.map(|(name, amount)| {
            let amount = amount.text(order.currency, language);
            vec![String::new(), name.to_owned(), String::new(), String::new(), amount, String::new()]
        }));
    }
    let [line, quantity, price, net] =
        language.say(["Position", "Menge", "Preis", "netto"], ["line", "quantity", "price", "net"]);
    table(&["", line, quantity, price, &format!("{net} {}", order.currency), ""], (&[2, 3, 4], &[1]), rows);
}

fn document_row(link: &Link, language: Language) -> Vec<String> {
    let document = &link.document;
    let what = match (document.kind, document.part) {
        (DocumentKind::Quote, _) => language.say("Angebot", "quote"),
        (DocumentKind::Confirmation, _) => language.say("Auftragsbestätigung", "confirmation"),
        (_, InvoicePart::Deposit) => language.say("Anzahlung", "deposit"),
        (_, InvoicePart::Partial) => language.say("Teilrechnung", "partial invoice"),
        (_, InvoicePart::Final) => language.say("Schlussrechnung", "final invoice"),
        (_, InvoicePart::Whole) => language.say("Rechnung", "invoice"),
    };
    let open = match (&link.cancelled_by, &link.receivable) {
        (Some(by), _) => language.say(format!("storniert, {by}"), format!("cancelled, {by}")),
        (None, Some(row)) => row.open_principal.with_currency(row.currency, language),
        (None, None) => String::new(),
    };
    let amount = document.payable().with_currency(document.currency, language);
    vec![document.number.clone(), what.to_owned(), language.day(document.issued_on), amount, open]
}

fn document_json(link: &Link) -> Value {
    let document = &link.document;
    json!({
        "number": document.number, "kind": document.kind.name(), "part": document.part, "issued_on": document.issued_on,
        "amount": document.payable().plain(document.currency), "cancelled_by": link.cancelled_by,
        "open": link.receivable.as_ref().map(|row| row.open_principal.plain(row.currency)),
    })
}

/// Returns how the order stands: none, accepted, confirmed, invoiced.
pub(super) fn order_json(chain: &Chain, order: &Order<'_>) -> &'static str {
    match (&chain.offer.accepted, &order.confirmed, &order.invoiced) {
        (None, ..) => "none",
        (.., Some(_)) => "invoiced",
        (_, Some(_), None) => "confirmed",
        (Some(_), None, None) => "accepted",
    }
}

/// Says how quote and order stand.
pub(super) fn state_words(chain: &Chain, order: &Order<'_>, today: NaiveDate, language: Language) -> String {
    let say = |german: &str, english: &str| language.say(german, english).to_owned();
    match (chain.offer.state(today), &order.invoiced, &order.confirmed) {
        (QuoteState::Draft, ..) => say("noch nicht hinaus", "not sent yet"),
        (QuoteState::Open, ..) => say("beim Kunden", "with the customer"),
        (QuoteState::Expired, ..) => say("abgelaufen", "expired"),
        (QuoteState::Declined, ..) => say("abgelehnt", "declined"),
        (QuoteState::Accepted, Some(number), _) => {
            language.say(format!("abgerechnet mit {number}"), format!("invoiced by {number}"))
        }
        (QuoteState::Accepted, None, _) if !order.earlier.is_empty() => say("zum Teil berechnet", "invoiced in part"),
        (QuoteState::Accepted, None, Some(number)) => {
            language.say(format!("bestätigt mit {number}"), format!("confirmed by {number}"))
        }
        (QuoteState::Accepted, None, None) => say("angenommen", "accepted"),
    }
}

/// Returns the commands that go on from here.
fn next(chain: &Chain, order: &Order<'_>, today: NaiveDate) -> Vec<String> {
    let quote = chain.name();
    match (chain.offer.state(today), &order.invoiced) {
        (QuoteState::Draft, _) => vec![line(["quote", "send", quote])],
        (QuoteState::Open, _) => vec![line(["quote", "accept", quote]), line(["quote", "decline", quote])],
        (QuoteState::Declined | QuoteState::Expired, _) => vec![line(["quote", "new", "--from", quote])],
        (QuoteState::Accepted, Some(_)) => Vec::new(),
        (QuoteState::Accepted, None) => {
            let confirm = order.confirmed.is_none().then(|| line(["quote", "confirm", quote]));
            let invoice = if order.earlier.is_empty() { "invoice" } else { "final" };
            confirm.into_iter().chain([line(["quote", invoice, quote])]).collect()
        }
    }
}
