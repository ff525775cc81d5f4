//! The owner's pauses: for some days no letters (`settled pause dunning`), or no invoices (`settled pause issuing`); and the word that the
//! clock is right after a long silence.

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Office;
use super::error::JobError;
use crate::dunning::Until;
use crate::journal::canonical;
use crate::language::Language;
use crate::shell::store::{ActRow, NewAct, Run, Subject, Tx};

/// How long the daemon may have been silent before its clock is doubted (fault 9).
pub(super) const SILENCE: Days = Days::new(60);

/// What is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paused {
    /// Reminders and dunning letters.
    Dunning,
    /// Invoices.
    Issuing,
}

impl Paused {
    /// Both.
    pub const ALL: [Paused; 2] = [Paused::Dunning, Paused::Issuing];

    /// Returns the word: `dunning`.
    pub const fn name(self) -> &'static str {
        match self {
            Paused::Dunning => "dunning",
            Paused::Issuing => "issuing",
        }
    }

    /// Says it in words.
    pub const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Paused::Dunning, Language::De) => "Mahnen",
            (Paused::Dunning, Language::En) => "dunning",
            (Paused::Issuing, Language::De) => "Rechnungen",
            (Paused::Issuing, Language::En) => "invoices",
        }
    }
}

/// Returns the last day of the pause that is in force on a day: of several the longest.
///
/// # Errors
/// When the books fail.
pub async fn in_force(tx: &mut Tx, what: Paused, today: NaiveDate) -> Result<Option<Until>, JobError> {
    let acts = tx.acts_of(Subject::BOOKS).await?;
    let live = live(&acts, what, today);
    Ok(live.iter().map(|act| act.until_on).max_by_key(|until| until.unwrap_or(NaiveDate::MAX)))
}

/// The pauses that are in force.
fn live(acts: &[ActRow], what: Paused, today: NaiveDate) -> Vec<&ActRow> {
    let concerned = |act: &&ActRow| {
        let model: Value = act.model.as_deref().and_then(|model| serde_json::from_str(model).ok()).unwrap_or_default();
        act.kind == "pause" && model["what"] == what.name() && act.holds_on(today, acts)
    };
    acts.iter().filter(concerned).collect()
}

/// Pauses dunning or issuing through a day.
///
/// # Errors
/// When that day is over, or the books fail.
pub async fn pause(
    office: &Office,
    run: &Run,
    what: Paused,
    until_on: NaiveDate,
    reason: &str,
) -> Result<(), JobError> {
    if until_on < run.today {
        return Err(JobError::Refused(format!("{until_on} is over; name today or a later day")));
    }
    let mut writing = office.store.write(run, office.clock.now()).await?;
    writing
        .add_act(NewAct {
            kind: "pause",
            subject: Subject::BOOKS,
            from_on: run.today,
            until_on: Some(until_on),
            reason: reason.to_owned(),
            model: Some(canonical(&json!({ "what": what.name() }))),
            ends: None,
            once_key: None,
        })
        .await?;
    Ok(writing.commit().await?)
}

/// Ends the pauses of dunning or issuing. Returns how many there were.
///
/// # Errors
/// When the books fail.
pub async fn resume(office: &Office, run: &Run, what: Paused) -> Result<usize, JobError> {
    let mut writing = office.store.write(run, office.clock.now()).await?;
    let acts = writing.tx.acts_of(Subject::BOOKS).await?;
    let live = live(&acts, what, run.today);
    for act in &live {
        writing.add_act(ending(run, Some(act.id), what.name())).await?;
    }
    writing.commit().await?;
    Ok(live.len())
}

pub(super) fn ending(run: &Run, ends: Option<i64>, what: &str) -> NewAct {
    NewAct {
        kind: "resume",
        subject: Subject::BOOKS,
        from_on: run.today,
        until_on: None,
        reason: String::new(),
        model: Some(canonical(&json!({ "what": what }))),
        ends,
        once_key: None,
    }
}
