//! Random histories through the pure decision: payments, returned payments, holds, downtimes, statements that come late. Whatever happens,
//! nobody is written to who had paid, no stage comes twice or is skipped, the spacing is kept, and the interest is that of a sum day
//! by day.

use std::cell::Cell;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::json;
use settled::calendar::BusinessDays;
use settled::customer::{CustomerKind, DefaultBasis};
use settled::dunning::{
    BankState, BaseRate, BaseRates, CustomerCase, CustomerObstacles, DunningLetter, Item, ItemObstacles, Movement,
    Policy, SentStage, Surroundings, decide,
};
use settled::id::DocumentId;
use settled::money::{Amount, Currency};

/// How many days a history has.
const DAYS: u64 = 160;

/// The invoice is over this, in cents.
const GROSS: i64 = 119_000;

/// What happens, by days after the invoice.
#[derive(Debug, Clone)]
struct History {
    after_days: [u32; 3],
    deadline_days: [u32; 3],
    max_age: u32,
    basis: DefaultBasis,
    /// Booking day, percent of the gross amount, and after how many days it is given back.
    payments: Vec<(u64, i64, Option<u64>)>,
    /// Days on which statements arrive; each covers the day before.
    statements: Vec<bool>,
    holds: Vec<(u64, u64)>,
    downs: Vec<(u64, u64)>,
}

fn histories() -> impl Strategy<Value = History> {
    let range = || (0..DAYS, 0..25u64);
    let payment = (0..DAYS, prop_oneof![Just(100), 1..60i64], prop::option::weighted(0.3, 1..20u64));
    let basis =
        prop_oneof![Just(DefaultBasis::AgreedTerm), Just(DefaultBasis::Reminder), Just(DefaultBasis::ThirtyDays)];
    (
        (prop::array::uniform3(0..12u32), prop::array::uniform3(0..15u32), 0..4u32, basis),
        prop::collection::vec(payment, 0..4),
        prop::collection::vec(prop::bool::weighted(0.7), DAYS as usize),
        prop::collection::vec(range(), 0..3),
        prop::collection::vec(range(), 0..3),
    )
        .prop_map(|((after_days, deadline_days, max_age, basis), payments, statements, holds, downs)| History {
            after_days,
            deadline_days,
            max_age,
            basis,
            payments,
            statements,
            holds,
            downs,
        })
}

/// The world as it is: what was booked at the bank, whether or not a statement has said so.
struct World {
    first: NaiveDate,
    business_days: BusinessDays,
    rates: Vec<(NaiveDate, i64)>,
}

impl World {
    fn day(&self, n: u64) -> NaiveDate {
        self.first + Days::new(n)
    }

    /// What moved the principal by what was booked through a day: a payment given back never was.
    fn movements(&self, history: &History, booked_through: NaiveDate) -> Vec<Movement> {
        let mut movements = vec![Movement { value_on: self.first - Days::new(1), amount: Amount::from_minor(GROSS) }];
        for (on, percent, back) in &history.payments {
            let is_booked = self.day(*on) <= booked_through;
            let is_back = back.is_some_and(|after| self.day(on + after) <= booked_through);
            if is_booked && !is_back {
                movements
                    .push(Movement { value_on: self.day(*on), amount: -Amount::from_minor(GROSS * percent / 100) });
            }
        }
        movements
    }

    /// The interest in cents, summed up day by day in whole numbers: cents × hundredths of a percent, over 365 and 366 days.
    fn naive_interest(&self, movements: &[Movement], start: NaiveDate, through: NaiveDate) -> i64 {
        let (mut common, mut leap) = (0i128, 0i128);
        for day in start.iter_days().take_while(|day| *day <= through) {
            let open: i64 = movements.iter().filter(|m| m.value_on <= day).map(|m| m.amount.minor()).sum();
            let base = self.rates.iter().rfind(|(from, _)| *from <= day).expect("a rate").1;
            let product = i128::from(open.max(0)) * i128::from(base + 900);
            if day.leap_year() { leap += product } else { common += product }
        }
        let (numerator, denominator) = (common * 366 + leap * 365, 365 * 366 * 10_000i128);
        i64::try_from((numerator * 2 + denominator) / (denominator * 2)).expect("less than the principal")
    }
}

fn in_range(ranges: &[(u64, u64)], day: u64) -> bool {
    ranges.iter().any(|(from, length)| (*from..=from + length).contains(&day))
}

