//! The note that lies beside a bank file, or a part of one, that is not booked.

use super::not_read::{NotRead, told};
use crate::language::Language;

/// The note that lies beside what was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note<'n> {
    /// Nothing of a file is booked.
    OfFile {
        /// The file's name.
        file: &'n str,
        /// Why.
        why: &'n NotRead,
    },
    /// Some of a file is not booked: members of an archive by name, statements without one.
    OfParts {
        /// The file's name.
        file: &'n str,
        /// The parts, and why.
        parts: Vec<(String, NotRead)>,
    },
    /// What a command of the owner's did not read of a file.
    AtCommand {
        /// The file's name.
        file: &'n str,
        /// The parts by name, and why.
        parts: Vec<(String, NotRead)>,
    },
}

impl Note<'_> {
    /// Says it in a language of the owner's.
    pub fn words(&self, language: Language) -> String {
        match self {
            Note::OfFile { file, why } => {
                let why = why.words(language);
                language.say(
                    format!("{file} wurde nicht gelesen: {why}\n\nGebucht wurde nichts.\n"),
                    format!("{file} was not read: {why}\n\nNothing was booked.\n"),
                )
            }
            Note::OfParts { file, parts } => {
                let of_file = parts.iter().all(|(member, _)| member.is_empty());
                let count = match of_file {
                    true => language.count(parts.len(), ("Konto", "Konten"), ("account", "accounts")),
                    false => language.count(parts.len(), ("Datei", "Dateien"), ("member", "members")),
                };
                let is_one = parts.len() == 1;
                let were = language.say(if is_one { "wurde" } else { "wurden" }, if is_one { "was" } else { "were" });
                let told = told(parts, language);
                language.say(
                    format!("{count} in {file} {were} nicht gebucht. Alles andere darin schon.\n\n{told}\n"),
                    format!("{count} of {file} {were} not booked. Everything else in it was.\n\n{told}\n"),
                )
            }
            Note::AtCommand { file, parts } => {
                let told = told(parts, language);
                language.say(
                    format!("{file} wurde nicht gelesen, oder nicht ganz.\n\n{told}\n"),
                    format!("{file} was not read, or not as a whole.\n\n{told}\n"),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::money::{Amount, Currency};
    use crate::statement::ACCEPT_FILE;

    #[test]
    fn a_note_says_where_what_by_how_much_and_what_to_do() {
        let off = NotRead::Off {
            account: "Geschäftskonto".to_owned(),
            currency: Currency::EUR,
            statement: Some("2026-7".to_owned()),
            closes_on: NaiveDate::from_ymd_opt(2026, 6, 30),
            opening: Amount::from_minor(10_000),
            count: 2,
            entries: Amount::from_minor(119_000),
            closing: Amount::from_minor(130_000),
        };
        let note = Note::OfFile { file: "juni.xml", why: &off }.words(Language::GERMAN);
        let lines: Vec<&str> = note.lines().collect();
        assert_eq!(lines[0], "juni.xml wurde nicht gelesen: die Buchungen gehen nicht auf.");
        assert_eq!(lines[2], "  Konto              Geschäftskonto, Auszug 2026-7 vom 30.06.2026");
        assert_eq!(lines[6], "  Endsaldo           1.300,00 EUR    10,00 EUR mehr als die Buchungen");
        assert!(lines[8].contains(ACCEPT_FILE), "{note}");
    }
}
