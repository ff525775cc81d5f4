//! A letter in the history of an invoice.

use serde_json::{Value, json};

use super::telling::{Line, Teller};
use crate::customer::Delivery;
use crate::dunning::{NOTICE_STAGE, WithdrawnFor};
use crate::jobs::records::told::{Fate, Posted};
use crate::money::{Amount, Currency};
use crate::outbox::{LetterEvent, OutboxState};

impl Teller<'_> {
    /// Tells a letter.
    pub(super) fn letter(&self, posted: &Posted, currency: Currency) -> Line {
        let title = posted.stage(self.language).unwrap_or_else(|| self.say("Rechnung", "invoice").to_owned());
        let mut parts = vec![self.fate(posted)];
        if let Some(item) = &posted.item {
            let money = |amount: i64| self.money(Amount::from_minor(amount), currency);
            let mut claims = money(item.principal);
            if item.interest != 0 {
                claims = format!("{claims}, {} {}", self.say("Zinsen", "interest"), money(item.interest));
            }
            if item.fee != 0 {
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
        parts.extend(posted.decided.as_ref().and_then(|written| self.passed(&written.passed, currency)));
        let mut line = Line::new(posted.on(), posted.letter.kind.name(), title, parts.join("; "));
        line.rule = posted.decided.as_ref().map(|written| written.rule.clone()).unwrap_or_default();
        line.facts = letter_facts(posted, currency);
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
        let zone = self.office.config.business.timezone;
        let to = &posted.recipients;
        if let Some(left) = posted.left() {
            let time = zone.civil(left.at).format("%H:%M");
            if left.event == LetterEvent::Posted {
                return self.say("von Hand zugestellt", "delivered by hand").to_owned();
            }
            let answer = Some(&left.words).filter(|words| !words.is_empty());
            let answer = answer.map(|words| format!(" ({words})")).unwrap_or_default();
            return self.say(format!("um {time} an {to}{answer}"), format!("at {time} to {to}{answer}"));
        }
        let last = posted.fates.last().map(|fate| fate.words.as_str()).unwrap_or_default();
        match posted.state {
            OutboxState::Queued if posted.delivery != Delivery::Mail => {
                self.say("wartet darauf, von Hand zugestellt zu werden", "waits to be delivered by hand").to_owned()
            }
            OutboxState::Queued => self.say("wartet auf die Versandzeit", "waits for the sending hours").to_owned(),
            OutboxState::Sending => self.say("geht gerade hinaus", "is leaving").to_owned(),
            // A notice whose fate nobody knows is let be.
            OutboxState::Withdrawn if posted.fates.iter().any(|fate| fate.event == LetterEvent::Unclear) => {
                self.say(format!("ungewiss, ob es ankam: {last}"), format!("nobody knows whether it left: {last}"))
            }
            OutboxState::Withdrawn => {
                let reason = WithdrawnFor::by_name(last).map_or(last, |reason| reason.words(self.language));
                self.say(format!("ging nicht hinaus: {reason}"), format!("did not leave: {reason}"))
            }
            OutboxState::Deferred => {
                self.say(format!("wird noch einmal versucht: {last}"), format!("is tried again: {last}"))
            }
            OutboxState::Unclear => {
                self.say(format!("ungewiss, ob es ankam: {last}"), format!("nobody knows whether it left: {last}"))
            }
            OutboxState::Accepted | OutboxState::Refused => {
                self.say(format!("kam nicht an: {last}"), format!("did not arrive: {last}"))
            }
        }
    }
}

fn letter_facts(posted: &Posted, currency: Currency) -> Value {
    let plain = |amount: i64| Amount::from_minor(amount).plain(currency);
    json!({
        "about": posted.letter.about, "round": posted.letter.round, "delivery": posted.letter.delivery,
        "decided_on": posted.letter.decided_on, "to": posted.recipients, "state": posted.state.name(),
        "stage": posted.item.as_ref().map(|item| item.stage),
        "deadline_on": posted.item.as_ref().map(|item| item.deadline_on),
        "principal": posted.item.as_ref().map(|item| plain(item.principal)),
        "interest": posted.item.as_ref().map(|item| plain(item.interest)),
        "fee": posted.item.as_ref().map(|item| plain(item.fee)),
    })
}
