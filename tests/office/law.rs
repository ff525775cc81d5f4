//! What the law asks of claims and documents: a consumer's default, and a contract that ends inside an invoiced period.

use settled::jobs::agreements::apply::{apply, plan_of};
use settled::jobs::agreements::read::read_book;
use settled::jobs::owner::status::status;
use settled::jobs::time_machine;
use settled::jobs::time_machine::happening::read_events;
use settled::jobs::time_machine::simulation::{ByHand, Simulation, Statements};
use settled::language::Language;
use settled::money::Currency;
use settled::shell::render::Renderer;

use crate::house::{Engine, House, Lived, live};

/// Two consumers with an invoice of 1,190.00 each, due on 19 January 2026. K-2 has a policy like that of businesses, with the interest of
/// consumers; K-1 one that waits until March.
const CONSUMERS: &str = r#"Consumers.

from 2026-01-05 until 2026-01-06
file settled.toml
    [business]
    name = "Muster IT GmbH"
    tax_number = "30/123/45678"
    email = "rechnung@muster.example"
    [business.address]
    street = "Musterstraße 1"
    postcode = "10115"
    city = "Berlin"
    [owner]
    email = "jana@muster.example"
    language = "en"
    [[bank_account]]
    name = "main"
    iban = "DE02 1203 0000 0000 2020 51"
    [dunning.policy.private]
    stages = [
    { name = "reminder", after_days = 5, deadline_days = 7 },
    { name = "dunning_1", after_days = 3, deadline_days = 10, interest = true },
    { name = "dunning_final", after_days = 3, deadline_days = 10, interest = true },
    ]
    interest = { regime = "DE_B2C" }
    [dunning.policy.patient]
    stages = [
    { name = "reminder", after_days = 45, deadline_days = 7 },
    { name = "dunning_1", after_days = 3, deadline_days = 10, interest = true },
    ]
    interest = { regime = "DE_B2C" }
"#;

fn consumer(number: &str, policy: &str, basis: &str) -> String {
    format!(
        "number = \"{number}\"\nname = \"Kunde {number}\"\nkind = \"consumer\"\ndunning_policy = \"{policy}\"\n{basis}\n\
         [address]\nstreet = \"Weg 1\"\npostcode = \"10115\"\ncity = \"Berlin\"\n[email]\ninvoice = \"{number}@kunde.example\"\n"
    )
}

fn invoice(number: &str) -> String {
    format!(
        "number = \"A-{number}\"\ncustomer = \"{number}\"\nissue_on = 2026-01-05\nservice_from = 2026-01-05\n\
         [[line]]\nname = \"Leistung\"\nunit_price = \"1000.00\"\n"
    )
}

fn consumers(basis_of_k1: &str) -> House {
    let house = House::of(CONSUMERS);
    for (number, policy, basis) in [("K-1", "patient", basis_of_k1), ("K-2", "private", "")] {
        house.write(&format!("book/customers/{number}.toml"), &consumer(number, policy, basis));
        house.write(&format!("book/invoices/{number}.toml"), &invoice(number));
    }
    house
}

