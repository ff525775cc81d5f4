//! Random histories through the whole house: payments, holds, downtimes, statements that come late. Whatever happens, nobody is written to
//! who had paid by the day that the statements must cover, no stage comes twice or is skipped, the spacing is kept, and the interest
//! is that of a sum day by day. `tests/cases/histories.rs` does the same with many more through the pure decision.

use std::cell::Cell;
use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;
use settled::calendar::BusinessDays;

use crate::house::{Engine, House, customer, monthly, play};

/// The business with its one invoice of 1 January over 1,190.00 EUR, due on the 15th.
fn scene() -> String {
    [
        "A random history.\n\nfrom 2026-01-01 until 2026-03-31\n",
        &customer("K-1001", "Becker GmbH", "default_basis = \"agreed_term\""),
        &monthly("V-1", "K-1001", "1000.00", 1),
    ]
    .concat()
}

const GROSS: i64 = 119_000;

/// A range of days: the first, and how many more.
type Span = (u64, u64);

#[derive(Debug, Clone)]
struct History {
    /// Booking day and percent of the invoice.
    payments: Vec<(u64, i64)>,
    /// Statements of these days come only after them.
    quiet: Vec<Span>,
    downs: Vec<Span>,
    holds: Vec<Span>,
}

fn histories() -> impl Strategy<Value = History> {
    let span = || (0..80u64, 0..14u64);
    let payment = (0..75u64, prop_oneof![Just(100), 5..70i64]);
    (
        prop::collection::vec(payment, 0..4),
        prop::collection::vec(span(), 0..3),
        prop::collection::vec(span(), 0..2),
        prop::collection::vec(span(), 0..2),
    )
        .prop_map(|(payments, quiet, downs, holds)| History { payments, quiet, downs, holds })
}

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day") + Days::new(n)
}

fn contains((first, more): &Span, on: NaiveDate) -> bool {
    (day(*first)..=day(first + more)).contains(&on)
}

/// A day of the bank: no weekend.
fn bank_day(n: u64) -> NaiveDate {
    (n..).map(day).find(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)).expect("a bank day")
}

impl History {
    fn scenario(&self) -> String {
        let mut text = scene();
        for (n, percent) in &self.payments {
            let cents = GROSS * percent / 100;
            let amount = format!("{}.{:02}", cents / 100, cents % 100);
            text.push_str(&format!(
                "pays {} | Becker GmbH | DE44500105175407324931 | {amount} | RE-2026-0001\n",
                bank_day(*n)
            ));
        }
        for (first, more) in &self.quiet {
            text.push_str(&format!("no statements {} {}\n", day(*first), day(first + more)));
        }
        for (first, more) in &self.downs {
            let (from, until) = (day(*first), day(first + more));
            text.push_str(&format!("event {{\"date\":\"{from}\",\"type\":\"down\",\"until\":\"{until}\"}}\n"));
        }
        for (first, more) in &self.holds {
            let (from, until) = (day(*first), day(first + more));
            text.push_str(&format!(
                "event {{\"date\":\"{from}\",\"type\":\"hold\",\"name\":\"K-1001\",\"until\":\"{until}\"}}\n"
            ));
        }
        text
    }

    /// The day on which the statement of a bank day arrives.
    fn arrival(&self, booked_on: NaiveDate) -> NaiveDate {
        let late = self.quiet.iter().rfind(|span| contains(span, booked_on));
        late.map_or(booked_on, |(first, more)| day(first + more)) + Days::new(1)
    }

    /// What was paid, as far as `counts` says of its booking day: days and cents.
    fn paid(&self, counts: impl Fn(NaiveDate) -> bool) -> Vec<(NaiveDate, i64)> {
        let all = self.payments.iter().map(|(n, percent)| (bank_day(*n), GROSS * percent / 100));
        all.filter(|(on, _)| counts(*on)).collect()
    }
}

fn open(paid: &[(NaiveDate, i64)], through: NaiveDate) -> i64 {
    (GROSS - paid.iter().filter(|(on, _)| *on <= through).map(|(_, cents)| cents).sum::<i64>()).max(0)
}

/// The interest in cents at 10.27 percent, summed up day by day from 16 January on.
fn naive_interest(paid: &[(NaiveDate, i64)], through: NaiveDate) -> i64 {
    let days = day(15).iter_days().take_while(|day| *day <= through);
    let sum: i64 = days.map(|day| open(paid, day) * 1_027).sum();
    (sum * 2 + 3_650_000) / 7_300_000
}

fn check(history: &History, diary: &str) -> Result<usize, TestCaseError> {
    let business_days = BusinessDays::new(None, [day(0)]);
    let (mut letters, mut since) = (0, day(14) + Days::new(2));
    let mut left: BTreeMap<String, NaiveDate> = BTreeMap::new();
    for line in diary.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        let date = |key: &str| event[key].as_str().unwrap().parse::<NaiveDate>().unwrap();
        // What is taken back left when everything had been paid, as came out later.
        if event["event"] == "letter_recalled" {
            let left_on = left.get(event["number"].as_str().unwrap()).copied();
            let was_paid = left_on.is_some_and(|day| open(&history.paid(|_| true), day) == 0);
            prop_assert!(was_paid, "{}: taken back, though something was open", event);
        }
        if event["event"] != "letter_sent" || !matches!(event["kind"].as_str(), Some("reminder" | "dunning")) {
            continue;
        }
        left.insert(event["number"].as_str().unwrap().to_owned(), date("date"));
        let (today, item) = (date("date"), &event["items"][0]);
        let importable = business_days.before(today, 2);
        let everything = history.paid(|_| true);
        prop_assert!(open(&everything, importable) > 0, "{}: everything was paid by {}", today, importable);
        prop_assert_eq!(event["stage"].as_u64(), Some(letters + 1), "{}: stage", today);
        prop_assert!(today >= since + Days::new(3), "{}: the letter before set {}", today, since);
        prop_assert!(!history.downs.iter().any(|span| contains(span, today)), "{}: nothing ran", today);
        prop_assert!(!history.holds.iter().any(|span| contains(span, today)), "{}: it was held", today);
        let known = history.paid(|on| history.arrival(on) <= today);
        let interest = if letters > 0 { naive_interest(&known, today) } else { 0 };
        let cents = |key: &str| item[key].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
        prop_assert_eq!(cents("interest"), interest, "{}: interest", today);
        prop_assert_eq!(cents("open"), open(&known, today), "{}: open", today);
        (letters, since) = (letters + 1, date("deadline"));
    }
    Ok(usize::try_from(letters).unwrap())
}

#[test]
fn nobody_is_written_to_wrongly_through_the_whole_house() {
    let config = Config { cases: 12, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Config::default() };
    let letters = Cell::new(0);
    let judged = TestRunner::new(config).run(&histories(), |history| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let scenario = history.scenario();
        let played = runtime.block_on(play(&House::of(&scenario), Engine::Sqlite));
        let judged = check(&history, &played.diary);
        prop_assert!(judged.is_ok(), "{:?}\n{}\n{}", judged, scenario, played.diary);
        letters.set(letters.get() + judged?);
        Ok(())
    });
    if let Err(error) = judged {
        panic!("{error}");
    }
    assert!(letters.get() > 10, "only {} letters left: the histories show nothing", letters.get());
}
