//! Decisions: what each rule saw when it decided, and what the owner decided himself.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Fact, VerdictKind};
use crate::dunning::HoldReason;
use crate::id::{CustomerId, DocumentId, PaymentId};
use crate::matching::{Allocation, Because, Decision, Evidence, Flag, Hit, Reading, Rung, Verdict};
use crate::money::Amount;
use crate::outbox::MailFault;
use crate::question::Obstacle;

/// A decision as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DecisionFact {
    // On an invoice.
    /// It was issued.
    Issued {
        /// For which contract.
        contract: String,
        /// The first day of service.
        service_from: NaiveDate,
        /// The last day of service.
        service_through: NaiveDate,
        /// The day on which the contract was looked at.
        scheduled_on: NaiveDate,
        /// The day on which it is to be paid, by its own words.
        due_on: NaiveDate,
    },
    /// It was taken over from an earlier system.
    TakenOver {
        /// The name of the file that it was read from.
        file: String,
        /// The first day of service.
        service_from: NaiveDate,
        /// The last day of service.
        service_through: NaiveDate,
        /// The day on which it is to be paid, by its own words.
        due_on: NaiveDate,
    },
    /// It is a cancellation or a credit note; what it takes off an invoice was set against these.
    Corrected {
        /// The invoice.
        invoice: String,
        /// Why, in the owner's words.
        reason: String,
        /// What was open.
        open: Decimal,
        /// Discounts, which are undone.
        discount: Decimal,
        /// Write-offs, which are undone.
        writeoff: Decimal,
        /// What was paid and is the customer's credit now.
        credit: Decimal,
    },
    /// Nothing is to be reckoned with: no letter will be earned.
    Unearned {
        /// The next stage.
        stage: usize,
    },
    /// It has not reached the customer, so it is not due.
    Undelivered {
        /// The next stage.
        stage: usize,
    },
    /// No letter is due yet.
    Waiting {
        /// The next stage.
        stage: usize,
        /// From when its days are counted.
        since: NaiveDate,
        /// How many days.
        after_days: u32,
        /// The day on which it is due.
        earned_on: NaiveDate,
        /// What was found of the notice before the due date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<NoticeFact>,
    },
    /// The letters of all stages have left.
    LastStage {
        /// The last of them.
        stage: usize,
    },
    /// A letter that is due does not leave; the rule says why.
    Held {
        /// Its stage.
        stage: usize,
        /// About what or whom: a day, a payment, an account, an amount.
        about: String,
        /// The gates that let it pass before.
        passed: Vec<Passed>,
        /// The day on which it leaves all the same, because the hold ends by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leaves_on: Option<NaiveDate>,
    },
    /// A letter that is due cannot be written.
    Unwritten {
        /// Its stage.
        stage: usize,
        /// Why.
        reason: Obstacle,
    },
    /// The program cannot read what the books hold of the customer.
    Unreadable {
        /// Why.
        reason: Obstacle,
    },
    /// The owner is told of the letter before it leaves.
    Announced {
        /// Its stage.
        stage: usize,
        /// What the policy calls it.
        name: String,
        /// The day on which it leaves.
        #[serde(rename = "for")]
        on: NaiveDate,
        /// The deadline of the letter before.
        last_deadline: Option<NaiveDate>,
        /// What it asks for.
        total: Decimal,
    },
    /// A letter is written.
    Letter {
        /// Its stage.
        stage: usize,
        /// What the policy calls it.
        name: String,
        /// The deadline that it sets.
        deadline: NaiveDate,
        /// The open principal.
        principal: Decimal,
        /// The interest that it asks for.
        interest: Decimal,
        /// The costs that it asks for.
        costs: Decimal,
        /// The last day through which the bank's data were known.
        covered_through: Option<NaiveDate>,
        /// The first day without a base rate; interest ends before it.
        rate_unknown_on: Option<NaiveDate>,
        /// The gates that let it pass.
        passed: Vec<Passed>,
        /// The day on which it was due.
        earned_on: Option<NaiveDate>,
    },

    // On a payment.
    /// The matcher's verdict.
    Matched(Matched),
    /// The same, where a rule of the owner's says that it is between his own accounts.
    OwnTransfer(Matched),
    /// The owner assigned it.
    Assigned {
        /// The numbers of the documents.
        documents: Vec<String>,
        /// What became of the rest.
        rest: Rest,
        /// What is still undecided of it.
        undecided: Decimal,
    },
    /// The owner took its bookings back.
    Unassigned {
        /// The numbers of the documents.
        documents: Vec<String>,
        /// Why, in the owner's words.
        reason: String,
    },
    /// The owner broke it down.
    Split {
        /// The name of the table.
        file: String,
        /// The hash of its bytes.
        sha256: String,
        /// The payments that it became.
        payments: Vec<String>,
    },
    /// It concerns no receivable: the owner says so, or its parts are payments of their own.
    Ignored {
        /// Why.
        reason: String,
    },

    // On a contract.
    /// Nothing is issued of it; the rule says which kind of reason that is.
    ContractHeld {
        /// Why.
        reason: Obstacle,
        /// How many periods wait.
        missed: usize,
    },
    /// It is issued again.
    ContractIssued {
        /// How many periods at once.
        periods: usize,
    },
    /// What was wrong in the book may be right now.
    ContractAgreed {},

    // On the books.
    /// The day's work was done.
    DayDone {},
    /// The day's work failed.
    DayFailed {
        /// Why.
        words: String,
    },
    /// The mail server takes mail.
    MailLeaves {},
    /// The mail server takes nothing.
    MailMisconfigured {
        /// What is wrong, as far as it is known.
        #[serde(default, skip_serializing_if = "MailFault::is_other")]
        fault: MailFault,
        /// What it said.
        words: String,
    },
    /// No letter waits for the gate that the rule names.
    LettersLeave {},
    /// Letters wait for the gate that the rule names.
    LettersWait {},
    /// What lies in the inbox and is not read, by name.
    FilesLeft {
        /// The names.
        files: Vec<String>,
    },
}

