//! Acts: what was done by command, or learned, with what each kind needs.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Fact;
use crate::dunning::PaymentPlan;
use crate::language::Language;
use crate::money::Currency;

/// The kinds of acts. The words of the table `act_kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActKind {
    /// The daemon acts from now on.
    Golive,
    /// No letters.
    Hold,
    /// Something is in force no more, or may go on.
    Release,
    /// The customer promised to pay.
    Promise,
    /// The customer disputes the invoice.
    Dispute,
    /// The customer is insolvent.
    Insolvent,
    /// A quote went to the customer.
    Send,
    /// A quote can be accepted for longer.
    Extend,
    /// The customer accepted a quote.
    Accept,
    /// The customer declined a quote.
    Decline,
    /// The invoice was handed over for collection.
    Handover,
    /// A pause of all dunning, of all invoices, or of a contract.
    Pause,
    /// The end of a pause, or of a doubt.
    Resume,
    /// A payer's account is a customer's.
    LearnIban,
    /// An account is a customer's no more.
    ForgetIban,
    /// A payment concerns no invoice.
    Ignore,
    /// Nothing of a bank file that was not booked is missing.
    Discard,
    /// The costs that are left of a paid invoice are not given up.
    Pursue,
    /// What becomes of a Skonto that was taken too late.
    LateDiscount,
    /// Why the entries of an account do not add up is known.
    Settle,
    /// What is open of an invoice is given up.
    Writeoff,
    /// Something that was said about a customer.
    Note,
    /// A Skonto of one invoice that was agreed on after it was issued.
    Agree,
    /// A contract is ended.
    End,
    /// A period of a contract is skipped.
    Skip,
}

impl ActKind {
    /// All kinds.
    pub const ALL: [ActKind; 25] = [
        ActKind::Golive,
        ActKind::Hold,
        ActKind::Release,
        ActKind::Promise,
        ActKind::Dispute,
        ActKind::Insolvent,
        ActKind::Send,
        ActKind::Extend,
        ActKind::Accept,
        ActKind::Decline,
        ActKind::Handover,
        ActKind::Pause,
        ActKind::Resume,
        ActKind::LearnIban,
        ActKind::ForgetIban,
        ActKind::Ignore,
        ActKind::Discard,
        ActKind::Pursue,
        ActKind::LateDiscount,
        ActKind::Settle,
        ActKind::Writeoff,
        ActKind::Note,
        ActKind::Agree,
        ActKind::End,
        ActKind::Skip,
    ];

    /// Returns the word in the books.
    pub const fn name(self) -> &'static str {
        match self {
            ActKind::Golive => "golive",
            ActKind::Hold => "hold",
            ActKind::Release => "release",
            ActKind::Promise => "promise",
            ActKind::Dispute => "dispute",
            ActKind::Insolvent => "insolvent",
            ActKind::Send => "send",
            ActKind::Extend => "extend",
            ActKind::Accept => "accept",
            ActKind::Decline => "decline",
            ActKind::Handover => "handover",
            ActKind::Pause => "pause",
            ActKind::Resume => "resume",
            ActKind::LearnIban => "learn_iban",
            ActKind::ForgetIban => "forget_iban",
            ActKind::Ignore => "ignore",
            ActKind::Discard => "discard",
            ActKind::Pursue => "pursue",
            ActKind::LateDiscount => "late_discount",
            ActKind::Settle => "settle",
            ActKind::Writeoff => "writeoff",
            ActKind::Note => "note",
            ActKind::Agree => "agree",
            ActKind::End => "end",
            ActKind::Skip => "skip",
        }
    }

    /// Finds a kind by its word.
    pub fn by_name(name: &str) -> Option<ActKind> {
        ActKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Tells whether one on a customer is a part of the history of his invoices.
    pub const fn concerns_invoices(self) -> bool {
        match self {
            ActKind::Hold | ActKind::Release | ActKind::Insolvent | ActKind::LateDiscount => true,
            ActKind::Golive
            | ActKind::Promise
            | ActKind::Dispute
            | ActKind::Send
            | ActKind::Extend
            | ActKind::Accept
            | ActKind::Decline
            | ActKind::Handover
            | ActKind::Pause
            | ActKind::Resume
            | ActKind::LearnIban
            | ActKind::ForgetIban
            | ActKind::Ignore
            | ActKind::Discard
            | ActKind::Pursue
            | ActKind::Settle
            | ActKind::Writeoff
            | ActKind::Note
            | ActKind::Agree
            | ActKind::End
            | ActKind::Skip => false,
        }
    }
}

