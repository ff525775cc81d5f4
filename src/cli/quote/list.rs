//! Quotes, a line each.

use std::path::Path;

use clap::Args;
use serde_json::json;

use crate::chain::QuoteState;
use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, table};
use crate::jobs::quotes::chain::Chain;

/// List them.
#[derive(Debug, Args)]
pub struct ListOptions {
    /// Only those that wait for the customer's answer.
    #[arg(long)]
    open: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Lists quotes.
pub async fn list(file: &Path, options: &ListOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let (today, language) = (office.day(office.clock.now()), office.config.owner.language);
    let mut tx = office.store.read().await?;
    let mut chains = Chain::all(&office, &mut tx).await?;
    chains.retain(|chain| !options.open || chain.offer.state(today) == QuoteState::Open);
    if options.json {
        let values = chains.iter().map(|chain| {
            let order = chain.order(&office);
            let total = order.whole(today, &[]).ok().map(|whole| whole.gross().plain(order.currency));
            json!({
                "quote": chain.name(), "customer": chain.customer.number, "name": chain.customer.name,
                "number": chain.offer.sent.as_ref().map(|(number, _)| number), "state": chain.offer.state(today).name(),
                "order": order.state(&chain.offer).name(), "valid_until": chain.offer.valid_until, "currency": order.currency,
                "amount": total,
            })
        });
        print_json(&values.collect::<Vec<_>>())?;
        return Ok(Outcome::Fine);
    }
    if chains.is_empty() {
        println!("{}", language.say("Kein Angebot im übernommenen Buch.", "No quote in the applied book."));
        return Ok(Outcome::Fine);
    }
    let rows = chains.iter().map(|chain| {
        let order = chain.order(&office);
        let total = order.whole(today, &[]).map(|whole| whole.gross().with_currency(order.currency, language));
        vec![
            chain.name().to_owned(),
            chain.customer.name.clone(),
            total.unwrap_or_default(),
            language.day(chain.offer.valid_until),
            order.words(&chain.offer, today, language),
        ]
    });
    let header = language.say(
        ["Angebot", "Kunde", "Betrag", "gültig bis", "Stand"],
        ["quote", "customer", "amount", "valid until", "state"],
    );
    table(&header, (&[2], &[1, 4]), rows.collect());
    Ok(Outcome::Fine)
}
