//! What the rules of settled.toml would have caught among all payments.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{count, json as print_json};
use crate::id::PaymentId;
use crate::jobs::records::payment::seen;
use crate::language::Language;
use crate::money::{Amount, Currency};

/// How many payments are shown of each rule, the last ones.
const SHOWN: usize = 5;

/// What a rule catches.
struct Caught {
    name: String,
    lines: Vec<Line>,
}

/// A payment that a rule catches.
struct Line {
    payment: PaymentId,
    booked_on: NaiveDate,
    amount: Amount,
    currency: Currency,
    party: String,
    text: String,
    /// What it paid: a rule that catches such a one is too wide.
    documents: Vec<String>,
}

/// Show what each rule would have caught among all payments; touches nothing.
#[derive(Debug, Args)]
pub struct RuleTestOptions {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Shows what each rule would have caught among all payments.
pub async fn rule_test(file: &Path, options: &RuleTestOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let mut tx = office.store.read().await?;
    let rules = office.config.rules();
    let mut caught: Vec<Caught> =
        rules.iter().map(|rule| Caught { name: rule.name.clone(), lines: Vec::new() }).collect();
    for row in tx.payment_lines(false).await? {
        let payment = seen(&row)?;
        let Some(place) = rules.iter().position(|rule| rule.catches(&payment)) else { continue };
        let documents = tx.allocations_of(row.id).await?.into_iter().map(|(number, _)| number).collect();
        caught[place].lines.push(Line {
            payment: row.id,
            booked_on: row.booked_on,
            amount: Amount::from_minor(row.amount),
            currency: row.currency,
            party: payment.payer_name.clone().unwrap_or_default(),
            text: payment.first_line().to_owned(),
            documents,
        });
    }
    if options.json {
        let values: Vec<_> = caught.iter().map(caught_json).collect();
        print_json(&values)?;
        return Ok(Outcome::Fine);
    }
    if rules.is_empty() {
        println!("There is no rule; write one as `[[bank.rule]]` in settled.toml.");
    }
    caught.iter().for_each(print_caught);
    Ok(Outcome::Fine)
}

fn caught_json(caught: &Caught) -> Value {
    json!({
        "rule": caught.name,
        "payments": caught.lines.iter().map(|line| json!({
            "payment": line.payment.to_string(), "booked_on": line.booked_on, "amount": line.amount.plain(line.currency),
            "currency": line.currency, "party": line.party, "text": line.text, "documents": line.documents,
        })).collect::<Vec<_>>(),
    })
}

fn print_caught(caught: &Caught) {
    println!("{}: {}", caught.name, count(caught.lines.len(), "payment", "payments"));
    let (paid, others): (Vec<&Line>, Vec<&Line>) = caught.lines.iter().partition(|line| !line.documents.is_empty());
    for line in others.iter().rev().take(SHOWN) {
        print_line(line);
    }
    if others.len() > SHOWN {
        println!("  and {} before", count(others.len() - SHOWN, "payment", "payments"));
    }
    for line in paid {
        print_line(line);
        println!("    CAREFUL: it paid {}; the rule is too wide", line.documents.join(", "));
    }
}

fn print_line(line: &Line) {
    let text: String = line.text.chars().take(40).collect();
    println!(
        "  {:<7} {:>12} {:>16}  {}  \"{text}\"",
        line.payment.to_string(),
        Language::En.day(line.booked_on),
        line.amount.with_currency(line.currency, Language::En),
        line.party
    );
}
