//! Issuing a one-off invoice of the book now.

use std::path::Path;

use clap::Args;

use crate::cli::opening::{meant_or_typed, office};
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::billing::issue::issue_now;
use crate::recurring::ContractKind;

/// Issue a one-off invoice of the book now.
#[derive(Debug, Args)]
pub struct IssueOptions {
    /// Its number in the book: A-2026-17.
    id: String,
}

/// Issues a one-off invoice.
pub async fn issue(file: &Path, options: &IssueOptions) -> Result<Outcome, Failure> {
    let office = office(file).await?;
    let id = meant_or_typed(&office, &options.id).await?;
    let id = id.as_str();
    if let Some(why) = office.safe_mode().await? {
        return Err(Failure::Refused(format!("safe mode: {why}")));
    }
    if office.live_since().await?.is_none() {
        return Err(Failure::Refused("settled is not live yet; say: settled golive".to_owned()));
    }
    let contract = office.store.read().await?.contract_by_number(id).await?;
    let contract = contract.ok_or_else(|| {
        Failure::Refused(format!(
            "{id} is not in the applied book; write book/invoices/{id}.toml and say: settled apply"
        ))
    })?;
    if contract.kind != ContractKind::Once {
        return Err(Failure::Refused(format!("{id} is a recurring contract; its invoices are issued by themselves")));
    }
    let issued = issue_now(&office, &office.run(&format!("invoice issue {id}")), contract.id).await?;
    let periods = office.store.read().await?.periods_of(contract.id).await?;
    let document = periods.first().and_then(|period| period.document_id);
    let Some(document) = document else {
        return Err(Failure::Refused(format!("{id} was not issued; `settled why {id}` says why")));
    };
    let number = office.store.read().await?.document(document).await?.number;
    if issued == 0 {
        return Err(Failure::Refused(format!("{id} was issued before, as {number}")));
    }
    println!("{id} is issued as {number}; it leaves in the next sending window.");
    Ok(Outcome::Fine)
}
