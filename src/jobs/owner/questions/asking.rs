//! What all questions are asked with: the books, the day, the language, and the list that grows.

use crate::jobs::office::Office;
use crate::language::Language;
use crate::summary::Question;

/// How many names stand in a line.
pub(super) const NAMED: usize = 8;

/// The month from which claims that expire at the end of the year are listed.
pub(super) const OCTOBER: u32 = 10;

/// Something that needs the owner, in German and English, with what solves it.
pub struct Ask {
    /// In German.
    pub german: String,
    /// In English.
    pub english: String,
    /// The commands, or lines for the configuration.
    pub commands: Vec<String>,
}

/// Collects what needs the owner, the most important first.
pub(super) struct Asking<'o> {
    pub(super) office: &'o Office,
    pub(super) language: Language,
    pub(super) questions: Vec<Question>,
}

impl Asking<'_> {
    pub(super) fn ask(&mut self, german: String, english: String, commands: Vec<String>) {
        let text = match self.language {
            Language::De => german,
            Language::En => english,
        };
        self.questions.push(Question { text, commands });
    }
}
