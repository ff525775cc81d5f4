//! How a history is told: its lines, what was seen, and in which order they stand.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use crate::command::Program;
use crate::dunning::PaymentPlan;
use crate::fact::ActFact;
use crate::jobs::office::Office;
use crate::jobs::office::acts::Acted;
use crate::jobs::records::decision::Decided;
use crate::language::Language;
use crate::money::{Amount, Currency};

/// Why something stands as it does.
#[derive(Debug, Clone, Serialize)]
pub struct History {
    /// What it is: `invoice`, `payment`, `customer`, `contract`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What it is, for people.
    #[serde(skip)]
    pub heading: Vec<String>,
    /// The same for programs; amounts are decimal strings.
    #[serde(flatten)]
    pub facts: Value,
    /// What was seen: rows under a label.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Seen>,
    /// What was decided and done, oldest first.
    pub lines: Vec<Line>,
    /// The commands that decide what is open.
    #[serde(rename = "do", skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
    /// What comes next, and when.
    pub next: Option<String>,
}

impl History {
    /// Puts into its commands where the configuration lies.
    pub(super) fn spelled(mut self, program: &Program) -> History {
        let cells = self.seen.iter_mut().flat_map(|seen| &mut seen.rows).flatten();
        let texts = self.lines.iter_mut().flat_map(|line| std::iter::once(&mut line.text).chain(&mut line.commands));
        let all = cells.chain(texts).chain(&mut self.commands).chain(&mut self.next);
        all.for_each(|text| *text = program.spell(text));
        self
    }
}

/// Rows under a label.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    /// The label for programs: `text`, `evidence`.
    pub label: &'static str,
    /// The label in the owner's language.
    #[serde(skip)]
    pub title: &'static str,
    /// The rows, each of some columns.
    pub rows: Vec<Vec<String>>,
}

/// Something that was decided or done on a day.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// The civil day.
    pub on: NaiveDate,
    /// What, for programs: `held`, `paid`, `reminder`.
    pub what: String,
    /// What, in the owner's language.
    #[serde(skip)]
    pub title: String,
    /// The explanation.
    pub text: String,
    /// The rule that decided.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// What the rule saw.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub facts: Value,
    /// The commands that solve it, as long as it stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
    /// The run, and the place in it.
    #[serde(skip)]
    order: (i64, u8),
}

impl Line {
    pub(super) fn new(on: NaiveDate, what: &str, title: impl Into<String>, text: String) -> Line {
        Line {
            on,
            what: what.to_owned(),
            title: title.into(),
            text,
            rule: String::new(),
            facts: Value::Null,
            commands: Vec::new(),
            order: (0, 0),
        }
    }

    /// Puts it into its run; within a run money comes before decisions.
    pub(super) fn of_run(mut self, run: i64, place: u8) -> Line {
        self.order = (run, place);
        self
    }

    pub(super) fn by_rule(mut self, decided: &Decided) -> Line {
        self.rule.clone_from(&decided.rule);
        self.facts = decided.fact.seen();
        self
    }
}

/// Puts lines in the order in which they happened.
pub(super) fn in_order(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by_key(|line| (line.on, line.order));
    lines
}

/// The places of lines within a run.
pub(super) mod place {
    pub const MONEY: u8 = 0;
    pub const ACT: u8 = 1;
    pub const DECISION: u8 = 2;
}

/// Tells a history in the owner's language.
pub(super) struct Teller<'o> {
    pub(super) office: &'o Office,
    pub(super) language: Language,
}

impl Teller<'_> {
    pub(super) fn say<T>(&self, german: T, english: T) -> T {
        match self.language {
            Language::De => german,
            Language::En => english,
        }
    }

    pub(super) fn money(&self, amount: Amount, currency: Currency) -> String {
        amount.with_currency(currency, self.language)
    }

    pub(super) fn day(&self, day: NaiveDate) -> String {
        self.language.day(day)
    }

    /// Tells the instalments of a payment plan.
    fn instalments(&self, plan: &PaymentPlan) -> String {
        let parts = plan.instalments.iter().map(|instalment| {
            let (amount, day) = (self.money(instalment.amount(), plan.currency), self.day(instalment.due_on));
            self.say(format!("{amount} bis {day}"), format!("{amount} by {day}"))
        });
        parts.collect::<Vec<_>>().join(", ")
    }

    /// Tells what was done by command or learned.
    pub(super) fn act(&self, act: &Acted) -> Line {
        let until = act.until_on.map(|day| self.day(day));
        let kind = act.fact.kind().name();
        let (title, mut text) = match &act.fact {
            ActFact::Hold => {
                let text = match until {
                    Some(day) => self
                        .say(format!("keine Schreiben bis einschließlich {day}"), format!("no letters through {day}")),
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
            ActFact::Handover { .. } => (
                self.say("übergeben", "handed over"),
                self.say("zur Einziehung an Anwalt oder Inkasso", "to a lawyer or a collection agency").to_owned(),
            ),
            ActFact::PaymentPlan(plan) => (self.say("Ratenplan", "instalments"), self.instalments(plan)),
            ActFact::InstalmentMissed { due_on, amount, currency } => {
                let day = self.day(*due_on);
                let text = self.say(
                    format!("die Rate von {amount} {currency} zum {day} kam nicht: der Plan ist beendet"),
                    format!("the instalment of {amount} {currency} by {day} did not come: the plan is over"),
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
            ActFact::Ignore => (self.say("übergangen", "ignored"), String::new()),
            ActFact::Discard => (self.say("verworfen", "discarded"), String::new()),
            ActFact::Pursue => (
                self.say("verfolgt", "pursued"),
                self.say("Kosten und Zinsen werden nicht erlassen", "costs and interest are not given up").to_owned(),
            ),
            // Of the books as a whole; nobody asks why.
            ActFact::Golive | ActFact::Pause { .. } | ActFact::Resume { .. } => (kind, String::new()),
        };
        if !act.reason.is_empty() {
            let reason = &act.reason;
            text = if text.is_empty() { reason.clone() } else { format!("{text}: {reason}") };
        }
        Line::new(act.from_on, kind, title, text).of_run(act.run, place::ACT)
    }
}
