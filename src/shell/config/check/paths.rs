//! Where things lie.

use std::path::{Path, PathBuf};

use crate::book::Complaints;
use crate::shell::config::mail::Transport;
use crate::shell::config::model::Config;

pub(super) fn check(config: &Config, complaints: &mut Complaints<'_>) {
    let paths = &config.paths;
    // What is dropped into the inbox is taken away and read as a bank file.
    let others =
        [("paths.book", &paths.book), ("paths.templates", &paths.templates), ("mail.folder", &config.mail.folder)];
    let is_used = |name: &str| name != "mail.folder" || config.mail.transport == Transport::Folder;
    let here = PathBuf::new();
    let the_folder = ("the folder of this file", &here);
    for (name, other) in others.into_iter().filter(|(name, _)| is_used(name)).chain([the_folder]) {
        if plain(&paths.inbox) == plain(other) {
            let german = if other.as_os_str().is_empty() { "der Ordner dieser Datei" } else { name };
            complaints.wrong(
                &["paths", "inbox"],
                (
                    format!("der Eingang für Bankdateien ist auch {german}; was dort liegt, würde als Bankdatei weggenommen."),
                    format!("the inbox for bank files is {name} as well; what lies there would be taken away as a bank file."),
                ),
                ("Geben Sie dem Eingang einen eigenen Ordner.", "Give the inbox a folder of its own."),
            );
        }
    }
    let Some(books) = file_of_books(&paths.store) else { return };
    if plain(&paths.issue_journal).parent() == plain(&books).parent() {
        complaints.wrong(
            &["paths", "issue_journal"],
            (
                "die Liste der vergebenen Nummern liegt im Ordner der Datenbank; eine alte Sicherung nähme beide zurück, und Nummern würden zweimal vergeben.",
                "the list of what left lies in the database's folder; an old backup would take both back, and numbers would be given twice.",
            ),
            (
                "Legen Sie sie in einen anderen Ordner: `issue_journal = \"journal/issue-journal.ndjson\"`.",
                "Put it into another folder: `issue_journal = \"journal/issue-journal.ndjson\"`.",
            ),
        );
    }
}

/// Returns the file of books that are one.
fn file_of_books(store: &str) -> Option<PathBuf> {
    match store.split_once("://") {
        None => Some(store.into()),
        Some(("sqlite", path)) => Some(path.into()),
        Some(_) => None,
    }
}

/// Drops the steps that lead nowhere, so that `./inbox` and `inbox` are one.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| !matches!(part, std::path::Component::CurDir)).collect()
}
