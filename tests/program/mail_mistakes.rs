//! What is wrong with the settings of the mail, against a real server: each mistake says where, what, and what now.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::process::Command;

use crate::business::{Business, PROGRAM};
use crate::mailbox::Mailbox;

/// Tries the mail out. Returns the exit code, and what was said.
fn mail_test(business: &Business, language: &str) -> (i32, String) {
    let mut command = Command::new(PROGRAM);
    command.args(["mail", "test", "--config"]).arg(business.path("settled.toml"));
    let output = command.env("SETTLED__OWNER__LANGUAGE", language).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_in_the_settings_of_the_mail_says_what_now() {
    let Some(mailbox) = Mailbox::start() else { return };
    let business = Business::new(&mailbox, "mistakes").await;
    for (name, mode) in [("wrong.password", 0o600), ("open.password", 0o644)] {
        fs::write(business.path(name), "wrong").unwrap();
        fs::set_permissions(business.path(name), Permissions::from_mode(mode)).unwrap();
    }
    let right = fs::read_to_string(business.path("settled.toml")).unwrap();
    let port = |name: &str| format!("port = {}", mailbox.port(name));
    let (smtps, user) = (port("smtps"), "user = \"rechnung@muster.test\"\n");
    let password = "password_file = \"smtp.password\"\n";
    let (host, authority) =
        ("host = \"localhost\"", right.lines().find(|line| line.starts_with("ca_file")).unwrap().to_owned());
    let starttls = |port: &str| format!("{port}\nencryption = \"starttls\"");
    let instead = |from: &str, to: &str| {
        assert!(right.contains(from), "{from}");
        right.replace(from, to)
    };
    let table = [
        (right.clone(), 0, ["took a mail", "hat eine Mail"]),
        (instead(&smtps, &starttls(&port("smtp"))), 0, ["took a mail", "hat eine Mail"]),
        // Each of the two kinds of TLS where the other one is spoken.
        (
            instead(&smtps, &port("smtp")),
            2,
            ["`encryption = \"starttls\"`", "Schreiben Sie `encryption = \"starttls\"`"],
        ),
        (
            instead(&smtps, &starttls(&smtps)),
            2,
            ["Write `encryption = \"tls\"`", "Schreiben Sie `encryption = \"tls\"`"],
        ),
        (
            instead(&smtps, "port = 587"),
            2,
            ["Write `encryption = \"starttls\"`", "passt nicht zu `encryption = \"tls\"`"],
        ),
        (instead(&smtps, &starttls("port = 465")), 2, ["or `port = 587`", "oder `port = 587`"]),
        (instead(&smtps, &starttls(&port("smtp_plain"))), 2, ["no encryption", "keine Verschlüsselung"]),
        (instead(&smtps, &port("imaps")), 2, ["no server that sends mail", "kein Mailserver"]),
        (instead(&authority, ""), 2, ["Nobody whom this machine trusts", "`ca_file = \"ca.pem\"`"]),
        (instead(&smtps, &port("smtps_wronghost")), 2, ["is for another name", "anderen Namen als `host`"]),
        (instead(host, "host = \"smtp.nowhere.invalid\""), 3, ["Correct `host`", "Berichtigen Sie `host`"]),
        (instead(&smtps, "port = 1"), 3, ["does not answer", "antwortet nicht"]),
        (instead(&format!("{user}{password}"), ""), 2, ["Add `user`", "Ergänzen Sie unter [mail] `user`"]),
        (
            instead("smtp.password", "wrong.password"),
            2,
            ["does not take user and password", "nimmt Benutzer und Kennwort nicht"],
        ),
        (instead("smtp.password", "open.password"), 2, ["chmod 600", "chmod 600"]),
        (instead("smtp.password", "no.password"), 2, ["There is no file with the password", "gibt es nicht"]),
        (instead(password, "password_credential = \"smtp\"\n"), 2, ["LoadCredential=smtp:", "LoadCredential=smtp:"]),
    ];
    for (settings, code, expected) in table {
        fs::write(business.path("settled.toml"), &settings).unwrap();
        for (language, words) in ["en", "de"].into_iter().zip(expected) {
            let (got, said) = mail_test(&business, language);
            assert!(got == code && said.contains(words), "{got}: {said}\nfor {settings}");
            assert!(
                said.contains("localhost:") || said.contains("nowhere") || said.contains("settled.toml:"),
                "{said}"
            );
        }
    }
}

/// What root may read proves nothing: root tries it as whom the books belong to.
#[tokio::test(flavor = "multi_thread")]
async fn root_tries_the_mail_as_the_service_would() {
    if settled::shell::system::user_name() != "root" {
        return crate::skipped("only root can give files to others");
    }
    let Some(mailbox) = Mailbox::start() else { return };
    let business = Business::new(&mailbox, "root").await;
    let nobody = 65534;
    let give = |path: &std::path::Path| chown(path, Some(nobody), Some(nobody)).unwrap();
    fs::set_permissions(business.path(""), Permissions::from_mode(0o755)).unwrap();
    give(&business.path("data"));
    fs::read_dir(business.path("data")).unwrap().for_each(|entry| give(&entry.unwrap().path()));

    let (code, said) = mail_test(&business, "en");
    let file = business.path("smtp.password").display().to_string();
    assert!(code == 2 && said.contains("runs as nobody") && said.contains(&format!("chown nobody {file}")), "{said}");
    give(&business.path("smtp.password"));
    assert_eq!(mail_test(&business, "en").0, 0);
    // Nothing was made that belongs to root: the daemon could not write it.
    for entry in fs::read_dir(business.path("data")).unwrap() {
        let owner = std::os::unix::fs::MetadataExt::uid(&entry.unwrap().metadata().unwrap());
        assert_eq!(owner, nobody);
    }
}
