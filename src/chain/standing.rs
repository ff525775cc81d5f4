//! How a quote and its order stand, in words.

use chrono::NaiveDate;

use super::order::Order;
use super::quote::{Offer, QuoteState};
use crate::command::line;
use crate::language::Language;

/// How an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderState {
    /// Nothing is ordered.
    None,
    /// It is ordered.
    Accepted,
    /// It is confirmed.
    Confirmed,
    /// All of it is invoiced.
    Invoiced,
}

impl OrderState {
    /// Returns the word: `confirmed`.
    pub const fn name(self) -> &'static str {
        match self {
            OrderState::None => "none",
            OrderState::Accepted => "accepted",
            OrderState::Confirmed => "confirmed",
            OrderState::Invoiced => "invoiced",
        }
    }
}

impl Order<'_> {
    /// Returns how it stands.
    pub fn state(&self, offer: &Offer) -> OrderState {
        match (&offer.accepted, &self.confirmed, &self.invoiced) {
            (None, ..) => OrderState::None,
            (.., Some(_)) => OrderState::Invoiced,
            (_, Some(_), None) => OrderState::Confirmed,
            (Some(_), None, None) => OrderState::Accepted,
        }
    }

    /// Says how quote and order stand on a day.
    pub fn words(&self, offer: &Offer, today: NaiveDate, language: Language) -> String {
        let say = |german: &str, english: &str| language.say(german, english).to_owned();
        match (offer.state(today), &self.invoiced, &self.confirmed) {
            (QuoteState::Draft, ..) => say("noch nicht hinaus", "not sent yet"),
            (QuoteState::Open, ..) => say("beim Kunden", "with the customer"),
            (QuoteState::Expired, ..) => say("abgelaufen", "expired"),
            (QuoteState::Declined, ..) => say("abgelehnt", "declined"),
            (QuoteState::Accepted, Some(number), _) => {
                language.say(format!("abgerechnet mit {number}"), format!("invoiced by {number}"))
            }
            (QuoteState::Accepted, None, _) if !self.earlier.is_empty() => {
                say("zum Teil berechnet", "invoiced in part")
            }
            (QuoteState::Accepted, None, Some(number)) => {
                language.say(format!("bestätigt mit {number}"), format!("confirmed by {number}"))
            }
            (QuoteState::Accepted, None, None) => say("angenommen", "accepted"),
        }
    }

    /// Returns the commands that go on from here.
    pub fn next(&self, offer: &Offer, today: NaiveDate) -> Vec<String> {
        let quote = &self.quote.number;
        match (offer.state(today), &self.invoiced) {
            (QuoteState::Draft, _) => vec![line(["quote", "send", quote])],
            (QuoteState::Open, _) => vec![line(["quote", "accept", quote]), line(["quote", "decline", quote])],
            (QuoteState::Expired, _) => {
                let until = offer.extended(today).to_string();
                vec![line(["quote", "extend", quote, "--until", &until]), line(["quote", "new", "--from", quote])]
            }
            (QuoteState::Declined, _) => vec![line(["quote", "new", "--from", quote])],
            (QuoteState::Accepted, Some(_)) => Vec::new(),
            (QuoteState::Accepted, None) => {
                let confirm = self.confirmed.is_none().then(|| line(["quote", "confirm", quote]));
                let invoice = if self.earlier.is_empty() { "invoice" } else { "final" };
                confirm.into_iter().chain([line(["quote", invoice, quote])]).collect()
            }
        }
    }
}
