//! What a customer promised: to pay by a day, or in instalments.

use std::path::Path;

use chrono::NaiveDate;

use super::opening::office;
use super::outcome::{Failure, Outcome};
use super::terminal::count;
use crate::jobs::acts::{self, Act};
use crate::language::Language;

/// Records a promise.
pub async fn promise(file: &Path, invoice: &str, until: NaiveDate) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    acts::act(&office, &office.run(&format!("promise {invoice}")), Act::Promise, invoice, Some(until), "").await?;
    println!("{invoice} is promised by {until}: no letters through that day.");
    Ok(Outcome::Fine)
}

/// Records a payment plan.
pub async fn agree_plan(
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
            let text = std::fs::read_to_string(path)
                .map_err(|cause| Failure::Usage(format!("{}: {cause}", path.display())))?;
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
            lines.map(|(n, line)| (format!("{}:{}", path.display(), n + 1), line.to_owned())).collect()
        }
    };
    let office = office(file).await?;
    let plan = acts::agree_plan(&office, &office.run(&format!("promise {invoice}")), invoice, &lines).await?;
    println!("{invoice} is paid in {}:", count(plan.instalments.len(), "instalment", "instalments"));
    for instalment in &plan.instalments {
        let amount = instalment.amount().with_currency(plan.currency, Language::En);
        println!("  {:<12} {amount:>16}", Language::En.day(instalment.due_on));
    }
    println!("No letters as long as each is paid in time; one that is missed ends the plan, and you hear of it.");
    Ok(Outcome::Fine)
}
