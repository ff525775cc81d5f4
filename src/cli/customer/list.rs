//! Customers: what they owe, and how late they pay.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, say, table};
use crate::dunning::stage_name;
use crate::id::{CustomerId, DocumentId};
use crate::jobs::records::told::stage_reached;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::shell::store::Tx;
use crate::summary::mean_days_late;

/// How late each customer pays on average, of those who ever paid.
pub async fn lateness(tx: &mut Tx, customer: Option<CustomerId>) -> Result<BTreeMap<CustomerId, i64>, Failure> {
    let mut paid: BTreeMap<CustomerId, Vec<(NaiveDate, NaiveDate)>> = BTreeMap::new();
    for (customer, _, due_on, paid_on) in tx.settled(customer).await? {
        paid.entry(customer).or_default().push((due_on, paid_on));
    }
    Ok(paid.into_iter().filter_map(|(customer, paid)| Some((customer, mean_days_late(&paid)?))).collect())
}

/// Says by how many days a customer pays early or late.
pub fn late(days: Option<i64>, language: Language) -> String {
    let Some(n) = days else { return "-".to_owned() };
    let days = language.count(usize::try_from(n.abs()).unwrap_or(0), ("Tag", "Tage"), ("day", "days"));
    match n {
        ..0 => language.say(format!("{days} zu früh"), format!("{days} early")),
        0 => language.say("pünktlich", "on time").to_owned(),
        _ => language.say(format!("{days} zu spät"), format!("{days} late")),
    }
}

/// Says the same in the few letters of a column.
fn late_in_short(days: Option<i64>, language: Language) -> String {
    let Some(n) = days else { return "-".to_owned() };
    let days = n.abs();
    match n {
        ..0 => language.say(format!("{days} T. früh"), format!("{days} d early")),
        0 => late(Some(0), language),
        _ => language.say(format!("{days} T. spät"), format!("{days} d late")),
    }
}

/// List them with what they owe.
#[derive(Debug, Args)]
pub struct ListOptions {
    /// Only those who owe something.
    #[arg(long)]
    open: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Lists customers with what they owe.
pub async fn list(file: &Path, options: &ListOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let (today, language) = (office.day(office.clock.now()), office.config.owner.language);
    let mut tx = office.store.read().await?;
    let late_by = lateness(&mut tx, None).await?;
    let mut stages: BTreeMap<String, (i64, DocumentId)> = BTreeMap::new();
    for row in tx.open_invoices().await?.into_iter().filter(|row| row.open_principal.is_positive()) {
        let reached = (row.stage, row.id);
        stages.entry(row.customer_number).and_modify(|highest| *highest = reached.max(*highest)).or_insert(reached);
    }
    let mut balances = tx.balances(today).await?;
    balances.retain(|balance| !options.open || !balance.open_principal.is_zero());
    let credit = tx.all_credit().await?;
    let credit_of = |customer: &str| {
        let own = credit.iter().filter(|(number, ..)| number == customer);
        own.map(|(.., code, amount)| json!({ "currency": code, "amount": amount.plain(*code) })).collect::<Vec<_>>()
    };
    let (mut rows, mut values) = (Vec::new(), Vec::new());
    for balance in &balances {
        let (code, days) = (balance.currency, late_by.get(&balance.id).copied());
        let stage = match stages.get(&balance.number) {
            Some((stage, document)) => stage_reached(&mut tx, *document, *stage).await?,
            None => None,
        };
        values.push(json!({
            "customer": balance.number, "name": balance.name, "currency": code, "open": balance.open_principal.plain(code),
            "overdue": balance.overdue.plain(code), "open_documents": balance.open_documents, "stage": balance.stage,
            "mean_days_late": days, "credit": credit_of(&balance.number),
        }));
        rows.push(vec![
            balance.number.clone(),
            balance.name.clone(),
            balance.open_principal.with_currency(code, language),
            balance.overdue.with_currency(code, language),
            balance.open_documents.to_string(),
            stage.map(|(stage, name)| stage_name(stage, name.as_deref(), language)).unwrap_or_default(),
            late_in_short(days, language),
        ]);
    }
    if !options.open {
        let owing: BTreeSet<&str> = balances.iter().map(|balance| balance.number.as_str()).collect();
        for row in tx.customers().await?.iter().filter(|row| !owing.contains(row.number.as_str())) {
            let credit = credit_of(&row.number);
            values.push(json!({ "customer": row.number, "name": row.name, "open_documents": 0, "credit": credit }));
            let nothing = "-".to_owned();
            let (number, name) = (row.number.clone(), row.name.clone());
            rows.push(vec![number, name, nothing.clone(), nothing.clone(), "0".to_owned(), String::new(), nothing]);
        }
        rows.sort();
        values.sort_by_key(|value| value["customer"].as_str().map(str::to_owned));
    }
    if options.json {
        print_json(&values)?;
    } else if rows.is_empty() {
        let words = if options.open {
            language.say("Niemand schuldet etwas.", "Nobody owes anything.")
        } else {
            language.say("Es gibt noch keine Kunden: settled apply", "There are no customers yet; say: settled apply")
        };
        say(&office.program, words);
    } else {
        let header = language.say(
            ["Kunde", "Name", "offen", "überfällig", "Rechn.", "Stufe", "zahlt"],
            ["customer", "name", "open", "overdue", "invoices", "stage", "pays"],
        );
        table(&header, (&[2, 3, 4], &[1, 5, 6]), rows);
    }
    if !options.json && !options.open && !credit.is_empty() {
        println!();
        let row = |(number, name, code, amount): (String, String, Currency, Amount)| {
            vec![number, name, amount.with_currency(code, language)]
        };
        let header = language.say(["Kunde", "Name", "Guthaben"], ["customer", "name", "credit"]);
        table(&header, (&[2], &[1]), credit.into_iter().map(row).collect());
    }
    Ok(Outcome::Fine)
}