impl Fact for DecisionFact {}

impl DecisionFact {
    /// Returns what was decided, in a word.
    pub fn verdict(&self) -> VerdictKind {
        match self {
            DecisionFact::Issued { .. }
            | DecisionFact::TakenOver { .. }
            | DecisionFact::Corrected { .. }
            | DecisionFact::ContractIssued { .. } => VerdictKind::Issued,
            DecisionFact::Unearned { .. } | DecisionFact::Waiting { .. } => VerdictKind::Waiting,
            DecisionFact::Undelivered { .. } => VerdictKind::Undelivered,
            DecisionFact::LastStage { .. } => VerdictKind::LastStage,
            DecisionFact::Held { .. }
            | DecisionFact::Unwritten { .. }
            | DecisionFact::Unreadable { .. }
            | DecisionFact::ContractHeld { .. } => VerdictKind::Held,
            DecisionFact::Announced { .. } => VerdictKind::Announced,
            DecisionFact::Letter { .. } => VerdictKind::Letter,
            DecisionFact::Matched(matched) => matched.decision.into(),
            DecisionFact::OwnTransfer(_) => VerdictKind::OwnTransfer,
            DecisionFact::Assigned { .. } => VerdictKind::Assigned,
            DecisionFact::Unassigned { .. } => VerdictKind::Unassigned,
            DecisionFact::Split { .. } => VerdictKind::Split,
            DecisionFact::Ignored { .. } => VerdictKind::Ignored,
            DecisionFact::ContractAgreed {} => VerdictKind::Agreed,
            DecisionFact::DayDone {} | DecisionFact::MailLeaves {} => VerdictKind::Ok,
            DecisionFact::DayFailed { .. } => VerdictKind::Failed,
            DecisionFact::MailMisconfigured { .. } => VerdictKind::Misconfigured,
            DecisionFact::LettersLeave {} => VerdictKind::Over,
            DecisionFact::LettersWait {} => VerdictKind::Begun,
            DecisionFact::FilesLeft { .. } => VerdictKind::Left,
        }
    }

    /// Returns the matcher's verdict; nothing where somebody else decided.
    pub fn matched(&self) -> Option<&Matched> {
        if let DecisionFact::Matched(matched) | DecisionFact::OwnTransfer(matched) = self {
            Some(matched)
        } else {
            None
        }
    }

    /// Returns what the rule saw as data for programs, without tag and version.
    pub fn seen(&self) -> Value {
        match serde_json::to_value(self) {
            Ok(Value::Object(tagged)) => tagged.into_iter().next().map(|(_, seen)| seen).unwrap_or_default(),
            other => other.expect("facts have text keys and no failing parts"),
        }
    }
}

/// What was found of the notice before the due date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum NoticeFact {
    /// It is held.
    Held {
        /// The day from which on it is due.
        earned_on: NaiveDate,
        /// Why.
        #[serde(with = "reason")]
        held: HoldReason,
        /// About what or whom.
        about: String,
        /// The day on which it leaves all the same, because the hold ends by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leaves_on: Option<NaiveDate>,
    },
    /// It is written.
    Written {
        /// The day from which on it is due.
        earned_on: NaiveDate,
        /// The gates that let it pass.
        passed: Vec<Passed>,
        /// The last day through which the bank's data were known.
        covered_through: Option<NaiveDate>,
    },
    /// It is not due yet.
    Waiting {
        /// The day from which on it is due.
        earned_on: NaiveDate,
        /// The first day on which it can leave.
        next_on: NaiveDate,
    },
}

/// A gate that let a letter pass, and what it saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed(
    /// The gate.
    #[serde(with = "reason")]
    pub HoldReason,
    /// What it saw.
    pub String,
);

/// The word of a gate.
mod reason {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::dunning::HoldReason;

