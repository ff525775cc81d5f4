//! A letter on an invoice: how it reached the customer, what came of it, and its words.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::page::{Line, Teller};
use crate::customer::Delivery;
use crate::dunning::{NOTICE_STAGE, WithdrawnFor, stage_name};
use crate::fact::{Decided, DecisionFact, NoticeFact, Passed};
use crate::id::{DocumentId, RunId};
use crate::language::Language;
use crate::letter::LetterKind;
use crate::money::{Amount, Currency};
use crate::outbox::{LetterEvent, OutboxState, RefusedRecipient, answer};

/// Why a letter was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The rule.
    pub rule: String,
    /// What the policy called its stage; nothing for a notice.
    pub name: Option<String>,
    /// The last day through which the bank's data were known.
    pub covered_through: Option<NaiveDate>,
    /// The gates that let it pass.
    pub passed: Vec<Passed>,
}

impl Written {
    /// Takes what wrote the letter of a stage out of a decision; nothing when that is about something else.
    pub fn of(decided: &Decided, stage: i64) -> Option<Written> {
        let (name, covered_through, passed) =
            if let DecisionFact::Letter { stage: own, name, covered_through, passed, .. } = &decided.fact
                && i64::try_from(*own) == Ok(stage)
            {
                (Some(name.clone()), *covered_through, passed.clone())
            } else if let DecisionFact::Waiting {
                notice: Some(NoticeFact::Written { passed, covered_through, .. }),
                ..
            } = &decided.fact
                && stage == NOTICE_STAGE
            {
                (None, *covered_through, passed.clone())
            } else {
                return None;
            };
        Some(Written { rule: decided.rule.clone(), name, covered_through, passed })
    }
}

/// Something that came of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// What.
    pub event: LetterEvent,
    /// The civil day.
    pub on: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
    /// The run.
    pub run: RunId,
    /// What the server or the owner said; of a letter that was recalled, the day of the money.
    pub words: String,
    /// It delivered the letter.
    pub counts: bool,
    /// It undid the letter.
    pub undoes: bool,
}

impl Fate {
    /// Tells whether the letter was taken back because the money had been there before it left.
    pub fn is_recall(&self) -> bool {
        self.event == LetterEvent::Recalled
    }
}

/// What a letter says of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostedItem {
    /// Its stage.
    pub stage: i64,
    /// The deadline that it sets.
    pub deadline_on: NaiveDate,
    /// The open principal.
    pub principal: Amount,
    /// The fee of this letter alone.
    pub fee: Amount,
    /// The interest that the letter asks for: what was paid or given up before is not in it.
    pub interest: Amount,
}

/// A letter on an invoice, with what came of it.
#[derive(Debug, Clone)]
pub struct Posted {
    /// What it is.
    pub kind: LetterKind,
    /// What it is about.
    pub about: String,
    /// Which round of it.
    pub round: i64,
    /// The document that it carries.
    pub document: Option<DocumentId>,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// In which run.
    pub run: RunId,
    /// The invoice's currency.
    pub currency: Currency,
    /// The invoice in it; nothing when it is the invoice's own letter.
    pub item: Option<PostedItem>,
    /// The decision to write it.
    pub decided: Option<Written>,
    /// What came of it, in order.
    pub fates: Vec<Fate>,
    /// To whom it was tried last.
    pub recipients: String,
    /// How it is delivered.
    pub delivery: Delivery,
    /// Where it stands.
    pub state: OutboxState,
}

impl Posted {
    /// Names its stage: `reminder`, `dunning 1`; nothing when it is the invoice's own letter.
    pub fn stage(&self, language: Language) -> Option<String> {
        let name = self.decided.as_ref().and_then(|written| written.name.as_deref());
        self.item.as_ref().map(|item| stage_name(item.stage, name, language))
    }

    /// Returns what delivered it: a server or a person.
    pub fn left(&self) -> Option<&Fate> {
        self.fates.iter().find(|fate| fate.counts)
    }

    /// Tells how it reached the customer: what a person delivered did not go by mail, even if it was to.
    pub fn reached_by(&self, left: &Fate) -> Delivery {
        let by_hand = left.event == LetterEvent::Posted;
        match self.delivery {
            Delivery::Mail if by_hand => Delivery::Post,
            Delivery::Post | Delivery::Portal if by_hand => self.delivery,
            Delivery::Mail | Delivery::Post | Delivery::Portal => Delivery::Mail,
        }
    }

    /// Returns what undid it.
    pub fn undone(&self) -> Option<&Fate> {
        self.fates.iter().find(|fate| fate.undoes)
    }

    /// Returns what undid it after it had left.
    pub fn undone_after_leaving(&self) -> Option<&Fate> {
        self.undone().filter(|_| self.left().is_some())
    }

    /// Returns its day: on which it left, else on which it was decided.
    pub fn on(&self) -> NaiveDate {
        self.left().map_or(self.decided_on, |left| left.on)
    }

