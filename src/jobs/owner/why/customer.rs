//! The history of a customer: what stands on each open invoice, and what concerns all of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::invoice;
use super::teller::teller;
use crate::command::line;
use crate::fact::{ActFact, Acted, Subject};
use crate::id::{CustomerId, PaymentId};
use crate::jobs::office::{JobError, Office};
use crate::jobs::owner::undecided::{because, proposal};
use crate::jobs::records::act::insolvent_since;
use crate::jobs::records::decision::latest;
use crate::jobs::records::payment::{seen, verdict_of};
use crate::jobs::records::told::of_customer;
use crate::money::{Amount, Currency};
use crate::shell::store::{ReceivableRow, Tx};
use crate::told::{Heading, History, Line, Names, Next, OpenInvoice, Told, Undecided};

/// What is gathered of a customer.
#[derive(Default)]
struct Gathered {
    invoices: Vec<OpenInvoice>,
    facts: Vec<Value>,
    payments: Vec<Undecided>,
    commands: Vec<String>,
    open: BTreeMap<Currency, Amount>,
    next_on: Option<NaiveDate>,
}

impl Gathered {
    fn add(&mut self, commands: impl IntoIterator<Item = String>) {
        for command in commands {
            if !self.commands.contains(&command) {
                self.commands.push(command);
            }
        }
    }

    /// Adds an open invoice with what was last decided on it.
    async fn open_invoice(&mut self, office: &Office, tx: &mut Tx, row: &ReceivableRow) -> Result<(), JobError> {
        let (open, currency) = (row.open_principal, row.currency);
        let history = invoice::history(office, tx, row.document_id).await?;
        let standing = latest(tx, Subject::Document(row.document_id)).await?;
        let told =
            history.lines.iter().rfind(|line| standing.as_ref().is_some_and(|d| d.fact.verdict().name() == line.what));
        let last = told.or(history.lines.last()).cloned();
        self.add(last.iter().flat_map(|line| line.commands.iter().cloned()));
        self.invoices.push(OpenInvoice { number: row.number.clone(), open, currency, due_on: row.due_on, last });
        self.facts.push(json!({
            "number": row.number, "open": open.plain(currency), "currency": currency, "due_on": row.due_on,
            "stage": row.stage, "verdict": standing.as_ref().map(|decision| decision.fact.verdict().name()),
            "rule": standing.as_ref().map(|decision| decision.rule.clone()), "next": history.next,
        }));
        *self.open.entry(currency).or_default() += open;
        self.next_on = self.next_on.into_iter().chain(row.next_on).min();
        Ok(())
    }

    /// Adds a payment that concerns the customer, if it is not decided.
    async fn undecided(&mut self, tx: &mut Tx, payment: PaymentId) -> Result<(), JobError> {
        let Some(row) = tx.waiting_payment(payment).await? else { return Ok(()) };
        let verdict = verdict_of(tx, row.id).await?;
        self.payments.push(Undecided {
            payment: row.id,
            amount: row.open_amount.unwrap_or(row.amount),
            currency: row.currency,
            text: seen(&row)?.first_line().to_owned(),
            because: because(verdict.as_ref()),
        });
        self.add(proposal(tx, &row, verdict.as_ref()).await?.commands());
        Ok(())
    }
}

/// Tells the history of a customer.
pub(super) async fn history(office: &Office, tx: &mut Tx, id: CustomerId) -> Result<History, JobError> {
    let row = tx.customer(id).await?;
    let (mut gathered, mut refunds) = (Gathered::default(), Vec::new());
    for receivable in tx.open_receivables_of(id).await? {
        if tx.document(receivable.document_id).await?.kind.is_paid_out() {
            gathered.add([line(["refund", &receivable.number, "--withdraw"])]);
            refunds.push((receivable.number, receivable.currency, -receivable.open_principal));
            continue;
        }
        gathered.open_invoice(office, tx, &receivable).await?;
    }
    let concerns = tx.concerns_of(id).await?;
    for (payment, _) in &concerns {
        gathered.undecided(tx, *payment).await?;
    }
    let today = office.day(office.clock.now());
    let told = of_customer(tx, id).await?;
    let act = |told: &Told| if let Told::Act(act) = told { Some(act.clone()) } else { None };
    let acts: Vec<Acted> = told.iter().filter_map(act).collect();
    let holds = acts.iter().filter(|act| act.fact == ActFact::Hold && act.holds_on(today, &acts)).count();
    if holds > 0 {
        gathered.add([line(["release", &row.number])]);
    }
    if insolvent_since(&acts).is_some() {
        let number = &row.number;
        let ended = line(["customer", "insolvent", number, "--ended"]);
        gathered.add([line(["customer", "claims", number]), ended]);
    }
    let credit = tx.credit_of(id).await?;
    let credits =
        credit.iter().map(|(currency, amount)| json!({ "currency": currency, "amount": amount.plain(*currency) }));
    let refunds_json: Vec<Value> = refunds
        .iter()
        .map(|(number, currency, amount)| json!({ "number": number, "currency": currency, "amount": amount.plain(*currency) }))
        .collect();
    let names = Names::default();
    let teller = teller(office, &names, None);
    let heading = Heading::Customer { number: &row.number, name: &row.name, open: &gathered.open };
    let seen = [
        teller.open_invoices(&gathered.invoices),
        teller.undecided(&gathered.payments),
        teller.credit(&credit),
        teller.refunds(&refunds),
    ];
    let lines: Vec<Line> = told.iter().filter_map(|told| told.line(&teller)).collect();
    Ok(History {
        kind: "customer",
        heading: heading.words(&teller),
        facts: json!({
            "customer_name": row.name, "open_invoices": gathered.facts, "refunds": refunds_json, "credit": credits.collect::<Vec<_>>(), "holds": holds,
            "undecided_payments": concerns.iter().map(|(id, because)| json!({
                "payment": id.to_string(), "because": because,
            })).collect::<Vec<_>>(),
        }),
        seen: seen.into_iter().flatten().collect(),
        lines,
        commands: gathered.commands,
        next: gathered.next_on.map(|day| Next::DecidedAgainOn(day).words(&teller)),
        name: row.number,
    })
}
