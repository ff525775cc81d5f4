//! Trying the mail out.

use std::path::Path;

use crate::cli::opening::reading_office;
use crate::cli::outcome::{Failure, Outcome};
use crate::jobs::mailroom::direct::mail_test;
use crate::outbox::Outcome as Delivered;
use crate::shell::config::Transport;

/// Sends a mail to the owner, and explains what is wrong when it fails.
pub async fn test(file: &Path) -> Result<Outcome, Failure> {
    let office = reading_office(file).await?;
    let mail = &office.config.mail;
    if mail.transport == Transport::Folder {
        println!(
            "Letters are written as files into {}; no mail server is configured.\n\
             Set `transport = \"smtp\"` and `host` under [mail] in {}, then try again.",
            mail.folder.display(),
            file.display()
        );
        return Ok(Outcome::No);
    }
    let server = format!("{}:{}", mail.host.as_deref().unwrap_or("?"), mail.port());
    let (to, outcome) = mail_test(&office).await?;
    match outcome {
        Delivered::Accepted { said, .. } => {
            println!("{server} took a mail to {to}: {said}\nLook whether it arrived, and not among the junk.");
            Ok(Outcome::Fine)
        }
        Delivered::Misconfigured(words) => {
            let advice = advice(&words);
            Err(Failure::Usage(format!("{server} takes nothing: {words}\n{advice}")))
        }
        Delivered::Refused(words) => Err(Failure::World(format!(
            "{server} refuses mail to {to}: {words}\nCorrect `email` under [owner], or the sender `from` under [mail]."
        ))),
        Delivered::Deferred(words) | Delivered::Unreachable(words) => Err(Failure::World(format!(
            "{server} did not take the mail now: {words}\n\
             Check `host` and `port` under [mail], and whether this machine reaches the server. Letters would be tried again by themselves."
        ))),
        Delivered::Unclear(words) => Err(Failure::World(format!(
            "{server} broke off while it took the mail: {words}\nLook whether it arrived; then try again."
        ))),
    }
}

/// Says what to change for a failure of the settings.
fn advice(words: &str) -> &'static str {
    let said = words.to_lowercase();
    if said.contains("certificate") || said.contains("unknownissuer") || said.contains("notvalidforname") {
        "The server's certificate does not fit `host`; write the name that it carries, or give `ca_file` for an authority of your own."
    } else if said.contains("the secret in") || said.contains("the credential") {
        "Write the password there, in a file for its owner alone: chmod 600."
    } else if said.contains("login") || said.contains("535") {
        "Check `user` and the password under [mail]; many providers want a password made for programs."
    } else if said.contains("starttls") || said.contains("encrypt") {
        "Try `encryption = \"tls\"` with port 465; settled never sends without encryption."
    } else {
        "Check [mail] in the configuration."
    }
}
