//! A real mail server on loopback (`tests/tools/mailbox.py`), for as long as a test lasts.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The server; it ends with the test.
pub struct Mailbox {
    child: Child,
    facts: Value,
}

impl Mailbox {
    /// Starts it; nothing where its parts are not installed.
    pub fn start() -> Option<Mailbox> {
        let there = |program: &str| {
            let paths = std::env::var("PATH").unwrap_or_default();
            paths.split(':').chain(["/usr/sbin"]).any(|folder| PathBuf::from(folder).join(program).exists())
        };
        let missing: Vec<_> = ["python3", "openssl", "dovecot"].into_iter().filter(|p| !there(p)).collect();
        if !missing.is_empty() {
            crate::skipped(&format!("{} not installed (Debian: dovecot-imapd)", missing.join(", ")));
            return None;
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/mailbox.py");
        let mut child = Command::new("python3")
            .args([script, "run", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let facts = serde_json::from_str(&line).unwrap_or_else(|error| panic!("mailbox.py: {error}: {line}"));
        Some(Mailbox { child, facts })
    }

    /// Returns the `[mail]` table of a configuration that sends to it.
    pub fn settings(&self, password_file: &str) -> String {
        format!(
            "[mail]\ntransport = \"smtp\"\nhost = \"localhost\"\nport = {}\nca_file = \"{}\"\n\
             user = \"rechnung@muster.test\"\npassword_file = \"{password_file}\"\nper_minute = 1000\n",
            self.facts["smtps"],
            self.facts["ca"].as_str().unwrap()
        )
    }

    /// Returns the port of one of its doors, such as `smtp_plain`.
    pub fn port(&self, name: &str) -> u64 {
        self.facts[name].as_u64().unwrap()
    }

    /// Returns its password.
    pub fn password(&self) -> &str {
        self.facts["password"].as_str().unwrap()
    }

    /// Counts how many copies of a mail were delivered.
    pub fn count(&self, message_id: &str) -> usize {
        let answer = self.tell(&format!("count <{message_id}>"));
        answer.trim().strip_prefix("ok ").and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{answer}"))
    }

    /// Sets a fault of its connections, or clears them.
    pub fn tell(&self, command: &str) -> String {
        let port = u16::try_from(self.facts["control"].as_u64().unwrap()).unwrap();
        let mut control = TcpStream::connect(("127.0.0.1", port)).unwrap();
        writeln!(control, "{command}").unwrap();
        let mut answer = String::new();
        BufReader::new(control).read_line(&mut answer).unwrap();
        answer
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        // Its standard input ends, and with it the servers.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
