//! The contracts, and the next invoice of each.

use std::path::Path;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::terminal::{json as print_json, table};
use crate::fact::{Agreement, DecisionFact, Subject};
use crate::jobs::billing::coming::{Coming, next_invoice};
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::{JobError, Office};
use crate::jobs::records::act::by_command;
use crate::jobs::records::customer::agreement_in;
use crate::jobs::records::decision::latest;
use crate::language::Language;
use crate::recurring::{Contract, ContractKind};
use crate::shell::store::{AgreementRow, ContractRow, Tx};

/// List them with the next invoice of each.
#[derive(Debug, Args)]
pub struct ListOptions {
    /// Those that ended as well.
    #[arg(long)]
    all: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// A contract as it stands.
pub(super) struct Standing {
    pub(super) row: ContractRow,
    /// As it is in force; nothing when its entry is gone from the book.
    pub(super) contract: Option<Contract>,
    pub(super) customer: String,
    pub(super) next: Option<Coming>,
    /// Nothing of it is issued until the owner decides.
    pub(super) is_held: bool,
}

impl Standing {
    /// Looks how a contract stands; nothing for a one-off invoice.
    pub(super) async fn of(office: &Office, tx: &mut Tx, agreed: &AgreementRow) -> Result<Option<Standing>, Failure> {
        if agreed.kind != ContractKind::Recurring {
            return Ok(None);
        }
        let subject = Subject::Contract(agreed.id);
        let contract = match agreed.model.as_deref().map(|model| agreement_in(model, &agreed.number)).transpose()? {
            Some(Agreement::Recurring(contract)) => Some(contract.under(&by_command(&acts_of(tx, subject).await?))),
            Some(Agreement::Once(_) | Agreement::Quote(_)) | None => None,
        };
        let row = tx.contract(agreed.id).await?;
        let held = latest(tx, subject).await?;
        let is_held = held.is_some_and(|last| matches!(last.fact, DecisionFact::ContractHeld { .. }));
        let next = match next_invoice(office, tx, &row).await {
            Err(JobError::Model { .. }) => None,
            next => next?,
        };
        let customer = tx.customer(row.customer_id).await?.name;
        Ok(Some(Standing { contract, customer, next: next.filter(|_| !is_held), is_held, row }))
    }

    /// Tells whether nothing of it is to come.
    fn is_over(&self, today: NaiveDate) -> bool {
        self.contract.as_ref().is_none_or(|contract| contract.last_day().is_some_and(|last| last < today))
            && self.row.next_on.is_none()
    }

    /// Returns the word for how it stands.
    pub(super) fn state(&self, today: NaiveDate) -> &'static str {
        let Some(contract) = &self.contract else { return "gone" };
        let is_paused = contract.pauses.iter().any(|pause| pause.from <= today && today <= pause.to);
        match contract.last_day() {
            _ if self.is_held => "held",
            _ if self.is_over(today) => "over",
            _ if is_paused => "paused",
            Some(_) => "ends",
            None => "runs",
        }
    }

    /// Says how it stands.
    pub(super) fn words(&self, today: NaiveDate, language: Language) -> String {
        let last = self.contract.as_ref().and_then(Contract::last_day).map(|day| language.day(day)).unwrap_or_default();
        match self.state(today) {
            "gone" => language.say("nicht im Buch", "not in the book").to_owned(),
            "held" => language.say("angehalten", "held").to_owned(),
            "over" => language.say("beendet", "over").to_owned(),
            "paused" => language.say("pausiert", "paused").to_owned(),
            "ends" => language.say(format!("bis {last}"), format!("through {last}")),
            _ => language.say("läuft", "runs").to_owned(),
        }
    }
}

/// Lists contracts.
pub async fn list(file: &Path, options: &ListOptions) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let (today, language) = (office.day(office.clock.now()), office.config.owner.language);
    let mut tx = office.store.read().await?;
    let mut all = Vec::new();
    for agreed in tx.contracts().await? {
        all.extend(Standing::of(&office, &mut tx, &agreed).await?);
    }
    all.retain(|standing| options.all || !standing.is_over(today));
    if options.json {
        let rows = all.iter().map(|standing| {
            let next = standing.next.as_ref().map(
                |next| json!({ "on": next.on, "currency": next.currency, "amount": next.amount.plain(next.currency) }),
            );
            json!({
                "contract": standing.row.number, "customer": standing.customer, "state": standing.state(today),
                "title": standing.contract.as_ref().and_then(|contract| contract.title.clone()),
                "last_day": standing.contract.as_ref().and_then(Contract::last_day), "next": next,
            })
        });
        print_json(&rows.collect::<Vec<_>>())?;
        return Ok(Outcome::Fine);
    }
    if all.is_empty() {
        println!("{}", language.say("Es läuft kein Vertrag.", "No contract runs."));
        return Ok(Outcome::Fine);
    }
    let rows = all.iter().map(|standing| {
        let next = standing.next.as_ref();
        vec![
            standing.row.number.clone(),
            standing.customer.clone(),
            next.map(|next| language.day(next.on)).unwrap_or_default(),
            next.map(|next| next.amount.with_currency(next.currency, language)).unwrap_or_default(),
            standing.words(today, language),
        ]
    });
    let header = language
        .say(["Vertrag", "Kunde", "nächste", "Betrag", "Stand"], ["contract", "customer", "next", "amount", "state"]);
    table(&header, (&[3], &[1]), rows.collect());
    Ok(Outcome::Fine)
}
