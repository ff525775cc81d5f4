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
    let language = office.config.owner.language;
    let day = |day: NaiveDate| language.day(day);
    let (name, number, as_of) = (&claims.name, &claims.customer, day(claims.as_of));
    let words = language.say(
        format!("Forderungen gegen {name} ({number}) bis {as_of}"),
        format!("Claims on {name} ({number}) through {as_of}"),
    );
    println!("{words}");
    if let Some(since) = claims.insolvent_since {
        println!("{} {}", language.say("Insolvent seit", "Insolvent since"), day(since));
    }
    if claims.rows.is_empty() {
        println!("\n{}", language.say("An diesem Tag war nichts offen.", "Nothing was open on that day."));
        return Ok(Outcome::Fine);
    }
    println!();
    let mut totals: BTreeMap<Currency, Amount> = BTreeMap::new();
    for row in &claims.rows {
        *totals.entry(row.currency).or_default() += row.total();
    }
    let is_one = totals.len() == 1;
    let mut rows = Vec::new();
    for row in &claims.rows {
        let money = |amount: Amount| amount.text(row.currency, language);
        rows.push(vec![
            row.number.clone(),
            day(row.issued_on),
            day(row.due_on),
            money(row.claim.principal),
            money(row.claim.interest),
            money(row.costs),
            // One currency stands with the sum below.
            if is_one { money(row.total()) } else { row.total().with_currency(row.currency, language) },
        ]);
    }
    let header = language.say(
        ["Rechnung", "vom", "fällig", "Forderung", "Zinsen", "Kosten", "gesamt"],
        ["invoice", "issued", "due", "principal", "interest", "costs", "total"],
    );
    table(&header, (&[3, 4, 5, 6], &[]), rows);
    println!();
    for (currency, total) in totals {
        println!("{} {}", language.say("Gesamt", "Total"), total.with_currency(currency, language));
    }
    for line in claims.rows.iter().flat_map(|row| interest_in_words(row, language)) {
        println!("{line}");
    }
    Ok(Outcome::Fine)
}

/// What the interest on an invoice is made of, a line for each rate and principal.
fn interest_in_words(row: &ClaimRow, language: Language) -> Vec<String> {
    let number = &row.number;
    let line = row.claim.accrual.spans.iter().map(|span| {
        let (rate, principal) = (language.number(span.rate.normalize()), span.principal);
        let principal = principal.with_currency(row.currency, language);
        let (from, through) = (language.day(span.from), language.day(span.through));
        language.say(
            format!("{number}: {rate} % Zinsen auf {principal} vom {from} bis {through}"),
            format!("{number}: interest at {rate} % on {principal} from {from} through {through}"),
        )
    });
    let unknown = row.claim.rate_unknown_on.map(|day| {
        let day = language.day(day);
        language.say(
            format!("{number}: ab {day} keine Zinsen, weil der Basiszins nicht bekannt ist"),
            format!("{number}: no interest from {day} on, because its base rate is not known"),
        )
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
