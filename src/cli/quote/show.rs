//! One quote: what it offers, what was chosen, and all that followed.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use crate::chain::Order;
use crate::cli::invoice::show::{pdf, write_out};
use crate::cli::opening::{meant_or_typed, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, say, table};
use crate::invoice::Role;
use crate::jobs::quotes::chain::{Chain, Link};
use crate::language::Language;
use crate::money::Amount;
use crate::refusal::QuoteRefusal;

/// Show one: what it offers, what was chosen, and the papers and invoices that followed.
#[derive(Debug, Args)]
pub struct ShowOptions {
    /// Its number in the book, or the number of one of its papers.
    quote: String,
    /// Write the PDF of its paper, or of the named one, into this file.
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
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
    if let Some(path) = &options.pdf {
        let named = chain.links.iter().find(|link| link.document.number == name).or(chain.links.first());
        let no_paper = || Failure::refused(QuoteRefusal::QuoteNotSent { quote: chain.name().to_owned() });
        let link = named.ok_or_else(no_paper)?;
        write_out(path, pdf(&mut tx, (link.id, &link.document.number)).await?)?;
    }
    if options.json {
        print_json(&json!({
            "quote": chain.name(), "customer": chain.customer.number, "name": chain.customer.name,
            "state": chain.offer.state(today).name(), "order": order.state(&chain.offer).name(),
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
    row("Stand", "state", &order.words(&chain.offer, today, language));
    row("gültig bis", "valid until", &language.day(chain.offer.valid_until));
    println!();
    positions(&order, today, language);
    if !chain.links.is_empty() {
        println!();
        let rows = chain.links.iter().map(|link| document_row(link, language));
        let header = language.say(["Papier", "", "vom", "Betrag", "offen"], ["paper", "", "of", "amount", "open"]);
        table(&header, (&[3, 4], &[1]), rows.collect());
    }
    let next = order.next(&chain.offer, today);
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
    let open = match (&link.cancelled_by, &link.receivable) {
        (Some(by), _) => language.say(format!("storniert, {by}"), format!("cancelled, {by}")),
        (None, Some(row)) => row.open_principal.with_currency(row.currency, language),
        (None, None) => String::new(),
    };
    let amount = document.payable().with_currency(document.currency, language);
    vec![document.number.clone(), document.called(language).to_owned(), language.day(document.issued_on), amount, open]
}

fn document_json(link: &Link) -> Value {
    let document = &link.document;
    json!({
        "number": document.number, "kind": document.kind.name(), "part": document.part, "issued_on": document.issued_on,
        "amount": document.payable().plain(document.currency), "cancelled_by": link.cancelled_by,
        "open": link.receivable.as_ref().map(|row| row.open_principal.plain(row.currency)),
    })
}
