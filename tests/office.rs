//! The office at work: diaries of a business through the very jobs of the daemon, with a virtual clock. `tests/office/*.office` say
//! what happens, the `.snap` beside each what settled made of it. Each is played on SQLite, and on PostgreSQL where
//! `SETTLED_TEST_POSTGRES` names a server; both must give the same bytes.

#[path = "office/accounts.rs"]
mod accounts;
#[path = "office/archives.rs"]
mod archives;
#[path = "office/attached.rs"]
mod attached;
#[path = "office/attention.rs"]
mod attention;
#[path = "office/bank.rs"]
mod bank;
#[path = "office/bounds.rs"]
mod bounds;
#[path = "office/chains.rs"]
mod chains;
#[path = "office/dunning_cases.rs"]
mod dunning_cases;
#[path = "office/findings.rs"]
mod findings;
#[path = "office/histories.rs"]
mod histories;
#[path = "office/house.rs"]
mod house;
#[path = "office/imports.rs"]
mod imports;
#[path = "office/issue_journal.rs"]
mod issue_journal;
#[path = "office/law.rs"]
mod law;
#[path = "office/money.rs"]
mod money;
#[path = "office/numbers.rs"]
mod numbers;
#[path = "office/preview.rs"]
mod preview;
#[path = "office/proof.rs"]
mod proof;
#[path = "office/statements.rs"]
mod statements;
#[path = "office/summary.rs"]
mod summary;
#[path = "office/tampering.rs"]
mod tampering;
#[path = "office/unreadable.rs"]
mod unreadable;
#[path = "office/waiting.rs"]
mod waiting;

use std::fs;
use std::path::{Path, PathBuf};

use house::{Engine, House, play};

/// The scenarios, by name; with `SETTLED_TEST_DIARY` that one alone.
fn scenarios() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "office"));
    if let Ok(only) = std::env::var("SETTLED_TEST_DIARY") {
        files.retain(|file| file.file_stem().is_some_and(|name| name.to_string_lossy() == only));
    }
    files.sort();
    assert!(!files.is_empty());
    files
}

#[tokio::test]
async fn every_diary_reads_as_before_and_the_same_on_both_engines() {
    for file in scenarios() {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let on_sqlite = play(&House::of(&text), Engine::Sqlite).await;
        let again = play(&House::of(&text), Engine::Sqlite).await;
        assert!(on_sqlite.everything == again.everything, "{name}: two runs differ");
        match Engine::postgres() {
            Some(engine) => {
                let on_postgres = play(&House::of(&text), engine).await;
                for (sqlite, postgres) in on_sqlite.everything.iter().zip(&on_postgres.everything) {
                    assert!(sqlite == postgres, "{name}: the engines differ in {}", sqlite.0);
                }
                assert_eq!(on_sqlite.everything.len(), on_postgres.everything.len(), "{name}");
            }
            None => {
                assert!(std::env::var_os("SETTLED_TEST_REQUIRE_ALL").is_none(), "nothing may be skipped here");
                println!(
                    "{name}: skipped on PostgreSQL: SETTLED_TEST_POSTGRES is not set (tests/tools/pg.sh start prints a URL)"
                );
            }
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("office");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_description(text.lines().next().unwrap_or_default());
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name.as_str(), on_sqlite.diary));
    }
}
