//! The claims on a customer, as a table for an insolvency administrator.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use crate::calendar::typed_day;
use crate::cli::opening::{meant, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, table};
use crate::jobs::collections::claims::{ClaimRow, Claims, claims as claims_of};
use crate::language::Language;
use crate::money::{Amount, Currency};

/// List the claims on a customer's open invoices, with interest through a day, for an insolvency administrator.
#[derive(Debug, Args)]
pub struct ClaimsOptions {
    /// The number: K-1017.
    number: String,
    /// The day; without it the day before the insolvency, else today.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    as_of: Option<NaiveDate>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Lists the claims on a customer as of a day.
pub async fn claims(file: &Path, options: &ClaimsOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let mut tx = office.store.read().await?;
    let claims = claims_of(&office, &mut tx, &meant(&office, &options.number).await?, options.as_of).await?;
    if options.json {
        print_json(&in_json(&claims))?;
        return Ok(Outcome::Fine);
    }
    let day = |day: NaiveDate| Language::En.day(day);
    println!("Claims on {} ({}) through {}", claims.name, claims.customer, day(claims.as_of));
    if let Some(since) = claims.insolvent_since {
        println!("Insolvent since {}", day(since));
    }
    if claims.rows.is_empty() {
        println!("\nNothing was open on that day.");
        return Ok(Outcome::Fine);
    }
    println!();
    let mut totals: BTreeMap<Currency, Amount> = BTreeMap::new();
    let mut rows = Vec::new();
    for row in &claims.rows {
        *totals.entry(row.currency).or_default() += row.total();
        let money = |amount: Amount| amount.text(row.currency, Language::En);
        rows.push(vec![
            row.number.clone(),
            day(row.issued_on),
            day(row.due_on),
            money(row.claim.principal),
            money(row.claim.interest),
            money(row.costs),
            row.total().with_currency(row.currency, Language::En),
        ]);
    }
    table(&["invoice", "issued", "due", "principal", "interest", "costs", "total"], &[3, 4, 5, 6], rows);
    println!();
    for (currency, total) in totals {
        println!("Total {}", total.with_currency(currency, Language::En));
    }
    for line in claims.rows.iter().flat_map(interest_in_words) {
        println!("{line}");
    }
    Ok(Outcome::Fine)
}

/// What the interest on an invoice is made of, a line for each rate and principal.
fn interest_in_words(row: &ClaimRow) -> Vec<String> {
    let spans = row.claim.accrual.spans.iter();
    let line = spans.map(|span| {
        format!(
            "{}: interest at {} % on {} from {} through {}",
            row.number,
            span.rate.normalize(),
            span.principal.with_currency(row.currency, Language::En),
            Language::En.day(span.from),
            Language::En.day(span.through)
        )
    });
    let unknown = row.claim.rate_unknown_on.map(|day| {
        format!("{}: no interest from {} on, because its base rate is not known", row.number, Language::En.day(day))
    });
    line.chain(unknown).collect()
}

fn in_json(claims: &Claims) -> Value {
    let row = |row: &ClaimRow| {
        let plain = |amount: Amount| amount.plain(row.currency);
        json!({
            "number": row.number, "issued_on": row.issued_on, "due_on": row.due_on, "currency": row.currency,
            "principal": plain(row.claim.principal), "interest": plain(row.claim.interest), "costs": plain(row.costs),
            "total": plain(row.total()), "interest_through": row.claim.interest_through, "rate_unknown_on": row.claim.rate_unknown_on,
            "interest_spans": row.claim.accrual.spans.iter().map(|span| json!({
                "from": span.from, "through": span.through, "principal": plain(span.principal), "percent": span.rate.to_string(),
            })).collect::<Vec<_>>(),
        })
    };
    json!({
        "customer": claims.customer, "name": claims.name, "insolvent_since": claims.insolvent_since, "as_of": claims.as_of,
        "claims": claims.rows.iter().map(row).collect::<Vec<_>>(),
    })
}
