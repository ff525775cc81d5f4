//! The friendly notice before an invoice is due: an option of the policy. It is no reminder in the sense of the law: it claims nothing,
//! sets no deadline of its own, is no stage, and begins no default.

use chrono::{Days, NaiveDate};

use super::case::{CustomerCase, Item, Surroundings};
use super::gate::{Gate, gates, held_through};
use super::policy::Policy;
use crate::customer::Tone;
use crate::id::DocumentId;
use crate::money::{Amount, Currency};

/// The stage under which the books remember a notice: before the first.
pub const NOTICE_STAGE: i64 = 0;

/// A notice with all that it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The currency of all its invoices.
    pub currency: Currency,
    /// Whether it brings the invoices along once more.
    pub with_invoice: bool,
    /// How the policy has it speak.
    pub tone: Option<Tone>,
    /// The day up to which payments are considered.
    pub covered_through: Option<NaiveDate>,
    /// The invoices, by due date and number.
    pub items: Vec<NoticeItem>,
}

/// An invoice in a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeItem {
    /// Which.
    pub document: DocumentId,
    /// What is open of it.
    pub open: Amount,
    /// The day on which it is due (rule D1).
    pub due_on: NaiveDate,
}

/// What was found of the notice on an invoice that is not due yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeFinding {
    /// The day from which on it may leave: so many days before the due date.
    pub earned_on: NaiveDate,
    /// What follows.
    pub outcome: NoticeOutcome,
    /// When it can leave, or was let leave.
    pub next_on: NaiveDate,
}

/// What follows for a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeOutcome {
    /// Its day has not come.
    Waiting,
    /// Something holds it. Nobody is told; if that lasts until the due date, there is none.
    Held {
        /// What.
        gate: Gate,
        /// The day on which it leaves all the same, because the hold ends by itself before the due date.
        leaves_on: Option<NaiveDate>,
    },
    /// It is in today's notice; these gates let it pass.
    InNotice(Vec<Gate>),
}

/// Looks for the notice on an invoice of which no letter was sent; nothing when there is none, or no more.
///
/// It leaves on the first sending day from so many days before the effective due date on, and before that date or never. Whatever would
/// hold a letter holds it, but for the announcement to the owner: what threatens nobody is not announced.
pub(super) fn find(case: &CustomerCase, item: &Item, around: Surroundings<'_>) -> Option<NoticeFinding> {
    if item.noticed || item.returned_on.is_some() {
        return None;
    }
    let due_on = item.effective_due(around.business_days);
    let earned_on =
        earned_on(&item.policy, item.redelivered_on.or(item.delivered_on).unwrap_or(item.issued_on), due_on)?;
    let sending_day =
        |from: NaiveDate| item.policy.next_sending_day(from, around.business_days).filter(|day| *day < due_on);
    let next_on = sending_day(earned_on.max(around.today))?;
    if next_on != around.today {
        return Some(NoticeFinding { earned_on, outcome: NoticeOutcome::Waiting, next_on });
    }
    let mut gates = gates(case, item, around);
    gates.retain(|gate| gate.reason.holds_notices());
    let Some(place) = gates.iter().position(|gate| gate.holds) else {
        return Some(NoticeFinding { earned_on, outcome: NoticeOutcome::InNotice(gates), next_on });
    };
    let leaves_on = held_through(&gates).and_then(|day| sending_day(day + Days::new(1)));
    let held = NoticeOutcome::Held { gate: gates.swap_remove(place), leaves_on };
    let next_on = sending_day(around.today + Days::new(1)).unwrap_or(due_on);
    Some(NoticeFinding { earned_on, outcome: held, next_on })
}

/// Returns the day from which on the notice on an invoice may leave. Where it would come no later than the invoice itself, there is none.
fn earned_on(policy: &Policy, delivered_on: NaiveDate, due_on: NaiveDate) -> Option<NaiveDate> {
    let before = policy.notice_days_before?;
    due_on.checked_sub_days(Days::new(u64::from(before))).filter(|day| *day > delivered_on && *day < due_on)
}

