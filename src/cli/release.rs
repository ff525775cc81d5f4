//! Ending what holds letters, or letting a contract's waiting invoices go out.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;

use super::opening::{meant, office};
use super::outcome::{Failure, Outcome};
use super::terminal::count;
use crate::calendar::typed_day;
use crate::jobs::billing::issue::issue_now;
use crate::jobs::billing::release::Released;
use crate::jobs::collections::holds;

/// End holds, disputes, promises and the handover of an invoice or a customer; or let a contract's waiting invoices go out.
#[derive(Debug, Args)]
pub struct ReleaseOptions {
    /// An invoice, a customer or a contract.
    name: String,
    /// Of a contract: skip periods that begin before this day, for good.
    #[arg(long, value_name = "DATE", value_parser = typed_day)]
    skip_until: Option<NaiveDate>,
    /// Why.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Releases holds or a contract.
pub async fn release(file: &Path, options: &ReleaseOptions) -> Result<Outcome, Failure> {
    let ReleaseOptions { name, skip_until, reason } = options;
    let office = office(file).await?;
    let name = &meant(&office, name).await?;
    match holds::release(&office, &office.run(&format!("release {name}")), name, *skip_until, reason).await? {
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
