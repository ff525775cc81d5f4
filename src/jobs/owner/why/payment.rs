//! The history of a payment.

use serde_json::json;

use super::teller::teller;
use crate::fact::{Decided, DecisionFact};
use crate::id::PaymentId;
use crate::jobs::collections::held::held_now;
use crate::jobs::office::{JobError, Office};
use crate::jobs::owner::questions::money::leaving;
use crate::jobs::owner::undecided::proposal;
use crate::jobs::records::decision::OWNER_RULE;
use crate::jobs::records::payment::view;
use crate::jobs::records::told::{last_decision, names, of_payment};
use crate::ledger::BatchKind;
use crate::shell::store::Tx;
use crate::told::{Heading, History, Line, Next, Told, verdict_facts};

/// Tells the history of a payment.
pub(super) async fn history(office: &Office, tx: &mut Tx, id: PaymentId) -> Result<History, JobError> {
    let name = id.to_string();
    let row = tx.payment(id).await?.ok_or_else(|| JobError::damaged(format!("the payment {name}")))?;
    let (amount, currency) = (row.amount, row.currency);
    let payment = view(&row, amount)?;
    let told = of_payment(tx, id).await?;
    let names = names(tx, &told).await?;
    let teller = teller(office, &names, Some(currency));
    let decided = |told: &Told| if let Told::Decided(decided) = told { decided.found() } else { None };
    let (last, verdict) = (last_decision(&told), told.iter().rev().find_map(decided));
    let line = tx.waiting_payment(id).await?;
    let mut seen = vec![teller.text(&payment)];
    if let Some(verdict) = &verdict {
        seen.extend(teller.evidence(verdict, line.is_some()));
        seen.extend(teller.readings(verdict, amount, currency));
        seen.extend(match last {
            Some(Decided { fact: DecisionFact::Assigned { .. }, .. }) => {
                let shares = tx.allocations_of(id).await?;
                teller.assigned(&shares, currency)
            }
            Some(last) if last.rule == OWNER_RULE => None,
            _ => teller.amounts(verdict, currency),
        });
        if line.is_some() {
            seen.extend(teller.concerns(verdict));
        }
    }
    let lines: Vec<Line> = told.iter().filter_map(|told| told.line(&teller)).collect();
    let commands = match &line {
        // What the matcher proposed is no proposal any more once the owner has decided.
        Some(line) => proposal(tx, line, last.and_then(Decided::found).as_ref()).await?.commands(),
        None => Vec::new(),
    };
    let undecided = line.and_then(|line| line.open_amount);
    let is_assigned = tx.live_batches_of(id).await?.iter().any(|batch| batch.kind == BatchKind::Allocation);
    let next = match undecided {
        Some(_) if last.is_none() => Some(Next::NextRun),
        Some(open) => {
            let held = held_now(office, tx, office.day(office.clock.now())).await?;
            let leaves = leaving(office, tx, id, last.and_then(Decided::found).as_ref(), &held).await?;
            Some(Next::WaitsForYou(open, currency, leaves))
        }
        None => is_assigned.then_some(Next::Assigned(id)),
    };
    let heading = Heading::Payment {
        id: &name,
        booked_on: row.booked_on,
        amount,
        currency,
        payer: payment.payer_name.as_deref(),
        iban: payment.payer_iban.as_deref(),
    };
    Ok(History {
        kind: "payment",
        heading: heading.words(&teller),
        facts: json!({
            "amount": amount.plain(currency), "currency": currency, "booked_on": row.booked_on,
            "value_on": row.value_on, "payer": payment.payer_name, "payer_iban": row.payer_iban,
            "text": payment.remittance, "undecided": undecided.map(|open| open.plain(currency)),
            "verdict": verdict.map(|verdict| verdict_facts(&verdict, &names, currency)),
        }),
        seen,
        lines,
        commands,
        next: next.map(|next| next.words(&teller)),
        name,
    })
}
