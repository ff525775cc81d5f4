//! The history of a contract: its periods, and why it is not invoiced.

use serde_json::json;

use super::telling::{History, Line, Teller, in_order, place};
use crate::command::line;
use crate::fact::{DecisionFact, Subject};
use crate::id::ContractId;
use crate::jobs::office::JobError;
use crate::jobs::office::acts::acts_of;
use crate::jobs::owner::questions::book::contract_hold;
use crate::jobs::records::decision::{Decided, decisions_of};
use crate::recurring::ContractKind;
use crate::shell::store::Tx;

/// How many periods are shown, the last ones.
const PERIODS: usize = 12;

impl Teller<'_> {
    /// Tells the history of a contract.
    pub(super) async fn contract(&self, tx: &mut Tx, id: ContractId) -> Result<History, JobError> {
        let row = tx.contract(id).await?;
        let customer = tx.customer(row.customer_id).await?;
        let periods = tx.periods_of(id).await?;
        let (mut rows, mut facts) = (Vec::new(), Vec::new());
        for period in &periods {
            let number = match period.document_id {
                Some(document) => Some(tx.document(document).await?.number),
                None => None,
            };
            let skipped = || self.say("übersprungen", "skipped").to_owned();
            let service = self.language.period(period.starts_on, period.ends_on);
            rows.push(vec![service, number.clone().unwrap_or_else(skipped)]);
            facts.push(json!({
                "from": period.starts_on, "through": period.ends_on, "revision": period.revision, "invoice": number,
            }));
        }
        let hidden = rows.len().saturating_sub(PERIODS);
        let shown = rows.split_off(hidden);
        let decisions = decisions_of(tx, Subject::Contract(id)).await?;
        let acts = acts_of(tx, Subject::Contract(id)).await?;
        let lines: Vec<Line> =
            acts.iter().map(|act| self.act(act)).chain(decisions.iter().map(|d| self.of_contract(d))).collect();
        let mut lines = in_order(lines);
        let is_held = |decided: &&Decided| matches!(decided.fact, DecisionFact::ContractHeld { .. });
        let held = decisions.last().filter(is_held);
        let hold = held.map(|held| Ok::<_, JobError>((contract_hold(&row.number, held)?, held.today))).transpose()?;
        let commands = hold.map(|(hold, since)| hold.commands(&row.number, since)).unwrap_or_default();
        if let Some(line) = lines.iter_mut().rev().find(|line| line.what == "held").filter(|_| held.is_some()) {
            line.commands = commands;
        }
        let next = match (hold, row.next_on, row.kind) {
            (Some((hold, _)), ..) => hold.ends(self.language).to_owned(),
            (None, Some(day), _) => {
                let day = self.day(day);
                self.say(format!("Rechnung am {day}"), format!("an invoice on {day}"))
            }
            (None, None, ContractKind::Once) if periods.is_empty() => line(["invoice", "issue", &row.number]),
            (None, None, ContractKind::Once | ContractKind::Recurring) => {
                self.say("keine Rechnung mehr", "no further invoice").to_owned()
            }
        };
        let kind = match row.kind {
            ContractKind::Once => self.say("einmalige Rechnung", "one-off invoice"),
            ContractKind::Recurring => self.say("wiederkehrend", "recurring"),
        };
        let count = match periods.len() {
            1 => self.say("1 Zeitraum erledigt", "1 period done").to_owned(),
            n => self.say(format!("{n} Zeiträume erledigt"), format!("{n} periods done")),
        };
        Ok(History {
            kind: "contract",
            heading: vec![
                row.number.clone(),
                format!("{} ({})", customer.name, customer.number),
                kind.to_owned(),
                count,
            ],
            facts: json!({
                "customer": customer.number, "customer_name": customer.name, "contract_kind": row.kind.name(), "periods": facts,
                "next_on": row.next_on, "held": held.is_some(),
            }),
            name: row.number,
            seen: self.rows("periods", "Zeiträume", "periods", shown).into_iter().collect(),
            lines,
            commands: Vec::new(),
            next: Some(next),
        })
    }

    fn of_contract(&self, decided: &Decided) -> Line {
        let verdict = decided.fact.verdict();
        let (title, text) = match &decided.fact {
            DecisionFact::ContractHeld { reason, .. } => (self.say("gehalten", "held"), reason.clone()),
            DecisionFact::ContractIssued { periods } => {
                let text = match periods {
                    0 => self.say("nichts mehr fällig", "nothing is due any more").to_owned(),
                    1 => self.say("1 Rechnung", "1 invoice").to_owned(),
                    n => self.say(format!("{n} Rechnungen"), format!("{n} invoices")),
                };
                (self.say("ausgestellt", "issued"), text)
            }
            DecisionFact::ContractAgreed {} => (
                self.say("vereinbart", "agreed"),
                self.say("das Buch ist berichtigt", "the book was corrected").to_owned(),
            ),
            // These stand on no contract.
            DecisionFact::Issued { .. }
            | DecisionFact::Unearned { .. }
            | DecisionFact::Waiting { .. }
            | DecisionFact::Undelivered { .. }
            | DecisionFact::LastStage { .. }
            | DecisionFact::Held { .. }
            | DecisionFact::Unwritten { .. }
            | DecisionFact::Unreadable { .. }
            | DecisionFact::Announced { .. }
            | DecisionFact::Letter { .. }
            | DecisionFact::Matched(_)
            | DecisionFact::OwnTransfer(_)
            | DecisionFact::Assigned { .. }
            | DecisionFact::Unassigned { .. }
            | DecisionFact::Split { .. }
            | DecisionFact::Ignored { .. }
            | DecisionFact::DayDone { .. }
            | DecisionFact::DayFailed { .. }
            | DecisionFact::MailLeaves { .. }
            | DecisionFact::MailMisconfigured { .. }
            | DecisionFact::LettersLeave { .. }
            | DecisionFact::LettersWait { .. }
            | DecisionFact::FilesLeft { .. } => (verdict, String::new()),
        };
        Line::new(decided.today, verdict, title, text).of_run(decided.run, place::DECISION).by_rule(decided)
    }
}