/// Returns the first day on which an invoice that was just issued is to be looked at: for its notice, or its first letter.
pub fn first_look(policy: &Policy, issued_on: NaiveDate, due_on: NaiveDate) -> Option<NaiveDate> {
    let first = policy.stages.first().map(|stage| due_on + Days::new(u64::from(stage.after_days)));
    earned_on(policy, issued_on, due_on).or(first)
}

/// Writes the notice for some invoices of one currency.
pub(super) fn write(items: &[&Item], currency: Currency, around: Surroundings<'_>) -> Notice {
    let of = |item: &&Item| NoticeItem {
        document: item.document,
        open: item.open,
        due_on: item.effective_due(around.business_days),
    };
    Notice {
        currency,
        tone: items.iter().find_map(|item| item.policy.tone),
        with_invoice: items.iter().any(|item| item.policy.notice_with_invoice),
        covered_through: items.iter().filter_map(|item| item.bank.covered_through).min(),
        items: items.iter().map(of).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{BusinessDays, Region};
    use crate::customer::{CustomerKind, DefaultBasis};
    use crate::dunning::{BankState, BaseRates, CustomerObstacles, ItemObstacles, Plan, SentStage, decide};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// An invoice of 1 January, due on Thursday 15 January, with a notice so many days before.
    fn item(before: Option<u32>) -> Item {
        let policy =
            r#"{ "stages": [{ "name": "reminder", "after_days": 3, "deadline_days": 7 }], "min_amount": "5.00" }"#;
        let policy: Policy = serde_json::from_str(policy).unwrap();
        Item {
            document: DocumentId::from(1),
            number: "RE-1".to_owned(),
            issued_on: day("2026-01-01"),
            due_on: day("2026-01-15"),
            currency: Currency::EUR,
            default_basis: DefaultBasis::Reminder,
            policy: Policy { notice_days_before: before, ..policy },
            delivered_on: Some(day("2026-01-01")),
            redelivered_on: None,
            obstacles: ItemObstacles { unannounced: true, ..ItemObstacles::default() },
            returned_on: None,
            noticed: false,
            sent: Vec::new(),
            movements: Vec::new(),
            open: Amount::from_minor(11_900),
            costs_paid: Amount::ZERO,
            interest_paid: Amount::ZERO,
            bank: BankState { covered_through: Some(day("2026-01-31")), weakest: "main".to_owned() },
        }
    }

    fn plan(items: Vec<Item>, today: &str) -> Plan {
        let case = CustomerCase { kind: CustomerKind::Business, obstacles: CustomerObstacles::default(), items };
        let business_days = BusinessDays::new(Some(Region::GERMANY), []);
        let rates = BaseRates::shipped();
        decide(&case, Surroundings { today: day(today), business_days: &business_days, rates: &rates })
    }

    #[test]
    fn it_leaves_once_on_the_first_sending_day_before_the_due_date_or_never() {
        let change = |change: fn(&mut Item)| {
            let mut changed = item(Some(5));
            change(&mut changed);
            changed
        };
        // Ten January is a Saturday.
        let table = [
            ("off by default", item(None), "2026-01-12", None, Some("2026-01-19")),
            ("its day has not come", item(Some(5)), "2026-01-09", None, Some("2026-01-12")),
            ("no sending day", item(Some(5)), "2026-01-10", None, Some("2026-01-12")),
            ("its day", item(Some(5)), "2026-01-12", Some("leaves"), Some("2026-01-19")),
            ("late, and still before it is due", item(Some(5)), "2026-01-14", Some("leaves"), Some("2026-01-19")),
            ("missed: it is due", item(Some(5)), "2026-01-15", None, Some("2026-01-19")),
            ("on the due date is no notice", item(Some(0)), "2026-01-15", None, Some("2026-01-19")),
            ("with the invoice is no notice", item(Some(14)), "2026-01-02", None, Some("2026-01-19")),
            ("the day after the invoice is", item(Some(13)), "2026-01-02", Some("leaves"), Some("2026-01-19")),
            ("once", change(|item| item.noticed = true), "2026-01-12", None, Some("2026-01-19")),
            ("paid", change(|item| item.open = Amount::ZERO), "2026-01-12", None, None),
            (
                "in part paid",
                change(|item| item.open = Amount::from_minor(500)),
                "2026-01-12",
                Some("leaves"),
                Some("2026-01-19"),
            ),
            (
                "too little",
                change(|item| item.open = Amount::from_minor(499)),
                "2026-01-12",
                Some("below_minimum"),
                Some("2026-01-13"),
            ),
            (
                "disputed",
                change(|item| item.obstacles.disputed = true),
                "2026-01-12",
                Some("disputed"),
                Some("2026-01-13"),
            ),
            (
                "held to the last",
                change(|item| item.obstacles.blocked = Some(None)),
                "2026-01-14",
                Some("blocked"),
                Some("2026-01-15"),
            ),
            (
                "not delivered",
                change(|item| item.obstacles.undelivered = true),
                "2026-01-12",
                Some("undelivered"),
                Some("2026-01-13"),
            ),
            (
                "promised",
                change(|item| item.obstacles.promised_until = Some(day("2026-01-20"))),
                "2026-01-12",
                Some("promise"),
                Some("2026-01-13"),
            ),
            (
                "the bank is behind",
                change(|item| item.bank.covered_through = Some(day("2026-01-07"))),
                "2026-01-12",
                Some("bank_stale"),
                Some("2026-01-13"),
            ),
            (
                "returned",
                change(|item| item.returned_on = Some(day("2026-01-08"))),
                "2026-01-12",
                None,
                Some("2026-01-19"),
            ),
            (
                "delivered anew: due later",
                change(|item| item.redelivered_on = Some(day("2026-01-08"))),
                "2026-01-12",
                None,
                Some("2026-01-19"),
            ),
        ];
        for (words, item, today, found, next_on) in table {
            let plan = plan(vec![item], today);
            assert_eq!(plan.letter, None, "{words}");
            let finding = &plan.findings[0];
            let is = finding.notice.as_ref().and_then(|notice| match &notice.outcome {
                NoticeOutcome::Waiting => None,
                NoticeOutcome::Held { gate, .. } => Some(gate.reason.name()),
                NoticeOutcome::InNotice(_) => Some("leaves"),
            });
            assert_eq!((is, finding.next_on), (found, next_on.map(day)), "{words}");
            assert_eq!(plan.notice.is_some(), is == Some("leaves"), "{words}");
        }
    }

    #[test]
    fn one_mail_has_all_invoices_of_the_day_in_one_currency_and_never_leaves_beside_a_letter() {
        let second = Item { document: DocumentId::from(2), number: "RE-2".to_owned(), ..item(Some(4)) };
        let swiss =
            Item { document: DocumentId::from(3), number: "RE-3".to_owned(), currency: Currency::CHF, ..item(Some(4)) };
        let both = plan(vec![item(Some(5)), second.clone()], "2026-01-12").notice.unwrap();
        assert_eq!(both.items.iter().map(|item| item.document.get()).collect::<Vec<_>>(), [1, 2]);

        let mixed = plan(vec![second.clone(), swiss], "2026-01-12");
        assert_eq!(mixed.notice.unwrap().currency, Currency::CHF);
        assert_eq!(mixed.findings[0].next_on, Some(day("2026-01-13")), "the other waits for its day");

        let earlier =
            SentStage { stage: 1, sent_on: day("2025-12-01"), deadline_on: day("2025-12-10"), fee: Amount::ZERO };
        let overdue = Item { due_on: day("2025-12-15"), obstacles: ItemObstacles::default(), ..item(Some(5)) };
        let beside = plan(vec![overdue.clone(), second.clone()], "2026-01-12");
        assert!(beside.letter.is_some() && beside.notice.is_none());
        assert_eq!(beside.findings[1].next_on, Some(day("2026-01-13")));

        let dunned = Item { sent: vec![earlier], ..item(Some(5)) };
        assert_eq!(plan(vec![dunned], "2026-01-12").notice, None, "what was dunned gets none");
    }
}
