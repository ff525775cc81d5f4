//! A letter that is earned and held: what it waits for, which commands solve that, and when it can leave.

use super::telling::Teller;
use crate::dunning::HoldReason;
use crate::fact::{ActFact, DecisionFact, Passed};
use crate::id::PaymentId;
use crate::jobs::office::acts::acts_of;
use crate::jobs::office::currency;
use crate::jobs::office::error::JobError;
use crate::jobs::owner::undecided::proposals;
use crate::jobs::records::decision::Decided;
use crate::jobs::records::payment::{verdict_of, view};
use crate::money::{Amount, Currency};
use crate::shell::store::{Subject, Tx};

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
        let Some((reason, about, passed)) = gate_of(held) else { return Ok(due) };
        if reason == HoldReason::HandedOver {
            let words = "zur Einziehung übergeben; settled schreibt nichts mehr";
            return Ok(self.say(words, "handed over for collection; settled writes no more").to_owned());
        }
        let about = self.about(tx, reason, about).await?;
        let passed = self.passed(passed, currency).map(|passed| format!("; {passed}")).unwrap_or_default();
        Ok(format!("{due}; {}{about}{passed}", reason.words(self.language)))
    }

    /// Says about whom or what a reason holds a letter: since when, until when, which payment.
    pub(super) async fn about(&self, tx: &mut Tx, reason: HoldReason, about: &str) -> Result<String, JobError> {
        let day = || about.parse().map_or_else(|_| about.to_owned(), |day| self.day(day));
        Ok(match reason {
            _ if about.is_empty() => String::new(),
            HoldReason::HandedOver | HoldReason::Insolvent => {
                self.say(format!(" seit {}", day()), format!(" since {}", day()))
            }
            HoldReason::Blocked | HoldReason::Paused | HoldReason::Promise => {
                self.say(format!(" bis {}", day()), format!(" until {}", day()))
            }
            HoldReason::UnallocatedCredit => format!(": {}", self.undecided_payment(tx, about).await?),
            _ => format!(": {about}"),
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
        let money = || Amount::parse(saw, currency).map_or_else(|_| saw.clone(), |amount| self.money(amount, currency));
        let day = || saw.parse().map_or_else(|_| saw.clone(), |day| self.day(day));
        Some(match reason {
            // What is handed over comes to no letter at all.
            HoldReason::HandedOver => return None,
            HoldReason::Insolvent => self.say("nicht insolvent", "not insolvent").to_owned(),
            HoldReason::Disputed => self.say("nicht bestritten", "not disputed").to_owned(),
            HoldReason::Undelivered => self.say("angekommen", "delivered").to_owned(),
            HoldReason::Blocked => self.say("nicht angehalten", "no hold").to_owned(),
            HoldReason::Paused => self.say("keine Pause", "no pause").to_owned(),
            HoldReason::Promise => self.say("keine Zusage", "no promise").to_owned(),
            HoldReason::UnallocatedCredit => self.say("keine offene Zahlung", "no undecided payment").to_owned(),
            HoldReason::CustomerCredit => self.say(format!("Guthaben {}", money()), format!("credit {}", money())),
            HoldReason::BelowMinimum => self.say(format!("offen {}", money()), format!("open {}", money())),
            // Without announcements there is nothing to say of them.
            HoldReason::Unannounced if !self.office.config.dunning.announce => return None,
            HoldReason::Unannounced => self.say("angekündigt", "announced").to_owned(),
            HoldReason::BankStale => self.say(format!("Bank bis {}", day()), format!("bank up to {}", day())),
        })
    }

    /// Says which payment it is: its id, its amount, and from whom.
    async fn undecided_payment(&self, tx: &mut Tx, name: &str) -> Result<String, JobError> {
        let Ok(id) = name.parse::<PaymentId>() else { return Ok(name.to_owned()) };
        let Some(row) = tx.payment(id.get()).await? else { return Ok(name.to_owned()) };
        let (amount, currency) = (Amount::from_minor(row.amount), currency(&row.currency)?);
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
        let Some((reason, about, _)) = gate_of(held) else {
            return Ok(vec![format!("settled handover {number}"), format!("settled hold {number} --reason \"…\"")]);
        };
        Ok(match reason {
            HoldReason::CustomerCredit | HoldReason::BelowMinimum => Vec::new(),
            HoldReason::Insolvent => vec![
                format!("settled customer claims {customer}"),
                format!("settled customer insolvent {customer} --ended"),
            ],
            HoldReason::Paused => vec!["settled resume dunning".to_owned()],
            HoldReason::Unannounced => vec![format!("settled hold {number}")],
            HoldReason::HandedOver | HoldReason::Disputed | HoldReason::Promise => {
                vec![format!("settled release {number}")]
            }
            HoldReason::Blocked => {
                let today = self.office.day(self.office.clock.now());
                let acts = acts_of(tx, Subject::document(held.subject_id)).await?;
                let own = acts.iter().any(|act| act.fact == ActFact::Hold && act.holds_on(today, &acts));
                vec![format!("settled release {}", if own { number } else { customer })]
            }
            HoldReason::Undelivered => vec!["settled apply".to_owned(), format!("settled letter resend {number}")],
            HoldReason::BankStale => vec!["settled bank import FILE".to_owned()],
            HoldReason::UnallocatedCredit => deciding(tx, about).await?,
        })
    }

    /// Says when a letter that is held can leave.
    pub(super) async fn released_by(&self, tx: &mut Tx, held: &Decided) -> Result<String, JobError> {
        if matches!(held.fact, DecisionFact::Unwritten { .. }) {
            let next = "sobald die Vorlage berichtigt ist";
            return Ok(self.say(next, "as soon as the template is corrected").to_owned());
        }
        let Some((reason, about, _)) = gate_of(held) else {
            return Ok(self
                .say("nichts von selbst; jetzt sind Sie dran", "nothing by itself; it is your turn")
                .to_owned());
        };
        let day = about.parse().ok().map(|day| self.day(day));
        Ok(match (reason, day) {
            (HoldReason::UnallocatedCredit, _) if deciding(tx, about).await?.is_empty() => {
                self.say("der nächste Lauf entscheidet neu", "the next run decides anew").to_owned()
            }
            (HoldReason::UnallocatedCredit, _) => {
                self.say(format!("sobald {about} entschieden ist"), format!("as soon as {about} is decided"))
            }
            (HoldReason::BankStale, _) => self.say(
                format!("sobald die Auszüge von {about} weit genug reichen"),
                format!("as soon as the statements of {about} reach far enough"),
            ),
            (HoldReason::HandedOver, _) => self
                .say(
                    "nichts von selbst; Zahlungen werden weiter zugeordnet",
                    "nothing by itself; payments are matched as before",
                )
                .to_owned(),
            (HoldReason::Insolvent, _) => self
                .say("nichts, solange der Kunde insolvent ist", "nothing, as long as the customer is insolvent")
                .to_owned(),
            (HoldReason::Promise | HoldReason::Blocked | HoldReason::Paused, Some(day)) => {
                self.say(format!("nach dem {day}"), format!("after {day}"))
            }
            (HoldReason::Disputed | HoldReason::Blocked | HoldReason::Paused | HoldReason::Promise, _) => {
                self.say("sobald Sie es freigeben", "as soon as you release it").to_owned()
            }
            (HoldReason::Undelivered, _) => self.say("sobald es ankommt", "as soon as it is delivered").to_owned(),
            (HoldReason::CustomerCredit, _) => {
                self.say("sobald das Guthaben verrechnet ist", "as soon as the credit is used").to_owned()
            }
            (HoldReason::Unannounced, _) => self.say("am nächsten Versandtag", "on the next sending day").to_owned(),
            (HoldReason::BelowMinimum, _) => {
                self.say("nichts, solange so wenig offen ist", "nothing, as long as so little is open").to_owned()
            }
        })
    }
}

/// Returns the commands that decide a payment: those that are proposed, and that it concerns no invoice.
async fn deciding(tx: &mut Tx, payment: &str) -> Result<Vec<String>, JobError> {
    let Ok(id) = payment.parse::<PaymentId>() else { return Ok(Vec::new()) };
    let Some(line) = tx.waiting_payment(id.get()).await? else { return Ok(Vec::new()) };
    let verdict = verdict_of(tx, line.id).await?;
    let mut commands = proposals(tx, &line, verdict.as_ref()).await?;
    let ignore = format!("settled payments ignore {payment}");
    if !commands.contains(&ignore) {
        commands.push(ignore);
    }
    Ok(commands)
}

/// Returns the gate that holds a letter, as a rule such as `D5 bank_stale` names it: about what, and which gates let it pass before.
fn gate_of(held: &Decided) -> Option<(HoldReason, &str, &[Passed])> {
    let DecisionFact::Held { about, passed, .. } = &held.fact else { return None };
    let reason = held.rule.strip_prefix("D5 ").and_then(HoldReason::by_name)?;
    Some((reason, about, passed))
}
