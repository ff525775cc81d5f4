//! The history of a contract: its periods, and why it is not invoiced.

use serde_json::json;

use super::teller::teller;
use crate::fact::{Decided, DecisionFact};
use crate::id::ContractId;
use crate::jobs::billing::coming::issued_together;
use crate::jobs::office::{JobError, Office};
use crate::jobs::owner::questions::book::{contract_hold, is_braked};
use crate::jobs::records::told::{last_decision, names, of_contract};
use crate::question::ContractHold;
use crate::recurring::ContractKind;
use crate::shell::store::Tx;
use crate::told::{Heading, History, Line, Next};

/// How many periods are shown, the last ones.
const PERIODS: usize = 12;

/// Tells the history of a contract.
pub(super) async fn history(office: &Office, tx: &mut Tx, id: ContractId) -> Result<History, JobError> {
    let row = tx.contract(id).await?;
    let customer = tx.customer(row.customer_id).await?;
    let told = of_contract(tx, id).await?;
    let names = names(tx, &told).await?;
    let teller = teller(office, &names, None);
    let mut periods = Vec::new();
    for period in tx.periods_of(id).await? {
        let number = match period.document_id {
            Some(document) => Some(tx.document(document).await?.number),
            None => None,
        };
        periods.push((period, number));
    }
    let shown = &periods[periods.len().saturating_sub(PERIODS)..];
    let shown = shown.iter().map(|(period, number)| (period.starts_on, period.ends_on, number.as_deref()));
    let mut lines: Vec<Line> = told.iter().filter_map(|told| told.line(&teller)).collect();
    let is_held = |decided: &&Decided| matches!(decided.fact, DecisionFact::ContractHeld { .. });
    let held = last_decision(&told).filter(is_held);
    let mut hold = held.map(|held| Ok::<_, JobError>((contract_hold(&row.number, held)?, held.today))).transpose()?;
    // The owner may have released it since.
    if matches!(hold, Some((ContractHold::ManyPeriods, _)))
        && !is_braked(office, tx, id, office.day(office.clock.now())).await?
    {
        hold = None;
    }
    if let Some((hold, since)) = hold
        && let Some(line) = lines.iter_mut().rev().find(|line| line.what == "held")
    {
        line.commands = hold.commands(&row.number, since);
    }
    let next = match (hold, row.next_on) {
        (Some((hold, _)), _) => Next::Held(hold),
        (None, Some(day)) => Next::InvoiceOn(day, issued_together(office, tx, id, day).await?),
        (None, None) if row.kind == ContractKind::Once && periods.is_empty() => {
            Next::IssueByCommand(row.number.clone())
        }
        (None, None) => Next::NoFurtherInvoice,
    };
    let heading = Heading::Contract {
        number: &row.number,
        name: &customer.name,
        customer: &customer.number,
        kind: row.kind,
        periods: periods.len(),
    };
    let facts = periods.iter().map(|(period, number)| {
        json!({ "from": period.starts_on, "through": period.ends_on, "revision": period.revision, "invoice": number })
    });
    Ok(History {
        kind: "contract",
        heading: heading.words(&teller),
        facts: json!({
            "customer": customer.number, "customer_name": customer.name, "contract_kind": row.kind.name(),
            "periods": facts.collect::<Vec<_>>(), "next_on": row.next_on, "held": hold.is_some(),
        }),
        seen: teller.periods(shown).into_iter().collect(),
        lines,
        commands: Vec::new(),
        next: Some(next.words(&teller)),
        name: row.number,
    })
}
