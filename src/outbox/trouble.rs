//! What keeps all mail from leaving, although no letter is wrong: the way to the server, its certificate, the login, the password's file.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// Why no mail can leave: what is wrong, and what was said about it, for whoever has to look closer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailTrouble {
    /// What is wrong.
    pub fault: MailFault,
    /// The words of the server, or of the system; they are in English.
    pub said: String,
}

impl MailTrouble {
    /// Names what is wrong.
    pub fn new(fault: MailFault, said: impl Into<String>) -> MailTrouble {
        MailTrouble { fault, said: said.into() }
    }
}

impl fmt::Display for MailTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

/// What is wrong with the way mail leaves.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailFault {
    /// The server's name is not found.
    HostUnknown,
    /// Nobody listens there, or nobody lets us through.
    NotReached,
    /// What answers there speaks no SMTP.
    NoMailServer,
    /// The server begins in clear, as on port 587, and we with TLS.
    BeginsInClear,
    /// The server begins with TLS, as on port 465, and we in clear.
    BeginsWithTls,
    /// The server offers no encryption.
    NoEncryption,
    /// Nobody whom this machine trusts vouches for the certificate.
    CertificateUntrusted,
    /// The certificate is for another name.
    CertificateOfAnother,
    /// The certificate is past its day, or before it.
    CertificateExpired,
    /// The certificate is refused for another reason.
    CertificateBad,
    /// The file of the own authority cannot be used.
    AuthorityUnreadable,
    /// The server wants a login, and no user is set.
    LoginWanted,
    /// A user is set, and the server offers no login.
    LoginNotOffered,
    /// User or password are not what the server knows.
    LoginRefused,
    /// The file with the password is not there.
    PasswordMissing {
        /// The file.
        file: String,
    },
    /// The file with the password cannot be read by whom the program runs as.
    PasswordUnreadable {
        /// The file.
        file: String,
        /// Who cannot read it.
        user: String,
    },
    /// Others may read the file with the password.
    PasswordOpen {
        /// The file.
        file: String,
    },
    /// systemd hands over no credential of this name.
    CredentialMissing {
        /// Its name.
        name: String,
    },
    /// The sender's address is not taken.
    SenderRefused,
    /// Something else; the words say it.
    #[default]
    Other,
}

impl MailFault {
    /// Tells whether nothing is known but what was said.
    pub fn is_other(&self) -> bool {
        *self == MailFault::Other
    }

    /// Tells whether what was said adds nothing to its words.
    pub fn says_it_all(&self) -> bool {
        use MailFault::{CredentialMissing, PasswordMissing, PasswordOpen};
        matches!(self, PasswordMissing { .. } | PasswordOpen { .. } | CredentialMissing { .. })
    }

    /// Says what is wrong, as a sentence.
    pub fn words(&self, language: Language) -> String {
        match language {
            Language::De(_) => self.german(),
            Language::En => self.english(),
        }
    }

    fn german(&self) -> String {
        match self {
            MailFault::HostUnknown => "Einen Server dieses Namens gibt es nicht, oder dieser Rechner kommt nicht ins Netz.".into(),
            MailFault::NotReached => "Der Server antwortet nicht.".into(),
            MailFault::NoMailServer => "Was dort antwortet, ist kein Mailserver für den Versand.".into(),
            MailFault::BeginsInClear => {
                "Der Server verschlüsselt erst nach STARTTLS, settled beginnt aber mit TLS (`encryption = \"tls\"`).".into()
            }
            MailFault::BeginsWithTls => {
                "Der Server erwartet TLS vom ersten Byte an, settled wartet aber auf seine Begrüßung (`encryption = \"starttls\"`).".into()
            }
            MailFault::NoEncryption => "Der Server bietet keine Verschlüsselung an (STARTTLS).".into(),
            MailFault::CertificateUntrusted => "Für das Zertifikat des Servers bürgt niemand, dem dieser Rechner traut.".into(),
            MailFault::CertificateOfAnother => "Das Zertifikat des Servers gilt für einen anderen Namen als `host`.".into(),
            MailFault::CertificateExpired => {
                "Das Zertifikat des Servers gilt heute nicht: es ist abgelaufen, oder die Uhr dieses Rechners geht falsch.".into()
            }
            MailFault::CertificateBad => "Das Zertifikat des Servers taugt nicht.".into(),
            MailFault::AuthorityUnreadable => "Die Datei der eigenen Zertifizierungsstelle (`ca_file`) ist nicht zu verwenden.".into(),
            MailFault::LoginWanted => "Der Server verlangt eine Anmeldung, und es ist kein Benutzer eingetragen.".into(),
            MailFault::LoginNotOffered => "Ein Benutzer ist eingetragen, aber der Server bietet keine Anmeldung an.".into(),
            MailFault::LoginRefused => "Der Server nimmt Benutzer und Kennwort nicht an.".into(),
            MailFault::PasswordMissing { file } => format!("Die Datei mit dem Kennwort gibt es nicht: {file}."),
            MailFault::PasswordUnreadable { file, user } => {
                format!("Der Dienst läuft als {user} und darf die Datei mit dem Kennwort nicht lesen: {file}.")
            }
            MailFault::PasswordOpen { file } => format!("Auch andere dürfen die Datei mit dem Kennwort lesen: {file}."),
            MailFault::CredentialMissing { name } => {
                format!("systemd hat kein Credential `{name}` übergeben (`password_credential`).")
            }
            MailFault::SenderRefused => "Der Server nimmt von diesem Absender nichts an.".into(),
            MailFault::Other => "Der Mailserver nimmt nichts an.".into(),
        }
    }