/// What becomes of the rest that a Skonto leaves open that was taken too late (rule M5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateDiscount {
    /// The owner is asked each time.
    Ask,
    /// It is given up: the Skonto counts.
    Accept,
    /// It is owed.
    Claim,
}

impl LateDiscount {
    /// Returns the word: `accept`.
    pub const fn name(self) -> &'static str {
        match self {
            LateDiscount::Ask => "ask",
            LateDiscount::Accept => "accept",
            LateDiscount::Claim => "claim",
        }
    }
}

/// Why what is open is given up (rule K11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteoffReason {
    /// Nobody will get it (§ 17 (2) no. 1 UStG).
    Uncollectible,
    /// The owner waives it: the consideration falls (§ 17 (1) UStG).
    Waived,
    /// It is not worth a letter (§ 17 (1) UStG).
    Small,
}

impl WriteoffReason {
    /// All reasons.
    pub const ALL: [WriteoffReason; 3] = [WriteoffReason::Uncollectible, WriteoffReason::Waived, WriteoffReason::Small];

    /// Returns the word: `waived`.
    pub const fn name(self) -> &'static str {
        match self {
            WriteoffReason::Uncollectible => "uncollectible",
            WriteoffReason::Waived => "waived",
            WriteoffReason::Small => "small",
        }
    }
}

/// An act as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ActFact {
    /// The daemon acts from now on.
    Golive,
    /// No letters on an invoice or to a customer.
    Hold,
    /// The customer disputes the invoice.
    Dispute,
    /// The customer is insolvent.
    Insolvent,
    /// A payment concerns no invoice.
    Ignore,
    /// Nothing of a bank file that was not booked is missing, as its reason says.
    Discard,
    /// The costs that are left of a paid invoice are not given up: the owner asks for them.
    Pursue,
    /// A Skonto that was taken too late: of an invoice, or from now on all of a customer.
    LateDiscount {
        /// What becomes of the rest.
        answer: LateDiscount,
    },
    /// Why the entries of an account do not add up is known, as its reason says: letters need not wait for it.
    Settle {
        /// The last day of the stretch of its statements.
        on: NaiveDate,
        /// Closing balance − opening balance − entries, as far as it was not settled before.
        difference: Decimal,
    },
    /// What is open of an invoice is given up, or a part of it.
    Writeoff {
        /// Why.
        reason: WriteoffReason,
        /// How much.
        amount: Decimal,
        /// The currency.
        currency: Currency,
        /// Whether the tax is corrected with it.
        corrects_vat: bool,
    },
    /// Something that was said about a customer, as its reason says.
    Note,
    /// A Skonto of one invoice, agreed on after it was issued; it counts through the act's last day (rule M5.3).
    Agree {
        /// Percent of the gross amount.
        percent: Decimal,
        /// With whom.
        with: String,
    },
    /// What was agreed on is taken back.
    AgreementWithdrawn,
    /// A quote went to the customer.
    Send {
        /// The number of its paper.
        number: String,
    },
    /// A quote can be accepted for longer.
    Extend {
        /// The last day now.
        valid_until: NaiveDate,
    },
    /// The customer accepted a quote.
    Accept {
        /// The optional and alternative positions that he chose.
        chosen: Vec<String>,
    },
    /// The customer declined a quote.
    Decline,
    /// The invoice was handed over to a lawyer or a collection agency.
    Handover {
        /// All that is claimed.
        total: Decimal,
        /// The currency.
        currency: Currency,
    },
    /// The customer promised to pay by the act's last day.
    Promise,
    /// The customer pays in instalments.
    PaymentPlan(PaymentPlan),
    /// An act is in force no more; or a letter that came back may be written again.
    Release,
    /// A contract's waiting periods are issued.
    ReleasePeriods {
        /// The last first day among them.
        through: Option<NaiveDate>,
        /// How many of them are skipped for good.
        skipped: usize,
    },
    /// An instalment was missed, which ends the payment plan.
    InstalmentMissed {
        /// The day by which it was to be paid.
        due_on: NaiveDate,
        /// How much.
        amount: Decimal,
        /// The currency.
        currency: Currency,
    },
    /// All dunning, or all invoices, rest.
    Pause {
        /// What.
        what: Paused,
    },
    /// The periods of a contract that begin from the act's first through its last day are skipped.
    ContractPaused,
    /// A contract is ended.
    End {
        /// The last day of service.
        last_day: NaiveDate,
    },
    /// A period of a contract is skipped; it can be taken back through the act's last day, which is that of the period.
    Skip {
        /// Its first day.
        starts_on: NaiveDate,
    },
    /// It goes on.
    Resume {
        /// What.
        what: Resumed,
    },
    /// A payer's account is the customer's.
    LearnIban {
        /// The IBAN as the bank wrote it.
        iban: String,
    },
    /// An account is the customer's no more.
    ForgetIban {
        /// The IBAN.
        iban: String,
        /// It went with the assignment that had taught it; the next may teach it again.
        with_assignment: bool,
    },
}

