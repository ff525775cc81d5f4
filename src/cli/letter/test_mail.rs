//! Trying the mail out.

use std::path::Path;

use crate::cli::opening::{load, reading_office};
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::mailroom::direct::mail_test;
use crate::language::Language;
use crate::outbox::{MailFault, MailTrouble, Outcome as Delivered};
use crate::shell::config::{Config, Transport};
use crate::shell::system;

/// Sends a mail to the owner, and explains what is wrong when it fails. Root does so as the service would: what root may read proves nothing.
pub async fn test(file: &Path) -> Result<Outcome, Failure> {
    let loaded = load(file)?;
    let daemon = folder_of_the_daemon(&loaded.config).map(system::become_owner_of).transpose();
    let daemon = daemon.map_err(Failure::world("becoming the service's user:"))?.flatten();
    let office = reading_office(file).await?;
    let (mail, language) = (&office.config.mail, office.config.owner.language);
    if mail.transport == Transport::Folder {
        let (folder, file) = (mail.folder.display(), file.display());
        let words = language.say(
            format!(
                "Schreiben werden als Dateien nach {folder} geschrieben; es ist kein Mailserver eingerichtet.\nTragen Sie unter [mail] \
                 in {file} `transport = \"smtp\"` und `host` ein, und versuchen Sie es dann noch einmal."
            ),
            format!(
                "Letters are written as files into {folder}; no mail server is configured.\nSet `transport = \"smtp\"` and `host` \
                 under [mail] in {file}, then try again."
            ),
        );
        println!("{words}");
        return Ok(Outcome::No);
    }
    let server = format!("{}:{}", mail.host.as_deref().unwrap_or("?"), mail.port());
    let (to, outcome) = mail_test(&office).await?;
    match outcome {
        Delivered::Accepted { said, .. } => {
            let words = language.say(
                format!(
                    "{server} hat eine Mail an {to} angenommen: {said}\nSehen Sie nach, ob sie ankam, und nicht im Spam."
                ),
                format!("{server} took a mail to {to}: {said}\nLook whether it arrived, and not among the junk."),
            );
            println!("{words}");
            Ok(Outcome::Fine)
        }
        Delivered::Misconfigured(trouble) => {
            let hint = hint(&trouble, daemon.as_deref(), language);
            Err(Failure::Usage(told(file, &server, &trouble, language) + &hint))
        }
        Delivered::Unreachable(trouble) => {
            let later = language.say(
                "Schreiben würden von selbst wieder versucht.",
                "Letters would be tried again by themselves.",
            );
            Err(Failure::World(format!("{}\n{later}", told(file, &server, &trouble, language))))
        }
        Delivered::Refused(words) => Err(Failure::World(language.say(
            format!(
                "{server} lehnt Mails an {to} ab: {words}\nBerichtigen Sie `email` unter [owner] oder den Absender `from` unter [mail]."
            ),
            format!(
                "{server} refuses mail to {to}: {words}\nCorrect `email` under [owner], or the sender `from` under [mail]."
            ),
        ))),
        Delivered::Deferred(words) => Err(Failure::World(language.say(
            format!("{server} hat die Mail jetzt nicht angenommen: {words}\nSchreiben würden von selbst wieder versucht."),
            format!("{server} did not take the mail now: {words}\nLetters would be tried again by themselves."),
        ))),
        Delivered::Unclear(words) => Err(Failure::World(language.say(
            format!(
                "{server} brach ab, während er die Mail annahm: {words}\nSehen Sie nach, ob sie ankam; dann versuchen Sie es noch einmal."
            ),
            format!(
                "{server} broke off while it took the mail: {words}\nLook whether it arrived; then try again."
            ),
        ))),
    }
}

/// Says what is wrong, what was said, and what to do now.
fn told(file: &Path, server: &str, trouble: &MailTrouble, language: Language) -> String {
    let (what, advice) = (trouble.fault.words(language), trouble.fault.advice(language));
    let answer = language.say("Antwort", "Answer");
    let answer =
        if trouble.fault.says_it_all() { String::new() } else { format!("{answer}: {}\n", trouble.said.trim_end()) };
    format!("{server} ([mail] in {}): {what}\n{answer}{advice}", file.display())
}

/// Says that a password which somebody else cannot read may be fine for the daemon.
fn hint(trouble: &MailTrouble, daemon: Option<&str>, language: Language) -> String {
    match (&trouble.fault, daemon) {
        (MailFault::PasswordUnreadable { user, .. }, Some(daemon)) if user != daemon => language.say(
            format!("\nDer Dienst läuft aber als {daemon}; so probieren Sie es wie er: sudo settled mail test"),
            format!("\nBut the service runs as {daemon}; this tries it as the service does: sudo settled mail test"),
        ),
        _ => String::new(),
    }
}

/// Returns a folder that belongs to whom the service runs as: that of the books, and of the journal where they lie on a server.
fn folder_of_the_daemon(config: &Config) -> Option<&Path> {
    let books = config.paths.store.strip_prefix("sqlite://").map(Path::new);
    books.unwrap_or(&config.paths.issue_journal).parent()
}
