//! Random lives of money: invoices paid in part, too much, twice, given back by the bank, taken back, passed over and paid out by the owner.
//! Whatever happens, every cent is somewhere: each life ends with `verify`.

use std::cell::Cell;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::house::{Engine, House, customer, live, monthly};

/// Two customers, three monthly invoices each over 119.00 and 238.00 EUR.
fn scene() -> String {
    [
        "Random money.\n\nfrom 2026-01-01 until 2026-04-15\n",
        &customer("K-1001", "Becker GmbH", ""),
        &customer("K-1002", "Wolf & Söhne KG", "writeoff_below = \"2.00\""),
        &monthly("V-1", "K-1001", "100.00", 3),
        &monthly("V-2", "K-1002", "200.00", 3),
    ]
    .concat()
}

/// What a transfer says: which of the six invoices, a letter, or nothing that helps.
const TEXTS: [&str; 9] = [
    "RE-2026-0001",
    "RE-2026-0002",
    "RE-2026-0003",
    "RE-2026-0004",
    "RE-2026-0005",
    "RE-2026-0006",
    "MA-2026-0001",
    "V-1",
    "danke",
];

/// Amounts in cents: what invoices are over, sums of them, a little less, more, and anything.
fn amounts() -> impl Strategy<Value = i64> {
    prop_oneof![Just(11_900), Just(23_800), Just(35_700), Just(23_650), Just(15_000), Just(40_000), 1..60_000_i64]
}

#[derive(Debug, Clone)]
struct Transfer {
    on: u64,
    cents: i64,
    of_wolf: bool,
    text: usize,
    /// The bank gives it back so many days later.
    back_after: Option<u64>,
}

#[derive(Debug, Clone)]
enum Act {
    Assign(usize, usize),
    Unassign(usize),
    Ignore(usize),
    Refund(bool),
    Cash(i64, usize),
}

fn lives() -> impl Strategy<Value = (Vec<Transfer>, Vec<(u64, Act)>)> {
    let transfer = (0..80_u64, amounts(), any::<bool>(), 0..TEXTS.len(), prop::option::weighted(0.3, 1..15_u64))
        .prop_map(|(on, cents, of_wolf, text, back_after)| Transfer { on, cents, of_wolf, text, back_after });
    let act = prop_oneof![
        (1..9_usize, 0..6_usize).prop_map(|(payment, text)| Act::Assign(payment, text)),
        (1..9_usize).prop_map(Act::Unassign),
        (1..9_usize).prop_map(Act::Ignore),
        any::<bool>().prop_map(Act::Refund),
        (amounts(), 0..6_usize).prop_map(|(cents, text)| Act::Cash(cents, text)),
    ];
    (prop::collection::vec(transfer, 1..8), prop::collection::vec((5..100_u64, act), 0..8))
}

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 2).expect("a day") + Days::new(n)
}

fn bank_day(n: u64) -> NaiveDate {
    (n..).map(day).find(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)).expect("a bank day")
}

fn plain(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn scenario(transfers: &[Transfer], acts: &[(u64, Act)]) -> String {
    let mut text = scene();
    for Transfer { on, cents, of_wolf, text: says, back_after } in transfers {
        let payer =
            if *of_wolf { "Wolf & Söhne KG | DE75512108001245126199" } else { "Becker GmbH | DE44500105175407324931" };
        // Three of four name an invoice of their own: odd ones are Becker's.
        let says = if *says < 6 && on % 4 > 0 { says / 2 * 2 + usize::from(*of_wolf) } else { *says };
        let line = |day: NaiveDate| format!("{day} | {payer} | {} | {}\n", plain(*cents), TEXTS[says]);
        text.push_str(&format!("pays {}", line(bank_day(*on))));
        if let Some(days) = back_after {
            text.push_str(&format!("returns {}", line(bank_day(on + days))));
        }
    }
    for (on, act) in acts {
        let what = match act {
            Act::Assign(payment, to) => format!(
                r#""type":"assign","payment":"P-{payment}","documents":["{}"],"rest":"{}""#,
                TEXTS[*to],
                ["open", "credit", "writeoff"][payment % 3]
            ),
            Act::Unassign(payment) => format!(r#""type":"unassign","payment":"P-{payment}""#),
            Act::Ignore(payment) => format!(r#""type":"ignore","payment":"P-{payment}""#),
            Act::Refund(of_wolf) => format!(r#""type":"refund","customer":"K-100{}""#, 1 + u8::from(*of_wolf)),
            Act::Cash(cents, to) => {
                format!(r#""type":"paid_in_cash","amount":"{}","documents":["{}"]"#, plain(*cents), TEXTS[*to])
            }
        };
        text.push_str(&format!("event {{\"date\":\"{}\",{what}}}\n", day(*on)));
    }
    text
}

#[test]
fn every_cent_is_somewhere_whatever_happens() {
    let config = Config { cases: 20, rng_seed: RngSeed::Fixed(11), failure_persistence: None, ..Config::default() };
    let (booked, refused) = (Cell::new(0), Cell::new(0));
    let judged = TestRunner::new(config).run(&lives(), |(transfers, acts)| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let scenario = scenario(&transfers, &acts);
        let lived = runtime.block_on(live(&House::of(&scenario), Engine::Sqlite));
        let lines = lived.lines.lock().unwrap();
        let count = |word: &str| lines.iter().filter(|line| line.contains(word)).count();
        booked.set(booked.get() + count("payment_matched") + count("credit_used") + count("payment_returned"));
        refused.set(refused.get() + count("\"event\":\"refused\""));
        Ok(())
    });
    if let Err(error) = judged {
        panic!("{error}");
    }
    assert!(booked.get() > 50, "only {} bookings: the lives show nothing", booked.get());
    assert!(refused.get() > 5, "only {} refusals: the lives show nothing", refused.get());
}