impl Fact for ActFact {}

impl ActFact {
    /// Returns the kind.
    pub const fn kind(&self) -> ActKind {
        match self {
            ActFact::Golive => ActKind::Golive,
            ActFact::Hold => ActKind::Hold,
            ActFact::Dispute => ActKind::Dispute,
            ActFact::Insolvent => ActKind::Insolvent,
            ActFact::Ignore => ActKind::Ignore,
            ActFact::Discard => ActKind::Discard,
            ActFact::Pursue => ActKind::Pursue,
            ActFact::LateDiscount { .. } => ActKind::LateDiscount,
            ActFact::Settle { .. } => ActKind::Settle,
            ActFact::Writeoff { .. } => ActKind::Writeoff,
            ActFact::Note => ActKind::Note,
            ActFact::Agree { .. } => ActKind::Agree,
            ActFact::Send { .. } => ActKind::Send,
            ActFact::Extend { .. } => ActKind::Extend,
            ActFact::Accept { .. } => ActKind::Accept,
            ActFact::Decline => ActKind::Decline,
            ActFact::Handover { .. } => ActKind::Handover,
            ActFact::Promise | ActFact::PaymentPlan(_) => ActKind::Promise,
            ActFact::Release
            | ActFact::ReleasePeriods { .. }
            | ActFact::InstalmentMissed { .. }
            | ActFact::AgreementWithdrawn => ActKind::Release,
            ActFact::Pause { .. } | ActFact::ContractPaused => ActKind::Pause,
            ActFact::End { .. } => ActKind::End,
            ActFact::Skip { .. } => ActKind::Skip,
            ActFact::Resume { .. } => ActKind::Resume,
            ActFact::LearnIban { .. } => ActKind::LearnIban,
            ActFact::ForgetIban { .. } => ActKind::ForgetIban,
        }
    }
}

/// What is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
            (Paused::Dunning, Language::De(_)) => "Mahnen",
            (Paused::Dunning, Language::En) => "dunning",
            (Paused::Issuing, Language::De(_)) => "Rechnungen",
            (Paused::Issuing, Language::En) => "invoices",
        }
    }

    /// Says that the owner paused it, so that nobody forgets it.
    pub fn in_force(self, until: Option<NaiveDate>, language: Language) -> String {
        let (word, until) = (self.words(language), until.map(|day| language.day(day)).unwrap_or_default());
        match language {
            Language::De(_) => language.spelled(format!("{word} von Ihnen unterbrochen bis einschließlich {until}.")),
            Language::En => format!("You paused {word} through {until}."),
        }
    }
}

/// What goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resumed {
    /// Reminders and dunning letters.
    Dunning,
    /// Invoices.
    Issuing,
    /// Everything: the owner says that the clock is right.
    Clock,
}

impl From<Paused> for Resumed {
    fn from(what: Paused) -> Resumed {
        match what {
            Paused::Dunning => Resumed::Dunning,
            Paused::Issuing => Resumed::Issuing,
        }
    }
}
