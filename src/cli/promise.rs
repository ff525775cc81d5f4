//! What a customer promised: to pay by a day, or in instalments.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{ArgGroup, Args};

use super::opening::office;
use super::outcome::{Failure, Outcome};
use super::terminal::count;
use crate::jobs::collections::holds::Act;
use crate::jobs::collections::{holds, plan};
use crate::language::Language;
use crate::shell::files;

/// The customer promised to pay an invoice, on a day or in instalments: no letters about it as long as that is kept.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("how").required(true).args(["until", "instalments", "plan"]))]
pub struct PromiseOptions {
    /// The invoice.
    invoice: String,
    /// The day: no letters until it is over.
    #[arg(long, value_name = "DATE")]
    until: Option<NaiveDate>,
    /// The instalments; one that is not paid in time ends the plan.
    #[arg(long, value_name = "DATE=AMOUNT", value_delimiter = ',')]
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
    holds::act(&office, &office.run(&format!("promise {invoice}")), Act::Promise, invoice, Some(until), "").await?;
    println!("{invoice} is promised by {until}: no letters through that day.");
    Ok(Outcome::Fine)
}

/// Records a payment plan.
async fn in_instalments(
    file: &Path,
    invoice: &str,
    instalments: &[String],
    plan: Option<&Path>,
) -> Result<Outcome, Failure> {
    let lines: Vec<(String, String)> = match plan {
        None => {
            instalments.iter().enumerate().map(|(n, text)| (format!("instalment {}", n + 1), text.clone())).collect()
        }
        Some(path) => {
            let text = files::read_text(path).map_err(Failure::unreadable)?;
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
            lines.map(|(n, line)| (format!("{}:{}", path.display(), n + 1), line.to_owned())).collect()
        }
    };
    let office = office(file).await?;
    let plan = plan::agree_plan(&office, &office.run(&format!("promise {invoice}")), invoice, &lines).await?;
    println!("{invoice} is paid in {}:", count(plan.instalments.len(), "instalment", "instalments"));
    for instalment in &plan.instalments {
        let amount = instalment.amount().with_currency(plan.currency, Language::En);
        println!("  {:<12} {amount:>16}", Language::En.day(instalment.due_on));
    }
    println!("No letters as long as each is paid in time; one that is missed ends the plan, and you hear of it.");
    Ok(Outcome::Fine)
}
