//! Decisions in words: on an invoice, on a payment, on a contract.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::page::{Line, Teller};
use crate::dunning::{HoldReason, NOTICE_STAGE, Saw, stage_name};
use crate::fact::{Decided, DecisionFact, NoticeFact, Passed};
use crate::id::PaymentId;
use crate::matching::Verdict;

impl Decided {
    /// Returns the gate that holds a letter, as a rule such as `D5 bank_stale` names it: about what, and which gates let it pass before.
    pub fn gate(&self) -> Option<(HoldReason, &str, &[Passed])> {
        let DecisionFact::Held { about, passed, .. } = &self.fact else { return None };
        let reason = HoldReason::by_rule(&self.rule)?;
        Some((reason, about, passed))
    }

    /// Returns what the matcher found; nothing when the owner decided.
    pub fn found(&self) -> Option<Verdict> {
        self.fact.matched().cloned().map(Verdict::from)
    }

    /// Tells whether it is on an invoice, and a person can do something about it.
    pub const fn waits_for_owner(&self) -> bool {
        match self.fact {
            DecisionFact::Held { .. }
            | DecisionFact::Unwritten { .. }
            | DecisionFact::Unreadable { .. }
            | DecisionFact::LastStage { .. } => true,
            DecisionFact::Issued { .. }
            | DecisionFact::TakenOver { .. }
            | DecisionFact::Corrected { .. }
            | DecisionFact::Unearned { .. }
            | DecisionFact::Undelivered { .. }
            | DecisionFact::Waiting { .. }
            | DecisionFact::Announced { .. }
            | DecisionFact::Letter { .. }
            | DecisionFact::Matched(_)
            | DecisionFact::OwnTransfer(_)
            | DecisionFact::Assigned { .. }
            | DecisionFact::Unassigned { .. }
            | DecisionFact::Split { .. }
            | DecisionFact::Ignored { .. }
            | DecisionFact::ContractHeld { .. }
            | DecisionFact::ContractIssued { .. }
            | DecisionFact::ContractAgreed {}
            | DecisionFact::DayDone {}
            | DecisionFact::DayFailed { .. }
            | DecisionFact::MailLeaves {}
            | DecisionFact::MailMisconfigured { .. }
            | DecisionFact::LettersLeave {}
            | DecisionFact::LettersWait {}
            | DecisionFact::FilesLeft { .. } => false,
        }
    }
}

