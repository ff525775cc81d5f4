//! Invoices, a line each.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;

use super::whole::invoice_json;
use crate::cli::opening::{meant, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, table};
use crate::jobs::records::told::standing;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::refusal::NameRefusal;
use crate::shell::store::InvoiceRow;

/// List them.
#[derive(Debug, Args)]
pub struct ListOptions {
    /// Only those that something is open of.
    #[arg(long)]
    open: bool,
    /// Only those of a customer.
    #[arg(long, value_name = "NUMBER", default_value = "")]
    customer: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Lists invoices.
pub async fn list(file: &Path, options: &ListOptions) -> Result<Outcome, Failure> {
    let ListOptions { open, customer, json } = options;
    let office = reading_office(file).await?;
    let (today, language) = (office.day(office.clock.now()), office.config.owner.language);
    let customer = if customer.is_empty() { customer } else { &meant(&office, customer).await? };
    let mut tx = office.store.read().await?;
    if !customer.is_empty() && tx.customer_by_number(customer).await?.is_none() {
        return Err(Failure::refused(NameRefusal::Customer { number: customer.to_owned() }));
    }
    let invoices = tx.invoices(customer, *open).await?;
    if *json {
        let values = invoices.iter().map(|row| invoice_json(row, row.currency));
        print_json(&values.collect::<Vec<_>>())?;
        return Ok(Outcome::Fine);
    }
    let (refunds, invoices): (Vec<_>, Vec<_>) = invoices.into_iter().partition(|row| row.kind.is_paid_out());
    if invoices.is_empty() {
        let words = if *open {
            language.say("Nichts ist offen.", "Nothing is open.")
        } else {
            language.say("Noch keine Rechnung ist ausgestellt.", "No invoice was issued yet.")
        };
        println!("{words}");
        print_refunds(&refunds, language);
        return Ok(Outcome::Fine);
    }
    let mut open_money: BTreeMap<Currency, Amount> = BTreeMap::new();
    let mut rows = Vec::with_capacity(invoices.len());
    for row in &invoices {
        *open_money.entry(row.currency).or_default() += row.open_principal;
        rows.push(vec![
            row.number.clone(),
            row.customer_name.clone(),
            row.gross.with_currency(row.currency, language),
            row.open_principal.with_currency(row.currency, language),
            language.day(row.due_on),
            standing(&mut tx, row, today).await?.words(language),
        ]);
    }
    let header = language.say(
        ["Rechnung", "Kunde", "Betrag", "offen", "fällig", "Stand"],
        ["invoice", "customer", "amount", "open", "due", "state"],
    );
    table(&header, (&[2, 3], &[1, 5]), rows);
    let open_money = open_money.into_iter().map(|(currency, amount)| amount.with_currency(currency, language));
    let open_money = open_money.collect::<Vec<_>>().join(" + ");
    let invoices = language.count(invoices.len(), ("Rechnung", "Rechnungen"), ("invoice", "invoices"));
    println!("\n{invoices}, {} {open_money}", language.say("offen", "open"));
    print_refunds(&refunds, language);
    Ok(Outcome::Fine)
}

/// Prints what goes to customers, under a heading of its own.
fn print_refunds(refunds: &[InvoiceRow], language: Language) {
    if refunds.is_empty() {
        return;
    }
    println!("\n{}", language.say("Erstattungen", "Refunds"));
    let row = |row: &InvoiceRow| {
        let state = match row.open_principal.is_zero() {
            true => language.say("überwiesen oder zurückgenommen", "transferred or taken back"),
            false => language.say("noch zu überweisen", "to be transferred"),
        };
        let amount = (-row.gross).with_currency(row.currency, language);
        vec![row.number.clone(), row.customer_name.clone(), amount, language.day(row.issued_on), state.to_owned()]
    };
    let header = language
        .say(["Erstattung", "Kunde", "Betrag", "vom", "Stand"], ["refund", "customer", "amount", "drawn", "state"]);
    table(&header, (&[2], &[1, 4]), refunds.iter().map(row).collect());
}
