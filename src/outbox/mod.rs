//! The outbox: what becomes of a letter that could not leave at once, and the name that all its attempts share.

mod event;
mod refusal;
mod state;
mod trouble;

pub use event::LetterEvent;
pub use refusal::{OF_CONTENT, RefusedRecipient, Remedy, answer};
pub use state::OutboxState;
pub use trouble::{MailFault, MailTrouble};

use chrono::{DateTime, Duration, Utc};

use crate::journal::Digest;

/// Returns the Message-ID of a letter, without angle brackets: a hash of the books' key, the letter's natural key and its round.
/// So a repeated attempt is the same mail, and a receiver can tell (fault invariant V2).
pub fn message_id(books_key: &str, kind: &str, about: &str, round: i64, domain: &str) -> String {
    let hash = Digest::new().text(books_key).text(kind).text(about).number(round).end();
    format!("{}.{round}@{domain}", &hash[..32])
}

/// What a try to hand a mail over came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it.
    Accepted {
        /// Its words.
        said: String,
        /// The addresses that it refused meanwhile.
        refused: Vec<RefusedRecipient>,
    },
    /// Certainly not taken; worth another try: greylisting, a limit, a server that is down.
    Deferred(String),
    /// Certainly not taken, and neither would the next one be: the server is down, or takes nothing now. The queue rests.
    Unreachable(MailTrouble),
    /// Certainly not taken, and never will be: the address or the content.
    Refused(String),
    /// Nobody knows: the connection broke between the data and the answer.
    Unclear(String),
    /// Our own settings: the login, the certificate. Nothing can leave until somebody mends them.
    Misconfigured(MailTrouble),
}

/// Returns when to try a deferred letter again: after 5 minutes, then twice as long each time, at most an hour (fault 14, 15).
pub fn next_try(attempts: i64, now: DateTime<Utc>) -> DateTime<Utc> {
    let doubled = 5_i64.saturating_mul(1 << attempts.clamp(1, 10).saturating_sub(1));
    now + Duration::minutes(doubled.min(60))
}

/// Returns whether a letter that was deferred so often and so long is given up: a full mailbox after three days (fault 17).
pub fn gives_up(first_try: DateTime<Utc>, now: DateTime<Utc>, mailbox_full: bool) -> bool {
    mailbox_full && now - first_try > Duration::days(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_keeps_its_name() {
        let first = message_id("books", "invoice", "RE-2026-0001", 1, "muster.example");
        assert_eq!(first, message_id("books", "invoice", "RE-2026-0001", 1, "muster.example"));
        assert!(first.ends_with(".1@muster.example") && first.len() == 32 + 17, "{first}");
        assert_ne!(first, message_id("books", "invoice", "RE-2026-0001", 2, "muster.example"));
        assert_ne!(first, message_id("other", "invoice", "RE-2026-0001", 1, "muster.example"));
    }

    #[test]
    fn tries_grow_rarer_up_to_an_hour() {
        let now: DateTime<Utc> = "2026-02-02T08:00:00Z".parse().unwrap();
        let minutes: Vec<i64> = [1, 2, 3, 4, 5, 50].map(|n| (next_try(n, now) - now).num_minutes()).to_vec();
        assert_eq!(minutes, [5, 10, 20, 40, 60, 60]);
        assert!(!gives_up(now, now + Duration::days(2), true) && gives_up(now, now + Duration::days(4), true));
        assert!(!gives_up(now, now + Duration::days(40), false), "a server that is down is waited for");
    }
}
