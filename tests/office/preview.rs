//! What is to come is shown on a copy of the books, with statements that keep coming and nobody who pays; the books stay as they are.

use std::sync::{Arc, Mutex};

use settled::jobs::office::event::{Event, Observer};
use settled::jobs::time_machine;
use settled::jobs::time_machine::scratch::furnish;
use settled::jobs::time_machine::simulation::{ByHand, Simulation, Statements};
use settled::shell::render::Renderer;

use crate::house::{Engine, House, live};

#[tokio::test]
async fn what_is_to_come_is_shown_on_a_copy() {
    let scene = include_str!("late-payer.office").replace("until 2026-03-31", "until 2026-01-18");
    let house = House::of(&scene);
    let mut engines = vec![Engine::Sqlite];
    engines.extend(Engine::postgres());
    for engine in engines {
        let lived = live(&house, engine).await;
        let scratch = tempfile::tempdir().unwrap();
        let simulation = Simulation {
            from: "2026-01-18".parse().unwrap(),
            until: "2026-03-15".parse().unwrap(),
            statements: Statements::KeepComing,
            by_hand: ByHand::IsPosted,
            events: Vec::new(),
            scratch: scratch.path().to_owned(),
            out: None,
            renderer: Renderer::Nothing,
        };
        let letters: Arc<Mutex<Vec<String>>> = Arc::default();
        let observer = {
            let letters = Arc::clone(&letters);
            Observer::new(move |day, event: &Event| {
                if let Event::LetterSent { kind, total, .. } = event {
                    letters.lock().unwrap().push(format!("{day} {kind} {total}"));
                }
            })
        };
        let before = lived.office.store.journal_head().await.unwrap();
        let copy = lived.office.store.fork(&scratch.path().join("books.db")).await.unwrap();
        let office = furnish(copy, &house.loaded(), &simulation, observer).await.unwrap();
        time_machine::run(&office, &simulation, |_| ()).await.unwrap();
        office.store.close().await;
        let expected = ["2026-01-20 reminder 1190.00", "2026-01-30 dunning 1195.02", "2026-02-12 dunning 1199.38"];
        assert_eq!(*letters.lock().unwrap(), expected);
        assert_eq!(lived.office.store.journal_head().await.unwrap(), before, "the books were written");
        lived.office.store.close().await;
    }
}
