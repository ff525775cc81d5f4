//! Templates of letters: minijinja, strict, one file for a letter in a language; the first line is the subject.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use unicode_width::UnicodeWidthStr;

use super::page::Page;
use crate::language::Language;

macro_rules! shipped {
    ($($name:literal)*) => {
        /// The shipped templates by file name.
        const SHIPPED: &[(&str, &str)] = &[$(($name, include_str!(concat!("templates/", $name)))),*];
    };
}

shipped! {
    "invoice.de.txt" "invoice.en.txt" "reminder.de.txt" "reminder.en.txt" "dunning_1.de.txt" "dunning_1.en.txt"
    "dunning_final.de.txt" "dunning_final.en.txt" "dunning.de.txt" "dunning.en.txt" "withdrawal.de.txt" "withdrawal.en.txt"
    "notice.de.txt" "notice.en.txt"
    "signature.de.txt" "signature.en.txt"
}

/// The templates in force: shipped ones and the owner's.
#[derive(Debug, Clone)]
pub struct Templates {
    environment: Environment<'static>,
}

/// A letter's text: subject and content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The subject.
    pub subject: String,
    /// The content.
    pub page: Page,
}

/// A template that cannot be used. No letter is written with it, no number drawn; the owner is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the template {name} failed: {why}")]
pub struct TemplateError {
    /// The file.
    pub name: String,
    /// Why.
    pub why: String,
}

impl Templates {
    /// Takes the shipped templates and the owner's, by file name (`invoice.de.txt`).
    ///
    /// # Errors
    /// When one of the owner's is no template.
    pub fn new(own: &BTreeMap<String, String>) -> Result<Templates, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
        environment.set_syntax(syntax.map_err(|error| failed("syntax", &error))?);
        environment.add_filter("table", table);
        for (name, source) in SHIPPED {
            environment.add_template(name, source).map_err(|error| failed(name, &error))?;
        }
        for (name, source) in own {
            environment.add_template_owned(name.clone(), source.clone()).map_err(|error| failed(name, &error))?;
        }
        Ok(Templates { environment })
    }

    /// Writes a letter. A stage without a template of its own takes that of `dunning`.
    ///
    /// # Errors
    /// When the template names something that is not there, or has no subject.
    pub fn write(
        &self,
        letter: &str,
        language: Language,
        context: impl serde::Serialize,
    ) -> Result<Text, TemplateError> {
        let own = format!("{letter}.{language}.txt");
        let name = if self.environment.get_template(&own).is_ok() { own } else { format!("dunning.{language}.txt") };
        let template = self.environment.get_template(&name).map_err(|error| failed(&name, &error))?;
        let text = template.render(Serde(&context)).map_err(|error| failed(&name, &error))?;
        let (first, body) = text.split_once('\n').unwrap_or((&text, ""));
        let subject = first.strip_prefix("Subject:").map(crate::party::one_line);
        match subject {
            Some(subject) if !subject.is_empty() => Ok(Text { subject, page: Page::of_text(body) }),
            _ => Err(TemplateError { name, why: "its first line must be `Subject: …`".to_owned() }),
        }
    }
}

fn failed(name: &str, error: &minijinja::Error) -> TemplateError {
    let mut why = error.to_string();
    if let Some(detail) = std::error::Error::source(error) {
        why = format!("{why}: {detail}");
    }
    TemplateError { name: name.to_owned(), why }
}

/// The filter `table`: rows of label and value as lines that begin with two blanks.
fn table(rows: Vec<Vec<String>>) -> String {
    let width = rows.iter().filter_map(|row| row.first()).map(|label| label.width()).max().unwrap_or(0);
    let lines = rows.iter().map(|row| {
        let (label, rest) = row.split_first().map_or(("", &[][..]), |(label, rest)| (label.as_str(), rest));
        format!("  {label}{}  {}", " ".repeat(width - label.width()), rest.join("  ")).trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
