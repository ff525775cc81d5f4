//! Acts and decisions with what their rows say of them: from when to when, by whom, in which run.

use chrono::NaiveDate;

use super::act::ActFact;
use super::decision::DecisionFact;
use super::subject::Subject;
use crate::id::{ActId, RunId};

/// An act as the books hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    /// Its id.
    pub id: ActId,
    /// What happened.
    pub fact: ActFact,
    /// From which day on.
    pub from_on: NaiveDate,
    /// Up to which day; nothing: until it is ended.
    pub until_on: Option<NaiveDate>,
    /// Why, in the words of the one who did it.
    pub reason: String,
    /// The act that it ends.
    pub ends: Option<ActId>,
    /// In which run.
    pub run: RunId,
}

impl Acted {
    /// Tells whether the act is in force on a day, among all acts of its subject.
    pub fn holds_on(&self, day: NaiveDate, all: &[Acted]) -> bool {
        self.from_on <= day && self.until_on.is_none_or(|last| last >= day) && !self.is_ended(all)
    }

    /// Tells whether another of its subject's acts has ended it.
    pub fn is_ended(&self, all: &[Acted]) -> bool {
        all.iter().any(|act| act.ends == Some(self.id))
    }
}

/// A decision as the books hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What it is about.
    pub subject: Subject,
    /// The rule: `D5 bank_stale`, `M R3`.
    pub rule: String,
    /// What was decided, and what the rule saw.
    pub fact: DecisionFact,
    /// When something can happen next.
    pub next_on: Option<NaiveDate>,
    /// The day of the run.
    pub today: NaiveDate,
    /// By whom.
    pub person: String,
    /// The run.
    pub run: RunId,
}