#[test]
fn nobody_is_written_to_wrongly() {
    let config = Config { cases: 2_000, rng_seed: RngSeed::Fixed(4), failure_persistence: None, ..Config::default() };
    let letters = Cell::new(0);
    let judged = TestRunner::new(config).run(&histories(), |history| {
        let first: NaiveDate = "2023-11-20".parse().unwrap();
        let holidays = ["2023-12-25", "2023-12-26", "2024-01-01", "2024-03-29", "2024-04-01"];
        let world = World {
            first,
            business_days: BusinessDays::new(None, holidays.map(|day| day.parse().unwrap())),
            rates: vec![("2023-07-01".parse().unwrap(), 312), ("2024-01-01".parse().unwrap(), 362)],
        };
        let known = vec![
            BaseRate { from: world.rates[0].0, percent: "3.12".parse().unwrap() },
            BaseRate { from: world.rates[1].0, percent: "3.62".parse().unwrap() },
        ];
        let rates = BaseRates::known_through(known, NaiveDate::MAX);
        let stage = |n: usize| json!({
            "name": format!("stage_{n}"), "after_days": history.after_days[n], "deadline_days": history.deadline_days[n],
            "fee": "2.50", "interest": n > 0,
        });
        let policy: Policy = serde_json::from_value(json!({
            "stages": [stage(0), stage(1), stage(2)], "interest": { "regime": "DE_B2B" },
            "bank_max_age_business_days": history.max_age,
        })).unwrap();
        let due_on = first + Days::new(14);
        let mut sent: Vec<SentStage> = Vec::new();
        let mut covered: Option<NaiveDate> = None;
        for n in 0..DAYS {
            let today = world.day(n);
            if history.statements[n as usize] {
                covered = today.pred_opt();
            }
            if in_range(&history.downs, n) {
                continue;
            }
            let known = covered.unwrap_or(first - Days::new(1));
            let movements = world.movements(&history, known);
            let backs = history.payments.iter().filter_map(|(on, _, back)| Some(world.day(on + (*back)?)));
            let returned_on = backs.filter(|day| *day <= known).max();
            let open: Amount = movements.iter().map(|m| m.amount).sum();
            let item = Item {
                document: DocumentId::from(1),
                number: "RE-1".to_owned(),
                issued_on: first,
                due_on,
                currency: Currency::EUR,
                default_basis: history.basis,
                policy: policy.clone(),
                delivered_on: Some(first),
                redelivered_on: None,
                obstacles: ItemObstacles {
                    blocked: in_range(&history.holds, n).then_some(None),
                    ..ItemObstacles::default()
                },
                returned_on,
                noticed: false,
                sent: sent.clone(),
                movements: movements.clone(),
                open,
                costs_paid: Amount::ZERO,
                interest_paid: Amount::ZERO,
                bank: BankState { covered_through: covered, weakest: "main".to_owned() },
            };
            let case = CustomerCase {
                kind: CustomerKind::Business,
                obstacles: CustomerObstacles::default(),
                items: vec![item],
            };
            let around = Surroundings { today, business_days: &world.business_days, rates: &rates };
            let Some(letter) = decide(&case, around).letter else { continue };
            check(&history, &world, today, due_on, &sent, &letter, &movements)?;
            prop_assert!(!in_range(&history.holds, n), "{today}: a letter while it was held");
            letters.set(letters.get() + 1);
            sent.push(SentStage {
                stage: letter.stage,
                sent_on: today,
                deadline_on: letter.deadline_on,
                fee: letter.items[0].fee,
            });
        }
        Ok(())
    });
    if let Err(error) = judged {
        panic!("{error}");
    }
    assert!(letters.get() > 1_000, "only {} letters left: the histories show nothing", letters.get());
}

fn check(
    history: &History,
    world: &World,
    today: NaiveDate,
    due_on: NaiveDate,
    sent: &[SentStage],
    letter: &DunningLetter,
    known: &[Movement],
) -> Result<(), TestCaseError> {
    let item = &letter.items[0];
    let business_days = &world.business_days;
    // Whatever the statements had to cover by today was looked at, whether they have come or not.
    let importable = business_days.before(today, history.max_age);
    let open: Amount = world.movements(history, importable).iter().map(|m| m.amount).sum();
    let given_back = history
        .payments
        .iter()
        .any(|(on, _, back)| back.is_some_and(|after| (world.day(*on)..=world.day(on + after)).contains(&importable)));
    prop_assert!(open.is_positive() || given_back, "{today}: a letter although everything was paid by {importable}");
    prop_assert!(item.principal.is_positive());
    // No stage twice, none skipped.
    prop_assert_eq!(letter.stage, sent.len() + 1, "{}: stage", today);
    // Spacing, and days on which letters may leave.
    let since = sent.last().map_or(business_days.next(due_on), |last| last.deadline_on);
    let earliest = since + Days::new(u64::from(history.after_days[sent.len()]));
    prop_assert!(today >= earliest, "{today}: earned on {earliest}");
    prop_assert!(!matches!(today.weekday(), Weekday::Sat | Weekday::Sun) && !business_days.is_holiday(today));
    // Interest.
    let after_first = sent.first().map_or(today, |first| first.sent_on) + Days::new(1);
    let start = match history.basis {
        DefaultBasis::AgreedTerm => business_days.next(due_on) + Days::new(1),
        DefaultBasis::Reminder => after_first,
        DefaultBasis::ThirtyDays => (business_days.next(due_on + Days::new(30)) + Days::new(1)).min(after_first),
    };
    let interest = if letter.stage > 1 { world.naive_interest(known, start, today) } else { 0 };
    prop_assert_eq!(item.interest.minor(), interest, "{}: interest from {}", today, start);
    prop_assert_eq!(item.costs.minor(), 250 * i64::try_from(letter.stage).unwrap(), "{}: costs", today);
    Ok(())
}