    pub(super) fn serialize<S: Serializer>(reason: &HoldReason, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(reason.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<HoldReason, D::Error> {
        let word = String::deserialize(from)?;
        HoldReason::by_name(&word).ok_or_else(|| de::Error::custom(format!("no gate is named `{word}`")))
    }
}

/// What becomes of what an assignment leaves open of a document, or over of the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rest {
    /// It stays open, and is asked for.
    #[default]
    Open,
    /// The bank kept it.
    #[serde(rename(serialize = "bankfee"), alias = "bankfee")]
    BankFee,
    /// It was a Skonto.
    Discount,
    /// It is given up.
    Writeoff,
    /// It goes to the customer's credit.
    Credit,
}

/// The matcher's verdict as it is stored. Amounts are minor units of the payment's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matched {
    /// What becomes of the payment.
    pub decision: Decision,
    /// The rung of the ladder; nothing where the ladder was not reached.
    pub rung: Option<Rung>,
    /// What each document gets, or would get.
    pub allocations: Vec<MatchedShare>,
    /// What goes to the customer's credit.
    pub credit: Amount,
    /// Amount less principal, written off.
    pub rounding: Amount,
    /// What banks kept of it.
    pub bank_fee: Amount,
    /// Principal that is given up.
    pub written_off: Amount,
    /// Costs that are given up.
    pub waived: Amount,
    /// Documents to choose from.
    pub candidates: Vec<DocumentId>,
    /// What else is to be said.
    pub flags: Vec<Flag>,
    /// The customers that it could be from, and why.
    pub concerns: Vec<(CustomerId, Because)>,
    /// What was found in the text.
    pub evidence: Vec<MatchedPlace>,
    /// The ways to read it, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<MatchedReading>,
    /// The customer whose account the payer's is, from now on.
    pub learn: Option<CustomerId>,
    /// The payments that are given back.
    pub returned: Vec<PaymentId>,
    /// Why the program could not decide it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// What a document gets of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchedShare {
    /// Which document.
    pub document: DocumentId,
    /// Paid of the principal.
    pub principal: Amount,
    /// Taken off as a discount.
    pub discount: Amount,
    /// Paid of the fees.
    pub fees: Amount,
    /// Paid of the interest.
    pub interest: Amount,
}

/// A place in the text that names a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchedPlace {
    /// How it is named.
    pub hit: Hit,
    /// Which document.
    pub document: DocumentId,
    /// What stands there.
    pub quote: String,
    /// Whether the number is long enough to be sure.
    pub strong: bool,
}

/// One of several ways to read what a payment names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchedReading {
    /// Its rung.
    pub rung: Rung,
    /// The documents that it names and that are open.
    pub documents: Vec<DocumentId>,
    /// What is open of them.
    pub open: Amount,
    /// Whether the amount fits.
    pub fits: bool,
}

impl From<&Verdict> for Matched {
    fn from(verdict: &Verdict) -> Matched {
        let share = |a: &Allocation| MatchedShare {
            document: a.document,
            principal: a.principal,
            discount: a.discount,
            fees: a.fees,
            interest: a.interest,
        };
        let place =
            |e: &Evidence| MatchedPlace { hit: e.hit, document: e.document, quote: e.quote.clone(), strong: e.strong };
        let reading =
            |r: &Reading| MatchedReading { rung: r.rung, documents: r.documents.clone(), open: r.open, fits: r.fits };
        Matched {
            decision: verdict.decision,
            rung: verdict.rung,
            allocations: verdict.allocations.iter().map(share).collect(),
            credit: verdict.credit,
            rounding: verdict.rounding,
            bank_fee: verdict.bank_fee,
            written_off: verdict.written_off,
            waived: verdict.waived,
            candidates: verdict.candidates.clone(),
            flags: verdict.flags.clone(),
            concerns: verdict.concerns.clone(),
            evidence: verdict.evidence.iter().map(place).collect(),
            readings: verdict.readings.iter().map(reading).collect(),
            learn: verdict.learn,
            returned: verdict.returned.clone(),
            failure: None,
        }
    }
}

impl From<Matched> for Verdict {
    fn from(matched: Matched) -> Verdict {
        let share = |s: MatchedShare| Allocation {
            document: s.document,
            principal: s.principal,
            discount: s.discount,
            fees: s.fees,
            interest: s.interest,
        };
        let place = |p: MatchedPlace| Evidence { hit: p.hit, document: p.document, quote: p.quote, strong: p.strong };
        let reading = |r: MatchedReading| Reading { rung: r.rung, documents: r.documents, open: r.open, fits: r.fits };
        Verdict {
            decision: matched.decision,
            rung: matched.rung,
            allocations: matched.allocations.into_iter().map(share).collect(),
            credit: matched.credit,
            rounding: matched.rounding,
            bank_fee: matched.bank_fee,
            written_off: matched.written_off,
            waived: matched.waived,
            candidates: matched.candidates,
            flags: matched.flags,
            concerns: matched.concerns,
            evidence: matched.evidence.into_iter().map(place).collect(),
            readings: matched.readings.into_iter().map(reading).collect(),
            learn: matched.learn,
            returned: matched.returned,
            is_of_payer: false,
        }
    }
}
