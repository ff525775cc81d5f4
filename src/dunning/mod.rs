//! Dunning: which letter an unpaid invoice has earned, what holds it, and what it costs (rules D).
//!
//! [`decide`] looks at one customer on one day and leaves nothing to choose: the letter with its items, amounts and deadline, or
//! for each invoice why not, and when to look again.

mod case;
mod claim;
mod costs;
mod decide;
mod document;
mod due;
mod gate;
mod gates;
mod guard;
mod instalments;
mod interest;
mod notice;
mod policy;
mod rates;
mod recall;
mod stage;
mod withdrawn;

pub use case::{CustomerCase, Item, Movement, SentStage, Surroundings};
pub use claim::{Claim, claim};
pub use costs::costs;
pub use decide::{DunningLetter, Earned, Finding, LetterItem, Outcome, Plan, decide};
pub use document::{ClaimedSpan, DunnedInvoice, DunningDocument, ItemFacts};
pub use due::{arrives_late, effective_due};
pub use gate::{Against, Gate, HeldLetter, against_handover};
pub use gates::{BankState, CustomerObstacles, HoldReason, ItemObstacles, Saw, ToldAtOnce, UndecidedPayment, Until};
pub use guard::{LAST_PAYMENTS, SameAmount};
pub use instalments::{Instalment, InstalmentPlace, NoPlan, PaymentPlan, PlanState};
pub use interest::{Accrual, InterestSpan, accrue, default_start};
pub use notice::{NOTICE_STAGE, Notice, NoticeFinding, NoticeItem, NoticeOutcome, first_look};
pub use policy::{Blackout, DayCount, Enclosure, InterestRule, LumpSum, Policy, PolicyAmount, Regime, Stage};
pub use rates::{BaseRate, BaseRates, MissingRate, UnknownRate};
pub use recall::{WithdrawalDocument, WithdrawnItem, recalled};
pub use stage::stage_name;
pub use withdrawn::WithdrawnFor;
