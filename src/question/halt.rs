//! Why nothing may be done at all until the owner has looked: safe mode, or a clock in doubt.

use chrono::NaiveDate;
use serde::Serialize;

use crate::language::Language;

/// Why nothing may be done until the owner has looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Halt {
    /// The clock went back behind what the books say (fault 10).
    ClockBehind {
        /// What the clock says.
        today: NaiveDate,
        /// The last day on which the books were written.
        last: NaiveDate,
    },
    /// The last run is so long ago that the clock may have jumped ahead (fault 9).
    ClockAhead {
        /// What the clock says.
        today: NaiveDate,
        /// The day of the last run.
        last: NaiveDate,
    },
    /// The issue journal belongs to other books.
    OtherBooks {},
    /// The books do not know what the issue journal names: an older backup was restored (fault 34).
    OlderBooks {
        /// What the journal names: a number, or what a letter was about.
        about: String,
        /// Whether a server took it; otherwise it was issued for delivery by hand.
        sent: bool,
        /// Where the journal lies.
        journal: String,
    },
}

impl Halt {
    /// Says it in a language: a sentence without capital and full stop.
    pub fn words(&self, language: Language) -> String {
        let day = |day: &NaiveDate| language.day(*day);
        match self {
            Halt::ClockBehind { today, last } => {
                let (today, last) = (day(today), day(last));
                language.say(
                    format!("die Uhr sagt {today}, aber die Bücher wurden am {last} geschrieben; stellen Sie die Uhr"),
                    format!("the clock says {today}, but the books were written on {last}; set the clock"),
                )
            }
            Halt::ClockAhead { today, last } => {
                let (today, last) = (day(today), day(last));
                language.say(
                    format!(
                        "die Uhr sagt {today}, aber der letzte Lauf war am {last}. Wenn sie nicht stimmt, stellen Sie die Uhr; wenn das \
                         richtig ist, bestätigen Sie es mit: settled resume clock"
                    ),
                    format!(
                        "the clock says {today}, but the last run was on {last}. If it is wrong, set the clock; if that is right, say: \
                         settled resume clock"
                    ),
                )
            }
            Halt::OtherBooks {} => language
                .say(
                    "das Ausgangsjournal gehört zu anderen Büchern; berichtigen Sie `paths.issue_journal`",
                    "the issue journal belongs to other books; correct `paths.issue_journal`",
                )
                .to_owned(),
            Halt::OlderBooks { about, sent, journal } => {
                let fate = match sent {
                    true => language.say("ging hinaus", "left"),
                    false => language.say("wurde zur Zustellung von Hand gestellt", "was issued for delivery by hand"),
                };
                language.say(
                    format!(
                        "{about} {fate}, aber die Bücher kennen es nicht: eine ältere Sicherung wurde eingespielt. Spielen Sie die neueste \
                         ein; {journal} nennt die Nummern und Mails, die verbraucht sind"
                    ),
                    format!(
                        "{about} {fate}, but the books do not know it: an older backup was restored. Restore the newest one; {journal} \
                         lists the numbers and mails that are used up"
                    ),
                )
            }
        }
    }
}
