//! Payments: all with what they went to, or those that wait with the commands that decide them.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use crate::cli::cells::shortened;
use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, say, table};
use crate::command::Program;
use crate::jobs::owner::undecided::{because, proposal};
use crate::jobs::records::payment::{seen, verdict_of};
use crate::language::Language;
use crate::matching::Flag;
use crate::money::{Amount, Currency};
use crate::question::waits_because;
use crate::shell::store::Tx;

/// A payment with what became of it.
struct Paying {
    id: String,
    booked_on: NaiveDate,
    amount: Amount,
    currency: Currency,
    payer: String,
    line: String,
    /// What is undecided of it.
    undecided: Option<Amount>,
    /// Why it waits; nothing: no reference is known, or it does not wait.
    because: Option<Flag>,
    /// The commands that decide it.
    commands: Vec<String>,
    /// What it was used for.
    documents: Vec<(String, Amount)>,
}

async fn paying(tx: &mut Tx, undecided: bool) -> Result<Vec<Paying>, Failure> {
    let mut found = Vec::new();
    for line in tx.payment_lines(undecided).await? {
        let payment = seen(&line)?;
        let (mut why, mut commands) = (None, Vec::new());
        if line.open_amount.is_some() {
            let verdict = verdict_of(tx, line.id).await?;
            why = because(verdict.as_ref());
            commands = proposal(tx, &line, verdict.as_ref()).await?.commands();
        }
        found.push(Paying {
            id: line.id.to_string(),
            booked_on: line.booked_on,
            amount: line.amount,
            payer: payment.payer_name.clone().unwrap_or_default(),
            line: payment.first_line().to_owned(),
            undecided: line.open_amount,
            because: why,
            commands,
            documents: tx.allocations_of(line.id).await?,
            currency: line.currency,
        });
    }
    Ok(found)
}

/// What is listed.
#[derive(Debug, Args)]
pub struct ListOptions {
    /// Only those that wait for you, each with its candidates and the commands that decide it.
    #[arg(long)]
    undecided: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Shows all payments, or those that wait.
pub async fn list(file: &Path, options: &ListOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let mut tx = office.store.read().await?;
    let ListOptions { undecided, json } = *options;
    let language = office.config.owner.language;
    let payments = paying(&mut tx, undecided).await?;
    if json {
        let values =
            payments.iter().map(|payment| payment_json(payment, language, &office.program)).collect::<Vec<_>>();
        print_json(&values)?;
        return Ok(Outcome::Fine);
    }
    if payments.is_empty() {
        let words = if undecided {
            language.say("Keine Zahlung wartet auf Sie.", "No payment waits for you.")
        } else {
            language.say("Noch keine Zahlung ist gebucht.", "No payment was booked yet.")
        };
        println!("{words}");
        return Ok(Outcome::Fine);
    }
    if !undecided {
        let rows = payments.iter().map(|payment| payment_row(payment, language)).collect();
        let header = language
            .say(["Zahlung", "Tag", "Betrag", "Zahler", "wofür"], ["payment", "day", "amount", "payer", "went to"]);
        table(&header, (&[2], &[3, 4]), rows);
        return Ok(Outcome::Fine);
    }
    for (place, payment) in payments.iter().enumerate() {
        if place > 0 {
            println!();
        }
        let payer =
            if payment.payer.is_empty() { language.say("unbekannter Zahler", "unknown payer") } else { &payment.payer };
        let (amount, code) = (payment.amount, payment.currency);
        let (day, money) = (language.day(payment.booked_on), amount.with_currency(code, language));
        println!("{:<8}{day}  {money}  {payer}", payment.id);
        if !payment.line.is_empty() {
            println!("        \"{}\"", shortened(&payment.line, 68));
        }
        let part = payment.undecided.filter(|undecided| *undecided != amount);
        let part =
            part.map(|part| format!("{} {}: ", part.with_currency(code, language), language.say("davon", "of it")));
        println!("        {}{}", part.unwrap_or_default(), waits_because(payment.because, language));
        for command in &payment.commands {
            say(&office.program, &format!("        -> {command}"));
        }
    }
    Ok(Outcome::Fine)
}

fn payment_row(payment: &Paying, language: Language) -> Vec<String> {
    let mut went_to: Vec<String> = payment.documents.iter().map(|(number, _)| number.clone()).collect();
    if payment.undecided.is_some() {
        went_to.push(format!("{}: {}", language.say("wartet", "waits"), waits_because(payment.because, language)));
    }
    vec![
        payment.id.clone(),
        language.day(payment.booked_on),
        payment.amount.with_currency(payment.currency, language),
        payment.payer.clone(),
        went_to.join(", "),
    ]
}

fn payment_json(payment: &Paying, language: Language, program: &Program) -> Value {
    let code = payment.currency;
    let documents: Vec<Value> = payment
        .documents
        .iter()
        .map(|(number, amount)| json!({ "number": number, "amount": amount.plain(code) }))
        .collect();
    json!({
        "payment": payment.id, "booked_on": payment.booked_on, "amount": payment.amount.plain(code), "currency": code,
        "payer": payment.payer, "text": payment.line, "documents": documents,
        "undecided": payment.undecided.map(|undecided| undecided.plain(code)),
        "because": payment.because, "words": payment.undecided.map(|_| waits_because(payment.because, language)), "commands": program.spell_all(&payment.commands),
    })
}
