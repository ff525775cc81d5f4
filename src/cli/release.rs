//! Ending what holds letters, or letting a contract's waiting invoices go out.

use std::path::Path;

use chrono::NaiveDate;

use super::opening::office;
use super::outcome::{Failure, Outcome};
use super::terminal::count;
use crate::jobs::acts::{self, Released};
use crate::jobs::issue_invoices::issue_now;

/// Releases holds or a contract.
pub async fn release(file: &Path, name: &str, skip_until: Option<NaiveDate>, reason: &str) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    match acts::release(&office, &office.run(&format!("release {name}")), name, skip_until, reason).await? {
        Released::Holds(n) => println!("{} on {name} ended; letters are decided anew.", count(n, "hold", "holds")),
        Released::Periods { issued, skipped } => {
            let contract = office.store.read().await?.contract_by_number(name).await?;
            let now = match contract.filter(|_| issued > 0) {
                Some(contract) if office.live_since().await?.is_some() && office.safe_mode().await?.is_none() => {
                    issue_now(&office, &office.run(&format!("release {name}")), contract.id).await?
                }
                _ => 0,
            };
            if now < issued {
                println!("{name}: {} issued at the next run.", count(issued - now, "invoice is", "invoices are"));
            }
            if now > 0 {
                println!(
                    "{name}: {} issued; they leave in the next sending window.",
                    count(now, "invoice is", "invoices are")
                );
            }
            if skipped > 0 {
                println!("{} skipped for good.", count(skipped, "period is", "periods are"));
            }
        }
        Released::Nothing => println!("There was nothing to release on {name}; a letter that came back is sent again."),
    }
    Ok(Outcome::Fine)
}
