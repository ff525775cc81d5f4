//! What the rules of settled.toml would have caught among all payments.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::json as print_json;
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
    let language = office.config.owner.language;
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
            amount: row.amount,
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
        let words = language.say(
            "Es gibt keine Regel; schreiben Sie eine als `[[bank.rule]]` in settled.toml.",
            "There is no rule; write one as `[[bank.rule]]` in settled.toml.",
        );
        println!("{words}");
    }
    caught.iter().for_each(|caught| print_caught(caught, language));
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

fn print_caught(caught: &Caught, language: Language) {
    let payments = |n: usize| language.count(n, ("Zahlung", "Zahlungen"), ("payment", "payments"));
    println!("{}: {}", caught.name, payments(caught.lines.len()));
    let (paid, others): (Vec<&Line>, Vec<&Line>) = caught.lines.iter().partition(|line| !line.documents.is_empty());
    for line in others.iter().rev().take(SHOWN) {
        print_line(line, language);
    }
    if others.len() > SHOWN {
        let before = payments(others.len() - SHOWN);
        println!("  {}", language.say(format!("und {before} davor"), format!("and {before} before")));
    }
    for line in paid {
        print_line(line, language);
        let documents = line.documents.join(", ");
        let words = language.say(
            format!("VORSICHT: damit wurde {documents} bezahlt; die Regel ist zu weit"),
            format!("CAREFUL: it paid {documents}; the rule is too wide"),
        );
        println!("    {words}");
    }
}

fn print_line(line: &Line, language: Language) {
    let text: String = line.text.chars().take(40).collect();
    println!(
        "  {:<7} {:>12} {:>16}  {}  \"{text}\"",
        line.payment.to_string(),
        language.day(line.booked_on),
        line.amount.with_currency(line.currency, language),
        line.party
    );
}
