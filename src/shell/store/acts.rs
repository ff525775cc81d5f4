//! What happened by command or was learned (`act`), and what was decided and why (`decision`). Both hang on a subject.

use std::collections::HashMap;

use chrono::NaiveDate;
use sqlx::FromRow;

use super::books::Writing;
use super::db::{Sql, Tx, statements};
use super::error::StoreError;
use super::registry;
use crate::fact::{ActKind, Subject, SubjectKind, VerdictKind};
use crate::id::{ActId, DecisionId, RunId};

statements! {
    ACT_BY_KEY = Sql::both("select id from act where once_key = $1");
    ACTS_OF = Sql::both(
        "select id, kind, subject_kind, subject_id, from_on, until_on, reason, model, ends_id, run_id from act
         where subject_kind = $1 and subject_id = $2 order by id");
    ACT = Sql::both(
        "select id, kind, subject_kind, subject_id, from_on, until_on, reason, model, ends_id, run_id from act where id = $1");
    // Promises and payment plans on open documents that are over, with the act that ended each, where nothing was done since.
    MISSED_PLANS = Sql::both(
        "select d.number, c.name, a.model from act a join act p on p.id = a.ends_id
         join receivable r on r.document_id = a.subject_id join document d on d.id = r.document_id join customer c on c.id = r.customer_id
         where a.kind = 'release' and a.subject_kind = 'document' and p.kind = 'promise' and r.open_principal > 0
           and not exists (select 1 from act n where n.subject_kind = 'document' and n.subject_id = a.subject_id and n.id > a.id)
         order by a.id");
    LATEST_DECISION = Sql::both(
        "select d.id, d.subject_kind, d.subject_id, d.rule, d.verdict, d.facts, d.next_on, r.today, r.command, r.person, d.run_id
         from decision d join run r on r.id = d.run_id
         where d.subject_kind = $1 and d.subject_id = $2 order by d.id desc limit 1");
    LATEST_BY_RULE = Sql::both(
        "select d.id, d.subject_kind, d.subject_id, d.rule, d.verdict, d.facts, d.next_on, r.today, r.command, r.person, d.run_id
         from decision d join run r on r.id = d.run_id
         where d.subject_kind = $1 and d.subject_id = $2 and d.rule = $3 order by d.id desc limit 1");
    // The decisions that stand for subjects `[kind, id]`.
    LATEST_OF_SEVERAL = Sql {
        sqlite: "select d.subject_kind, d.subject_id, d.rule, d.verdict, d.facts, d.next_on from json_each($1) j
                 cross join decision d on d.id = (select max(l.id) from decision l
                     where l.subject_kind = j.value ->> 0 and l.subject_id = j.value ->> 1)",
        postgres: "select d.subject_kind, d.subject_id, d.rule, d.verdict, d.facts, d.next_on from jsonb_array_elements($1::text::jsonb) j
                   join decision d on d.id = (select max(l.id) from decision l
                       where l.subject_kind = j ->> 0 and l.subject_id = (j ->> 1)::bigint)",
    };
    DECISIONS_OF = Sql::both(
        "select d.id, d.subject_kind, d.subject_id, d.rule, d.verdict, d.facts, d.next_on, r.today, r.command, r.person, d.run_id
         from decision d join run r on r.id = d.run_id
         where d.subject_kind = $1 and d.subject_id = $2 order by d.id");
    // The decisions that stand: the latest of each subject.
    STANDING_DECISIONS = Sql::both(
        "select d.id, d.subject_kind, d.subject_id, d.rule, d.verdict, d.facts, d.next_on, r.today, r.command, r.person, d.run_id
         from decision d join run r on r.id = d.run_id
         where d.subject_kind = $1 and d.verdict = $2
           and d.id = (select max(l.id) from decision l where l.subject_kind = d.subject_kind and l.subject_id = d.subject_id)
         order by d.id");
}

/// The two columns that name a subject.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct SubjectRow {
    subject_kind: SubjectKind,
    subject_id: i64,
}

impl From<SubjectRow> for Subject {
    fn from(row: SubjectRow) -> Subject {
        Subject::of(row.subject_kind, row.subject_id)
    }
}

/// An act to be written.
#[derive(Debug, Clone)]
pub struct NewAct {
    /// What.
    pub kind: ActKind,
    /// About whom.
    pub subject: Subject,
    /// From which day on.
    pub from_on: NaiveDate,
    /// Up to which day; nothing: until it is ended.
    pub until_on: Option<NaiveDate>,
    /// Why, in the words of the one who did it.
    pub reason: String,
    /// What the kind needs, as JSON.
    pub model: Option<String>,
    /// The act that it ends.
    pub ends: Option<ActId>,
    /// What must not happen twice.
    pub once_key: Option<String>,
}

/// A row of `act`.
#[derive(Debug, Clone, FromRow)]
pub struct ActRow {
    /// Its id.
    pub id: ActId,
    /// What.
    pub kind: ActKind,
    /// About what.
    #[sqlx(flatten, try_from = "SubjectRow")]
    pub subject: Subject,
    /// From which day on.
    pub from_on: NaiveDate,
    /// Up to which day.
    pub until_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
    /// What the kind needs.
    pub model: Option<String>,
    /// The act that it ends.
    pub ends_id: Option<ActId>,
    /// In which run.
    pub run_id: RunId,
}

/// A decision to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDecision {
    /// About what.
    pub subject: Subject,
    /// The rule: `D5 bank_stale`, `M R3`.
    pub rule: String,
    /// The verdict.
    pub verdict: VerdictKind,
    /// What the rule saw, as JSON.
    pub facts: String,
    /// When something can happen next.
    pub next_on: Option<NaiveDate>,
}

/// A row of `decision`, with its day.
#[derive(Debug, Clone, FromRow)]
pub struct DecisionRow {
    /// Its id.
    pub id: DecisionId,
    /// About what.
    #[sqlx(flatten, try_from = "SubjectRow")]
    pub subject: Subject,
    /// The rule.
    pub rule: String,
    /// The verdict.
    pub verdict: VerdictKind,
    /// What the rule saw.
    pub facts: String,
    /// When something can happen next.
    pub next_on: Option<NaiveDate>,
    /// The day of the run.
    pub today: NaiveDate,
    /// What the run was.
    pub command: String,
    /// By whom.
    pub person: String,
    /// The run.
    pub run_id: RunId,
}

impl Writing<'_> {
    /// Writes an act, unless its `once_key` was used before. Returns its id.
    pub async fn add_act(&mut self, act: NewAct) -> Result<Option<ActId>, StoreError> {
        if let Some(key) = &act.once_key {
            let known: Option<(ActId,)> = self.tx.maybe(ACT_BY_KEY, (key.clone(),)).await?;
            if known.is_some() {
                return Ok(None);
            }
        }
        let id: ActId = self.draw(registry::ACT.name).await?;
        let row = (
            id,
            act.kind,
            act.subject.kind(),
            act.subject.row(),
            act.from_on,
            act.until_on,
            act.reason,
            act.model,
            act.ends,
            act.once_key,
            self.run_id(),
        );
        self.add(&registry::ACT, [row]).await?;
        Ok(Some(id))
    }

    /// Writes a decision if it differs from the last one of its subject in rule, verdict, facts or next day. Tells whether it did.
    pub async fn decide(&mut self, decision: NewDecision) -> Result<bool, StoreError> {
        Ok(self.decide_all(vec![decision]).await?[0])
    }

    /// Writes those decisions that differ from the last one of their subject; each subject comes once. Tells which did.
    pub async fn decide_all(&mut self, decisions: Vec<NewDecision>) -> Result<Vec<bool>, StoreError> {
        type Standing = (SubjectKind, i64, String, VerdictKind, String, Option<NaiveDate>);
        let subjects: Vec<(&str, i64)> = decisions.iter().map(|d| (d.subject.kind().name(), d.subject.row())).collect();
        let subjects = serde_json::to_string(&subjects).expect("words and numbers are JSON");
        let standing: Vec<Standing> = self.tx.all(LATEST_OF_SEVERAL, (subjects,)).await?;
        let standing: HashMap<Subject, &Standing> =
            standing.iter().map(|row| (Subject::of(row.0, row.1), row)).collect();
        let differs = |d: &NewDecision| {
            standing.get(&d.subject).is_none_or(|(_, _, rule, verdict, facts, next_on)| {
                *rule != d.rule || *verdict != d.verdict || *facts != d.facts || *next_on != d.next_on
            })
        };
        let changed: Vec<bool> = decisions.iter().map(differs).collect();
        let new = decisions.into_iter().zip(&changed).filter(|(_, changed)| **changed).map(|(decision, _)| decision);
        self.add_decisions(new.collect()).await?;
        Ok(changed)
    }

    /// Writes a decision.
    pub async fn add_decision(&mut self, decision: NewDecision) -> Result<(), StoreError> {
        self.add_decisions(vec![decision]).await
    }

    async fn add_decisions(&mut self, decisions: Vec<NewDecision>) -> Result<(), StoreError> {
        let (ids, run) = (self.draw_many::<DecisionId>(registry::DECISION.name, decisions.len()).await?, self.run_id());
        let rows = ids.zip(decisions).map(|(id, NewDecision { subject, rule, verdict, facts, next_on })| {
            (id, subject.kind(), subject.row(), rule, verdict, facts, next_on, run)
        });
        self.add(&registry::DECISION, rows).await
    }
}

impl Tx {
    /// Returns all acts on a subject, oldest first.
    pub async fn acts_of(&mut self, subject: Subject) -> Result<Vec<ActRow>, StoreError> {
        Ok(self.all(ACTS_OF, (subject.kind(), subject.row())).await?)
    }

    /// Returns an act, if there is one.
    pub async fn act(&mut self, id: ActId) -> Result<Option<ActRow>, StoreError> {
        Ok(self.maybe(ACT, (id,)).await?)
    }

    /// Returns the open invoices whose promise or payment plan is over, while nothing was done about it since: the number, the customer's
    /// name, and the act that ended it.
    pub async fn missed_plans(&mut self) -> Result<Vec<(String, String, String)>, StoreError> {
        Ok(self.all(MISSED_PLANS, ()).await?)
    }

    /// Returns the decision that stands for a subject.
    pub async fn latest_decision(&mut self, subject: Subject) -> Result<Option<DecisionRow>, StoreError> {
        Ok(self.maybe(LATEST_DECISION, (subject.kind(), subject.row())).await?)
    }

    /// Returns the last decision on a subject by one rule.
    pub async fn latest_by_rule(&mut self, subject: Subject, rule: &str) -> Result<Option<DecisionRow>, StoreError> {
        Ok(self.maybe(LATEST_BY_RULE, (subject.kind(), subject.row(), rule.to_owned())).await?)
    }

    /// Returns all decisions on a subject, oldest first.
    pub async fn decisions_of(&mut self, subject: Subject) -> Result<Vec<DecisionRow>, StoreError> {
        Ok(self.all(DECISIONS_OF, (subject.kind(), subject.row())).await?)
    }

    /// Returns the decisions with a verdict that stand for subjects of a kind.
    pub async fn standing_decisions(
        &mut self,
        kind: SubjectKind,
        verdict: VerdictKind,
    ) -> Result<Vec<DecisionRow>, StoreError> {
        Ok(self.all(STANDING_DECISIONS, (kind, verdict)).await?)
    }
}