/// Takes the book into force as it is now.
async fn apply_book(lived: &Lived) {
    let read = read_book(&lived.office.config, lived.office.today()).unwrap();
    assert_eq!(read.mistakes.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    let plan = plan_of(&lived.office, &read.book).await.unwrap();
    apply(&lived.office, &lived.office.run("apply"), &read, &plan).await.unwrap();
}

/// Goes on to a day, with statements that keep coming and nobody who pays.
async fn go_on(lived: &Lived, from: &str, until: &str, events: &str) {
    let simulation = Simulation {
        from: from.parse().unwrap(),
        until: until.parse().unwrap(),
        statements: Statements::KeepComing,
        by_hand: ByHand::Waits,
        events: read_events(events).unwrap(),
        scratch: lived.scratch.path().to_owned(),
        out: None,
        renderer: Renderer::Nothing,
    };
    time_machine::run(&lived.office, &simulation, |_| ()).await.unwrap();
}

/// The dunning letters so far: day, customer, and what of the total is interest and costs.
fn letters(lived: &Lived) -> Vec<String> {
    let lines = lived.lines.lock().unwrap();
    let events = lines.iter().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let sent = events.filter(|event| event["event"] == "letter_sent" && event["kind"] != "invoice");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let line = |event: serde_json::Value| {
        let item = &event["items"][0];
        [&event["date"], &event["customer"], &item["interest"], &item["costs"]].map(text).join(" ")
    };
    sent.map(line).collect()
}

/// A consumer is charged by § 288 (1) BGB. One whose invoice says nothing of the thirty days of § 286 (3) BGB is in default after the first
/// letter, whatever the book says since; one whose invoice says so, after thirty days.
#[tokio::test]
async fn a_consumer_pays_interest_by_the_law_of_consumers_and_from_default_on() {
    let thirty_days = "default_basis = \"thirty_days\"";
    let of_k2 = ["2026-01-26 K-2 0.00 0.00", "2026-02-05 K-2 2.04 0.00", "2026-02-19 K-2 4.91 0.00"];
    for (at_first, later, interest) in [("", thirty_days, "2.25"), (thirty_days, thirty_days, "5.31")] {
        let mut engines = vec![Engine::Sqlite];
        engines.extend(Engine::postgres());
        for engine in engines {
            let house = consumers(at_first);
            let lived = live(&house, engine).await;
            house.write("book/customers/K-1.toml", &consumer("K-1", "patient", later));
            apply_book(&lived).await;
            go_on(&lived, "2026-01-07", "2026-03-20", "").await;
            let last = ["2026-03-05 K-1 0.00 0.00".to_owned(), format!("2026-03-16 K-1 {interest} 0.00")];
            let expected: Vec<String> = of_k2.iter().map(ToString::to_string).chain(last).collect();
            assert_eq!(letters(&lived), expected);
            lived.office.store.close().await;
        }
    }
}

/// A year is invoiced, then the contract ends in June: plan and status name what is invoiced after its end, until the owner has decided.
#[tokio::test]
async fn what_is_invoiced_after_the_end_of_a_contract_is_named() {
    let scene = "A year.\n\nfrom 2026-01-01 until 2026-01-03\n".to_owned()
        + &crate::house::customer("K-1", "Becker GmbH", "")
        + &crate::house::monthly("V-1", "K-1", "1200.00", 1)
            .replace("interval = \"month\"", "interval = \"year\"")
            .replace("end = { count = 1 }", "proration = \"daily\"");
    let mut engines = vec![Engine::Sqlite];
    engines.extend(Engine::postgres());
    for engine in engines {
        let house = House::of(&scene);
        let lived = live(&house, engine).await;
        let office = &lived.office;
        let file = "book/recurring/V-1.toml";
        let ended = std::fs::read_to_string(house.path(file)).unwrap();
        house.write(file, &ended.replace("proration", "end = { until = 2026-06-30 }\nproration"));

        let read = read_book(&office.config, office.today()).unwrap();
        let plan = plan_of(office, &read.book).await.unwrap();
        let parts: Vec<_> = plan.changes.iter().flat_map(|change| &change.after_end).collect();
        let [part] = parts.as_slice() else { panic!("{parts:?}") };
        let amount = part.amount.plain(Currency::EUR);
        assert_eq!(
            (part.invoice.number.as_str(), part.days, part.of_days, amount.as_str()),
            ("RE-2026-0001", 184, 365, "719.87")
        );
        apply(office, &office.run("apply"), &read, &plan).await.unwrap();

        let asked = |status: settled::jobs::owner::status::Status| {
            let words: Vec<String> = status.questions.iter().map(|question| question.words(Language::En)).collect();
            words.into_iter().filter(|words| words.contains("RE-2026-0001 goes on: 184 of 365 days")).count()
        };
        let standing = status(office, &mut office.store.read().await.unwrap()).await.unwrap();
        assert_eq!(asked(standing), 1);
        let hold = r#"{"date":"2026-01-04","type":"hold","name":"RE-2026-0001"}"#;
        go_on(&lived, "2026-01-04", "2026-01-05", hold).await;
        let standing = status(office, &mut office.store.read().await.unwrap()).await.unwrap();
        assert_eq!(asked(standing), 0);
        lived.office.store.close().await;
    }
}
