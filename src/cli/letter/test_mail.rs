//! Trying the mail out.

use std::path::Path;

use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::mailroom::direct::mail_test;
use crate::language::Language;
use crate::outbox::Outcome as Delivered;
use crate::shell::config::Transport;

/// Sends a mail to the owner, and explains what is wrong when it fails.
pub async fn test(file: &Path) -> Result<Outcome, Failure> {
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
        Delivered::Misconfigured(words) => {
            let (advice, nothing) = (advice(&words, language), language.say("nimmt nichts an", "takes nothing"));
            Err(Failure::Usage(format!("{server} {nothing}: {words}\n{advice}")))
        }
        Delivered::Refused(words) => Err(Failure::World(language.say(
            format!(
                "{server} lehnt Mails an {to} ab: {words}\nBerichtigen Sie `email` unter [owner] oder den Absender `from` unter [mail]."
            ),
            format!(
                "{server} refuses mail to {to}: {words}\nCorrect `email` under [owner], or the sender `from` under [mail]."
            ),
        ))),
        Delivered::Deferred(words) | Delivered::Unreachable(words) => Err(Failure::World(language.say(
            format!(
                "{server} hat die Mail jetzt nicht angenommen: {words}\nPrüfen Sie `host` und `port` unter [mail], und ob dieser Rechner \
                 den Server erreicht. Schreiben würden von selbst wieder versucht."
            ),
            format!(
                "{server} did not take the mail now: {words}\nCheck `host` and `port` under [mail], and whether this machine reaches \
                 the server. Letters would be tried again by themselves."
            ),
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

/// Says what to change for a failure of the settings.
fn advice(words: &str, language: Language) -> &'static str {
    let said = words.to_lowercase();
    if said.contains("certificate") || said.contains("unknownissuer") || said.contains("notvalidforname") {
        language.say(
            "Das Zertifikat des Servers passt nicht zu `host`; schreiben Sie den Namen, der darin steht, oder geben Sie `ca_file` für eine \
             eigene Stelle an.",
            "The server's certificate does not fit `host`; write the name that it carries, or give `ca_file` for an authority of your own.",
        )
    } else if said.contains("the secret in") || said.contains("the credential") {
        language.say(
            "Schreiben Sie das Kennwort dorthin, in eine Datei, die nur ihrem Besitzer gehört: chmod 600.",
            "Write the password there, in a file for its owner alone: chmod 600.",
        )
    } else if said.contains("login") || said.contains("535") {
        language.say(
            "Prüfen Sie `user` und das Kennwort unter [mail]; viele Anbieter verlangen ein eigenes Kennwort für Programme.",
            "Check `user` and the password under [mail]; many providers want a password made for programs.",
        )
    } else if said.contains("starttls") || said.contains("encrypt") {
        language.say(
            "Versuchen Sie `encryption = \"tls\"` mit Port 465; settled sendet nie unverschlüsselt.",
            "Try `encryption = \"tls\"` with port 465; settled never sends without encryption.",
        )
    } else {
        language.say("Prüfen Sie [mail] in der Konfiguration.", "Check [mail] in the configuration.")
    }
}
