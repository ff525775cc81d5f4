//! The weekly figures: each says what it claims to, and those of one week go on where those of the week before ended. What is read is the
//! mail that the owner got.

use std::fmt::Write as _;

use settled::money::{Amount, Currency};

use crate::house::{Engine, House, customer, mail_text, play};

/// A contract that is invoiced once, on a day.
fn once(number: &str, customer: &str, day: &str, price: &str) -> String {
    contract(number, customer, day, price, "month", "end = { count = 1 }")
}

fn contract(number: &str, customer: &str, start: &str, price: &str, interval: &str, more: &str) -> String {
    format!(
        "file book/recurring/{number}.toml\n    number = \"{number}\"\n    customer = \"{customer}\"\n    start = {start}\n    \
         interval = \"{interval}\"\n    {more}\n    [[line]]\n    name = \"Wartung\"\n    unit_price = \"{price}\"\n    \
         vat = \"standard\"\n"
    )
}

/// Lets a stretch of life pass. Returns the owner's summaries in their order: subject and text.
async fn summaries(scene: &str) -> Vec<String> {
    let played = play(&House::of(scene), Engine::postgres().unwrap_or(Engine::Sqlite)).await;
    let mut mails: Vec<(String, Vec<u8>)> = played.everything;
    mails.retain(|(name, _)| name.contains("summary") && name.ends_with(".eml"));
    mails.sort();
    mails.iter().map(|(_, eml)| mail_text(eml).replace('\u{a0}', " ")).collect()
}

/// A payment of every sort that a week has: for invoices, none of the customers', given back, undecided; invoices that leave at once, on
/// the next sending day, by hand.
#[tokio::test]
async fn each_figure_says_what_it_claims_to() {
    let rules = "[[bank.rule]]\n    name = \"tax office\"\n    party = \"Finanzamt\"\n    then = \"ignore\"\n    [[bank.rule]]\n    \
                 name = \"own account\"\n    party = \"Muster IT GmbH\"\n    then = \"ignore\"\n";
    let settings = include_str!("house.rs").split("r#\"").nth(1).unwrap().split("\"#").next().unwrap();
    let mut scene = "The figures of four weeks.\nfrom 2026-01-02 until 2026-01-27\nfile settled.toml\n".to_owned();
    for line in settings.trim().lines().chain(rules.lines()) {
        writeln!(scene, "    {}", line.trim()).unwrap();
    }
    scene.push_str(&customer("K-1", "Becker GmbH", "ibans = [\"DE97500105170000000001\"]"));
    scene.push_str(&customer("K-2", "Huber AG", "delivery = \"post\""));
    scene.push_str(&contract("V-1", "K-1", "2026-01-05", "10.00", "week", ""));
    scene.push_str(&once("V-2", "K-1", "2026-01-02", "100.00"));
    scene.push_str(&once("V-3", "K-1", "2026-01-03", "200.00"));
    scene.push_str(&once("V-4", "K-1", "2026-01-04", "300.00"));
    scene.push_str(&once("V-5", "K-2", "2026-01-05", "500.00"));
    scene.push_str(
        "pays 2026-01-06 | Becker GmbH | DE97500105170000000001 | 119.00 | RE-2026-0001
pays 2026-01-07 | Becker GmbH | DE97500105170000000001 | 238.00 | RE-2026-0002
pays 2026-01-07 | Finanzamt Mitte | DE44500105175407324931 | 5000.00 | Erstattung
pays 2026-01-08 | Muster IT GmbH | DE44500105175407324931 | 2000.00 | Umbuchung
pays 2026-01-13 | Becker GmbH | DE97500105170000000001 | 357.00 | RE-2026-0003
pays 2026-01-14 | Unbekannt | DE75512108001245126199 | 500.00 | danke
pays 2026-01-14 | Unbekannt | DE75512108001245126199 | 77.00 | danke
returns 2026-01-15 | Becker GmbH | DE97500105170000000001 | 238.00 | RE-2026-0002
",
    );
    let summaries = summaries(&scene).await;
    let expected: [&[&str]; 4] = [
        &[
            "in the week 29 Dec 2025 – 4 Jan 2026 0.00 EUR came in (0.00 EUR in the one before); 1 invoice went out, over 119.00 EUR.",
            "4 invoices over 1,201.90 EUR have not reached their customers yet.",
            "Through 12 Jan 2026 1 invoice over 11.90 EUR goes out",
        ],
        &[
            "in the week 5 Jan 2026 – 11 Jan 2026 357.00 EUR came in (0.00 EUR in the one before); 3 invoices went out, over 606.90 EUR.",
            "Through 19 Jan 2026 1 invoice over 11.90 EUR goes out",
        ],
        &[
            "in the week 12 Jan 2026 – 18 Jan 2026 696.00 EUR came in (357.00 EUR in the one before); 1 invoice went out, over 11.90 EUR.",
            "238.00 EUR that went back are deducted.",
            "577.00 EUR of it are not assigned to an invoice yet.",
            "Through 26 Jan 2026 1 invoice over 11.90 EUR goes out",
        ],
        &["0.00 EUR came in (696.00 EUR in the one before)", "Through 2 Feb 2026 1 invoice over 11.90 EUR goes out"],
    ];
    assert_eq!(summaries.len(), expected.len());
    for (summary, expected) in summaries.iter().zip(expected) {
        let flat = summary.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in expected {
            assert!(flat.contains(words), "`{words}` is not in\n{summary}");
        }
    }
    goes_on(&summaries);
}

