//! What a customer promised: to pay by a day, or in instalments.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{ArgGroup, Args};

use super::opening::{meant, office};
use super::outcome::{Failure, Outcome};
use crate::calendar::typed_day;
use crate::dunning::InstalmentPlace;
use crate::jobs::collections::holds::Act;
use crate::jobs::collections::{holds, plan};
use crate::shell::files;

/// The customer promised to pay an invoice, on a day or in instalments: no letters about it as long as that is kept.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("how").required(true).args(["until", "instalments", "plan"]))]
pub struct PromiseOptions {
    /// The invoice.
    invoice: String,
    /// The day: no letters until it is over.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    until: Option<NaiveDate>,
    /// The instalments; one that is not paid in time ends the plan.
    #[arg(long, value_name = "DATE=AMOUNT,…")]
    instalments: Vec<String>,
    /// A file with the instalments, DATE=AMOUNT on a line each; lines that begin with # are not read.
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
}

/// Records what a customer promised.
pub async fn promise(file: &Path, options: &PromiseOptions) -> Result<Outcome, Failure> {
    let PromiseOptions { invoice, until, instalments, plan } = options;
    match until {
        Some(until) => by_day(file, invoice, *until).await,
        None => in_instalments(file, invoice, instalments, plan.as_deref()).await,
    }
}

/// Records that it is paid by a day.
async fn by_day(file: &Path, invoice: &str, until: NaiveDate) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let invoice = &meant(&office, invoice).await?;
    holds::act(&office, &office.run(&format!("promise {invoice}")), Act::Promise, invoice, Some(until), "").await?;
    let language = office.config.owner.language;
    let until = language.day(until);
    let words = language.say(
        format!("{invoice} ist bis {until} versprochen: keine Mahnungen bis zu diesem Tag einschließlich."),
        format!("{invoice} is promised by {until}: no letters through that day."),
    );
    println!("{}", language.spelled(words));
    Ok(Outcome::Fine)
}

/// Records a payment plan.
async fn in_instalments(
    file: &Path,
    invoice: &str,
    instalments: &[String],
    plan: Option<&Path>,
) -> Result<Outcome, Failure> {
    let lines: Vec<(InstalmentPlace, String)> = match plan {
        None => {
            let each = instalments.iter().flat_map(|text| parted(text)).enumerate();
            each.map(|(n, text)| (InstalmentPlace::Nth(n + 1), text)).collect()
        }
        Some(path) => {
            let text = files::read_text(path).map_err(Failure::unreadable)?;
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
            let file = path.display().to_string();
            let place = |n| InstalmentPlace::Line { file: file.clone(), line: n + 1 };
            lines.map(|(n, line)| (place(n), line.to_owned())).collect()
        }
    };
    let office = office(file).await?;
    let invoice = &meant(&office, invoice).await?;
    let plan = plan::agree_plan(&office, &office.run(&format!("promise {invoice}")), invoice, &lines).await?;
    let language = office.config.owner.language;
    let count = language.count(plan.instalments.len(), ("Rate", "Raten"), ("instalment", "instalments"));
    println!("{invoice} {} {count}:", language.say("wird bezahlt in", "is paid in"));
    for instalment in &plan.instalments {
        let amount = instalment.amount().with_currency(plan.currency, language);
        println!("  {:<12} {amount:>16}", language.day(instalment.due_on));
    }
    let words = language.say(
        "Keine Mahnungen, solange jede pünktlich bezahlt wird; eine versäumte beendet den Plan, und Sie hören davon.",
        "No letters as long as each is paid in time; one that is missed ends the plan, and you hear of it.",
    );
    println!("{words}");
    Ok(Outcome::Fine)
}

/// Takes instalments apart at commas; one before the decimals of an amount parts nothing.
fn parted(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in text.split(',') {
        match parts.last_mut() {
            Some(last) if !part.contains('=') => {
                last.push(',');
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instalments_are_taken_apart_with_their_decimals() {
        let table: [(&str, &[&str]); 3] = [
            ("2026-09-30=400,2026-10-30=790", &["2026-09-30=400", "2026-10-30=790"]),
            ("30.09.2026=1.400,00,30.10.2026=790,50", &["30.09.2026=1.400,00", "30.10.2026=790,50"]),
            ("400", &["400"]),
        ];
        for (text, expected) in table {
            assert_eq!(parted(text), expected, "{text}");
        }
    }
}