impl Teller<'_> {
    /// Tells a decision.
    pub(super) fn decision(&self, decided: &Decided) -> Line {
        let named = |stage: usize| self.names.stage(i64::try_from(stage).unwrap_or(i64::MAX), self.language);
        let verdict = decided.fact.verdict().name();
        let (title, text) = match &decided.fact {
            DecisionFact::Issued { contract, service_from, service_through, due_on, .. } => {
                let period = self.language.period(*service_from, *service_through);
                let due_on = self.day(*due_on);
                let text = self.say(
                    format!("für {contract}, Leistung {period}; fällig {due_on}"),
                    format!("for {contract}, service {period}; due {due_on}"),
                );
                (self.say("ausgestellt", "issued"), text)
            }
            DecisionFact::Corrected { invoice, reason, credit, .. } => {
                let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
                let text = self.say(format!("zu {invoice}{why}"), format!("for {invoice}{why}"));
                let credit = self.currency.filter(|_| !credit.is_zero()).map(|currency| {
                    let credit = self.language.with_currency(&self.language.number(*credit), currency.code());
                    self.say(
                        format!("; {credit} waren bezahlt und sind jetzt Guthaben"),
                        format!("; {credit} were paid and are credit now"),
                    )
                });
                (self.say("ausgestellt", "issued"), text + &credit.unwrap_or_default())
            }
            DecisionFact::TakenOver { file, service_from, service_through, due_on } => {
                let (period, due_on) = (self.language.period(*service_from, *service_through), self.day(*due_on));
                let text = self.say(
                    format!("aus {file}, Leistung {period}; fällig {due_on}"),
                    format!("from {file}, service {period}; due {due_on}"),
                );
                (self.say("übernommen", "taken over"), text)
            }
            DecisionFact::Unearned { stage } => {
                let text = format!("{}: {}", named(*stage), self.at_the_earliest(decided.next_on));
                (self.say("nichts", "nothing"), text)
            }
            DecisionFact::Waiting { stage, since, after_days, earned_on, notice } => {
                let (on, from) = (self.day(*earned_on), self.day(*since));
                let by_term = *since + Days::new(u64::from(*after_days));
                let earned = if by_term == *earned_on {
                    self.say(
                        format!("fällig am {on}, {after_days} Tage nach dem {from}; "),
                        format!("due on {on}, {after_days} days after {from}; "),
                    )
                } else {
                    self.say(
                        format!("fällig am {on}, nach einer Rückgabe; "),
                        format!("due on {on}, after a returned payment; "),
                    )
                };
                let next = match notice {
                    Some(notice) => self.notice(notice),
                    None => self.at_the_earliest(decided.next_on),
                };
                let is_in_sight = notice.is_some() || decided.next_on.is_some();
                let earned = if is_in_sight { earned } else { String::new() };
                let text = format!("{}: {earned}{next}", named(*stage));
                (self.say("nichts", "nothing"), text)
            }
            DecisionFact::Undelivered { .. } => {
                let text = self.say(
                    "sie hat den Kunden noch nicht erreicht; ihre Frist läuft erst, wenn sie ankommt",
                    "it has not reached the customer; its term begins when it does",
                );
                (self.say("nicht zugestellt", "not delivered"), text.to_owned())
            }
            DecisionFact::Announced { stage, on, .. } => {
                let (stage, day) = (named(*stage), self.day(*on));
                let text = self.say(
                    format!("{stage} geht am {day} hinaus, wenn nichts dazwischenkommt"),
                    format!("{stage} leaves on {day}, if nothing comes in between"),
                );
                (self.say("angekündigt", "announced"), text)
            }
            DecisionFact::Held { stage, .. } | DecisionFact::Unwritten { stage, .. } => {
                (self.say("gehalten", "held"), self.held(decided, &named(*stage)))
            }
            DecisionFact::Unreadable { .. } => (self.say("gehalten", "held"), self.held(decided, &named(1))),
            DecisionFact::LastStage { .. } => (
                self.say("letzte Stufe", "last stage"),
                self.say(
                    "die letzte Mahnung ist verschickt; mehr schreibt settled nicht, jetzt sind Sie dran",
                    "the last letter was sent; settled writes no more, it is your turn",
                )
                .to_owned(),
            ),
            DecisionFact::Matched(matched) | DecisionFact::OwnTransfer(matched) => {
                let (title, text) = self.verdict(&Verdict::from(matched.clone()));
                let failure = matched.failure.as_deref();
                (title, failure.map_or_else(|| text.clone(), |failure| format!("{text}: {failure}")))
            }
            DecisionFact::Assigned { documents, .. } => {
                (self.say("zugeordnet", "assigned"), self.by_person(documents.join(", "), decided))
            }
            DecisionFact::Unassigned { documents, reason } => {
                let numbers = documents.join(", ");
                let what = if reason.is_empty() { numbers } else { format!("{numbers}: {reason}") };
                (self.say("aufgehoben", "unassigned"), self.by_person(what, decided))
            }
            DecisionFact::Split { file, payments, .. } => {
                let what = format!("{}, {file}", payments.join(", "));
                (self.say("aufgeteilt", "split"), self.by_person(what, decided))
            }
            DecisionFact::Ignored { reason } => {
                (self.say("übergangen", "ignored"), self.by_person(reason.clone(), decided))
            }
            DecisionFact::ContractHeld { reason, .. } => (self.say("gehalten", "held"), reason.words(self.language)),
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
            // Letters are told by what came of them; the others are on the books as a whole, and nobody asks why.
            DecisionFact::Letter { .. }
            | DecisionFact::DayDone { .. }
            | DecisionFact::DayFailed { .. }
            | DecisionFact::MailLeaves { .. }
            | DecisionFact::MailMisconfigured { .. }
            | DecisionFact::LettersLeave { .. }
            | DecisionFact::LettersWait { .. }
            | DecisionFact::FilesLeft { .. } => (verdict, String::new()),
        };
        let mut line = Line::new(decided.today, verdict, title, text).by_rule(decided);
        // The verdict in force is among the facts of the payment.
        if decided.fact.matched().is_some() {
            line.facts = Value::Null;
        }
        line
    }

    /// Says what the owner decided, and which of the people who may.
    fn by_person(&self, what: String, decided: &Decided) -> String {
        let by = self.say(format!("von {}", decided.person), format!("by {}", decided.person));
        if what.is_empty() { by } else { format!("{what} ({by})") }
    }

    /// Says when a letter can leave that is not due yet.
    fn at_the_earliest(&self, next_on: Option<NaiveDate>) -> String {
        match next_on.map(|day| self.day(day)) {
            Some(day) => self.say(format!("frühestens am {day}"), format!("on {day} at the earliest")),
            None => self.say("kein Versandtag in Sicht", "no day for letters in sight").to_owned(),
        }
    }

    /// Tells what was found of the notice before the due date.
    fn notice(&self, notice: &NoticeFact) -> String {
        let name = stage_name(NOTICE_STAGE, None, self.language);
        match notice {
            NoticeFact::Held { held, about, leaves_on, .. } => {
                let why = self.held_by(*held, about);
                let unless = held.unless(self.language);
                let leaves = leaves_on.map(|day| self.day(day)).map_or_else(String::new, |day| {
                    self.say(format!("; {unless}, geht er am {day} hinaus"), format!("; {unless}, it leaves on {day}"))
                });
                self.say(format!("{name} gehalten: {why}{leaves}"), format!("{name} held: {why}{leaves}"))
            }
            NoticeFact::Waiting { earned_on, next_on } => {
                let (earned_on, next_on) = (self.day(*earned_on), self.day(*next_on));
                self.say(
                    format!("{name} ab {earned_on}, frühestens am {next_on}"),
                    format!("{name} from {earned_on} on, on {next_on} at the earliest"),
                )
            }
            NoticeFact::Written { .. } => self.say(format!("{name} ist geschrieben"), format!("{name} is written")),
        }
    }

    /// Says what a letter waits for that is earned.
    fn held(&self, held: &Decided, stage: &str) -> String {
        let due = self.say(format!("{stage} ist fällig"), format!("{stage} is due"));
        if let DecisionFact::Unwritten { reason, .. } = &held.fact {
            let why = reason.words(self.language);
            return self.say(
                format!("{due}, kann aber nicht verfasst werden: {why}"),
                format!("{due}, but cannot be written: {why}"),
            );
        }
        if let DecisionFact::Unreadable { reason } = &held.fact {
            return format!("{due}; {}", reason.words(self.language));
        }
        let Some((reason, saw, passed)) = held.gate() else { return due };
        if reason.is_for_good() {
            let no_more = self.say("settled schreibt nichts mehr", "settled writes no more");
            return format!("{}; {no_more}", reason.words(self.language));
        }
        let words = self.held_by(reason, saw);
        let passed = self.passed(passed).map(|passed| format!("; {passed}")).unwrap_or_default();
        format!("{due}; {words}{passed}")
    }

    /// Says why a letter is held, and since when, until when, by which payment.
    fn held_by(&self, reason: HoldReason, saw: &str) -> String {
        match reason.saw() {
            Saw::Payment => reason.held(&self.undecided_payment(saw), self.language),
            Saw::Nothing | Saw::Since | Saw::Until | Saw::Named => reason.held(saw, self.language),
        }
    }

    /// Says which gates let a letter pass, in their order, and what they saw; nothing where the first one held it.
    pub(super) fn passed(&self, passed: &[Passed]) -> Option<String> {
        let currency = self.currency?;
        let words = |Passed(reason, saw): &Passed| {
            // Without announcements there is nothing to say of them.
            let is_told = *reason != HoldReason::Unannounced || self.announces;
            is_told.then(|| reason.passed(saw, currency, self.language)).flatten()
        };
        let gates: Vec<String> = passed.iter().filter_map(words).collect();
        let looked_at = self.say("geprüft", "checked");
        (!gates.is_empty()).then(|| format!("{looked_at}: {}", gates.join(", ")))
    }

    /// Says which payment it is: its id, its amount, and from whom.
    fn undecided_payment(&self, name: &str) -> String {
        let payment = name.parse::<PaymentId>().ok().and_then(|id| self.names.payments.get(&id));
        let Some(payment) = payment else { return name.to_owned() };
        let payer = payment.payer.clone().unwrap_or_else(|| self.say("unbekannt", "somebody").to_owned());
        let amount = self.money(payment.amount, payment.currency);
        self.say(format!("{name} über {amount} von {payer}"), format!("{name} over {amount} from {payer}"))
    }
}
