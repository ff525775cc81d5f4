//! What the books say of one customer cannot be read: that customer is held and named, and everybody else goes on.

use std::sync::{Arc, Mutex};

use settled::jobs::billing::issue::issue_invoices;
use settled::jobs::mailroom::send::{Dunning, send_mail};
use settled::jobs::office::event::{Event, Observer};
use settled::jobs::owner::status::status;
use settled::jobs::time_machine;
use settled::jobs::time_machine::simulation::{ByHand, Simulation, Statements};
use settled::language::Language;
use settled::question::Question;
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
    assert_eq!((named("K-1001"), named("V-1")), (1, 1), "{events:?}");
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
    let german: Vec<String> = status.questions.iter().map(|question| question.words(Language::GERMAN)).collect();
    for begins in ["Zu RE-2026-0001 geht kein Schreiben hinaus: ", "Der Vertrag V-1 wird nicht abgerechnet: "] {
        let said = format!("{begins}was die Bücher dazu haben, kann dieses Programm nicht lesen; es meldet: ");
        assert!(german.iter().any(|question| question.starts_with(&said)), "{german:?}");
    }
}

#[tokio::test]
async fn a_letter_that_cannot_be_put_together_is_asked_about_until_it_leaves() {
    let scene = "One customer.\n\nfrom 2026-01-01 until 2026-01-02\n\
        file book/customers/1.toml\n    number = \"K-1001\"\n    name = \"Becker GmbH\"\n    [address]\n    street = \"Weg 1\"\n    \
        postcode = \"50667\"\n    city = \"Köln\"\n    [email]\n    invoice = \"k1@kunde.example\"\n\
        file book/recurring/1.toml\n    number = \"V-1\"\n    customer = \"K-1001\"\n    start = 2026-01-01\n    interval = \"month\"\n    \
        [[line]]\n    name = \"Wartung\"\n    unit_price = \"100.00\"\n    vat = \"standard\"\n";
    let (office, scratch) = House::of(scene).office(&Engine::Sqlite).await;
    issue_invoices(&office, &office.run("issue")).await.unwrap();
    let books = format!("sqlite://{}", scratch.path().join("books.db").display());
    let pool = sqlx::SqlitePool::connect(&books).await.unwrap();
    let damage = |model: String| {
        let pool = pool.clone();
        async move {
            let guards = "select name from sqlite_master where type = 'trigger' and tbl_name = 'document'";
            let guards: Vec<(String,)> = sqlx::query_as(guards).fetch_all(&pool).await.unwrap();
            for (guard,) in guards {
                sqlx::raw_sql(sqlx::AssertSqlSafe(format!("drop trigger {guard}"))).execute(&pool).await.unwrap();
            }
            sqlx::query("update document set model = ?").bind(model).execute(&pool).await.unwrap();
        }
    };
    let (model,): (String,) = sqlx::query_as("select model from document").fetch_one(&pool).await.unwrap();
    damage("{\"number\":7}".to_owned()).await;
    let send = |at: &'static str| {
        office.clock.set(at.parse().unwrap());
        let office = &office;
        async move {
            let sent = send_mail(office, &office.run("send"), Dunning::Leaves).await.unwrap();
            let status = status(office, &mut office.store.read().await.unwrap()).await.unwrap();
            let asked = status.questions.into_iter();
            (sent, asked.filter(|asked| matches!(asked, Question::LetterUnreadable { .. })).collect::<Vec<_>>())
        }
    };
    for at in ["2026-01-02T09:00:00Z", "2026-01-02T15:30:00Z"] {
        let (sent, asked) = send(at).await;
        assert_eq!((sent, asked.len()), (0, 1), "{asked:?}");
        assert!(asked[0].words(Language::En).contains("RE-2026-0001 cannot be put together"), "{asked:?}");
    }
    let (events,): (i64,) = sqlx::query_as("select count(*) from letter_event").fetch_one(&pool).await.unwrap();
    assert_eq!(events, 1, "it is noted once for each reason");

    damage(model).await;
    let (sent, asked) = send("2026-01-05T09:00:00Z").await;
    assert_eq!((sent, asked.len()), (1, 0), "{asked:?}");
}
