//! Files that lie in the book and are not read: whoever saved one believes that it counts.

use serde::Serialize;

use super::read::EntryKind;
use crate::language::Language;

/// Something in the book that is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Its path, relative to the configuration: `book/recurring/v1.toml.txt`.
    pub path: String,
    /// Why it is not read.
    pub why: WhyUnread,
}

/// Why something in the book is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyUnread {
    /// Its name does not end with `.toml`.
    Name,
    /// It lies in a folder below one of the four.
    SubFolder,
    /// It lies beside the four folders, or in another one.
    Elsewhere,
    /// There is no book at all.
    NoBook,
}

impl WhyUnread {
    /// Returns the word for programs.
    pub const fn name(self) -> &'static str {
        match self {
            WhyUnread::Name => "name",
            WhyUnread::SubFolder => "sub_folder",
            WhyUnread::Elsewhere => "elsewhere",
            WhyUnread::NoBook => "no_book",
        }
    }

    /// Says it.
    pub fn words(self, language: Language) -> &'static str {
        match self {
            WhyUnread::Name => language.say("der Name endet nicht auf .toml", "its name does not end with .toml"),
            WhyUnread::SubFolder => language.say("liegt in einem Unterordner", "it lies in a folder within"),
            WhyUnread::Elsewhere => language.say(
                "liegt nicht in customers, recurring, invoices oder quotes",
                "it lies in none of customers, recurring, invoices and quotes",
            ),
            WhyUnread::NoBook => language.say("diesen Ordner gibt es nicht", "there is no such folder"),
        }
    }
}

impl Unread {
    /// Judges a file by the folders of the book that it lies in and its name; nothing where it is read, or is none that anybody takes for
    /// a part of the book: hidden files, copies that editors keep, the samples of `settled init`, notes beside the four folders.
    pub fn of(folders: &[String], name: &str) -> Option<WhyUnread> {
        let lower = name.to_lowercase();
        let is_left_behind = name.starts_with(['.', '#']) || name.ends_with(['~', '#']);
        if is_left_behind || lower.ends_with(".sample") || ["desktop.ini", "thumbs.db"].contains(&&*lower) {
            return None;
        }
        let is_ours = |folder: &String| EntryKind::ALL.iter().any(|kind| kind.folder() == folder);
        match folders {
            [only] if is_ours(only) => (!name.ends_with(".toml")).then_some(WhyUnread::Name),
            [first, ..] if is_ours(first) => Some(WhyUnread::SubFolder),
            _ => lower.contains(".toml").then_some(WhyUnread::Elsewhere),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_may_take_for_a_part_of_the_book_is_named() {
        for (path, why) in [
            ("customers/becker.toml", None),
            ("customers/becker.toml.txt", Some(WhyUnread::Name)),
            ("recurring/V1.TOML", Some(WhyUnread::Name)),
            ("recurring/v1", Some(WhyUnread::Name)),
            ("recurring/2026/v1.toml", Some(WhyUnread::SubFolder)),
            ("customers/.becker.toml.swp", None),
            ("customers/becker.toml~", None),
            ("customers/#becker.toml#", None),
            ("customers/Thumbs.db", None),
            ("customers/muster.toml.sample", None),
            ("README.md", None),
            ("v1.toml", Some(WhyUnread::Elsewhere)),
            ("Kunden/becker.toml", Some(WhyUnread::Elsewhere)),
            ("old/2025/v1.toml.txt", Some(WhyUnread::Elsewhere)),
            ("papers/offer.pdf", None),
        ] {
            let mut folders: Vec<String> = path.split('/').map(str::to_owned).collect();
            let name = folders.pop().unwrap();
            assert_eq!(Unread::of(&folders, &name), why, "{path}");
        }
    }
}
