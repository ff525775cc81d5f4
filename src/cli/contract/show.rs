//! A contract: what the book says, what was done by command, its invoices.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::list::Standing;
use crate::cli::opening::{meant, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, say, table};
use crate::fact::{ActFact, Subject};
use crate::items::Item;
use crate::jobs::office::acts::acts_of;
use crate::jobs::records::act::undoable;
use crate::language::Language;
use crate::recurring::Contract;
use crate::refusal::DocumentRefusal;

/// How many periods are shown, the last ones.
const PERIODS: usize = 12;

/// Show one: what the book says, what was done by command, its last invoices and the next.
#[derive(Debug, Args)]
pub struct ShowOptions {
    /// The number: V-12.
    number: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Shows one contract.
pub async fn show(file: &Path, options: &ShowOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let number = meant(&office, &options.number).await?;
    let (today, language) = (office.day(office.clock.now()), office.config.owner.language);
    let mut tx = office.store.read().await?;
    let agreed = tx.agreement_by_number(&number).await?;
    let standing = match &agreed {
        Some(agreed) => Standing::of(&office, &mut tx, agreed).await?,
        None => None,
    };
    let Some(standing) = standing else {
        return Err(Failure::refused(DocumentRefusal::NoContract { name: number }));
    };
    let acts = acts_of(&mut tx, Subject::Contract(standing.row.id)).await?;
    let mut periods = Vec::new();
    for period in tx.periods_of(standing.row.id).await? {
        let invoice = match period.document_id {
            Some(document) => Some(tx.document(document).await?),
            None => None,
        };
        periods.push((period, invoice));
    }
    let by_command = undoable(&acts, today);
    if options.json {
        let done = by_command.iter().map(|act| {
            let last_day = if let ActFact::End { last_day } = act.fact { Some(last_day) } else { None };
            json!({ "what": act.fact.kind().name(), "from": act.from_on, "until": act.until_on, "last_day": last_day, "reason": act.reason })
        });
        let invoices = periods.iter().map(|(period, invoice)| {
            let number = invoice.as_ref().map(|invoice| &invoice.number);
            json!({ "from": period.starts_on, "through": period.ends_on, "invoice": number })
        });
        let next = standing.next.as_ref().map(
            |next| json!({ "on": next.on, "currency": next.currency, "amount": next.amount.plain(next.currency) }),
        );
        print_json(&json!({
            "contract": number, "customer": standing.customer, "state": standing.state(today), "in_force": standing.contract,
            "by_command": done.collect::<Vec<_>>(), "periods": invoices.collect::<Vec<_>>(), "next": next,
        }))?;
        return Ok(Outcome::Fine);
    }
    let row = |german: &str, english: &str, words: &str| {
        say(&office.program, &format!("{:<11}{words}", language.say(german, english)));
    };
    let title = standing.contract.as_ref().and_then(|contract| contract.title.clone());
    println!(
        "{}\n",
        [number.clone(), standing.customer.clone()].into_iter().chain(title).collect::<Vec<_>>().join(" · ")
    );
    row("Stand", "state", &standing.words(today, language));
    if let Some(contract) = &standing.contract {
        row("seit", "since", &language.day(contract.start));
        if let Some(last) = contract.last_day() {
            row("bis", "through", &language.day(last));
        }
    }
    for act in by_command {
        let what = match (&act.fact, act.until_on) {
            (ActFact::End { last_day }, _) => {
                let day = language.day(*last_day);
                language.say(format!("beendet zum {day}"), format!("ended on {day}"))
            }
            (ActFact::Skip { starts_on }, _) => {
                let day = language.day(*starts_on);
                language.say(format!("Zeitraum ab {day} ausgelassen"), format!("period from {day} skipped"))
            }
            (_, Some(until)) => {
                let (from, until) = (language.day(act.from_on), language.day(until));
                language.say(format!("pausiert vom {from} bis {until}"), format!("paused from {from} through {until}"))
            }
            (_, None) => {
                let from = language.day(act.from_on);
                language.say(format!("pausiert ab {from}"), format!("paused from {from} on"))
            }
        };
        let reason = if act.reason.is_empty() { String::new() } else { format!(": {}", act.reason) };
        row("Befehl", "command", &format!("{what}{reason}  -> settled release {number}"));
    }
    if let Some(next) = &standing.next {
        let (day, amount) = (language.day(next.on), next.amount.with_currency(next.currency, language));
        let words = language.say(format!("am {day} über {amount}"), format!("on {day} over {amount}"));
        row("nächste", "next", &words);
    }
    if let Some(contract) = &standing.contract {
        let day = standing.next.as_ref().map_or(today, |next| next.on).max(contract.start);
        println!();
        let header = language.say(["Zeile", "Menge", "Preis"], ["line", "quantity", "price"]);
        table(&header, (&[1, 2], &[0]), lines(contract, day, language));
    }
    let shown = &periods[periods.len().saturating_sub(PERIODS)..];
    if !shown.is_empty() {
        println!();
        let rows = shown.iter().map(|(period, invoice)| {
            let service = language.period(period.starts_on, period.ends_on);
            match invoice {
                Some(invoice) => {
                    vec![service, invoice.number.clone(), invoice.gross.with_currency(invoice.currency, language)]
                }
                None => vec![service, language.say("ausgelassen", "skipped").to_owned(), String::new()],
            }
        });
        let header = language.say(["Zeitraum", "Rechnung", "Betrag"], ["period", "invoice", "amount"]);
        table(&header, (&[2], &[]), rows.collect());
    }
    say(
        &office.program,
        &language.say(format!("\nWarum: settled why {number}"), format!("\nWhy: settled why {number}")),
    );
    Ok(Outcome::Fine)
}

/// The lines of a contract, at the prices of a day.
fn lines(contract: &Contract, day: NaiveDate, language: Language) -> Vec<Vec<String>> {
    let line = |item: &Item| {
        let price = item.price_on(day).map_or_else(|_| "-".to_owned(), |price| language.number(price));
        vec![item.name.clone(), language.number(item.quantity_on(day)), price]
    };
    contract.lines.iter().map(line).collect()
}
