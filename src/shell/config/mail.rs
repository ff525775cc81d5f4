//! How mail leaves.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::party::Email;

/// The mail settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailSettings {
    /// `folder` until a server is configured; then `smtp`.
    pub transport: Transport,
    /// Where the transport `folder` writes mails.
    pub folder: PathBuf,
    /// The sender's address; nothing: the business's.
    pub from: Option<Email>,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<Email>,
    /// The server.
    pub host: Option<String>,
    /// Its port; nothing: 465 with TLS from the first byte, 587 with STARTTLS.
    pub port: Option<u16>,
    /// How the connection is encrypted; unencrypted mail is not offered.
    pub encryption: Encryption,
    /// A certificate authority beside the system's, as a PEM file.
    pub ca_file: Option<PathBuf>,
    /// The user; nothing: the server asks for none.
    pub user: Option<String>,
    /// A file with the password, readable by its owner alone.
    pub password_file: Option<PathBuf>,
    /// The name of a credential of systemd with the password.
    pub password_credential: Option<String>,
    /// The most mails in a minute.
    pub per_minute: u32,
    /// Whether the sender's own mailbox gets a copy of each letter to a customer.
    pub archive: bool,
}

impl Default for MailSettings {
    fn default() -> Self {
        MailSettings {
            transport: Transport::default(),
            folder: "mail".into(),
            from: None,
            reply_to: None,
            host: None,
            port: None,
            encryption: Encryption::default(),
            ca_file: None,
            user: None,
            password_file: None,
            password_credential: None,
            per_minute: 30,
            archive: false,
        }
    }
}

/// How mail is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// Written as files; with `settled run` nothing counts as delivered by that.
    #[default]
    Folder,
    /// To a server.
    Smtp,
}

/// How the connection to the server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// TLS from the first byte.
    #[default]
    Tls,
    /// STARTTLS, never opportunistic.
    Starttls,
}

impl MailSettings {
    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.encryption {
            Encryption::Tls => 465,
            Encryption::Starttls => 587,
        })
    }
}