    fn english(&self) -> String {
        match self {
            MailFault::HostUnknown => "There is no server of this name, or this machine has no network.".into(),
            MailFault::NotReached => "The server does not answer.".into(),
            MailFault::NoMailServer => "What answers there is no server that sends mail.".into(),
            MailFault::BeginsInClear => {
                "The server encrypts after STARTTLS only, and settled begins with TLS (`encryption = \"tls\"`).".into()
            }
            MailFault::BeginsWithTls => {
                "The server expects TLS from the first byte, and settled waits for its greeting (`encryption = \"starttls\"`).".into()
            }
            MailFault::NoEncryption => "The server offers no encryption (STARTTLS).".into(),
            MailFault::CertificateUntrusted => "Nobody whom this machine trusts vouches for the server's certificate.".into(),
            MailFault::CertificateOfAnother => "The server's certificate is for another name than `host`.".into(),
            MailFault::CertificateExpired => {
                "The server's certificate is not valid today: it has expired, or this machine's clock is wrong.".into()
            }
            MailFault::CertificateBad => "The server's certificate is no good.".into(),
            MailFault::AuthorityUnreadable => "The file of your own authority (`ca_file`) cannot be used.".into(),
            MailFault::LoginWanted => "The server wants a login, and no user is set.".into(),
            MailFault::LoginNotOffered => "A user is set, but the server offers no login.".into(),
            MailFault::LoginRefused => "The server does not take user and password.".into(),
            MailFault::PasswordMissing { file } => format!("There is no file with the password: {file}."),
            MailFault::PasswordUnreadable { file, user } => {
                format!("The service runs as {user} and may not read the file with the password: {file}.")
            }
            MailFault::PasswordOpen { file } => format!("Others may read the file with the password: {file}."),
            MailFault::CredentialMissing { name } => {
                format!("systemd handed over no credential `{name}` (`password_credential`).")
            }
            MailFault::SenderRefused => "The server takes nothing from this sender.".into(),
            MailFault::Other => "The mail server takes nothing.".into(),
        }
    }

