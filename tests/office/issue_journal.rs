//! What lies ready for a person is noted outside the books: a backup that is older than it is found out.

use std::fs;

use settled::jobs::records::issued::note_issued;
use settled::jobs::time_machine;
use settled::jobs::time_machine::simulation::{ByHand, Simulation, Statements};
use settled::language::Language;
use settled::shell::issue_journal::IssueJournal;
use settled::shell::render::Renderer;

use crate::house::{Engine, House};

#[tokio::test]
async fn an_older_backup_is_found_out_although_nothing_left_by_mail() {
    let scene = include_str!("by-post.office").replace("until 2026-03-06", "until 2026-01-02");
    let scene: Vec<&str> =
        scene.lines().filter(|line| !line.starts_with("event ") && !line.starts_with("pays ")).collect();
    let house = House::of(&scene.join("\n"));
    let (mut office, scratch) = house.office(&Engine::Sqlite).await;
    let journal = scratch.path().join("journal/issue.ndjson");
    office.issue_journal = Some(IssueJournal::new(&journal));
    let simulation = Simulation {
        from: "2026-01-01".parse().unwrap(),
        until: "2026-01-02".parse().unwrap(),
        statements: Statements::Nothing,
        by_hand: ByHand::Waits,
        events: Vec::new(),
        scratch: scratch.path().to_owned(),
        out: None,
        renderer: Renderer::Nothing,
    };
    time_machine::run(&office, &simulation, |_| ()).await.unwrap();
    let by_hand = || {
        let text = fs::read_to_string(&journal).unwrap();
        text.lines().filter(|line| line.contains("\"number\"")).map(str::to_owned).collect::<Vec<_>>()
    };
    let lines = by_hand();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains("RE-2026-0001") && lines[1].contains("RE-2026-0002"), "{lines:?}");
    assert!(!lines[0].contains("message_id"));
    note_issued(&office, &office.run("again")).await.unwrap();
    assert_eq!(by_hand(), lines, "each is noted once");
    // The last line decides, and here it is one of the papers.
    fs::write(&journal, format!("{}\n", lines[1])).unwrap();
    assert_eq!(office.safe_mode().await.unwrap(), None);

    // The backup of the day before: the same books, without these invoices.
    let (mut restored, _scratch) = house.office(&Engine::Sqlite).await;
    restored.issue_journal = Some(IssueJournal::new(&journal));
    let why = restored.safe_mode().await.unwrap().unwrap().words(Language::En);
    assert!(why.contains("RE-2026-0002 was issued for delivery by hand, but the books do not know it"), "{why}");
    assert!(why.contains("older backup") && why.contains("lists the numbers and mails that are used up"), "{why}");

    // Lines of an earlier release name mails only.
    let mail = r#"{"books":"0123456789abcdef","kind":"invoice","about":"RE-1","sha256":null,"message_id":"x@y"}"#;
    fs::write(&journal, format!("{mail}\n")).unwrap();
    assert!(office.safe_mode().await.unwrap().unwrap().words(Language::En).contains("RE-1 left"));
}
