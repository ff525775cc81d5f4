//! The history of a payment.

use serde_json::{Value, json};

use super::evidence::{Names, facts};
use super::telling::{History, Line, Seen, Teller, in_order, place};
use crate::fact::{DecisionFact, Subject};
use crate::id::PaymentId;
use crate::jobs::office::JobError;
use crate::jobs::owner::questions::money::leaving;
use crate::jobs::owner::undecided::proposal;
use crate::jobs::records::decision::{Decided, OWNER_RULE, decisions_of, standing};
use crate::jobs::records::payment::view;
use crate::ledger::{Account, BatchKind};
use crate::matching::{Payment, Verdict};
use crate::money::{Amount, Currency};
use crate::question::leaves_undecided;
use crate::reference::Iban;
use crate::shell::store::Tx;

impl Teller<'_> {
    /// Tells the history of a payment.
    pub(super) async fn payment(&self, tx: &mut Tx, id: PaymentId) -> Result<History, JobError> {
        let name = id.to_string();
        let row = tx.payment(id).await?.ok_or_else(|| JobError::damaged(format!("the payment {name}")))?;
        let (amount, currency) = (Amount::from_minor(row.amount), row.currency);
        let payment = view(&row, amount)?;
        let decisions = decisions_of(tx, Subject::Payment(id)).await?;
        let verdict = decisions.iter().rev().find_map(verdict_in);
        let names = Names::of(tx, verdict.as_ref()).await?;
        let line = tx.waiting_payment(id).await?;
        let mut seen = vec![self.text(&payment)];
        if let Some(verdict) = &verdict {
            seen.extend(self.evidence(verdict, &names, line.is_some()));
            seen.extend(self.readings(verdict, &names, amount, currency));
            seen.extend(match decisions.last() {
                Some(Decided { fact: DecisionFact::Assigned { .. }, .. }) => self.assigned(tx, id, currency).await?,
                Some(last) if last.rule == OWNER_RULE => None,
                _ => self.amounts(verdict, &names, currency),
            });
            if line.is_some() {
                seen.extend(self.concerns(verdict, &names));
            }
        }
        let mut lines = Vec::new();
        for decision in &decisions {
            lines.push(self.decided(tx, decision).await?);
        }
        lines.extend(self.undone(tx, id, currency).await?);
        let commands = match &line {
            // What the matcher proposed is no proposal any more once the owner has decided.
            Some(line) => proposal(tx, line, decisions.last().and_then(verdict_in).as_ref()).await?.commands(),
            None => Vec::new(),
        };
        let undecided = line.and_then(|line| line.open_amount).map(Amount::from_minor);
        let live = tx.live_batches_of(id).await?;
        let is_assigned = live.iter().any(|batch| batch.kind == BatchKind::Allocation);
        let next = match undecided {
            Some(_) if decisions.is_empty() => {
                Some(self.say("der nächste Lauf entscheidet", "the next run decides").to_owned())
            }
            Some(open) => {
                let open = self.money(open, currency);
                let waits = self.say(format!("{open} warten auf Sie"), format!("{open} wait for you"));
                let held = standing(tx, "held").await?;
                let last = decisions.last().and_then(verdict_in);
                let leaves = leaving(self.office, tx, id, last.as_ref(), &held).await?;
                Some(
                    leaves_undecided(&leaves, self.language)
                        .map_or(waits.clone(), |leaves| format!("{waits}. {leaves}")),
                )
            }
            None => is_assigned.then(|| {
                self.say(
                    format!("nichts; anders zuordnen: settled unassign {name}"),
                    format!("nothing; to decide anew: settled unassign {name}"),
                )
            }),
        };
        Ok(History {
            kind: "payment",
            heading: self.heading_of_payment(&name, &payment, amount, currency, self.day(row.booked_on)),
            name,
            facts: json!({
                "amount": amount.plain(currency), "currency": currency, "booked_on": row.booked_on,
                "value_on": row.value_on, "payer": payment.payer_name, "payer_iban": row.payer_iban,
                "text": payment.remittance, "undecided": undecided.map(|open| open.plain(currency)),
                "verdict": verdict.map(|verdict| facts(&verdict, &names, currency)),
            }),
            seen,
            lines: in_order(lines),
            commands,
            next,
        })
    }

    /// What the owner assigned.
    async fn assigned(&self, tx: &mut Tx, id: PaymentId, currency: Currency) -> Result<Option<Seen>, JobError> {
        let documents = tx.allocations_of(id).await?.into_iter();
        let rows = documents.map(|(number, amount)| vec![self.money(Amount::from_minor(amount), currency), number]);
        Ok(self.rows("amounts", "Beträge", "amounts", rows.collect()))
    }

    fn heading_of_payment(
        &self,
        name: &str,
        payment: &Payment,
        amount: Amount,
        currency: Currency,
        booked_on: String,
    ) -> Vec<String> {
        let sign = if amount.is_positive() { "+" } else { "" };
        let mut heading = vec![name.to_owned(), booked_on, format!("{sign}{}", self.money(amount, currency))];
        heading.extend(payment.payer_name.clone());
        let iban = payment.payer_iban.as_deref();
        heading.extend(iban.map(|iban| iban.parse::<Iban>().map_or_else(|_| iban.to_owned(), |iban| iban.short())));
        heading
    }

    /// Tells a decision of the matcher or of the owner.
    async fn decided(&self, tx: &mut Tx, decided: &Decided) -> Result<Line, JobError> {
        let (title, text) = match verdict_in(decided) {
            Some(verdict) => {
                let names = Names::of(tx, Some(&verdict)).await?;
                let (title, text) = self.verdict(&verdict, &names);
                let failure = decided.fact.matched().and_then(|matched| matched.failure.as_deref());
                (title, failure.map_or_else(|| text.clone(), |failure| format!("{text}: {failure}")))
            }
            None => self.of_owner(decided),
        };
        let mut line = Line::new(decided.today, decided.fact.verdict(), title, text)
            .of_run(decided.run, place::DECISION)
            .by_rule(decided);
        // The verdict in force is among the facts of the payment.
        if decided.rule != OWNER_RULE {
            line.facts = Value::Null;
        }
        Ok(line)
    }

    fn of_owner(&self, decided: &Decided) -> (&'static str, String) {
        let (title, what) = match &decided.fact {
            DecisionFact::Assigned { documents, .. } => (self.say("zugeordnet", "assigned"), documents.join(", ")),
            DecisionFact::Unassigned { documents, reason } => {
                let numbers = documents.join(", ");
                let what = if reason.is_empty() { numbers } else { format!("{numbers}: {reason}") };
                (self.say("aufgehoben", "unassigned"), what)
            }
            DecisionFact::Split { file, payments, .. } => {
                (self.say("aufgeteilt", "split"), format!("{}, {file}", payments.join(", ")))
            }
            DecisionFact::Ignored { reason } => (self.say("übergangen", "ignored"), reason.clone()),
            // The matcher's are told before; the others stand on no payment.
            other @ (DecisionFact::Matched(_)
            | DecisionFact::OwnTransfer(_)
            | DecisionFact::Issued { .. }
            | DecisionFact::Unearned { .. }
            | DecisionFact::Waiting { .. }
            | DecisionFact::Undelivered { .. }
            | DecisionFact::LastStage { .. }
            | DecisionFact::Held { .. }
            | DecisionFact::Unwritten { .. }
            | DecisionFact::Unreadable { .. }
            | DecisionFact::Announced { .. }
            | DecisionFact::Letter { .. }
            | DecisionFact::ContractHeld { .. }
            | DecisionFact::ContractIssued { .. }
            | DecisionFact::ContractAgreed { .. }
            | DecisionFact::DayDone { .. }
            | DecisionFact::DayFailed { .. }
            | DecisionFact::MailLeaves { .. }
            | DecisionFact::MailMisconfigured { .. }
            | DecisionFact::LettersLeave { .. }
            | DecisionFact::LettersWait { .. }
            | DecisionFact::FilesLeft { .. }) => (other.verdict(), String::new()),
        };
        let by = self.say(format!("von {}", decided.person), format!("by {}", decided.person));
        (title, if what.is_empty() { by } else { format!("{what} ({by})") })
    }

    /// Tells what undid the bookings of a payment.
    async fn undone(&self, tx: &mut Tx, id: PaymentId, currency: Currency) -> Result<Vec<Line>, JobError> {
        let mut lines = Vec::new();
        for batch in tx
            .batches_of(id)
            .await?
            .into_iter()
            .filter(|batch| batch.kind == BatchKind::Return && batch.reverses_id.is_some())
        {
            let legs = tx.legs_of(batch.id).await?;
            let by = legs.iter().find_map(|leg| leg.payment_id).filter(|by| *by != id);
            let Some(by) = by else { continue };
            // A return that waited itself was taken from the bank before.
            let money = legs.iter().filter(|leg| matches!(leg.account, Account::Bank | Account::Payer));
            let money: Amount = money.map(|leg| Amount::from_minor(-leg.amount)).sum();
            let money = self.money(money, currency);
            let text = self.say(format!("{money} gingen mit {by} zurück"), format!("{money} were given back by {by}"));
            lines.push(
                Line::new(batch.booked_on, "returned", self.say("Rückgabe", "returned"), text)
                    .of_run(batch.run_id, place::MONEY),
            );
        }
        Ok(lines)
    }
}

/// Reads the matcher's verdict out of a decision; nothing when the owner decided.
fn verdict_in(decided: &Decided) -> Option<Verdict> {
    decided.fact.matched().cloned().map(Verdict::from)
}
