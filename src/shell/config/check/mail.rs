//! How mail leaves.

use crate::book::Complaints;
use crate::shell::config::mail::{Encryption, MailSettings, Transport};

pub(super) fn check(mail: &MailSettings, complaints: &mut Complaints<'_>) {
    complaints.whole(
        &["mail", "per_minute"],
        mail.per_minute,
        1..=6000,
        (
            "bei 0 ginge nie etwas hinaus, und wer schneller ist, wird vom Anbieter gesperrt",
            "with 0 nothing would ever leave, and who is faster is blocked by the provider",
        ),
        30,
    );
    if mail.port == Some(0) {
        complaints.wrong(
            &["mail", "port"],
            ("einen Port 0 gibt es nicht.", "there is no port 0."),
            (
                "Lassen Sie `port` weg: 465 mit tls, 587 mit starttls.",
                "Leave out `port`: 465 with tls, 587 with starttls.",
            ),
        );
    }
    port_and_encryption_fit(mail, complaints);
    if let Some(host) = &mail.host {
        host_is_a_name(host, complaints);
    }
    password(mail, complaints);
    match mail.transport {
        Transport::Smtp if mail.host.is_none() => complaints.missing(
            &["mail", "transport"],
            ("Post über SMTP braucht einen Server.", "mail by SMTP needs a server."),
            ("Ergänzen Sie `host = \"smtp.example.com\"`.", "Add `host = \"smtp.example.com\"`."),
        ),
        // Who writes `folder` knows that nothing leaves; who names a server and no transport does not.
        Transport::Folder if mail.host.is_some() && !complaints.says(&["mail", "transport"]) => complaints
            .without_effect(
                &["mail", "host"],
                (
                    "ohne `transport = \"smtp\"` werden Briefe nur als Dateien abgelegt und erreichen niemanden",
                    "without `transport = \"smtp\"` letters are written as files only and reach nobody",
                ),
                (
                    "Ergänzen Sie `transport = \"smtp\"`; zum Ausprobieren `transport = \"folder\"`.",
                    "Add `transport = \"smtp\"`; or `transport = \"folder\"` for trying out.",
                ),
            ),
        Transport::Smtp | Transport::Folder => {}
    }
}

/// On 465 TLS is spoken from the first byte, on 587 and 25 after STARTTLS (RFC 8314, section 3.3).
fn port_and_encryption_fit(mail: &MailSettings, complaints: &mut Complaints<'_>) {
    let (right, advice) = match (mail.port, mail.encryption) {
        (Some(25 | 587), Encryption::Tls) => (
            ("dort beginnt der Server unverschlüsselt", "there the server begins in clear"),
            (
                "Schreiben Sie `encryption = \"starttls\"`, oder `port = 465`.",
                "Write `encryption = \"starttls\"`, or `port = 465`.",
            ),
        ),
        (Some(465), Encryption::Starttls) => (
            ("dort erwartet der Server TLS vom ersten Byte an", "there the server expects TLS from the first byte"),
            (
                "Schreiben Sie `encryption = \"tls\"`, oder `port = 587`.",
                "Write `encryption = \"tls\"`, or `port = 587`.",
            ),
        ),
        _ => return,
    };
    let (port, kind) = (mail.port(), if mail.encryption == Encryption::Tls { "tls" } else { "starttls" });
    complaints.wrong(
        &["mail", "port"],
        (
            format!("der Port {port} passt nicht zu `encryption = \"{kind}\"`: {}.", right.0),
            format!("the port {port} does not fit `encryption = \"{kind}\"`: {}.", right.1),
        ),
        advice,
    );
}

fn host_is_a_name(host: &str, complaints: &mut Complaints<'_>) {
    let is_name = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
    let is_address = host.parse::<std::net::IpAddr>().is_ok();
    if !is_name && !is_address {
        complaints.wrong(
            &["mail", "host"],
            (
                format!("`{host}` ist kein Name eines Servers; er steht ohne `smtp://` und ohne Port."),
                format!("`{host}` is not the name of a server; it stands without `smtp://` and without a port."),
            ),
            (
                "Schreiben Sie `host = \"smtp.example.com\"`, und den Port als `port = 465`.",
                "Write `host = \"smtp.example.com\"`, and the port as `port = 465`.",
            ),
        );
    }
}

/// A user has one password, and a password a user.
fn password(mail: &MailSettings, complaints: &mut Complaints<'_>) {
    let key = if mail.password_file.is_some() { "password_file" } else { "password_credential" };
    let has_password = mail.password_file.is_some() || mail.password_credential.is_some();
    if mail.password_file.is_some() && mail.password_credential.is_some() {
        complaints.without_effect(
            &["mail", "password_credential"],
            ("das Passwort kommt aus `password_file`", "the password comes from `password_file`"),
            ("Behalten Sie eines von beiden.", "Keep one of both."),
        );
    }
    match &mail.user {
        Some(user) => {
            complaints.line_of_text(&["mail", "user"], user);
            if !has_password {
                complaints.missing(
                    &["mail", "user"],
                    ("der Benutzer der Post hat kein Passwort.", "the mail user has no password."),
                    (
                        "Ergänzen Sie `password_file`, oder `password_credential` mit dem Namen eines Credentials von systemd.",
                        "Add `password_file`, or `password_credential` with the name of a credential of systemd.",
                    ),
                );
            }
        }
        None if has_password => complaints.without_effect(
            &["mail", key],
            ("ohne `user` meldet sich niemand beim Server an", "without `user` nobody logs in to the server"),
            (
                "Ergänzen Sie `user`, meist die E-Mail-Adresse des Postfachs.",
                "Add `user`, mostly the address of the mailbox.",
            ),
        ),
        None => {}
    }
}