    /// Says what to do now.
    pub fn advice(&self, language: Language) -> String {
        let plain = |german: &str, english: &str| language.say(german, english).to_owned();
        match self {
            MailFault::HostUnknown => plain(
                "Berichtigen Sie `host` unter [mail]; Ihr Anbieter nennt den Namen als \"Postausgangsserver\" oder \"SMTP-Server\".",
                "Correct `host` under [mail]; your provider calls it \"outgoing server\" or \"SMTP server\".",
            ),
            MailFault::NotReached => plain(
                "Prüfen Sie `host` und `port` unter [mail] (465 mit tls, 587 mit starttls), und ob eine Firewall diesen Rechner nicht \
                 hinauslässt.",
                "Check `host` and `port` under [mail] (465 with tls, 587 with starttls), and whether a firewall keeps this machine in.",
            ),
            MailFault::NoMailServer => plain(
                "Berichtigen Sie `port` unter [mail]: 465 mit tls, 587 mit starttls; 993 und 995 sind zum Abholen da.",
                "Correct `port` under [mail]: 465 with tls, 587 with starttls; 993 and 995 are for fetching mail.",
            ),
            MailFault::BeginsInClear => plain(
                "Schreiben Sie `encryption = \"starttls\"` unter [mail], oder lassen Sie `port` weg: dann gilt 465 mit tls.",
                "Write `encryption = \"starttls\"` under [mail], or leave out `port`: then it is 465 with tls.",
            ),
            MailFault::BeginsWithTls => plain(
                "Schreiben Sie `encryption = \"tls\"` unter [mail], oder lassen Sie `port` weg: dann gilt 587 mit starttls.",
                "Write `encryption = \"tls\"` under [mail], or leave out `port`: then it is 587 with starttls.",
            ),
            MailFault::NoEncryption => plain(
                "Versuchen Sie `encryption = \"tls\"` ohne `port` (465); settled sendet nie unverschlüsselt.",
                "Try `encryption = \"tls\"` without `port` (465); settled never sends without encryption.",
            ),
            MailFault::CertificateUntrusted => plain(
                "Ist es ein Server mit eigener Zertifizierungsstelle, nennen Sie deren Zertifikat: `ca_file = \"ca.pem\"` unter [mail]. Sonst \
                 aktualisieren Sie die Zertifikate dieses Rechners (Paket ca-certificates).",
                "If the server has an authority of its own, name its certificate: `ca_file = \"ca.pem\"` under [mail]. Else bring the \
                 certificates of this machine up to date (package ca-certificates).",
            ),
            MailFault::CertificateOfAnother => plain(
                "Schreiben Sie als `host` unter [mail] den Namen, der im Zertifikat steht; Ihr Anbieter nennt ihn.",
                "Write the name that the certificate carries as `host` under [mail]; your provider tells it.",
            ),
            MailFault::CertificateExpired => plain(
                "Vergleichen Sie die Uhr (`date`); geht sie richtig, muss der Betreiber des Servers sein Zertifikat erneuern.",
                "Compare the clock (`date`); if it is right, whoever runs the server has to renew its certificate.",
            ),
            MailFault::CertificateBad => plain(
                "Fragen Sie den Betreiber des Servers; ohne gültiges Zertifikat sendet settled nichts.",
                "Ask whoever runs the server; without a valid certificate settled sends nothing.",
            ),
            MailFault::AuthorityUnreadable => plain(
                "Nennen Sie unter `ca_file` eine PEM-Datei, die der Dienst lesen darf; sie beginnt mit -----BEGIN CERTIFICATE-----.",
                "Name a PEM file under `ca_file` that the service may read; it begins with -----BEGIN CERTIFICATE-----.",
            ),
            MailFault::LoginWanted => plain(
                "Ergänzen Sie unter [mail] `user`, meist die E-Mail-Adresse des Postfachs, und `password_file` mit der Datei, in der das \
                 Kennwort steht.",
                "Add `user` under [mail], mostly the address of the mailbox, and `password_file` with the file that holds the password.",
            ),
            MailFault::LoginNotOffered => plain(
                "Prüfen Sie `port` unter [mail]: angemeldet wird auf 465 oder 587, nicht auf 25. Braucht der Server keine Anmeldung, entfernen \
                 Sie `user` und das Kennwort.",
                "Check `port` under [mail]: one logs in on 465 or 587, not on 25. If the server needs no login, remove `user` and the password.",
            ),
            MailFault::LoginRefused => plain(
                "Prüfen Sie `user` und das Kennwort unter [mail]; viele Anbieter verlangen ein eigenes Kennwort für Programme.",
                "Check `user` and the password under [mail]; many providers want a password made for programs.",
            ),
            MailFault::PasswordMissing { file } => language.say(
                format!("Schreiben Sie das Kennwort in {file}, in eine einzige Zeile, und dann: chmod 600 {file}"),
                format!("Write the password into {file}, in a single line, and then: chmod 600 {file}"),
            ),
            MailFault::PasswordUnreadable { file, user } => language.say(
                format!("Geben Sie ihm die Datei: sudo chown {user} {file} && sudo chmod 600 {file}; auch die Ordner darüber muss er betreten dürfen."),
                format!("Give it the file: sudo chown {user} {file} && sudo chmod 600 {file}; it must be let into the folders above as well."),
            ),
            MailFault::PasswordOpen { file } => {
                language.say(format!("Nehmen Sie es ihnen: chmod 600 {file}"), format!("Take that from them: chmod 600 {file}"))
            }
            MailFault::CredentialMissing { name } => language.say(
                format!(
                    "Ergänzen Sie LoadCredential={name}:/etc/settled/credentials/{name} in der Unit (systemctl edit settled). Von Hand hat ein \
                     Befehl keine Credentials; so probieren Sie es mit ihnen: sudo systemd-run --pipe --wait -p User=settled \
                     -p LoadCredential={name}:/etc/settled/credentials/{name} settled mail test"
                ),
                format!(
                    "Add LoadCredential={name}:/etc/settled/credentials/{name} to the unit (systemctl edit settled). A command by hand has no \
                     credentials; this tries it with them: sudo systemd-run --pipe --wait -p User=settled \
                     -p LoadCredential={name}:/etc/settled/credentials/{name} settled mail test"
                ),
            ),
            MailFault::SenderRefused => plain(
                "Setzen Sie `from` unter [mail] auf eine Adresse, von der dieses Postfach senden darf, meist die eigene.",
                "Set `from` under [mail] to an address that this mailbox may send from, mostly its own.",
            ),
            MailFault::Other => plain(
                "Die Antwort sagt, woran es liegt; sonst prüfen Sie [mail] in der Konfiguration.",
                "The answer says what it is about; else check [mail] in the configuration.",
            ),
        }
    }
}