    /// Says where a letter stands that has not left.
    pub(super) fn standing(&self, language: Language) -> String {
        let last = self.fates.last().map(|fate| answer(&fate.words)).unwrap_or_default();
        match self.state {
            OutboxState::Queued if self.delivery.is_by_hand() => {
                language.say("wartet darauf, von Hand zugestellt zu werden", "waits to be delivered by hand").to_owned()
            }
            OutboxState::Queued => language.say("wartet auf die Versandzeit", "waits for the sending hours").to_owned(),
            OutboxState::Sending => language.say("geht gerade hinaus", "is leaving").to_owned(),
            // A notice whose fate nobody knows is let be.
            OutboxState::Withdrawn if self.fates.iter().any(|fate| fate.event == LetterEvent::Unclear) => {
                language.say(format!("ungewiss, ob es ankam: {last}"), format!("nobody knows whether it left: {last}"))
            }
            OutboxState::Withdrawn => {
                let reason = WithdrawnFor::by_name(last).map_or(last, |reason| reason.words(language));
                language.say(format!("ging nicht hinaus: {reason}"), format!("did not leave: {reason}"))
            }
            OutboxState::Deferred => {
                language.say(format!("wird noch einmal versucht: {last}"), format!("is tried again: {last}"))
            }
            OutboxState::Unclear => {
                language.say(format!("ungewiss, ob es ankam: {last}"), format!("nobody knows whether it left: {last}"))
            }
            OutboxState::Accepted | OutboxState::Refused => {
                language.say(format!("kam nicht an: {last}"), format!("did not arrive: {last}"))
            }
        }
    }
}

impl Teller<'_> {
    /// Tells a letter.
    pub(super) fn letter(&self, posted: &Posted) -> Line {
        let title = posted.stage(self.language).unwrap_or_else(|| posted.kind.words(1, self.language).to_owned());
        let mut parts = vec![self.fate(posted)];
        if let Some(item) = &posted.item {
            let money = |amount: Amount| self.money(amount, posted.currency);
            let mut claims = money(item.principal);
            if !item.interest.is_zero() {
                claims = format!("{claims}, {} {}", self.say("Zinsen", "interest"), money(item.interest));
            }
            if !item.fee.is_zero() {
                claims = format!("{claims}, {} {}", self.say("Gebühr", "fee"), money(item.fee));
            }
            let deadline = self.day(item.deadline_on);
            parts.push(match item.stage {
                NOTICE_STAGE => self.say(format!("{claims}, fällig {deadline}"), format!("{claims}, due {deadline}")),
                _ => self.say(format!("{claims}, Frist {deadline}"), format!("{claims}, deadline {deadline}")),
            });
        }
        let covered = posted.decided.as_ref().and_then(|written| written.covered_through);
        if let Some(day) = covered.map(|day| self.day(day)) {
            parts.push(
                self.say(format!("Zahlungen bis {day} berücksichtigt"), format!("payments considered up to {day}")),
            );
        }
        parts.extend(posted.decided.as_ref().and_then(|written| self.passed(&written.passed)));
        let mut line = Line::new(posted.on(), posted.kind.name(), title, parts.join("; "));
        line.rule = posted.decided.as_ref().map(|written| written.rule.clone()).unwrap_or_default();
        line.facts = letter_facts(posted);
        line
    }

    /// Tells what undid a letter after it had left.
    pub(super) fn letter_undone(&self, fate: &Fate) -> Line {
        let (title, text) = match fate.words.parse() {
            Ok(paid_on) if fate.is_recall() => {
                let day = self.day(paid_on);
                let text = self.say(
                    format!("zurückgenommen: die Zahlung vom {day} war schon da"),
                    format!("taken back: the payment of {day} had been there already"),
                );
                (self.say("zurück", "recalled"), text)
            }
            _ => (self.say("kam zurück", "came back"), fate.words.clone()),
        };
        Line::new(fate.on, fate.event.name(), title, text)
    }

    /// Says what came of a letter.
    pub(super) fn fate(&self, posted: &Posted) -> String {
        let to = &posted.recipients;
        if let Some(left) = posted.left() {
            let time = self.zone.civil(left.at).format("%H:%M");
            if left.event == LetterEvent::Posted {
                return self.say("von Hand zugestellt", "delivered by hand").to_owned();
            }
            let answer = Some(&left.words).filter(|words| !words.is_empty());
            let answer = answer.map(|words| format!(" ({words})")).unwrap_or_default();
            let refused: Vec<String> =
                refused(posted).iter().map(|one| format!("{} ({})", one.address, one.answer)).collect();
            let refused = match (refused.is_empty(), refused.join(", ")) {
                (true, _) => String::new(),
                (false, refused) => self.say(format!("; abgewiesen für {refused}"), format!("; refused for {refused}")),
            };
            return self
                .say(format!("um {time} an {to}{answer}{refused}"), format!("at {time} to {to}{answer}{refused}"));
        }
        posted.standing(self.language)
    }
}

/// Returns the addresses that the server refused while it took the letter for others.
fn refused(posted: &Posted) -> Vec<RefusedRecipient> {
    let of_addresses = |fate: &&Fate| fate.event == LetterEvent::PartlyRefused;
    posted.fates.iter().filter(of_addresses).flat_map(|fate| RefusedRecipient::read(&fate.words)).collect()
}

fn letter_facts(posted: &Posted) -> Value {
    let plain = |amount: Amount| amount.plain(posted.currency);
    json!({
        "about": posted.about, "round": posted.round, "delivery": posted.delivery,
        "decided_on": posted.decided_on, "to": posted.recipients, "refused": refused(posted), "state": posted.state.name(),
        "stage": posted.item.as_ref().map(|item| item.stage),
        "deadline_on": posted.item.as_ref().map(|item| item.deadline_on),
        "principal": posted.item.as_ref().map(|item| plain(item.principal)),
        "interest": posted.item.as_ref().map(|item| plain(item.interest)),
        "fee": posted.item.as_ref().map(|item| plain(item.fee)),
    })
}
