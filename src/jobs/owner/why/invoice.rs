//! The history of an invoice.

use serde_json::{Value, json};

use super::held;
use super::teller::teller;
use crate::customer::{Customer, PaymentMeans};
use crate::dunning::NOTICE_STAGE;
use crate::fact::{Decided, DecisionFact, Subject};
use crate::id::DocumentId;
use crate::invoice::{Document, DocumentKind};
use crate::jobs::collections::costs_left::is_pursued;
use crate::jobs::collections::held::{found_now, is_overtaken};
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::{JobError, Office};
use crate::jobs::owner::questions::money::discount_late;
use crate::jobs::quotes::chain::Chain;
use crate::jobs::records::customer::{agreed_in, contract_policy};
use crate::jobs::records::document::model;
use crate::jobs::records::told::{last_decision, names, of_invoice};
use crate::ledger::{BatchKind, ReceivableState};
use crate::money::Amount;
use crate::question::{Money, Question};
use crate::shell::store::{CustomerRow, ReceivableRow, Tx};
use crate::told::{Heading, History, Line, Next, Seen, Teller, Told};

/// What stands in the books on an invoice now.
struct Case {
    document: Document,
    receivable: ReceivableRow,
    customer: CustomerRow,
    agreed: Customer,
    /// The names of the stages, by the policy in force.
    stages: Vec<String>,
    /// Whether the policy in force asks for a notice before the due date.
    has_notice: bool,
}

impl Case {
    async fn of(office: &Office, tx: &mut Tx, id: DocumentId) -> Result<Case, JobError> {
        let document = model(tx, id).await?;
        let receivable = tx.receivable(id).await?;
        let customer = tx.customer(receivable.customer_id).await?;
        let agreed = agreed_in(&customer)?;
        let policy = contract_policy(tx, &document).await?;
        let policy = office.policy_for(policy.as_deref(), &agreed);
        let has_notice = policy.notice_days_before.is_some();
        let stages = policy.stages.into_iter().map(|stage| stage.name).collect();
        Ok(Case { document, receivable, customer, agreed, stages, has_notice })
    }
}

/// Tells the history of an invoice.
pub(super) async fn history(office: &Office, tx: &mut Tx, id: DocumentId) -> Result<History, JobError> {
    let case = Case::of(office, tx, id).await?;
    let row = &case.receivable;
    let told = of_invoice(tx, id, &row.number, case.customer.id).await?;
    let mut names = names(tx, &told).await?;
    names.customer.clone_from(&case.customer.number);
    names.stages.clone_from(&case.stages);
    let teller = teller(office, &names, Some(case.document.currency));
    let mut lines: Vec<Line> = told.iter().filter_map(|told| told.line(&teller)).collect();
    let standing = last_decision(&told).filter(|_| row.open_principal.is_positive());
    let anew = match standing {
        Some(held) if matches!(held.fact, DecisionFact::Held { .. }) => anew(office, tx, id, held).await?,
        _ => None,
    };
    let mut solving_anew = Vec::new();
    if let Some(Some(held)) = &anew {
        solving_anew = held::solving(office, tx, held, &row.number, &case.customer.number).await?;
    } else if anew.is_none()
        && let Some(held) = standing.filter(|decided| decided.waits_for_owner())
        && let Some(line) = lines.iter_mut().rfind(|line| line.what == held.fact.verdict().name())
    {
        line.commands = held::solving(office, tx, held, &row.number, &case.customer.number).await?;
    }
    let heading = Heading::Invoice {
        number: &row.number,
        name: &case.customer.name,
        customer: &case.customer.number,
        currency: case.document.currency,
        gross: row.gross,
        due_on: row.due_on,
        open: row.open_principal,
        costs: row.open_fee + row.open_interest,
    };
    let mut commands = deciding(office, tx, &case).await?;
    if commands.is_empty() {
        commands = solving_anew;
    }
    let next = match &anew {
        Some(None) => Next::NextRun,
        Some(held) => next(tx, &case, held.as_ref(), &told).await?,
        None => next(tx, &case, standing, &told).await?,
    };
    let is_said = lines.iter().any(|line| line.commands == commands);
    Ok(History {
        kind: "invoice",
        name: row.number.clone(),
        heading: heading.words(&teller),
        facts: facts(&case),
        seen: order(office, tx, &case, &teller).await?.into_iter().collect(),
        lines,
        commands: if is_said { Vec::new() } else { commands },
        next: Some(next.words(&teller)),
    })
}

/// Tells the order that an invoice belongs to.
async fn order(office: &Office, tx: &mut Tx, case: &Case, teller: &Teller<'_>) -> Result<Option<Seen>, JobError> {
    let Some(contract) = case.document.contract.as_deref().filter(|_| case.document.follows.is_some()) else {
        return Ok(None);
    };
    let chain = Chain::load(office, tx, contract).await?;
    Ok(teller.papers(chain.links.iter().map(super::quote::paper)))
}

