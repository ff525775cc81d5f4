//! A quote and what became of it: whether it may be sent, accepted, declined, extended (rule K1, refusals by K12).

use chrono::{Days, NaiveDate};

use crate::invoice::{Quote, Role};
use crate::refusal::QuoteRefusal;

/// How a quote stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteState {
    /// It was not sent yet.
    Draft,
    /// It can be accepted.
    Open,
    /// It was accepted.
    Accepted,
    /// It was declined.
    Declined,
    /// Its last day is over.
    Expired,
}

impl QuoteState {
    /// Returns the word: `open`.
    pub const fn name(self) -> &'static str {
        match self {
            QuoteState::Draft => "draft",
            QuoteState::Open => "open",
            QuoteState::Accepted => "accepted",
            QuoteState::Declined => "declined",
            QuoteState::Expired => "expired",
        }
    }
}

/// A quote with what became of it.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What is offered.
    pub quote: Quote,
    /// Number and day of the paper that offered it.
    pub sent: Option<(String, NaiveDate)>,
    /// The last day on which it can be accepted, as it was last extended.
    pub valid_until: NaiveDate,
    /// The day on which it was accepted, and what was chosen.
    pub accepted: Option<(NaiveDate, Vec<String>)>,
    /// The day on which it was declined.
    pub declined: Option<NaiveDate>,
}

/// How many days an extension is proposed for.
const PROPOSED_DAYS: Days = Days::new(14);

impl Offer {
    /// Returns how it stands on a day. The last day of its validity still counts.
    pub fn state(&self, today: NaiveDate) -> QuoteState {
        match (&self.sent, &self.accepted, self.declined) {
            (None, ..) => QuoteState::Draft,
            (_, Some(_), _) => QuoteState::Accepted,
            (.., Some(_)) => QuoteState::Declined,
            _ if today > self.valid_until => QuoteState::Expired,
            _ => QuoteState::Open,
        }
    }

    fn name(&self) -> String {
        self.quote.number.clone()
    }

    fn expired(&self, today: NaiveDate) -> QuoteRefusal {
        QuoteRefusal::QuoteExpired { quote: self.name(), valid_until: self.valid_until, until: self.extended(today) }
    }

    /// Returns the last day that is proposed where it is extended.
    pub fn extended(&self, today: NaiveDate) -> NaiveDate {
        today.max(self.valid_until) + PROPOSED_DAYS
    }

    fn is_declined(&self) -> QuoteRefusal {
        QuoteRefusal::QuoteDeclined { quote: self.name(), on: self.declined.unwrap_or(self.valid_until) }
    }

    fn accepted_on(&self) -> NaiveDate {
        self.accepted.as_ref().map_or(self.valid_until, |(on, _)| *on)
    }

    /// Tells whether it may be sent.
    ///
    /// # Errors
    /// When it was sent before, or could not be accepted any more when it arrives.
    pub fn may_be_sent(&self, today: NaiveDate) -> Result<(), QuoteRefusal> {
        let quote = self.name();
        match &self.sent {
            Some((number, _)) => Err(QuoteRefusal::QuoteAlreadySent { quote, number: number.clone() }),
            None if today > self.valid_until => Err(QuoteRefusal::QuoteOver { quote, valid_until: self.valid_until }),
            None => Ok(()),
        }
    }

    /// Tells whether the customer's yes counts, with what he chose of optional and alternative positions.
    ///
    /// # Errors
    /// When it cannot be accepted on this day, or the choice is none.
    pub fn may_be_accepted(&self, choose: &[String], today: NaiveDate) -> Result<(), QuoteRefusal> {
        self.may_be_declined(today)?;
        let mut places: Vec<(&str, Vec<String>)> = Vec::new();
        for id in choose {
            let position = self.quote.position(id).filter(|position| !position.role.is_normal());
            let Some(position) = position else {
                return Err(QuoteRefusal::NotToChoose { quote: self.name(), position: id.clone() });
            };
            let Some(place) = position.instead_of.as_deref().filter(|_| position.role == Role::Alternative) else {
                continue;
            };
            match places.iter_mut().find(|(taken, _)| *taken == place) {
                Some((_, chosen)) => chosen.push(id.clone()),
                None => places.push((place, vec![id.clone()])),
            }
        }
        match places.into_iter().find(|(_, chosen)| chosen.len() > 1) {
            None => Ok(()),
            Some((position, chosen)) => {
                let (quote, position) = (self.name(), position.to_owned());
                Err(QuoteRefusal::AlternativeConflict { quote, position, chosen })
            }
        }
    }

    /// Tells whether the customer's no still says something.
    ///
    /// # Errors
    /// When it was not sent, or is decided already.
    pub fn may_be_declined(&self, today: NaiveDate) -> Result<(), QuoteRefusal> {
        let quote = self.name();
        match self.state(today) {
            QuoteState::Open => Ok(()),
            QuoteState::Draft => Err(QuoteRefusal::QuoteNotSent { quote }),
            QuoteState::Accepted => Err(QuoteRefusal::QuoteAlreadyAccepted { quote, on: self.accepted_on() }),
            QuoteState::Expired => Err(self.expired(today)),
            QuoteState::Declined => Err(self.is_declined()),
        }
    }

    /// Tells whether it may be extended: an open or expired one, to a later day that is not over.
    ///
    /// # Errors
    /// When it was not sent, or is decided already; or the day is none.
    pub fn may_be_extended(&self, until: NaiveDate, today: NaiveDate) -> Result<(), QuoteRefusal> {
        let quote = self.name();
        match self.state(today) {
            QuoteState::Draft => Err(QuoteRefusal::QuoteDraft { quote }),
            QuoteState::Accepted => Err(QuoteRefusal::QuoteAccepted { quote, on: self.accepted_on() }),
            QuoteState::Declined => Err(self.is_declined()),
            QuoteState::Open | QuoteState::Expired if until <= self.valid_until || until < today => {
                Err(QuoteRefusal::DayNotLater { quote, valid_until: self.valid_until })
            }
            QuoteState::Open | QuoteState::Expired => Ok(()),
        }
    }

    /// Returns what was chosen, once it is accepted: only then it is confirmed and invoiced.
    ///
    /// # Errors
    /// When it is not accepted.
    pub fn ordered(&self, today: NaiveDate) -> Result<&[String], QuoteRefusal> {
        let quote = self.name();
        match (self.state(today), &self.accepted) {
            (QuoteState::Accepted, Some((_, chosen))) => Ok(chosen),
            (QuoteState::Expired, _) => Err(self.expired(today)),
            (QuoteState::Declined, _) => Err(self.is_declined()),
            (QuoteState::Draft | QuoteState::Open | QuoteState::Accepted, _) => {
                Err(QuoteRefusal::QuoteNotAccepted { quote })
            }
        }
    }
}
