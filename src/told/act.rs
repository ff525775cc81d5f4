//! What was done by command or learned, in words.

use super::page::{Line, Teller};
use crate::dunning::PaymentPlan;
use crate::fact::{ActFact, Acted, LateDiscount, WriteoffReason};
use crate::language::Language;

impl Teller<'_> {
    /// Tells what was done by command or learned.
    pub(super) fn act(&self, act: &Acted) -> Line {
        let until = act.until_on.map(|day| self.day(day));
        let kind = act.fact.kind().name();
        let (title, mut text) = match &act.fact {
            ActFact::Hold => {
                let text = match until {
                    Some(day) => {
                        self.language.spelled(self.say(
                            format!("keine Schreiben bis einschließlich {day}"),
                            format!("no letters through {day}"),
                        ))
                    }
                    None => self.say("keine Schreiben bis zur Freigabe", "no letters until it is released").to_owned(),
                };
                (self.say("angehalten", "hold"), text)
            }
            ActFact::Dispute => (
                self.say("bestritten", "dispute"),
                self.say("der Kunde bestreitet die Rechnung", "the customer disputes the invoice").to_owned(),
            ),
            ActFact::Insolvent => (
                self.say("insolvent", "insolvent"),
                self.say("keine Schreiben und keine Rechnungen", "no letters and no invoices").to_owned(),
            ),
            ActFact::Send { number } => (
                self.say("Angebot", "quote"),
                self.say(format!("ging als {number} an den Kunden"), format!("went to the customer as {number}")),
            ),
            ActFact::Extend { valid_until } => {
                let day = self.day(*valid_until);
                let text = self.say(format!("gilt bis zum {day}"), format!("valid until {day}"));
                (self.say("verlängert", "extended"), text)
            }
            ActFact::Accept { chosen } => {
                let chosen = chosen.join(", ");
                let text = match chosen.is_empty() {
                    true => String::new(),
                    false => self.say(format!("gewählt: {chosen}"), format!("chosen: {chosen}")),
                };
                (self.say("angenommen", "accepted"), text)
            }
            ActFact::Decline => (self.say("abgelehnt", "declined"), String::new()),
            ActFact::Handover { .. } => (
                self.say("übergeben", "handed over"),
                self.say("zur Einziehung an Anwalt oder Inkasso", "to a lawyer or a collection agency").to_owned(),
            ),
            ActFact::PaymentPlan(plan) => (self.say("Ratenplan", "instalments"), self.instalments(plan)),
            ActFact::InstalmentMissed { due_on, amount, currency } => {
                let day = self.day(*due_on);
                let amount = self.language.with_currency(&self.language.number(*amount), currency.code());
                let text = self.say(
                    format!("die Rate von {amount} zum {day} kam nicht: der Plan ist beendet"),
                    format!("the instalment of {amount} by {day} did not come: the plan is over"),
                );
                (self.say("Rate fehlt", "missed"), text)
            }
            ActFact::Promise => {
                let day = until.unwrap_or_default();
                (
                    self.say("zugesagt", "promise"),
                    self.say(format!("Zahlung bis {day} zugesagt"), format!("payment promised by {day}")),
                )
            }
            ActFact::Release | ActFact::ReleasePeriods { .. } => (self.say("freigegeben", "release"), String::new()),
            ActFact::LearnIban { .. } => (
                self.say("gelernt", "learned"),
                self.say("das Konto eines Zahlers gehört dem Kunden", "a payer's account is the customer's").to_owned(),
            ),
            ActFact::ForgetIban { .. } => (
                self.say("vergessen", "forgotten"),
                self.say("ein Konto gehört nicht mehr dem Kunden", "an account is the customer's no more").to_owned(),
            ),
            ActFact::Pursue => (
                self.say("verfolgt", "pursued"),
                self.say("Kosten und Zinsen werden nicht erlassen", "costs and interest are not given up").to_owned(),
            ),
            ActFact::LateDiscount { answer } => {
                (self.say("Skonto zu spät", "late discount"), self.late_discount(*answer))
            }
            // How much is told by its booking.
            ActFact::Writeoff { reason, corrects_vat, .. } => {
                let why = match reason {
                    WriteoffReason::Uncollectible => self.say("uneinbringlich", "uncollectible"),
                    WriteoffReason::Waived => self.say("erlassen", "waived"),
                    WriteoffReason::Small => self.say("zu klein für einen Brief", "not worth a letter"),
                };
                let vat = match (corrects_vat, self.language) {
                    (true, Language::De(_)) => "die Umsatzsteuer wird berichtigt",
                    (true, Language::En) => "the VAT is corrected",
                    (false, Language::De(_)) => "die Umsatzsteuer bleibt",
                    (false, Language::En) => "the VAT stays",
                };
                (self.say("abgeschrieben", "written off"), format!("{why}; {vat}"))
            }
            ActFact::Note => (self.say("Notiz", "note"), String::new()),
            ActFact::Agree { percent, with } => {
                let (percent, until) = (self.language.number(*percent), until.unwrap_or_default());
                let text = self.say(
                    format!("{percent} % Nachlass bei Zahlung bis {until}, mit {with}"),
                    format!("{percent} % off if it is paid by {until}, with {with}"),
                );
                (self.say("vereinbart", "agreed"), text)
            }
            ActFact::AgreementWithdrawn => (
                self.say("zurückgenommen", "withdrawn"),
                self.say("der vereinbarte Nachlass gilt nicht mehr", "what was agreed to be taken off counts no more")
                    .to_owned(),
            ),
            ActFact::ContractPaused => {
                let from = self.day(act.from_on);
                let text = match &until {
                    Some(day) => self.language.spelled(self.say(
                        format!("was vom {from} bis einschließlich {day} beginnt, wird nicht berechnet"),
                        format!("what begins from {from} through {day} is not invoiced"),
                    )),
                    None => self.say(
                        format!("was vom {from} an beginnt, wird nicht berechnet, bis Sie es freigeben"),
                        format!("what begins from {from} on is not invoiced until you release it"),
                    ),
                };
                (self.say("pausiert", "paused"), text)
            }
            ActFact::End { last_day } => {
                let day = self.day(*last_day);
                (
                    self.say("beendet", "ended"),
                    self.say(format!("letzter Leistungstag {day}"), format!("last day of service {day}")),
                )
            }
            ActFact::Skip { starts_on } => {
                let period = self.language.period(*starts_on, act.until_on.unwrap_or(*starts_on));
                (
                    self.say("ausgelassen", "skipped"),
                    self.say(format!("{period} wird nicht berechnet"), format!("{period} is not invoiced")),
                )
            }
            ActFact::Ignore => (self.say("übergangen", "ignored"), String::new()),
            ActFact::Discard => (self.say("verworfen", "discarded"), String::new()),
            // Of the books as a whole, or of an account; nobody asks why.
            ActFact::Golive | ActFact::Pause { .. } | ActFact::Resume { .. } | ActFact::Settle { .. } => {
                (kind, String::new())
            }
        };
        if !act.reason.is_empty() {
            let reason = &act.reason;
            text = if text.is_empty() { reason.clone() } else { format!("{text}: {reason}") };
        }
        Line::new(act.from_on, kind, title, text)
    }

    /// Tells the same of an invoice's customer.
    pub(super) fn act_on_customer(&self, act: &Acted) -> Line {
        let (mut line, number) = (self.act(act), &self.names.customer);
        line.text = if line.text.is_empty() { number.clone() } else { format!("{number}: {}", line.text) };
        line
    }

    /// Tells what becomes of a Skonto that was taken too late.
    fn late_discount(&self, answer: LateDiscount) -> String {
        let text = match answer {
            LateDiscount::Ask => self.say("Sie werden jedes Mal gefragt", "you are asked each time"),
            LateDiscount::Accept => self.say("es gilt: der Rest ist erlassen", "it counts: the rest is given up"),
            LateDiscount::Claim => {
                self.say("es gilt nicht: der Rest wird gefordert", "it does not count: the rest is claimed")
            }
        };
        text.to_owned()
    }

    /// Tells the instalments of a payment plan.
    fn instalments(&self, plan: &PaymentPlan) -> String {
        let parts = plan.instalments.iter().map(|instalment| {
            let (amount, day) = (self.money(instalment.amount(), plan.currency), self.day(instalment.due_on));
            self.say(format!("{amount} bis {day}"), format!("{amount} by {day}"))
        });
        parts.collect::<Vec<_>>().join(", ")
    }
}
