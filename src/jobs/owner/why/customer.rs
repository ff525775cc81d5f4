//! The history of a customer: what stands on each open invoice, and what concerns all of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::telling::{History, Line, Seen, Teller, in_order};
use crate::command;
use crate::fact::{ActFact, Subject};
use crate::id::CustomerId;
use crate::jobs::office::JobError;
use crate::jobs::office::acts::acts_of;
use crate::jobs::owner::undecided::{because, proposal};
use crate::jobs::records::act::insolvent_since;
use crate::jobs::records::decision::latest;
use crate::jobs::records::payment::{seen, verdict_of};
use crate::money::{Amount, Currency};
use crate::question::waits_because;
use crate::shell::store::{PaymentLine, ReceivableRow, Tx};

/// What is gathered of a customer.
#[derive(Default)]
struct Gathered {
    invoices: Vec<Vec<String>>,
    facts: Vec<Value>,
    payments: Vec<Vec<String>>,
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
}

impl Teller<'_> {
    /// Tells the history of a customer.
    pub(super) async fn customer(&self, tx: &mut Tx, id: CustomerId) -> Result<History, JobError> {
        let row = tx.customer(id).await?;
        let mut gathered = Gathered::default();
        for receivable in tx.open_receivables_of(id).await? {
            self.open_invoice(tx, &receivable, &mut gathered).await?;
        }
        let concerns = tx.concerns_of(id).await?;
        for (payment, _) in &concerns {
            if let Some(line) = tx.waiting_payment(*payment).await? {
                self.undecided(tx, &line, &mut gathered).await?;
            }
        }
        let today = self.office.day(self.office.clock.now());
        let acts = acts_of(tx, Subject::Customer(id)).await?;
        let holds = acts.iter().filter(|act| act.fact == ActFact::Hold && act.holds_on(today, &acts)).count();
        if holds > 0 {
            gathered.add([command::line(["release", &row.number])]);
        }
        if insolvent_since(&acts).is_some() {
            let number = &row.number;
            gathered.add([
                command::line(["customer", "claims", number]),
                command::line(["customer", "insolvent", number, "--ended"]),
            ]);
        }
        let (mut credit, mut credits) = (Vec::new(), Vec::new());
        for (code, amount) in tx.credit_of(id).await? {
            let (amount, currency) = (Amount::from_minor(amount), code);
            credit.push(vec![self.money(amount, currency)]);
            credits.push(json!({ "currency": currency, "amount": amount.plain(currency) }));
        }
        let mut heading = vec![row.number.clone(), row.name.clone()];
        heading.extend(gathered.open.iter().map(|(currency, open)| {
            let open = self.money(*open, *currency);
            self.say(format!("offen {open}"), format!("open {open}"))
        }));
        if gathered.open.is_empty() {
            heading.push(self.say("nichts ist offen", "nothing is open").to_owned());
        }
        let lines: Vec<Line> = acts.iter().map(|act| self.act(act)).collect();
        let parts = [
            self.rows("invoices", "Rechnungen", "invoices", gathered.invoices),
            self.rows("payments", "Zahlungen", "payments", gathered.payments),
            self.rows("credit", "Guthaben", "credit", credit),
        ];
        let next = gathered.next_on.map(|day| self.day(day));
        Ok(History {
            kind: "customer",
            heading,
            facts: json!({
                "customer_name": row.name, "open_invoices": gathered.facts, "credit": credits, "holds": holds,
                "undecided_payments": concerns.iter().map(|(id, because)| json!({
                    "payment": *id.to_string(), "because": because,
                })).collect::<Vec<_>>(),
            }),
            name: row.number,
            seen: parts.into_iter().flatten().collect(),
            lines: in_order(lines),
            commands: gathered.commands,
            next: next.map(|day| {
                self.say(format!("am {day} wird wieder entschieden"), format!("it is decided again on {day}"))
            }),
        })
    }

    /// Adds an open invoice with what was last decided on it.
    async fn open_invoice(&self, tx: &mut Tx, row: &ReceivableRow, to: &mut Gathered) -> Result<(), JobError> {
        let (open, currency) = (Amount::from_minor(row.open_principal), row.currency);
        let history = self.invoice(tx, row.document_id).await?;
        let standing = latest(tx, Subject::Document(row.document_id)).await?;
        let told = history.lines.iter().rfind(|line| standing.as_ref().is_some_and(|d| d.fact.verdict() == line.what));
        let (money, due_on) = (self.money(open, currency), self.day(row.due_on));
        let mut words = self.say(format!("offen {money}, fällig {due_on}"), format!("open {money}, due {due_on}"));
        if let Some(line) = told.or(history.lines.last()) {
            words = format!("{words}; {}: {}", line.title, line.text);
            to.add(line.commands.iter().cloned());
        }
        to.invoices.push(vec![row.number.clone(), words]);
        to.facts.push(json!({
            "number": row.number, "open": open.plain(currency), "currency": currency, "due_on": row.due_on,
            "stage": row.stage, "verdict": standing.as_ref().map(|decision| decision.fact.verdict()),
            "rule": standing.as_ref().map(|decision| decision.rule.clone()), "next": history.next,
        }));
        *to.open.entry(currency).or_default() += open;
        to.next_on = to.next_on.into_iter().chain(row.next_on).min();
        Ok(())
    }

    /// Adds an undecided payment that concerns the customer.
    async fn undecided(&self, tx: &mut Tx, line: &PaymentLine, to: &mut Gathered) -> Result<(), JobError> {
        let verdict = verdict_of(tx, line.id).await?;
        let amount = Amount::from_minor(line.open_amount.unwrap_or(line.amount));
        let (amount, text) = (self.money(amount, line.currency), seen(line)?.first_line().to_owned());
        let why = waits_because(because(verdict.as_ref()), self.language);
        to.payments.push(vec![line.id.to_string(), format!("{amount}, \"{text}\": {why}")]);
        to.add(proposal(tx, line, verdict.as_ref()).await?.commands());
        Ok(())
    }

    /// Rows under a label, if there are any.
    pub(super) fn rows(
        &self,
        label: &'static str,
        german: &'static str,
        english: &'static str,
        rows: Vec<Vec<String>>,
    ) -> Option<Seen> {
        (!rows.is_empty()).then_some(Seen { label, title: self.say(german, english), rows })
    }
}