/// Decides anew what holds an invoice, where something has overtaken what was decided; nothing within when nothing holds it any more.
async fn anew(
    office: &Office,
    tx: &mut Tx,
    id: DocumentId,
    held: &Decided,
) -> Result<Option<Option<Decided>>, JobError> {
    let today = office.day(office.clock.now());
    if !is_overtaken(tx, id, today).await? {
        return Ok(None);
    }
    match found_now(office, tx, id, today).await {
        // A customer who cannot be read keeps what was decided.
        Err(JobError::Model { .. }) => Ok(None),
        found => Ok(Some(found?.map(|(rule, fact)| Decided { rule, fact, ..held.clone() }))),
    }
}

/// Returns the commands that decide what becomes of the rest that a late discount left, or of costs that are left of a paid invoice.
async fn deciding(office: &Office, tx: &mut Tx, case: &Case) -> Result<Vec<String>, JobError> {
    let row = &case.receivable;
    if let Some(question) = discount_late(office, tx, row).await? {
        return Ok(question.commands());
    }
    if !row.open_principal.is_zero() || !(row.open_fee + row.open_interest).is_positive() {
        return Ok(Vec::new());
    }
    if is_pursued(&acts_of(tx, Subject::Document(row.document_id)).await?) {
        return Ok(Vec::new());
    }
    let costs = Money { amount: row.open_fee + row.open_interest, currency: case.document.currency };
    let (number, name) = (row.number.clone(), case.customer.name.clone());
    Ok(Question::CostsLeft { number, name, costs }.commands())
}

/// Returns what comes next.
async fn next(tx: &mut Tx, case: &Case, standing: Option<&Decided>, told: &[Told]) -> Result<Next, JobError> {
    let receivable = &case.receivable;
    let Some(standing) = standing else {
        let costs = receivable.open_fee + receivable.open_interest;
        return Ok(match (receivable.state, receivable.next_on) {
            (ReceivableState::Cancelled, ..) => Next::Cancelled,
            (ReceivableState::WrittenOff, ..) => Next::WrittenOff,
            (ReceivableState::Credited, ..) => Next::Credited,
            _ if receivable.open_principal.is_zero()
                && !case.document.kind.asks_for_payment()
                && case.document.kind != DocumentKind::Refund =>
            {
                Next::Credited
            }
            _ if receivable.open_principal.is_negative() => Next::SetOff,
            _ if receivable.open_principal.is_zero() && case.document.kind == DocumentKind::Refund => {
                let drawn = tx.live_batches_on(receivable.document_id, BatchKind::Refund).await?;
                if drawn.is_empty() { Next::RefundWithdrawn } else { Next::RefundTransferred }
            }
            _ if receivable.open_principal.is_zero() && costs.is_positive() => {
                Next::CostsLeft(costs, case.document.currency)
            }
            _ if receivable.open_principal.is_zero() => Next::Paid,
            (_, Some(day)) => Next::DecidedOn(day),
            (_, None) => Next::Nothing,
        });
    };
    let mut letters =
        told.iter().rev().filter_map(|told| if let Told::Letter(posted) = told { Some(posted) } else { None });
    if let Some(posted) = letters.find(|posted| posted.state.is_under_way()) {
        return Ok(Next::UnderWay(posted.clone()));
    }
    if standing.waits_for_owner() {
        return held::released_by(tx, standing).await;
    }
    if tx.undelivered().await?.contains(&receivable.document_id) {
        return Ok(Next::Delivery);
    }
    let is_last = usize::try_from(receivable.stage).is_ok_and(|stage| stage >= case.stages.len());
    // What comes before the due date is the notice.
    let is_early = receivable.stage == 0 && receivable.next_on.is_some_and(|day| day < receivable.due_on);
    let stage = if is_early { NOTICE_STAGE } else { receivable.stage + 1 };
    Ok(match (receivable.next_on, case.agreed.payment_means) {
        _ if is_last => Next::YourTurn,
        (Some(on), _) if is_early && !case.has_notice => Next::DecidedOn(on),
        (Some(on), _) => Next::Stage { stage, on },
        (None, PaymentMeans::DirectDebit) => Next::Collected,
        (None, PaymentMeans::Prepaid) => Next::PaidInAdvance,
        (None, PaymentMeans::Transfer) => Next::Nothing,
    })
}

fn facts(case: &Case) -> Value {
    let row = &case.receivable;
    let plain = |amount: Amount| amount.plain(case.document.currency);
    json!({
        "customer": case.customer.number, "customer_name": case.customer.name, "currency": case.document.currency,
        "amount": plain(row.gross), "issued_on": row.issued_on, "due_on": row.due_on, "state": row.state.name(),
        "open": plain(row.open_principal), "open_fee": plain(row.open_fee), "open_interest": plain(row.open_interest),
        "stage": row.stage, "next_on": row.next_on,
    })
}
