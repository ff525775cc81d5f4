//! A letter that is earned and held: what it waits for, which commands solve that, and when it can leave.

use chrono::NaiveDate;

use super::telling::Teller;
use crate::command::line;
use crate::dunning::{HeldLetter, HoldReason, Saw};
use crate::fact::{ActFact, DecisionFact, Passed};
use crate::id::PaymentId;
use crate::jobs::office::JobError;
use crate::jobs::office::acts::acts_of;
use crate::jobs::owner::undecided::proposal;
use crate::jobs::records::decision::Decided;
use crate::jobs::records::payment::{verdict_of, view};
use crate::money::{Amount, Currency};
use crate::shell::store::Tx;

impl Teller<'_> {
    /// Says what a letter waits for.
    pub(super) async fn held(
        &self,
        tx: &mut Tx,
        held: &Decided,
        stage: &str,
        currency: Currency,
    ) -> Result<String, JobError> {
        let due = self.say(format!("{stage} ist verdient"), format!("{stage} is earned"));
        if let DecisionFact::Unwritten { reason: why, .. } = &held.fact {
            return Ok(self.say(
                format!("{due}, kann aber nicht verfasst werden: {why}"),
                format!("{due}, but cannot be written: {why}"),
            ));
        }
        let Some((reason, saw, passed)) = gate_of(held) else { return Ok(due) };
        if reason.is_for_good() {
            let no_more = self.say("settled schreibt nichts mehr", "settled writes no more");
            return Ok(format!("{}; {no_more}", reason.words(self.language)));
        }
        let words = self.held_by(tx, reason, saw).await?;
        let passed = self.passed(passed, currency).map(|passed| format!("; {passed}")).unwrap_or_default();
        Ok(format!("{due}; {words}{passed}"))
    }

    /// Says why a letter is held, and since when, until when, by which payment.
    pub(super) async fn held_by(&self, tx: &mut Tx, reason: HoldReason, saw: &str) -> Result<String, JobError> {
        Ok(match reason.saw() {
            Saw::Payment => reason.held(&self.undecided_payment(tx, saw).await?, self.language),
            Saw::Nothing | Saw::Since | Saw::Until | Saw::Named => reason.held(saw, self.language),
        })
    }

    /// Says which gates let a letter pass, in their order, and what they saw; nothing where the first one held it.
    pub(super) fn passed(&self, passed: &[Passed], currency: Currency) -> Option<String> {
        let gates: Vec<String> = passed.iter().filter_map(|gate| self.gate(gate, currency)).collect();
        let looked_at = self.say("geprüft", "checked");
        (!gates.is_empty()).then(|| format!("{looked_at}: {}", gates.join(", ")))
    }

    /// Says of a gate that it let a letter pass.
    fn gate(&self, Passed(reason, saw): &Passed, currency: Currency) -> Option<String> {
        // Without announcements there is nothing to say of them.
        if *reason == HoldReason::Unannounced && !self.office.config.dunning.announce {
            return None;
        }
        reason.passed(saw, currency, self.language)
    }

    /// Says which payment it is: its id, its amount, and from whom.
    async fn undecided_payment(&self, tx: &mut Tx, name: &str) -> Result<String, JobError> {
        let Ok(id) = name.parse::<PaymentId>() else { return Ok(name.to_owned()) };
        let Some(row) = tx.payment(id).await? else { return Ok(name.to_owned()) };
        let (amount, currency) = (Amount::from_minor(row.amount), row.currency);
        let payer = view(&row, amount)?.payer_name;
        let payer = payer.unwrap_or_else(|| self.say("unbekannt", "somebody").to_owned());
        let amount = self.money(amount, currency);
        Ok(self.say(format!("{name} über {amount} von {payer}"), format!("{name} over {amount} from {payer}")))
    }

    /// Returns the commands that solve what an invoice waits for; none where only time does, or where it is solved already.
    pub(super) async fn solving(
        &self,
        tx: &mut Tx,
        held: &Decided,
        number: &str,
        customer: &str,
    ) -> Result<Vec<String>, JobError> {
        if matches!(held.fact, DecisionFact::Unwritten { .. }) {
            return Ok(Vec::new());
        }
        let Some((reason, saw, _)) = gate_of(held) else {
            return Ok(vec![line(["handover", number]), line(["hold", number, "--reason", "…"])]);
        };
        let today = self.office.day(self.office.clock.now());
        let acts = acts_of(tx, held.subject).await?;
        let is_own = acts.iter().any(|act| act.fact == ActFact::Hold && act.holds_on(today, &acts));
        let on_hold = if is_own { number } else { customer };
        let deciding = deciding(tx, reason, saw).await?;
        Ok(reason.commands(&HeldLetter { number, customer, on_hold, saw, deciding: &deciding }))
    }

    /// Says when a letter that is held can leave.
    pub(super) async fn released_by(&self, tx: &mut Tx, held: &Decided) -> Result<String, JobError> {
        if matches!(held.fact, DecisionFact::Unwritten { .. }) {
            let next = "sobald die Vorlage berichtigt ist";
            return Ok(self.say(next, "as soon as the template is corrected").to_owned());
        }
        let Some((reason, saw, _)) = gate_of(held) else {
            return Ok(self
                .say("nichts von selbst; jetzt sind Sie dran", "nothing by itself; it is your turn")
                .to_owned());
        };
        let deciding = deciding(tx, reason, saw).await?;
        let leaves_on = leaves_on(&held.fact);
        Ok(reason.leaves(saw, !deciding.is_empty(), leaves_on, self.language))
    }
}

/// Returns the commands that decide the payment that a gate saw: those that are proposed, and that it concerns no invoice.
async fn deciding(tx: &mut Tx, reason: HoldReason, payment: &str) -> Result<Vec<String>, JobError> {
    if reason.saw() != Saw::Payment {
        return Ok(Vec::new());
    }
    let Ok(id) = payment.parse::<PaymentId>() else { return Ok(Vec::new()) };
    let Some(row) = tx.waiting_payment(id).await? else { return Ok(Vec::new()) };
    let verdict = verdict_of(tx, row.id).await?;
    let mut commands = proposal(tx, &row, verdict.as_ref()).await?.commands();
    let ignore = line(["payments", "ignore", payment]);
    if !commands.contains(&ignore) {
        commands.push(ignore);
    }
    Ok(commands)
}

/// Returns the day on which a letter that is held leaves by itself.
pub(super) fn leaves_on(fact: &DecisionFact) -> Option<NaiveDate> {
    if let DecisionFact::Held { leaves_on, .. } = fact { *leaves_on } else { None }
}

/// Returns the gate that holds a letter, as a rule such as `D5 bank_stale` names it: about what, and which gates let it pass before.
fn gate_of(held: &Decided) -> Option<(HoldReason, &str, &[Passed])> {
    let DecisionFact::Held { about, passed, .. } = &held.fact else { return None };
    let reason = HoldReason::by_rule(&held.rule)?;
    Some((reason, about, passed))
}
