//! Issuing a one-off invoice of the book now.

use std::path::Path;

use clap::Args;

use crate::cli::opening::numbering_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::billing::issue::issue_now;
use crate::recurring::ContractKind;
use crate::refusal::DocumentRefusal;

/// Issue a one-off invoice of the book now.
#[derive(Debug, Args)]
pub struct IssueOptions {
    /// Its number in the book: A-2026-17.
    id: String,
}

/// Issues a one-off invoice.
pub async fn issue(file: &Path, options: &IssueOptions) -> Result<Outcome, Failure> {
    let (office, id) = numbering_office(file, &options.id).await?;
    let id = id.as_str();
    let contract = office.store.read().await?.contract_by_number(id).await?;
    let contract = contract.ok_or_else(|| Failure::refused(DocumentRefusal::NotInBook { id: id.to_owned() }))?;
    if contract.kind != ContractKind::Once {
        return Err(Failure::refused(DocumentRefusal::Recurring { id: id.to_owned() }));
    }
    let issued = issue_now(&office, &office.run(&format!("invoice issue {id}")), contract.id).await?;
    let periods = office.store.read().await?.periods_of(contract.id).await?;
    let document = periods.first().and_then(|period| period.document_id);
    let Some(document) = document else {
        return Err(Failure::refused(DocumentRefusal::NotIssued { id: id.to_owned() }));
    };
    let number = office.store.read().await?.document(document).await?.number;
    if issued == 0 {
        return Err(Failure::refused(DocumentRefusal::IssuedBefore { id: id.to_owned(), number }));
    }
    let words = office.config.owner.language.say(
        format!("{id} ist als {number} gestellt; sie geht im nächsten Versandfenster hinaus."),
        format!("{id} is issued as {number}; it leaves in the next sending window."),
    );
    println!("{words}");
    Ok(Outcome::Fine)
}
