//! Decisions of the books: read as what they are, and written; and the names that rules are remembered by.

use chrono::NaiveDate;

use crate::fact::{Decided, DecisionFact, Fact as _, Subject, SubjectKind, Unreadable, VerdictKind};
use crate::jobs::office::JobError;
use crate::shell::store::{DecisionRow, NewDecision, StandingRow, Tx};

/// The rule under which a failure of the day's work is remembered.
pub const DAY_RULE: &str = "day";

/// The rule of letters that could not be written: a template or the paper fails.
pub const PAPER_RULE: &str = "paper";

/// The rule of letters to a customer whose model in the books cannot be read.
pub const MODEL_RULE: &str = "model";

/// The rule under which the state of mail is recorded.
pub const MAIL_RULE: &str = "mail";

/// The rule of what the owner decides himself.
pub const OWNER_RULE: &str = "owner";

impl TryFrom<DecisionRow> for Decided {
    type Error = JobError;

    fn try_from(row: DecisionRow) -> Result<Decided, JobError> {
        let (wanted, kind) = (row.verdict.name(), row.subject.kind().name());
        let what = format!("the decision {} ({wanted} on {kind} {})", row.id.get(), row.subject.row());
        let fact = DecisionFact::read(&row.facts).map_err(JobError::model(&what))?;
        let is = fact.verdict();
        if is != row.verdict {
            let cause = Unreadable::Kind { is: is.name(), wanted: wanted.to_owned() };
            return Err(JobError::Model { what, cause });
        }
        let DecisionRow { subject, rule, next_on, today, person, .. } = row;
        Ok(Decided { subject, rule, fact, next_on, today, person, run: row.run_id })
    }
}

/// Returns all decisions on a subject, oldest first.
///
/// # Errors
/// When the books hold a decision that cannot be read; it is named.
pub async fn decisions_of(tx: &mut Tx, subject: Subject) -> Result<Vec<Decided>, JobError> {
    tx.decisions_of(subject).await?.into_iter().map(Decided::try_from).collect()
}

/// Returns the decision that stands for a subject.
///
/// # Errors
/// When it cannot be read; it is named.
pub async fn latest(tx: &mut Tx, subject: Subject) -> Result<Option<Decided>, JobError> {
    tx.latest_decision(subject).await?.map(Decided::try_from).transpose()
}

/// Returns the last decision on a subject by one rule.
///
/// # Errors
/// When it cannot be read; it is named.
pub async fn latest_by_rule(tx: &mut Tx, subject: Subject, rule: &str) -> Result<Option<Decided>, JobError> {
    tx.latest_by_rule(subject, rule).await?.map(Decided::try_from).transpose()
}

/// Returns the decisions with a verdict that stand for contracts.
///
/// # Errors
/// When one cannot be read; it is named.
pub async fn contracts_standing(tx: &mut Tx, verdict: VerdictKind) -> Result<Vec<Decided>, JobError> {
    tx.standing_decisions(SubjectKind::Contract, verdict).await?.into_iter().map(Decided::try_from).collect()
}

/// Begins a decision to be written.
pub fn new_decision(
    subject: Subject,
    rule: impl Into<String>,
    fact: &DecisionFact,
    next_on: Option<NaiveDate>,
) -> NewDecision {
    NewDecision { subject, rule: rule.into(), verdict: fact.verdict(), facts: fact.write(), next_on }
}

/// An open document with what was last decided on it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The document and its customer.
    pub row: StandingRow,
    /// What was decided, and what the rule saw.
    pub fact: DecisionFact,
}

/// Returns the open documents for which a verdict stands.
///
/// # Errors
/// When a decision cannot be read; its document is named.
pub async fn standing(tx: &mut Tx, verdict: VerdictKind) -> Result<Vec<Standing>, JobError> {
    let read = |row: StandingRow| {
        let fact =
            DecisionFact::read(&row.facts).map_err(JobError::model(format!("the decision on {}", row.number)))?;
        Ok(Standing { row, fact })
    };
    tx.standing(verdict).await?.into_iter().map(read).collect()
}