/// Half a year with everything that moves what is open: payments whole, in parts, with a discount, too much and set off, given back after
/// weeks, assigned wrongly, ignored; refunds drawn, transferred, given back; weeks in which nothing ran.
#[tokio::test]
async fn what_was_open_last_week_and_what_moved_is_what_is_open_this_week() {
    let mut scene = "A long history.\nfrom 2026-01-01 until 2026-06-30\n".to_owned();
    scene.push_str(&customer(
        "K-1",
        "Becker GmbH",
        "ibans = [\"DE97500105170000000001\"]\n    discount = [{ days = 10, percent = \"2\" }]",
    ));
    scene.push_str(&customer("K-2", "Huber AG", "ibans = [\"DE70500105170000000002\"]"));
    scene.push_str(&contract("V-1", "K-1", "2026-01-01", "100.00", "month", ""));
    scene.push_str(&contract("V-2", "K-2", "2026-01-05", "50.00", "week", ""));
    scene.push_str(
        "pays 2026-01-07 | Becker GmbH | DE97500105170000000001 | 116.62 | RE-2026-0001
pays 2026-01-20 | Huber AG | DE70500105170000000002 | 59.50 | RE-2026-0002
pays 2026-01-21 | Huber AG | DE70500105170000000002 | 40.00 | RE-2026-0003
pays 2026-01-28 | Huber AG | DE70500105170000000002 | 59.48 | RE-2026-0004
pays 2026-02-04 | Becker GmbH | DE97500105170000000001 | 500.00 | RE-2026-0006
pays 2026-02-05 | R. Lehmann | DE75512108001245126199 | 59.50 | danke
event {\"date\":\"2026-02-10\",\"type\":\"assign\",\"payment\":\"P-6\",\"documents\":[\"RE-2026-0005\"],\"learn\":\"always\"}
event {\"date\":\"2026-02-17\",\"type\":\"unassign\",\"payment\":\"P-6\"}
event {\"date\":\"2026-02-24\",\"type\":\"ignore\",\"payment\":\"P-6\"}
event {\"date\":\"2026-03-11\",\"type\":\"refund\",\"customer\":\"K-1\"}
returns 2026-02-25 | Becker GmbH | DE97500105170000000001 | 116.62 | RE-2026-0001
pays 2026-03-10 | Huber AG | DE70500105170000000002 | 238.00 | RE-2026-0007, 8, 9, 10
returns 2026-03-24 | Huber AG | DE70500105170000000002 | 59.50 | RE-2026-0002
event {\"date\":\"2026-04-01\",\"type\":\"down\",\"until\":\"2026-04-16\"}
pays 2026-04-08 | Huber AG | DE70500105170000000002 | 59.50 | RE-2026-0011
pays 2026-05-06 | Becker GmbH | DE97500105170000000001 | 119.00 | RE-2026-0001
pays 2026-06-03 | Huber AG | DE70500105170000000002 | 119.00 | RE-2026-0012 RE-2026-0013
",
    );
    let summaries = summaries(&scene).await;
    assert!(summaries.len() >= 22, "{}", summaries.len());
    goes_on(&summaries);
    let all = summaries.join("\n");
    for word in ["paid out of credit", "discounts and small differences", "open again after returns", "since then"] {
        assert!(all.contains(word), "no week has `{word}`");
    }
}

/// Checks that each week adds up, and goes on where the week before ended; a week without a summary stands between them.
fn goes_on(summaries: &[String]) {
    let mut last: Option<(String, i64)> = None;
    let mut touching = 0;
    for summary in summaries {
        let rows = rows(summary);
        let (Some(begins), Some(ends)) = (
            rows.iter().position(|(label, _)| label.starts_with("open at the start of ")),
            rows.iter().position(|(label, _)| label.starts_with("open at the end of ")),
        ) else {
            panic!("nothing is told of the week\n{summary}")
        };
        let moved: i64 = rows[begins + 1..ends].iter().map(|(_, amount)| amount).sum();
        assert_eq!(rows[begins].1 + moved, rows[ends].1, "the week does not add up\n{summary}");
        let open_now = match rows.iter().find(|(label, _)| label == "open now") {
            Some((_, now)) => {
                assert_eq!(rows[ends].1 + rows[ends + 1].1, *now, "{summary}");
                *now
            }
            None => rows[ends].1,
        };
        let by_age: i64 = ["not due yet", "1 to 30 days", "31 to 60 days", "over 60 days"]
            .iter()
            .filter_map(|age| rows.iter().find(|(label, _)| label == age))
            .map(|(_, amount)| amount)
            .sum();
        assert_eq!(by_age, open_now, "{summary}");
        let day = |label: &str| settled_day(label.rsplit_once(" of ").unwrap().1);
        if let Some((end, amount)) = &last
            && day(end).succ_opt() == Some(day(&rows[begins].0))
        {
            assert_eq!(*amount, rows[begins].1, "it does not go on where the week before ended\n{summary}");
            touching += 1;
        }
        last = Some((rows[ends].0.clone(), rows[ends].1));
    }
    assert!(touching + 5 > summaries.len(), "only {touching} weeks follow each other");
}

fn settled_day(text: &str) -> chrono::NaiveDate {
    chrono::NaiveDate::parse_from_str(text, "%d %b %Y").unwrap()
}

/// Reads the rows of a text: a label, blanks, an amount, and what may follow it.
fn rows(text: &str) -> Vec<(String, i64)> {
    let row = |line: &str| {
        let (label, rest) = line.trim().split_once("  ")?;
        let amount = rest.split_whitespace().next()?.replace(',', "");
        let amount = amount.parse::<rust_decimal::Decimal>().ok()?;
        Some((label.to_owned(), Amount::exact(amount, Currency::EUR).ok()?.minor()))
    };
    text.lines().filter_map(row).collect()
}

/// What holds a contract is kept as data: status, `why`, the diary and the summary say it in German to a German owner.
#[tokio::test]
async fn what_holds_a_contract_is_said_in_the_owners_language() {
    let settings = include_str!("house.rs").split("r#\"").nth(1).unwrap().split("\"#").next().unwrap();
    let mut scene = "A German owner.\nfrom 2026-01-02 until 2026-01-20\n".to_owned();
    scene.push_str("event {\"date\":\"2026-01-07\",\"type\":\"insolvent\",\"customer\":\"K-1\"}\nfile settled.toml\n");
    for line in settings.replace("language = \"en\"", "language = \"de\"").trim().lines() {
        writeln!(scene, "    {}", line.trim()).unwrap();
    }
    scene.push_str(&customer("K-1", "Becker GmbH", ""));
    scene.push_str(&customer("K-2", "Huber AG", ""));
    scene.push_str(&contract("V-1", "K-1", "2026-01-05", "10.00", "week", ""));
    scene.push_str(&contract("V-2", "K-2", "2025-01-01", "10.00", "month", "billed_through = 2024-12-31"));
    scene.push_str("shows status\nshows why V-1\nshows why V-2\n");
    let played = play(&House::of(&scene), Engine::postgres().unwrap_or(Engine::Sqlite)).await;
    let reasons = [
        "der Kunde ist seit 07.01.2026 insolvent; beenden Sie den Vertrag im Buch",
        "13 Zeiträume sind auf einmal fällig, von 01.01.2025 bis 01.01.2026; mehr als",
    ];
    for (contract, reason) in ["V-1", "V-2"].into_iter().zip(reasons) {
        let asked = format!("Der Vertrag {contract} wird nicht abgerechnet: {reason}");
        assert!(played.diary.contains(&asked), "{asked}:\n{}", played.diary);
        let (_, told) = played.diary.split_once(&format!("-- why {contract}")).unwrap();
        assert!(told.contains(reason), "{told}");
        let is_summary = |name: &str| name.contains("summary") && name.ends_with(".eml");
        let last = played.everything.iter().filter(|(name, _)| is_summary(name)).max().unwrap();
        let summary = mail_text(&last.1).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(summary.contains(&asked), "{summary}");
    }
    assert!(played.diary.contains("K-1 ist insolvent"), "{}", played.diary);
}
