//! What the books say of one customer cannot be read: that customer is held and named, and everybody else goes on.

use std::sync::{Arc, Mutex};

use settled::jobs::office::event::{Event, Observer};
use settled::jobs::owner::status::status;
use settled::jobs::time_machine;
use settled::jobs::time_machine::simulation::{ByHand, Simulation, Statements};
use settled::language::Language;
use settled::shell::render::Renderer;

use crate::house::{Engine, House};

#[tokio::test]
async fn one_customer_that_cannot_be_read_stops_nobody_else() {
    let mut scene = "Two customers.\n\nfrom 2026-01-01 until 2026-02-10\n".to_owned();
    for (n, name) in [(1, "Becker GmbH"), (2, "Wolf KG")] {
        scene.push_str(&format!(
            "file book/customers/{n}.toml\n    number = \"K-100{n}\"\n    name = \"{name}\"\n    [address]\n    street = \"Weg 1\"\n    \
             postcode = \"50667\"\n    city = \"Köln\"\n    [email]\n    invoice = \"k{n}@kunde.example\"\n\
             file book/recurring/{n}.toml\n    number = \"V-{n}\"\n    customer = \"K-100{n}\"\n    start = 2026-01-01\n    \
             interval = \"month\"\n    [[line]]\n    name = \"Wartung\"\n    unit_price = \"100.00\"\n    vat = \"standard\"\n"
        ));
    }
    let house = House::of(&scene);
    let (mut office, scratch) = house.office(&Engine::Sqlite).await;
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let kept = Arc::clone(&events);
    office.observer = Observer::new(move |_, event| kept.lock().unwrap().push(event.clone()));
    let days = |from: &str, until: &str| Simulation {
        from: from.parse().unwrap(),
        until: until.parse().unwrap(),
        statements: Statements::KeepComing,
        by_hand: ByHand::Waits,
        events: Vec::new(),
        scratch: scratch.path().to_owned(),
        out: None,
        renderer: Renderer::Nothing,
    };
    time_machine::run(&office, &days("2026-01-01", "2026-01-10"), |_| ()).await.unwrap();

    let books = format!("sqlite://{}", scratch.path().join("books.db").display());
    let pool = sqlx::SqlitePool::connect(&books).await.unwrap();
    let bad = "insert into revision (subject_kind, subject_id, book_version_id, valid_from, model, file_sha256)
               select 'customer', 1, max(id), '2026-01-10', '{\"number\":7}', configuration_sha256 from book_version";
    sqlx::query(bad).execute(&pool).await.unwrap();
    pool.close().await;
    events.lock().unwrap().clear();
    time_machine::run(&office, &days("2026-01-11", "2026-02-10"), |_| ()).await.unwrap();

    let events = events.lock().unwrap().clone();
    let letters: Vec<&str> = events
        .iter()
        .filter_map(|event| {
            let Event::LetterSent { kind, customer, .. } = event else { return None };
            assert_eq!(customer, "K-1002", "{event:?}");
            Some(kind.name())
        })
        .collect();
    assert_eq!(letters, ["reminder", "dunning", "invoice"], "the other goes on");
    let named = |word: &str| {
        let told =
            events.iter().filter(|event| matches!(event, Event::LetterFailed { .. } | Event::InvoiceHeld { .. }));
        told.filter(|event| format!("{event:?}").contains(word)).count()
    };
    assert_eq!((named("letters to K-1001"), named("V-1")), (1, 1), "{events:?}");
    let alarm =
        |words: &str| events.iter().any(|e| matches!(e, Event::AlarmSent { subject } if subject.contains(words)));
    assert!(alarm("A customer cannot be read") && alarm("Invoices wait for you"), "{events:?}");
    let status = status(&office, &mut office.store.read().await.unwrap()).await.unwrap();
    let questions: Vec<String> = status.questions.iter().map(|question| question.words(Language::En)).collect();
    assert!(
        questions.iter().any(|q| q.contains("No letter on RE-2026-0001 leaves") && q.contains("K-1001")),
        "{questions:?}"
    );
    assert!(questions.iter().any(|q| q.contains("The contract V-1 is not invoiced")), "{questions:?}");
}
