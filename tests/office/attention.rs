//! What needs the owner as time goes by without a run: a date that is doubted, a base rate that is missing, claims that expire.

use settled::jobs::owner::status::status;
use settled::language::Language;
use settled::question::Question;

use crate::house::{Engine, House, live};

/// Three unpaid invoices: for December 2023, for December but written in January, and for January.
const SCENE: &str = r#"Three claims at the turn of a year.

from 2023-12-10 until 2024-01-15
file book/customers/becker.toml
    number = "K-1001"
    name = "Becker GmbH"
    [address]
    street = "Hauptstraße 5"
    postcode = "50667"
    city = "Köln"
    [email]
    invoice = "rechnung@becker.example"
file book/invoices/1.toml
    number = "A-1"
    customer = "K-1001"
    issue_on = 2023-12-12
    service_from = 2023-12-12
    [[line]]
    name = "Wartung"
    unit_price = "100.00"
file book/invoices/2.toml
    number = "A-2"
    customer = "K-1001"
    issue_on = 2024-01-05
    service_from = 2023-12-20
    [[line]]
    name = "Wartung"
    unit_price = "200.00"
file book/invoices/3.toml
    number = "A-3"
    customer = "K-1001"
    issue_on = 2024-01-08
    service_from = 2024-01-08
    [[line]]
    name = "Wartung"
    unit_price = "300.00"
"#;

#[tokio::test]
async fn what_time_brings_is_said() {
    let mut engines = vec![Engine::Sqlite];
    engines.extend(Engine::postgres());
    for engine in engines {
        let office = live(&House::of(SCENE), engine).await.office;
        let rate = |from: &str| format!("The base rate from {from} on is not known");
        let expiring = "2 claims may expire at the end of 31 Dec 2026 (§§ 195, 199 BGB): RE-2023-0001 (119.00 EUR), \
                        RE-2024-0001 (238.00 EUR).";
        let table: &[(&str, &[&str], &[&str])] = &[
            ("2024-03-15", &[], &["Nothing leaves until you confirm the date", "The base rate", "may expire"]),
            ("2024-03-16", &["Nothing leaves until you confirm the date"], &["The base rate"]),
            ("2026-06-30", &[], &["The base rate", "may expire"]),
            ("2026-09-30", &[&rate("1 Jul 2026")], &["may expire"]),
            ("2026-10-01", &[&rate("1 Jul 2026"), expiring], &["RE-2024-0002 (357.00"]),
            ("2027-01-02", &[&rate("1 Jul 2026")], &["may expire"]),
            ("2027-12-31", &["1 claim may expire at the end of 31 Dec 2027", "RE-2024-0002 (357.00 EUR)"], &[]),
        ];
        for (today, said, unsaid) in table {
            office.clock.set(format!("{today}T10:00:00Z").parse().unwrap());
            let mut tx = office.store.read().await.unwrap();
            let questions = status(&office, &mut tx).await.unwrap().questions;
            let texts: Vec<String> = questions.iter().map(|question| question.words(Language::En)).collect();
            let says = |words: &&&str| texts.iter().any(|text| text.contains(**words));
            assert!(said.iter().all(|words| says(&words)), "{today}: {texts:#?}");
            assert!(!unsaid.iter().any(|words| says(&words)), "{today}: {texts:#?}");
            if let Some(asked) = questions.iter().find(|question| matches!(question, Question::RatesMissing { .. })) {
                assert_eq!(asked.commands()[..3], ["[[base_rates.germany]]", "from = 2026-07-01", "percent = \"?\""]);
            }
        }
        office.store.close().await;
    }
}
