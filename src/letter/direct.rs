//! Mails to the owner that leave without the books.

use super::context::hello;
use super::page::{Block, Page};
use super::templates::Text;
use crate::language::Language;

/// What such a mail says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectMail<'a> {
    /// The settings are right: it arrived.
    Test,
    /// Nothing is done until the owner has looked, and why.
    Standstill(&'a str),
}

impl DirectMail<'_> {
    /// Returns the word that its Message-ID is made of.
    pub const fn name(self) -> &'static str {
        match self {
            DirectMail::Test => "test",
            DirectMail::Standstill(_) => "standstill",
        }
    }

    /// Writes it.
    pub fn text(self, language: Language) -> Text {
        let (subject, words, why) = match (self, language) {
            (DirectMail::Test, Language::De(_)) => (
                "settled: Probe der E-Mail",
                "diese Nachricht kam auf demselben Weg wie Ihre Rechnungen und Erinnerungen: die Einstellungen stimmen.",
                None,
            ),
            (DirectMail::Test, Language::En) => (
                "settled: a test of the mail",
                "this message came the way your invoices and reminders go: the settings are right.",
                None,
            ),
            (DirectMail::Standstill(why), Language::De(_)) => (
                "settled steht still und wartet auf Sie",
                "keine Rechnung und kein Schreiben geht hinaus, bis Sie nachgesehen haben; verloren ist nichts. Der Grund:",
                Some(why),
            ),
            (DirectMail::Standstill(why), Language::En) => (
                "settled stands still and waits for you",
                "no invoice and no letter leaves until you have looked; nothing is lost. The reason:",
                Some(why),
            ),
        };
        let paragraphs = [hello(language), words].into_iter().chain(why);
        let blocks = paragraphs.map(|text| Block::Paragraph(text.to_owned())).collect();
        Text { subject: subject.to_owned(), page: Page { blocks } }
    }
}
